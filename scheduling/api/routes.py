"""The API routes of this app: address, view set, name.

`appointments` hangs a floor higher, where a move knows the order: `infusions.api.appointments`.
"""

from typing import Any

from scheduling.api.places import ChairViewSet, StaffViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("chairs", ChairViewSet, "chair"),
    ("staff", StaffViewSet, "staff"),
]
