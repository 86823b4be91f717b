"""The API routes of this app: address, view set, name."""

from typing import Any

from infusions.api import visit_routes

ROUTES: list[tuple[str, Any, str]] = [
    *visit_routes.ROUTES,
]
