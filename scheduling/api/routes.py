"""The API routes of this app: address, view set, name.

`appointments` hangs a floor higher, where a move knows the order: `infusions.api.appointments`.
"""

from typing import Any

from scheduling.api.opening import ClosureViewSet, OpenDayViewSet, OpeningHoursViewSet
from scheduling.api.places import ChairViewSet, StaffViewSet
from scheduling.api.rotas import RotaDayViewSet, RotaViewSet, TimeOffViewSet
from scheduling.api.rules import BookingRulesViewSet, PatientLimitsViewSet
from scheduling.api.visit_types import VisitTypeViewSet

A_PATIENT = "patients/(?P<patient>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

ROUTES: list[tuple[str, Any, str]] = [
    ("booking-rules", BookingRulesViewSet, "booking-rules"),
    ("chairs", ChairViewSet, "chair"),
    ("closures", ClosureViewSet, "closure"),
    ("open-days", OpenDayViewSet, "open-day"),
    ("opening-hours", OpeningHoursViewSet, "opening-hours"),
    (f"{A_PATIENT}/limits", PatientLimitsViewSet, "patient-limits-api"),
    ("rota-exceptions", RotaDayViewSet, "rota-exception"),
    ("rotas", RotaViewSet, "rota"),
    ("staff", StaffViewSet, "staff"),
    ("time-off", TimeOffViewSet, "time-off"),
    ("visit-types", VisitTypeViewSet, "visit-type"),
]
