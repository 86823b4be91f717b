"""Where a visit can go: the days that keep the order's gaps, in words, and free starts on the next of them."""

from datetime import date, datetime, timedelta
from typing import Any

from config.refusals import Refused
from infusions import rescheduling
from infusions.course import coming, visits_of
from infusions.gaps import allowed_days
from infusions.orders import limits
from scheduling.as_booked import shape_of
from scheduling.availability import free_starts
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status
from scheduling.wall_clock import day_words

DAYS_SHOWN = 4
STARTS_SHOWN = 6
APART = timedelta(minutes=30)
LOOK_AHEAD = timedelta(days=28)


def room(visit: Appointment, now: datetime) -> dict[str, Any]:
    """The days that keep the order's gaps, in words, and free starts on the next of them."""
    today = visit.clinic.today(now)
    first, last, why = _bounds(visit)
    begin = max(today, first or today)
    end = min(last or begin + LOOK_AHEAD, begin + LOOK_AHEAD)
    if end < begin:
        return {"why": why, "days": []}
    try:
        needs = shape_of(visit)
        found = free_starts(clinic=visit.clinic, shape=needs, first=begin, last=end, now=now, patient=visit.patient)
    except Refused:
        return {"why": why, "days": []}
    days = [(day, _spread(starts, visit.start)) for day, starts in found.items() if starts]
    return {"why": why, "days": days[:DAYS_SHOWN]}


def _bounds(visit: Appointment) -> tuple[date | None, date | None, str]:
    if visit.kind != VisitKind.INFUSION:
        return None, None, ""
    order = rescheduling.order_of(visit)
    if order is None:
        return None, None, "No order is in force for this patient, so an infusion cannot be moved."
    first, last = allowed_days(visit, limits(order))
    span = f"The order asks for {order.min_gap_days} to {order.max_gap_days} days between visits"
    if first is not None and last is not None:
        return first, last, f"{span}: from {day_words(first)} to {day_words(last)}."
    return first, last, f"{span}."


def _spread(starts: list[datetime], usual: datetime) -> list[datetime]:
    """A few starts of a day, apart from each other, those near the usual time of day first, shown in order."""
    chosen: list[datetime] = []
    wall = usual.astimezone(starts[0].tzinfo)
    minutes = wall.hour * 60 + wall.minute
    for start in sorted(starts, key=lambda start: abs(start.hour * 60 + start.minute - minutes)):
        if all(abs(start - other) >= APART for other in chosen):
            chosen.append(start)
        if len(chosen) == STARTS_SHOWN:
            break
    return sorted(chosen)


def later_visits(visit: Appointment, now: datetime) -> list[Appointment]:
    """The visits of its course that come after it and are still to come."""
    if visit.kind != VisitKind.INFUSION or visit.status not in (Status.BOOKED, Status.HELD):
        return []
    order = rescheduling.order_of(visit)
    if order is None:
        return []
    return [other for other in coming(visits_of(order), now) if other.start > visit.start]
