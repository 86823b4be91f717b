"""Who waits: joining, changing what one wishes, leaving, and coming back to one's place in the line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.course import visits_left
from infusions.models import Order, WaitlistEntry
from infusions.models.waitlist import Closed
from infusions.orders import active_order, signed_order
from infusions.waitlist.settling import close
from infusions.waitlist.wishes import WISHES, checked
from patients.models import Patient
from scheduling.hours import check_length
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status
from scheduling.wall_clock import day_words


@dataclass(frozen=True)
class _What:
    """What somebody waits for."""

    order: Order | None = None
    appointment: Appointment | None = None
    minutes: int | None = None


def open_entries(clinic: Clinic) -> QuerySet[WaitlistEntry]:
    """Whoever waits, the longest first. People who died or were merged into another record wait for nothing."""
    waiting = WaitlistEntry.objects.filter(clinic=clinic, closed_at__isnull=True)
    waiting = waiting.filter(patient__deceased=False, patient__merged_into__isnull=True)
    return waiting.order_by("since", "id")


def join(
    *,
    patient: Patient,
    by: User,
    now: datetime,
    kind: VisitKind = VisitKind.INFUSION,
    appointment: Appointment | None = None,
    minutes: int | None = None,
    **wishes: Any,
) -> WaitlistEntry:
    """Wait for a place: earlier than `appointment`, else for a new visit of that kind; `minutes` are a consult's.

    `wishes`: weekdays (Monday 0), time_from, time_until, earliest, latest, notice_hours, note; left out: anything.
    Raises Clash without an order in force, with no visit left, or when they wait for that already; Invalid by field.
    """
    require(by, Permission.BOOK)
    wanted = checked(wishes)
    with recorded(by=by):
        Patient.locked(patient.pk)
        what = _what(patient, by, now, kind, appointment, minutes)
        _check_once(patient, what)
        entry = WaitlistEntry(
            clinic=patient.clinic,
            patient=patient,
            order=what.order,
            appointment=what.appointment,
            visit_start=what.appointment.start if what.appointment else None,
            minutes=what.minutes,
            since=now,
            added_by=by,
            **wanted,
        )
        entry.save()
    return entry


def _what(
    patient: Patient, by: User, now: datetime, kind: VisitKind, visit: Appointment | None, minutes: int | None
) -> _What:
    if patient.clinic_id != by.clinic_id:
        raise NotFound("There is no such patient.")
    if not patient.may_be_contacted:
        raise Invalid("This patient is recorded as deceased or merged with another.", field="patient")
    if visit is not None:
        return _earlier(patient, visit, now)
    if kind == VisitKind.INFUSION:
        order = _order_or_clash(patient)
        if order.visits is None:
            raise Clash("The order does not say how many visits there are. A prescriber can add it.", code="no-limit")
        if not visits_left(order):
            raise Clash(
                f"All {order.visits} visits of this order are booked or given. "
                "Choose one of them, to wait for an earlier time.",
                code="none-left",
            )
        return _What(order)
    if minutes is None:
        raise Invalid("Say how long the consult takes.", field="minutes")
    check_length(minutes)
    return _What(minutes=minutes)


def _earlier(patient: Patient, visit: Appointment, now: datetime) -> _What:
    if visit.patient_id != patient.pk:
        raise Invalid("This is another patient's visit.", field="appointment")
    if visit.status != Status.BOOKED or visit.start <= now:
        raise Clash("Only a booked visit that is still to come can wait for an earlier time.", code="not-coming")
    return _What(_order_or_clash(patient) if visit.kind == VisitKind.INFUSION else None, visit)


def _order_or_clash(patient: Patient) -> Order:
    order = active_order(patient=patient)
    if order is None:
        raise Clash("No order is in force for this patient, so they cannot wait for an infusion.", code="no-order")
    return signed_order(order.pk)


def _check_once(patient: Patient, what: _What) -> None:
    same = WaitlistEntry.objects.filter(patient=patient, appointment=what.appointment, closed_at__isnull=True)
    if what.appointment is None:
        same = same.filter(order__isnull=what.order is None)
    found = same.first()
    if found is not None:
        since = day_words(patient.clinic.today(found.since))
        raise Clash(f"They wait for that already, since {since}.", code="waits-already", entry=str(found.pk))


def change(*, entry_id: UUID, by: User, version: int | None = None, **wishes: Any) -> WaitlistEntry:
    """Change what they wish; what is not given stays. Their place in the line stays too. Raises Stale, Invalid."""
    with _open_entry(entry_id, by, version) as entry:
        stands = {name: getattr(entry, name) for name in WISHES}
        for name, value in checked({**stands, **wishes}).items():
            setattr(entry, name, value)
        entry.save()
    return entry


def leave(*, entry_id: UUID, by: User, now: datetime, version: int | None = None) -> WaitlistEntry:
    """They no longer want to wait. `reopen` takes it back."""
    with _open_entry(entry_id, by, version) as entry:
        close(entry, Closed.WITHDRAWN, by=by, now=now)
    return entry


@contextmanager
def _open_entry(entry_id: UUID, by: User, version: int | None) -> Iterator[WaitlistEntry]:
    require(by, Permission.BOOK)
    with recorded(by=by):
        yield check_open(own(WaitlistEntry.locked(entry_id, version=version), by))


def own(entry: WaitlistEntry, by: User) -> WaitlistEntry:
    """Raises NotFound for another clinic's."""
    if entry.clinic_id != by.clinic_id:
        raise NotFound("There is no such waitlist entry.")
    return entry


def check_open(entry: WaitlistEntry) -> WaitlistEntry:
    if not entry.is_open:
        raise Clash(f"They no longer wait: {SAID[Closed(entry.closed_reason)]}.", code="closed")
    return entry


SAID = {
    Closed.BOOKED: "a visit was booked",
    Closed.MOVED: "their visit was moved earlier",
    Closed.WITHDRAWN: "taken off the waitlist",
    Closed.ORDER_ENDED: "their order ended",
    Closed.VISIT_GONE: "their visit was cancelled or has begun",
}


def reopen(*, entry_id: UUID, by: User, now: datetime, version: int | None = None) -> WaitlistEntry:
    """They wait after all, since when they did. Raises Clash when what they waited for cannot be had, or Stale."""
    require(by, Permission.BOOK)
    with recorded(by=by):
        found = own(_known(entry_id), by)
        Patient.locked(found.patient_id)
        entry = WaitlistEntry.locked(entry_id, version=version)
        if entry.is_open:
            return entry
        what = _what(entry.patient, by, now, entry.kind, entry.appointment, entry.minutes)
        _check_once(entry.patient, what)
        entry.order = what.order
        if what.appointment is not None:
            entry.visit_start = what.appointment.start
        entry.closed_at, entry.closed_reason = None, ""
        entry.save()
    return entry


def _known(entry_id: UUID) -> WaitlistEntry:
    found = WaitlistEntry.objects.filter(pk=entry_id).first()
    if found is None:
        raise NotFound("There is no such waitlist entry.")
    return found
