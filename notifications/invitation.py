"""Visits as a file for calendars (RFC 5545): when and where, a neutral title, and never what they are for."""

from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event

from notifications.wording import language_of, sender, tells_too_much
from scheduling.models import Appointment

TITLE = {"en": "{clinic}: appointment", "es": "{clinic}: cita"}
CALL = {"en": "Questions or another time? Call {phone}.", "es": "¿Preguntas u otro horario? Llame al {phone}."}


def invitation(visits: Iterable[Appointment], *, language: str, now: datetime, cancelled: bool = False) -> str:
    """The file. The same visit has the same UID always, and a higher SEQUENCE with each change of its record.

    With `cancelled` it takes the visits out of a calendar that has them.
    """
    calendar = Calendar()
    # Not the name of this software, which tells what is done at the clinic.
    calendar.add("prodid", "-//Desk//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    for visit in visits:
        calendar.add_component(_event(visit, language_of(language), now, cancelled=cancelled))
    return str(calendar.to_ical().decode())


def _event(visit: Appointment, tongue: str, now: datetime, *, cancelled: bool) -> Event:
    clinic = visit.clinic
    event = Event()
    event.add("uid", str(visit.pk))
    event.add("sequence", visit.version)
    event.add("dtstamp", now)
    event.add("dtstart", visit.start)
    event.add("dtend", visit.end)
    event.add("summary", TITLE[tongue].format(clinic=sender(clinic.sender_name, tongue)))
    event.add("description", CALL[tongue].format(phone=clinic.phone.as_national))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if clinic.address and not tells_too_much(clinic.address):
        event.add("location", clinic.address)
    return event
