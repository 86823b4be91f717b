"""What a change of visits, orders or candidacy asks of the course, and what it means for the visits that stand.

Registered with the doors where these happen, so that none of them can forget it. Imported once, by `infusions.apps`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from config.audit.acting import Actor
from config.refusals import Clash, Invalid
from config.staff.models import User
from config.staff.permissions import Permission, can
from infusions import candidacy, exceptions, orders, repair
from infusions.course import coming, day_of, last_before, visits_left, visits_of
from infusions.gaps import GAVE_NOTHING
from infusions.models import CandidacyDecision, ExceptionKind, Order, OrderStanding, Visit
from infusions.orders import in_force, signed_order
from infusions.readiness import require_ready
from infusions.rescheduling import check_gap, order_of
from infusions.states import OrderStatus
from patients.models import TaskKind
from patients.tasks import Wanted, raise_tasks, withdraw_about
from scheduling import heeding
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import OCCUPIES, Status


@heeding.ask_before
def _may_stand_again(visit: Appointment, to: Status, by: Actor, now: datetime) -> None:  # noqa: ARG001
    """An infusion that comes back into the book, or is kept from a hold, needs its order as any booking does."""
    was_held = visit.status == Status.HELD
    if visit.kind != VisitKind.INFUSION or to not in OCCUPIES or (visit.status in OCCUPIES and not was_held):
        return
    if visit.start < now and not was_held:
        return  # what was is corrected, whatever the order says by now; visits that it crowds need repair
    list(OrderStanding.objects.select_for_update().filter(patient=visit.patient_id))
    order = order_of(visit)
    if order is None:
        raise Clash("No order is in force for this patient, so this infusion cannot be booked again.", code="no-order")
    require_ready(order, now=now)
    if was_held:
        return  # it was counted and judged when it was held
    if not visits_left(order):
        raise Clash(f"All {order.visits} visits of this order are booked or given.", code="none-left")
    with _as_clash():
        _check_between(order, visit)


def _check_between(order: Order, visit: Appointment) -> None:
    """The gap to the visit before and to the one after, with the visit back in its place."""
    days = sorted([(other.start, other.pk) for other in visits_of(order)] + [(visit.start, visit.pk)])
    exempt = exceptions.open_days(order, kind=ExceptionKind.OUTSIDE_GAPS, moving=[visit.pk])
    covered = exceptions.covered(order)
    before, was = last_before(order), None
    for start, pk in days:
        day = day_of(order, start)
        if visit.pk in (pk, was) and day not in exempt and pk not in covered:
            check_gap(order, before, day)
        before, was = day, pk


@contextmanager
def _as_clash() -> Iterator[None]:
    """What a booking would call invalid is, for something that stood there before, a change that came between."""
    try:
        yield
    except Invalid as refusal:
        raise Clash(refusal.message, code=refusal.code) from refusal


@heeding.ask_before
def _may_step_back(visit: Appointment, to: Status, by: Actor, now: datetime) -> None:  # noqa: ARG001
    """Nobody takes the chair away from under a record: an opened visit ends in its record. Who charts may step back."""
    leaves = to in GAVE_NOTHING - {Status.NOT_TREATED}
    steps_back = visit.status == Status.CHECKED_IN and to == Status.ARRIVED and not can(by, Permission.CHART)
    if (leaves or steps_back) and Visit.objects.filter(appointment=visit).exists():
        raise Clash("The visit's record is open. It goes on, or ends as not treated, in the record.", code="open")


@heeding.tell_after
def _look_again(visits: Sequence[Appointment], by: Actor, now: datetime) -> None:
    """A change of one visit may break the gaps of the others."""
    infusions = {visit.patient_id: visit for visit in visits if visit.kind == VisitKind.INFUSION}
    for visit in visits:
        if visit.status in GAVE_NOTHING:
            withdraw_about(kind=TaskKind.ORDER_CHANGED, about=visit.pk, by=by, now=now)
    for visit in infusions.values():
        if _changes_gaps(visit):
            repair.light_up(patient=visit.patient, by=by, now=now)


@orders.tell_after
def _list_for_desk(order: Order, status: OrderStatus, by: User, now: datetime) -> None:
    """An order that ends leaves its coming visits to the desk, one task each; one that begins is compared with them.
    None is moved or cancelled by itself."""
    lit = repair.light_up(patient=order.patient, by=by, now=now) if status == OrderStatus.ACTIVE else {}
    ahead = coming(visits_of(order), now)
    if status in (OrderStatus.STOPPED, OrderStatus.COMPLETED, OrderStatus.ENTERED_IN_ERROR):
        spoken = status.value.replace("-", " ")
        _ask_about(order, ahead, f"The order is {spoken}: this visit is still booked. Call, then cancel it.", by, now)
    elif status == OrderStatus.ACTIVE and order.supersedes_id and order.signed_at == now:
        # Those that do not fit it any more have a task of their own, which says why.
        fitting = [visit for visit in ahead if visit.pk not in lit]
        _ask_about(order, fitting, "A new version of the order is signed. This visit still fits it.", by, now)


@candidacy.tell_after
def _ask_about_booked(decision: CandidacyDecision, by: User, now: datetime) -> None:
    """Whoever is not a candidate any more may still have visits booked: one task each. None is cancelled by itself."""
    order = in_force(patient=decision.patient)
    if order is None or candidacy.is_accepted(decision):
        return
    whole = signed_order(order.pk)
    words = "The decision on candidacy has changed: this visit is still booked. Ask the prescriber, then call."
    _ask_about(whole, coming(visits_of(whole), now), words, by, now)


def _ask_about(order: Order, visits: Sequence[Appointment], words: str, by: User, now: datetime) -> None:
    wanted = [
        Wanted(order.patient, TaskKind.ORDER_CHANGED, words, about=visit.pk, about_kind="appointment")
        for visit in visits
    ]
    if wanted:
        raise_tasks(clinic=order.clinic, wanted=wanted, by=by, now=now)


def _changes_gaps(visit: Appointment) -> bool:
    """Coming and going of a visit counts; the steps of one that takes place do not."""
    return visit.status in {Status.BOOKED, Status.HELD} | GAVE_NOTHING
