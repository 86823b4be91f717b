"""How much room each day has: free chair time, for the month that a series is planned in. Pure reading."""

from dataclasses import dataclass
from datetime import date, datetime

from config.staff.models import Clinic
from scheduling import availability
from scheduling.bits import ones, starts
from scheduling.wall_clock import STEP_SECONDS

STEP_MINUTES = STEP_SECONDS // 60
# A quarter of an hour between two visits is no room for anybody.
WORTH_COUNTING = 6


@dataclass(frozen=True)
class Room:
    """One day: minutes of free chair time from now on, and of all that its chairs have while the clinic is open."""

    day: date
    free: int
    whole: int

    @property
    def is_closed(self) -> bool:
        return self.whole == 0

    @property
    def hours(self) -> int:
        """Free chair-hours, full ones."""
        return self.free // 60

    @property
    def level(self) -> int:
        """0 when nothing is free, to 4 when all is."""
        return -(-self.free * 4 // self.whole) if self.whole else 0


def by_day(*, clinic: Clinic, first: date, last: date, now: datetime) -> list[Room]:
    """Each day from `first` to `last`. Stretches of less than half an hour are not counted as free. Three queries."""
    window = availability.load(clinic=clinic, first=first, last=last, now=now)
    ahead = window.from_now(now)
    free = [_worth(lane.free & window.open & ahead) for lane in window.chairs]
    found = []
    for nth, day in enumerate(window.days):
        minutes = sum(window.of_day(bits, nth).bit_count() for bits in free) * STEP_MINUTES
        whole = window.of_day(window.open, nth).bit_count() * len(free) * STEP_MINUTES
        found.append(Room(day, minutes, whole))
    return found


def _worth(free: int) -> int:
    """Only the steps that lie in a stretch of half an hour at least."""
    kept, begins = 0, starts(free, WORTH_COUNTING)
    for step in range(WORTH_COUNTING):
        kept |= begins << step
    return kept & ones(0, free.bit_length())
