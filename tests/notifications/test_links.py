"""Links in messages: kept as hashes, of one handing over, ended by five wrong birth dates, the day or the staff."""

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import Error, connection

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed
from notifications import links
from notifications.asking import ask
from notifications.channels.twilio import _is_it
from notifications.inbound import receive
from notifications.letter import Sent
from notifications.links import Standing, standing
from notifications.models import Message, VisitLink
from notifications.outbox import send_batch
from notifications.planner import plan
from notifications.segments import segments
from notifications.wording import EMAIL_LINK, SMS_WITH_LINK, reminder, tells_too_much
from notifications.writing import as_it_would_go
from patients.register import amend
from scheduling.booking import arrive, cancel, move, undo
from scheduling.states import Status
from tests.notifications.providers import Knowing
from tests.notifications.story import on_the_wall, one, opened, send_texts, taken_on, text_of, token_in, visit_of

pytestmark = pytest.mark.django_db
BORN, WRONG = date(1971, 4, 2), date(1971, 2, 4)
LINK = SystemJob.PATIENT_LINK


def again(link: VisitLink, outbox_dir) -> VisitLink:
    """The link as its page finds it."""
    found = links.found(token_in(outbox_dir))
    assert found is not None
    assert found.pk == link.pk
    return found


class TestMaking:
    def test_the_text_that_leaves_has_the_link_and_the_ledger_has_not(self, link, friday, outbox_dir):
        token = token_in(outbox_dir)
        row = text_of(friday)
        assert row.text == (
            "Harbour Clinic: visit Fri, Nov 27 9:00 AM. https://desk.example.com/v/•••/"
            " Call (213) 555-0100. Reply STOP to end."
        )
        assert link.token_hash == hashlib.sha256(token.encode()).hexdigest()
        assert link.expires_at == on_the_wall(friday.clinic, 2026, 11, 28, 0, 0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(t::text, '') FROM (SELECT * FROM notifications_message) t")
            ledger = cursor.fetchone()[0]
            cursor.execute("SELECT string_agg(t::text, '') FROM notifications_historicalmessage t")
            assert token not in ledger + cursor.fetchone()[0]

    def test_what_leaves_is_one_segment(self, link, outbox_dir):
        [letter] = [path for path in outbox_dir.rglob("*.json") if path.name != "log.jsonl"]
        assert segments(json.loads(letter.read_text())["text"])[::2] == ("GSM-7", 1)

    def test_an_email_has_it_too_and_says_what_it_is_for(self, reached, friday, thursday, outbox_dir):
        send_batch(channel="email", now=thursday)
        assert one(friday, "email").text.count("https://desk.example.com/v/•••/") == 1
        assert "end these messages, open this page" in one(friday, "email").text
        assert VisitLink.objects.get().message == one(friday, "email")
        assert token_in(outbox_dir)

    def test_without_an_address_of_ours_there_is_none(self, friday, thursday):
        send_texts(thursday)
        assert "/v/" not in text_of(friday).text
        assert not VisitLink.objects.exists()

    def test_an_address_that_tells_what_is_treated_is_not_written_to_patients(self, settings, friday, thursday):
        settings.PUBLIC_URL = "https://desk.ketamine-centre.example"
        send_texts(thursday)
        assert "/v/" not in text_of(friday).text

    def test_without_a_birth_date_to_ask_for_there_is_none(self, reached, friday, thursday, ana):
        amend(patient_id=friday.patient_id, by=ana, now=thursday, birth_date=None, version=None)
        send_texts(thursday)
        assert text_of(friday).state == "accepted"
        assert not VisitLink.objects.exists()

    def test_a_text_without_room_goes_without(self, settings, friday, thursday):
        settings.PUBLIC_URL = f"https://{'a' * 60}.example.com"
        send_texts(thursday)
        assert "/v/" not in text_of(friday).text
        assert not VisitLink.objects.exists()

    def test_each_try_has_its_own_and_the_earlier_ones_work_on(self, reached, friday, thursday, settings, outbox_dir):
        """The first may have arrived all the same, and a mailbox may drop the second."""
        settings.SMS_CHANNEL = "tests.notifications.providers.Busy"
        send_texts(thursday)
        settings.SMS_CHANNEL = "notifications.channels.file.FileSms"
        send_texts(thursday + timedelta(minutes=10))
        assert VisitLink.objects.filter(message=text_of(friday), ended_at=None).count() == 2

    def test_the_preview_is_as_long_as_what_goes(self, reached, friday, thursday):
        shown = as_it_would_go(text_of(friday)).text
        send_texts(thursday)
        assert shown == text_of(friday).text

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_no_template_tells_what_is_treated(self, language):
        assert not tells_too_much(" ".join([*SMS_WITH_LINK[language], EMAIL_LINK[language]]))

    @pytest.mark.parametrize("language", ["en", "es"])
    @pytest.mark.parametrize("name", ["Harbour Clinic", "Centro de Salud de la Costa Norte"])
    def test_a_link_of_usual_length_fits(self, language, name, clinic):
        text = reminder(
            channel="sms",
            language=language,
            sender_name=name,
            phone="(213) 555-0100",
            start=on_the_wall(clinic, 2026, 12, 30, 12, 45),
            tz=clinic.tz,
            link=f"https://desk.example.com/v/{'-_' * 11}/",
        ).text
        assert "/v/" in text
        assert "STOP" in text
        assert segments(text).segments == 1


class TestOurOwnWords:
    def test_a_telephone_that_sends_our_words_back_does_not_bring_the_link_into_the_inbox(self, link, outbox_dir, now):
        said = f"Liked “https://desk.example.com/v/{token_in(outbox_dir)}/”"
        kept, _ = receive(provider_id="SM1", number="+12135550142", text=said, now=now)
        assert kept.text == "Liked “https://desk.example.com/v/•••/”"

    def test_a_provider_that_is_asked_knows_the_text_with_its_link(self, link, friday, outbox_dir):
        class Text:
            body = f"{text_of(friday).text}".replace("•••", token_in(outbox_dir))
            date_created = text_of(friday).submitted_at
            sid = "SM1"

        row = text_of(friday)
        sent = Sent(row.pk, row.to, row.text, row.submitted_at, frozenset())
        assert _is_it(Text, sent)

    def test_asked_for_an_unknown_one_it_gets_the_words_as_the_ledger_keeps_them(
        self, reached, friday, thursday, settings, outbox_dir
    ):
        Knowing.asked.clear()
        settings.SMS_CHANNEL = "tests.notifications.providers.Knowing"
        send_texts(thursday)
        assert text_of(friday).state == "unknown"
        ask(channel="sms", now=thursday + timedelta(minutes=5))
        assert Knowing.asked[0].text == text_of(friday).text
        assert "/v/•••/" in Knowing.asked[0].text


class TestStanding:
    def test_from_open_to_gone(self, link, friday, thursday, outbox_dir):
        found = again(link, outbox_dir)
        assert standing(found, thursday) == Standing.OPEN
        assert standing(found, friday.start) == Standing.BEGUN
        assert standing(found, on_the_wall(friday.clinic, 2026, 11, 28, 0, 0) - timedelta(seconds=1)) == Standing.BEGUN
        assert standing(found, on_the_wall(friday.clinic, 2026, 11, 28, 0, 0)) == Standing.GONE

    def test_of_a_cancelled_visit_and_of_one_that_is_booked_again(self, link, friday, thursday, ana, outbox_dir):
        cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_CLINIC, reason="Ill", by=ana, now=thursday)
        assert standing(again(link, outbox_dir), thursday) == Standing.CHANGED
        undo(appointment_id=friday.pk, by=ana, now=thursday)
        assert standing(again(link, outbox_dir), thursday) == Standing.OPEN

    def test_of_a_moved_visit(self, link, friday, thursday, ana, outbox_dir):
        move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2026, 11, 27, 14, 0), by=ana, now=thursday)
        assert standing(again(link, outbox_dir), thursday) == Standing.CHANGED

    def test_of_somebody_who_is_here(self, link, friday, ana, outbox_dir):
        at = friday.start - timedelta(minutes=20)
        arrive(appointment_id=friday.pk, by=ana, now=at)
        assert standing(again(link, outbox_dir), at) == Standing.BEGUN

    @pytest.mark.parametrize(
        ("day", "ends"),
        [((2026, 10, 31), "2026-11-01T07:00:00+00:00"), ((2026, 11, 1), "2026-11-02T08:00:00+00:00")],
    )
    def test_it_ends_at_midnight_by_the_clinics_clock(self, harbour, rosa, ana, now, day, ends):
        """Pacific time falls back in the night of 31 October."""
        before = now - timedelta(days=60)
        visit = visit_of(rosa, on_the_wall(harbour, *day, 9, 0), now=before, by=ana)
        assert links.end_of_day(visit) == datetime.fromisoformat(ends)


