"""`/api/v1/screening-items/` and `/api/v1/screening-answers/`"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, StrictSerializer, WithHistory, WithList, WithRetrieve
from config.staff.permissions import Permission
from infusions import histories, listing, screening
from infusions.api.course_serializers import AsWritten, OnTheClinicsClock
from infusions.models import DischargeItem, ScreeningAnswer, ScreeningItem
from infusions.models.screening import ClinicLine
from infusions.screening import Answered
from patients.models import Patient
from scheduling.api.serializers import VersionInput

P = Permission


class ItemSerializer(OnTheClinicsClock):
    """One line of the clinic's list. A retired one is not asked any more."""

    class Meta:
        model = ScreeningItem
        fields = ("id", "version", "wording", "position", "retired_at")
        read_only_fields = fields


class ItemInput(StrictSerializer):
    """One more line at the end of the list."""

    wording = serializers.CharField(max_length=listing.LONGEST)


class DischargeItemSerializer(OnTheClinicsClock):
    """One line of the clinic's own discharge list."""

    class Meta:
        model = DischargeItem
        fields = ("id", "version", "wording", "position", "retired_at")
        read_only_fields = fields


class AnswerSerializer(OnTheClinicsClock):
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


class DischargeItemFilter(filters.FilterSet):  # type: ignore[misc]
    """`in_use=true`: what is looked at now."""

    in_use = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull")

    class Meta:
        model = DischargeItem
        fields = ("in_use",)


class AnswerFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and by item."""

    patient = filters.UUIDFilter()
    item = filters.UUIDFilter()

    class Meta:
        model = ScreeningAnswer
        fields = ("patient", "item")


class LineViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """A list that the clinic keeps in its own words. A line is never reworded: retire it, add another."""

    line: ClassVar[type[ClinicLine]]
    ordering = ("position", "id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "history": P.SEE_HISTORY,
        "create": P.MANAGE_CLINIC,
        "retire": P.MANAGE_CLINIC,
    }

    def _added(self, request: StaffRequest) -> Response:
        wording = self.valid(ItemInput)["wording"]
        added = listing.add_item(
            self.line, clinic=request.user.clinic, wording=wording, by=request.user, now=timezone.now()
        )
        return self.answer(added, status=201)

    def _retired(self, request: StaffRequest) -> Response:
        item = self.get_object()
        self.valid(VersionInput)
        retired = listing.retire_item(
            self.line, item_id=item.pk, by=request.user, now=timezone.now(), version=self.expected_version()
        )
        return self.answer(retired)


class ItemViewSet(LineViewSet):
    """What the clinic finds out before it accepts somebody, retired items included."""

    line = ScreeningItem
    queryset = ScreeningItem.objects.all()
    serializer_class = ItemSerializer
    filterset_class = ItemFilter

    @extend_schema(request=ItemInput, responses={201: ItemSerializer})
    def create(self, request: StaffRequest) -> Response:
        return self._added(request)

    @extend_schema(request=VersionInput, responses=ItemSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def retire(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Ask this no more. Its answers stay."""
        return self._retired(request)


class DischargeItemViewSet(LineViewSet):
    """What the clinic looks at before it lets somebody go, besides what every discharge asks."""

    line = DischargeItem
    queryset = DischargeItem.objects.all()
    serializer_class = DischargeItemSerializer
    filterset_class = DischargeItemFilter

    @extend_schema(request=ItemInput, responses={201: DischargeItemSerializer})
    def create(self, request: StaffRequest) -> Response:
        return self._added(request)

    @extend_schema(request=VersionInput, responses=DischargeItemSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def retire(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Ask this no more. Its answers stay."""
        return self._retired(request)


class AnswerViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Screening answers, newest first, for those who see clinical records. None is changed: answer again."""

    queryset = ScreeningAnswer.objects.select_related("author")
    serializer_class = AnswerSerializer
    filterset_class = AnswerFilter
    ordering = ("-recorded_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_CLINICAL,
        "retrieve": P.SEE_CLINICAL,
        "history": P.SEE_CLINICAL_HISTORY,
        "create": P.CHART,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is ScreeningAnswer:
            return queryset.filter(patient__clinic=self.request.user.clinic)  # type: ignore[union-attr]
        return super().scoped(queryset)

    def strands(self, record: ScreeningAnswer) -> list[Strand]:
        """Every answer of this patient to the same item."""
        return histories.of_screening(record.patient_id, self.request.user, item=record.item_id)  # type: ignore[arg-type]

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
