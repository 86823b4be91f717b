"""The patient's page: opening it changes nothing, it tells initials until the birth date is given, and each press
lands once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client

from notifications import link_words, links
from notifications.models import VisitLink
from notifications.wording import tells_too_much
from patients.contact import may_reach
from patients.models import NumberStatement, Task
from patients.register import amend, record_death
from scheduling.booking import book, cancel, move
from scheduling.models import Appointment, NamedEscort, VisitKind
from scheduling.states import Status
from tests.notifications.story import BORN, link_in, on_the_wall, says, send_texts

pytestmark = pytest.mark.django_db
WRONG = BORN | {"day": "4", "month": "2"}
NOTHING = "This link does not work"


def text_of(answer) -> str:
    return answer.content.decode()


def everything() -> dict[str, tuple[int, str]]:
    """Of every table of the database how many rows it has and a digest of all that they say."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            )
            found[table] = cursor.fetchone()
    return found


class TestOpening:
    def test_however_often_and_by_whom_it_changes_nothing_at_all(self, phone, opens, link):
        before = everything()
        assert len(before) >= len(list(apps.get_models()))
        for address in (opens, f"{opens}?again=1", f"{opens}visit.ics", "/v/nobodys/"):
            for ask in (phone.get, phone.head):
                ask(address)
        assert everything() == before

    def test_to_somebody_who_has_proven_it_neither(self, proven, opens):
        before = everything()
        for ask in (proven.get, proven.head):
            assert ask(opens).status_code == 200
            assert ask(f"{opens}visit.ics").status_code == 200
        assert everything() == before

    def test_it_tells_initials_and_nothing_of_the_visit(self, phone, opens):
        page = text_of(phone.get(opens))
        assert "For RI" in page
        assert "Harbour Clinic" in page
        assert "(213) 555-0100" in page
        for told in ("Rosa", "Imbert", "1971", "November", "9:00"):
            assert told not in page

    def test_nothing_of_it_is_kept_or_told_to_others(self, phone, proven, opens):
        for answer in (Client().get(opens), proven.get(opens), proven.get(f"{opens}visit.ics"), phone.get("/v/no/")):
            assert answer["Referrer-Policy"] == "no-referrer"
            assert answer["X-Robots-Tag"].startswith("noindex")
            assert answer["Cache-Control"] == "no-store"
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src" not in policy
            assert "connect-src" not in policy

    def test_whoever_only_opens_it_gets_no_cookie(self, phone, opens):
        assert not phone.get(opens).cookies
        assert not phone.get("/v/no/").cookies

    def test_it_needs_no_script_and_asks_nobody_else(self, proven, opens):
        page = text_of(proven.get(opens))
        assert "<script" not in page
        assert "style=" not in page
        assert set(re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]*)"', page)) == set()

    def test_another_way_of_asking_is_refused(self, phone, opens):
        assert phone.delete(opens).status_code == 405
        assert phone.post(f"{opens}visit.ics").status_code == 405

    def test_a_press_that_is_none_shows_the_page(self, phone, opens):
        assert phone.post(opens, {"do": "anything"}).status_code == 200


