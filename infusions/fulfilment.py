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
from infusions.course import coming, course_of, day_of, visits_left, visits_of
from infusions.framing import Frame, frame_of, is_valid
from infusions.models import ExceptionKind, Fulfilment, Order, OrderStanding
from infusions.orders import signed_order
from infusions.readiness import require_ready
from scheduling import booking, holding, shape
from scheduling import series as scheduling_series
from scheduling.models import Appointment, Series, VisitKind
from scheduling.rules import rules_of
from scheduling.series import Bounds, PlannedVisit, Preferences, Proposal
from scheduling.shape import Shape
from scheduling.states import Status
from scheduling.wall_clock import day_words

__all__ = [
    "Wishes",
    "book",
    "give_back",
    "hold",
    "keep",
    "needs_of",
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
    `visit_type`: as what the clinic runs the visits, its first where none is named.
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
    visit_type: UUID | None = None


def propose(*, order: Order, now: datetime, wishes: Wishes | None = None) -> Proposal:
    """Dates for the visits that are left of a signed order, within its limits, or `failure` in words. Where one in the
    middle is missing, dates for that hole come first.

    Raises Clash with the obstacles in words when nothing can be booked on this order today, Invalid (count) for more
    visits than are left, (first_from) where the first visit would come too late for the order or the candidacy,
    (visit_type) for one that the clinic does not offer, or that the ordered chair time is too short for. Six queries,
    one more where four weeks do not do, one more for a version of an earlier order.
    """
    decision = require_ready(order, now=now)
    wish, frame = wishes or Wishes(), frame_of(order, decision, now=now)
    if wish.first_from is not None and wish.first_from < order.clinic.today(now):
        raise Invalid("This day is past.", field="first_from")
    if frame.first_until is not None and max(filter(None, (frame.first_from, wish.first_from))) > frame.first_until:
        latest = day_words(frame.first_until)
        raise Invalid(f"The first visit may be on {latest} at the latest.", field="first_from")
    found = _searched(order, wish, frame, now, _bounds(order, wish, frame))
    return _with_validity(order, wish, found) if found.late else found


def _searched(order: Order, wish: Wishes, frame: Frame, now: datetime, bounds: Bounds) -> Proposal:
    with _ordered_time_stands():
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
            visit_type=wish.visit_type,
            bounds=bounds,
            prefer=replace(wish.prefer, usual=frame.usual),
            pinned=wish.pinned,
        )


@contextmanager
def _ordered_time_stands() -> Iterator[None]:
    """Neither the chair time nor the clinic's spans give way to the other: another type of visit, or the prescriber."""
    try:
        yield
    except Invalid as refusal:
        if refusal.field != "minutes":
            raise
        words = "That is the ordered chair time, which only a prescriber changes. Choose another type of visit, or ask."
        raise Invalid(f"{refusal.message} {words}", field="visit_type", code=refusal.code) from refusal


def needs_of(order: Order, *, visit_type: UUID | None) -> Shape:
    """What one visit on the order takes of the clinic, for as long as the order says. Raises Invalid (visit_type)."""
    with _ordered_time_stands():
        return shape.load(
            clinic=order.clinic,
            kind=VisitKind.INFUSION,
            minutes=order.chair_minutes or 0,
            visit_type=visit_type,
            offered=True,
        )


def _with_validity(order: Order, wish: Wishes, found: Proposal) -> Proposal:
    """Say so when nothing but the order's last day is in the way."""
    if order.valid_until is None or found.late is None or (wish.latest_end or date.max) <= order.valid_until:
        return found
    number, falls = found.late
    told = f"The order is valid until {day_words(order.valid_until)}; visit {number} would fall on {day_words(falls)}."
    return replace(found, failure=f"{told} Wish for an earlier first day, or ask {order.signed_name}.", failed=number)


def _count(order: Order, frame: Frame, asked: int | None) -> int:
    left = _left_or_clash(order, frame)
    if frame.hole is not None and asked in (None, frame.hole.visits):
        return frame.hole.visits
    if frame.hole is not None:
        raise Invalid(f"{frame.hole.words}: plan {frame.hole.visits} now, the rest after that.", field="count")
    if asked is None:
        return left
    if not 1 <= asked <= left:
        raise Invalid(f"The order has {left} visits left: plan 1 to {left} of them.", field="count")
    return asked


