"""Putting visits into places: lock, look, choose, write; and what to say when the place is gone.

`booking`, `holding`, `moving` and `series` are built from these steps. Nothing here opens a transaction or knows a
permission.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from config.audit.acting import Actor, SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid
from config.staff.models import Clinic, User
from patients.models import Patient
from scheduling import heeding, hours, resources, taking
from scheduling.availability import next_free
from scheduling.models import Allocation, Appointment, FormHold
from scheduling.resources import Resources, Taken
from scheduling.shape import Shape
from scheduling.states import Status
from scheduling.taking import Conflict, Seat, Take, Wanted

OVERLAP = "23P01"


def wanted_visit(*, start: datetime, shape: Shape, **where: Any) -> Wanted:
    """A wish, `where` as in `Wanted`. Raises Invalid for a length that is none, or a start without a zone."""
    hours.check_length(shape.minutes)
    if start.tzinfo is None:
        raise Invalid("The start needs its offset from UTC.", field="start")
    return Wanted(start, shape, **where)


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


def hours_for(*, wanted: Sequence[Wanted], clinic: Clinic) -> hours.Hours:
    """Hours and rotas of all the days of these visits. Read under the lock: who changes them waits for us."""
    days = [visit.start.astimezone(clinic.tz).date() for visit in wanted]
    return hours.load(clinic=clinic, first=min(days), last=max(days))


def check_limits(*, places: Resources, wanted: Wanted, clinic: Clinic, reason: str) -> None:
    """Raise Invalid (code outside-limits) for a time at which the patient cannot come, unless `reason` overrides it."""
    limits, zone = places.limits, clinic.tz
    if limits is None or reason or limits.allow(wanted.start.astimezone(zone), wanted.end.astimezone(zone)):
        return
    raise Invalid(
        f"The patient can come only {limits.words}. Say why, to book outside of it.",
        field="start",
        code="outside-limits",
    )


def find_seats(
    *,
    places: Resources,
    wanted: Sequence[Wanted],
    open_hours: hours.Hours,
    now: datetime,
    except_for: Sequence[UUID] = (),
) -> list[Seat | Conflict]:
    """A seat or a conflict for each wanted visit, as things stand under the lock; holds that ran out are released."""
    for visit in wanted:
        taking.check_known(places, visit)
    _check_apart(wanted)
    after = timedelta(minutes=max((place.turnover for place in places.places), default=0))
    periods = [(visit.start, visit.end + after) for visit in wanted]
    taken = resources.taken(numbers=places.numbers(), periods=periods, now=now, except_for=except_for)
    release_expired({row.expired_hold for row in taken if row.expired_hold}, now)
    standing: list[Taken] = [row for row in taken if row.expired_hold is None]
    return taking.seats(resources=places, wanted=wanted, taken=standing, hours=open_hours)


def _check_apart(wanted: Sequence[Wanted]) -> None:
    for one, other in pairwise(sorted(wanted, key=lambda visit: visit.start)):
        if other.start < one.end:
            raise Invalid("Two of these visits overlap each other.", field="visits", code="overlap")


def release_expired(holds: Iterable[UUID], now: datetime) -> int:
    """Give back what visits and forms held until a time that is past; a hold that was kept meanwhile stays. Returns how
    many.

    Whoever heeds visits is told: with this one gone, others of its course may break their gaps.
    """
    ids = sorted(holds)
    if not ids:
        return 0
    with recorded(by=SystemJob.HOLDS, reason="the hold ran out"):
        # Whoever has one of them in hand right now keeps or moves it; then the constraint decides.
        locked = Appointment.objects.select_for_update(of=("self",), skip_locked=True)
        held = locked.filter(pk__in=ids, status=Status.HELD, held_until__lte=now).select_related("patient__clinic")
        visits = list(held.order_by("pk"))
        for visit in visits:
            visit.status, visit.held_until = Status.RELEASED, None
            visit.version += 1
        bulk_update_with_history(visits, Appointment, ["status", "held_until", "version"])
        free(visits)
        heeding.tell(visits, SystemJob.HOLDS, now)
        ended = end_form_holds(FormHold.objects.filter(pk__in=ids, held_until__lte=now), now)
    return len(visits) + ended


def end_form_holds(holds: QuerySet[FormHold], now: datetime) -> int:
    """Let what these forms hold be taken by others; whichever somebody ends just now are theirs. Returns how many."""
    standing = holds.filter(ended_at__isnull=True).select_for_update(of=("self",), skip_locked=True)
    ended = list(standing.order_by("pk"))
    if ended:
        for held in ended:
            held.ended_at = now
            held.version += 1
        bulk_update_with_history(ended, FormHold, ["ended_at", "version"])
        _lay_down(Allocation.objects.filter(form_hold__in=ended, active=True))
    return len(ended)


def seat_or_clash(seat: Seat | Conflict) -> Seat:
    if isinstance(seat, Conflict):
        raise Clash(seat.words, field="start", **seat.facts)
    return seat


def new_visit(patient: Patient, clinic: Clinic, wanted: Wanted, seat: Seat, by: Actor, now: datetime) -> Appointment:
    """A visit as it will be written, not yet saved."""
    visit = Appointment(
        clinic=clinic,
        patient=patient,
        booked_at=now,
        booked_by=by if isinstance(by, User) else None,
        visit_type_id=wanted.shape.visit_type,
    )
    seated(visit, wanted, seat)
    return visit


def seated(visit: Appointment, wanted: Wanted, seat: Seat) -> None:
    """Let the visit say where and when it takes place; not saved."""
    visit.start, visit.end = wanted.start, wanted.end
    visit.chair_id = seat.chair.id
    visit.nurse_id = seat.nurse.id if seat.nurse else None
    visit.clinician_id = seat.clinician.id if seat.clinician else None
    visit.recovery_place_id = seat.recovery.id if seat.recovery else None


def write(visits: Sequence[Appointment], seats: Sequence[Seat]) -> None:
    """Save new visits and what they take, with history: four statements, however many visits."""
    bulk_create_with_history(visits, Appointment)
    rows = [row for visit, seat in zip(visits, seats, strict=True) for row in allocations_of(visit, seat)]
    bulk_create_with_history(rows, Allocation)


def in_order(takes: Iterable[Take]) -> list[Take]:
    return sorted(takes, key=lambda take: (take.number, take.lane, take.start))


def allocations_of(taker: Appointment | FormHold, seat: Seat) -> list[Allocation]:
    """What a visit or a form takes in that seat, not yet saved."""
    return [_allocation(taker, take) for take in in_order(seat.takes)]


def _allocation(taker: Appointment | FormHold, take: Take) -> Allocation:
    during = DateTimeTZRange(take.start, take.end, "[)")
    row = Allocation(resource_id=take.number, lane=take.lane, during=during, held_until=taker.held_until)
    if isinstance(taker, FormHold):
        row.form_hold = taker
    else:
        row.appointment = taker
    return row


MOVED = ["resource", "lane", "during", "active", "held_until", "version"]


def take(visits: Sequence[Appointment], seats: Sequence[Seat]) -> None:
    """Point the visits' allocations at these seats, and make them count. Rows are used again, made or laid down."""
    changed: list[Allocation] = []
    made: list[Allocation] = []
    rows = _rows_of(visits)
    _lift(row for own in rows.values() for row in own)
    for visit, seat in zip(visits, seats, strict=True):
        for row, wanted in zip_longest(rows[visit.pk], in_order(seat.takes)):
            if row is None:
                made.append(_allocation(visit, wanted))
                continue
            row.active = wanted is not None
            row.version += 1
            if wanted is not None:
                row.resource_id, row.lane, row.held_until = wanted.number, wanted.lane, visit.held_until
                row.during = DateTimeTZRange(wanted.start, wanted.end, "[)")
            changed.append(row)
    bulk_update_with_history(changed, Allocation, MOVED)
    if made:
        bulk_create_with_history(made, Allocation)


