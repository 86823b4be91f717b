"""A signed order and the visits that fulfil it. Reads the limits that the prescriber typed, and hands plain values to
`scheduling`: this is the only place where an order and a calendar meet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.gaps import GAVE_NOTHING, allowed_days, span
from infusions.models import Fulfilment, Order, OrderStanding
from infusions.orders import active_order, limits, signed_order
from infusions.readiness import require_ready
from scheduling import booking
from scheduling import series as scheduling_series
from scheduling.models import Appointment, Chair, Series
from scheduling.models.kinds import VisitKind
from scheduling.series import Bounds, PlannedVisit, Proposal
from scheduling.states import Status
from scheduling.wall_clock import day_words


@dataclass(frozen=True)
class Preferences:
    """What the patient and the desk wish: days and times of day, never anything about the order."""

    first_from: date | None = None
    weekdays: Collection[int] | None = None
    time_from: time | None = None
    time_until: time | None = None


def visits_left(order: Order) -> int | None:
    """How many visits of the order are neither given nor booked; None when the order does not say how many."""
    return None if order.visits is None else max(order.visits - len(visits_of(order)), 0)


def visits_of(order: Order) -> list[Appointment]:
    """The order's visits that are given or booked, by time."""
    booked = Appointment.objects.filter(series__in=order.fulfilments.values("series"))
    return list(booked.exclude(status__in=GAVE_NOTHING).select_related("chair").order_by("start"))


def propose(*, order_id: UUID, now: datetime, preferences: Preferences | None = None) -> Proposal:
    """Dates for all visits that are left, within the order's limits, or `failure` in words.

    Raises Clash with the obstacles in words when nothing can be booked on this order today.
    """
    order = signed_order(order_id)
    require_ready(order, now=now)
    left = _left_or_clash(order)
    wish, frame = preferences or Preferences(), _frame(order, now)
    found = scheduling_series.propose(
        clinic=order.clinic,
        patient=order.patient,
        count=left,
        min_gap_days=order.min_gap_days,
        max_gap_days=order.max_gap_days,
        minutes=order.chair_minutes,
        now=now,
        first_from=max(filter(None, (frame.first_from, wish.first_from))),
        first_until=frame.first_until,
        bounds=Bounds(
            weekdays=frozenset(range(7) if wish.weekdays is None else wish.weekdays),
            time_from=wish.time_from or time.min,
            time_until=wish.time_until or time.max,
            after=frame.after,
        ),
    )
    return _within_validity(order, found)


@dataclass(frozen=True)
class _Frame:
    first_from: date
    first_until: date | None
    after: date | None


def _frame(order: Order, now: datetime) -> _Frame:
    """Where the next visit may lie. The first-visit days bind the first visit alone; later ones follow by the gaps."""
    zone, given = order.clinic.tz, visits_of(order)
    earliest = max(filter(None, (order.clinic.today(now), order.valid_from)))
    if given:
        return _Frame(earliest, None, given[-1].start.astimezone(zone).date())
    before = _last_of_earlier_versions(order)
    if before is not None and order.min_gap_days is not None:
        earliest = max(earliest, before.start.astimezone(zone).date() + timedelta(days=order.min_gap_days))
    return _Frame(max(filter(None, (earliest, order.first_visit_from))), order.first_visit_until, None)


def _last_of_earlier_versions(order: Order) -> Appointment | None:
    earlier = order.supersedes
    while earlier is not None:
        given = visits_of(earlier)
        if given:
            return given[-1]
        earlier = earlier.supersedes
    return None


def _left_or_clash(order: Order) -> int:
    left = visits_left(order)
    if not left:
        raise Clash(f"All {order.visits} visits of this order are booked or given.", code="none-left")
    return left


def _within_validity(order: Order, found: Proposal) -> Proposal:
    late = [visit for visit in found.visits if not _is_valid(order, visit.start)]
    if not late:
        return found
    until = day_words(order.valid_until) if order.valid_until else ""
    words = f"The order is valid until {until}; visit {late[0].number} would fall on {day_words(late[0].start.date())}."
    return Proposal([], f"{words} Wish for an earlier first day, or ask {order.signed_name}.")


def _is_valid(order: Order, start: datetime) -> bool:
    day = start.astimezone(order.clinic.tz).date()
    after = order.valid_from is None or order.valid_from <= day
    return after and (order.valid_until is None or day <= order.valid_until)


