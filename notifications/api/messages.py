"""`/api/v1/messages/`"""

from typing import Any, ClassVar, cast

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.api import DeskViewSet, VersionedSerializer, WithHistory, WithList, WithRetrieve
from config.staff.models import User
from config.staff.permissions import Permission
from notifications import desk
from notifications.models import Message

P = Permission


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message: what it is about, when it goes or went, its text exactly as it was handed over, and why not."""

    class Meta:
        model = Message
        fields = (
            "id",
            "version",
            "patient",
            "appointment",
            "placing",
            "purpose",
            "channel",
            "offset_hours",
            "state",
            "reason",
            "planned_for",
            "due_at",
            "useful_until",
            "submitted_at",
            "sent_at",
            "receipt_at",
            "error_code",
            "to",
            "subject",
            "text",
            "language",
            "wording_version",
            "attempts",
            "withdrawn_by",
        )
        read_only_fields = fields


class MessageAct(VersionedSerializer):
    """An act that needs no more than the version that the sender read."""


class Withdrawal(VersionedSerializer):
    """Why it shall not go out."""

    reason = serializers.CharField(max_length=150)


class MessageFilter(filters.FilterSet):  # type: ignore[misc]
    """By state and by what it is about."""

    class Meta:
        model = Message
        fields = ("state", "channel", "patient", "appointment")


class MessageViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The ledger of messages. The planner writes it; staff withdraw, repeat and settle."""

    queryset = Message.objects.all()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    ordering = ("-due_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_MESSAGES,
        "retrieve": P.SEE_MESSAGES,
        "history": P.SEE_MESSAGES,
        "withdraw": P.HANDLE_MESSAGES,
        "retry": P.HANDLE_MESSAGES,
        "received": P.HANDLE_MESSAGES,
    }

    @property
    def _person(self) -> User:
        return cast("User", self.request.user)

    @extend_schema(request=Withdrawal, responses=MessageSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def withdraw(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Keep a waiting message from going out."""
        found, data = self.get_object(), self.valid(Withdrawal)
        version = self.expected_version()
        return self.answer(desk.withdraw(message_id=found.pk, reason=data["reason"], by=self._person, version=version))

    @extend_schema(request=MessageAct, responses=MessageSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def retry(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Send again one that failed, whose outcome is unknown, or that a person had withdrawn."""
        found = self.get_object()
        self.valid(MessageAct)
        version = self.expected_version()
        return self.answer(desk.retry(message_id=found.pk, by=self._person, now=timezone.now(), version=version))

    @extend_schema(request=MessageAct, responses=MessageSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def received(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """The patient says that a message of unknown outcome arrived."""
        found = self.get_object()
        self.valid(MessageAct)
        return self.answer(
            desk.mark_received(
                message_id=found.pk, by=self._person, now=timezone.now(), version=self.expected_version()
            )
        )
