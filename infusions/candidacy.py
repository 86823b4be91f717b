"""Candidacy: a prescriber decides, with a reason, whether a patient is accepted. The one writer of decisions.

Nothing is scored, suggested or decided by anything but the person who signs.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.models import CandidacyDecision
from infusions.signing import check_password, put_signature, signs
from infusions.states import Outcome
from patients import intake
from patients.models import IntakeRequest, Patient, TaskKind
from patients.record import living
from patients.register import HAS_DIED
from patients.tasks import raise_task, withdraw_about

MEANING = "decided candidacy"
ASKED_LONGEST = 200
signs(CandidacyDecision)
Listener = Callable[[CandidacyDecision, User, datetime], None]
_listeners: list[Listener] = []


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
    ask_for: str = "",
    information_due: date | None = None,
) -> CandidacyDecision:
    """Record and sign a decision; it supersedes the patient's current one.

    "More information needed" says what the desk is to `ask_for`, without clinical detail, and by when: that becomes a
    task of the desk's, and the task of the decision before is withdrawn.

    Raises NotAllowed for anybody but a prescriber, Invalid (by field) for a missing reason, an unknown outcome, a day
    that is past, a request of somebody else's, a question to the desk that is not whole, or the wrong password.
    """
    require(by, Permission.DECIDE_CANDIDACY)
    decision = CandidacyDecision(
        patient=patient,
        request=request,
        outcome=outcome,
        reason=reason,
        conditions=conditions,
        valid_until=valid_until,
        ask_for=ask_for.strip(),
        information_due=information_due,
        author=by,
        entered_at=now,
    )
    _check(decision, today=by.clinic.today(now))
    check_password(by=by, password=password)
    with recorded(by=by):
        # The patient's row is locked, so that of two decisions at once each supersedes the one before.
        if living(patient.pk).deceased:
            raise Clash(HAS_DIED)
        decision.supersedes = newest(patient=patient)
        put_signature(decision, by=by, meaning=MEANING, now=now)
        decision.save()
        _tell_desk(decision, by=by, now=now)
        _move_requests(decision, by=by)
        for listener in _listeners:
            listener(decision, by, now)
    return decision


def tell_after(listener: Listener) -> Listener:
    """Tell this, in the same transaction, after somebody decided."""
    _listeners.append(listener)
    return listener


def _move_requests(decision: CandidacyDecision, *, by: User) -> None:
    """A decision answers the request; one put off does not."""
    if decision.outcome != Outcome.DEFERRED:
        more_wanted = decision.outcome == Outcome.MORE_INFORMATION
        intake.decided(patient=decision.patient, request=decision.request, more_wanted=more_wanted, by=by)


def _tell_desk(decision: CandidacyDecision, *, by: User, now: datetime) -> None:
    """What the decision before asked for is no longer wanted; what this one asks for is."""
    if decision.supersedes_id is not None:
        withdraw_about(kind=TaskKind.MORE_INFORMATION, about=decision.supersedes_id, by=by, now=now)
    if decision.outcome == Outcome.MORE_INFORMATION:
        raise_task(
            clinic=by.clinic,
            patient=decision.patient,
            kind=TaskKind.MORE_INFORMATION,
            words=decision.ask_for,
            about=decision.pk,
            due_on=decision.information_due,
            by=by,
            now=now,
        )


def _check(decision: CandidacyDecision, *, today: date) -> None:
    if decision.patient.clinic_id != decision.author.clinic_id:
        raise NotFound("There is no such patient.")
    errors: dict[str, list[str]] = {}
    if decision.outcome not in set(Outcome):
        errors["outcome"] = ["Choose one of the outcomes."]
    if not decision.reason.strip():
        errors["reason"] = ["Write your reason. A decision without one is not recorded."]
    if decision.valid_until is not None and decision.valid_until < today:
        errors["valid_until"] = ["This day is past."]
    if decision.request is not None and decision.request.patient_id != decision.patient_id:
        errors["request"] = ["This request is not linked to this patient."]
    errors |= _asking(decision, today)
    if errors:
        raise Invalid("The decision is not complete.", errors=errors)


def _asking(decision: CandidacyDecision, today: date) -> dict[str, list[str]]:
    """What is wrong with the question to the desk, by field."""
    asked, due = decision.ask_for, decision.information_due
    if decision.outcome != Outcome.MORE_INFORMATION:
        only = "Only “more information needed” asks the desk for something. Take this back, or decide that."
        return {name: [only] for name, given in (("ask_for", asked), ("information_due", due)) if given}
    errors: dict[str, list[str]] = {}
    if not asked or len(asked) > ASKED_LONGEST:
        errors["ask_for"] = [f"Say in one sentence, of at most {ASKED_LONGEST} characters, what the desk asks for."]
    if due is None or due < today:
        errors["information_due"] = ["This day is past."] if due else ["Say by when the desk should have it."]
    return errors


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
