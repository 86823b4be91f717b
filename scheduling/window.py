"""Some clinic days as Python ints: one bit for each five minutes of real time from the first day's first instant on.

One int for each chair, nurse lane and patient. Pure arithmetic; `scheduling.availability` reads what stands in it. Days
are clinic days: on the days of a clock change they have more or fewer bits, and the hours are read off the clock on the
wall bit by bit.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from scheduling import hours
from scheduling.bits import each, joined, ones, starts
from scheduling.hours import Hours, Stretch
from scheduling.models.booking import LONGEST
from scheduling.models.kinds import What
from scheduling.models.places import LONGEST_TURNOVER
from scheduling.resources import Place, Resources
from scheduling.shape import Need, Shape
from scheduling.wall_clock import STEP, at_step, day_start, on_grid, step_of

CHUNK = 288
MARGIN = LONGEST_TURNOVER // 5


@dataclass(frozen=True)
class Lane:
    """One lane of a place or person, and where it is free."""

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
        midnights = [step_of(day_start(day, zone)) for day in [*days, days[-1] + timedelta(days=1)]]
        self.base = midnights[0]
        self.bounds = [step - self.base for step in midnights]
        self.size = self.bounds[-1]
        # A chair is made ready after the visit, maybe past the last midnight.
        self._all = ones(0, self.size + MARGIN)
        # Whoever was put beside another in a chair on purpose keeps it taken as well, in a lane of their own.
        undivided = frozenset(place.number for place in (*places.chairs, *places.recovery))
        self.places, self._busy = places, _busy(rows, self.base, self.size + MARGIN, undivided)
        self._known: dict[tuple[Hashable, ...], int] = {}

    def _once(self, key: tuple[Hashable, ...], find: Callable[[], int]) -> int:
        """What was found before, for this window; proposals ask the same again in many ways."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    @cached_property
    def open(self) -> int:
        """Where the clinic is open."""
        return self._marked(lambda day: self.hours.stretches(day))

    def _marked(self, stretches: Callable[[date], Collection[Stretch]]) -> int:
        """Each day's stretches of wall time, over the whole window."""
        return self._joined(self._mask(nth, tuple(stretches(day))) for nth, day in enumerate(self.days))

    def _joined(self, masks: Iterable[int]) -> int:
        """One mask for each day, as one."""
        return joined([(mask, self.bounds[nth + 1] - self.bounds[nth]) for nth, mask in enumerate(masks)])

    def _mask(self, nth: int, stretches: tuple[Stretch, ...]) -> int:
        if not stretches:
            return 0
        if self.bounds[nth + 1] - self.bounds[nth] == CHUNK:
            return self._once(stretches, lambda: hours.plain_mask(stretches))
        return hours.mask(self.days[nth], self.hours.zone, stretches)

    def within(self, stretch: Stretch, weekdays: Collection[int]) -> int:
        """The steps inside a stretch of wall time on these weekdays (Monday 0)."""
        return self._marked(lambda day: [stretch] if day.weekday() in weekdays else [])

    @cached_property
    def chairs(self) -> list[Lane]:
        return [Lane(chair, 0, self._free(chair.number, 0)) for chair in self.places.chairs if chair.usable]

    @cached_property
    def patient(self) -> int:
        """Where the patient has no other visit."""
        number = self.places.patient
        return self._free(number, 0) if number is not None else self._all

    def _free(self, number: int, lane: int) -> int:
        return self._all & ~self._busy.get((number, lane), 0)

    @cached_property
    def _duties(self) -> dict[int, int]:
        """Where each person works who does not simply work whenever the clinic is open."""
        return {number: self._duty(number) for number in self.hours.rotas}

    def _duty(self, number: int) -> int:
        return self._joined(self._duty_on(number, nth) for nth in range(len(self.days)))

    def _duty_on(self, number: int, nth: int) -> int:
        stretches = self.hours.duty(number, self.days[nth])
        if stretches is None:
            return ones(0, self.bounds[nth + 1] - self.bounds[nth])
        return self._mask(nth, tuple(stretches))

    @cached_property
    def when_patient_can(self) -> int:
        """The steps inside the patient's own days and hours; all, for somebody without limits."""
        limits = self.places.limits
        return self.within(limits.stretch, limits.days) if limits else self._all

    def on_duty(self, person: Place) -> int:
        """Where this person works."""
        return self._duties.get(person.number, self._all)

    def chair_starts(self, shape: Shape, within: int) -> int:
        """Starts at which some chair is free, all of the visit inside `within`."""
        return self._once(("chair", shape), lambda: self._chair_fits(shape)) & starts(within, shape.minutes // 5)

    def _chair_fits(self, shape: Shape) -> int:
        needs = shape.of(What.CHAIR)
        return self._any(
            _fits(chair.free, needs, chair.place.turnover // 5)
            for chair in self.chairs
            if _is_right(chair.place, shape)
        )

    def nurse_starts(self, shape: Shape) -> int:
        """Starts at which some nurse has hands when hands are needed, and one lane for all of the watching."""
        if not shape.of(What.HANDS, What.WATCH):
            return self._all
        usable = [nurse for nurse in self.places.nurses if nurse.usable]
        return self._once(("nurse", shape), lambda: self._any(self.nurse_fits(nurse, shape) for nurse in usable))

    def nurse_fits(self, nurse: Place, shape: Shape) -> int:
        """Starts at which this nurse can take all of her part."""
        return self._once(("nurse", nurse.number, shape), lambda: self._nurse_fits(nurse, shape))

    def _nurse_fits(self, nurse: Place, shape: Shape) -> int:
        duty, watch = self.on_duty(nurse), shape.of(What.WATCH)
        hands = _fits(self._free(nurse.number, 0) & duty, shape.of(What.HANDS))
        if not watch or not hands:
            return hands
        return hands & self._any(_fits(self._free(nurse.number, lane) & duty, watch) for lane in nurse.lanes)

    def clinician_starts(self, shape: Shape) -> int:
        """Starts at which some clinician can be there whenever one is needed."""
        needs = shape.of(What.CLINICIAN)
        return self._once(("clinician", shape), lambda: self._one_of(self.places.clinicians, needs))

    def recovery_starts(self, shape: Shape) -> int:
        """Starts at which some recovery place is free when it is needed."""
        needs = shape.of(What.RECOVERY)
        return self._once(("recovery", shape), lambda: self._one_of(self.places.recovery, needs))

    def _one_of(self, places: Collection[Place], needs: Collection[Need]) -> int:
        if not needs:
            return self._all
        usable = [place for place in places if place.usable]
        return self._any(
            _fits(self._free(place.number, 0) & self.on_duty(place), needs, place.turnover // 5) for place in usable
        )

    @staticmethod
    def _any(found: Iterable[int]) -> int:
        whole = 0
        for each_one in found:
            whole |= each_one
        return whole

    def starts(self, shape: Shape, *, now: datetime, within: int | None = None) -> int:
        """Every start that can be booked: any chair goes with any nurse, so each is asked alone. Not before `now`."""
        return self._starts(shape, self.open if within is None else self.open & within, now)

    def longer_starts(self, shape: Shape, *, now: datetime, within: int) -> int:
        """Every start that there would be if the clinic opened early and closed late on the days on which it opens."""
        all_day = self._marked(lambda day: [(time.min, time.max)] if self.hours.stretches(day) else [])
        return self._starts(shape, all_day & within, now)

    def _starts(self, shape: Shape, possible: int, now: datetime) -> int:
        found = self.chair_starts(shape, possible) & starts(self.patient, shape.minutes // 5) & self.from_now(now)
        for ask in (self.nurse_starts, self.clinician_starts, self.recovery_starts):
            if found:
                found &= ask(shape)
        return found

    def from_now(self, now: datetime) -> int:
        """Every step that does not begin before `now`, and not on a day that is too far ahead to be booked."""
        first = step_of(now) + bool(now.microsecond or int(now.timestamp()) % 300) - self.base
        return ones(max(0, first), self.bounds[self.days_ahead(now)])

    def days_ahead(self, now: datetime) -> int:
        """How many of the window's days can be booked now: not those beyond the 26 weeks."""
        ahead = (hours.last_bookable(now, self.hours.zone) - self.days[0]).days + 1
        return min(max(0, ahead), len(self.days))

    def step(self, moment: datetime) -> int | None:
        """The number of the bit of an instant on the grid inside the window; None for any other."""
        step = step_of(moment) - self.base
        return step if 0 <= step < self.size and on_grid(moment) else None

    def step_at(self, nth: int, at: time) -> int | None:
        """The bit at which the n-th day's clock shows this time; the first of two, None for a time that is skipped."""
        moment = datetime.combine(self.days[nth], at, tzinfo=self.hours.zone)
        there_and_back = moment.astimezone(UTC).astimezone(self.hours.zone)
        return self.step(moment) if there_and_back.time() == at else None

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

    def chair_at(self, start: datetime, shape: Shape) -> Place | None:
        """The chair that loses the least room by this visit: the one in whose gap it fits tightest."""
        first = step_of(start) - self.base
        # Some hours before and after are enough to tell: no gap reaches beyond a night.
        begin = max(0, first - CHUNK)
        around, at, needs = ones(0, 3 * CHUNK), first - begin, shape.of(What.CHAIR)
        is_open = self.open >> begin & around
        free = [(chair.place, chair.free >> begin & around) for chair in self.chairs if _is_right(chair.place, shape)]
        fits = [(place, bits) for place, bits in free if _fits(bits, needs, place.turnover // 5) >> at & 1]
        best = min(fits, key=lambda one: self._gap(one[1] & is_open, at), default=None)
        return best[0] if best else None

    @staticmethod
    def _gap(free: int, at: int) -> int:
        before = at - (~free & ones(0, at)).bit_length()
        after = ~(free >> at)
        return before + (after & -after).bit_length() - 1


def _is_right(chair: Place, shape: Shape) -> bool:
    return shape.chair_kind in ("", chair.chair_kind)


def _busy(
    rows: Sequence[tuple[int, int, int, int]], base: int, size: int, undivided: Collection[int]
) -> dict[tuple[int, int], int]:
    """Taken steps of each lane as one int, all lanes of what is not divided into any under lane 0. Written as digits
    first: setting bits in a large int copies all of it."""
    digits: dict[tuple[int, int], bytearray] = {}
    none, limit = b"0" * size, base + size
    for number, lane, first, end in rows:
        if lane and number in undivided:
            lane = 0
        line = digits.get((number, lane))
        if line is None:
            line = digits[number, lane] = bytearray(none)
        begin = first - base if first > base else 0
        stop = end - base if end < limit else size
        if begin < stop:
            # The last step comes first, as in any number.
            line[size - stop : size - begin] = _TAKEN[stop - begin]
    return {lane: int(line, 2) for lane, line in digits.items()}


# No allocation is longer than a day.
_TAKEN = [b"1" * steps for steps in range(LONGEST // STEP + 1)]


def _fits(free: int, needs: Collection[Need], more: int = 0) -> int:
    """Starts of a visit at which `free` has room for each of its needs, for the last one `more` steps longer."""
    found = -1
    last = max((need.end for need in needs), default=0)
    for need in needs:
        first, end = need.steps
        found &= starts(free, end - first + (more if need.end == last else 0)) >> first
        if not found:
            break
    return found
