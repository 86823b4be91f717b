"""`/api/v1/screening-items/` and `/api/v1/screening-answers/`"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from config.http.api import DeskViewSet, StaffRequest, StrictSerializer, WithHistory, WithList, WithRetrieve
from config.staff.permissions import Permission
from infusions import screening
from infusions.api.course_serializers import AsWritten
from infusions.models import ScreeningAnswer, ScreeningItem
from infusions.screening import Answered
from patients.models import Patient

P = Permission


class ItemSerializer(serializers.ModelSerializer[Any]):
    """One line of the clinic's list. A retired one is not asked any more."""

    class Meta:
        model = ScreeningItem
        fields = ("id", "version", "wording", "position", "retired_at")
        read_only_fields = fields


class ItemInput(StrictSerializer):
    """One more line at the end of the list."""

    wording = serializers.CharField(max_length=screening.LONGEST)


class AnswerSerializer(serializers.ModelSerializer[Any]):
    """One answer as it was given. The newest of an item says whether it is done."""

    author_name = serializers.CharField(source="author.full_name", read_only=True)

    class Meta:
        model = ScreeningAnswer
        fields = ("id", "patient", "item", "done", "answer", "author", "author_name", "entered_at", "client_id")
        read_only_fields = fields


class AnswerInput(StrictSerializer):
    """What was found out. The same `client_id` again writes nothing and gives the first answer back."""

    patient = serializers.UUIDField()
    item = serializers.UUIDField()
    done = serializers.BooleanField()
    answer = AsWritten()
    client_id = serializers.UUIDField(required=False, allow_null=True)


class ItemFilter(filters.FilterSet):  # type: ignore[misc]
    """`in_use=true`: what is asked now."""

    in_use = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull")

    class Meta:
        model = ScreeningItem
        fields = ("in_use",)


class AnswerFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and by item."""

    patient = filters.UUIDFilter()
    item = filters.UUIDFilter()

    class Meta:
        model = ScreeningAnswer
        fields = ("patient", "item")


class ItemViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The clinic's own screening list, retired items included. An item is never reworded: retire it, add another."""

    queryset = ScreeningItem.objects.all()
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    ordering = ("position", "id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "history": P.SEE_HISTORY,
        "create": P.MANAGE_CLINIC,
        "retire": P.MANAGE_CLINIC,
    }

    @extend_schema(request=ItemInput, responses={201: ItemSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(ItemInput)
        added = screening.add_item(clinic=request.user.clinic, by=request.user, now=timezone.now(), **data)
        return self.answer(added, status=201)

    @extend_schema(request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def retire(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Ask this no more. Its answers stay."""
        item = self.get_object()
        return self.answer(screening.retire_item(item_id=item.pk, by=request.user, now=timezone.now()))


class AnswerViewSet(WithList, WithRetrieve, DeskViewSet):
    """Screening answers, newest first, for those who see clinical records. None is changed: answer again."""

    queryset = ScreeningAnswer.objects.select_related("author")
    serializer_class = AnswerSerializer
    filterset_class = AnswerFilter
    ordering = ("-recorded_at", "-id")
    requires: ClassVar = {"list": P.SEE_CLINICAL, "retrieve": P.SEE_CLINICAL, "create": P.CHART}

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is ScreeningAnswer:
            return queryset.filter(patient__clinic=self.request.user.clinic)  # type: ignore[union-attr]
        return super().scoped(queryset)

    @extend_schema(request=AnswerInput, responses={201: AnswerSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(AnswerInput)
        patient = self.found(Patient.objects.all(), data["patient"], field="patient")
        item = self.found(ScreeningItem.objects.all(), data["item"], field="item")
        [written] = screening.record(
            patient=patient,
            answers=[Answered(item.pk, data["done"], data.get("answer") or "")],
            by=request.user,
            now=timezone.now(),
            client_id=data.get("client_id"),
        )
        return self.answer(written, status=201)
