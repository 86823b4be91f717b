"""The API routes of visit records: address, view set, name."""

from typing import Any

from infusions.api.visits import VisitViewSet

ROUTES: list[tuple[str, Any, str]] = [("visits", VisitViewSet, "visit")]
