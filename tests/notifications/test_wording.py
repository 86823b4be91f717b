"""What patients read tells when and where, and never what for."""

import json
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import wording
from notifications.segments import gsm
from notifications.wording import TELLING, language_of, reminder, segments

LA = ZoneInfo("America/Los_Angeles")
START = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
# Words that would tell a stranger who sees the phone what the visit is for.
CLINICAL = """
    ketamine ketamina esketamine infusion infusión infuse dose dosis dosage mg drug droga medication medicine
    medicamento pain dolor chronic crónico crps rsd neuropathic fibromyalgia migraine migraña neuralgia depression
    depresión anxiety psychiatry psiquiatría anesthesia anestesia oncology cancer diagnosis diagnóstico treatment
    tratamiento therapy terapia clinical nurse doctor specialist especialista prescription receta iv vein opioid
    addiction surgery
""".split()


def written(channel: str, language: str = "en", sender: str = "Harbour Clinic", start: datetime = START, tz=LA):
    return reminder(channel=channel, language=language, sender_name=sender, phone="(213) 555-0100", start=start, tz=tz)


def test_a_text_message_in_english():
    assert written("sms").text == (
        "Harbour Clinic: reminder of your visit on Friday, November 27 at 9:00 AM."
        " To change it call (213) 555-0100. Reply STOP to end texts."
    )


def test_a_text_message_in_spanish():
    assert written("sms", "es-MX").text == (
        "Harbour Clinic: recordatorio de su visita el viernes 27 de noviembre a las 9:00 AM."
        " ¿Cambios? (213) 555-0100. Responda STOP para no recibir."
    )


def test_an_email_names_the_day_in_its_subject_and_the_clinic_in_its_text():
    english, spanish = written("email"), written("email", "es")
    assert english.subject == "Reminder of your visit on Friday, November 27"
    assert spanish.subject == "Recordatorio de su visita el viernes 27 de noviembre"
    for found in (english, spanish):
        assert "9:00 AM" in found.text
        assert "Harbour Clinic" in found.text
        assert "(213) 555-0100" in found.text


@pytest.mark.parametrize(
    ("start", "clock"),
    [
        (datetime(2026, 11, 1, 8, 30, tzinfo=UTC), "1:30 AM"),
        (datetime(2026, 11, 1, 17, 0, tzinfo=UTC), "9:00 AM"),
        (datetime(2027, 3, 14, 16, 0, tzinfo=UTC), "9:00 AM"),
        (datetime(2026, 7, 1, 0, 15, tzinfo=UTC), "5:15 PM"),
    ],
)
def test_the_time_is_the_one_on_the_clinics_wall(start, clock):
    assert clock in written("sms", start=start).text


def test_other_languages_get_english():
    assert (language_of("es_US"), language_of("ES"), language_of("fr"), language_of("")) == ("es", "es", "en", "en")


def test_no_template_holds_a_clinical_word():
    emails = [*wording.EMAIL.values(), *wording.EMAIL_SUBJECT.values(), *wording.NAMELESS.values()]
    emails += wording.EMAIL_LINK.values()
    texts = [text for each in (wording.SMS, wording.SMS_WITH_LINK) for language in each.values() for text in language]
    templates = " ".join([*texts, *emails])
    words = set(templates.lower().replace(",", " ").replace(".", " ").replace(":", " ").split())
    assert words & set(CLINICAL) == set()
    assert "visita" in words, "the comparison sees the templates' words"
    assert not TELLING.search(templates)


def test_placeholders_hold_nothing_about_the_patient():
    given_words = {"clinic", "day", "short_day", "time", "phone", "link", "by_link"}
    text = json.dumps([wording.SMS, wording.SMS_WITH_LINK, wording.EMAIL, wording.EMAIL_LINK, wording.EMAIL_SUBJECT])
    assert {part.split("}")[0] for part in text.split("{")[1:] if part[:1].isalpha()} == given_words


@pytest.mark.parametrize("name", ["Bay Ketamine Center", "Harbour Infusions", "Clínica del Dolor", "CRPS & Pain Care"])
def test_a_name_that_tells_what_is_treated_is_left_out(name):
    found = written("email", sender=name)
    assert name not in f"{found.sender_name}{found.subject}{found.text}"
    assert found.sender_name == "Your clinic"
    assert written("sms", "es", sender=name).text.startswith("Su cl")


@pytest.mark.parametrize("name", ["Harbour Clinic", "Painter Street Clinic", "Dr. Drivas"])
def test_an_innocent_name_stays(name):
    assert written("email", sender=name).sender_name == name


def test_a_curly_quote_costs_no_second_segment():
    assert gsm("St. John’s – Clínica “Sol” …") == 'St. John\'s - Clinica "Sol" ...'


@given(
    sender=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=60),
    month=st.integers(1, 12),
    tongue=st.sampled_from(["en", "es"]),
)
def test_a_text_message_is_one_segment_with_phone_and_way_out(sender, month, tongue):
    start = datetime(2026, month, 30 if month != 2 else 28, 18, 0, tzinfo=UTC)
    text = written("sms", tongue, sender, start).text
    assert segments(text)[::2] == ("GSM-7", 1)
    assert "(213) 555-0100" in text
    assert "STOP" in text


def test_the_longest_names_still_fit():
    for month, tongue in product(range(1, 13), ["en", "es"]):
        start = datetime(2026, month, 28, 18, 0, tzinfo=UTC)
        assert segments(written("sms", tongue, "W" * 60, start).text).segments == 1
