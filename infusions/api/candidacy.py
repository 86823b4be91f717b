"""`/api/v1/candidacy-decisions/`"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve, by_role
from config.staff.permissions import Permission, can
from infusions import candidacy, histories
from infusions.api import course_serializers as s
from infusions.models import CandidacyDecision
from patients.models import IntakeRequest, Patient

P = Permission
SHOWN = by_role("DecisionByRole", s.DecisionSerializer, s.DeskDecisionSerializer)
LISTED = by_role("DecisionByRole", s.DecisionSerializer, s.DeskDecisionSerializer, many=True)


class DecisionFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and by what was decided."""

    patient = filters.UUIDFilter()

    class Meta:
        model = CandidacyDecision
        fields = ("patient", "outcome")


class DecisionViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Candidacy decisions, newest first. Who does not see clinical records gets the outcome alone."""

    queryset = CandidacyDecision.objects.all()
    filterset_class = DecisionFilter
    ordering = ("-recorded_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "history": P.SEE_CLINICAL_HISTORY,
        "create": P.DECIDE_CANDIDACY,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is CandidacyDecision:
            return queryset.filter(patient__clinic=self.request.user.clinic)  # type: ignore[union-attr]
        return super().scoped(queryset)

    def strands(self, record: CandidacyDecision) -> list[Strand]:
        """All decisions about the same patient: each but the first tells what it changed."""
        return histories.of_candidacy(record.patient_id, self.request.user)  # type: ignore[arg-type]

    def get_serializer_class(self) -> Any:
        return s.DecisionSerializer if can(self.request.user, P.SEE_CLINICAL) else s.DeskDecisionSerializer

    @extend_schema(responses=LISTED)
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(responses=SHOWN)
    def retrieve(self, request: Request, pk: Any = None) -> Response:
        return super().retrieve(request, pk)

    @extend_schema(request=s.DecisionInput, responses={201: s.DecisionSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.DecisionInput)
        data["patient"] = self.found(Patient.objects.all(), data["patient"], field="patient")
        if data.get("request"):
            data["request"] = self.found(IntakeRequest.objects.all(), data["request"], field="request")
        return self.answer(candidacy.decide(by=request.user, now=timezone.now(), **data), status=201)
