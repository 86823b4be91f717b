"""`/api/v1/chairs/` and `/api/v1/staff/`"""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.staff.models import User
from config.staff.permissions import Permission
from scheduling import places
from scheduling.api import serializers as s
from scheduling.models import Chair

P = Permission


class ChairViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The clinic's chairs. None is ever removed, as visits took place there; it goes out of service."""

    queryset = Chair.objects.all()
    serializer_class = s.ChairSerializer
    ordering = ("position", "name", "id")
    requires: ClassVar = {
        "list": P.SEE_SCHEDULE,
        "retrieve": P.SEE_SCHEDULE,
        "history": P.SEE_HISTORY,
        "create": P.MANAGE_CLINIC,
        "partial_update": P.MANAGE_CLINIC,
    }

    @extend_schema(request=s.ChairInput, responses={201: s.ChairSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.ChairInput)
        data.pop("version", None)
        return self.answer(places.add_chair(clinic=request.user.clinic, by=request.user, **data), status=201)

    @extend_schema(request=s.ChairChange, responses=s.ChairSerializer)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        chair, data = self.get_object(), self.valid(s.ChairChange)
        data.pop("version", None)
        version = self.expected_version()
        changed = places.change_chair(chair_id=chair.pk, by=request.user, version=version, **data)
        return self.answer(changed.record)


class StaffViewSet(WithList, WithRetrieve, DeskViewSet):
    """Who works here now."""

    queryset = User.objects.filter(is_active=True)
    serializer_class = s.StaffSerializer
    ordering = ("full_name", "id")
    requires: ClassVar = {"list": P.SEE_SCHEDULE, "retrieve": P.SEE_SCHEDULE}
