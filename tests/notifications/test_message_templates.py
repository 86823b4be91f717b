"""A clinic's own words: what may be written, what goes out, and the editions before."""

from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from config.refusals import Clash, Invalid, NotAllowed, NotFound
from notifications import message_templates as templates
from notifications.handing_over import as_it_would_go
from notifications.models import NEWS, Message, MessageTemplate, Purpose
from notifications.outbox import send_batch
from notifications.planner import plan
from notifications.purposes import switch_purpose
from notifications.segments import segments
from notifications.shipped import shipped
from notifications.template_rules import FOOT, email, faults, subject_line, text_message, values
from notifications.wording import LANGUAGES, tells_too_much
from patients.register import amend
from scheduling.booking import move
from tests.notifications.story import on_the_wall, one, send_texts, text_of, visit_of

OK = "{clinic}: see you {weekday} at {time}, {first_name}. Call {phone}. Reply STOP to end."
EMAIL_OK = "Dear {first_name},\n\nsee you on {date} at {time}.\nAnswer here: {link}\n\n{clinic}, {phone}"
WHAT = templates.What("reminder", "sms", "en")
BY_EMAIL = {"channel": "email", "subject": "Your visit on {date}"}
URL = "/settings/messages/reminder/sms/en/"
WORDS = values(
    first_name="Łucja",
    initials="ŁI",
    sender_name="Harbour Clinic",
    phone="(213) 555-0100",
    start=datetime(2026, 11, 27, 17, 0, tzinfo=UTC),
    tz=ZoneInfo("America/Los_Angeles"),
    link="",
    language="en",
)


def write(clinic, by, now, text=OK, **more):
    what = WHAT._replace(**{name: more.pop(name) for name in WHAT._fields if name in more})
    return templates.write(clinic=clinic, what=what, text=text, by=by, now=now, **more)


def wrong(text, *, channel="sms", subject="Your visit", may_be_long=False):
    found = faults(
        channel=channel, subject=subject, text=text, sample=WORDS | {"link": "x" * 50}, may_be_long=may_be_long
    )
    return [f"{field}: {words}" for field, words in found]


# --- what may be written ---


def test_good_words_have_no_fault():
    assert wrong(OK) == []
    assert wrong(EMAIL_OK, channel="email") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OK.replace("{clinic}", "We"), "the clinic's name"),
        (OK.replace("{phone}", "us"), "the clinic's telephone"),
        (OK.replace("{time}", "nine"), "the time by the clinic's clock"),
        (OK.replace("{weekday}", "then"), "day and month"),
        (OK.replace("STOP", "stop"), "with the word STOP"),
        (OK + " {last_name}", "no placeholder {last_name}"),
        (OK + " {}", "no placeholder {}"),
        (OK + " {clinic.address}", "no placeholder {clinic.address}"),
        (OK + " {", "A brace stands alone"),
        (OK + " Your ketamine infusion.", "tells what is treated"),
        (OK + " Pain clinic.", "tells what is treated"),
        (OK + " bit.ly/x1", "No address but {link}"),
        (OK + " https://example.com", "No address but {link}"),
        (OK + "\nMore", "one line"),
        (OK + " Please come in time." * 6, "goes out in 2 parts"),
        (OK.replace("see", "seé ł"), "goes out in 2 parts"),
    ],
)
def test_what_must_not_go_out_is_named(text, told):
    assert any(told in words for words in wrong(text)), wrong(text)


def test_long_texts_are_a_decision():
    assert wrong(OK + " Please come in time." * 6, may_be_long=True) == []


@pytest.mark.parametrize(
    "subject", ["", "Pain visit", "Hello {first_name}", "For {initials}", "{nonsense}", "{date}" * 20]
)
def test_subjects_are_looked_at_too(subject):
    assert [told for told in wrong(EMAIL_OK, channel="email", subject=subject) if told.startswith("subject: ")]


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shipped_passes_its_own_rules(purpose, channel, language):
    subject, text = shipped(purpose=purpose, channel=channel, language=language)
    assert wrong(text, channel=channel, subject=subject) == []
    assert not tells_too_much(subject + text)


# --- what becomes of placeholders ---


def test_a_foreign_name_costs_no_second_part():
    made = text_message(OK, WORDS)
    assert made == "Harbour Clinic: see you Friday at 9:00 AM, Lucja. Call (213) 555-0100. Reply STOP to end."
    assert segments(made).segments == 1


def test_an_email_keeps_names_and_drops_the_line_of_a_link_that_is_none():
    made = email(EMAIL_OK, WORDS, "en")
    assert "Dear Łucja," in made
    assert "Answer here" not in made
    assert made.endswith("To end them, tell us by phone: (213) 555-0100.\n")
    assert "Answer here: https://x" in email(EMAIL_OK, WORDS | {"link": "https://x"}, "en")


