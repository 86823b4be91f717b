"""Requests for an appointment, from the first call to the patient's record. Every write of a request passes here.

Two people at once is the normal case: each act locks the request, and the second person is told who was first.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from config.audit.acting import Actor, SystemJob, recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from patients.models import Channel, ContactAttempt, IntakeRequest, Patient, Source
from patients.person import cleaned, tidy
from patients.register import from_request, register, survivor, tie
from patients.states import OPEN_REQUESTS, REQUEST_MOVES, RequestStatus

BY_PHONE = "phone"
# For so long the same words from the public form are the same request, whichever page they were sent from.
SENT_AGAIN = timedelta(hours=1)


def receive(
    *, clinic: Clinic, source: str, by: Actor, now: datetime, submission: UUID | None = None, **fields: Any
) -> IntakeRequest:
    """Take down a request. A name is enough to begin with, and a way to answer it. Raises Invalid."""
    if source not in set(Source):
        raise Invalid("Say how the request came in.", field="source")
    values = read(clinic=clinic, now=now, **fields)
    request = IntakeRequest(
        clinic=clinic,
        source=source,
        received_at=now,
        received_by=by if isinstance(by, User) else None,
        received_job=by if isinstance(by, SystemJob) else "",
        submission=submission,
        **values,
    )
    with recorded(by=by):
        request.save()
    return request


def read(*, clinic: Clinic, now: datetime, **fields: Any) -> dict[str, Any]:
    """What a request with these fields would hold, each in its stored shape; nothing is kept. Raises Invalid."""
    return check(today=clinic.today(now), **fields)


def check(*, today: date, **fields: Any) -> dict[str, Any]:
    """As `read`, for a form that knows the day. Raises Invalid with all that is wrong at once, by field."""
    errors: dict[str, list[str]] = {}
    try:
        values = cleaned(fields, model=IntakeRequest, today=today)
    except Invalid as refusal:
        values, errors = fields, dict(refusal.errors)
    errors = _unanswerable(values) | errors
    if errors:
        raise Invalid("Some values are not valid.", errors=errors)
    return values


def receive_form(*, clinic: Clinic, submission: UUID, now: datetime, **fields: Any) -> IntakeRequest:
    """A request from the public form. The same submission, sent twice or at the same moment, is one request.

    Sent again with other answers by the same person it corrects that request, until a patient is tied to it; under
    another name it is another's request. The same answers from a page opened afresh are no second request either.
    """
    values = read(clinic=clinic, now=now, **fields)
    if (sent := _sent_before(clinic, values, now)) is not None:
        return sent
    try:
        with transaction.atomic():
            return receive(
                clinic=clinic, source=Source.WEB_FORM, by=SystemJob.WEB_FORM, now=now, submission=submission, **fields
            )
    except IntegrityError as error:
        if "submission" not in str(error):
            raise
    return _corrected(submission, values, clinic, now)


def _sent_before(clinic: Clinic, values: dict[str, Any], now: datetime) -> IntakeRequest | None:
    ours = IntakeRequest.objects.filter(clinic=clinic, source=Source.WEB_FORM, status__in=OPEN_REQUESTS)
    return ours.filter(received_at__gt=now - SENT_AGAIN, **values).first()


def _corrected(submission: UUID, values: dict[str, Any], clinic: Clinic, now: datetime) -> IntakeRequest:
    with recorded(by=SystemJob.WEB_FORM, reason="sent again from the same page"):
        request = IntakeRequest.locked(IntakeRequest.objects.get(submission=submission).pk)
        if all(getattr(request, name) == value for name, value in values.items()):
            return request
        names = {name: values.get(name, "") for name in ("given_name", "family_name")}
        if request.is_open and request.patient_id is None and names == {n: getattr(request, n) for n in names}:
            for name, value in values.items():
                setattr(request, name, value)
            request.save()
            return request
    other = uuid5(submission, repr(sorted(values.items())))
    return receive_form(clinic=clinic, submission=other, now=now, **values)


def amend(*, request_id: UUID, by: Actor, now: datetime, version: int | None = None, **changes: Any) -> IntakeRequest:
    """Write down what else was said. Raises Stale when somebody saved since `version`."""
    with recorded(by=by):
        request = IntakeRequest.locked(request_id, version=version)
        for name, value in cleaned(changes, model=IntakeRequest, today=request.clinic.today(now)).items():
            setattr(request, name, value)
        _answerable(request)
        request.save()
    return request


def take(*, request_id: UUID, by: User, version: int | None = None) -> IntakeRequest:
    """Make it mine to answer. Raises Clash when somebody else has it."""
    with recorded(by=by):
        request = _still_open(IntakeRequest.locked(request_id, version=version))
        if request.owner_id == by.pk:
            return request
        if request.owner is not None:
            raise Clash(f"{request.owner.full_name} is on this already.", owner=request.owner.full_name)
        request.owner = by
        request.save()
    return request


def take_next(*, clinic: Clinic, by: User) -> IntakeRequest | None:
    """The oldest new request that nobody has, made mine; None when there is none. Two people never get the same."""
    waiting = IntakeRequest.objects.filter(clinic=clinic, status=RequestStatus.NEW, owner=None)
    with recorded(by=by):
        found = waiting.select_for_update(skip_locked=True).order_by("received_at", "id").first()
        if found is not None:
            found.owner = by
            found.save()
    return found


def release(*, request_id: UUID, by: User, reason: str = "", version: int | None = None) -> IntakeRequest:
    """Give it back to everybody, whoever has it."""
    with recorded(by=by, reason=reason):
        request = IntakeRequest.locked(request_id, version=version)
        if request.owner_id is not None:
            request.owner = None
            request.save()
    return request


def log_attempt(
    *,
    request_id: UUID,
    channel: str,
    reached: bool,
    by: User,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> ContactAttempt:
    """One try to reach the person. The first success moves a new request to `contacted`."""
    if channel not in {BY_PHONE, *Channel}:
        raise Invalid("Say how you tried.", field="channel")
    note = tidy(note)
    if len(note) > 300:
        raise Invalid("A note has at most 300 characters.", field="note")
    with recorded(by=by):
        request = _still_open(IntakeRequest.locked(request_id, version=version))
        attempt = ContactAttempt(request=request, channel=channel, reached=reached, note=note, by=by, at=now)
        attempt.save(force_insert=True)
        if reached and request.status == RequestStatus.NEW:
            request.status = RequestStatus.CONTACTED
            request.save()
    return attempt


def move_request(*, request_id: UUID, to: str, by: User, reason: str = "", version: int | None = None) -> IntakeRequest:
    """Apply one move of REQUEST_MOVES. Closing needs a reason; review by a prescriber needs a patient.

    An open state takes back, with the reason, that it was the same as another request.
    """
    if to not in set(RequestStatus):
        raise Invalid("There is no such state.", field="to")
    wanted, reason = RequestStatus(to), tidy(reason)
    with recorded(by=by, reason=reason):
        request = IntakeRequest.locked(request_id, version=version)
        if request.status == wanted:
            return request
        _may_move(request, wanted, reason)
        request.status = wanted
        request.closed_reason = reason if wanted not in OPEN_REQUESTS else ""
        if wanted in OPEN_REQUESTS:
            request.duplicate_of = None
        request.save()
    return request


def link(*, request_id: UUID, patient_id: UUID, by: User, version: int | None = None) -> IntakeRequest:
    """The request is from somebody whom the clinic knows. Raises NotFound, Clash."""
    with recorded(by=by):
        request = _still_open(IntakeRequest.locked(request_id, version=version))
        patient = Patient.objects.filter(pk=patient_id, clinic=request.clinic_id).select_related("merged_into").first()
        if patient is None:
            raise NotFound("There is no such patient.")
        tie(request=request, patient=survivor(patient), by=by)
    return request


def register_from(
    *,
    request_id: UUID,
    by: Actor,
    now: datetime,
    record_number: str | None = None,
    version: int | None = None,
    not_duplicates: Collection[UUID] | None = None,
    **person: Any,
) -> Patient:
    """Register the person behind a request: what the request says, and over it what was said since.

    Raises what `register` raises, Stale, and Clash for a request that is closed or has its patient.
    """
    with recorded(by=by):
        request = _still_open(IntakeRequest.locked(request_id, version=version))
        if request.patient_id is not None:
            raise Clash("This request belongs to a patient already.")
        return register(
            clinic=request.clinic,
            by=by,
            now=now,
            record_number=record_number,
            request=request,
            not_duplicates=not_duplicates,
            **from_request(request, person),
        )


def decided(*, patient: Patient, request: IntakeRequest | None, more_wanted: bool, by: User) -> None:
    """A prescriber has decided about the patient: the `request` decided on, or each open one of theirs, is answered.

    With `more_wanted` they asked for something, and it waits for that instead. What was decided is not written here.
    """
    to = RequestStatus.INFO_AWAITED if more_wanted else RequestStatus.CLOSED
    reason = "" if more_wanted else "A prescriber has decided."
    with recorded(by=by):
        theirs = IntakeRequest.objects.filter(patient=patient, status__in=OPEN_REQUESTS)
        if request is not None:
            theirs = theirs.filter(pk=request.pk)
        for row in theirs.select_for_update().order_by("id"):
            if row.status != to:
                row.status, row.closed_reason = to, reason
                row.save()


def _answerable(request: IntakeRequest) -> None:
    said = {name: getattr(request, name) for name in ("family_name", "given_name", "mobile", "email")}
    if errors := _unanswerable(said):
        raise Invalid("Some values are not valid.", errors=errors)


def _unanswerable(values: dict[str, Any]) -> dict[str, list[str]]:
    """What is missing for an answer, by field."""
    errors = {}
    if not (values.get("family_name") or values.get("given_name")):
        errors["family_name"] = ["Write at least one name."]
    if not (values.get("mobile") or values.get("email")):
        errors["mobile"] = ["Write a telephone number or an email address, so that we can answer."]
    return errors


def _still_open(request: IntakeRequest) -> IntakeRequest:
    if not request.is_open:
        raise Clash("This request is closed. Open it again first.")
    return request


def _may_move(request: IntakeRequest, wanted: RequestStatus, reason: str) -> None:
    if wanted not in REQUEST_MOVES[RequestStatus(request.status)]:
        raise Clash(
            f"A request that is {_word(request.status)} cannot become {_word(wanted)}.", status_now=request.status
        )
    if wanted == RequestStatus.CLOSED and not reason:
        raise Invalid("Say why this request is closed.", field="reason")
    if len(reason) > 200:
        raise Invalid("A reason has at most 200 characters.", field="reason")
    if wanted == RequestStatus.READY_FOR_REVIEW and request.patient_id is None:
        raise Clash("Register the patient, or link one, before a prescriber looks at it.")


def _word(status: str) -> str:
    return status.replace("-", " ")
