"""The API routes of this app: address, view set, name."""

from typing import Any

from patients.api.allergies import AllergyHistoryViewSet
from patients.api.patients import PatientViewSet
from patients.api.requests import IntakeRequestViewSet
from patients.api.tasks import TaskViewSet

A_PATIENT = "patients/(?P<patient>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

ROUTES: list[tuple[str, Any, str]] = [
    ("intake-requests", IntakeRequestViewSet, "intake-request"),
    (f"{A_PATIENT}/allergies", AllergyHistoryViewSet, "allergy"),
    ("patients", PatientViewSet, "patient"),
    ("tasks", TaskViewSet, "task"),
]
