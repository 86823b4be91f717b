"""The visit as a file for a calendar, from the patient's page."""

import pytest
from icalendar import Calendar

from notifications.wording import tells_too_much
from tests.notifications.test_link_page import text_of

pytestmark = pytest.mark.django_db


def test_it_has_a_neutral_title_and_the_same_uid_always(proven, opens, friday):
    answer = proven.get(f"{opens}visit.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="visit.ics"'
    [event] = Calendar.from_ical(answer.content).events
    assert (str(event["SUMMARY"]), str(event["UID"])) == ("Harbour Clinic: appointment", str(friday.pk))
    assert (event["DTSTART"].dt, event["DTEND"].dt, event["SEQUENCE"]) == (friday.start, friday.end, friday.version)
    assert not tells_too_much(text_of(answer))
    for told in ("Rosa", "Imbert"):
        assert told not in text_of(answer)


def test_not_without_the_birth_date(phone, opens):
    answer = phone.get(f"{opens}visit.ics")
    assert (answer.status_code, answer["Location"]) == (302, opens)


def test_nobodys(phone, clinic):
    assert phone.get("/v/AAAAAAAAAAAAAAAAAAAAAA/visit.ics").status_code == 404
