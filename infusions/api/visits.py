"""`/api/v1/visits/`"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.audit.guards import in_words
from config.audit.strands import Strand
from config.http.api import DeskViewSet, WithHistory, WithList, WithRetrieve
from config.refusals import Invalid
from config.staff.models import User
from config.staff.permissions import Permission
from infusions import checklist, histories, records
from infusions.api import visit_serializers as s
from infusions.charting import note_of
from infusions.models import OrderException, Visit
from infusions.models.flowsheet import FLOWSHEET
from scheduling.models import Appointment
from scheduling.wall_clock import day_period

P = Permission
# What names a clinician by id: looked up in the clinic before it reaches the door.
PEOPLE = ("witness", "checked_by")
ENTRY_ACTIONS = {kind: kind.replace("-", "_") for kind in FLOWSHEET}


class VisitFilter(filters.FilterSet):
    """By the clinic's `day`, by patient; `open` says whether the note is still unsigned."""

    day = filters.DateFilter(method="on_day")
    patient = filters.UUIDFilter()
    open = filters.BooleanFilter(field_name="note__signed_at", lookup_expr="isnull")

    class Meta:
        model = Visit
        fields = ("day", "patient", "open")

    def on_day(self, queryset: QuerySet[Visit], name: str, value: date) -> QuerySet[Visit]:  # noqa: ARG002
        first, end = day_period(value, self.request.user.clinic.tz)
        return queryset.filter(appointment__start__gte=first, appointment__start__lt=end)


def charted(kind: str) -> Callable[..., Response]:
    """The action that charts one kind of row."""

    def chart(self: "VisitViewSet", request: Request, pk: Any = None) -> Response:  # noqa: ARG001
        return self.chart(kind)

    chart.__name__ = ENTRY_ACTIONS[kind]
    chart.__doc__ = (
        f"Chart one row: {kind.replace('-', ' ')}. The same `client_id` again gives the first row, with 200."
    )
    made = action(detail=True, methods=["post"], url_path=kind, pagination_class=None, filter_backends=[])(chart)
    found: Callable[..., Response] = extend_schema(
        request=s.INPUT[kind], responses={201: s.SHOWN[kind], 200: s.SHOWN[kind]}
    )(made)
    return found


def closing(door: Callable[..., Visit], name: str, words: str) -> Callable[..., Response]:
    """An action that ends the visit, for a reason."""

    def close(self: "VisitViewSet", request: Request, pk: Any = None) -> Response:  # noqa: ARG001
        reason = self.valid(s.ReasonSerializer)["reason"]
        door(visit_id=self.get_object().pk, by=self.by, now=timezone.now(), reason=reason, read=self.read())
        return self.answer(self.get_object())

    close.__name__, close.__doc__ = name.replace("-", "_"), words
    made = action(detail=True, methods=["post"], url_path=name, pagination_class=None, filter_backends=[])(close)
    found: Callable[..., Response] = extend_schema(request=s.ReasonSerializer, responses=s.VisitRecordSerializer)(made)
    return found


class VisitViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Visit records, for those who see clinical records. One visit comes whole, every row of it included."""

    queryset = Visit.objects.select_related("appointment__clinic", "clinic", "order", "note")
    filterset_class = VisitFilter
    ordering = ("-opened_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_CLINICAL,
        "retrieve": P.SEE_CLINICAL,
        "history": P.SEE_CLINICAL_HISTORY,
        "create": P.CHART,
        "note": P.CHART,
        "sign": P.CHART,
        "addenda": P.CHART,
        "take_over": P.CHART,
        "newer_order": P.CHART,
        "not_treated": P.CHART,
        "stop_early": P.CHART,
        "finish": P.CHART,
        **dict.fromkeys(ENTRY_ACTIONS.values(), P.CHART),
    }

    vitals = charted("vitals")
    administrations = charted("administrations")
    adverse_events = charted("adverse-events")
    pre_visit_checks = charted("pre-visit-checks")
    iv_access = charted("iv-access")
    preparations = charted("preparations")
    quantities = charted("quantities")
    discharge = charted("discharge")
    remarks = charted("remarks")
    not_treated = closing(records.not_treated, "not-treated", "The patient came and nothing was given.")
    stop_early = closing(records.stop_early, "stop-early", "The visit ends before its discharge.")

    @property
    def by(self) -> Any:
        """Who acts: somebody of the staff, or the request would not have come this far."""
        return self.request.user

    def read(self) -> records.Read:
        return records.Read(*self.expected_versions("version", "appointment_version"))

    def versions_of(self, record: Any) -> Sequence[int]:
        """A visit's status is its appointment's. Its note has a tag of its own."""
        return (
            [record.version, record.appointment.version] if isinstance(record, Visit) else super().versions_of(record)
        )

    def get_serializer_class(self) -> Any:
        return s.VisitSerializer if self.action == "list" else s.VisitRecordSerializer

    @extend_schema(request=s.OpenSerializer, responses={201: s.VisitRecordSerializer})
    def create(self, request: Request) -> Response:  # noqa: ARG002
        """Open the record of an appointment whose patient is here. Opening it again gives the same record."""
        named = self.valid(s.OpenSerializer)["appointment"]
        appointment = self.found(Appointment.objects.all(), named, field="appointment")
        opened = records.open_visit(appointment_id=appointment.pk, by=self.by, now=timezone.now())
        return self.answer(self.get_queryset().get(pk=opened.pk), status=201)

    def strands(self, record: Visit) -> list[Strand]:
        """The booking, every row of the flowsheet with its corrections, the note and whatever was added to it."""
        return histories.of_visit(record, self.by)

    @extend_schema(request=s.NoteInput, responses={200: s.NoteSerializer, 201: s.NoteSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def note(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Begin the note, or change one's own draft: then with the version that was read."""
        visit, given, version = self.get_object(), self.valid(s.NoteInput), self.expected_version()
        given.pop("version", None)
        began = note_of(visit) is None
        written = records.write_note(visit_id=visit.pk, by=self.by, now=timezone.now(), version=version, **given)
        return self.answer(written, status=201 if began else 200, serializer=s.NoteSerializer)

    @extend_schema(request=s.TakeOverInput, responses=s.NoteSerializer)
    @action(detail=True, methods=["post"], url_path="take-over", pagination_class=None, filter_backends=[])
    def take_over(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Become the author of a colleague's unsigned note, for a reason. The record names both."""
        visit, given, version = self.get_object(), self.valid(s.TakeOverInput), self.expected_version()
        taken = records.take_over_note(
            visit_id=visit.pk, by=self.by, now=timezone.now(), reason=given["reason"], version=version
        )
        return self.answer(taken, serializer=s.NoteSerializer)

    @extend_schema(request=s.ClosePress, responses=s.VisitRecordSerializer)
    @action(detail=True, methods=["post"], url_path="newer-order", pagination_class=None, filter_backends=[])
    def newer_order(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Go on under the version of the order that has come into force since; only while nothing was given."""
        self.valid(s.ClosePress)
        visit, versions = self.get_object(), asdict(self.read())
        records.take_newer_order(visit_id=visit.pk, by=self.by, now=timezone.now(), **versions)
        return self.answer(self.get_object())

    @extend_schema(request=s.SignInput, responses=s.NoteSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def sign(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Sign one's own note as it was read; the record is closed from then on. 409 when it changed since."""
        visit, given, version = self.get_object(), self.valid(s.SignInput), self.expected_version()
        if version is None:
            raise Invalid("Say which version of the note you read.", field="version")
        words = {name: given[name] for name in ("password", "reviewed")}
        signed = records.sign_note(visit_id=visit.pk, by=self.by, now=timezone.now(), version=version, **words)
        return self.answer(signed, serializer=s.NoteSerializer)

    @extend_schema(request=s.AddendumInput, responses={201: s.AddendumSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def addenda(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """Add below a signed note, under one's own signature."""
        visit, given = self.get_object(), self.valid(s.AddendumInput)
        added = records.add_addendum(visit_id=visit.pk, by=self.by, now=timezone.now(), **given)
        return self.answer(added, status=201, serializer=s.AddendumSerializer)

    @extend_schema(request=s.ClosePress, responses=s.VisitRecordSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def finish(self, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        """A consult is over."""
        self.valid(s.ClosePress)
        records.finish_consult(visit_id=self.get_object().pk, by=self.by, now=timezone.now(), read=self.read())
        return self.answer(self.get_object())

    def _exception(self, visit: Visit, named: UUID) -> OrderException:
        found = OrderException.objects.filter(patient=visit.patient_id, pk=named).first()
        if found is None:
            raise Invalid("There is no such record.", field="escort_exception")
        return found

    def chart(self, kind: str) -> Response:
        """Store one row through the door."""
        visit, now, given = self.get_object(), timezone.now(), self.valid(s.INPUT[kind])
        for name in PEOPLE:
            if given.get(name) is not None:
                given[name] = self.found(User.objects.all(), given[name], field=name)
        if given.get("clinic_items") is not None:
            met = {line["item"]: line["met"] for line in given["clinic_items"]}
            given["clinic_items"] = checklist.answered(clinic=visit.clinic, met=met)
        if given.get("escort_exception") is not None:
            given["escort_exception"] = self._exception(visit, given["escort_exception"])
        more: dict[str, Any] = {"visit_id": visit.pk, "by": self.by, "now": now, **given}
        if kind == "adverse-events":
            more.setdefault("event", None)
        with in_words():
            stored = (
                records.quantities(**more) if kind == "quantities" else records.chart(model=FLOWSHEET[kind], **more)
            )
        status = 201 if stored.entered_at == now else 200
        return self.answer(stored, status=status, serializer=s.SHOWN[kind])
