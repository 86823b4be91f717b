"""Whether an order allows a visit at a start: what speaks for it, and what is in the way. Reads; changes nothing."""

from datetime import date, datetime

from infusions import exceptions
from infusions.course import day_of, last_before, visits_of
from infusions.framing import is_valid
from infusions.models import ExceptionKind, Order, WaitlistEntry
from infusions.readiness import obstacles
from scheduling.wall_clock import day_words

Said = tuple[list[str], list[str]]


def asked_of_order(entry: WaitlistEntry, order: Order, start: datetime, now: datetime) -> Said:
    """Why the order allows this start to them, and what of it does not; the second is empty when it may be booked.

    A new visit needs one that is left; one that moves keeps the gaps to both its neighbours, so that nothing breaks.
    """
    missing = [obstacle.words for obstacle in obstacles(order, now=now)]
    if missing:
        return [], missing
    if not is_valid(order, start):
        return [], [f"The order is not valid on {day_words(day_of(order, start))}."]
    visits = visits_of(order)
    left = (order.visits or 0) - len(visits)
    if entry.appointment_id is None and left <= 0:
        return [], [f"All {order.visits} visits of the order are booked or given."]
    days = [day_of(order, visit.start) for visit in visits if visit.pk != entry.appointment_id]
    why, hinders = _gaps(entry, order, days, day_of(order, start))
    return ([] if entry.appointment_id else [f"{left} of {order.visits} visits left"]) + why, hinders


def _gaps(entry: WaitlistEntry, order: Order, days: list[date], day: date) -> Said:
    before = max((other for other in days if other <= day), default=last_before(order))
    after = min((other for other in days if other > day), default=None)
    says = f"the order says {order.min_gap_days} to {order.max_gap_days}"
    why: list[str] = []
    hinders: list[str] = []
    if before is None:
        hinders += _first_day(order, day)
    elif _keeps(order, before, day):
        why.append(f"{_count(before, day)} after {day_words(before)}, {says}")
    elif _is_exempt(entry, order, day):
        why.append(f"a signed exception names {day_words(day)}")
    else:
        hinders.append(f"{_count(before, day)} after {day_words(before)}; {says}.")
    if after is not None and not _keeps(order, day, after):
        hinders.append(f"{_count(day, after)} before {day_words(after)}; {says}.")
    return why, hinders


def _count(first: date, second: date) -> str:
    days = (second - first).days
    return "1 day" if days == 1 else f"{days} days"


def _keeps(order: Order, first: date, second: date) -> bool:
    least, most = order.min_gap_days, order.max_gap_days
    return least is None or most is None or least <= (second - first).days <= most


def _first_day(order: Order, day: date) -> list[str]:
    if order.first_visit_from is not None and day < order.first_visit_from:
        return [f"The first visit may be on {day_words(order.first_visit_from)} at the earliest."]
    if order.first_visit_until is not None and day > order.first_visit_until:
        return [f"The first visit may be on {day_words(order.first_visit_until)} at the latest."]
    return []


def _is_exempt(entry: WaitlistEntry, order: Order, day: date) -> bool:
    moving = [entry.appointment_id] if entry.appointment_id else []
    return day in exceptions.open_days(order, kind=ExceptionKind.OUTSIDE_GAPS, moving=moving)