def _bounds(order: Order, wish: Wishes, frame: Frame) -> Bounds:
    ends = [day for day in (wish.latest_end, order.valid_until) if day is not None]
    return Bounds(
        weekdays=frozenset(range(7) if wish.weekdays is None else wish.weekdays),
        time_from=wish.time_from or time.min,
        time_until=wish.time_until or time.max,
        latest_end=min(ends, default=None),
        after=frame.after,
        before=frame.hole.before if frame.hole else None,
        beyond_limits=wish.beyond_limits,
    )


def _left_or_clash(order: Order, frame: Frame) -> int:
    if not frame.left:
        raise Clash(f"All {order.visits} visits of this order are booked or given.", code="none-left")
    return frame.left


def book(
    *,
    order_id: UUID,
    visits: Sequence[PlannedVisit],
    by: User,
    now: datetime,
    limits_reason: str = "",
    visit_type: UUID | None = None,
) -> Series:
    """Book these visits on the order, all or none; fewer than are left leave the rest for later.

    A day outside the gaps is booked when a prescriber's signed exception names it. `limits_reason` books outside the
    patient's own days and hours. Raises Clash with `conflicts` when a place is gone, with the obstacles when the order
    does not allow booking, and Invalid (field visits) for more visits than are left or days outside the order's limits,
    (visit_type) as `propose` does.
    """
    return _place(order_id, visits, by, now, _Manner(limits_reason, visit_type))


def hold(
    *,
    order_id: UUID,
    visits: Sequence[PlannedVisit],
    by: User,
    now: datetime,
    limits_reason: str = "",
    visit_type: UUID | None = None,
) -> Series:
    """Take the places of these visits for as long as the clinic holds a series, and no longer; as `book` otherwise."""
    until = now + timedelta(hours=rules_of(by.clinic).hold_series_hours)
    # A place is held for nobody once its visit should have begun.
    until = min([until, *(visit.start for visit in visits if visit.start > now)])
    return _place(order_id, visits, by, now, _Manner(limits_reason, visit_type, until))


@dataclass(frozen=True)
class _Manner:
    """How visits are placed: why outside the patient's limits, as what type, and until when if they are only held."""

    limits_reason: str
    visit_type: UUID | None
    held_until: datetime | None = None


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


def _place(order_id: UUID, visits: Sequence[PlannedVisit], by: User, now: datetime, manner: _Manner) -> Series:
    with _on_order(order_id, by, now) as order, _ordered_time_stands():
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
            free=sorted(_exempt_days(order)),
            visit_type=manner.visit_type,
            limits_reason=manner.limits_reason,
            held_until=manner.held_until,
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
    course = course_of(order)
    days = [day_of(order, visit.start) for visit in course.visits]
    return days if course.last_before is None else [course.last_before, *days]


def _exempt_days(order: Order) -> set[date]:
    """The days that a signed exception names, and those of the visits that use one: these are not judged."""
    covered = exceptions.covered(order)
    stand = {day_of(order, visit.start) for visit in visits_of(order) if visit.pk in covered} if covered else set()
    return exceptions.open_days(order, kind=ExceptionKind.OUTSIDE_GAPS) | stand


def _open_series(order: Order) -> Series | None:
    fulfilled = order.fulfilments.select_related("series").order_by("series__id").first()
    return fulfilled.series if fulfilled else None


def _check_planned(order: Order, visits: Sequence[PlannedVisit], now: datetime) -> None:
    if not visits:
        raise Invalid("Name at least one visit.", field="visits")
    frame = frame_of(order, candidacy.newest(patient=order.patient), now=now)
    left = _left_or_clash(order, frame)
    if len(visits) > left:
        raise Invalid(f"The order has {left} visits left, not {len(visits)}.", field="visits", code="too-many")
    for number, visit in enumerate(sorted(visits, key=lambda planned: planned.start), start=1):
        if not is_valid(order, visit.start):
            raise Invalid(f"Visit {number} lies outside the days for which the order is valid.", field="visits")
    _check_first(frame, day_of(order, min(visit.start for visit in visits)))


def _check_first(frame: Frame, day: date) -> None:
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
