"""Proposing a series: the earliest visits that keep every gap, exact, with reasons in words when there are none.

This module cannot see orders. Count, gaps and length come as plain values from `infusions.fulfilment`, and a missing
one is refused, never filled in. Gaps are counted in clinic days.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from config.refusals import Invalid
from config.staff.models import Clinic
from patients.models import Patient
from scheduling import availability, hours
from scheduling.availability import HORIZON, Window
from scheduling.bits import each, ones
from scheduling.chain import Gaps, between, earliest
from scheduling.failure import why_none
from scheduling.wall_clock import day_words

MOST_VISITS = 60
MOST_ALTERNATIVES = 3
FIRST_WEEKS = timedelta(weeks=4)
APART = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=4))


@dataclass(frozen=True)
class Alternative:
    """Another start for one visit that keeps the gaps to its neighbours as proposed."""

    start: datetime
    end: datetime
    chair_id: UUID
    chair: str


@dataclass(frozen=True)
class ProposedVisit:
    """One visit of a proposal. `start` and `end` are in the clinic's zone; `gap_days` since the visit before."""

    number: int
    start: datetime
    end: datetime
    chair_id: UUID
    chair: str
    gap_days: int | None
    alternatives: list[Alternative] = field(default_factory=list)


@dataclass(frozen=True)
class Proposal:
    """All visits, or none and `failure`: which visit has no place, why, and what would help."""

    visits: list[ProposedVisit]
    failure: str = ""


@dataclass(frozen=True)
class Wish:
    """What was asked for, checked. `first` and `last` bound the first visit."""

    clinic: Clinic
    count: int
    gaps: Gaps
    minutes: int
    first: date
    last: date
    weekdays: frozenset[int]
    time_from: time
    time_until: time
    now: datetime


def check_limits(*, count: object, min_gap_days: object, max_gap_days: object, minutes: object) -> None:
    """Raise Invalid for a limit that is missing or makes no sense. Nothing is assumed in its place."""
    named = {"count": count, "min_gap_days": min_gap_days, "max_gap_days": max_gap_days, "minutes": minutes}
    asked = {
        "count": "How many visits there are",
        "min_gap_days": "The smallest gap",
        "max_gap_days": "The largest gap",
        "minutes": "How long the chair is needed",
    }
    for name, value in named.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid(f"{asked[name]} is not given, so no dates can be proposed.", field=name, code="no-limit")
        if value < 1:
            raise Invalid(f"{asked[name]} must be 1 or more.", field=name)
    _check_sense(count, min_gap_days, max_gap_days)  # type: ignore[arg-type]
    hours.check_length(minutes)


def _check_sense(count: int, least: int, most: int) -> None:
    if least > most:
        raise Invalid("The smallest gap is above the largest.", field="min_gap_days")
    if count > MOST_VISITS:
        raise Invalid(f"At most {MOST_VISITS} visits.", field="count")
    if (count - 1) * least > HORIZON.days:
        raise Invalid(
            "These visits take longer than 26 weeks. Plan the first ones now and the rest later.", field="count"
        )


def propose(
    *,
    clinic: Clinic,
    patient: Patient,
    count: int | None,
    min_gap_days: int | None,
    max_gap_days: int | None,
    minutes: int | None,
    now: datetime,
    first_from: date,
    first_until: date | None = None,
    weekdays: Collection[int] | None = None,
    time_from: time | None = None,
    time_until: time | None = None,
    after: date | None = None,
) -> Proposal:
    """The earliest series that keeps every gap, each visit as near to the first one's time of day as that day allows.

    The first visit lies from `first_from` to `first_until` (clinic days), and within the gaps of `after`, the day of a
    visit before it, if there is one. `weekdays` (Monday 0), `time_from` and `time_until` (the visit's end) narrow it.
    Exact: if a series exists within 26 weeks, it is found. Three queries, six when the first four weeks hold none.
    Raises Invalid for limits that are missing or make no sense.
    """
    check_limits(count=count, min_gap_days=min_gap_days, max_gap_days=max_gap_days, minutes=minutes)
    gaps = Gaps(min_gap_days, max_gap_days)  # type: ignore[arg-type]
    wish = Wish(
        clinic=clinic,
        count=count,  # type: ignore[arg-type]
        gaps=gaps,
        minutes=minutes,  # type: ignore[arg-type]
        first=max(first_from, clinic.today(now)),
        last=_last_first_day(clinic, now, first_from, first_until),
        weekdays=frozenset(range(7) if weekdays is None else weekdays),
        time_from=time_from or time.min,
        time_until=time_until or time.max,
        now=now,
    )
    wish = _after_visit(wish, after)
    if wish.last < wish.first:
        return Proposal([], _too_late(wish, after))
    return _searched(wish, patient, is_open_ended=first_until is None and after is None)


def _last_first_day(clinic: Clinic, now: datetime, first_from: date, first_until: date | None) -> date:
    today = clinic.today(now)
    limit = max(first_from, today) + HORIZON
    if max(first_from, today) > today + HORIZON:
        raise Invalid("At most 26 weeks ahead can be planned.", field="first_from")
    if first_until is None:
        return limit
    if first_until < today:
        raise Invalid("The days for the first visit are past.", field="first_until")
    if first_until < first_from:
        raise Invalid("The last day for the first visit comes before the first.", field="first_until")
    if first_until > limit:
        raise Invalid("At most 26 weeks can be searched at once.", field="first_until")
    return first_until


