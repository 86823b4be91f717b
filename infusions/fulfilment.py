"""A signed order and the visits that fulfil it. Reads the limits that the prescriber typed, and hands plain values to
`scheduling`: this is the only place where an order and a calendar meet.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions import candidacy, exceptions, repair
from infusions.course import coming, day_of, last_before, visits_left, visits_of
from infusions.models import ExceptionKind, Fulfilment, Order, OrderStanding
from infusions.orders import signed_order
from infusions.readiness import require_ready
from scheduling import booking, holding
from scheduling import series as scheduling_series
from scheduling.models import Appointment, Series
from scheduling.rules import rules_of
from scheduling.series import Bounds, PlannedVisit, Preferences, Proposal
from scheduling.states import Status
from scheduling.wall_clock import day_words

__all__ = [
    "Wishes",
    "book",
    "give_back",
    "hold",
    "keep",
    "propose",
    "release",
    "standing_visits",
    "visits_left",
    "visits_of",
]


NO_PREFERENCE = Preferences()


@dataclass(frozen=True)
class Wishes:
    """What the patient and the desk wish: days and times of day, never anything about the order.

    `count`: how many of the visits left to plan now; the rest later. `weekdays`, `time_from`, `time_until` and
    `latest_end` bind; what `prefer` says orders what is possible. `pinned`: starts that stay, by visit from 1.
    """

    first_from: date | None = None
    count: int | None = None
    weekdays: Collection[int] | None = None
    time_from: time | None = None
    time_until: time | None = None
    latest_end: date | None = None
    prefer: Preferences = NO_PREFERENCE
    pinned: Mapping[int, datetime] | None = None
    beyond_limits: bool = False


def propose(*, order_id: UUID, now: datetime, wishes: Wishes | None = None) -> Proposal:
    """Dates for the visits that are left, within the order's limits, or `failure` in words.

    Raises Clash with the obstacles in words when nothing can be booked on this order today, Invalid (count) for more
    visits than are left, (first_from) where the first visit would come too late for the order or the candidacy.
    """
    order = signed_order(order_id)
    require_ready(order, now=now)
    wish, frame = wishes or Wishes(), _frame(order, now)
    if frame.first_until is not None and max(filter(None, (frame.first_from, wish.first_from))) > frame.first_until:
        latest = day_words(frame.first_until)
        raise Invalid(f"The first visit may be on {latest} at the latest.", field="first_from")
    found = _searched(order, wish, frame, now, _bounds(order, wish, frame.after))
    return _with_validity(order, wish, frame, now, found) if found.failure else found


def _searched(order: Order, wish: Wishes, frame: "_Frame", now: datetime, bounds: Bounds) -> Proposal:
    return scheduling_series.propose(
        clinic=order.clinic,
        patient=order.patient,
        count=_count(order, frame, wish.count),
        min_gap_days=order.min_gap_days,
        max_gap_days=order.max_gap_days,
        minutes=order.chair_minutes,
        now=now,
        first_from=max(filter(None, (frame.first_from, wish.first_from))),
        first_until=frame.first_until,
        bounds=bounds,
        prefer=wish.prefer,
        pinned=wish.pinned,
    )


def _with_validity(order: Order, wish: Wishes, frame: "_Frame", now: datetime, found: Proposal) -> Proposal:
    """Say so when nothing but the order's last day is in the way."""
    if order.valid_until is None:
        return found
    beyond = _searched(order, wish, frame, now, replace(_bounds(order, wish, frame.after), latest_end=wish.latest_end))
    late = next((visit for visit in beyond.visits if not is_valid(order, visit.start)), None)
    if late is None:
        return found
    until, falls = day_words(order.valid_until), day_words(late.start.date())
    told = f"The order is valid until {until}; visit {late.number} would fall on {falls}."
    return Proposal([], f"{told} Wish for an earlier first day, or ask {order.signed_name}.", late.number)


