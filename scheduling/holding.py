"""Holding places for a while: kept as a booking, given back, or run out on their own.

A hold is a visit in the state held: it takes what a booking takes, under the same constraint, until its time. Past
that, searches see the place as free and the next booking releases it; the sweep does the same for the rest.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid
from config.staff.models import User
from config.staff.permissions import Permission, require
from patients.models import Patient
from scheduling import booking, placing
from scheduling.models import Appointment, FormHold, Series
from scheduling.states import Status

SWEEP_AT_ONCE = 200


def keep(*, appointment_id: UUID, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """Make a booking of a hold. Clash (code released) once it ran out."""
    held = booking.known(appointment_id).as_read(version)
    _check_running([held], now)
    return booking.apply(appointment_id=appointment_id, to=Status.BOOKED, by=by, now=now, version=version)


def keep_series(*, series: Series, by: Actor, now: datetime) -> list[Appointment]:
    """Make bookings of all held visits of a series, or of none."""
    with recorded(by=by):
        visits = list(series.appointments.select_for_update().filter(status=Status.HELD).order_by("pk"))
        if not visits:
            raise Clash("Nothing of this series is held any more.", code="released")
        _check_running(visits, now)
        return [booking.apply(appointment_id=visit.pk, to=Status.BOOKED, by=by, now=now) for visit in visits]


def _check_running(visits: Sequence[Appointment], now: datetime) -> None:
    for visit in visits:
        if visit.status != Status.HELD or visit.held_until is None:
            raise Clash(f"This visit is {booking.spoken(visit.status)}, not held.", code="released")
        if visit.held_until <= now:
            until = visit.held_until.astimezone(visit.clinic.tz)
            raise Clash(f"The hold ran out at {until:%H:%M}. Book the place again if it is free.", code="released")


def release(*, appointment_id: UUID, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """Give a held place back before its time."""
    return booking.apply(appointment_id=appointment_id, to=Status.RELEASED, by=by, now=now, version=version)


def release_coming(*, patient: UUID, reason: str, by: User, now: datetime) -> list[Appointment]:
    """Give up all that is still to come for a patient, held or booked, on the clinic's side. All or none."""
    require(by, Permission.BOOK)
    with recorded(by=by, reason=reason):
        coming = Appointment.objects.filter(patient=patient, status__in=[Status.HELD, Status.BOOKED], end__gt=now)
        return [
            release(appointment_id=visit.pk, by=by, now=now)
            if visit.status == Status.HELD
            else booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_CLINIC, reason=reason, by=by, now=now)
            for visit in coming.order_by("pk")
        ]


def check_until(held_until: datetime, now: datetime) -> None:
    """Raise Invalid (field held_until) unless it is still to come, and within a week."""
    if held_until <= now:
        raise Invalid("A hold ends later than now.", field="held_until")
    if (held_until - now).days >= 7:
        raise Invalid("A place is held for a week at most.", field="held_until")


def release_run_out(*, patient: Patient, now: datetime) -> int:
    """Release what was held for this patient and ran out, before their visits are counted. Returns how many."""
    return placing.release_expired(_run_out(now).filter(patient=patient).values_list("pk", flat=True), now)


def sweep(*, now: datetime) -> int:
    """Release what ran out, at all clinics; harmless to run twice or never. Returns how many."""
    forms = FormHold.objects.filter(ended_at__isnull=True, held_until__lte=now)
    oldest = [
        pk
        for held in (_run_out(now), forms)
        for pk in held.order_by("held_until").values_list("pk", flat=True)[:SWEEP_AT_ONCE]
    ]
    return placing.release_expired(oldest, now)


def _run_out(now: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(status=Status.HELD, held_until__lte=now)
