"""`/api/v1/opening-hours/`, `/closures/` and `/open-days/`"""

from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from config.http.api import StaffRequest, WithHistory, WithList, WithRetrieve, WithSharedHistory
from config.staff.permissions import Permission
from scheduling import opening
from scheduling.api import settings_serializers as s
from scheduling.api.settings import WRITTEN_OR_TRIED, Touching
from scheduling.models import Closure, OpenDay, OpeningHours

P = Permission
TRIAL = OpenApiParameter("dry_run", bool, description="Answer with the visits that would be touched; change nothing.")
READ_AND_MANAGE: dict[str, Permission] = {
    "list": P.SEE_SCHEDULE,
    "retrieve": P.SEE_SCHEDULE,
    "history": P.SEE_HISTORY,
    "create": P.MANAGE_CLINIC,
    "destroy": P.MANAGE_CLINIC,
}


class OpeningHoursViewSet(WithSharedHistory, Touching):
    """The week: seven days, Monday first."""

    queryset = OpeningHours.objects.all()
    serializer_class = s.WeekdaySerializer
    pagination_class = None
    requires: ClassVar = {"list": P.SEE_SCHEDULE, "create": P.MANAGE_CLINIC, "history": P.SEE_HISTORY}

    def rows_of(self, **named: Any) -> tuple[type[Model], str, Any]:  # noqa: ARG002
        return OpeningHours, "clinic_id", self.request.user.clinic_id  # type: ignore[union-attr]

    @extend_schema(responses=s.WeekdaySerializer(many=True))
    def list(self, request: StaffRequest) -> Response:
        return Response(shown_week(opening.week_of(request.user.clinic)))

    @extend_schema(request=s.HoursInput, responses={200: s.TouchingAnswer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.HoursInput)
        week = s.week(data["week"])

        def door() -> Any:
            return opening.set_week(clinic=request.user.clinic, week=week, by=request.user, now=timezone.now())

        return self.carried_out(door, dry_run=data["dry_run"], show=shown_week)


def shown_week(week: opening.Week) -> list[dict[str, Any]]:
    return [{"weekday": day, "spans": s.shown_stretches(spans)} for day, spans in sorted(week.items())]


class DayFilter(filters.FilterSet):  # type: ignore[misc]
    """By day; `to` is not included."""

    day = filters.DateFilter()


# `from` is a word of the language, so these two cannot be written as attributes.
DayFilter.base_filters["from"] = filters.DateFilter(field_name="day", lookup_expr="gte")
DayFilter.base_filters["to"] = filters.DateFilter(field_name="day", lookup_expr="lt")


class ClosureViewSet(WithList, WithRetrieve, WithHistory, Touching):
    """Days on which nothing can be booked."""

    queryset = Closure.objects.all()
    serializer_class = s.ClosureSerializer
    filterset_class = DayFilter
    ordering = ("day", "id")
    requires: ClassVar = READ_AND_MANAGE

    @extend_schema(request=s.ClosureInput, responses=WRITTEN_OR_TRIED)
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.ClosureInput)
        dry_run = data.pop("dry_run")

        def door() -> Any:
            return opening.close_day(clinic=request.user.clinic, by=request.user, now=timezone.now(), **data)

        return self.carried_out(door, dry_run=dry_run, status=201)

    @extend_schema(parameters=[TRIAL], responses={200: s.TouchingAnswer})
    def destroy(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        day, person = self.get_object().day, request.user

        def door() -> Any:
            return opening.reopen_day(clinic=person.clinic, day=day, by=person, now=timezone.now())

        return self.carried_out(door, dry_run=self.is_trial())


class OpenDayViewSet(WithList, WithRetrieve, WithHistory, Touching):
    """Days with hours of their own, a record for each stretch. Removing one gives the whole day its usual hours."""

    queryset = OpenDay.objects.all()
    serializer_class = s.OpenDaySerializer
    filterset_class = DayFilter
    ordering = ("day", "opens", "id")
    requires: ClassVar = READ_AND_MANAGE

    @extend_schema(request=s.OpenDayInput, responses=WRITTEN_OR_TRIED)
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.OpenDayInput)
        given = {"day": data["day"], "spans": s.stretches(data["spans"])}

        def door() -> Any:
            return opening.open_day(clinic=request.user.clinic, by=request.user, now=timezone.now(), **given)

        return self.carried_out(door, dry_run=data["dry_run"], status=201)

    @extend_schema(parameters=[TRIAL], responses={200: s.TouchingAnswer})
    def destroy(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        day, person = self.get_object().day, request.user

        def door() -> Any:
            return opening.drop_open_day(clinic=person.clinic, day=day, by=person, now=timezone.now())

        return self.carried_out(door, dry_run=self.is_trial())
