"""The API routes of this app: address, view set, name."""

from typing import Any

from notifications.api.links import VisitLinkViewSet
from notifications.api.messages import MessageViewSet
from notifications.api.purposes import PurposeViewSet, ReminderTimesViewSet
from notifications.api.replies import ReplyViewSet
from notifications.api.sending import RegistrationViewSet
from notifications.api.templates import MessageTemplateViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("messages", MessageViewSet, "message"),
    ("message-purposes", PurposeViewSet, "message-purpose"),
    ("message-templates", MessageTemplateViewSet, "message-template"),
    ("registration", RegistrationViewSet, "registration"),
    ("reminder-times", ReminderTimesViewSet, "reminder-time"),
    ("text-replies", ReplyViewSet, "text-reply"),
    ("visit-links", VisitLinkViewSet, "visit-link"),
]
