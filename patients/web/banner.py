"""Who a page is about: what `components/patient_banner.html` shows, the same on every page of every app."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from patients.models import Patient


def banner(patient: Patient, now: datetime) -> dict[str, Any]:  # noqa: ARG001  (what counts may depend on the day)
    """Context for the banner: `patient`, `allergies` that count now, `url` of the patient's page, more `alerts`.

    At most two queries: the allergies, and who confirmed them unless the caller selected it.
    """
    return {
        "patient": patient,
        "allergies": list(
            patient.allergies.filter(removed_reason="").select_related("from_record").order_by("substance")
        ),
        "url": reverse("patient", args=[patient.pk]),
        "alerts": _alerts(patient),
    }


def _alerts(patient: Patient) -> list[str]:
    found = []
    if patient.merged_into_id:
        found.append("Merged into another record; nothing is written here any more")
    if patient.needs_interpreter:
        found.append("Needs an interpreter")
    return found
