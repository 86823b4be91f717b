"""What the tests of messages are about: a clinic that is open, patients who agreed, visits that are booked."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.audit.acting import SystemJob
from config.staff.models import Clinic, User
from notifications.channels import base
from notifications.claims import Claim, claim
from notifications.letter import Letter
from notifications.models import Message
from notifications.outbox import Timer, send, send_batch
from patients.contact import record_consent
from patients.models import Channel, Patient
from patients.register import register
from scheduling.booking import book
from scheduling.models import Appointment
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_nurse

SET_UP = SystemJob.SET_UP
OPEN = (time(5), time(23))
# What Rosa fills in behind a link.
BORN = {"do": "born", "month": "4", "day": "2", "year": "1971"}


def opened(clinic: Clinic, nurse: User, *, chairs: int = 3) -> Clinic:
    """A clinic with chairs and a nurse, open early and late every day."""
    for number in range(1, chairs + 1):
        add_chair(clinic=clinic, name=f"Chair {number}", by=SET_UP, position=number)
    add_nurse(user=nurse, watch_lanes=chairs, by=SET_UP)
    for weekday in range(7):
        set_hours(clinic=clinic, weekday=weekday, spans=[OPEN], by=SET_UP)
    return clinic


def taken_on(clinic: Clinic, *, now: datetime, agrees_to: tuple[str, ...] = ("sms", "email"), **person: Any) -> Patient:
    """A patient who may be reached by these channels."""
    particulars = {
        "given_name": "Rosa",
        "family_name": "Imbert",
        "birth_date": date(1971, 4, 2),
        "mobile": "+12135550142",
        "email": "rosa@example.com",
        **person,
    }
    patient = register(clinic=clinic, by=SET_UP, now=now, **particulars)
    for channel in agrees_to:
        says(patient, channel, granted=True, at=now)
    return patient


def says(patient: Patient, channel: str, *, granted: bool, at: datetime) -> None:
    """The patient agrees to a channel, or does not want it any more."""
    record_consent(patient=patient, channel=Channel(channel), granted=granted, how="Spoken", by=SET_UP, at=at)


def visit_of(patient: Patient, start: datetime, *, now: datetime, by: Any, minutes: int = 60) -> Appointment:
    return book(patient=patient, clinic=patient.clinic, start=start, minutes=minutes, by=by, now=now)


def on_the_wall(clinic: Clinic, *wall: int) -> datetime:
    """An instant by the clinic's clock: `on_the_wall(clinic, 2026, 11, 27, 9, 0)`."""
    return datetime(*wall, tzinfo=clinic.tz).astimezone(UTC)  # type: ignore[misc, arg-type]


def ledger(visit: Appointment) -> list[tuple[str, int, str]]:
    """Channel, offset and state of what the ledger holds about a visit."""
    rows = Message.objects.filter(appointment=visit).order_by("placing", "channel", "-offset_hours")
    return [(row.channel, row.offset_hours, str(row.state)) for row in rows]


def one(visit: Appointment, channel: str = "sms", offset: int = 24) -> Message:
    """The message of a visit as it is now placed."""
    visit.refresh_from_db()
    return Message.objects.get(appointment=visit, channel=channel, offset_hours=offset, placing=visit.placing)


def soon(now: datetime, **ahead: int) -> datetime:
    """A full quarter of an hour, so far ahead."""
    at = now + timedelta(**ahead)
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def text_of(visit: Appointment) -> Message:
    """The text message of the day before."""
    return one(visit, "sms", 24)


def send_texts(now: datetime) -> None:
    """One batch of text messages."""
    send_batch(channel="sms", now=now)


def send_claimed(claimed: list[Claim], now: datetime) -> None:
    """What a sender does with the messages that it claimed."""
    with base.opened("sms") as sender:
        send(claims=claimed, sender=sender, timer=Timer(now))


def claimed(now: datetime, *, hours: int, channel: str = "sms") -> list[Claim]:
    """Claims of the reminders that go so many hours before a visit; the others are claimed as well."""
    of_these = set(Message.objects.filter(offset_hours=hours).values_list("pk", flat=True))
    return [one for one in claim(channel=channel, now=now) if one.pk in of_these]


def a_letter(to: str = "rosa@example.com", **more: Any) -> Letter:
    """A message on its way to a channel."""
    return Letter(
        **{
            "reference": uuid4(),
            "to": to,
            "sender_name": "Clínica del Puerto",
            "reply_to": "desk@example.com",
            "subject": "Recordatorio de su visita el miércoles 2 de diciembre",
            "text": "Este es un recordatorio de su visita.\nLlámenos.\n",
            "language": "es",
            **more,
        }
    )


PUBLIC = "https://desk.example.com"


def link_in(outbox_dir: Path) -> str:
    """The address, on our own host, of the newest link that left."""
    letters = sorted(outbox_dir.rglob("*"), key=lambda path: path.stat().st_mtime_ns)
    texts = [letter.read_text() for letter in letters if letter.is_file()]
    found = [token for text in texts for token in re.findall(r"/v/([A-Za-z0-9_-]{22})/", text)]
    return f"/v/{found[-1]}/"


def token_in(outbox_dir: Path) -> str:
    """Its secret part."""
    return link_in(outbox_dir).split("/")[2]