class TestProving:
    def test_the_fifth_wrong_birth_date_ends_it_for_the_right_one_as_well(self, link, thursday, outbox_dir):
        for left in (4, 3, 2, 1, 0):
            with pytest.raises(Invalid) as refusal:
                links.prove(link_id=link.pk, born=WRONG, now=thursday)
            assert refusal.value.facts["left"] == left
        with pytest.raises(Clash):
            links.prove(link_id=link.pk, born=BORN, now=thursday)
        link.refresh_from_db()
        assert (link.wrong_tries, link.ended_why) == (5, "Five wrong birth dates.")
        assert standing(again(link, outbox_dir), thursday) == Standing.GONE

    def test_the_right_one_changes_nothing(self, link, thursday):
        links.prove(link_id=link.pk, born=BORN, now=thursday)
        link.refresh_from_db()
        assert (link.version, link.wrong_tries) == (1, 0)


class TestEnding:
    def test_the_desk_ends_it_once_and_says_why(self, link, thursday, ana, outbox_dir):
        with pytest.raises(Invalid):
            links.end(link_id=link.pk, reason=" ", by=ana, now=thursday)
        links.end(link_id=link.pk, reason="Lost her telephone", by=ana, now=thursday)
        assert standing(again(link, outbox_dir), thursday) == Standing.GONE
        with pytest.raises(Clash):
            links.end(link_id=link.pk, reason="Again", by=ana, now=thursday)

    def test_nurses_do_not(self, link, thursday, nils):
        with pytest.raises(NotAllowed):
            links.end(link_id=link.pk, reason="x", by=nils, now=thursday)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"token_hash": "s3cret-t0ken-in-clear"}, "visit_link_stays"),
        ({"wrong_tries": 5}, "visit_link_ends_after_five_tries"),
        ({"wrong_tries": 6}, "visit_link_ends_after_five_tries"),
        ({"ended_why": "x"}, "visit_link_ended_says_why"),
        ({"answer": "comes"}, "visit_link_answer_is_dated"),
        ({"expires_at": datetime.fromisoformat("2030-01-01T00:00:00+00:00")}, "visit_link_stays"),
    ],
)
def test_the_database_says_no_as_well(link, columns, constraint):
    with pytest.raises(Error, match=constraint), recorded(by=LINK):
        VisitLink.objects.filter(pk=link.pk).update(**columns)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"token_hash": "s3cret-t0ken-in-clear"}, "visit_link_keeps_no_token"),
        ({}, "visit_link_token_once"),
        ({"token_hash": "0" * 64, "expires_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}, "for_a_while"),
    ],
)
def test_no_link_is_written_that_is_none(link, columns, constraint):
    same = {name: getattr(link, name) for name in ("message", "token_hash", "made_at", "expires_at")}
    with pytest.raises(Error, match=constraint), recorded(by=LINK):
        VisitLink(**(same | columns)).save(force_insert=True)