def _after_visit(wish: Wish, after: date | None) -> Wish:
    if after is None:
        return wish
    first = max(wish.first, after + timedelta(days=wish.gaps.least))
    return replace(wish, first=first, last=min(wish.last, after + timedelta(days=wish.gaps.most)))


def _too_late(wish: Wish, after: date | None) -> str:
    if after is None:
        return "There is no day left for the first visit."
    last = day_words(after + timedelta(days=wish.gaps.most))
    return (
        f"The next visit had to be by {last}, at most {wish.gaps.most} days after {day_words(after)}. "
        "A later one needs the prescriber."
    )


def _searched(wish: Wish, patient: Patient, *, is_open_ended: bool) -> Proposal:
    """Most series begin soon: without a last day four weeks are tried before all of the horizon is read."""
    if is_open_ended and wish.last - wish.first > FIRST_WEEKS:
        soon = _found(replace(wish, last=wish.first + FIRST_WEEKS), patient)
        if soon.visits:
            return soon
    return _found(wish, patient)


def _found(wish: Wish, patient: Patient) -> Proposal:
    whole = timedelta(days=(wish.count - 1) * wish.gaps.most)
    last = min(wish.last + whole, wish.first + HORIZON)
    window = availability.load(clinic=wish.clinic, first=wish.first, last=last, patient=patient)
    search = _Search(wish, window)
    chosen = search.days()
    if chosen is None:
        return Proposal([], why_none(window=window, within=search.within, wish=wish, possible=search.possible))
    return Proposal(search.visits(chosen))


class _Search:
    """One window, searched for one wish."""

    def __init__(self, wish: Wish, window: Window) -> None:
        self.wish, self.window = wish, window
        self.within = preferred(wish, window)
        self.starts = window.starts(wish.minutes, now=wish.now, within=self.within)
        self.possible = window.days_with(self.starts)
        self.size = len(window.days)
        self.first = ones(0, (wish.last - wish.first).days + 1)

    def days(self) -> list[int] | None:
        return earliest(
            possible=self.possible, first=self.first, count=self.wish.count, gaps=self.wish.gaps, size=self.size
        )

    def visits(self, days: list[int]) -> list[ProposedVisit]:
        usual = next(self.window.instants(self.starts, days[0])).time()
        chosen = [self._nearest(day, usual) for day in days]
        return [self._visit(nth, days, chosen) for nth in range(len(days))]

    def _nearest(self, day: int, usual: time) -> datetime:
        return min(self.window.instants(self.starts, day), key=lambda start: (_apart(start.time(), usual), start))

    def _visit(self, nth: int, days: list[int], chosen: list[datetime]) -> ProposedVisit:
        place = self._place(chosen[nth])
        gap = days[nth] - days[nth - 1] if nth else None
        return ProposedVisit(
            nth + 1, place.start, place.end, place.chair_id, place.chair, gap, self._alternatives(nth, days, chosen)
        )

    def _place(self, start: datetime) -> Alternative:
        chair = self.window.chair_at(start, self.wish.minutes)
        if chair is None:
            raise AssertionError("a start has a free chair")
        # Real minutes: adding to a local time would be wrong across a clock change.
        end = (start.astimezone(UTC) + timedelta(minutes=self.wish.minutes)).astimezone(start.tzinfo)
        return Alternative(start, end, chair.id, chair.name)

    def _alternatives(self, nth: int, days: list[int], chosen: list[datetime]) -> list[Alternative]:
        before = days[nth - 1] if nth else None
        after = days[nth + 1] if nth + 1 < len(days) else None
        allowed = between(before=before, after=after, gaps=self.wish.gaps, first=self.first, size=self.size)
        others = [day for day in each(allowed & self.possible) if day != days[nth]]
        nearest = sorted(others, key=lambda day: abs(day - days[nth]))
        same_day = self._same_day(days[nth], chosen[nth])
        other_days = [self._nearest(day, chosen[nth].time()) for day in nearest]
        # One other time that day, then other days; a tightly packed series has none, so more times fill up.
        offered = [*same_day[:1], *other_days[: MOST_ALTERNATIVES - 1], *same_day[1:]]
        return [self._place(start) for start in sorted(offered[:MOST_ALTERNATIVES])]

    def _same_day(self, day: int, chosen: datetime) -> list[datetime]:
        """The nearest other time, then the nearest that is some hours away, then more."""
        found: list[datetime] = []
        for apart in APART:
            starts = (start for start in self.window.instants(self.starts, day) if start not in found)
            others = [start for start in starts if abs(start - chosen) >= apart]
            found += sorted(others, key=lambda start: (abs(start - chosen), start))[:1]
        return found


def preferred(wish: Wish, window: Window) -> int:
    """The steps inside the wished weekdays and times of day."""
    stretch = ((wish.time_from, wish.time_until),)
    whole = 0
    for nth, day in enumerate(window.days):
        if day.weekday() in wish.weekdays:
            whole |= hours.mask(day, window.hours.zone, stretch) << window.bounds[nth]
    return whole


def _apart(one: time, other: time) -> int:
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)
