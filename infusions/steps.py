"""The order in which an infusion's steps can be charted, and how they move the appointment along."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from config.refusals import Clash, Invalid
from config.staff.models import User
from infusions.consents import missing_to_start
from infusions.models import Administration, Discharge, ExceptionUse, PreVisitCheck, Visit
from infusions.models.entries import FlowsheetEntry
from infusions.models.flowsheet import AdministrationKind
from infusions.states import OrderStatus
from scheduling import booking
from scheduling.models.kinds import VisitKind
from scheduling.states import Status

K = AdministrationKind
WITHOUT_CONSENT, NO_CONSENT = "without_consent_reason", "no-consent"


def check_step(entry: FlowsheetEntry, visit: Visit) -> None:
    """Raise Clash or Invalid when the row cannot stand in this visit, as it is now."""
    if isinstance(entry, Administration):
        _check_administration(entry, visit)
        _check_consent(entry, visit)
    if isinstance(entry, Discharge) and not entry.entered_in_error:
        _check_discharge(entry, visit)


def follow_step(entry: FlowsheetEntry, visit: Visit, *, by: User, now: datetime) -> None:
    """Move the appointment where the charted step takes it, and back when that step is struck. Any other correction
    moves nothing, and neither does striking a step of a visit that was ended otherwise since.
    """
    _note_exception(entry, visit)
    moves = _moves(entry)
    if entry.entered_in_error:
        moves = {after: before for before, after in moves.items()}
    elif entry.supersedes is not None:
        _date_again(entry, visit, by)
        return
    to = moves.get(Status(visit.appointment.status))
    if to is not None:
        since = _began(visit, to)
        booking.apply(
            appointment_id=visit.appointment_id, to=to, by=by, now=now, reason=entry.correction_reason, since=since
        )


def _note_exception(entry: FlowsheetEntry, visit: Visit) -> None:
    """An exception covers the visit that used it, and no other."""
    if isinstance(entry, Discharge) and entry.escort_exception is not None:
        ExceptionUse.objects.get_or_create(exception=entry.escort_exception, appointment=visit.appointment)


def _date_again(entry: FlowsheetEntry, visit: Visit, by: User) -> None:
    """A corrected start or end also corrects since when the visit stands where it stands."""
    begins = BEGUN_BY.get(Status(visit.appointment.status))
    if isinstance(entry, Administration) and entry.kind == begins:
        status = Status(visit.appointment.status)
        booking.date_state(appointment_id=visit.appointment_id, status=status, since=entry.observed_at, by=by)


def _began(visit: Visit, to: Status) -> datetime | None:
    """When the step was observed with which that state begins; None for a state that begins when it is entered."""
    steps = Administration.objects.standing().filter(visit=visit, kind=BEGUN_BY.get(to, ""))
    return steps.values_list("observed_at", flat=True).first()


def _moves(entry: FlowsheetEntry) -> dict[Status, Status]:
    if isinstance(entry, Discharge):
        return {Status.RECOVERY: Status.COMPLETED}
    if isinstance(entry, Administration):
        return MOVED_BY.get(AdministrationKind(entry.kind), {})
    return {}


MOVED_BY = {
    K.START: {Status.CHECKED_IN: Status.IN_PROGRESS},
    K.END: {Status.IN_PROGRESS: Status.RECOVERY},
}
BEGUN_BY = {Status.IN_PROGRESS: K.START, Status.RECOVERY: K.END}


def check_in_force(visit: Visit, *, now: datetime) -> None:
    """Raise Clash unless the visit's order is in force today."""
    order = visit.order
    if order is None:
        raise Clash("A consult has no order, so nothing can be given.", code="no-order")
    today = visit.clinic.today(now)
    if order.standing.status != OrderStatus.ACTIVE:
        raise Clash(f"The order is {order.standing.get_status_display().replace('-', ' ')}.", code="order-not-active")
    if order.valid_until is not None and order.valid_until < today:
        raise Clash(f"The order was valid until {order.valid_until:%-d %b %Y}.", code="order-expired")
    if order.valid_from is not None and order.valid_from > today:
        raise Clash(f"The order is valid from {order.valid_from:%-d %b %Y}.", code="order-not-yet-valid")


def _check_administration(entry: Administration, visit: Visit) -> None:
    if visit.appointment.kind == VisitKind.CONSULT:
        raise Clash("This is a consult: nothing is given.", code="consult")
    standing = Administration.objects.standing().filter(visit=visit).exclude(pk=entry.supersedes_id or entry.pk)
    others = sorted(standing, key=lambda step: step.observed_at)
    if entry.entered_in_error:
        _check_struck(entry, visit, others)
        return
    if entry.kind == K.START:
        _check_start(entry, visit, others)
    else:
        _check_after_start(entry, others)


