"""Patients' answers: the one writer. Kept as they were chosen; a correction is another row with a reason.

A positive answer to item 9 of PHQ-9 and the task to read it are written together or not at all. A correction that
takes the answer back leaves the task: who reads it sees both and ends it.
"""

from datetime import UTC, datetime
from uuid import UUID

from config.audit.acting import SystemJob, recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.answering import Chosen, write
from infusions.charting import check_open, is_signed, locked_visit
from infusions.models import Questionnaire, QuestionnaireResponse, Visit
from infusions.models.responses import CLOCK_SKEW, Source
from patients.models import Patient
from scheduling.models import Appointment

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


def record(
    *,
    patient: Patient,
    questionnaire_id: UUID,
    answers: Chosen,
    by: User,
    now: datetime,
    visit_id: UUID | None = None,
    authored_at: datetime | None = None,
    client_id: UUID | None = None,
) -> QuestionnaireResponse:
    """Enter what the patient answered, on paper or aloud. An item that `answers` leaves out is not answered.

    With `visit_id` it becomes part of that visit's record. `authored_at` is when it was answered, else `now`. The same
    `client_id` again gives the first row back. Raises NotAllowed, NotFound, Invalid (`answers`, `authored_at`), Clash
    when the visit is signed, the measure is not in use, or the record was merged away.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by):
        visit = None if visit_id is None else _open_visit(visit_id, patient, by)
        sent = _check_patient(patient, client_id, clinic_id=by.clinic_id)
        if sent is not None:
            return sent
        row = QuestionnaireResponse(visit=visit, appointment=visit.appointment if visit else None, source=Source.STAFF)
        row.entered_by = by
        _frame(row, patient, questionnaire_id, authored_at or now, now, client_id)
        return write(row, answers, by=by, now=now)


def receive(
    *,
    patient: Patient,
    questionnaire_id: UUID,
    answers: Chosen,
    by: SystemJob,
    now: datetime,
    appointment_id: UUID | None = None,
    client_id: UUID | None = None,
) -> QuestionnaireResponse:
    """Take what the patient answered by their own link. `appointment_id` is the visit that it was asked for.

    It never becomes part of a visit's record, so it may come before that visit and after its signature. Raises as
    `record`; NotAllowed for everybody but the patient's link.
    """
    if by is not SystemJob.PATIENT_LINK:
        raise NotAllowed("Only the patient's own link answers for the patient.")
    with in_words(), recorded(by=by):
        sent = _check_patient(patient, client_id, clinic_id=patient.clinic_id)
        if sent is not None:
            return sent
        row = QuestionnaireResponse(appointment=_own_appointment(appointment_id, patient), source=Source.PATIENT_LINK)
        _frame(row, patient, questionnaire_id, now, now, client_id)
        return write(row, answers, by=by, now=now)


def correct(
    *,
    response_id: UUID,
    answers: Chosen,
    reason: str,
    by: User,
    now: datetime,
    authored_at: datetime | None = None,
    client_id: UUID | None = None,
) -> QuestionnaireResponse:
    """Write what was answered instead: the whole set again, changed where `answers` names an item (None: no answer),
    and in when it was answered where `authored_at` says so.

    Raises NotAllowed, NotFound, Invalid (`answers`, `correction_reason`), Clash when it was corrected already or the
    visit that it belongs to is signed.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by, reason=reason):
        earlier, sent = _to_correct(response_id, client_id, by)
        if sent is not None:
            return sent
        given = {answer.item_id: answer.option_id for answer in earlier.answers.all()}
        if authored_at is None and all(given.get(item, ...) == option for item, option in answers.items()):
            raise Invalid("Nothing is different. Choose what the answer was instead.", field="answers")
        row = _correction(earlier, reason, by, now, client_id)
        row.authored_at = _checked_time(authored_at or earlier.authored_at, now)
        return write(row, {**given, **answers}, by=by, now=now)


def strike(
    *, response_id: UUID, reason: str, by: User, now: datetime, client_id: UUID | None = None
) -> QuestionnaireResponse:
    """Say that these answers never were this patient's: they can be read and count no more. Raises as `correct`."""
    require(by, Permission.CHART)
    with in_words(), recorded(by=by, reason=reason):
        earlier, sent = _to_correct(response_id, client_id, by)
        if sent is not None:
            return sent
        row = _correction(earlier, reason, by, now, client_id)
        row.entered_in_error = True
        row.save(force_insert=True)
    return row


