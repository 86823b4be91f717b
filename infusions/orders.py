"""Protocol orders: drafted, signed, superseded, held, stopped. The one writer of orders and of their standing."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.candidacy import current
from infusions.models import Order, OrderStanding
from infusions.models.course import IN_FORCE
from infusions.protocol import check_complete, check_pairs, checked
from infusions.signing import check_password, put_signature, signs
from infusions.states import ORDER_MOVES, OrderStatus
from patients.models import Patient

MEANING = "ordered"
WITH_STANDING = ("standing", "patient", "clinic")
signs(Order)

# The four things without which no visit can be booked, in the words of a refusal.
BOOKING_LIMITS = {
    "visits": "number of visits",
    "min_gap_days": "smallest gap",
    "max_gap_days": "largest gap",
    "chair_minutes": "chair time",
}


Listener = Callable[[Order, OrderStatus, User, datetime], None]
_listeners: list[Listener] = []


@dataclass(frozen=True)
class Limits:
    """What booking reads from an order: whole numbers and days as the prescriber typed them, None where blank."""

    visits: int | None
    min_gap_days: int | None
    max_gap_days: int | None
    chair_minutes: int | None
    first_from: date | None
    first_until: date | None

    @property
    def missing(self) -> list[str]:
        """The limits that are blank, in words."""
        return [words for name, words in BOOKING_LIMITS.items() if getattr(self, name) is None]


@dataclass(frozen=True)
class Read:
    """Which copy somebody looked at before they acted: the version of the order, and that of its standing. None: any.

    A signed order keeps its version for ever; what changes is its standing.
    """

    version: int | None = None
    standing_version: int | None = None


ANY = Read()


@dataclass(frozen=True)
class DeskView:
    """All that people without access to clinical records see of an order."""

    id: UUID
    patient_id: UUID
    status: str
    signed_at: datetime
    signed_name: str
    visits: int | None
    min_gap_days: int | None
    max_gap_days: int | None
    chair_minutes: int | None


# Drafts


def draft(*, patient: Patient, by: User, now: datetime, **fields: Any) -> Order:
    """Begin an order; fields that are not given are blank. Raises Clash when `by` has a draft for the patient already,
    Invalid by field for values that must be typed again.
    """
    with _writing(patient_id=patient.pk, by=by) as whose:
        return _new(patient=whose, by=by, now=now, fields=fields)


def change_draft(*, order_id: UUID, by: User, now: datetime, version: int | None, **fields: Any) -> Order:
    """Store what the author typed. Fields that are not given stay as they are. Raises Stale, Invalid, NotAllowed."""
    with _writing(patient_id=_patient_of(order_id), by=by):
        order = own_draft(order_id, by=by, version=version)
        _fill(order, fields, now)
        order.save()
    return order


def discard(*, order_id: UUID, by: User, now: datetime, version: int | None = None) -> Order:
    """Put the author's own draft away, unsigned. Raises Stale, NotAllowed, Clash."""
    with _writing(patient_id=_patient_of(order_id), by=by, gone_too=True):
        order = own_draft(order_id, by=by, version=version)
        order.discarded_at = now
        order.save()
    return order


