"""`/api/v1/tasks/`"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, VersionedSerializer, WithHistory, WithList, WithRetrieve
from config.staff.permissions import Permission
from patients import histories, tasks
from patients.api.serializers import Text, VersionOnly
from patients.models import Task

P = Permission


class TaskSerializer(serializers.ModelSerializer[Task]):
    """A task as its role sees it. `about` is the record that it is about, `about_kind` what sort of record."""

    owner = serializers.CharField(source="owner.full_name", default=None, allow_null=True)
    raised_by = serializers.CharField(source="raised_by.full_name", default=None, allow_null=True)
    done_by = serializers.CharField(source="done_by.full_name", default=None, allow_null=True)

    class Meta:
        model = Task
        fields = (
            *("id", "version", "kind", "words", "patient", "about", "about_kind", "for_role", "due_on"),
            *("owner", "raised_at", "raised_by", "done_at", "done_by", "done_note", "withdrawn"),
        )
        read_only_fields = fields


class FinishInput(VersionedSerializer):
    """What came of it."""

    note = Text(max_length=300)


class TaskFilter(filters.FilterSet):  # type: ignore[misc]
    """By where a task stands and what it is about."""

    open = filters.BooleanFilter(field_name="done_at", lookup_expr="isnull")
    mine = filters.BooleanFilter(method="only_mine")

    class Meta:
        model = Task
        fields = ("kind", "for_role", "patient", "about")

    def only_mine(self, queryset: Any, name: str, value: Any) -> Any:  # noqa: ARG002  (the library's signature)
        mine = {"owner": self.request.user}
        return queryset.filter(**mine) if value else queryset.exclude(**mine)


class TaskViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """What the person's role has to do, and what they took on; a manager's list is everybody's."""

    queryset = Task.objects.select_related("owner", "raised_by", "done_by")
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    ordering = ("-raised_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "history": P.SEE_PATIENTS,
        "take": P.SEE_PATIENTS,
        "finish": P.SEE_PATIENTS,
        "reopen": P.SEE_PATIENTS,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # The schema is drawn by nobody in particular.
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        mine: QuerySet[Any] = Task.objects.concerning(self.request.user)  # type: ignore[arg-type]
        return queryset & mine

    def strands(self, record: Task) -> list[Strand]:
        return histories.of_task(record, self.request.user)  # type: ignore[arg-type]

    @extend_schema(request=VersionOnly, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._acted(tasks.take)

    @extend_schema(request=FinishInput, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found, data = self.get_object(), self.valid(FinishInput)
        version, note = self.expected_version(), data.get("note", "")
        return self.answer(tasks.finish(found.pk, note=note, by=request.user, now=timezone.now(), version=version))

    @extend_schema(request=VersionOnly, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._acted(tasks.reopen)

    def _acted(self, door: Any) -> Response:
        """An act without values of its own."""
        found = self.get_object()
        self.valid(VersionOnly)
        return self.answer(door(found.pk, by=self.request.user, version=self.expected_version()))
