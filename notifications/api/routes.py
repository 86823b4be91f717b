"""The API routes of this app: address, view set, name."""

from typing import Any

from notifications.api.messages import MessageViewSet

ROUTES: list[tuple[str, Any, str]] = [("messages", MessageViewSet, "message")]
