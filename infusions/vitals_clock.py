"""When vital signs are due, by the interval that the order's prescriber typed. None typed, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Model, OuterRef, QuerySet, Subquery

from config.staff.models import User
from config.staff.permissions import Permission, can
from infusions.models import Administration, Order, Visit, VitalsSet
from infusions.models.flowsheet import AdministrationKind
from scheduling import watching
from scheduling.states import PRESENT


@dataclass(frozen=True)
class Stand:
    """Where a visit stands: since when each part of it, None for a part that has not begun, and the last set."""

    opened_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    last_set_at: datetime | None


def next_due(order: Order | None, stand: Stand) -> datetime | None:
    """Counted from the last set, or from when this part of the visit began if there is none in it."""
    if order is None:
        return None
    minutes, since = order.vitals_before_minutes, stand.opened_at
    if stand.ended_at is not None:
        minutes, since = order.vitals_after_minutes, stand.ended_at
    elif stand.started_at is not None:
        minutes, since = order.vitals_during_minutes, stand.started_at
    if minutes is None:
        return None
    return max(since, stand.last_set_at or since) + timedelta(minutes=minutes)


def due_of(appointments: Collection[UUID]) -> dict[UUID, datetime]:
    """Of each appointment whose patient is here under an order with an interval, when the next set is due. One query
    however many; no query for none."""
    if not appointments:
        return {}
    visits = Visit.objects.filter(appointment__in=appointments, appointment__status__in=PRESENT, order__isnull=False)
    told = visits.select_related("order").annotate(
        started_at=_newest(Administration, kind=AdministrationKind.START),
        ended_at=_newest(Administration, kind=AdministrationKind.END),
        last_set_at=_newest(VitalsSet),
    )
    found = {}
    for visit in told:
        due = next_due(visit.order, Stand(visit.opened_at, visit.started_at, visit.ended_at, visit.last_set_at))
        if due is not None:
            found[visit.appointment_id] = due
    return found


def _newest(model: type[Model], **kind: str) -> Subquery:
    rows: QuerySet[Model] = model.objects.standing().filter(visit=OuterRef("pk"), **kind)  # type: ignore[attr-defined]
    return Subquery(rows.order_by("-observed_at").values("observed_at")[:1])


@watching.clocks_of
def _clocks(person: User, appointments: Collection[UUID]) -> dict[UUID, datetime]:
    """What the board shows: to those who see clinical records, for an interval says something of the order."""
    return due_of(appointments) if can(person, Permission.SEE_CLINICAL) else {}
