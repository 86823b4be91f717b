"""The words of messages that ask: neutral, one segment, always with the link."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.asked_words import asked
from notifications.models import ASKS
from notifications.segments import segments
from notifications.wording import LANGUAGES, tells_too_much

LINK = "https://desk.example.com/v/" + "x" * 22 + "/"
LONG = "The Outpatient Clinic at the Old Harbour of San Pedro"


def made(purpose, language, channel="sms", **more):
    sent = {
        "sender_name": "Harbour Clinic",
        "phone": "(213) 555-0100",
        "start": datetime(2026, 9, 30, 19, 30, tzinfo=UTC),
        "tz": ZoneInfo("America/Los_Angeles"),
        "link": LINK,
    }
    return asked(purpose=purpose, channel=channel, language=language, **sent | more)


@pytest.mark.parametrize("purpose", sorted(ASKS))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["Harbour Clinic", LONG])
def test_a_text_is_one_segment_with_link_clinic_phone_and_the_way_out(purpose, language, name):
    text = made(purpose, language, sender_name=name).text
    assert segments(text).segments == 1
    assert all(part in text for part in (LINK, name[:10], "(213) 555-0100", "STOP"))
    assert not tells_too_much(text)


@pytest.mark.parametrize("purpose", sorted(ASKS))
def test_a_name_that_tells_what_is_treated_is_left_out(purpose):
    for channel in ("sms", "email"):
        mail = made(purpose, "en", channel, sender_name="Harbour Ketamine Clinic")
        assert not tells_too_much(mail.subject + mail.text)
        assert "Your clinic" in mail.text


@pytest.mark.parametrize("purpose", sorted(ASKS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_bears_the_link_and_what_was_agreed_to(purpose, language):
    mail = made(purpose, language, "email")
    assert mail.subject
    assert LINK in mail.text
    assert not tells_too_much(mail.subject + mail.text)
    agreed = {"waitlist-offer": ("earlier place", "horario anterior"), "questionnaire": ("how you are", "cómo está")}
    assert agreed.get(purpose, ("your visits", "sus visitas"))[language == "es"] in mail.text.splitlines()[-1]
