"""What ends the waiting without anybody saying so: a booking, a move, a visit that is gone, an order that ended.

Registered with the doors where these happen, so that none of them can forget it. Imported once, by `infusions.apps`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from config.audit.acting import Actor, recorded
from config.refusals import Clash
from config.staff.models import User
from infusions import orders
from infusions.models import Order, WaitlistEntry, WaitlistOffer
from infusions.models.course import IN_FORCE
from infusions.models.waitlist import Closed
from infusions.states import OrderStatus
from infusions.waitlist.settling import close
from scheduling import heeding
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status

ENDED = (OrderStatus.STOPPED, OrderStatus.COMPLETED, OrderStatus.ENTERED_IN_ERROR)


@heeding.tell_of_booking
def _booked(visits: Sequence[Appointment], by: Actor, now: datetime) -> None:
    """Whoever was waiting for such a visit has one now, however it was booked."""
    for kind in VisitKind:
        patients = [visit.patient_id for visit in visits if visit.kind == kind]
        if patients:
            waiting = WaitlistEntry.objects.filter(
                patient__in=patients, appointment__isnull=True, order__isnull=kind == VisitKind.CONSULT
            )
            _close(waiting, Closed.BOOKED, by, now)


@heeding.tell_after
def _changed(visits: Sequence[Appointment], by: Actor, now: datetime) -> None:
    """A visit that somebody would like earlier was moved earlier, or is none to wait for any more; or it stands again
    as it did, and they wait again."""
    waits = WaitlistEntry.objects.filter(appointment__in=[visit.pk for visit in visits])
    found = {entry.appointment_id: entry for entry in waits.order_by("since")}
    for visit in visits:
        entry = found.get(visit.pk)
        if entry is None:
            continue
        if visit.status != Status.BOOKED:
            _close(waits.filter(appointment=visit), Closed.VISIT_GONE, by, now)
        elif entry.visit_start is not None and visit.start < entry.visit_start:
            _close(waits.filter(appointment=visit), Closed.MOVED, by, now)
        elif visit.start == entry.visit_start:
            _wait_again(entry, by)


def _close(waiting: QuerySet[WaitlistEntry], reason: Closed, by: Actor, now: datetime) -> None:
    rows = list(waiting.filter(closed_at__isnull=True).select_for_update(of=("self",)).order_by("pk"))
    if rows:
        with recorded(by=by):
            for entry in rows:
                close(entry, reason, by=by, now=now)


def _wait_again(seen: WaitlistEntry, by: Actor) -> None:
    if seen.closed_reason not in (Closed.VISIT_GONE, Closed.MOVED):
        return
    if seen.order is not None and OrderStatus(seen.order.standing.status) not in IN_FORCE:
        return
    with recorded(by=by, reason="the visit stands again as it did"):
        entry = WaitlistEntry.locked(seen.pk)
        entry.closed_at, entry.closed_reason = None, ""
        entry.save()


@orders.tell_after
def _order_changed(order: Order, status: OrderStatus, by: User, now: datetime) -> None:
    """Nobody waits on an order that ended; whoever waited on an earlier version waits on the new one."""
    if status in ENDED:
        _close(WaitlistEntry.objects.filter(order=order), Closed.ORDER_ENDED, by, now)
    elif status == OrderStatus.ACTIVE and order.supersedes_id is not None:
        waiting = WaitlistEntry.objects.filter(order=order.supersedes_id, closed_at__isnull=True)
        for entry in waiting.select_for_update(of=("self",)).order_by("pk"):
            entry.order = order
            entry.save()


@heeding.ask_before
def _held_for_an_answer(visit: Appointment, to: Status, by: Actor, now: datetime) -> None:  # noqa: ARG001
    """What is held for an offer becomes a booking by the answer alone, which books through the order."""
    if visit.status == Status.HELD and to == Status.BOOKED and WaitlistOffer.objects.filter(hold=visit).exists():
        raise Clash("This place is offered from the waitlist. Record the answer there.", code="offered")
