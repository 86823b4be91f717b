"""`/api/v1/appointments/`: scheduling's, and the move, which has to know the order's gaps."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from config.http.api import StaffRequest, VersionedSerializer
from config.staff.permissions import Permission
from infusions import rescheduling
from scheduling.api.appointments import AppointmentViewSet as BookedVisits
from scheduling.api.serializers import AppointmentSerializer, Instant
from scheduling.models import Chair


class VisitMoveInput(VersionedSerializer):
    """Where a visit goes."""

    start = Instant()
    chair = serializers.UUIDField(required=False, allow_null=True)


class AppointmentViewSet(BookedVisits):
    """Appointments. An infusion moves only within the gaps of its order; a consult moves freely."""

    requires: ClassVar = {**BookedVisits.requires, "move": Permission.BOOK}

    @extend_schema(request=VisitMoveInput, responses=AppointmentSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def move(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        data = self.valid(VisitMoveInput)
        chair = self._named(Chair.objects.all(), data, "chair")
        return self._answer(rescheduling.move(start=data["start"], chair=chair, **self._by(request)))
