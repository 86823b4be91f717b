"""`/api/v1/visit-links/`"""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, VersionedSerializer, WithHistory, WithList, WithRetrieve
from config.staff.models import User
from config.staff.permissions import Permission
from notifications import links
from notifications.models import LinkAnswer, VisitLink
from patients.models import choices

P = Permission


class VisitLinkSerializer(serializers.ModelSerializer[VisitLink]):
    """A link that went out with a message: until when it works, what was answered, who ended it. Never the link."""

    answer = serializers.ChoiceField(choices(LinkAnswer), allow_blank=True)

    class Meta:
        model = VisitLink
        fields = (
            "id",
            "version",
            "message",
            "made_at",
            "expires_at",
            "wrong_tries",
            "ended_at",
            "ended_by",
            "ended_why",
            "answer",
            "answered_at",
        )
        read_only_fields = fields


class LinkEnd(VersionedSerializer):
    """Why it shall open nothing any more."""

    reason = serializers.CharField(max_length=200)


class VisitLinkFilter(filters.FilterSet):  # type: ignore[misc]
    """By the message that it went out with, and by its visit."""

    appointment = filters.UUIDFilter(field_name="message__appointment")

    class Meta:
        model = VisitLink
        fields = ("message",)


class VisitLinkViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The links to patients' pages. Sending makes them; staff end them."""

    queryset = VisitLink.objects.all()
    serializer_class = VisitLinkSerializer
    filterset_class = VisitLinkFilter
    ordering = ("-made_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_MESSAGES,
        "retrieve": P.SEE_MESSAGES,
        "history": P.SEE_MESSAGES,
        "end": P.HANDLE_MESSAGES,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(message__clinic=self.request.user.clinic)  # type: ignore[union-attr]

    def strands(self, record: VisitLink) -> list[Strand]:
        return [Strand(VisitLink, "id", record.pk, without=frozenset({"token_hash"}))]

    @extend_schema(request=LinkEnd, responses=VisitLinkSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def end(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Let it open nothing any more, for good."""
        found, data = self.get_object(), self.valid(LinkEnd)
        person, version = cast("User", request.user), self.expected_version()
        now = timezone.now()
        return self.answer(links.end(link_id=found.pk, reason=data["reason"], by=person, now=now, version=version))
