"""What keeps a message back for a while: the hour, an answer that nobody has read, too many texts in a day or week.

Each answers with an instant from which the message may go, and the words that staff read. What has to be read for it is
read once for many messages (`Texts`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from notifications.models import InboundText, Message, Purpose
from notifications.states import HANDED_OVER
from notifications.timetable import OPENS, within_hours
from patients.models import Channel

A_DAY, A_WEEK = 1, 3
WEEK = timedelta(days=7)
LOOK_AGAIN = timedelta(minutes=15)
NIGHT = "Waits for the morning: messages go between 8:00 and 20:00."
HELD = "Waits until somebody has read what came from this number."
DAILY = "Waits for tomorrow: at most one reminder text a day."
WEEKLY = "Waits: at most three reminder texts a week."


class Wait(NamedTuple):
    """It may go from this instant on."""

    until: datetime
    why: str


@dataclass
class Texts:
    """What went to patients by text in the last week, and the numbers whose answers nobody has read."""

    unread: frozenset[str] = frozenset()
    gone: dict[UUID, list[datetime]] = field(default_factory=dict)

    @classmethod
    def read(cls, *, rows: Sequence[Message], numbers: Iterable[str], now: datetime) -> Self:
        """What matters to these messages. Two queries, none where none of them is a text."""
        patients = {row.patient_id for row in rows if row.channel == Channel.SMS}
        if not patients:
            return cls()
        unread = InboundText.objects.filter(number__in=list(numbers), needs_reading=True, read_at=None)
        gone: dict[UUID, list[datetime]] = defaultdict(list)
        texts = Message.objects.filter(patient__in=patients, channel=Channel.SMS, purpose=Purpose.REMINDER)
        texts = texts.filter(submitted_at__gt=now - WEEK, state__in=HANDED_OVER).exclude(
            pk__in=[row.pk for row in rows]
        )
        for patient, at in texts.order_by("submitted_at").values_list("patient", "submitted_at"):
            if at:
                gone[patient].append(at)
        return cls(frozenset(unread.values_list("number", flat=True)), gone)

    def goes(self, row: Message, at: datetime) -> None:
        """One more of them goes now: the next of the same patient counts it."""
        if row.channel == Channel.SMS and row.purpose == Purpose.REMINDER:
            self.gone.setdefault(row.patient_id, []).append(at)


def wait_for(row: Message, *, to: str, zone: ZoneInfo, texts: Texts, now: datetime) -> Wait | None:
    """The longest wait that a claimed message has to keep; None when it may go now. `to` is its address. Pure."""
    waits = [wait for wait in (_hour(row, zone, now), *_of_texts(row, to, zone, texts, now)) if wait]
    return max(waits, default=None)


def _hour(row: Message, zone: ZoneInfo, now: datetime) -> Wait | None:
    morning = within_hours(now, zone)
    # An email wakes nobody: it goes at night rather than not at all.
    if morning == now or (row.channel == Channel.EMAIL and morning >= row.useful_until):
        return None
    return Wait(morning, NIGHT)


def _of_texts(row: Message, to: str, zone: ZoneInfo, texts: Texts, now: datetime) -> list[Wait | None]:
    if row.channel != Channel.SMS:
        return []
    unread = Wait(now + LOOK_AGAIN, HELD) if to in texts.unread else None
    return [unread, *_too_many(row, zone, texts, now)]


def _too_many(row: Message, zone: ZoneInfo, texts: Texts, now: datetime) -> list[Wait | None]:
    if row.purpose != Purpose.REMINDER:
        return []
    at = texts.gone.get(row.patient_id, [])
    today = now.astimezone(zone).date()
    found: list[Wait | None] = []
    if sum(instant.astimezone(zone).date() == today for instant in at) >= A_DAY:
        found.append(Wait(datetime.combine(today + timedelta(days=1), OPENS, tzinfo=zone), DAILY))
    if len(at) >= A_WEEK:
        found.append(Wait(within_hours(at[-A_WEEK] + WEEK, zone), WEEKLY))
    return found