def book(*, order_id: UUID, visits: Sequence[PlannedVisit], by: User, now: datetime) -> Series:
    """Book these visits on the order, all or none.

    Raises Clash with `conflicts` when a place is gone, with the obstacles when the order does not allow booking, and
    Invalid (field visits) for more visits than are left or days outside the order's limits.
    """
    require(by, Permission.BOOK)
    with recorded(by=by):
        # The standing is locked: between the check and the booking nobody stops the order or books it too.
        OrderStanding.objects.select_for_update().filter(order=order_id).first()
        order = signed_order(order_id)
        if order.clinic_id != by.clinic_id:
            raise NotFound("There is no such order.")
        require_ready(order, now=now)
        _check_planned(order, visits, now)
        existing = _open_series(order)
        series = scheduling_series.book_series(
            clinic=order.clinic,
            patient=order.patient,
            visits=visits,
            minutes=order.chair_minutes or 0,
            min_gap_days=order.min_gap_days or 0,
            max_gap_days=order.max_gap_days or 0,
            by=by,
            now=now,
            series=existing,
            others=[visit.start.astimezone(order.clinic.tz).date() for visit in visits_of(order)],
        )
        if existing is None:
            Fulfilment(order=order, patient=order.patient, series=series).save()
    return series


def _open_series(order: Order) -> Series | None:
    fulfilled = order.fulfilments.select_related("series").order_by("series__id").first()
    return fulfilled.series if fulfilled else None


def _check_planned(order: Order, visits: Sequence[PlannedVisit], now: datetime) -> None:
    if not visits:
        raise Invalid("Name at least one visit.", field="visits")
    left = _left_or_clash(order)
    if len(visits) > left:
        raise Invalid(f"The order has {left} visits left, not {len(visits)}.", field="visits", code="too-many")
    for number, visit in enumerate(sorted(visits, key=lambda planned: planned.start), start=1):
        if not _is_valid(order, visit.start):
            raise Invalid(f"Visit {number} lies outside the days for which the order is valid.", field="visits")
    frame = _frame(order, now)
    _check_first(frame, min(visit.start for visit in visits).astimezone(order.clinic.tz).date())


def _check_first(frame: _Frame, day: date) -> None:
    if frame.after is None and day < frame.first_from:
        raise Invalid(f"The first visit may be on {day_words(frame.first_from)} at the earliest.", field="visits")
    if frame.first_until is not None and day > frame.first_until:
        raise Invalid(f"The first visit may be on {day_words(frame.first_until)} at the latest.", field="visits")


# Moving and releasing


def move(
    *,
    appointment_id: UUID,
    start: datetime,
    by: User,
    now: datetime,
    version: int | None = None,
    chair: Chair | None = None,
) -> Appointment:
    """Move a visit. An infusion keeps the gaps of its order to the visits before and after; a consult moves freely.

    Raises Invalid (field start, code outside-gaps) with the days that would do, or what `scheduling.booking.move` does.
    """
    require(by, Permission.BOOK)
    with recorded(by=by):
        visit = _locked_with_neighbours(appointment_id, by)
        if visit.kind == VisitKind.INFUSION and start != visit.start:
            _check_move(visit, start, now)
        return booking.move(appointment_id=appointment_id, start=start, by=by, now=now, version=version, chair=chair)


def _locked_with_neighbours(appointment_id: UUID, by: User) -> Appointment:
    """The visit, its series locked: two neighbours that move at once are judged one after the other."""
    found = Appointment.objects.filter(pk=appointment_id, clinic=by.clinic).select_related("clinic", "patient").first()
    if found is None:
        raise NotFound("There is no such appointment.")
    if found.series_id is not None:
        Series.locked(found.series_id)
    return found


def _check_move(visit: Appointment, start: datetime, now: datetime) -> None:
    order = order_of(visit)
    if order is None:
        raise Clash("No order is in force for this patient, so an infusion cannot be moved. Ask a prescriber.")
    require_ready(order, now=now)
    if not _is_valid(order, start):
        raise Invalid("That day lies outside the days for which the order is valid.", field="start")
    day = start.astimezone(visit.clinic.tz).date()
    first, last = allowed_days(visit, limits(order))
    if (first is not None and day < first) or (last is not None and day > last):
        raise Invalid(
            f"The order asks for {order.min_gap_days} to {order.max_gap_days} days between visits: "
            f"this one may be {span(first, last)}. Another day needs the prescriber.",
            field="start",
            code="outside-gaps",
        )


def order_of(visit: Appointment) -> Order | None:
    """The order whose limits hold for this visit now: the one in force for the patient."""
    order = active_order(patient=visit.patient)
    return signed_order(order.pk) if order else None


def standing_visits(order: Order, *, now: datetime) -> list[Appointment]:
    """Visits of the order that are still to come."""
    return [visit for visit in visits_of(order) if visit.status == Status.BOOKED and visit.start > now]


def release(*, order_id: UUID, reason: str, by: User, now: datetime) -> list[Appointment]:
    """Cancel, on the clinic's side, all coming visits of an order that no longer holds. All or none."""
    require(by, Permission.BOOK)
    with recorded(by=by, reason=reason):
        order = signed_order(order_id)
        if order.clinic_id != by.clinic_id:
            raise NotFound("There is no such order.")
        return [
            booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_CLINIC, reason=reason, by=by, now=now)
            for visit in standing_visits(order, now=now)
        ]
