"""What the messages about the desk's doings say: one segment, neutral, whole."""

import pytest

from notifications.models import NEWS
from notifications.news_words import news
from notifications.segments import segments

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", sorted(NEWS))
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("count", [1, 6])
def test_every_text_is_one_segment_and_says_who_and_how_to_end_it(purpose, language, count, friday):
    for name in ("Harbour Clinic", "Centro de Atención Ambulatoria del Puerto de Nuestra Señora de Guadalupe"):
        text = news(
            purpose=purpose,
            channel="sms",
            language=language,
            sender_name=name,
            phone="(213) 555-0100",
            starts=[friday.start] * count,
            tz=friday.clinic.tz,
        ).text
        assert segments(text).segments == 1
        assert "(213) 555-0100" in text
        assert "STOP" in text
        assert text[:6] == name[:6]


def test_emails_are_neutral_and_say_everything(friday):
    for language, word in (("en", "cancelled"), ("es", "cancelada")):
        told = news(
            purpose="cancelled",
            channel="email",
            language=language,
            sender_name="Harbour Ketamine Clinic",
            phone="(213) 555-0100",
            starts=[friday.start],
            tz=friday.clinic.tz,
        )
        assert word in told.subject
        assert "etamin" not in told.subject + told.text + told.sender_name