class TestProving:
    def test_the_right_birth_date_shows_the_visit_and_still_no_name(self, proven, opens):
        page = text_of(proven.get(opens))
        assert "Friday, November 27<br>9:00 AM" in page
        for told in ("Rosa", "Imbert", "1971"):
            assert told not in page

    def test_what_was_proven_is_kept_for_this_address_alone_and_half_an_hour(self, phone, opens, thursday):
        kept = phone.post(opens, BORN).cookies["visit"]
        assert (kept["path"], kept["httponly"], kept["samesite"], kept["max-age"]) == (opens, True, "Lax", 1800)
        assert "Friday" in text_of(phone.get(opens))
        with time_machine.travel(thursday + timedelta(minutes=31), tick=False):
            phone.cookies["visit"]["max-age"] = 99999  # a browser that keeps it longer than it was told
            assert "Friday" not in text_of(phone.get(opens))

    def test_that_of_another_link_proves_nothing(self, proven, opens, link):
        kept = proven.cookies["visit"].value
        assert str(link.pk) in kept
        other = Client()
        other.cookies["visit"] = kept.replace(str(link.pk), "00000000-0000-4000-8000-000000000000")
        assert "Friday" not in text_of(other.get(opens))

    def test_a_wrong_one_counts_and_says_how_many_are_left(self, phone, opens, link):
        answer = phone.post(opens, WRONG)
        assert answer.status_code == 422
        assert "Tries left: 4." in text_of(answer)
        link.refresh_from_db()
        assert link.wrong_tries == 1

    @pytest.mark.parametrize(
        "typed",
        [{}, {"year": "71"}, {"day": "31", "month": "2"}, {"month": "April"}, {"year": "1\x00971"}, {"day": "2" * 400}],
    )
    def test_what_is_no_date_is_no_try(self, phone, opens, link, typed):
        answer = phone.post(opens, (BORN | typed) if typed else {"do": "born"})
        assert answer.status_code == 422
        link.refresh_from_db()
        assert link.wrong_tries == 0

    def test_what_was_typed_stays_in_the_boxes(self, phone, opens):
        assert 'value="1971"' in text_of(phone.post(opens, BORN | {"day": "99"}))

    def test_after_five_the_page_is_as_if_it_never_was(self, phone, opens, link):
        answers = [phone.post(opens, WRONG) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [422] * 4 + [404]
        never = text_of(phone.get("/v/AAAAAAAAAAAAAAAAAAAAAA/"))
        assert text_of(phone.get(opens)) == text_of(answers[4]) == text_of(phone.post(opens, BORN)) == never


class TestWhatIsNoLink:
    def test_unknown_ended_and_expired_look_the_same_and_tell_nothing(self, phone, opens, link, thursday, ana, friday):
        never = phone.get("/v/AAAAAAAAAAAAAAAAAAAAAA/")
        with time_machine.travel(on_the_wall(friday.clinic, 2026, 11, 28, 0, 0), tick=False):
            expired = phone.get(opens)
        links.end(link_id=link.pk, reason="Lost", by=ana, now=thursday)
        ended = phone.get(opens)
        assert {answer.status_code for answer in (never, expired, ended)} == {404}
        assert text_of(never) == text_of(expired) == text_of(ended)
        for told in ("Harbour", "555", "RI<", 'href="tel'):
            assert told not in text_of(never)
        assert "Este enlace no funciona" in text_of(never)

    @pytest.mark.parametrize("token", ["x", "..", "%00", "A" * 5000, "%F0%9F%92%A3", "' OR 1=1"])
    def test_whatever_is_asked_for(self, phone, clinic, token):
        assert phone.get(f"/v/{token}/").status_code == 404

    def test_of_somebody_who_died_nothing_is_told(self, phone, opens, friday, ana, thursday):
        record_death(patient_id=friday.patient_id, by=ana, now=thursday, on=None)
        assert NOTHING in text_of(phone.get(opens))


class TestAVisitThatChanged:
    def test_cancelled_it_gives_the_telephone_and_nothing_of_the_person(self, proven, opens, friday, ana, thursday):
        cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_CLINIC, reason="Nurse ill", by=ana, now=thursday)
        page = text_of(proven.get(opens))
        assert "This link is about a time that has changed." in page
        assert "Call (213) 555-0100" in page
        for told in ("RI", "November", "cancel by", "Nurse ill", "will come"):
            assert told not in page.partition("<main")[2].partition("<details")[0]

    def test_moved_the_new_time_is_not_confirmed_by_the_old_link(self, proven, opens, friday, ana, thursday):
        move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2026, 12, 4, 14, 0), by=ana, now=thursday)
        answer = proven.post(opens, {"do": "come"})
        assert answer.status_code == 409
        friday.refresh_from_db()
        assert friday.confirmed_at is None
        assert "December" not in text_of(proven.get(opens))

    def test_once_it_has_begun_nothing_is_answered(self, phone, opens, friday):
        with time_machine.travel(friday.start + timedelta(minutes=5), tick=False):
            phone.post(opens, BORN)
            page = text_of(phone.get(opens))
            assert "has begun or is over" in page
            assert "Yes, I will come" not in page
            answer = phone.post(opens, {"do": "come"})
            assert answer.status_code == 409
        friday.refresh_from_db()
        assert friday.confirmed_at is None


