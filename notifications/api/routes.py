"""The API routes of this app: address, view set, name."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []
