"""What is asked of a series: limits that bind, and preferences that order what is possible. Checked, plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from config.refusals import Invalid
from config.staff.models import Clinic
from scheduling import hours
from scheduling.availability import HORIZON
from scheduling.chain import Gaps
from scheduling.shape import Shape
from scheduling.wall_clock import check_day, on_grid

MOST_VISITS = 60
EVERY_DAY = frozenset(range(7))
# The largest that an order can say.
MOST_DAYS = 32767


@dataclass(frozen=True)
class Preferences:
    """What would be best, in this order: the weekdays (Monday 0), one nurse for all visits, the time of day.

    `same_nurse` asks for any one nurse; `nurse` for this one. `usual`: the time of day of the visits before, which is
    chosen where a day has it, wished for by nobody and worth no other day.
    """

    weekdays: frozenset[int] = frozenset()
    same_nurse: bool = False
    nurse: UUID | None = None
    at: time | None = None
    usual: time | None = None


@dataclass(frozen=True)
class Bounds:
    """What must hold besides the gaps: days (Monday 0) and hours, the last day of all, the visits on both sides.

    `after` and `before` are the days of visits that stand already; `beyond_limits` passes over the patient's own.
    """

    weekdays: frozenset[int] = EVERY_DAY
    time_from: time = time.min
    time_until: time = time.max
    latest_end: date | None = None
    after: date | None = None
    before: date | None = None
    beyond_limits: bool = False


@dataclass(frozen=True)
class Wish:
    """What was asked for, checked. `first` and `last` bound the first visit; `pinned` are starts by visit, from 1.

    `shapes`: what each visit needs, where they may differ; all need `shape` without.
    """

    clinic: Clinic
    shape: Shape
    count: int
    gaps: Gaps
    first: date
    last: date
    now: datetime
    bounds: Bounds = Bounds()
    prefer: Preferences = Preferences()
    pinned: Mapping[int, datetime] = field(default_factory=dict)
    except_for: tuple[UUID, ...] = ()
    shapes: tuple[Shape, ...] = ()

    def needs(self, number: int) -> Shape:
        """What that visit needs, from 1."""
        return self.shapes[number - 1] if self.shapes else self.shape

    @property
    def minutes(self) -> int:
        """How long the longest visit is."""
        return max((shape.minutes for shape in self.shapes), default=self.shape.minutes)


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
    if most > MOST_DAYS:
        raise Invalid("The largest gap is longer than anybody plans.", field="max_gap_days")
    if count > MOST_VISITS:
        raise Invalid(f"At most {MOST_VISITS} visits.", field="count")
    if (count - 1) * least > HORIZON.days:
        raise Invalid(
            "These visits take longer than 26 weeks. Plan the first ones now and the rest later.", field="count"
        )


def check_first(*, clinic: Clinic, now: datetime, first_from: date, first_until: date | None) -> None:
    """Raise Invalid for days of the first visit that are past, backwards or beyond the 26 weeks."""
    today = clinic.today(now)
    check_day(first_from, field="first_from")
    check_day(first_until or today, field="first_until")
    if max(first_from, today) > today + HORIZON:
        raise Invalid("At most 26 weeks ahead can be planned.", field="first_from")
    if first_until is None:
        return
    if first_until < today:
        raise Invalid("The days for the first visit are past.", field="first_until")
    if first_until < first_from:
        raise Invalid("The last day for the first visit comes before the first.", field="first_until")
    if first_until > max(first_from, today) + HORIZON:
        raise Invalid("At most 26 weeks can be searched at once.", field="first_until")


def check_bounds(*, bounds: Bounds, prefer: Preferences, today: date) -> None:
    """Raise Invalid for days and hours that leave nothing, or are no days and hours of a clinic."""
    if not bounds.weekdays <= EVERY_DAY or not bounds.weekdays:
        raise Invalid("Weekdays count from 0, Monday, to 6; name at least one.", field="weekdays")
    if not prefer.weekdays <= EVERY_DAY:
        raise Invalid("Weekdays count from 0, Monday, to 6.", field="weekdays")
    for name, at in (("time_from", bounds.time_from), ("time_until", bounds.time_until), ("at", prefer.at)):
        if at and at != time.max and (at.minute % 5 or at.second or at.microsecond):
            raise Invalid("Give the time in steps of five minutes.", field=name)
    if bounds.time_until <= bounds.time_from:
        raise Invalid("The latest time must come after the earliest.", field="time_until")
    for name, day in (("latest_end", bounds.latest_end), ("after", bounds.after), ("before", bounds.before)):
        check_day(day or today, field=name)
    if bounds.latest_end is not None and bounds.latest_end < today:
        raise Invalid("The last day of all is past.", field="latest_end")


def check_pinned(*, pinned: Mapping[int, datetime], count: int) -> None:
    """Raise Invalid (field pinned) for a visit that there is not, or a start without a zone."""
    for number, start in pinned.items():
        if not 1 <= number <= count:
            raise Invalid(f"There is no visit {number} to pin.", field="pinned")
        if start.tzinfo is None:
            raise Invalid("A pinned start needs its offset from UTC.", field="pinned")
        check_day(start, field="pinned")
        if not on_grid(start):
            raise Invalid("Visits start on a full five minutes.", field="pinned")


def first_days(
    *, clinic: Clinic, now: datetime, first_from: date, first_until: date | None, bounds: Bounds, gaps: Gaps
) -> tuple[date, date]:
    """The days on which the first visit may be: as asked, and within the gaps of a visit before it."""
    first = max(first_from, clinic.today(now))
    last = first + HORIZON if first_until is None else first_until
    if bounds.after is not None:
        first = max(first, bounds.after + timedelta(days=gaps.least))
        last = min(last, bounds.after + timedelta(days=gaps.most))
    return first, last
