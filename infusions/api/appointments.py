"""`/api/v1/appointments/`: scheduling's, and what has to know the order: moving, and cancelling more than one."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.http.api import StaffRequest
from config.refusals import Invalid
from config.staff.permissions import Permission, can
from infusions import rescheduling
from infusions.api import moving_serializers as s
from infusions.api.plans import planned
from infusions.api.strip_serializers import ReadinessSerializer
from infusions.rescheduling import Scope
from infusions.strip import strips
from scheduling.api.appointments import AppointmentViewSet as BookedVisits
from scheduling.api.serializers import AppointmentSerializer
from scheduling.models import Appointment, Chair
from scheduling.moving import Move
from scheduling.states import Status

CHANGED = PolymorphicProxySerializer(
    component_name="ChangedVisits",
    serializers=[AppointmentSerializer, s.VisitsSerializer],
    resource_type_field_name=None,
)


class AppointmentViewSet(BookedVisits):
    """Appointments. An infusion moves only within the gaps of its order; a consult moves freely."""

    requires: ClassVar = {
        **BookedVisits.requires,
        "move": Permission.BOOK,
        "plan_later": Permission.BOOK,
        "readiness": Permission.SEE_SCHEDULE,
    }

    @extend_schema(responses=ReadinessSerializer)
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def readiness(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """What is recorded before the start of an infusion and what is missing, judged by nobody. Empty once it runs.

        Who sees no clinical records learns of a few points whether they are recorded, and nothing of what they say.
        """
        own = self.get_object()
        found = strips([own], clinic=request.user.clinic).get(own.pk)
        if found is not None and not can(request.user, Permission.SEE_CLINICAL):
            found = found.without_content
        told = {"points": found.points if found else (), "missing": len(found.missing) if found else 0}
        return Response(ReadinessSerializer(told).data)

    @extend_schema(request=s.VisitMoveInput, responses=CHANGED)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def move(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        data = self.valid(s.VisitMoveInput)
        if "moves" in data:
            return self._move_all(request, data["moves"])
        chair = self._named(Chair.objects.all(), data, "chair")
        moved = rescheduling.move(
            start=data["start"],
            chair=chair,
            limits_reason=data.get("limits_reason", ""),
            overbook_reason=data.get("overbook_reason", ""),
            **self._by(request),
        )
        return self._answer(moved)

    def _move_all(self, request: StaffRequest, asked: list[dict[str, Any]]) -> Response:
        own = self.get_object()
        if own.pk not in {one["id"] for one in asked}:
            raise Invalid("The moves leave out the visit that is named in the address.", field="moves")
        moves = [self._move(own, one) for one in asked]
        return self._many(rescheduling.move_all(moves=moves, by=request.user, now=timezone.now()))

    def _move(self, own: Appointment, one: dict[str, Any]) -> Move:
        chair = self._named(Chair.objects.all(), one, "chair")
        version = self.expected_version() if one["id"] == own.pk and "version" not in one else one.get("version")
        reason = one.get("limits_reason", "").strip()
        return Move(one["id"], one["start"], chair.pk if chair else None, version, limits_reason=reason)

    def _many(self, visits: list[Appointment]) -> Response:
        rows = self.get_queryset().filter(pk__in=[visit.pk for visit in visits]).order_by("start")
        return Response(s.VisitsSerializer({"visits": rows}, context=self.get_serializer_context()).data)

    @extend_schema(request=s.PlanLaterInput, responses=s.PlanSerializer)
    @action(detail=True, methods=["post"], url_path="plan-later", pagination_class=None, filter_backends=[])
    def plan_later(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        start, own = self.valid(s.PlanLaterInput)["start"], self.get_object()
        own.as_read(self.expected_version())
        plan = rescheduling.plan_later(appointment_id=own.pk, start=start, by=request.user, now=timezone.now())
        return Response(s.PlanSerializer(planned(plan), context=self.get_serializer_context()).data)

    @extend_schema(request=s.VisitCancelInput, responses=CHANGED)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def cancel(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        data = self.valid(s.VisitCancelInput)
        scope = Scope(data.get("scope", Scope.ONE))
        done = rescheduling.cancel(scope=scope, how=Status(data["how"]), reason=data["reason"], **self._by(request))
        return self._answer(done[0]) if scope == Scope.ONE else self._many(done)
