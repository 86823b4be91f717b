"""Candidacy: a prescriber decides, with a reason, whether a patient is accepted. The one writer of decisions.

Nothing is scored, suggested or decided by anything but the person who signs.
"""

from datetime import date, datetime
from typing import Any

from config.audit.acting import recorded
from config.refusals import Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.models import CandidacyDecision
from infusions.signing import check_password, put_signature, signs
from infusions.states import Outcome
from patients.models import IntakeRequest, Patient

MEANING = "decided candidacy"
signs(CandidacyDecision)


def decide(
    *,
    patient: Patient,
    outcome: str,
    reason: str,
    by: User,
    now: datetime,
    password: str,
    conditions: str = "",
    valid_until: date | None = None,
    request: IntakeRequest | None = None,
) -> CandidacyDecision:
    """Record and sign a decision; it supersedes the patient's current one.

    Raises NotAllowed for anybody but a prescriber, Invalid (by field) for a missing reason, an unknown outcome, a day
    that is past, a request of somebody else's, or the wrong password.
    """
    require(by, Permission.DECIDE_CANDIDACY)
    _check(patient=patient, outcome=outcome, reason=reason, valid_until=valid_until, request=request, by=by, now=now)
    check_password(by=by, password=password)
    with recorded(by=by):
        # The patient's row is locked, so that of two decisions at once each supersedes the one before.
        Patient.locked(patient.pk)
        decision = CandidacyDecision(
            patient=patient,
            request=request,
            outcome=outcome,
            reason=reason,
            conditions=conditions,
            valid_until=valid_until,
            supersedes=newest(patient=patient),
            author=by,
            entered_at=now,
        )
        put_signature(decision, by=by, meaning=MEANING, now=now)
        decision.save()
    return decision


def _check(
    *,
    patient: Patient,
    outcome: str,
    reason: str,
    valid_until: date | None,
    request: IntakeRequest | None,
    by: User,
    now: datetime,
) -> None:
    if patient.clinic_id != by.clinic_id:
        raise NotFound("There is no such patient.")
    errors: dict[str, list[str]] = {}
    if outcome not in set(Outcome):
        errors["outcome"] = ["Choose one of the outcomes."]
    if not reason.strip():
        errors["reason"] = ["Write your reason. A decision without one is not recorded."]
    if valid_until is not None and valid_until < by.clinic.today(now):
        errors["valid_until"] = ["This day is past."]
    if request is not None and request.patient_id != patient.pk:
        errors["request"] = ["This request is not linked to this patient."]
    if errors:
        raise Invalid("The decision is not complete.", errors=errors)


def earlier(*, patient: Patient) -> list[CandidacyDecision]:
    """All decisions about the patient, newest first. One query."""
    decisions = CandidacyDecision.objects.filter(patient=patient).select_related("author")
    return list(decisions.order_by("-recorded_at"))


def newest(*, patient: Patient) -> CandidacyDecision | None:
    """The decision that no later one supersedes."""
    later: Any = CandidacyDecision.objects.filter(patient=patient, supersedes__isnull=False).values("supersedes")
    return CandidacyDecision.objects.filter(patient=patient).exclude(pk__in=later).select_related("author").first()


def current(*, patient: Patient, on: date) -> CandidacyDecision | None:
    """The newest decision if it holds on that day, whatever its outcome; None without one, or when it has run out."""
    decision = newest(patient=patient)
    return decision if decision is not None and holds(decision, on=on) else None


def holds(decision: CandidacyDecision, *, on: date) -> bool:
    """Whether that day is within what the prescriber typed; a decision without a last day has none."""
    return decision.valid_until is None or on <= decision.valid_until


def is_accepted(decision: CandidacyDecision | None) -> bool:
    """Whether visits may be booked on the strength of it."""
    return decision is not None and decision.outcome == Outcome.CANDIDATE
