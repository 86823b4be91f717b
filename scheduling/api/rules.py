"""`/api/v1/booking-rules/` and `/api/v1/patients/{patient}/limits/`: one record each, of the clinic or the patient."""

from typing import Any, ClassVar

from django.db.models import Model
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.response import Response

from config.http.api import DeskViewSet, StaffRequest, WithSharedHistory, or_404
from config.staff.permissions import Permission
from patients.models import Patient
from scheduling.api import settings_serializers as s
from scheduling.models import BookingRules, PatientLimits
from scheduling.rules import change_rules, limits_of, rules_of, set_limits

P = Permission
RULES = forced_singular_serializer(s.BookingRulesSerializer)  # type: ignore[no-untyped-call]
LIMITS = forced_singular_serializer(s.LimitsSerializer)  # type: ignore[no-untyped-call]
WHOSE = OpenApiParameter("patient", OpenApiTypes.UUID, OpenApiParameter.PATH)


class BookingRulesViewSet(WithSharedHistory, DeskViewSet):
    """What the clinic decided about its bookings, or the defaults."""

    queryset = BookingRules.objects.all()
    serializer_class = s.BookingRulesSerializer
    pagination_class = None
    requires: ClassVar = {"list": P.SEE_SCHEDULE, "create": P.MANAGE_CLINIC, "history": P.SEE_HISTORY}

    def rows_of(self, **named: Any) -> tuple[type[Model], str, Any]:  # noqa: ARG002
        return BookingRules, "clinic_id", self.request.user.clinic_id  # type: ignore[union-attr]

    @extend_schema(responses=RULES)
    def list(self, request: StaffRequest) -> Response:
        return self.answer(rules_of(request.user.clinic))

    @extend_schema(request=s.BookingRulesInput, responses={200: RULES})
    def create(self, request: StaffRequest) -> Response:
        data, version = self.valid(s.BookingRulesInput), self.expected_version()
        data.pop("version", None)
        return self.answer(change_rules(clinic=request.user.clinic, version=version, by=request.user, **data))


@extend_schema_view(history=extend_schema(parameters=[WHOSE]))
class PatientLimitsViewSet(WithSharedHistory, DeskViewSet):
    """When one patient can come."""

    queryset = PatientLimits.objects.all()
    serializer_class = s.LimitsSerializer
    pagination_class = None
    requires: ClassVar = {"list": P.SEE_PATIENTS, "create": P.BOOK, "history": P.SEE_HISTORY}

    def rows_of(self, *, patient: Any = None) -> tuple[type[Model], str, Any]:
        return PatientLimits, "patient_id", self._patient(patient).pk

    def _patient(self, pk: Any) -> Patient:
        rows = self.scoped(Patient.objects.select_related("clinic"))
        patient: Patient = or_404(rows.filter(pk=pk).first(), "patient")
        return patient

    @extend_schema(parameters=[WHOSE], responses=LIMITS)
    def list(self, request: StaffRequest, patient: Any = None) -> Response:  # noqa: ARG002
        return self.answer(limits_of(self._patient(patient)))

    @extend_schema(parameters=[WHOSE], request=s.LimitsInput, responses={200: LIMITS})
    def create(self, request: StaffRequest, patient: Any = None) -> Response:
        data, version = self.valid(s.LimitsInput), self.expected_version()
        data.pop("version", None)
        whose = self._patient(patient)
        return self.answer(set_limits(patient=whose, version=version, by=request.user, **data))
