"""A patient's allergy list, in three states that are never mistaken for one another: not asked, none known, listed.

Nurses and prescribers keep it. An import may add to it; what a clinician removed does not come back that way.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from config.audit.acting import Actor, SystemJob, recorded
from config.refusals import Clash, Invalid
from config.staff.models import User
from config.staff.permissions import Permission, require
from patients.models import Allergy, AllergyReview, AllergyState, Patient
from patients.person import tidy
from patients.record import living


def confirm_none(*, patient_id: UUID, by: User, now: datetime, version: int | None = None) -> Patient:
    """The patient was asked and knows of none. Raises Clash while any is listed, Stale (`version` is the record's)."""
    require(by, Permission.RECORD_ALLERGIES)
    with recorded(by=by):
        patient = living(patient_id, version=version)
        if listed(patient):
            raise Clash("Allergies are listed. Remove them with a reason first.")
        patient.allergy_state = AllergyState.NONE_KNOWN
        _confirmed(patient, by, now)
    return patient


def add(
    *, patient_id: UUID, substance: str, by: User, now: datetime, reaction: str = "", version: int | None = None
) -> Allergy:
    """Put one on the list. Raises Invalid, Stale, and Clash when it stands there already."""
    require(by, Permission.RECORD_ALLERGIES)
    allergy = Allergy(substance=_short(substance, "substance"), reaction=_short(reaction, "reaction"))
    if not allergy.substance:
        raise Invalid("Name the substance.", field="substance")
    with recorded(by=by):
        patient = living(patient_id, version=version)
        allergy.patient = patient
        _listed_once(allergy)
        patient.allergy_state = AllergyState.LISTED
        _confirmed(patient, by, now)
    return allergy


def remove(
    *,
    allergy_id: UUID,
    reason: str,
    by: User,
    now: datetime,
    patient_id: UUID | None = None,
    version: int | None = None,
) -> Allergy:
    """Take one off the list; it stays in history with the reason. An empty list counts as not asked again.

    Raises Invalid, Stale (`version` is the record's), and Clash when it is not on the list any more.
    """
    require(by, Permission.RECORD_ALLERGIES)
    reason = _short(reason, "reason")
    if not reason:
        raise Invalid("Say why it is taken off the list.", field="reason")
    with recorded(by=by, reason=reason):
        allergy = Allergy.locked(allergy_id)
        patient = living(allergy.patient_id, version=version)
        if (patient_id and patient_id != patient.pk) or allergy.removed_reason:
            raise Clash("This is no longer on the list.")
        allergy.removed_reason = reason
        allergy.save()
        if not listed(patient):
            patient.allergy_state = AllergyState.NOT_ASKED
        _confirmed(patient, by, now)
    return allergy


def review(
    *, patient_id: UUID, by: User, now: datetime, at: datetime | None = None, about: UUID | None = None
) -> AllergyReview:
    """The patient was asked again and what stands is right, none known or a list; confirmed from `at` (else `now`) on.

    `about` names the visit at which it was done. Raises Clash (code not-asked) while nobody has asked at all.
    """
    require(by, Permission.RECORD_ALLERGIES)
    with recorded(by=by):
        patient = living(patient_id)
        if patient.allergy_state == AllergyState.NOT_ASKED:
            raise Clash(
                "Nobody has asked about allergies yet. Ask, and put the answer on the allergy list first.",
                code="not-asked",
            )
        made = AllergyReview(patient=patient, state=patient.allergy_state, by=by, at=at or now, about=about)
        made.listed = "; ".join(str(allergy) for allergy in listed(patient))
        made.before_by, made.before_at = patient.allergies_confirmed_by, patient.allergies_confirmed_at
        made.save(force_insert=True)
        if made.before_at is None or made.before_at <= made.at:
            _confirmed(patient, by, made.at)
    return made


def take_back_review(*, patient_id: UUID, about: UUID, reason: str, by: User, now: datetime) -> AllergyReview | None:
    """The review that was noted at that visit never was: the list counts as confirmed by whoever had confirmed it
    before, unless somebody has confirmed it since. None when there is no such review."""
    require(by, Permission.RECORD_ALLERGIES)
    with recorded(by=by, reason=reason):
        patient = living(patient_id)
        wrong = reviews(patient).filter(about=about).first()
        if wrong is None:
            return None
        row = AllergyReview(patient=patient, state=wrong.state, by=by, at=now, about=about, takes_back=wrong)
        row.reason = _short(reason, "reason")
        row.save(force_insert=True)
        if (patient.allergies_confirmed_by_id, patient.allergies_confirmed_at) == (wrong.by_id, wrong.at):
            patient.allergies_confirmed_by, patient.allergies_confirmed_at = wrong.before_by, wrong.before_at
            patient.save()
    return row


def reviews(patient: Patient) -> QuerySet[AllergyReview]:
    """The reviews that count, newest first."""
    found = AllergyReview.objects.filter(patient=patient, takes_back__isnull=True, taken_back__isnull=True)
    return found.select_related("by", "before_by").order_by("-at", "-recorded_at")


def bring_in(*, patient: Patient, entries: Iterable[tuple[str, str]]) -> int:
    """Add the imported (substance, reaction) pairs that this list has never held. Returns how many."""
    added = 0
    with recorded(by=SystemJob.IMPORT, reason="import"):
        patient = living(patient.pk)
        ever = {name.casefold() for name in patient.allergies.values_list("substance", flat=True)}
        for substance, reaction in entries:
            name = _short(substance, "allergies")
            if name and name.casefold() not in ever:
                ever.add(name.casefold())
                Allergy(patient=patient, substance=name, reaction=_short(reaction, "allergies")).save()
                added += 1
        if added and patient.allergy_state != AllergyState.LISTED:
            patient.allergy_state = AllergyState.LISTED
            patient.allergies_confirmed_by = patient.allergies_confirmed_at = None
            patient.save()
    return added


def carry_over(*, gone: Patient, stays: Patient, by: Actor) -> int:
    """List on the record that stays what a merged one lists, with where it came from. Returns how many were added.

    They are brought over rather than the state set back to "not asked": whoever looks at the banner in the minutes
    before a nurse has compared must read the substance itself, and where two lists disagree a reaction too many is the
    smaller mistake. So what was once taken off here comes back too, and what the merged record says of "none known"
    counts for nothing. Whoever merges adds no knowledge of their own and needs no leave to keep the list; nobody has
    confirmed the longer one, so the confirmation goes. Both records must be locked.
    """
    here = {row.substance.lower() for row in listed(stays)}
    fresh = [row for row in listed(gone) if row.substance.lower() not in here]
    with recorded(by=by):
        for row in fresh:
            Allergy(patient=stays, substance=row.substance, reaction=row.reaction, from_record=gone).save()
        if fresh:
            stays.allergy_state = AllergyState.LISTED
            stays.allergies_confirmed_by = stays.allergies_confirmed_at = None
            stays.save()
    return len(fresh)


def listed(patient: Patient) -> list[Allergy]:
    """Those that count now, by name."""
    return list(patient.allergies.filter(removed_reason="").order_by("substance", "id"))


def _short(text: str, field: str) -> str:
    found = tidy(text)
    if len(found) > 200:
        raise Invalid("At most 200 characters.", field=field)
    return found


def _confirmed(patient: Patient, by: User, now: datetime) -> None:
    asked = patient.allergy_state != AllergyState.NOT_ASKED
    patient.allergies_confirmed_by, patient.allergies_confirmed_at = (by, now) if asked else (None, None)
    patient.save()


def _listed_once(allergy: Allergy) -> None:
    try:
        with transaction.atomic():
            allergy.save()
    except IntegrityError as error:
        if "allergy_listed_once" not in str(error):
            raise
        raise Clash("This is on the list already.", field="substance") from error
