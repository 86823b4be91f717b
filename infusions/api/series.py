"""`/api/v1/series/`"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.refusals import Clash, Invalid, Stale
from config.staff.permissions import Permission
from infusions import fulfilment, orders
from infusions.api import course_serializers as s
from infusions.models import Fulfilment, Order
from scheduling.api.serializers import VersionInput
from scheduling.models import Appointment, Series
from scheduling.series import PlannedVisit, Preferences

P = Permission
BY_TIME = Prefetch("appointments", Appointment.objects.order_by("start", "id"), to_attr="by_time")
FULFILS = Subquery(Fulfilment.objects.filter(series=OuterRef("pk")).values("order")[:1])


@contextmanager
def _in_its_own_words() -> Iterator[None]:
    """What the search calls `at` was sent as `prefer_time`."""
    try:
        yield
    except Invalid as refusal:
        if refusal.field == "at":
            refusal.field = "prefer_time"
        raise


class SeriesFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and by the order that is fulfilled."""

    patient = filters.UUIDFilter()
    order = filters.UUIDFilter(field_name="order_id")

    class Meta:
        model = Series
        fields = ("patient", "state")


class SeriesViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Visits that fulfil an order. Proposed within its limits, booked or held all or none."""

    queryset = Series.objects.annotate(order_id=FULFILS).prefetch_related(BY_TIME)
    serializer_class = s.SeriesSerializer
    filterset_class = SeriesFilter
    requires: ClassVar = {
        "list": P.SEE_SCHEDULE,
        "retrieve": P.SEE_SCHEDULE,
        "history": P.SEE_SCHEDULE,
        "create": P.BOOK,
        "propose": P.BOOK,
        "hold": P.BOOK,
        "keep": P.BOOK,
        "release": P.BOOK,
    }

    @extend_schema(request=s.SeriesInput, responses={201: s.SeriesSerializer})
    def create(self, request: StaffRequest) -> Response:
        return self._placed(request, fulfilment.book)

    @extend_schema(request=s.SeriesInput, responses={201: s.SeriesSerializer})
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def hold(self, request: StaffRequest) -> Response:
        """Take the places for as long as the clinic holds a series."""
        return self._placed(request, fulfilment.hold)

    def _placed(self, request: StaffRequest, door: Callable[..., Series]) -> Response:
        data = self.valid(s.SeriesInput)
        visits = [PlannedVisit(visit["start"], visit.get("chair"), visit.get("nurse")) for visit in data["visits"]]
        order = self._order(data["order"])
        placed = door(
            order_id=order.pk,
            visits=visits,
            by=request.user,
            now=timezone.now(),
            limits_reason=data.get("limits_reason", ""),
            visit_type=data.get("visit_type"),
        )
        return self.answer(self.get_queryset().get(pk=placed.pk), status=201)

    @extend_schema(request=VersionInput, responses=s.SeriesSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def keep(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Make bookings of all that is held."""
        return self._on_held(request, fulfilment.keep)

    @extend_schema(request=VersionInput, responses=s.SeriesSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def release(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Give back all that is held."""
        return self._on_held(request, fulfilment.give_back)

    def _on_held(self, request: StaffRequest, door: Callable[..., Any]) -> Response:
        self.valid(VersionInput)
        series, version = self.get_object(), self.expected_version()
        if version is not None and version != series.version:
            raise Stale("Somebody else changed this series in the meantime.", current=series.version)
        if series.order_id is None:
            raise Clash("This series fulfils no order.", code="no-order")
        door(order_id=series.order_id, by=request.user, now=timezone.now())
        return self.answer(self.get_queryset().get(pk=series.pk))

    @extend_schema(request=s.WishesInput, responses=s.ProposalSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def propose(self, request: StaffRequest) -> Response:  # noqa: ARG002
        data = self.valid(s.WishesInput)
        order = self._order(data.pop("order"))
        prefer = Preferences(
            weekdays=frozenset(data.pop("prefer_weekdays", None) or ()),
            same_nurse=data.pop("same_nurse", False),
            nurse=data.pop("nurse", None),
            at=data.pop("prefer_time", None),
        )
        pinned = {one["visit"]: one["start"] for one in data.pop("pinned", None) or ()}
        wish = fulfilment.Wishes(**data, prefer=prefer, pinned=pinned)
        with _in_its_own_words():
            found = fulfilment.propose(order=order, now=timezone.now(), wishes=wish)
        return Response(s.ProposalSerializer(found, context=self.get_serializer_context()).data)

    def _order(self, pk: Any) -> Order:
        """A signed order of the clinic; the desk knows of no others."""
        order: Order = self.found(orders.signed(), pk, field="order")
        return order
