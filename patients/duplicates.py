"""Who may be one person: a patient who is there already, or somebody whose request waits.

What is alike is only shown; a person says whether it is one.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Q, QuerySet, TextField, Value

from config.refusals import Clash, Invalid
from config.staff.models import Clinic
from patients.models import IntakeRequest, Patient, Plain
from patients.person import particulars, read_phone, tidy
from patients.states import OPEN_REQUESTS

MOST = 8


class PossibleDuplicates(Clash):
    """Somebody like this is there already, and nobody has said that it is another. `patients` are those to look at."""

    code = "possible-duplicates"

    def __init__(self, patients: list[Patient]) -> None:
        super().__init__(
            "This may be somebody whom the clinic knows. Look first, then register whoever is somebody else.",
            possible=[
                {
                    "id": str(patient.pk),
                    "record_number": patient.record_number,
                    "name": patient.full_name,
                    "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
                }
                for patient in patients
            ],
        )
        self.patients = patients


class NameParts(Func):
    """The words of three names in plain letters, in no order: `{jose,maria,pepe}`."""

    function = "desk_search_name"
    template = "array_remove(regexp_split_to_array(%(function)s(%(expressions)s), '[ -]+'), '')"
    output_field = ArrayField(TextField())


def possible_duplicates(*, clinic: Clinic, **person: Any) -> list[Patient]:
    """Patients of the clinic who may be this person; at most eight, by name.

    The same phone or email; or the same birth date and a given name in common, whatever the surname is now, or both
    names turned round. Letter case and accents do not count, and the name that somebody goes by is a given name too.
    """
    alike = _same_birth(person) | _same_address(person)
    if not alike:
        return []
    found = Patient.objects.filter(alike, clinic=clinic, merged_into=None)
    return list(found.order_by("family_name", "given_name", "id")[:MOST])


def alike_requests(request: IntakeRequest) -> list[IntakeRequest]:
    """Other open requests of the clinic that may be this person's; at most eight, the oldest first.

    The same patient, phone or email; or the same birth date and a part of a name in common. Those of whom it is known
    that they are another patient's are left out.
    """
    said = particulars(request)
    alike = _same_address(said) | _same_birth_and_part(said)
    others = IntakeRequest.objects.filter(clinic=request.clinic_id, status__in=OPEN_REQUESTS).exclude(pk=request.pk)
    if request.patient_id:
        alike = alike & Q(patient=None) | Q(patient=request.patient_id)
    if not alike:
        return []
    return list(others.filter(alike).select_related("owner").order_by("received_at", "id")[:MOST])


def require_new(*, clinic: Clinic, not_duplicates: Collection[UUID], **person: Any) -> None:
    """Raise PossibleDuplicates unless each of those who are alike is among `not_duplicates`.

    To be called in the transaction that registers: whoever registers the same person at the same moment waits.
    """
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    alike = possible_duplicates(clinic=clinic, **person)
    if not {patient.pk for patient in alike} <= set(not_duplicates):
        raise PossibleDuplicates(alike)


def _same_birth(person: dict[str, Any]) -> Q:
    born = person.get("birth_date")
    family, given, called = (tidy(person.get(name) or "") for name in ("family_name", "given_name", "preferred_name"))
    if not born or not (given or called):
        return Q()
    alike = _given(given, called) | (_turned_round(family, given) if family and given else Q())
    return Q(pk__in=_named().filter(alike, birth_date=born).values("pk"))


def _same_birth_and_part(person: dict[str, Any]) -> Q:
    names = [tidy(person.get(name) or "") for name in ("family_name", "given_name", "preferred_name")]
    if not person.get("birth_date"):
        return Q()
    parts = IntakeRequest.objects.alias(parts=NameParts("family_name", "given_name", "preferred_name"))
    same = parts.filter(birth_date=person["birth_date"], parts__overlap=NameParts(*map(Value, names)))
    return Q(pk__in=same.values("pk"))


def _given(given: str, called: str) -> Q:
    return Q(given_parts__overlap=NameParts(Value(given), Value(called), Value("")))


def _turned_round(family: str, given: str) -> Q:
    return Q(family=Plain(Value(given)), given=Plain(Value(family)))


def _named() -> QuerySet[Patient]:
    """Patients with their names as they are compared."""
    return Patient.objects.alias(
        family=Plain("family_name"),
        given=Plain("given_name"),
        given_parts=NameParts("given_name", "preferred_name", Value("")),
    )


def _same_address(person: dict[str, Any]) -> Q:
    found = Q()
    if mobile := _number(person.get("mobile")):
        found |= Q(mobile=mobile)
    if email := str(person.get("email") or "").strip():
        found |= Q(email__iexact=email)
    return found


def _number(typed: Any) -> str:
    """E.164, or nothing for what is no number (yet)."""
    try:
        return str(getattr(read_phone(typed), "as_e164", ""))
    except Invalid:
        return ""
