"""`/api/v1/text-replies/`"""

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
from notifications import inbound
from notifications.models import InboundText

P = Permission


class ReplySerializer(serializers.ModelSerializer[InboundText]):
    """An answer by text as it came, what it was taken for, what went back, and who read it."""

    class Meta:
        model = InboundText
        fields = (
            "id",
            "version",
            "patient",
            "appointment",
            "number",
            "text",
            "received_at",
            "meant",
            "answer",
            "needs_reading",
            "read_at",
            "read_by",
            "read_note",
        )
        read_only_fields = fields


class Reading(VersionedSerializer):
    """What came of it."""

    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    opt_out = serializers.BooleanField(default=False, help_text="They want no more texts.")


class ReplyFilter(filters.FilterSet):  # type: ignore[misc]
    """By what it was taken for and by whom it is from."""

    class Meta:
        model = InboundText
        fields = ("meant", "patient", "needs_reading")


class ReplyViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """What patients answered by text. Providers bring it; staff read what is unclear."""

    queryset = InboundText.objects.all()
    serializer_class = ReplySerializer
    filterset_class = ReplyFilter
    ordering = ("-received_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_MESSAGES,
        "retrieve": P.SEE_MESSAGES,
        "history": P.SEE_MESSAGES,
        "read": P.HANDLE_MESSAGES,
    }

    @extend_schema(request=Reading, responses=ReplySerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def read(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """It has been read and dealt with; texts go to the number again, unless they want none."""
        found, data = self.get_object(), self.valid(Reading)
        data.pop("version", None)
        person, version = cast("User", request.user), self.expected_version()
        return self.answer(inbound.settle(reply_id=found.pk, by=person, now=timezone.now(), version=version, **data))
