"""The API routes of this app: address, view set, name."""

from typing import Any

from patients.api.patients import PatientViewSet
from patients.api.requests import IntakeRequestViewSet
from patients.api.tasks import TaskViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("intake-requests", IntakeRequestViewSet, "intake-request"),
    ("patients", PatientViewSet, "patient"),
    ("tasks", TaskViewSet, "task"),
]
