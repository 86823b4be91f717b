"""What counts of an order: the visits that were given or are booked on it, whichever version they were booked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from infusions.gaps import GAVE_NOTHING
from infusions.models import Fulfilment, Order, Visit
from scheduling.models import Appointment
from scheduling.states import Status

NOT_BEGUN = (Status.HELD, Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN)


def versions(order: Order) -> list[UUID]:
    """The orders that this one came to replace, newest first, itself left out. One query, none for a first version."""
    if order.supersedes_id is None:
        return []
    replaced = dict(Order.objects.filter(patient=order.patient_id).values_list("pk", "supersedes"))
    found: list[UUID] = []
    earlier: UUID | None = order.supersedes_id
    while earlier is not None:
        found.append(earlier)
        earlier = replaced[earlier]
    return found


@dataclass(frozen=True)
class Course:
    """The order's visits that are given or booked, by time, and the clinic day of the last one before them that was
    given under an earlier version: the next one keeps its gap to it."""

    visits: list[Appointment]
    last_before: date | None


def course_of(order: Order) -> Course:
    """What counts of the order.

    Visits that were booked for an earlier version and have not begun will take place under this one, so they count
    here; those that were given under an earlier version count there. One query, two for a version of an earlier one.
    """
    given_here = Visit.objects.filter(order=order)
    booked_for = Fulfilment.objects.filter(order__in=[order.pk, *versions(order)]).values("series")
    rows = (
        Appointment.objects.filter(patient=order.patient_id)
        .filter(Q(series__in=booked_for) | Q(pk__in=given_here.values("appointment")))
        .exclude(status__in=GAVE_NOTHING)
        .annotate(
            is_own=Exists(Fulfilment.objects.filter(order=order, series=OuterRef("series"))),
            is_given_here=Exists(given_here.filter(appointment=OuterRef("pk"))),
        )
    )
    visits: list[Appointment] = []
    before = None
    for visit in rows.select_related("chair", "clinic").order_by("start"):
        if visit.is_own or visit.is_given_here or visit.status in NOT_BEGUN:
            visits.append(visit)
        else:
            before = day_of(order, visit.start)
    return Course(visits, before)


def visits_of(order: Order) -> list[Appointment]:
    """The order's visits that are given or booked, by time."""
    return course_of(order).visits


def newest_for(visit: Appointment) -> Order | None:
    """The newest signed version of the order that the visit was booked for, in force or not."""
    booked = Fulfilment.objects.filter(series=visit.series_id).select_related("order__clinic").first()
    found = booked.order if booked else None
    later = found
    while later is not None:
        found = later
        later = Order.objects.filter(supersedes=found, signed_at__isnull=False).select_related("clinic").first()
    return found


def visits_left(order: Order) -> int | None:
    """How many visits of the order are neither given nor booked; None when the order does not say how many."""
    return None if order.visits is None else max(order.visits - len(visits_of(order)), 0)


def last_before(order: Order) -> date | None:
    """The clinic day of the last visit that was given under earlier versions: the next one keeps its gap to it."""
    return course_of(order).last_before if order.supersedes_id else None


def day_of(order: Order, moment: datetime) -> date:
    """The clinic day of an instant."""
    return moment.astimezone(order.clinic.tz).date()


def coming(visits: Iterable[Appointment], now: datetime) -> list[Appointment]:
    """Those that are still to come."""
    return [visit for visit in visits if visit.status in (Status.HELD, Status.BOOKED) and visit.start > now]
