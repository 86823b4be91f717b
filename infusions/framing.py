"""Where the next visits of an order may lie: its own days, its first-visit days, those of the candidacy decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from infusions import exceptions
from infusions.course import coming, course_of, day_of
from infusions.models import CandidacyDecision, Order
from scheduling.models import Appointment
from scheduling.wall_clock import day_words


@dataclass(frozen=True)
class Hole:
    """A gap between two visits that stand, larger than the order allows, and the fewest visits that mend it."""

    after: date
    before: date
    visits: int

    @property
    def words(self) -> str:
        """`Between Tue 24 Nov and Mon 7 Dec 1 visit is missing`."""
        many = "visit is" if self.visits == 1 else "visits are"
        return f"Between {day_words(self.after)} and {day_words(self.before)} {self.visits} {many} missing"


@dataclass(frozen=True)
class Frame:
    """How many visits may be placed, on which days the first of them, and the day of the visit that stands before.

    With a `hole` its visits are placed first, all of them; others follow once the course is whole again. `usual`: the
    time of day of the visit before.
    """

    left: int
    first_from: date
    first_until: date | None
    after: date | None
    hole: Hole | None = None
    usual: time | None = None


def frame_of(order: Order, decision: CandidacyDecision | None, *, now: datetime) -> Frame:
    """Where the next visit may lie. The first-visit days bind the first visit alone; later ones follow by the gaps."""
    course = course_of(order)
    given = course.visits
    left = max((order.visits or 0) - len(given), 0)
    earliest = max(filter(None, (order.clinic.today(now), order.valid_from)))
    if given:
        hole = hole_in(order, given, now=now)
        before = next(visit for visit in reversed(given) if hole is None or day_of(order, visit.start) <= hole.after)
        usual = before.start.astimezone(order.clinic.tz).time()
        return Frame(left, earliest, None, day_of(order, before.start), hole, usual)
    if course.last_before is not None and order.min_gap_days is not None:
        earliest = max(earliest, course.last_before + timedelta(days=order.min_gap_days))
    first_from = max(filter(None, (earliest, order.first_visit_from)))
    return Frame(left, first_from, _first_until(order, decision if course.last_before is None else None), None)


def hole_in(order: Order, given: Sequence[Appointment], *, now: datetime) -> Hole | None:
    """The first hole that visits left of the order can still mend: where one in the middle was cancelled, say.

    A visit under a signed exception is not judged by the gap before it.
    """
    left = (order.visits or 0) - len(given)
    ahead = {visit.pk for visit in coming(given, now)}
    for one, other in pairwise(given):
        hole = _between(order, day_of(order, one.start), day_of(order, other.start))
        if hole is None or other.pk not in ahead or hole.visits > left:
            continue
        is_too_late = hole.after + timedelta(days=order.max_gap_days or 0) < order.clinic.today(now)
        if not is_too_late and other.pk not in exceptions.covered(order):
            return hole
    return None


def _between(order: Order, after: date, before: date) -> Hole | None:
    """The hole between two days; None when there is none, or no number of visits keeps all of its gaps."""
    least, most, gap = order.min_gap_days, order.max_gap_days, (before - after).days
    if least is None or most is None or gap <= most:
        return None
    visits = -(-gap // most) - 1
    return Hole(after, before, visits) if (visits + 1) * least <= gap else None


def _first_until(order: Order, begun_by: CandidacyDecision | None) -> date | None:
    """The last day for the order's first visit. One that begins a course needs a candidacy decision that holds then."""
    days = (order.first_visit_until, begun_by.valid_until if begun_by is not None else None)
    return min(filter(None, days), default=None)


def is_valid(order: Order, start: datetime) -> bool:
    """Whether the order holds on the clinic day of that start."""
    day = day_of(order, start)
    after = order.valid_from is None or order.valid_from <= day
    return after and (order.valid_until is None or day <= order.valid_until)
