"""When a reminder goes: by the clinic's clock on the wall, inside the hours in which people may be disturbed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Hours before the visit, the longest first, where a clinic says nothing else.
OFFSETS = (72, 24)
HORIZON = timedelta(days=30)
OPENS, CLOSES = time(8), time(20)
LAST_CALL = timedelta(hours=2)
GREENWICH = ZoneInfo("UTC")


@dataclass(frozen=True)
class Turn:
    """One reminder's time: `at` is the instant when it ought to go, `until` that from which it is of no use."""

    offset_hours: int
    at: datetime
    until: datetime


def zone_of(name: str, otherwise: ZoneInfo = GREENWICH) -> ZoneInfo:
    """The zone with that name; the other one when there is none, so that a wrong name stops nobody's reminders."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError):
        return otherwise


def wall_before(start: datetime, hours: int, tz: ZoneInfo) -> datetime:
    """So many hours earlier on the wall clock of `tz`: 24 hours before Monday 09:00 is Sunday 09:00, come what may.
    Fewer than none are later.

    A time that the clock jumps over goes as much later as the jump (02:30 becomes 03:30); one that comes twice is the
    first of the two.
    """
    wall = start.astimezone(tz).replace(tzinfo=None) - timedelta(hours=hours)
    return wall.replace(tzinfo=tz, fold=0).astimezone(UTC)


def within_hours(at: datetime, tz: ZoneInfo) -> datetime:
    """`at`, or the next morning's opening when it falls outside the hours in which messages may go."""
    local = at.astimezone(tz)
    if OPENS <= local.time() < CLOSES:
        return at
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, tzinfo=tz).astimezone(UTC)


def turns(
    *, start: datetime, clinic_tz: ZoneInfo, patient_tz: ZoneInfo, offsets: Sequence[int] = OFFSETS
) -> Iterator[Turn]:
    """The reminders of a visit that begins at `start`: each is of use until the next, the last until shortly before.

    `offsets`: hours before the visit, the longest first.
    """
    times = [wall_before(start, hours, clinic_tz) for hours in offsets]
    ends = [*times[1:], start - LAST_CALL]
    for hours, at, until in zip(offsets, times, ends, strict=True):
        shifted = within_hours(at, patient_tz)
        yield Turn(hours, shifted, max(until, shifted))
