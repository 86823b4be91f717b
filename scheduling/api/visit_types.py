"""`/api/v1/visit-types/`"""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.http.api import StaffRequest, WithHistory, WithList, WithRetrieve
from config.staff.permissions import Permission
from scheduling import visit_types
from scheduling.api import settings_serializers as s
from scheduling.api.settings import Touching
from scheduling.models import VisitType

P = Permission


class VisitTypeViewSet(WithList, WithRetrieve, WithHistory, Touching):
    """Kinds of visits as the clinic runs them. None is ever removed, as visits were booked as that."""

    queryset = VisitType.objects.prefetch_related("spans__needs")
    serializer_class = s.VisitTypeSerializer
    ordering = ("position", "name", "id")
    requires: ClassVar = {
        "list": P.SEE_SCHEDULE,
        "retrieve": P.SEE_SCHEDULE,
        "history": P.SEE_HISTORY,
        "create": P.MANAGE_CLINIC,
        "partial_update": P.MANAGE_CLINIC,
    }

    @extend_schema(request=s.VisitTypeInput, responses={201: s.VisitTypeSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.VisitTypeInput)
        data["spans"] = s.specs(data["spans"])
        made = visit_types.add_visit_type(clinic=request.user.clinic, by=request.user, **data)
        return self.answer(made, status=201)

    @extend_schema(request=s.VisitTypeChange, responses=s.VisitTypeChanged)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        record, data, version = self.get_object(), self.valid(s.VisitTypeChange), self.expected_version()
        data.pop("version", None)
        dry_run = data.pop("dry_run")
        if "spans" in data:
            data["spans"] = s.specs(data["spans"])

        def door() -> Any:
            return visit_types.change_visit_type(
                visit_type_id=record.pk, version=version, by=request.user, now=timezone.now(), **data
            )

        return self.carried_out(door, dry_run=dry_run)