def _check_struck(entry: Administration, visit: Visit, others: Iterable[Administration]) -> None:
    if entry.kind == K.START and any(others):
        raise Clash("Strike the later steps first.", code="steps-follow")
    if entry.kind == K.END and Discharge.objects.standing().filter(visit=visit).exists():
        raise Clash("Strike the discharge first.", code="steps-follow")


def _check_start(entry: Administration, visit: Visit, others: list[Administration]) -> None:
    if _one(others, K.START):
        raise Clash("The start is charted already. Correct it instead.", code="started-already")
    if others and entry.observed_at > others[0].observed_at:
        raise Invalid("A later step is charted before this time.", field="observed_at")
    if entry.supersedes_id is not None:
        return
    if visit.appointment.status not in {Status.CHECKED_IN, Status.IN_PROGRESS}:
        raise Clash("The infusion cannot start in this state of the visit.", code="not-checked-in")
    check_in_force(visit, now=entry.entered_at)
    if not PreVisitCheck.objects.standing().filter(visit=visit).exists():
        raise Clash("Chart the pre-visit check first.", code="no-pre-visit-check")


def _check_consent(entry: Administration, visit: Visit) -> None:
    """A start has a consent in date of each kind that the clinic asks for, or says why it goes without one; a corrected
    start says it again where the first one did."""
    reason = entry.without_consent_reason
    if entry.kind != K.START:
        if reason is not None:
            raise Invalid("Only the start of an infusion says this.", field=WITHOUT_CONSENT)
        return
    if isinstance(entry.supersedes, Administration):
        _check_said_again(entry, entry.supersedes)
        return
    missing = missing_consents(visit, at=entry.observed_at)
    if missing and reason is None:
        words = f"No consent in date: {', '.join(missing)}. Record it, or write why the infusion starts without it."
        raise Invalid(words, field=WITHOUT_CONSENT, code=NO_CONSENT, missing=missing)
    if reason is not None and not missing:
        raise Invalid("No consent is missing, so there is nothing to say here.", field=WITHOUT_CONSENT)


def _check_said_again(entry: Administration, corrected: Administration) -> None:
    if entry.entered_in_error or entry.without_consent_reason is not None:
        return
    if corrected.without_consent_reason is not None:
        words = "What this corrects says why it started without a consent in date. Write that again."
        raise Invalid(words, field=WITHOUT_CONSENT, code=NO_CONSENT)


def missing_consents(visit: Visit, *, at: datetime) -> list[str]:
    """The kinds of consent that a start at that moment would have to do without."""
    day = at.astimezone(visit.clinic.tz).date()
    return missing_to_start(patient_id=visit.patient_id, clinic_id=visit.clinic_id, on=day)


def _check_after_start(entry: Administration, others: list[Administration]) -> None:
    start, end = _one(others, K.START), _one(others, K.END)
    if start is None:
        raise Clash("The infusion has not started.", code="not-started")
    if entry.observed_at < start.observed_at:
        raise Invalid("This is before the infusion started.", field="observed_at")
    if entry.kind == K.END:
        _check_end(entry, end, others)
    elif end is not None and entry.observed_at > end.observed_at:
        raise Invalid("The infusion had ended by then.", field="observed_at")
    elif entry.kind in {K.PAUSE, K.RESUME}:
        _check_pause(entry, others)


def _check_end(entry: Administration, end: Administration | None, others: list[Administration]) -> None:
    if end is not None:
        raise Clash("The end is charted already. Correct it instead.", code="ended-already")
    if others and others[-1].observed_at > entry.observed_at:
        raise Invalid("A step is charted after this time.", field="observed_at")


def _check_pause(entry: Administration, others: list[Administration]) -> None:
    paused = is_paused([step for step in others if step.observed_at <= entry.observed_at])
    if paused == (entry.kind == K.PAUSE):
        raise Clash(
            "The infusion is paused already." if paused else "The infusion is not paused.",
            code="paused-already" if paused else "not-paused",
        )


def is_paused(steps: Iterable[Any]) -> bool:
    """Whether the last pause or resume among the steps, in time order, was a pause."""
    turns = [step.kind for step in steps if step.kind in {K.PAUSE, K.RESUME}]
    return bool(turns) and turns[-1] == K.PAUSE


def _one(steps: Iterable[Administration], kind: AdministrationKind) -> Administration | None:
    return next((step for step in steps if step.kind == kind), None)


def _check_discharge(entry: Discharge, visit: Visit) -> None:
    if entry.supersedes_id is not None:
        return
    status = Status(visit.appointment.status)
    if status in {Status.CHECKED_IN, Status.IN_PROGRESS}:
        raise Clash("Chart the end of the infusion before the discharge.", code="not-in-recovery")
    if status != Status.RECOVERY:
        raise Clash("This visit is over already.", code="visit-over")