def _check_patient(patient: Patient, client_id: UUID | None, *, clinic_id: UUID) -> QuestionnaireResponse | None:
    """Lock the patient's record and look whether this was sent before. Raises NotFound, or Clash when merged away."""
    if patient.clinic_id != clinic_id:
        raise NotFound("There is no such patient.")
    if Patient.locked(patient.pk).merged_into_id:
        raise Clash("This record was merged into another one; write there.")
    if client_id is None:
        return None
    sent: QuestionnaireResponse | None = QuestionnaireResponse.objects.filter(
        patient=patient, client_id=client_id
    ).first()
    return sent


def _open_visit(visit_id: UUID, patient: Patient, by: User) -> Visit:
    visit = locked_visit(visit_id, by=by)
    if visit.patient_id != patient.pk:
        raise NotFound("There is no such visit.")
    check_open(visit)
    return visit


def _own_appointment(appointment_id: UUID | None, patient: Patient) -> Appointment | None:
    if appointment_id is None:
        return None
    found = Appointment.objects.filter(pk=appointment_id, patient=patient).first()
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


def _frame(
    row: QuestionnaireResponse,
    patient: Patient,
    questionnaire_id: UUID,
    authored_at: datetime,
    now: datetime,
    client_id: UUID | None,
) -> None:
    """Who answered what, and when."""
    row.identifier, row.patient, row.client_id = row.pk, patient, client_id
    row.authored_at, row.entered_at = _checked_time(authored_at, now), now
    row.questionnaire = _asked(questionnaire_id, patient)


def _checked_time(authored_at: datetime, now: datetime) -> datetime:
    if not EARLIEST <= authored_at <= now + CLOCK_SKEW:
        raise Invalid("Say when it was answered; that cannot be still to come.", field="authored_at")
    return authored_at


def _asked(questionnaire_id: UUID, patient: Patient) -> Questionnaire:
    """What the clinic asks, or asked in other words while this was being answered."""
    found = Questionnaire.objects.filter(pk=questionnaire_id, clinic=patient.clinic_id).first()
    if found is None:
        raise Invalid("There is no such questionnaire.", field="questionnaire")
    used = Questionnaire.objects.filter(canonical=found.canonical, active=True, edition__gte=found.edition)
    if not used.exists():
        raise Clash(f"{found.title} is not in use. A manager switches it on.", code="not-in-use")
    return found


def _to_correct(
    response_id: UUID, client_id: UUID | None, by: User
) -> tuple[QuestionnaireResponse, QuestionnaireResponse | None]:
    """The row to correct, everything it hangs from locked; and the correction, if it was sent before."""
    found = QuestionnaireResponse.objects.filter(pk=response_id, patient__clinic=by.clinic_id).with_answers().first()
    if found is None:
        raise NotFound("There are no such answers.")
    visit = locked_visit(found.visit_id, by=by) if found.visit_id else None
    sent = _check_patient(Patient.objects.get(pk=found.patient_id), client_id, clinic_id=by.clinic_id)
    if sent is None and visit is not None and is_signed(visit):
        raise Clash("This visit is signed. Nothing can be added to it but an addendum.", code="signed")
    if sent is None and (found.entered_in_error or QuestionnaireResponse.objects.filter(supersedes=found).exists()):
        raise Clash("Somebody corrected these answers already. Look at the newest.", code="corrected-already")
    return found, sent


def _correction(
    earlier: QuestionnaireResponse, reason: str, by: User, now: datetime, client_id: UUID | None
) -> QuestionnaireResponse:
    said = " ".join(reason.split())
    if not 1 <= len(said) <= 200:
        raise Invalid("Say in at most 200 characters why this is corrected.", field="correction_reason")
    same = ("identifier", "patient_id", "questionnaire_id", "visit_id", "appointment_id", "authored_at")
    return QuestionnaireResponse(
        **{name: getattr(earlier, name) for name in same},
        source=Source.STAFF,
        entered_by=by,
        entered_at=now,
        client_id=client_id,
        supersedes=earlier,
        correction_reason=said,
    )
