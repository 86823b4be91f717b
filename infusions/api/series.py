"""`/api/v1/series/`"""

from typing import Any, ClassVar

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.staff.permissions import Permission
from infusions import fulfilment
from infusions.api import course_serializers as s
from infusions.models import Fulfilment, Order
from scheduling.models import Appointment, Series
from scheduling.series import PlannedVisit

P = Permission
BY_TIME = Prefetch("appointments", Appointment.objects.order_by("start", "id"), to_attr="by_time")
FULFILS = Subquery(Fulfilment.objects.filter(series=OuterRef("pk")).values("order")[:1])


class SeriesFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and by the order that is fulfilled."""

    patient = filters.UUIDFilter()
    order = filters.UUIDFilter(field_name="order_id")

    class Meta:
        model = Series
        fields = ("patient", "state")


class SeriesViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Visits that fulfil an order. Proposed within its limits, booked all or none."""

    queryset = Series.objects.annotate(order_id=FULFILS).prefetch_related(BY_TIME)
    serializer_class = s.SeriesSerializer
    filterset_class = SeriesFilter
    requires: ClassVar = {
        "list": P.SEE_SCHEDULE,
        "retrieve": P.SEE_SCHEDULE,
        "history": P.SEE_SCHEDULE,
        "create": P.BOOK,
        "propose": P.BOOK,
    }

    @extend_schema(request=s.SeriesInput, responses={201: s.SeriesSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.SeriesInput)
        visits = [PlannedVisit(visit["start"], visit.get("chair")) for visit in data["visits"]]
        order = self._order(data["order"])
        booked = fulfilment.book(order_id=order.pk, visits=visits, by=request.user, now=timezone.now())
        return self.answer(self.get_queryset().get(pk=booked.pk), status=201)

    @extend_schema(request=s.PreferencesInput, responses=s.ProposalSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def propose(self, request: StaffRequest) -> Response:  # noqa: ARG002
        data = self.valid(s.PreferencesInput)
        order = self._order(data.pop("order"))
        wish = fulfilment.Wishes(**data)
        found = fulfilment.propose(order_id=order.pk, now=timezone.now(), wishes=wish)
        return Response(s.ProposalSerializer(found, context=self.get_serializer_context()).data)

    def _order(self, pk: Any) -> Order:
        """A signed order of the clinic; the desk knows of no others."""
        order: Order = self.found(Order.objects.filter(signed_at__isnull=False), pk, field="order")
        return order
