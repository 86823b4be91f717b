"""Who the clinic's patients are. Every write of a patient's particulars passes here."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, Role, require
from patients import allergies
from patients.contact import carry_refusals, record_consent
from patients.duplicates import require_new
from patients.elsewhere import holds, release
from patients.models import Channel, IntakeRequest, Patient, Source, TaskKind
from patients.person import cleaned, named, particulars, tidy
from patients.record import living, not_merged, said_why
from patients.states import RequestStatus
from patients.tasks import move_tasks, raise_task, withdraw_about

HAS_DIED = "The patient has died."


def register(
    *,
    clinic: Clinic,
    by: Actor,
    now: datetime,
    record_number: str | None = None,
    request: IntakeRequest | None = None,
    not_duplicates: Collection[UUID] | None = None,
    **person: Any,
) -> Patient:
    """Take somebody on as a patient. Without a record number they get the next one of this installation.

    With a `request`, it is tied to the new patient, and the consents that were given in it become theirs.
    `not_duplicates` are those of whom a person has said that this is somebody else; an import, which tells people
    apart by their record numbers, leaves it out and is not asked.
    Raises Invalid for particulars that make no sense, PossibleDuplicates, Clash for a record number that is somebody's.
    """
    values = cleaned(person, model=Patient, today=clinic.today(now))
    named(values)
    given = tidy(record_number or "")
    if len(given) > 20:
        raise Invalid("A record number has at most 20 characters.", field="record_number")
    with recorded(by=by):
        if not_duplicates is not None:
            require_new(clinic=clinic, not_duplicates=not_duplicates, **values)
        patient = Patient(clinic=clinic, record_number=given or next_record_number(clinic), **values)
        _saved_once(patient)
        if request is not None:
            tie(request=request, patient=patient, by=by)
    return patient


def next_record_number(clinic: Clinic) -> str:
    """The next number that nobody in the clinic has. A number may be left out, never given twice."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval('patients_record_number')")
            number = f"R-{cursor.fetchone()[0]:06d}"
            if not Patient.objects.filter(clinic=clinic, record_number=number).exists():
                return number


def amend(*, patient_id: UUID, version: int | None, by: Actor, now: datetime | None = None, **changes: Any) -> Patient:
    """Change a patient's particulars. Raises Stale when somebody saved since `version`, Invalid, NotFound."""
    with recorded(by=by):
        patient = living(patient_id, version=version)
        values = cleaned(changes, model=Patient, today=patient.clinic.today(now or timezone.now()))
        for name, value in values.items():
            setattr(patient, name, value)
        named({"family_name": patient.family_name, "given_name": patient.given_name})
        patient.save()
    return patient


def record_death(
    *, patient_id: UUID, on: date | None, by: Actor, now: datetime | None = None, version: int | None = None
) -> Patient:
    """Note that the patient has died. From then on nobody books or messages them.

    Bookings under way are waited for. What still stands, visits to come or an order, becomes a task of the desk's.
    Raises Invalid for a day before the birth, or one that has not come, and Stale.
    """
    moment = now or timezone.now()
    with recorded(by=by, reason="death recorded"):
        patient = living(patient_id, version=version)
        if on and patient.birth_date and on < patient.birth_date:
            raise Invalid("This is before the patient was born.", field="on")
        if on and on > patient.clinic.today(moment):
            raise Invalid("This day has not come yet.", field="on")
        patient.deceased, patient.deceased_on = True, on
        patient.save()
        _still_standing(patient, by, moment)
    return patient


def _still_standing(patient: Patient, by: Actor, now: datetime) -> None:
    """Nothing is cancelled by itself: families and prescribers are spoken to first."""
    left = _hindrances(patient, now)
    if left:
        raise_task(
            clinic=patient.clinic,
            patient=patient,
            kind=TaskKind.DEATH,
            words=f"This patient has died. End what still stands: {', '.join(left)}.",
            about=patient.pk,
            about_kind="patient",
            by=by,
            now=now,
        )


def release_visits(*, patient_id: UUID, by: User, now: datetime, version: int | None = None) -> int:
    """Give up the visits to come of a patient who died, all or none, and nothing else. Returns how many.

    Raises NotAllowed, Stale, and Clash when no death is recorded.
    """
    require(by, Permission.BOOK)
    with recorded(by=by, reason=HAS_DIED):
        patient = living(patient_id, version=version)
        if not patient.deceased:
            raise Clash("No death is recorded for this patient.")
        return release(patient.pk, reason=HAS_DIED, by=by, now=now)


def take_back_death(*, patient_id: UUID, by: Actor, reason: str, version: int | None = None) -> Patient:
    """The death was recorded by mistake. Raises Invalid without a reason, Clash when no death is recorded, Stale."""
    reason = said_why(reason, "Say why the record of the death is wrong.")
    with recorded(by=by, reason=reason):
        patient = living(patient_id, version=version)
        if not patient.deceased:
            raise Clash("No death is recorded for this patient.")
        patient.deceased, patient.deceased_on = False, None
        patient.save()
        withdraw_about(kind=TaskKind.DEATH, about=patient.pk, by=by, now=timezone.now())
    return patient


