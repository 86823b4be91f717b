"""Where the next visits of an order may lie: its own days, its first-visit days, those of the candidacy decision."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from infusions.course import day_of, last_before, visits_of
from infusions.models import CandidacyDecision, Order


@dataclass(frozen=True)
class Frame:
    """How many visits may be placed, on which days the first of them, and the day of the visit that stands before."""

    left: int
    first_from: date
    first_until: date | None
    after: date | None


def frame_of(order: Order, decision: CandidacyDecision | None, *, now: datetime) -> Frame:
    """Where the next visit may lie. The first-visit days bind the first visit alone; later ones follow by the gaps."""
    given = visits_of(order)
    left = max((order.visits or 0) - len(given), 0)
    earliest = max(filter(None, (order.clinic.today(now), order.valid_from)))
    if given:
        return Frame(left, earliest, None, day_of(order, given[-1].start))
    before = last_before(order)
    if before is not None and order.min_gap_days is not None:
        earliest = max(earliest, before + timedelta(days=order.min_gap_days))
    first_from = max(filter(None, (earliest, order.first_visit_from)))
    return Frame(left, first_from, _first_until(order, decision if before is None else None), None)


def _first_until(order: Order, begun_by: CandidacyDecision | None) -> date | None:
    """The last day for the order's first visit. One that begins a course needs a candidacy decision that holds then."""
    days = (order.first_visit_until, begun_by.valid_until if begun_by is not None else None)
    return min(filter(None, days), default=None)


def is_valid(order: Order, start: datetime) -> bool:
    """Whether the order holds on the clinic day of that start."""
    day = day_of(order, start)
    after = order.valid_from is None or order.valid_from <= day
    return after and (order.valid_until is None or day <= order.valid_until)
