"""Putting visits into places: lock, look, choose, write; and what to say when the place is gone.

`booking` and `series` are built from these steps. Nothing here opens a transaction or knows a permission.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from config.audit.acting import Actor
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid
from config.staff.models import Clinic, User
from patients.models import Patient
from scheduling import hours, resources, taking
from scheduling.availability import next_free
from scheduling.models import Allocation, Appointment, Chair
from scheduling.resources import Resources
from scheduling.taking import Conflict, Seat, Wanted

OVERLAP = "23P01"


def wanted_visit(*, start: datetime, minutes: int, chair: UUID | None = None, nurse: UUID | None = None) -> Wanted:
    """A wish as a period of real time. Raises Invalid for a length that is none, or a start without a zone."""
    hours.check_length(minutes)
    if start.tzinfo is None:
        raise Invalid("The start needs its offset from UTC.", field="start")
    return Wanted(start, start + timedelta(minutes=minutes), chair, nurse)


def lock_for(*, patient: Patient, clinic: Clinic) -> Resources:
    """Lock what a visit of this patient could take. Raises Invalid for somebody who cannot be booked."""
    if patient.clinic_id != clinic.pk:
        raise Invalid("There is no such patient at this clinic.", field="patient")
    places = resources.lock(clinic=clinic, patient=patient)
    if not places.patient_is_bookable:
        raise Invalid(
            "This patient has died or was merged into another record: nothing can be booked.", field="patient"
        )
    return places


def find_seats(
    *, places: Resources, wanted: Sequence[Wanted], clinic: Clinic, except_for: Sequence[UUID] = ()
) -> list[Seat | Conflict]:
    """A seat or a conflict for each wanted visit, as things stand under the lock."""
    for visit in wanted:
        taking.check_known(places, visit)
    periods = [(visit.start, visit.end) for visit in wanted]
    taken = resources.taken(numbers=places.numbers(), periods=periods, except_for=except_for)
    return taking.seats(resources=places, wanted=wanted, taken=taken, zone=clinic.tz)


def seat_or_clash(seat: Seat | Conflict) -> Seat:
    if isinstance(seat, Conflict):
        raise Clash(seat.words, field="start", **seat.facts)
    return seat


def new_visit(patient: Patient, clinic: Clinic, wanted: Wanted, seat: Seat, by: Actor, now: datetime) -> Appointment:
    """A visit as it will be written, not yet saved."""
    return Appointment(
        clinic=clinic,
        patient=patient,
        start=wanted.start,
        end=wanted.end,
        chair_id=seat.chair.id,
        nurse_id=seat.nurse.id,
        booked_at=now,
        booked_by=by if isinstance(by, User) else None,
    )


def write(visits: Sequence[Appointment], seats: Sequence[Seat], places: Resources) -> None:
    """Save visits and what they take, with history: four statements, however many visits."""
    bulk_create_with_history(visits, Appointment)
    rows = []
    for visit, seat in zip(visits, seats, strict=True):
        during = DateTimeTZRange(visit.start, visit.end, "[)")
        for number, lane in ((seat.chair.number, 0), (seat.nurse.number, seat.lane), (places.patient_number, 0)):
            rows.append(Allocation(appointment=visit, resource_id=number, lane=lane, during=during))
    bulk_create_with_history(rows, Allocation)


@contextmanager
def last_word() -> Iterator[None]:
    """What the exclusion constraint refuses becomes a Clash; outside the transaction, which it has ended."""
    try:
        yield
    except IntegrityError as error:
        if sqlstate(error) != OVERLAP:
            raise
        raise Clash("That place was taken a moment ago. Nothing was changed.", field="start", taken=[]) from error


@contextmanager
def told_what_is_free(
    clinic: Clinic, minutes: int, start: datetime, now: datetime, patient: Patient, chair: Chair | None = None
) -> Iterator[None]:
    """Add the next free starts to a Clash on its way out, after the transaction is gone."""
    try:
        yield
    except Clash as clash:
        if "taken" in clash.facts:
            chairs = [chair] if chair else None
            clash.facts["next_free"] = next_free(
                clinic=clinic, minutes=minutes, after=start, now=now, patient=patient, chairs=chairs
            )
        raise


def take(visit: Appointment, seat: Seat, places: Resources) -> None:
    """Point the visit's allocations at this seat for its time, and make them count."""
    lanes = ((seat.chair.number, 0), (seat.nurse.number, seat.lane), (places.patient_number, 0))
    rows = list(visit.allocations.order_by("resource__kind"))
    during = DateTimeTZRange(visit.start, visit.end, "[)")
    for row, (number, lane) in zip(rows, lanes, strict=True):
        row.resource_id, row.lane, row.during, row.active = number, lane, during, True
        row.version += 1
    bulk_update_with_history(rows, Allocation, ["resource", "lane", "during", "active", "version"])


def free(visit: Appointment) -> None:
    rows = list(visit.allocations.filter(active=True))
    for row in rows:
        row.active = False
        row.version += 1
    bulk_update_with_history(rows, Allocation, ["active", "version"])
