"""One window, searched for one wish: which days, which starts, and what else would do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from scheduling.bits import each, nearest, ones
from scheduling.chain import NEVER, between, cheapest, is_possible
from scheduling.resources import Place
from scheduling.shape import Shape
from scheduling.verdicts import Asked, verdict
from scheduling.window import CHUNK, Window
from scheduling.wish import Wish

MOST_ALTERNATIVES = 3
APART = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=4))
# One whole number for a day's cost: weekday, nurse, minutes from the wished time, then earliness. Sixty visits in 26
# weeks cannot carry over from one part into the next.
WEEKDAY, NURSE, MINUTE = 1 << 40, 1 << 33, 1 << 14


@dataclass(frozen=True)
class Alternative:
    """Another start for one visit that keeps the gaps to its neighbours as proposed."""

    start: datetime
    end: datetime
    chair_id: UUID
    chair: str


@dataclass(frozen=True)
class ProposedVisit:
    """One visit of a proposal. `start` and `end` are in the clinic's zone; `gap_days` since the visit before.

    `verdict`: empty when it is as wished, else what stood in the way of the wished day or time.
    """

    number: int
    start: datetime
    end: datetime
    chair_id: UUID
    chair: str
    gap_days: int | None
    alternatives: list[Alternative] = field(default_factory=list)
    verdict: str = ""
    nurse_id: UUID | None = None
    nurse: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class Chosen:
    """The best chain with its cost, and the nurse it is for, if one was asked for."""

    cost: int
    days: list[int]
    nurse: Place | None

    @property
    def misses(self) -> int:
        """How many visits are not on a wished weekday, then without the wished nurse, in one number to compare."""
        return self.cost // NURSE


class Search:
    """One window, searched for one wish."""

    def __init__(self, wish: Wish, window: Window) -> None:
        self.wish, self.window = wish, window
        bounds = wish.bounds
        self.wished = window.within((bounds.time_from, bounds.time_until), bounds.weekdays)
        self.own = -1 if bounds.beyond_limits else window.when_patient_can
        self.within = self.wished & self.own
        shapes = {wish.needs(number) for number in range(1, wish.count + 1)}
        self._starts = {shape: window.starts(shape, now=wish.now, within=self.within) for shape in shapes}
        self.size = len(window.days)
        latest = bounds.latest_end or window.days[-1]
        self.until = ones(0, min(self.size, (latest - wish.first).days + 1))
        self._possible = {shape: window.days_with(starts) & self.until for shape, starts in self._starts.items()}
        self.first = ones(0, min(self.size, (wish.last - wish.first).days + 1))

    def starts_for(self, shape: Shape) -> int:
        """The starts at which a visit that needs this can begin."""
        return self._starts[shape]

    def starts_of(self, number: int) -> int:
        """The starts at which this visit can begin."""
        return self._starts[self.wish.needs(number)]

    def possible(self, number: int) -> int:
        """The days that have such a start."""
        return self._possible[self.wish.needs(number)]

    def days_of(self, number: int) -> int:
        """The days on which this visit can be: where it is kept, and the last one within the gaps of what follows."""
        return self._days_of(number, self.possible(number), self.wish.pinned)

    def _days_of(self, number: int, days: int, pinned: Mapping[int, datetime]) -> int:
        if number in pinned:
            here = self.day_of(pinned[number])
            days = 1 << here if 0 <= here < self.size and self.is_free(number, pinned[number]) else 0
        return days & self.before if number == self.wish.count else days

    def is_possible(
        self,
        starts: Callable[[Shape], int],
        *,
        first: int | None = None,
        until: int | None = None,
        pinned: Mapping[int, datetime] | None = None,
    ) -> bool:
        """Whether there would be a series, were these the starts; `first`: the first visit on other days, `until`:
        another last day, `pinned`: other visits kept."""
        allowed, kept = self.until if until is None else until, self.wish.pinned if pinned is None else pinned
        days = {shape: self.window.days_with(starts(shape)) & allowed for shape in self._starts}
        numbers = range(1, self.wish.count + 1)
        possible = [self._days_of(number, days[self.wish.needs(number)], kept) for number in numbers]
        begin = self.first if first is None else first
        return is_possible(possible=possible, first=begin, gaps=self.wish.gaps, size=self.size)

    @property
    def before(self) -> int:
        """The days that keep the gaps to the visit that stands after the last one."""
        before, gaps = self.wish.bounds.before, self.wish.gaps
        if before is None:
            return ones(0, self.size)
        nth = (before - self.wish.first).days
        return ones(max(0, nth - gaps.most), max(0, nth - gaps.least + 1)) & ones(0, self.size)

    def best(self) -> Chosen | None:
        """The chain of days that keeps every gap and costs least by the preferences."""
        found = [self._best_for(nurse) for nurse in self._nurses()]
        return min((one for one in found if one), key=lambda one: one.cost, default=None)

    def _nurses(self) -> list[Place | None]:
        prefer, usable = self.wish.prefer, [nurse for nurse in self.window.places.nurses if nurse.usable]
        if prefer.nurse is not None:
            return [nurse for nurse in usable if nurse.id == prefer.nurse] or [None]
        return list(usable) if prefer.same_nurse and usable else [None]

    def _best_for(self, nurse: Place | None) -> Chosen | None:
        days = {shape: self._day_costs(shape, nurse) for shape in self._starts}
        costs = [self._costs_of(number, days[self.wish.needs(number)]) for number in range(1, self.wish.count + 1)]
        found = cheapest(costs=costs, first=self.first, gaps=self.wish.gaps)
        return Chosen(found[0], found[1], nurse) if found else None

    def _costs_of(self, number: int, days: list[int]) -> list[int]:
        is_pinned, allowed = number in self.wish.pinned, self.days_of(number)
        # A visit that stays costs nothing to wish for: it is where it is.
        return [(nth if is_pinned else days[nth]) if allowed >> nth & 1 else NEVER for nth in range(self.size)]

    def day_of(self, start: datetime) -> int:
        """The number of its day in the window, also of one outside."""
        return (start.astimezone(self.window.hours.zone).date() - self.window.days[0]).days

    def is_free(self, number: int, start: datetime) -> bool:
        """Whether this visit can begin at that very start. One that stands already was booked there, within the wished
        hours and the patient's own or with a reason."""
        step = self.window.step(start)
        if step is None or not self.until >> self.day_of(start) & 1:
            return False
        return bool(self._kept[self.wish.needs(number)] >> step & 1)

    @cached_property
    def _kept(self) -> dict[Shape, int]:
        if not self.wish.except_for:
            return self._starts
        return {shape: self.window.starts(shape, now=self.wish.now) for shape in self._starts}

    def _day_costs(self, shape: Shape, nurse: Place | None) -> list[int]:
        starts = self._starts[shape]
        with_nurse = starts & self.window.nurse_fits(nurse, shape) if nurse else starts
        possible = self._possible[shape]
        return [self._day_cost(nth, starts, with_nurse) if possible >> nth & 1 else NEVER for nth in range(self.size)]

    def _day_cost(self, nth: int, starts: int, with_nurse: int) -> int:
        prefer = self.wish.prefer
        cost = nth
        if prefer.weekdays and self.window.days[nth].weekday() not in prefer.weekdays:
            cost += WEEKDAY
        here = self.window.of_day(with_nurse, nth)
        if not here:
            cost += NURSE
        if prefer.at is not None:
            cost += MINUTE * self._minutes_off(nth, with_nurse if here else starts)
        return cost

    def _minutes_off(self, nth: int, among: int) -> int:
        wished = self.wish.prefer.at or time.min
        first, end = self.window.bounds[nth], self.window.bounds[nth + 1]
        if end - first == CHUNK:
            at = wished.hour * 12 + wished.minute // 5
            found = nearest(self.window.of_day(among, nth), at)
            return 5 * abs(at if found is None else found - at)
        return min(apart(start.time(), wished) for start in self.window.instants(among, nth))

    def visits(self, chosen: Chosen) -> list[ProposedVisit]:
        """The chosen days as visits, each with its start, chair, verdict and alternatives."""
        found = self._starts_on(chosen)
        return [self._visit(nth, chosen, found) for nth in range(len(chosen.days))]

    def _starts_on(self, chosen: Chosen) -> list[datetime]:
        usual, found = self._usual(chosen), []
        for number, day in enumerate(chosen.days, start=1):
            pinned, fits = self.wish.pinned.get(number), self._with(chosen.nurse, number)
            zone = self.window.hours.zone
            found.append(pinned.astimezone(zone) if pinned else self._nearest(number, day, usual, fits))
        return found

    def _with(self, nurse: Place | None, number: int) -> int:
        """The starts at which the wished nurse has room for this visit."""
        return self.window.nurse_fits(nurse, self.wish.needs(number)) if nurse else -1

    def _usual(self, chosen: Chosen) -> time:
        """The time of day that all visits are near to: as wished, as the visits before were, else that of the first."""
        pinned, known = self.wish.pinned.get(1), self.wish.prefer.at or self.wish.prefer.usual
        if known is not None:
            return known
        first = (
            pinned.astimezone(self.window.hours.zone)
            if pinned
            else next(self._among(1, chosen.days[0], self._with(chosen.nurse, 1)))
        )
        return first.time()

    def _among(self, number: int, day: int, fits: int) -> Iterator[datetime]:
        """The day's starts, with the wished nurse where she is free at all."""
        starts = self.starts_of(number)
        return self.window.instants(starts & fits if self.window.of_day(starts & fits, day) else starts, day)

    def _nearest(self, number: int, day: int, usual: time, fits: int = -1) -> datetime:
        return min(self._among(number, day, fits), key=lambda start: (apart(start.time(), usual), start))

    def _visit(self, nth: int, chosen: Chosen, found: list[datetime]) -> ProposedVisit:
        start, days = found[nth], chosen.days
        place = self._place(nth + 1, start)
        nurse = chosen.nurse if chosen.nurse and self._has(chosen.nurse, nth + 1, start) else None
        before = self.window.days[days[nth - 1]] if nth else self.wish.bounds.after
        pinned = nth + 1 in self.wish.pinned
        return ProposedVisit(
            nth + 1,
            place.start,
            place.end,
            place.chair_id,
            place.chair,
            (self.window.days[days[nth]] - before).days if before else None,
            self._alternatives(nth, days, found),
            "" if pinned else self._verdict(nth, days, start, nurse),
            nurse.id if nurse else None,
            nurse.name if nurse else "",
            pinned,
        )

    def _has(self, nurse: Place, number: int, start: datetime) -> bool:
        step = self.window.step(start)
        return step is not None and bool(self._with(nurse, number) >> step & 1)

    def _verdict(self, nth: int, days: list[int], start: datetime, nurse: Place | None) -> str:
        told = verdict(self._asked(nth + 1), days=self._allowed(nth, days), chosen=days[nth], start=start)
        wants_nurse = self.wish.prefer.same_nurse or self.wish.prefer.nurse is not None
        if wants_nurse and nurse is None:
            return "; ".join(filter(None, [told, "another nurse"]))
        return told

    def _asked(self, number: int) -> Asked:
        prefer, shape = self.wish.prefer, self.wish.needs(number)
        return Asked(self.window, shape, self.wished, self.own, prefer.weekdays, prefer.at, self.wish.now)

    def _allowed(self, nth: int, days: list[int]) -> int:
        """The days on which visit `nth` keeps the gaps to the visits beside it."""
        before = days[nth - 1] if nth else None
        after = days[nth + 1] if nth + 1 < len(days) else None
        kept = between(before=before, after=after, gaps=self.wish.gaps, first=self.first, size=self.size)
        return (kept & self.before if after is None else kept) & self.until

    def _place(self, number: int, start: datetime) -> Alternative:
        shape = self.wish.needs(number)
        chair = self.window.chair_at(start, shape)
        if chair is None:
            raise AssertionError("a start has a free chair")
        # Real minutes: adding to a local time would be wrong across a clock change.
        end = (start.astimezone(UTC) + timedelta(minutes=shape.minutes)).astimezone(start.tzinfo)
        return Alternative(start, end, chair.id, chair.name)

    def _alternatives(self, nth: int, days: list[int], chosen: list[datetime]) -> list[Alternative]:
        number = nth + 1
        others = [day for day in each(self._allowed(nth, days) & self.possible(number)) if day != days[nth]]
        nearest = sorted(others, key=lambda day: abs(day - days[nth]))
        same_day = self._same_day(number, days[nth], chosen[nth])
        other_days = [self._nearest(number, day, chosen[nth].time()) for day in nearest[:MOST_ALTERNATIVES]]
        # One other time that day, then other days; a tightly packed series has none, so more times fill up.
        offered = [*same_day[:1], *other_days[:2], *same_day[1:], *other_days[2:]]
        return [self._place(number, start) for start in sorted(offered[:MOST_ALTERNATIVES])]

    def _same_day(self, number: int, day: int, chosen: datetime) -> list[datetime]:
        """The nearest other time, then the nearest that is some hours away, then more."""
        known = list(self.window.instants(self.starts_of(number), day))
        found: list[datetime] = []
        for distance in APART:
            others = [start for start in known if start not in found and abs(start - chosen) >= distance]
            found += sorted(others, key=lambda start: (abs(start - chosen), start))[:1]
        return found


def apart(one: time, other: time) -> int:
    """Minutes between two times of a day."""
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)