def _count(order: Order, frame: "_Frame", asked: int | None) -> int:
    left = _left_or_clash(order, frame)
    if asked is None:
        return left
    if not 1 <= asked <= left:
        raise Invalid(f"The order has {left} visits left: plan 1 to {left} of them.", field="count")
    return asked


def _bounds(order: Order, wish: Wishes, after: date | None) -> Bounds:
    ends = [day for day in (wish.latest_end, order.valid_until) if day is not None]
    return Bounds(
        weekdays=frozenset(range(7) if wish.weekdays is None else wish.weekdays),
        time_from=wish.time_from or time.min,
        time_until=wish.time_until or time.max,
        latest_end=min(ends, default=None),
        after=after,
        beyond_limits=wish.beyond_limits,
    )


@dataclass(frozen=True)
class _Frame:
    left: int
    first_from: date
    first_until: date | None
    after: date | None


def _frame(order: Order, now: datetime) -> _Frame:
    """Where the next visit may lie. The first-visit days bind the first visit alone; later ones follow by the gaps."""
    given = visits_of(order)
    left = max((order.visits or 0) - len(given), 0)
    earliest = max(filter(None, (order.clinic.today(now), order.valid_from)))
    if given:
        return _Frame(left, earliest, None, day_of(order, given[-1].start))
    before = last_before(order)
    if before is not None and order.min_gap_days is not None:
        earliest = max(earliest, before + timedelta(days=order.min_gap_days))
    first_from = max(filter(None, (earliest, order.first_visit_from)))
    return _Frame(left, first_from, _first_until(order, begins=before is None), None)


def _first_until(order: Order, *, begins: bool) -> date | None:
    """The last day for the order's first visit. One that begins a course needs a candidacy decision that holds then."""
    decision = candidacy.newest(patient=order.patient) if begins else None
    days = (order.first_visit_until, decision.valid_until if decision is not None else None)
    return min(filter(None, days), default=None)


def _left_or_clash(order: Order, frame: _Frame) -> int:
    if not frame.left:
        raise Clash(f"All {order.visits} visits of this order are booked or given.", code="none-left")
    return frame.left


def is_valid(order: Order, start: datetime) -> bool:
    """Whether the order holds on the clinic day of that start."""
    day = day_of(order, start)
    after = order.valid_from is None or order.valid_from <= day
    return after and (order.valid_until is None or day <= order.valid_until)


def book(*, order_id: UUID, visits: Sequence[PlannedVisit], by: User, now: datetime, limits_reason: str = "") -> Series:
    """Book these visits on the order, all or none; fewer than are left leave the rest for later.

    A day outside the gaps is booked when a prescriber's signed exception names it. `limits_reason` books outside the
    patient's own days and hours. Raises Clash with `conflicts` when a place is gone, with the obstacles when the order
    does not allow booking, and Invalid (field visits) for more visits than are left or days outside the order's limits.
    """
    return _place(order_id, visits, by, now, limits_reason, held_until=None)


def hold(*, order_id: UUID, visits: Sequence[PlannedVisit], by: User, now: datetime, limits_reason: str = "") -> Series:
    """Take the places of these visits for as long as the clinic holds a series, and no longer; as `book` otherwise."""
    hours = rules_of(by.clinic).hold_series_hours
    return _place(order_id, visits, by, now, limits_reason, held_until=now + timedelta(hours=hours))


def keep(*, order_id: UUID, by: User, now: datetime) -> list[Appointment]:
    """Make bookings of all that is held for the order. Raises Clash when the order no longer allows it, or the hold ran
    out."""
    with _on_order(order_id, by, now) as order:
        series = _open_series(order)
        if series is None:
            raise Clash("Nothing is held for this order.", code="released")
        return holding.keep_series(series=series, by=by, now=now)