class TestAnswers:
    def test_nobody_answers_without_the_birth_date(self, phone, opens, friday, link):
        before = everything()
        for typed in (
            {"do": "come"},
            {"do": "time", "wishes": "x"},
            {"do": "escort", "name": "M", "phone": "2135550199"},
        ):
            assert phone.post(opens, typed).status_code == 302
        assert everything() == before

    def test_i_will_come(self, proven, opens, friday, link, thursday, ana, page_as):
        answer = proven.post(opens, {"do": "come"})
        assert (answer.status_code, answer["Location"]) == (302, opens)
        friday.refresh_from_db()
        assert (friday.confirmed_at, friday.state_key) == (thursday, "confirmed")
        assert friday.history.first().actor == "job:patient-link"
        page = text_of(proven.get(opens))
        assert "You said that you will come." in page
        assert "Yes, I will come" not in page

    def test_i_need_another_time_reaches_the_desk_and_the_visit_stands(self, proven, opens, friday, ana, page_as):
        assert proven.post(opens, {"do": "time", "wishes": "Mondays,\nafter 3"}).status_code == 302
        friday.refresh_from_db()
        assert (friday.status, friday.wants_move_note) == (Status.BOOKED, "Mondays, after 3")
        page = text_of(proven.get(opens))
        assert "Until then this visit stands." in page
        assert "Mondays, after 3" in page
        desk = page_as(ana)
        assert "Call about another time" in text_of(desk.get("/tasks/"))
        assert "another time" in text_of(desk.get("/"))
        assert "Mondays, after 3" in text_of(desk.get(f"/appointments/{friday.pk}/"))

    def test_the_one_takes_back_the_other(self, proven, opens, friday):
        proven.post(opens, {"do": "come"})
        proven.post(opens, {"do": "time", "wishes": ""})
        friday.refresh_from_db()
        assert (friday.confirmed_at, friday.state_key) == (None, "wants-move")
        proven.post(opens, {"do": "come"})
        friday.refresh_from_db()
        assert friday.state_key == "confirmed"
        assert not Task.objects.open().exists()
        assert VisitLink.objects.get().answer == "comes"

    @pytest.mark.parametrize(
        "typed",
        [
            {"do": "come"},
            {"do": "time", "wishes": "Mondays"},
            {"do": "escort", "name": "Marta Ruiz", "phone": "(213) 555-0199"},
            {"do": "stop"},
        ],
    )
    def test_twice_is_once(self, proven, opens, typed):
        proven.post(opens, typed)
        before = everything()
        assert proven.post(opens, typed).status_code == 302
        assert everything() == before

    def test_too_long_a_wish_is_said_and_not_lost(self, proven, opens, friday):
        answer = proven.post(opens, {"do": "time", "wishes": "Monday " * 50})
        assert answer.status_code == 422
        assert "Monday Monday" in text_of(answer)
        friday.refresh_from_db()
        assert friday.wants_move_at is None

    def test_what_is_typed_is_shown_as_text(self, proven, opens, friday, ana, page_as):
        proven.post(opens, {"do": "time", "wishes": "<script>alert(1)</script>"})
        for page in (proven.get(opens), page_as(ana).get(f"/appointments/{friday.pk}/")):
            assert "<script>alert" not in text_of(page)

    def test_at_a_consult_nobody_is_asked_who_takes_them_home(self, proven, opens):
        assert "Who takes you home?" not in text_of(proven.get(opens))


class TestEscort:
    @pytest.fixture
    def friday(self, rosa, ana, now) -> Appointment:
        start = on_the_wall(rosa.clinic, 2026, 11, 27, 9, 0)
        kind = VisitKind.INFUSION
        return book(patient=rosa, clinic=rosa.clinic, start=start, minutes=60, kind=kind, by=ana, now=now)

    def test_an_escort_is_named_and_kept_apart_from_the_record(self, proven, opens, friday, ana, page_as):
        proven.post(opens, {"do": "escort", "name": "Marta Ruiz", "phone": "(213) 555-0199"})
        said = NamedEscort.objects.get()
        assert (said.name, said.phone.as_e164, said.how) == ("Marta Ruiz", "+12135550199", "link")
        assert "Marta Ruiz, (213) 555-0199" in text_of(proven.get(opens))
        assert "Escort, as the patient said" in text_of(page_as(ana).get(f"/appointments/{friday.pk}/"))

    def test_an_escort_without_a_number_is_asked_for_it_and_nothing_typed_is_lost(self, proven, opens):
        answer = proven.post(opens, {"do": "escort", "name": "Marta Ruiz", "phone": "tomorrow"})
        assert answer.status_code == 422
        assert "Write a telephone number, with its area code." in text_of(answer)
        assert 'value="Marta Ruiz"' in text_of(answer)
        assert not NamedEscort.objects.exists()


