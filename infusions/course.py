"""What counts of an order: the visits that were given or are booked on it, whichever version they were booked for."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from infusions.gaps import GAVE_NOTHING
from infusions.models import Fulfilment, Order, Visit
from scheduling.models import Appointment
from scheduling.states import Status

NOT_BEGUN = (Status.HELD, Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN)


def versions(order: Order) -> list[UUID]:
    """The orders that this one came to replace, newest first, itself left out."""
    found, earlier = [], order.supersedes
    while earlier is not None:
        found.append(earlier.pk)
        earlier = earlier.supersedes
    return found


def visits_of(order: Order) -> list[Appointment]:
    """The order's visits that are given or booked, by time.

    Visits that were booked for an earlier version and have not begun will take place under this one, so they count
    here; those that were given under an earlier version count there.
    """
    counts = Q(series__in=_series([order.pk]))
    earlier = versions(order)
    if earlier:
        counts |= Q(series__in=_series(earlier), status__in=NOT_BEGUN)
        counts |= Q(pk__in=Visit.objects.filter(order=order).values("appointment"))
    booked = Appointment.objects.filter(counts).exclude(status__in=GAVE_NOTHING)
    return list(booked.select_related("chair", "clinic").order_by("start"))


def _series(orders: Iterable[UUID]) -> QuerySet[Fulfilment, UUID]:
    return Fulfilment.objects.filter(order__in=orders).values_list("series", flat=True)


def visits_left(order: Order) -> int | None:
    """How many visits of the order are neither given nor booked; None when the order does not say how many."""
    return None if order.visits is None else max(order.visits - len(visits_of(order)), 0)


def last_before(order: Order) -> date | None:
    """The clinic day of the last visit that was given under earlier versions: the next one keeps its gap to it."""
    earlier = versions(order)
    given = Appointment.objects.filter(series__in=_series(earlier)).exclude(status__in=(*GAVE_NOTHING, *NOT_BEGUN))
    last = given.order_by("-start").values_list("start", flat=True).first() if earlier else None
    return day_of(order, last) if last else None


def day_of(order: Order, moment: datetime) -> date:
    """The clinic day of an instant."""
    return moment.astimezone(order.clinic.tz).date()


def coming(visits: Iterable[Appointment], now: datetime) -> list[Appointment]:
    """Those that are still to come."""
    return [visit for visit in visits if visit.status in (Status.HELD, Status.BOOKED) and visit.start > now]
