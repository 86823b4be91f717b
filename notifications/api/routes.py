"""The API routes of this app: address, view set, name."""

from typing import Any

from notifications.api.messages import MessageViewSet
from notifications.api.replies import ReplyViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("messages", MessageViewSet, "message"),
    ("text-replies", ReplyViewSet, "text-reply"),
]
