"""The visit record: open it, chart in it, close it. Every write of a visit is called by a name of this module."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.passwords import confirmed
from config.staff.permissions import Permission, require
from infusions.charting import chart, check_open, locked_visit
from infusions.handover import take_over_note
from infusions.models import Administration, Discharge, Quantity, Visit, VisitEnding
from infusions.models.flowsheet import AdministrationKind
from infusions.newer_order import order_in_force, take_newer_order
from infusions.notes import add_addendum, sign_note, write_note
from infusions.steps import check_in_force
from scheduling import booking
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status

__all__ = [
    "add_addendum",
    "chart",
    "discharge",
    "end",
    "finish_consult",
    "not_treated",
    "open_visit",
    "quantities",
    "sign_note",
    "start",
    "stop_early",
    "take_newer_order",
    "take_over_note",
    "write_note",
]


def open_visit(*, appointment_id: UUID, by: User, now: datetime) -> Visit:
    """Open the record of a patient who is here. An infusion's names the order in force; a consult's names none.

    Somebody who has only arrived is checked in first. Opening an opened visit gives that one back.
    Raises NotAllowed, NotFound, and Clash when the patient is not here or no order is in force.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by):
        appointment = Appointment.locked(appointment_id)
        if appointment.clinic_id != by.clinic_id:
            raise NotFound("There is no such appointment.")
        opened = Visit.objects.filter(appointment=appointment).first()
        if opened is None:
            return _opened(appointment, by=by, now=now)
        if appointment.status == Status.ARRIVED:
            _back_at_it(appointment, by=by, now=now)
        return opened


def start(*, visit_id: UUID, by: User, now: datetime, **entry: Any) -> Administration:
    """Chart the start of the infusion; the visit is in progress from then. Values as for `chart`."""
    return chart(visit_id=visit_id, model=Administration, by=by, now=now, kind=AdministrationKind.START, **entry)


def end(*, visit_id: UUID, by: User, now: datetime, **entry: Any) -> Administration:
    """Chart the end of the infusion; the patient is in recovery from then. Values as for `chart`."""
    return chart(visit_id=visit_id, model=Administration, by=by, now=now, kind=AdministrationKind.END, **entry)


def quantities(*, visit_id: UUID, by: User, now: datetime, witness_password: str = "", **entry: Any) -> Quantity:
    """Chart what was given and wasted in all. The `witness` of waste says so with their own password."""
    require(by, Permission.CHART)
    witness = entry.get("witness")
    if witness is not None:
        _check_witness(witness, by=by, password=witness_password)
    return chart(visit_id=visit_id, model=Quantity, by=by, now=now, **entry)


def discharge(*, visit_id: UUID, by: User, now: datetime, **entry: Any) -> Discharge:
    """Chart the discharge checklist and let the patient go: recovery becomes completed.

    Refused (Invalid) without an identified escort or a written exception, and with open items but no reason.
    """
    return chart(visit_id=visit_id, model=Discharge, by=by, now=now, **entry)


@dataclass(frozen=True)
class Read:
    """Which copy somebody looked at before they acted: the version of the record, and of its appointment. None: any."""

    version: int | None = None
    appointment_version: int | None = None


ANY = Read()


def not_treated(*, visit_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> Visit:
    """The patient came and nothing was given, for a reason."""
    return _close(visit_id=visit_id, to=(Status.NOT_TREATED,), by=by, now=now, reason=reason, read=read)


def stop_early(*, visit_id: UUID, by: User, now: datetime, reason: str, read: Read = ANY) -> Visit:
    """The visit ends before its discharge (a transfer, a patient who leaves), for a reason."""
    return _close(visit_id=visit_id, to=(Status.STOPPED_EARLY,), by=by, now=now, reason=reason, read=read)


def finish_consult(*, visit_id: UUID, by: User, now: datetime, read: Read = ANY) -> Visit:
    """A consult is over: nothing was given, so there is no recovery and nothing to discharge from."""
    return _close(visit_id=visit_id, to=(Status.RECOVERY, Status.COMPLETED), by=by, now=now, consult=True, read=read)


def _opened(appointment: Appointment, *, by: User, now: datetime) -> Visit:
    if appointment.status not in {Status.ARRIVED, Status.CHECKED_IN}:
        raise Clash(NOT_HERE.get(Status(appointment.status), "This visit is over."), code="not-here")
    consult = appointment.kind == VisitKind.CONSULT
    order = None if consult else order_in_force(appointment)
    if order is None and not consult:
        raise Clash("This visit is not booked under a signed order. A prescriber signs one first.", code="no-order")
    visit = Visit(
        clinic=by.clinic, patient_id=appointment.patient_id, appointment=appointment, order=order, opened_by=by
    )
    visit.opened_at = now
    if not consult:
        check_in_force(visit, now=now)
    if appointment.status == Status.ARRIVED:
        booking.apply(appointment_id=appointment.pk, to=Status.CHECKED_IN, by=by, now=now)
    visit.save(force_insert=True)
    if consult:
        booking.apply(appointment_id=appointment.pk, to=Status.IN_PROGRESS, by=by, now=now)
    return visit


def _back_at_it(appointment: Appointment, *, by: User, now: datetime) -> None:
    """The record was opened before, and the check-in was taken back since."""
    booking.apply(appointment_id=appointment.pk, to=Status.CHECKED_IN, by=by, now=now)
    if appointment.kind == VisitKind.CONSULT:
        booking.apply(appointment_id=appointment.pk, to=Status.IN_PROGRESS, by=by, now=now)


# What the book says of a clinical reason: the desk reads the book, not the record.
IN_RECORD = "The reason is in the visit's record."
LONGEST_REASON = 200
NOT_HERE = {Status.BOOKED: "The patient has not arrived. Check them in first."}


def _close(
    *,
    visit_id: UUID,
    to: tuple[Status, ...],
    by: User,
    now: datetime,
    reason: str | None = None,
    consult: bool = False,
    read: Read,
) -> Visit:
    require(by, Permission.CHART)
    told = None if reason is None else reason.strip()
    if told is not None and not 0 < len(told) <= LONGEST_REASON:
        raise Invalid(f"Say why, in at most {LONGEST_REASON} characters." if told else "Say why.", field="reason")
    with in_words(), recorded(by=by):
        visit = locked_visit(visit_id, by=by)
        visit.as_read(read.version)
        visit.appointment.as_read(read.appointment_version)
        check_open(visit)
        if consult and visit.appointment.kind != VisitKind.CONSULT:
            raise Clash("This is an infusion: it ends with a discharge.", code="not-a-consult")
        for status in to:
            said = IN_RECORD if told else ""
            seen = read.appointment_version if status == to[0] else None
            booking.apply(appointment_id=visit.appointment_id, to=status, by=by, now=now, reason=said, version=seen)
            if told:
                VisitEnding(visit=visit, status=status, reason=told, author=by, entered_at=now).save()
    return visit


def _check_witness(witness: User, *, by: User, password: str) -> None:
    if witness == by:
        raise Invalid("The witness is somebody else.", field="witness")
    if witness.clinic_id != by.clinic_id or not witness.is_clinician:
        raise Invalid("The witness is a clinician of this clinic.", field="witness")
    if not confirmed(person=witness, password=password, by=by, field="witness_password"):
        raise Invalid("That is not the witness's password.", field="witness_password")
