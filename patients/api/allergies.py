"""`/api/v1/patients/{patient}/allergies/history/`; the list itself hangs in `patients.api.patients`."""

from typing import Any, ClassVar

from django.db.models import Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from config.http.api import DeskViewSet, WithSharedHistory, or_404
from config.http.history import HistoryEntrySerializer
from config.staff.permissions import Permission
from patients.models import Allergy, Patient

WHOSE = OpenApiParameter("patient", OpenApiTypes.UUID, OpenApiParameter.PATH)


@extend_schema_view(history=extend_schema(parameters=[WHOSE]))
class AllergyHistoryViewSet(WithSharedHistory, DeskViewSet):
    """Every allergy that ever stood on the patient's list, and why it was taken off."""

    queryset = Allergy.objects.all()
    serializer_class = HistoryEntrySerializer
    requires: ClassVar = {"history": Permission.SEE_HISTORY}

    def rows_of(self, *, patient: Any = None) -> tuple[type[Model], str, Any]:
        whose = or_404(self.scoped(Patient.objects.all()).filter(pk=patient).first(), "patient")
        return Allergy, "patient_id", whose.pk