def give_back(*, order_id: UUID, by: User, now: datetime) -> list[Appointment]:
    """Release all that is held for the order, before its time. Raises Clash when nothing is."""
    require(by, Permission.BOOK)
    with recorded(by=by):
        order = signed_order(order_id)
        held = [visit for visit in visits_of(order) if visit.status == Status.HELD]
        if order.clinic_id != by.clinic_id:
            raise NotFound("There is no such order.")
        if not held:
            raise Clash("Nothing is held for this order.", code="released")
        return [holding.release(appointment_id=visit.pk, by=by, now=now) for visit in held]


def _place(
    order_id: UUID,
    visits: Sequence[PlannedVisit],
    by: User,
    now: datetime,
    limits_reason: str,
    *,
    held_until: datetime | None,
) -> Series:
    with _on_order(order_id, by, now) as order:
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
            others=_other_days(order),
            free=sorted(exceptions.open_days(order, kind=ExceptionKind.OUTSIDE_GAPS)),
            limits_reason=limits_reason,
            held_until=held_until,
        )
        if existing is None:
            Fulfilment(order=order, patient=order.patient, series=series).save()
        exceptions.note_use(order, coming(visits_of(order), now), by=by)
        repair.light_up(patient=order.patient, by=by, now=now)
    return series


@contextmanager
def _on_order(order_id: UUID, by: User, now: datetime) -> Iterator[Order]:
    """The standing is locked: between the check and the booking nobody stops the order or books it too."""
    require(by, Permission.BOOK)
    with recorded(by=by):
        OrderStanding.objects.select_for_update().filter(order=order_id).first()
        order = signed_order(order_id)
        if order.clinic_id != by.clinic_id:
            raise NotFound("There is no such order.")
        holding.release_run_out(patient=order.patient, now=now)
        require_ready(order, now=now)
        yield order


def _other_days(order: Order) -> list[date]:
    """The days of the visits that stand, and of the last one before them: gaps are kept to all of these."""
    days = [day_of(order, visit.start) for visit in visits_of(order)]
    before = last_before(order)
    return [before, *days] if before is not None else days


def _open_series(order: Order) -> Series | None:
    fulfilled = order.fulfilments.select_related("series").order_by("series__id").first()
    return fulfilled.series if fulfilled else None


def _check_planned(order: Order, visits: Sequence[PlannedVisit], now: datetime) -> None:
    if not visits:
        raise Invalid("Name at least one visit.", field="visits")
    frame = _frame(order, now)
    left = _left_or_clash(order, frame)
    if len(visits) > left:
        raise Invalid(f"The order has {left} visits left, not {len(visits)}.", field="visits", code="too-many")
    for number, visit in enumerate(sorted(visits, key=lambda planned: planned.start), start=1):
        if not is_valid(order, visit.start):
            raise Invalid(f"Visit {number} lies outside the days for which the order is valid.", field="visits")
    _check_first(frame, day_of(order, min(visit.start for visit in visits)))


def _check_first(frame: _Frame, day: date) -> None:
    if frame.after is not None:
        return
    if day < frame.first_from:
        raise Invalid(f"The first visit may be on {day_words(frame.first_from)} at the earliest.", field="visits")
    if frame.first_until is not None and day > frame.first_until:
        raise Invalid(f"The first visit may be on {day_words(frame.first_until)} at the latest.", field="visits")


def standing_visits(order: Order, *, now: datetime) -> list[Appointment]:
    """Visits of the order that are still to come: booked, or held."""
    return coming(visits_of(order), now)


def release(*, order_id: UUID, reason: str, by: User, now: datetime) -> list[Appointment]:
    """Cancel, on the clinic's side, all coming visits of an order that no longer holds. All or none."""
    require(by, Permission.BOOK)
    with recorded(by=by, reason=reason):
        order = signed_order(order_id)
        if order.clinic_id != by.clinic_id:
            raise NotFound("There is no such order.")
        return [
            holding.release(appointment_id=visit.pk, by=by, now=now)
            if visit.status == Status.HELD
            else booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_CLINIC, reason=reason, by=by, now=now)
            for visit in standing_visits(order, now=now)
        ]
