"""`/api/v1/rotas/`, `/rota-exceptions/` and `/time-off/`"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.http.api import StaffRequest, WithHistory, WithList, WithRetrieve
from config.staff.models import User
from config.staff.permissions import Permission
from scheduling import rotas
from scheduling.api import settings_serializers as s
from scheduling.api.opening import READ_AND_MANAGE, TRIAL
from scheduling.api.settings import WRITTEN_OR_TRIED, Touching
from scheduling.models import RotaDay, RotaShift, TimeOff

P = Permission


class StaffFilter(filters.FilterSet):  # type: ignore[misc]
    """Whose."""

    staff = filters.UUIDFilter(field_name="resource__staff_id")


class OfStaff(Touching):
    """Records about somebody's working times: the clinic is the person's."""

    filterset_class = StaffFilter
    requires: ClassVar = READ_AND_MANAGE

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is User:
            return super().scoped(queryset)
        return queryset.filter(resource__clinic=self.request.user.clinic)  # type: ignore[union-attr]


class RotaViewSet(WithList, WithRetrieve, WithHistory, OfStaff):
    """Weekly patterns, a record for each stretch of a weekday."""

    queryset = RotaShift.objects.select_related("resource")
    serializer_class = s.RotaShiftSerializer
    ordering = ("resource_id", "first_day", "weekday", "starts", "id")
    requires: ClassVar = {**READ_AND_MANAGE, "open_hours": P.MANAGE_CLINIC, "leave": P.MANAGE_CLINIC}

    @extend_schema(request=s.RotaInput, responses=WRITTEN_OR_TRIED)
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.RotaInput)
        given = {"user": self.staff_of(data), "first_day": data["first_day"], "week": s.week(data["week"])}

        def door() -> Any:
            return rotas.set_rota(by=request.user, now=timezone.now(), **given)

        return self.carried_out(door, dry_run=data["dry_run"], status=201)

    @extend_schema(request=s.StaffInput, responses=s.TouchingAnswer)
    @action(detail=False, methods=["post"], url_path="open-hours")
    def open_hours(self, request: StaffRequest) -> Response:
        """No rota: somebody works whenever the clinic is open."""
        data = self.valid(s.StaffInput)
        user = self.staff_of(data)

        def door() -> Any:
            return rotas.follow_opening_hours(user=user, by=request.user, now=timezone.now())

        return self.carried_out(door, dry_run=data["dry_run"], show=lambda _: None)

    @extend_schema(request=s.LeaveInput, responses=s.TouchingAnswer)
    @action(detail=False, methods=["post"])
    def leave(self, request: StaffRequest) -> Response:
        """Nobody is booked there from that day on."""
        data = self.valid(s.LeaveInput)
        user = self.staff_of(data)

        def door() -> Any:
            day = data.get("from_day")
            return rotas.retire_staff_place(user=user, from_day=day, by=request.user, now=timezone.now())

        return self.carried_out(door, dry_run=data["dry_run"], show=lambda _: None)


class RotaDayViewSet(WithList, WithRetrieve, WithHistory, OfStaff):
    """Single days that differ, a record for each stretch. Removing one gives the whole day its usual pattern."""

    queryset = RotaDay.objects.select_related("resource")
    serializer_class = s.RotaDaySerializer
    ordering = ("day", "starts", "id")

    @extend_schema(request=s.RotaDayInput, responses=WRITTEN_OR_TRIED)
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.RotaDayInput)
        dry_run, user, spans = data.pop("dry_run"), self.staff_of(data), s.stretches(data.pop("spans"))

        def door() -> Any:
            return rotas.rota_exception(user=user, spans=spans, by=request.user, now=timezone.now(), **data)

        return self.carried_out(door, dry_run=dry_run, status=201)

    @extend_schema(parameters=[TRIAL], responses={200: s.TouchingAnswer})
    def destroy(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        row, person = self.get_object(), request.user

        def door() -> Any:
            return rotas.drop_rota_exception(user=row.resource.staff, day=row.day, by=person, now=timezone.now())

        return self.carried_out(door, dry_run=self.is_trial())


class TimeOffViewSet(WithList, WithRetrieve, WithHistory, OfStaff):
    """Whole days on which somebody does not work. Its reason is for managers."""

    queryset = TimeOff.objects.select_related("resource")
    serializer_class = s.TimeOffSerializer
    ordering = ("first", "id")
    requires: ClassVar = dict.fromkeys(READ_AND_MANAGE, P.MANAGE_CLINIC)

    @extend_schema(request=s.TimeOffInput, responses=WRITTEN_OR_TRIED)
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.TimeOffInput)
        dry_run, user = data.pop("dry_run"), self.staff_of(data)
        data.setdefault("last", data["first"])

        def door() -> Any:
            return rotas.time_off(user=user, by=request.user, now=timezone.now(), **data)

        return self.carried_out(door, dry_run=dry_run, status=201)

    @extend_schema(parameters=[TRIAL], responses={200: s.TouchingAnswer})
    def destroy(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        row, person = self.get_object(), request.user

        def door() -> Any:
            return rotas.drop_time_off(time_off_id=row.pk, by=person, now=timezone.now())

        return self.carried_out(door, dry_run=self.is_trial())