def supersede(*, order_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> Order:
    """Begin a new version: an empty draft that names the old order and why. Nothing of the old one is copied.

    Raises Stale when the old one is not as it was `read`.
    """
    if not reason.strip():
        raise Invalid("Say why the order changes.", field="reason")
    with _writing(patient_id=_patient_of(order_id), by=by) as patient:
        old = _as_read(signed_order(order_id), read)
        _check_move(old.standing.status, OrderStatus.SUPERSEDED)
        return _new(patient=patient, by=by, now=now, fields={}, supersedes=old, supersedes_reason=reason)


def _new(*, patient: Patient, by: User, now: datetime, fields: dict[str, Any], **naming: Any) -> Order:
    existing = draft_of(patient=patient, by=by)
    if existing is not None:
        raise Clash("You have a draft for this patient already. Sign it or discard it first.", draft=str(existing.pk))
    order = Order(clinic_id=patient.clinic_id, patient=patient, author=by, **naming)
    _fill(order, fields, now)
    order.save()
    return order


def _fill(order: Order, fields: dict[str, Any], now: datetime) -> None:
    for name, value in checked(fields).items():
        setattr(order, name, value)
    order.entered_at = now
    check_pairs(order)


def draft_of(*, patient: Patient, by: User) -> Order | None:
    """This person's open draft for the patient. Nobody is ever given another's."""
    drafts = Order.objects.filter(patient=patient, author=by, signed_at__isnull=True, discarded_at__isnull=True)
    return drafts.select_related("supersedes", "patient").first()


# Signing


def sign(*, order_id: UUID, by: User, now: datetime, password: str, version: int | None) -> Order:
    """Sign one's own draft: it is in force from now on and never changes again; the order that it supersedes ends.

    Raises Stale when the draft is not the one that was reviewed, Invalid for the wrong password or an order that cannot
    be read safely, Clash when another order of the patient is in force.
    """
    require(by, Permission.WRITE_ORDERS)
    patient_id = _patient_of(order_id)
    check_complete(own_draft(order_id, by=by, version=version, lock=False))
    check_password(by=by, password=password)
    with _writing(patient_id=patient_id, by=by) as patient:
        order = own_draft(order_id, by=by, version=version)
        check_complete(order)
        if order.supersedes is not None:
            _move_standing(order.supersedes, OrderStatus.SUPERSEDED, by=by, now=now, reason=order.supersedes_reason)
        _refuse_second(patient)
        order.candidacy = current(patient=patient, on=patient.clinic.today(now))
        put_signature(order, by=by, meaning=MEANING, now=now)
        order.save()
        OrderStanding(order=order, patient=patient, status=OrderStatus.ACTIVE, since=now, moved_by=by).save()
        _tell(order, OrderStatus.ACTIVE, by, now)
    return order


def _refuse_second(patient: Patient) -> None:
    other = in_force(patient=patient)
    if other is not None:
        raise Clash(
            f"An order signed by {other.signed_name} is in force for this patient. Supersede or stop that one first.",
            in_force=str(other.pk),
        )


# Standing


def hold(*, order_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> OrderStanding:
    """Nothing more is booked on the order until it is resumed."""
    return _move(order_id, OrderStatus.ON_HOLD, by=by, now=now, reason=reason, read=read)


def resume(*, order_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> OrderStanding:
    """End a hold."""
    return _move(order_id, OrderStatus.ACTIVE, by=by, now=now, reason=reason, read=read)


def stop(*, order_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> OrderStanding:
    """End the order for good. Visits that are booked stay booked until the desk releases them."""
    return _move(order_id, OrderStatus.STOPPED, by=by, now=now, reason=reason, read=read)


def complete(*, order_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> OrderStanding:
    """The course is at its end, though visits may be left. A new version can still follow."""
    return _move(order_id, OrderStatus.COMPLETED, by=by, now=now, reason=reason, read=read)


def enter_in_error(*, order_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> OrderStanding:
    """The order should never have been signed. It stays readable, and nothing is booked or opened on it any more."""
    return _move(order_id, OrderStatus.ENTERED_IN_ERROR, by=by, now=now, reason=reason, read=read)


def _move(order_id: UUID, to: OrderStatus, *, by: User, now: datetime, reason: str, read: Read) -> OrderStanding:
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    # What was ordered for somebody who has died is still to be ended.
    ends = to != OrderStatus.ACTIVE
    with _writing(patient_id=_patient_of(order_id), by=by, reason=reason, gone_too=ends):
        order = _as_read(signed_order(order_id), read)
        return _move_standing(order, to, by=by, now=now, reason=reason)


def _as_read(order: Order, read: Read) -> Order:
    """The order, if it and its standing are as they were read. Read only now, when its patient's row is locked."""
    order.as_read(read.version)
    order.standing.as_read(read.standing_version)
    return order


def _move_standing(order: Order, to: OrderStatus, *, by: User, now: datetime, reason: str) -> OrderStanding:
    standing = OrderStanding.locked(order.standing.pk)
    _check_move(standing.status, to)
    standing.status, standing.reason, standing.since, standing.moved_by = to, reason, now, by
    standing.save()
    _tell(order, to, by, now)
    return standing


def tell_after(listener: Listener) -> Listener:
    """Tell this, in the same transaction, after an order came into force or its standing changed."""
    _listeners.append(listener)
    return listener


def _tell(order: Order, status: OrderStatus, by: User, now: datetime) -> None:
    for listener in _listeners:
        listener(order, status, by, now)


def _check_move(status: str, to: OrderStatus) -> None:
    if to not in ORDER_MOVES[OrderStatus(status)]:
        raise Clash(f"This order is {status.replace('-', ' ')}; it cannot become {to.value.replace('-', ' ')}.")


# Reading


def own_draft(order_id: UUID, *, by: User, version: int | None = None, lock: bool = True) -> Order:
    """An open draft of this person's. Raises NotFound, Clash once it is signed, NotAllowed if it is somebody else's."""
    order = Order.locked(order_id, version=version) if lock else Order.objects.filter(pk=order_id).first()
    if order is None or order.clinic_id != by.clinic_id or order.discarded_at is not None:
        raise NotFound("There is no such order.")
    if order.is_signed:
        raise Clash("This order is signed; nothing in it can be changed. A change is a new version.", code="signed")
    if order.author_id != by.pk:
        raise NotAllowed("This draft is somebody else's.")
    return order


def signed() -> QuerySet[Order]:
    """Signed orders, each with what booking asks of it."""
    return Order.objects.filter(signed_at__isnull=False).select_related(*WITH_STANDING)


def signed_order(order_id: UUID) -> Order:
    """A signed order with its standing. Raises Clash while it is a draft."""
    order = Order.objects.select_related(*WITH_STANDING).filter(pk=order_id).first()
    if order is None:
        raise NotFound("There is no such order.")
    if not order.is_signed:
        raise Clash("This order is a draft: it is not signed.", code="not-signed")
    return order


def in_force(*, patient: Patient) -> Order | None:
    """The patient's order that is active or on hold; there is one at most."""
    found = OrderStanding.objects.filter(patient=patient, status__in=IN_FORCE).select_related("order").first()
    return found.order if found else None


def in_force_of(patients: Collection[UUID]) -> dict[UUID, Order]:
    """The same of several patients, each order with its standing. One query."""
    related = ("moved_by", "order__clinic", "order__patient", "order__supersedes")
    found = OrderStanding.objects.filter(patient__in=patients, status__in=IN_FORCE).select_related(*related)
    return {standing.patient_id: standing.order for standing in found}


def active_order(*, patient: Patient) -> Order | None:
    """The patient's order on which visits can be booked."""
    found = OrderStanding.objects.filter(patient=patient, status=OrderStatus.ACTIVE).select_related("order").first()
    return found.order if found else None


def limits(order: Order) -> Limits:
    """What booking may read of it."""
    return Limits(
        visits=order.visits,
        min_gap_days=order.min_gap_days,
        max_gap_days=order.max_gap_days,
        chair_minutes=order.chair_minutes,
        first_from=order.first_visit_from,
        first_until=order.first_visit_until,
    )


def desk_view(order: Order) -> DeskView:
    """What the front desk sees of a signed order. Raises Clash for a draft, of which it sees nothing."""
    if order.signed_at is None:
        raise Clash("This order is a draft: it is not signed.", code="not-signed")
    return DeskView(
        id=order.pk,
        patient_id=order.patient_id,
        status=order.standing.status,
        signed_at=order.signed_at,
        signed_name=order.signed_name,
        visits=order.visits,
        min_gap_days=order.min_gap_days,
        max_gap_days=order.max_gap_days,
        chair_minutes=order.chair_minutes,
    )


@contextmanager
def _writing(*, patient_id: UUID, by: User, reason: str = "", gone_too: bool = False) -> Iterator[Patient]:
    """A prescriber acts, on a patient of theirs, whose row is locked: one hand at a time on a patient's orders.

    `gone_too`: also where the patient has died, or the record was merged away.
    """
    require(by, Permission.WRITE_ORDERS)
    with recorded(by=by, reason=reason):
        patient = Patient.locked(patient_id)
        if patient.clinic_id != by.clinic_id:
            raise NotFound("There is no such patient.")
        if not (gone_too or patient.may_be_contacted):
            raise Invalid("No order can be written here: the patient is recorded as deceased or merged with another.")
        yield patient


def _patient_of(order_id: UUID) -> UUID:
    found = Order.objects.filter(pk=order_id).values_list("patient_id", flat=True).first()
    if found is None:
        raise NotFound("There is no such order.")
    return found
