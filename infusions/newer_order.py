"""Which order a visit stands under, and how it goes on under a version that was signed after its record was opened."""

from datetime import datetime
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.charting import check_open, locked_visit
from infusions.models import Administration, Fulfilment, NewerOrder, Order, Visit
from infusions.states import OrderStatus
from infusions.steps import check_in_force
from scheduling.models import Appointment
from scheduling.states import Status


def order_in_force(appointment: Appointment) -> Order | None:
    """The order that the appointment's series fulfils, or the signed one that has superseded it since."""
    fulfilments = Fulfilment.objects.filter(series=appointment.series_id)
    fulfilment = fulfilments.select_related("order__standing").first() if appointment.series_id else None
    return _newest(fulfilment.order) if fulfilment else None


def newer_order(visit: Visit) -> Order | None:
    """The version that has come into force in place of the one that the visit stands under, while nothing was given.

    None where there is none. No query while the visit's own order is in force.
    """
    if visit.order is None or visit.order.standing.status != OrderStatus.SUPERSEDED:
        return None
    if visit.appointment.status != Status.CHECKED_IN:
        return None
    newest = _newest(visit.order)
    return newest if newest is not None and newest.standing.status == OrderStatus.ACTIVE else None


def take_newer_order(
    *,
    visit_id: UUID,
    by: User,
    now: datetime,
    version: int | None = None,
    appointment_version: int | None = None,
) -> Visit:
    """Let the visit go on under the version of its order that is in force now. Nothing of either order is copied.

    The versions, when given, are those of the visit and its appointment as they were read. A visit that stands under
    the order in force already is given back as it is. Raises NotAllowed, NotFound, Stale, and Clash when something was
    given or none is in force.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by):
        visit = locked_visit(visit_id, by=by)
        visit.as_read(version)
        visit.appointment.as_read(appointment_version)
        check_open(visit)
        newer = newer_order(visit)
        if newer is None:
            return _as_it_stands(visit, now=now)
        _check_nothing_given(visit)
        taken = NewerOrder(visit=visit, before=visit.order, order=newer, author=by, entered_at=now)
        visit.order = newer
        check_in_force(visit, now=now)
        taken.save(force_insert=True)
        visit.save()
    return visit


def _newest(order: Order) -> Order | None:
    """The order itself, or the signed one at the end of those that have superseded it."""
    found: Order | None = order
    while found is not None and found.standing.status == OrderStatus.SUPERSEDED:
        newer = Order.objects.filter(supersedes=found, signed_at__isnull=False)
        found = newer.select_related("standing").first()
    return found


def _as_it_stands(visit: Visit, *, now: datetime) -> Visit:
    if visit.appointment.status != Status.CHECKED_IN:
        raise Clash("This visit is past its start: it stays under the order with which it began.", code="begun")
    check_in_force(visit, now=now)
    return visit


def _check_nothing_given(visit: Visit) -> None:
    if Administration.objects.standing().filter(visit=visit).exists():
        raise Clash("Something was given already, under the order that the visit stands under.", code="begun")
