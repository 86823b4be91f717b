"""Who a page is about: what `components/patient_banner.html` shows, the same on every page of every app."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest
from patients.models import Allergy, Patient


def banner(patient: Patient, now: datetime) -> dict[str, Any]:  # noqa: ARG001  (what counts may depend on the day)
    """Context for the banner: `patient`, `allergies` that count now, `url` of the patient's page, more `alerts`.

    At most two queries: the allergies, and who confirmed them unless the caller selected it.
    """
    return _shown(patient, list(_counting().filter(patient=patient)))


def banners(patients: Iterable[Patient]) -> dict[UUID, dict[str, Any]]:
    """The same for several patients, by their ids. One query, if the caller selected who confirmed the allergies."""
    known = {patient.pk: patient for patient in patients}
    listed: dict[UUID, list[Allergy]] = {pk: [] for pk in known}
    for row in _counting().filter(patient__in=known):
        listed[row.patient_id].append(row)
    return {pk: _shown(patient, listed[pk]) for pk, patient in known.items()}


def _counting() -> QuerySet[Allergy]:
    return Allergy.objects.filter(removed_reason="").select_related("from_record").order_by("substance")


def _shown(patient: Patient, allergies: list[Allergy]) -> dict[str, Any]:
    return {
        "patient": patient,
        "allergies": allergies,
        "url": reverse("patient", args=[patient.pk]),
        "alerts": _alerts(patient),
    }


def history_of(
    request: StaffRequest, strands: Sequence[Strand], *, patient: Patient, back: str, sub: str, title: str = "History"
) -> HttpResponse:
    """The history of something of a patient; as a page of its own it carries the banner."""
    about = partial(banner, patient, request.user.local_now())
    return drawer(request, strands, title=title, sub=sub, back=back, about=about)


def _alerts(patient: Patient) -> list[str]:
    found = []
    if patient.merged_into_id:
        found.append("Merged into another record; nothing is written here any more")
    if patient.needs_interpreter:
        found.append("Needs an interpreter")
    return found
