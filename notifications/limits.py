"""What keeps a message back for a while: the hour, an answer that nobody has read, too many texts in a day or week.

Each answers with an instant from which the message may go, and the words that staff read.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from notifications.models import InboundText, Message, Purpose
from notifications.states import HANDED_OVER
from notifications.timetable import OPENS, within_hours
from patients.models import Channel

A_DAY, A_WEEK = 1, 3
LOOK_AGAIN = timedelta(minutes=15)
NIGHT = "Waits for the morning: messages go between 8:00 and 20:00."
HELD = "Waits until somebody has read what came from this number."
DAILY = "Waits for tomorrow: at most one reminder text a day."
WEEKLY = "Waits: at most three reminder texts a week."


class Wait(NamedTuple):
    """It may go from this instant on."""

    until: datetime
    why: str


def wait_for(row: Message, *, to: str, zone: ZoneInfo, now: datetime) -> Wait | None:
    """The longest wait that a claimed message has to keep; None when it may go now. `to` is its address."""
    waits = [wait for wait in (_hour(row, zone, now), *_texts(row, to, zone, now)) if wait]
    return max(waits, default=None)


def _hour(row: Message, zone: ZoneInfo, now: datetime) -> Wait | None:
    morning = within_hours(now, zone)
    # An email wakes nobody: it goes at night rather than not at all.
    if morning == now or (row.channel == Channel.EMAIL and morning >= row.useful_until):
        return None
    return Wait(morning, NIGHT)


def _texts(row: Message, to: str, zone: ZoneInfo, now: datetime) -> list[Wait | None]:
    if row.channel != Channel.SMS:
        return []
    return [_unread(to, now), *_too_many(row, zone, now)]


def _unread(number: str, now: datetime) -> Wait | None:
    unread = InboundText.objects.filter(number=number, needs_reading=True, read_at=None)
    return Wait(now + LOOK_AGAIN, HELD) if unread.exists() else None


def _too_many(row: Message, zone: ZoneInfo, now: datetime) -> list[Wait | None]:
    if row.purpose != Purpose.REMINDER:
        return []
    week = now - timedelta(days=7)
    texts = Message.objects.filter(patient=row.patient_id, channel=Channel.SMS, purpose=Purpose.REMINDER)
    gone = texts.filter(submitted_at__gt=week, state__in=HANDED_OVER).exclude(pk=row.pk).order_by("submitted_at")
    at = [instant for instant in gone.values_list("submitted_at", flat=True) if instant]
    today = now.astimezone(zone).date()
    found: list[Wait | None] = []
    if sum(instant.astimezone(zone).date() == today for instant in at) >= A_DAY:
        found.append(Wait(datetime.combine(today + timedelta(days=1), OPENS, tzinfo=zone), DAILY))
    if len(at) >= A_WEEK:
        found.append(Wait(within_hours(at[-A_WEEK] + timedelta(days=7), zone), WEEKLY))
    return found