def test_what_looks_like_a_placeholder_in_a_value_stays():
    told = WORDS | {"first_name": "{phone}"}
    assert ", phone." in text_message(OK, told)
    assert "Dear {phone}," in email(EMAIL_OK, told, "en")
    assert subject_line("a  {clinic}\nb", WORDS) == "a Harbour Clinic b"


def test_every_language_has_its_foot():
    assert set(FOOT) == set(LANGUAGES)


# --- the door ---


@pytest.mark.django_db
class TestDoor:
    def test_editions_count_up_and_the_newest_counts(self, clinic, vera, now):
        write(clinic, vera, now)
        second = write(clinic, vera, now, text=OK + " Thanks.", after=1)
        assert (second.edition, templates.current(clinic_id=clinic.pk, what=WHAT)) == (2, second)
        assert templates.current(clinic_id=clinic.pk, what=WHAT._replace(language="es")) is None

    def test_back_to_what_is_shipped_and_to_an_old_one(self, clinic, vera, now):
        first = write(clinic, vera, now)
        templates.use_shipped(clinic=clinic, what=WHAT, after=1, by=vera, now=now)
        assert templates.current(clinic_id=clinic.pk, what=WHAT) is None
        again = templates.use_again(template_id=first.pk, clinic=clinic, after=2, by=vera, now=now)
        assert (again.edition, again.text) == (3, first.text)

    def test_two_managers_at_once(self, clinic, vera, now):
        write(clinic, vera, now)
        with pytest.raises(Clash, match="newer edition"):
            write(clinic, vera, now, text=OK + " Thanks.")
        with pytest.raises(Clash):
            templates.use_shipped(clinic=clinic, what=WHAT, after=0, by=vera, now=now)

    def test_only_managers(self, clinic, ana, now):
        with pytest.raises(NotAllowed):
            write(clinic, ana, now)

    def test_all_that_is_wrong_is_said_at_once(self, clinic, vera, now):
        with pytest.raises(Invalid) as refusal:
            write(clinic, vera, now, text="Ketamine at {time}")
        assert len(refusal.value.errors["text"]) == 5

    def test_no_patients_full_name(self, rosa, vera, now):
        with pytest.raises(Invalid, match="full name"):
            write(rosa.clinic, vera, now, text=OK + " Like ROSA imbert.")
        assert write(rosa.clinic, vera, now, text=OK + " Rosa says hello.")

    def test_another_clinics_edition(self, clinic, other_clinic, vera, now):
        first = write(clinic, vera, now)
        with pytest.raises(NotFound):
            templates.use_again(template_id=first.pk, clinic=other_clinic, after=0, by=vera, now=now)

    @pytest.mark.parametrize("what", [{"purpose": "ad"}, {"channel": "fax"}, {"language": "de"}])
    def test_there_is_no_such_message(self, clinic, vera, now, what):
        with pytest.raises(NotFound):
            write(clinic, vera, now, **what)

    def test_the_database_keeps_every_edition(self, clinic, vera, now):
        row = write(clinic, vera, now)
        for change in (lambda: MessageTemplate.objects.filter(pk=row.pk).update(text="x"), row.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    @pytest.mark.parametrize(
        "columns",
        [{"edition": 1}, {"edition": 0}, {"text": " "}, {"subject": "x"}, {"shipped": True}, {"language": "de"}],
    )
    def test_the_database_refuses_what_is_none(self, clinic, vera, now, columns):
        write(clinic, vera, now)
        row = MessageTemplate(clinic=clinic, **WHAT._asdict(), edition=2, text=OK, by=vera, at=now)
        for name, value in columns.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


# --- what goes out ---


@pytest.mark.django_db
class TestGoingOut:
    def test_byte_for_byte_as_it_was_shown(self, friday, thursday, vera, now, settings):
        settings.PUBLIC_URL = "https://desk.example"
        write(friday.clinic, vera, now)
        write(friday.clinic, vera, now, text=EMAIL_OK, **BY_EMAIL)
        for channel in ("sms", "email"):
            shown = as_it_would_go(one(friday, channel))
            send_batch(channel=channel, now=thursday)
            sent = one(friday, channel)
            assert (shown.subject, shown.text, shown.version) == (sent.subject, sent.text, sent.wording_version)
        assert text_of(friday).text.startswith("Harbour Clinic: see you Friday at 9:00 AM, Rosa.")
        assert text_of(friday).wording_version == "clinic-1"
        assert "Answer here: https://desk.example/v/" in one(friday, "email").text

    def test_what_was_sent_stays_what_was_sent(self, friday, thursday, vera, now):
        write(friday.clinic, vera, now)
        send_texts(thursday)
        write(friday.clinic, vera, now, text=OK + " Thanks.", after=1)
        assert "Thanks" not in text_of(friday).text

    def test_a_name_that_makes_it_too_long_gets_the_shipped_words(self, friday, thursday, rosa, vera, now):
        padded = OK + " " + "x" * 55
        write(friday.clinic, vera, now, text=padded)
        amend(patient_id=rosa.pk, version=None, by=vera, now=now, preferred_name="Maria de los Angeles Guadalupe")
        send_texts(thursday)
        sent = text_of(friday)
        assert segments(sent.text).segments == 1
        assert sent.wording_version.startswith("built-in")

    def test_the_language_of_the_patient(self, friday, thursday, rosa, vera, now):
        write(friday.clinic, vera, now)
        amend(patient_id=rosa.pk, version=None, by=vera, now=now, language="es")
        send_texts(thursday)
        assert "STOP para no recibir" in text_of(friday).text

    def test_news_has_its_own_words(self, friday, vera, ana, now):
        for purpose in ("confirmation", "moved"):
            switch_purpose(clinic=friday.clinic, purpose=purpose, on=True, by=vera, now=now - timedelta(days=1))
        write(friday.clinic, vera, now, purpose="moved", text=OK.replace("see you", "now"))
        for _ in range(2):
            plan(now=now)
            now += timedelta(seconds=70)
            send_batch(channel="sms", now=now)
            friday.refresh_from_db()
            move(appointment_id=friday.pk, start=friday.start + timedelta(hours=1), by=ana, now=now)
        sent = news_of(friday)
        assert sent[0].wording_version.startswith("built-in")
        assert sent[1].text.startswith("Harbour Clinic: now Friday at 10:00 AM, Rosa.")


def news_of(*visits):
    """The texts about what the desk did, in their order."""
    rows = Message.objects.filter(appointment__in=visits, channel="sms", purpose__in=NEWS)
    return list(rows.order_by("appointment__start", "nth"))


# --- the page ---


@pytest.mark.django_db
class TestPage:
    def test_it_begins_with_what_is_shipped_and_shows_it(self, vera, page_as):
        text = unescape(page_as(vera).get(URL).content.decode())
        assert "{clinic}: reminder of your visit on {weekday}, {date} at {time}." in text
        assert "Harbour Clinic: reminder of your visit on Wednesday, September 30 at 12:30 PM." in text
        assert "1 part, " in text
        assert "GSM-7" in text

    def test_written_used_and_taken_back(self, vera, clinic, page_as):
        client = page_as(vera)
        assert client.post(URL, {"after": "0", "text": OK}).status_code == 302
        assert "edition 1" in client.get(URL).content.decode()
        assert client.post(f"{URL}shipped/", {"after": "1"}).status_code == 302
        first = MessageTemplate.objects.get(edition=1)
        assert client.post(f"{URL}{first.pk}/use/", {"after": "2"}).status_code == 302
        assert templates.current(clinic_id=clinic.pk, what=WHAT).edition == 3

    def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(self, vera, page_as):
        answer = page_as(vera).post(URL, {"after": "0", "text": "Ketamine for {nobody}"})
        text = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "There is no placeholder {nobody}." in text
        assert "Ketamine for {nobody}" in text

    def test_somebody_else_was_quicker(self, vera, clinic, now, page_as):
        write(clinic, vera, now)
        client = page_as(vera)
        late = client.post(URL, {"after": "0", "text": OK + " Thanks."})
        assert (late.status_code, "Thanks." in late.content.decode()) == (409, True)
        assert client.post(URL, {"after": "1", "text": OK + " Thanks."}).status_code == 302

    def test_the_counter_names_the_sign_that_costs(self, vera, page_as):
        text = unescape(page_as(vera).post(f"{URL}preview/", {"text": OK + " ł"}).content.decode())
        assert "UCS-2" in text
        assert "“ł” (latin small letter l with stroke)" in text
        assert MessageTemplate.objects.count() == 0

    @pytest.mark.parametrize("path", ["ad/sms/en/", "reminder/fax/en/", "reminder/sms/de/"])
    def test_there_is_no_such_page(self, vera, page_as, path):
        assert page_as(vera).get(f"/settings/messages/{path}").status_code == 404

    def test_two_visits_are_told_in_the_shipped_words(self, rosa, ana, vera, now):
        switch_purpose(clinic=rosa.clinic, purpose="confirmation", on=True, by=vera, now=now - timedelta(days=1))
        write(rosa.clinic, vera, now, purpose="confirmation")
        starts = [on_the_wall(rosa.clinic, 2026, 12, day, 9, 0) for day in (1, 3)]
        visits = [visit_of(rosa, start, now=now, by=ana) for start in starts]
        plan(now=now)
        send_batch(channel="sms", now=now + timedelta(seconds=70))
        assert "2 visits are booked" in news_of(*visits)[0].text
