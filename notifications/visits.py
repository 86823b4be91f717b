"""What a visit's state means for the messages about it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from notifications.models import Message, Purpose
from notifications.timetable import zone_of
from scheduling.models import Appointment
from scheduling.states import CANCELLED, Status

MOVED = "The visit was moved."
BEGUN = "The visit has begun or is over."
STANDS = "The visit stands again."


def why_not(message: Message, visit: Appointment, now: datetime) -> str:
    """Why this message must not go any more, or "" while the visit stands as it did when the message was planned."""
    if message.purpose == Purpose.CANCELLED:
        return "" if visit.status in CANCELLED | {Status.ENTERED_IN_ERROR} else STANDS
    if visit.status in CANCELLED:
        return "The visit was cancelled."
    if visit.status == Status.ENTERED_IN_ERROR:
        return "The visit was entered in error."
    if visit.status != Status.BOOKED or visit.start <= now:
        return BEGUN
    return MOVED if visit.placing != message.placing else ""


def patient_zone(visit: Appointment) -> ZoneInfo:
    """The clock by which the patient's nights are kept: their own zone, else the clinic's."""
    return zone_of(visit.patient.zone, visit.clinic.tz)
