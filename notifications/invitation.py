"""A visit as a file for calendars (RFC 5545): when and where, a neutral title, and never what it is for."""

from datetime import datetime

from icalendar import Calendar, Event

from notifications.link_words import words_in
from notifications.wording import language_of, sender
from scheduling.models import Appointment


def invitation(visit: Appointment, *, language: str, now: datetime) -> bytes:
    """The file. The same visit has the same UID always, and a higher SEQUENCE with each new time."""
    tongue = language_of(language)
    words, clinic = words_in(tongue), visit.clinic
    event = Event()
    event.add("uid", str(visit.pk))
    event.add("sequence", visit.placing - 1)
    event.add("dtstamp", now)
    event.add("dtstart", visit.start)
    event.add("dtend", visit.end)
    event.add("summary", words["calendar_title"].format(clinic=sender(clinic.sender_name, tongue)))
    event.add("description", words["call"].format(phone=clinic.phone.as_national))
    if clinic.address:
        event.add("location", clinic.address)
    calendar = Calendar()
    # Not the name of this software, which tells what is done at the clinic.
    calendar.add("prodid", "-//Desk//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
