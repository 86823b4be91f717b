"""Where a visit could begin: pure reading, exact, whatever the zone and whichever clocks change.

A `Window` holds some clinic days as Python ints, one bit for each five minutes of real time from the first day's first
instant on; one int for each chair, nurse lane and patient. Days are clinic days: on the days of a clock change they
have more or fewer bits, and the hours are read off the clock on the wall bit by bit.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from config.refusals import Invalid
from config.staff.models import Clinic
from patients.models import Patient
from scheduling import hours, resources
from scheduling.bits import each, ones, starts
from scheduling.hours import Hours, check_length, local_days
from scheduling.models import Chair
from scheduling.resources import Place, Resources
from scheduling.wall_clock import at_step, day_start, step_of

HORIZON = timedelta(weeks=26)
CHUNK = 288
CHUNK_BYTES = CHUNK // 8
NEXT_DAYS = 14
APART_SECONDS = 1800
MOST_NEXT = 3


@dataclass(frozen=True)
class Lane:
    """One lane of a chair or nurse, and where it is free."""

    place: Place
    lane: int
    free: int


class Window:
    """Clinic days `first` to `last` with what is free in them. `load()` reads one."""

    def __init__(
        self, *, open_hours: Hours, days: list[date], places: Resources, rows: Sequence[tuple[int, int, int, int]]
    ):
        zone = open_hours.zone
        self.hours, self.days = open_hours, days
        self.base = step_of(day_start(days[0], zone))
        midnights = [step_of(day_start(day, zone)) for day in [*days, days[-1] + timedelta(days=1)]]
        self.bounds = [step - self.base for step in midnights]
        self.size = self.bounds[-1]
        self._places, self._busy = places, _busy(rows, self.base, self.size)

    @cached_property
    def open(self) -> int:
        """Where the clinic is open."""
        whole = 0
        for nth, day in enumerate(self.days):
            whole |= self.hours.mask(day) << self.bounds[nth]
        return whole

    @cached_property
    def chairs(self) -> list[Lane]:
        return [self._lane(chair, 0) for chair in self._places.chairs if chair.usable]

    @cached_property
    def nurses(self) -> list[Lane]:
        return [self._lane(nurse, lane) for nurse in self._places.nurses if nurse.usable for lane in nurse.lanes]

    @cached_property
    def patient(self) -> int:
        """Where the patient has no other visit."""
        number = self._places.patient
        return self._free(number, 0) if number is not None else ones(0, self.size)

    def _lane(self, place: Place, lane: int) -> Lane:
        return Lane(place, lane, self._free(place.number, lane))

    def _free(self, number: int, lane: int) -> int:
        return ones(0, self.size) & ~self._busy.get((number, lane), 0)

    def chair_starts(self, minutes: int, within: int) -> int:
        """Starts at which some chair is free, all of the visit inside `within`."""
        found = 0
        for chair in self.chairs:
            found |= starts(chair.free & within, minutes // 5)
        return found

    def nurse_starts(self, minutes: int) -> int:
        """Starts at which one lane of some nurse is free for all of the visit."""
        found = 0
        for lane in self.nurses:
            found |= starts(lane.free, minutes // 5)
        return found

    def starts(self, minutes: int, *, now: datetime, within: int | None = None) -> int:
        """Every start that can be booked: any chair goes with any nurse, so each is asked alone. Not before `now`."""
        possible = self.open if within is None else self.open & within
        found = self.chair_starts(minutes, possible) & starts(self.patient, minutes // 5)
        return found & self.nurse_starts(minutes) & self.from_now(now)

    def from_now(self, now: datetime) -> int:
        """Every step that does not begin before `now`."""
        first = step_of(now) + bool(now.microsecond or int(now.timestamp()) % 300) - self.base
        return ones(max(0, first), self.size)

    def of_day(self, bits: int, nth: int) -> int:
        """The bits of the n-th day, counted from its first instant."""
        first, end = self.bounds[nth], self.bounds[nth + 1]
        return (bits >> first) & ones(0, end - first)

    def days_with(self, bits: int) -> int:
        """The days that have any of the bits, as a set of day numbers."""
        return sum(1 << nth for nth in range(len(self.days)) if self.of_day(bits, nth))

    def instants(self, bits: int, nth: int) -> Iterator[datetime]:
        """The n-th day's bits as instants in the clinic's zone."""
        for step in each(self.of_day(bits, nth)):
            yield at_step(self.base + self.bounds[nth] + step).astimezone(self.hours.zone)

    def chair_at(self, start: datetime, minutes: int) -> Place | None:
        """The chair that loses the least room by this visit: the one in whose gap it fits tightest."""
        first = step_of(start) - self.base
        wanted = ones(first, first + minutes // 5)
        free = [chair for chair in self.chairs if chair.free & wanted == wanted]
        best = min(free, key=lambda chair: self._gap(chair.free & self.open, first), default=None)
        return best.place if best else None

    @staticmethod
    def _gap(free: int, at: int) -> int:
        before = at - (~free & ones(0, at)).bit_length()
        after = ~(free >> at)
        return before + (after & -after).bit_length() - 1


def _busy(rows: Sequence[tuple[int, int, int, int]], base: int, size: int) -> dict[tuple[int, int], int]:
    """Taken steps of each lane as one int. Built from small ints and joined: setting bits in a large int copies it."""
    chunks: dict[tuple[int, int], list[int]] = {}
    count = -(-size // CHUNK) + 2
    for number, lane, first, end in rows:
        begin, stop = max(first - base, 0), min(end - base, size)
        if stop <= begin:
            continue
        parts = chunks.setdefault((number, lane), [0] * count)
        nth, offset = divmod(begin, CHUNK)
        taken = ((1 << (stop - begin)) - 1) << offset
        parts[nth] |= taken & _CHUNK_ONES
        parts[nth + 1] |= taken >> CHUNK
    return {
        lane: int.from_bytes(b"".join(p.to_bytes(CHUNK_BYTES, "little") for p in parts), "little")
        for lane, parts in chunks.items()
    }


_CHUNK_ONES = ones(0, CHUNK)


def load(
    *, clinic: Clinic, first: date, last: date, patient: Patient | None = None, chairs: Collection[Chair] | None = None
) -> Window:
    """Read a window: three queries, whatever the days, chairs and visits. At most 26 weeks."""
    if last < first:
        raise Invalid("The last day comes before the first.", field="last")
    if last - first > HORIZON:
        raise Invalid("At most 26 weeks can be searched at once.", field="last")
    places = resources.load(clinic=clinic, patient=patient)
    if chairs is not None:
        keep: set[UUID] = {chair.pk for chair in chairs}
        places.chairs = [chair for chair in places.chairs if chair.id in keep]
    steps = [step_of(day_start(day, clinic.tz)) for day in (first, last + timedelta(days=1))]
    rows = resources.taken_steps(numbers=places.numbers(), first=steps[0], end=steps[1])
    open_hours = hours.load(clinic=clinic, first=first, last=last)
    return Window(open_hours=open_hours, days=local_days(first, last), places=places, rows=rows)


def free_starts(
    *,
    clinic: Clinic,
    minutes: int,
    first: date,
    last: date,
    now: datetime,
    patient: Patient | None = None,
    chairs: Collection[Chair] | None = None,
) -> dict[date, list[datetime]]:
    """Every start of a visit of `minutes` from clinic day `first` to `last`, in the clinic's zone, not before `now`.

    With `patient`, only where they have no other visit; with `chairs`, only there. Each day is a key, with an empty
    list when nothing is free. Three queries.
    """
    check_length(minutes)
    window = load(clinic=clinic, first=first, last=last, patient=patient, chairs=chairs)
    found = window.starts(minutes, now=now)
    return {day: list(window.instants(found, nth)) for nth, day in enumerate(window.days)}


def next_free(
    *,
    clinic: Clinic,
    minutes: int,
    after: datetime,
    now: datetime,
    patient: Patient | None = None,
    chairs: Collection[Chair] | None = None,
) -> list[str]:
    """Up to three free starts from `after` on, half an hour apart at least, within two weeks; ISO 8601 with offset."""
    first = max(after, now).astimezone(clinic.tz).date()
    window = load(clinic=clinic, first=first, last=first + timedelta(days=NEXT_DAYS), patient=patient, chairs=chairs)
    found = window.starts(minutes, now=max(after, now))
    chosen: list[str] = []
    for nth in range(len(window.days)):
        latest = None
        for start in window.instants(found, nth):
            if latest is not None and (start.timestamp() - latest.timestamp()) < APART_SECONDS:
                continue
            latest = start
            chosen.append(start.isoformat())
            if len(chosen) == MOST_NEXT:
                return chosen
    return chosen