def _lift(rows: Iterable[Allocation]) -> None:
    """Take rows out of their lanes for a moment: a visit may go where it, or another that moves with it, still stands,
    and the constraint looks at each row by itself. Nothing to tell of: each is written once more, with its history."""
    standing = [row.pk for row in rows if row.active]
    if standing:
        Allocation.objects.filter(pk__in=standing).update(active=False)


def _rows_of(visits: Sequence[Appointment]) -> dict[UUID, list[Allocation]]:
    found: dict[UUID, list[Allocation]] = {visit.pk: [] for visit in visits}
    for row in Allocation.objects.filter(appointment__in=visits).order_by("resource_id", "lane", "during"):
        if row.appointment_id is not None:
            found[row.appointment_id].append(row)
    return found


def free(visits: Sequence[Appointment]) -> None:
    """Let what these visits took be taken by others."""
    _lay_down(row for rows in _rows_of(visits).values() for row in rows if row.active)


def _lay_down(standing: Iterable[Allocation]) -> None:
    rows = list(standing)
    for row in rows:
        row.active = False
        row.version += 1
    bulk_update_with_history(rows, Allocation, ["active", "version"])


def keep_for_good(visits: Sequence[Appointment]) -> None:
    """What was held is taken until the visit itself ends it."""
    rows = [row for rows in _rows_of(visits).values() for row in rows if row.active]
    for row in rows:
        row.held_until = None
        row.version += 1
    bulk_update_with_history(rows, Allocation, ["held_until", "version"])


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
def told_what_is_free(wanted: Wanted, *, clinic: Clinic, patient: Patient | None, now: datetime) -> Iterator[None]:
    """Add the next free starts to a Clash on its way out, after the transaction is gone."""
    try:
        yield
    except Clash as clash:
        if "taken" in clash.facts:
            only = [wanted.chair] if wanted.chair else None
            clash.facts["next_free"] = next_free(
                clinic=clinic, shape=wanted.shape, after=wanted.start, now=now, patient=patient, only=only
            )
        raise