def test_an_end_is_not_undone_and_tries_are_not_taken_back(link, thursday, ana):
    with pytest.raises(Invalid):
        links.prove(link_id=link.pk, born=WRONG, now=thursday)
    links.end(link_id=link.pk, reason="Lost", by=ana, now=thursday)
    for columns in ({"wrong_tries": 0}, {"ended_at": None, "ended_by": None, "ended_why": ""}):
        with pytest.raises(Error, match="visit_link_stays"), recorded(by=LINK):
            VisitLink.objects.filter(pk=link.pk).update(**columns)


def _tried(link_id, now) -> str:
    try:
        links.prove(link_id=link_id, born=WRONG, now=now)
    except Invalid as refusal:
        return f"wrong, {refusal.facts['left']} left"
    except Clash:
        return "ended"
    finally:
        connection.close()
    return "right"


@pytest.mark.django_db(transaction=True)
def test_twenty_wrong_tries_at_once_are_five(clinic, nils, ana, now, reached, outbox_dir):
    rosa = taken_on(opened(clinic, nils), now=now)
    friday = visit_of(rosa, on_the_wall(clinic, 2026, 11, 27, 9, 0), now=now, by=ana)
    plan(now=now)
    thursday = on_the_wall(clinic, 2026, 11, 26, 9, 0)
    send_texts(thursday)
    link = VisitLink.objects.get(message__appointment=friday)
    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(lambda _: _tried(link.pk, thursday), range(20)))
    link.refresh_from_db()
    assert sorted(said) == ["ended"] * 15 + [f"wrong, {left} left" for left in range(5)]
    assert (link.wrong_tries, link.version) == (5, 6)


def test_tokens_are_long_and_never_the_same(reached, friday):
    found = {links.token_for(friday) for _ in range(200)}
    assert len(found) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in found)
    assert Message.objects.exists() is False
