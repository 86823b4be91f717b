"""Exceptions from an order, signed by a prescriber for one visit on one day. The one writer of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.course import day_of, versions
from infusions.gaps import GAVE_NOTHING
from infusions.models import ExceptionKind, ExceptionUse, Order, OrderException, Visit
from infusions.models.course import IN_FORCE
from infusions.orders import signed_order
from infusions.signing import check_password, put_signature, signs
from patients.models import Patient
from scheduling.models import Appointment

MEANING = "allowed an exception"
signs(OrderException)


def allow(
    *, order_id: UUID, kind: str, day: date | None, reason: str, by: User, now: datetime, password: str
) -> OrderException:
    """Sign that one visit on that day may depart from the order: lie outside its gaps, or take place without an escort.

    Raises NotAllowed for anybody but a prescriber, Invalid (by field) for a day that is past or no reason, Clash for an
    order that is not in force, or the wrong password.
    """
    require(by, Permission.WRITE_ORDERS)
    order = signed_order(order_id)
    if order.clinic_id != by.clinic_id:
        raise NotFound("There is no such order.")
    on = _checked_day(order, kind, day, reason, now)
    check_password(by=by, password=password)
    with recorded(by=by):
        Patient.locked(order.patient_id)
        _check_in_force(signed_order(order_id))
        allowed = OrderException(
            order=order, patient=order.patient, kind=kind, day=on, reason=reason.strip(), author=by, entered_at=now
        )
        put_signature(allowed, by=by, meaning=MEANING, now=now)
        allowed.save()
    return allowed


def _checked_day(order: Order, kind: str, day: date | None, reason: str, now: datetime) -> date:
    """The day, once all of it makes sense."""
    errors: dict[str, list[str]] = {}
    if kind not in set(ExceptionKind):
        errors["kind"] = ["Say what is allowed."]
    if day is None:
        errors["day"] = ["Give the day of the visit."]
    elif day < order.clinic.today(now):
        errors["day"] = ["This day is past."]
    if not reason.strip():
        errors["reason"] = ["Write your reason. An exception without one is not recorded."]
    if errors or day is None:
        raise Invalid("The exception is not complete.", errors=errors)
    _check_in_force(order)
    return day


def _check_in_force(order: Order) -> None:
    if order.standing.status not in IN_FORCE:
        words = order.standing.status.replace("-", " ")
        raise Clash(f"The order is {words}; nothing can be allowed on it any more.", code=order.standing.status)


def of_order(order: Order) -> list[OrderException]:
    """All exceptions of an order and of the versions before it, newest first."""
    found = OrderException.objects.filter(order__in=[order.pk, *versions(order)]).select_related("author")
    return list(found.prefetch_related("uses__appointment").order_by("-recorded_at"))


def of_visit(visit: Visit) -> list[OrderException]:
    """What was allowed for this visit: what it used, and what was signed for its day to go without an escort. What came
    after the record was signed is no part of it."""
    day = visit.appointment.start.astimezone(visit.clinic.tz).date()
    mine = Q(kind=ExceptionKind.NO_ESCORT, patient=visit.patient_id, day=day) | Q(
        pk__in=ExceptionUse.objects.filter(appointment=visit.appointment_id).values("exception")
    )
    found = OrderException.objects.filter(mine)
    note = getattr(visit, "note", None)
    if note is not None and note.signed_at is not None:
        found = found.filter(entered_at__lte=note.signed_at)
    return list(found.order_by("recorded_at"))


def for_escort(visit: Visit) -> QuerySet[OrderException]:
    """What allows this visit to end without an escort, unless another visit of the day has used it."""
    day = visit.appointment.start.astimezone(visit.clinic.tz).date()
    signed = OrderException.objects.filter(kind=ExceptionKind.NO_ESCORT, patient=visit.patient_id, day=day)
    used = ExceptionUse.objects.filter(exception=OuterRef("pk")).exclude(appointment=visit.appointment_id)
    return signed.filter(~Exists(used)).order_by("recorded_at")


def open_days(order: Order, *, kind: ExceptionKind, moving: Collection[UUID] = ()) -> set[date]:
    """Days on which a visit may still depart in that way: signed for, and used by no other visit that stands there."""
    return {
        allowed.day
        for allowed in of_order(order)
        if allowed.kind == kind and not any(_stands(allowed, use, moving) for use in allowed.uses.all())
    }


def _stands(allowed: OrderException, use: ExceptionUse, moving: Collection[UUID] = ()) -> bool:
    visit = use.appointment
    if visit.pk in moving or visit.status in GAVE_NOTHING:
        return False
    return day_of(allowed.order, visit.start) == allowed.day


def covered(order: Order) -> set[UUID]:
    """The visits that stand on the day of an exception that they use."""
    return {
        use.appointment_id
        for allowed in of_order(order)
        if allowed.kind == ExceptionKind.OUTSIDE_GAPS
        for use in allowed.uses.all()
        if _stands(allowed, use)
    }


def note_use(order: Order, visits: Sequence[Appointment], *, by: Actor) -> None:
    """Tie visits outside the gaps to the exception of their day, so that it covers no other."""
    already = covered(order)
    left = [one for one in of_order(order) if one.kind == ExceptionKind.OUTSIDE_GAPS]
    with recorded(by=by):
        for visit in visits:
            fitting = next((one for one in left if one.day == day_of(order, visit.start)), None)
            if fitting is not None and visit.pk not in already:
                ExceptionUse.objects.get_or_create(exception=fitting, appointment=visit)
