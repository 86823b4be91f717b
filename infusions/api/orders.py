"""`/api/v1/orders/`"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve, by_role
from config.refusals import Invalid
from config.staff.permissions import Permission, can, require
from infusions import course, exceptions, histories, orders, repair, rescheduling
from infusions.api import course_serializers as s
from infusions.api import moving_serializers as moves
from infusions.api.plans import planned
from infusions.models import Order
from patients.models import Patient
from scheduling.models import Chair
from scheduling.moving import Move

P = Permission
SHOWN = by_role("OrderByRole", s.OrderSerializer, s.DeskOrderSerializer)
LISTED = by_role("OrderByRole", s.OrderSerializer, s.DeskOrderSerializer, many=True)
EXCEPTIONS = by_role("ExceptionByRole", moves.ExceptionSerializer, moves.DeskExceptionSerializer, many=True)


class OrderFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and by standing."""

    patient = filters.UUIDFilter()
    status = filters.CharFilter(field_name="standing__status")

    class Meta:
        model = Order
        fields = ("patient", "status")


class OrderViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Protocol orders. Prescribers see their own drafts; nobody sees another's. The desk sees what booking needs."""

    queryset = Order.objects.select_related("standing", "author")
    filterset_class = OrderFilter
    ordering = ("-entered_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        # The history of an order says what is in it, to those who see clinical records.
        "history": P.SEE_CLINICAL_HISTORY,
        "create": P.WRITE_ORDERS,
        "partial_update": P.WRITE_ORDERS,
        "discard": P.WRITE_ORDERS,
        "sign": P.WRITE_ORDERS,
        "supersede": P.WRITE_ORDERS,
        "hold": P.WRITE_ORDERS,
        "resume": P.WRITE_ORDERS,
        "stop": P.WRITE_ORDERS,
        "complete": P.WRITE_ORDERS,
        "enter_in_error": P.WRITE_ORDERS,
        "repair": P.BOOK,
        # Reading is for all who see patients; allowing is a prescriber's, in the act itself.
        "exceptions": P.SEE_PATIENTS,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().scoped(queryset)
        if queryset.model is not Order:
            return found
        return found.filter(Q(signed_at__isnull=False) | Q(author=self.request.user, discarded_at__isnull=True))

    def strands(self, record: Order) -> list[Strand]:
        return histories.of_order(record.pk, self.request.user)  # type: ignore[arg-type]

    def get_serializer_class(self) -> Any:
        return s.OrderSerializer if can(self.request.user, P.SEE_CLINICAL) else s.DeskOrderSerializer

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = self.get_serializer_class()
        if args and serializer is s.DeskOrderSerializer:
            args = ([orders.desk_view(order) for order in args[0]],)
        return serializer(*args, **{"context": self.get_serializer_context(), **kwargs})

    def answer(self, record: Any, *, status: int = 200, serializer: Any = None) -> Response:
        is_desk = self.get_serializer_class() is s.DeskOrderSerializer
        shown: Any = orders.desk_view(record) if is_desk else record
        return super().answer(shown, status=status, serializer=serializer)

    @extend_schema(responses=LISTED)
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(responses=SHOWN)
    def retrieve(self, request: Request, pk: Any = None) -> Response:
        return super().retrieve(request, pk)

    @extend_schema(request=s.OrderInput, responses={201: s.OrderSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self._typed(s.OrderInput)
        patient = self.found(Patient.objects.all(), data.pop("patient"), field="patient")
        return self._written(orders.draft(patient=patient, by=request.user, now=timezone.now(), **data), status=201)

    @extend_schema(request=s.OrderChange, responses=s.OrderSerializer)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        order, data = self.get_object(), self._typed(s.OrderChange)
        changed = orders.change_draft(
            order_id=order.pk, by=request.user, now=timezone.now(), version=self._version(), **data
        )
        return self._written(changed)

    @extend_schema(request=s.OrderPress, responses={204: None})
    @action(detail=True, methods=["post"])
    def discard(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.OrderPress)
        version = self.expected_version()
        orders.discard(order_id=self.get_object().pk, by=request.user, now=timezone.now(), version=version)
        return Response(status=204)

    @extend_schema(request=s.OrderSignInput, responses=s.OrderSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        order, data = self.get_object(), self.valid(s.OrderSignInput)
        signed = orders.sign(
            order_id=order.pk,
            by=request.user,
            now=timezone.now(),
            password=data["password"],
            version=self._version(),
        )
        return self._written(signed)

    @extend_schema(request=s.OrderReasonInput, responses={201: s.OrderSerializer})
    @action(detail=True, methods=["post"])
    def supersede(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        order, reason = self.get_object(), self.valid(s.OrderReasonInput)["reason"]
        new = orders.supersede(order_id=order.pk, by=request.user, now=timezone.now(), reason=reason, read=self._read())
        return self._written(new, status=201)

    @extend_schema(request=s.OrderReasonInput, responses=s.OrderSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._moved(request, orders.hold)

    @extend_schema(request=s.OrderReasonInput, responses=s.OrderSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._moved(request, orders.resume)

    @extend_schema(request=s.OrderReasonInput, responses=s.OrderSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._moved(request, orders.stop)

    @extend_schema(request=s.OrderReasonInput, responses=s.OrderSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._moved(request, orders.complete)

    @extend_schema(request=s.OrderReasonInput, responses=s.OrderSerializer)
    @action(detail=True, methods=["post"], url_path="enter-in-error")
    def enter_in_error(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._moved(request, orders.enter_in_error)

    @extend_schema(methods=["get"], responses=moves.PlanSerializer)
    @extend_schema(methods=["post"], request=moves.RepairInput, responses=moves.VisitsSerializer)
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def repair(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """New dates for the visits that break the order; POST moves, all or none."""
        order, now = orders.signed_order(self.get_object().pk), timezone.now()
        shown = self.get_serializer_context()
        if request.method == "GET":
            return Response(moves.PlanSerializer(planned(repair.plan(order=order, now=now)), context=shown).data)
        asked = self.valid(moves.RepairInput)["moves"]
        wanted = [self._move(one) for one in asked]
        own = {visit.pk for visit in course.visits_of(order)}
        if not {move.appointment for move in wanted} <= own:
            raise Invalid("These are not all visits of this order.", field="moves")
        done = rescheduling.move_all(moves=wanted, by=request.user, now=now, reason="repaired")
        return Response(moves.VisitsSerializer({"visits": done}, context=shown).data)

    def _move(self, one: dict[str, Any]) -> Move:
        reason = one.get("limits_reason", "").strip()
        return Move(one["id"], one["start"], self._chair(one), one.get("version"), one.get("minutes"), reason)

    def _chair(self, one: dict[str, Any]) -> Any:
        if not one.get("chair"):
            return None
        chair = Chair.objects.filter(clinic=self.request.user.clinic, pk=one["chair"]).first()  # type: ignore[union-attr]
        if chair is None:
            raise Invalid("There is no such record.", field="chair")
        return chair.pk

    @extend_schema(methods=["get"], responses=EXCEPTIONS)
    @extend_schema(methods=["post"], request=moves.ExceptionInput, responses={201: moves.ExceptionSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def exceptions(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """What a prescriber allows against the order, for one visit on one day each."""
        if request.method == "POST":
            require(request.user, P.WRITE_ORDERS)
        order = orders.signed_order(self.get_object().pk)
        if request.method == "GET":
            sees = can(request.user, P.SEE_CLINICAL)
            shown = moves.ExceptionSerializer if sees else moves.DeskExceptionSerializer
            given = shown(exceptions.of_order(order), many=True, context=self.get_serializer_context())
            return Response(given.data)
        data = self.valid(moves.ExceptionInput)
        allowed = exceptions.allow(order_id=order.pk, by=request.user, now=timezone.now(), **data)
        return Response(moves.ExceptionSerializer(allowed, context=self.get_serializer_context()).data, status=201)

    def _moved(self, request: StaffRequest, door: Callable[..., Any]) -> Response:
        order, reason = self.get_object(), self.valid(s.OrderReasonInput)["reason"]
        door(order_id=order.pk, by=request.user, now=timezone.now(), reason=reason, read=self._read())
        return self._written(order)

    def _read(self) -> orders.Read:
        return orders.Read(*self.expected_versions("version", "standing_version"))

    def versions_of(self, record: Any) -> Sequence[int]:
        """The order's own, and from its signature on that of its standing."""
        if not isinstance(record, Order):
            return super().versions_of(record)
        return [record.version, record.standing.version] if record.is_signed else [record.version]

    def _typed(self, serializer: Any) -> dict[str, Any]:
        data = self.valid(serializer)
        data.pop("version", None)
        return data

    def _version(self) -> int:
        version = self.expected_version()
        if version is None:
            raise Invalid("Say which version you read, as If-Match or version.", field="version")
        return version

    def _written(self, order: Order, *, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=order.pk), status=status)
