"""The acts on a visit. `infusions.api.appointments` adds moving and cancelling, which know orders, and the address."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.refusals import Invalid
from config.staff.models import User
from config.staff.permissions import Permission, require
from patients.models import Patient
from scheduling import booking, histories, holding, reading
from scheduling.api import serializers as s
from scheduling.models import Appointment, Chair, NamedEscort, VisitAnswer, VisitKind, VisitType
from scheduling.states import PRESENT, WAY_BACK, Status
from scheduling.visit_types import offered
from scheduling.wall_clock import day_period

P = Permission
STATUSES = [(status.value, status.value) for status in Status]


class AppointmentFilter(filters.FilterSet):  # type: ignore[misc]
    """`day` is the clinic's; `from` and `to` (not included) are instants with an offset, on the start of the visit."""

    day = filters.DateFilter(method="on_day")
    patient = filters.UUIDFilter(field_name="patient_id")
    series = filters.UUIDFilter(field_name="series_id")
    status = filters.MultipleChoiceFilter(choices=STATUSES)
    unresolved = filters.BooleanFilter(
        method="only_unresolved",
        help_text="The worklist: past visits of which nobody has said what became of them. For those who book.",
    )

    class Meta:
        model = Appointment
        fields = ("day", "patient", "series", "status", "unresolved")

    def on_day(self, queryset: QuerySet[Appointment], _: str, day: Any) -> QuerySet[Appointment]:
        begins, ends = day_period(day, self.request.user.clinic.tz)
        return queryset.filter(start__gte=begins, start__lt=ends)

    def only_unresolved(self, queryset: QuerySet[Appointment], _: str, wanted: bool) -> QuerySet[Appointment]:  # noqa: FBT001  (the library's signature)
        require(self.request.user, P.BOOK)
        past = reading.without_outcome(timezone.now())
        return queryset.filter(past) if wanted else queryset.exclude(past)


# `from` is a word of the language, so these two cannot be written as attributes.
AppointmentFilter.base_filters["from"] = filters.IsoDateTimeFilter(field_name="start", lookup_expr="gte")
AppointmentFilter.base_filters["to"] = filters.IsoDateTimeFilter(field_name="start", lookup_expr="lt")


class AppointmentViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The clinic's visits."""

    queryset = Appointment.objects.select_related("clinic", "chair", "nurse", "visit_type")
    serializer_class = s.AppointmentSerializer
    filterset_class = AppointmentFilter
    ordering = ("start", "id")
    requires: ClassVar = {
        "list": P.SEE_SCHEDULE,
        "retrieve": P.SEE_SCHEDULE,
        "history": P.SEE_HISTORY,
        "answers": P.SEE_SCHEDULE,
        "escort": P.SEE_SCHEDULE,
        "create": P.BOOK,
        "confirm": P.BOOK,
        "cancel": P.BOOK,
        "no_show": P.BOOK,
        "arrive": P.CHECK_IN,
        # What is undone decides: the table of moves says who may.
        "undo": P.SEE_SCHEDULE,
        "keep": P.BOOK,
        "release": P.BOOK,
    }

    def strands(self, record: Appointment) -> list[Strand]:
        return histories.of_visit(record.pk)

    @extend_schema(request=s.AppointmentInput, responses={201: s.AppointmentSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.AppointmentInput)
        visit = booking.book(
            patient=self.found(Patient.objects.all(), data["patient"], field="patient"),
            clinic=request.user.clinic,
            start=data["start"],
            minutes=data["minutes"],
            visit_type=self._type(data),
            chair=self._named(Chair.objects.all(), data, "chair"),
            nurse=self._named(User.objects.all(), data, "nurse"),
            limits_reason=data.get("limits_reason", ""),
            overbook_reason=data.get("overbook_reason", ""),
            by=request.user,
            now=timezone.now(),
        )
        return self._answer(visit, status=201)

    def _named(self, queryset: QuerySet[Any], data: dict[str, Any], field: str) -> Any:
        return self.found(queryset, data[field], field=field) if data.get(field) else None

    def _type(self, data: dict[str, Any]) -> UUID | None:
        """The kind of consult that is named, one that the clinic has in use."""
        types = offered(clinic=self.request.user.clinic, kind=VisitKind.CONSULT)  # type: ignore[union-attr]
        named: VisitType | None = self._named(types, data, "visit_type")
        return named.pk if named else None

    def _answer(self, visit: Appointment, *, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=visit.pk), status=status)

    @extend_schema(request=s.VersionInput, responses=s.AppointmentSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def confirm(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.VersionInput)
        return self._answer(booking.confirm(**self._by(request)))

    @extend_schema(request=s.VersionInput, responses=s.AppointmentSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def arrive(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.VersionInput)
        return self._answer(booking.arrive(**self._by(request)))

    @extend_schema(request=s.UndoInput, responses=s.AppointmentSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def undo(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        reason, visit = self.valid(s.UndoInput).get("reason", ""), self.get_object()
        if visit.status in WAY_BACK and visit.status not in PRESENT and not reason.strip():
            raise Invalid("Say why it is taken back.", field="reason")
        return self._answer(booking.undo(reason=reason, **self._by(request)))

    @extend_schema(request=s.VersionInput, responses=s.AppointmentSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def keep(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.VersionInput)
        return self._answer(holding.keep(**self._by(request)))

    @extend_schema(request=s.VersionInput, responses=s.AppointmentSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def release(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.VersionInput)
        return self._answer(holding.release(**self._by(request)))

    @extend_schema(request=s.NoShowInput, responses=s.AppointmentSerializer)
    @action(detail=True, methods=["post"], url_path="no-show", pagination_class=None, filter_backends=[])
    def no_show(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        data = self.valid(s.NoShowInput)
        return self._answer(booking.no_show(reason=data["reason"], **self._by(request)))

    @extend_schema(responses=s.VisitAnswerSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def answers(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """What the patient answered before the visit by the link in a message, newest first, with what was replaced."""
        rows = VisitAnswer.objects.filter(appointment=self.get_object()).select_related("question")
        shown = s.VisitAnswerSerializer(rows.order_by("-at", "-recorded_at"), many=True, context={"request": request})
        return Response(shown.data)

    @extend_schema(responses=s.NamedEscortSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def escort(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Whom the patient named beforehand to take them home, the newest first: the first one counts."""
        rows = NamedEscort.objects.filter(appointment=self.get_object()).order_by("-at", "-recorded_at")
        return Response(s.NamedEscortSerializer(rows, many=True, context={"request": request}).data)

    def _by(self, request: StaffRequest) -> dict[str, Any]:
        """What every door is told: which visit of this clinic, who, when, and the version that was read."""
        return {
            "appointment_id": self.get_object().pk,
            "by": request.user,
            "now": timezone.now(),
            "version": self.expected_version(),
        }
