"""The API routes of visit records: address, view set, name."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []
