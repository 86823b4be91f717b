"""What a visit's state means for the messages about it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.models import Message, Purpose
from notifications.timetable import zone_of
from scheduling.models import Appointment
from scheduling.states import CANCELLED, Status

MOVED = "The visit was moved."
BEGUN = "The visit has begun or is over."
STANDS = "The visit stands again."
NOT_HELD = "This time is not held for the patient any more."
NOT_OVER = "The visit has not taken place."
TOOK_PLACE = frozenset({Status.COMPLETED, Status.STOPPED_EARLY})
# How long after it was due a questionnaire is still sent.
QUESTIONNAIRE_LASTS = timedelta(days=2)


def why_not(message: Message, visit: Appointment, now: datetime) -> str:
    """Why this message must not go any more, or "" while the visit stands as it did when the message was planned."""
    if message.purpose == Purpose.CANCELLED:
        return "" if visit.status in CANCELLED | {Status.ENTERED_IN_ERROR} else STANDS
    if message.purpose == Purpose.OFFER:
        return "" if _is_held(visit, now) else NOT_HELD
    if message.purpose == Purpose.QUESTIONNAIRE and visit.status not in CANCELLED | {Status.ENTERED_IN_ERROR}:
        return "" if visit.status in TOOK_PLACE else NOT_OVER
    if visit.status in CANCELLED:
        return "The visit was cancelled."
    if visit.status == Status.ENTERED_IN_ERROR:
        return "The visit was entered in error."
    if visit.status != Status.BOOKED or visit.start <= now:
        return BEGUN
    return MOVED if visit.placing != message.placing else ""


def _is_held(visit: Appointment, now: datetime) -> bool:
    return visit.status == Status.HELD and visit.held_until is not None and now < visit.held_until


def useful_until(message: Message, visit: Appointment, now: datetime) -> datetime:
    """From when on this message, which a person sends again now, is of no use."""
    if message.purpose == Purpose.QUESTIONNAIRE:
        return now + QUESTIONNAIRE_LASTS
    return visit.held_until or visit.start if message.purpose == Purpose.OFFER else visit.start


def patient_zone(visit: Appointment) -> ZoneInfo:
    """The clock by which the patient's nights are kept: their own zone, else the clinic's."""
    return zone_of(visit.patient.zone, visit.clinic.tz)
