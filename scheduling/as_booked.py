"""A visit as it stands: what it needs, where and with whom it is. What moving and booking it again begin with."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from config.refusals import Invalid
from scheduling import shape
from scheduling.models import Allocation, Appointment, VisitKind
from scheduling.models.places import Kind
from scheduling.shape import Need, Shape
from scheduling.taking import Wanted


def shape_of(visit: Appointment, minutes: int | None = None) -> Shape:
    """What the visit needs, of its own length or another: its type's spans as they are now, or a plain chair.

    One that became too short for its type goes on with what it was booked with. Raises Invalid (minutes) for another
    length that is too short.
    """
    length = visit.length // timedelta(minutes=1) if minutes is None else minutes
    if visit.visit_type_id is None:
        return shape.plain(length)
    try:
        return shape.load(
            clinic=visit.clinic, kind=VisitKind(visit.kind), minutes=length, visit_type=visit.visit_type_id
        )
    except Invalid as refusal:
        if refusal.code != "too-short" or timedelta(minutes=length) != visit.length:
            raise
        return _as_booked(visit, length)


def _as_booked(visit: Appointment, length: int) -> Shape:
    """Of its own places and people, each when the visit has it; of one that was cancelled a chair and a nurse."""
    rows = Allocation.objects.filter(appointment=visit, active=True).exclude(resource__kind=Kind.PATIENT)
    needs = [_need(visit, row, length) for row in rows.select_related("resource")]
    return replace(shape.plain(length), needs=tuple(needs) or shape.plain(length).needs, visit_type=visit.visit_type_id)


def _need(visit: Appointment, row: Allocation, length: int) -> Need:
    first = (row.during.lower - visit.start) // timedelta(minutes=1)
    # What a chair takes after the visit is its turnover, no need of the visit's.
    end = min((row.during.upper - visit.start) // timedelta(minutes=1), length)
    is_rest = row.resource.chair_id != visit.chair_id
    return Need(shape.as_what(row.resource.kind, lane=row.lane, is_rest=is_rest), first, end)


def as_before(visit: Appointment) -> Wanted:
    """The visit as it stands, as a wish."""
    return Wanted(visit.start, shape_of(visit))


def now_at(visit: Appointment) -> frozenset[UUID]:
    """Whom and what the visit has now."""
    having = (visit.chair_id, visit.nurse_id, visit.clinician_id, visit.recovery_place_id)
    return frozenset(place for place in having if place is not None)