def merge(
    *,
    patient_id: UUID,
    into_id: UUID,
    by: Actor,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Patient:
    """Two records of one person: the first leads to the second from now on, and its requests and tasks belong there.

    Nothing is deleted: visits, orders and messages stay where they were written, to be read on the page of the other.
    Two things come over at once, because somebody is harmed before anybody has compared: the allergies that it lists
    (`allergies.carry_over`; a nurse is asked to compare them), and every no to messages (`contact.carry_refusals`).
    A record with a visit to come or a live order cannot go, nor that of somebody who died into that of somebody alive.
    `version` is that of the record that goes. Returns the one that stays. Raises Invalid, Clash, Stale, NotFound.
    """
    reason = said_why(reason, "Say how you know that this is one person.")
    if patient_id == into_id:
        raise Invalid("A record cannot be merged into itself.", field="into")
    moment = now or timezone.now()
    with recorded(by=by, reason=reason):
        both = Patient.objects.select_for_update().filter(pk__in=[patient_id, into_id]).order_by("pk")
        gone, stays = _two({row.pk: row for row in both}, patient_id, into_id)
        living(patient_id, version=version)
        _may_go(gone, stays, moment)
        gone.merged_into = stays
        gone.save()
        for request in IntakeRequest.objects.select_for_update().filter(patient=gone):
            request.patient = stays
            request.save()
        move_tasks(patient=gone, to=stays, by=by)
        carry_refusals(gone=gone, stays=stays, by=by, at=moment)
        allergies.carry_over(gone=gone, stays=stays, by=by)
        _allergies_to_look_at(gone, stays, by, moment)
    return stays


def _may_go(gone: Patient, stays: Patient, now: datetime) -> None:
    if gone.deceased and not stays.deceased:
        raise Clash(f"{gone.record_number} says that this person has died. Record the death on both, or take it back.")
    if Patient.objects.filter(merged_into=gone).exists():
        raise Clash("Another record was merged into this one. Merge the other way round.")
    left = _hindrances(gone, now)
    if left:
        raise Clash(f"{gone.record_number} still has {' and '.join(left)}. End them first, or let this record stay.")


def _hindrances(patient: Patient, now: datetime) -> list[str]:
    """What must not be left behind on this record: "visits to come or under way (2)"."""
    return [f"{held.words} ({held.count})" for held in holds(patient.pk, now) if held.hinders and held.count]


def _allergies_to_look_at(gone: Patient, stays: Patient, by: Actor, now: datetime) -> None:
    if allergies.listed(gone):
        raise_task(
            clinic=stays.clinic,
            patient=stays,
            kind=TaskKind.OTHER,
            words=f"Compare the allergies with those of {gone.record_number}, which was merged into this record.",
            about=gone.pk,
            about_kind="patient",
            for_role=Role.NURSE,
            by=by,
            now=now,
        )


def survivor(patient: Patient) -> Patient:
    """The record that counts for this person."""
    return patient if patient.merged_into is None else patient.merged_into


def tie(*, request: IntakeRequest, patient: Patient, by: Actor) -> None:
    """Tie a request to its patient; a new one has been taken up then.

    The consents that were given in it become the patient's where the record holds the address that they were given for.
    """
    if request.patient_id == patient.pk:
        return
    row = IntakeRequest.locked(request.pk)
    if row.patient_id and row.patient_id != patient.pk:
        raise Clash("This request belongs to another patient already.")
    row.patient = patient
    if row.status == RequestStatus.NEW:
        row.status = RequestStatus.CONTACTED
    row.save()
    request.patient, request.status, request.version = patient, row.status, row.version
    how = "web form" if row.source == Source.WEB_FORM else "spoken"
    for channel in (Channel.SMS, Channel.EMAIL):
        if agreed_there(row, patient, channel):
            record_consent(patient=patient, channel=channel, granted=True, how=how, by=by, at=row.received_at)


def agreed_there(request: IntakeRequest, patient: Patient, channel: Channel) -> bool:
    """Whether the request agrees to messages by this channel, at the very address that the record holds."""
    if channel == Channel.SMS:
        return request.consents_sms and bool(request.mobile) and request.mobile == patient.mobile
    return request.consents_email and bool(request.email) and request.email.casefold() == patient.email.casefold()


def from_request(request: IntakeRequest, person: dict[str, Any]) -> dict[str, Any]:
    """A patient's particulars: those of the request, and over them what was said since."""
    return {**particulars(request), **person}


def _two(rows: dict[UUID, Patient], one: UUID, other: UUID) -> tuple[Patient, Patient]:
    if len(rows) < 2 or rows[one].clinic_id != rows[other].clinic_id:
        raise NotFound("There is no such patient.")
    return not_merged(rows[one]), not_merged(rows[other])


def _saved_once(patient: Patient) -> None:
    try:
        with transaction.atomic():
            patient.save()
    except IntegrityError as error:
        if "patient_record_number_once" not in str(error):
            raise
        raise Clash("This record number is somebody else's.", field="record_number") from error