class TestStopping:
    def test_texts_end_for_the_number_and_the_visit_stands(self, proven, opens, friday, thursday):
        assert proven.post(opens, {"do": "stop"}).status_code == 302
        assert may_reach(patient_id=friday.patient_id, channel="sms") == (
            "The patient does not want messages by this channel."
        )
        assert NumberStatement.objects.get().scope == "visits"
        assert not isinstance(may_reach(patient_id=friday.patient_id, channel="email"), str)
        friday.refresh_from_db()
        assert friday.status == Status.BOOKED
        page = text_of(proven.get(opens))
        assert "No more text messages about visits go to this number. Your visit was not cancelled." in page

    def test_whoever_gets_it_by_mistake_needs_no_birth_date(self, phone, opens, friday):
        assert "This does not cancel your visit." in text_of(phone.get(opens))
        phone.post(opens, {"do": "stop"})
        assert isinstance(may_reach(patient_id=friday.patient_id, channel="sms"), str)

    def test_the_number_that_it_went_to_is_meant_not_the_new_one(self, phone, opens, friday, ana, thursday):
        amend(patient_id=friday.patient_id, by=ana, now=thursday, version=None, mobile="+12135550177")
        phone.post(opens, {"do": "stop"})
        assert NumberStatement.objects.get().number.as_e164 == "+12135550142"
        assert not isinstance(may_reach(patient_id=friday.patient_id, channel="sms"), str)
        assert "No more text messages about visits go to this number." in text_of(phone.get(opens))

    def test_who_wants_them_again_can_end_them_again(self, phone, opens, friday, thursday):
        phone.post(opens, {"do": "stop"})
        says(friday.patient, "sms", granted=True, at=thursday + timedelta(minutes=1))
        assert "Stop these messages" in text_of(phone.get(opens))
        with time_machine.travel(thursday + timedelta(minutes=2), tick=False):
            phone.post(opens, {"do": "stop"})
        assert isinstance(may_reach(patient_id=friday.patient_id, channel="sms"), str)


class TestHowOften:
    def test_one_address_does_not_ask_too_often(self, phone, opens, settings):
        rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates | {"visit-link": "3/min"}}
        answers = [phone.get(opens) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3]["Retry-After"] == "60"
        assert answers[3]["Referrer-Policy"] == "no-referrer"
        assert "Harbour" not in text_of(answers[3])

    def test_without_the_counter_it_stays_open(self, proven, opens, settings):
        settings.CACHES = {
            "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"},
        }
        assert proven.get(opens).status_code == 200
        assert proven.post(opens, {"do": "come"}).status_code == 302


class TestSpanish:
    @pytest.fixture
    def opens(self, reached, friday, thursday, ana, outbox_dir) -> str:
        amend(patient_id=friday.patient_id, by=ana, now=thursday, version=None, language="es")
        send_texts(thursday)
        return link_in(outbox_dir)

    def test_the_page_speaks_it(self, phone, opens):
        page = text_of(phone.get(opens))
        assert '<html lang="es">' in page
        assert "díganos su fecha de nacimiento" in page
        assert page.index('name="day"') < page.index('name="month"')
        phone.post(opens, BORN)
        page = text_of(phone.get(opens))
        assert "viernes 27 de noviembre<br>9:00 AM" in page
        assert "Sí, vendré" in page


def test_both_languages_say_the_same_things():
    english, spanish = link_words.WORDS["en"], link_words.WORDS["es"]
    assert english.keys() == spanish.keys()
    holes = re.compile(r"{\w+}")
    assert {name: holes.findall(text) for name, text in english.items()} == {
        name: holes.findall(text) for name, text in spanish.items()
    }
    said = " ".join([*english.values(), *spanish.values(), str(link_words.NOTHING_HERE), str(link_words.TOO_MANY)])
    assert not tells_too_much(said)


def test_a_staff_cookie_is_no_way_around(opens, ana, page_as, thursday):
    with time_machine.travel(thursday, tick=False):
        assert "Friday, November 27" not in text_of(page_as(ana).get(opens))
