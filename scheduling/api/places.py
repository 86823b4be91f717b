"""`/api/v1/chairs/` and `/api/v1/staff/`"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.staff.models import User
from config.staff.permissions import Permission
from scheduling import places
from scheduling.api import settings_serializers as s
from scheduling.api.serializers import StaffSerializer
from scheduling.api.settings import Touching
from scheduling.models import Chair
from scheduling.touched import Changed

P = Permission
KNOWN_OF_STAFF = frozenset({"full_name", "role", "licence_kind", "is_active"})


class ChairViewSet(WithList, WithRetrieve, WithHistory, Touching):
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
        return self.answer(places.add_chair(clinic=request.user.clinic, by=request.user, **data), status=201)

    @extend_schema(request=s.ChairChange, responses=s.ChairChanged)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        chair, data, version = self.get_object(), self.valid(s.ChairChange), self.expected_version()
        data.pop("version", None)
        dry_run = data.pop("dry_run")

        def door() -> Changed[Chair]:
            return places.change_chair(chair_id=chair.pk, by=request.user, version=version, now=timezone.now(), **data)

        return self.carried_out(door, dry_run=dry_run)


class StaffViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Who works here now; and the history of whoever ever did."""

    queryset = User.objects.filter(is_active=True)
    serializer_class = StaffSerializer
    ordering = ("full_name", "id")
    requires: ClassVar = {"list": P.SEE_SCHEDULE, "retrieve": P.SEE_SCHEDULE, "history": P.SEE_HISTORY}

    def get_queryset(self) -> QuerySet[Any]:
        return self.scoped(User.objects.all()) if self.action == "history" else super().get_queryset()

    def strands(self, record: User) -> list[Strand]:
        """What colleagues know of one another; no sign-in name, address or taste."""
        return [Strand(User, "id", record.pk, only=KNOWN_OF_STAFF)]
