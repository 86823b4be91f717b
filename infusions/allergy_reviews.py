"""A pre-visit check that says that the allergies were reviewed is that review: of the patient's list, as it stands."""

from datetime import datetime

from config.refusals import Clash, Invalid
from config.staff.models import User
from infusions.models import PreVisitCheck, Visit
from infusions.models.entries import FlowsheetEntry
from patients import allergies

FIELD = "allergies_reviewed"


def follow_review(entry: FlowsheetEntry, visit: Visit, *, by: User, now: datetime) -> None:
    """Review the allergies when a check says so; take that back when a correction no longer says so.

    Raises Invalid (allergies_reviewed) while nobody has asked about allergies: there is nothing to review yet.
    """
    if not isinstance(entry, PreVisitCheck):
        return
    said = isinstance(entry.supersedes, PreVisitCheck) and entry.supersedes.allergies_reviewed is True
    says = entry.allergies_reviewed is True
    if said and not says:
        allergies.take_back_review(
            patient_id=visit.patient_id, about=visit.pk, reason=entry.correction_reason, by=by, now=now
        )
    if says and not said:
        _review(visit, by=by, now=now, at=entry.observed_at)


def _review(visit: Visit, *, by: User, now: datetime, at: datetime) -> None:
    try:
        allergies.review(patient_id=visit.patient_id, by=by, now=now, at=at, about=visit.pk)
    except Clash as refusal:
        if refusal.code != "not-asked":
            raise
        raise Invalid(refusal.message, field=FIELD, code=refusal.code) from refusal
