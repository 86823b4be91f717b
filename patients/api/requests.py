"""`/api/v1/intake-requests/`"""

from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.refusals import Invalid
from config.staff.permissions import Permission
from patients import asked_twice, duplicates, histories, intake
from patients.api import request_serializers as s
from patients.api.serializers import PatientSerializer, VersionOnly
from patients.models import IntakeRequest, Patient
from patients.person import particulars
from patients.states import OPEN_REQUESTS, RequestStatus

P = Permission


class RequestFilter(filters.FilterSet):  # type: ignore[misc]
    """By where a request stands; never by anything about the person, as addresses are logged."""

    # By the id alone: a list of choices would say which ids other clinics have.
    patient = filters.UUIDFilter(field_name="patient_id")
    duplicate_of = filters.UUIDFilter(field_name="duplicate_of_id")
    open = filters.BooleanFilter(method="only_open")
    mine = filters.BooleanFilter(method="only_mine")

    class Meta:
        model = IntakeRequest
        fields = ("status", "source")

    def only_open(self, queryset: Any, name: str, value: Any) -> Any:  # noqa: ARG002  (the library's signature)
        return queryset.filter(status__in=OPEN_REQUESTS) if value else queryset.exclude(status__in=OPEN_REQUESTS)

    def only_mine(self, queryset: Any, name: str, value: Any) -> Any:  # noqa: ARG002
        mine = {"owner": self.request.user}
        return queryset.filter(**mine) if value else queryset.exclude(**mine)


class IntakeRequestViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Requests for an appointment. Closing and reopening are moves of `status`, or the act `close`."""

    queryset = IntakeRequest.objects.select_related("owner", "received_by")
    serializer_class = s.RequestSerializer
    filterset_class = RequestFilter
    ordering = ("-received_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "history": P.SEE_HISTORY,
        "create": P.ANSWER_REQUESTS,
        "partial_update": P.ANSWER_REQUESTS,
        "take": P.ANSWER_REQUESTS,
        "release": P.ANSWER_REQUESTS,
        "close": P.ANSWER_REQUESTS,
        "link": P.ANSWER_REQUESTS,
        "possible_duplicates": P.SEE_PATIENTS,
        "same_as": P.ANSWER_REQUESTS,
        "register": P.REGISTER_PATIENTS,
        "attempts": P.ANSWER_REQUESTS,
    }

    def strands(self, record: IntakeRequest) -> list[Strand]:
        return histories.of_request(record)

    @extend_schema(request=s.RequestInput, responses={201: s.RequestSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.RequestInput)
        made = intake.receive(clinic=request.user.clinic, by=request.user, now=timezone.now(), **data)
        return self.answer(made, status=201)

    @extend_schema(request=s.RequestChange, responses=s.RequestSerializer)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found = self.get_object()
        data = self.valid(s.RequestChange)
        data.pop("version", None)
        version = self.expected_version()
        status, reason = data.pop("status", None), data.pop("reason", "")
        if reason and not data and status is None:
            raise Invalid("A reason belongs to a change. Name the status, or what else was said.", field="reason")
        with transaction.atomic():
            if data:
                found = intake.amend(request_id=found.pk, by=request.user, now=timezone.now(), version=version, **data)
                version = None
            if status is not None:
                found = intake.move_request(
                    request_id=found.pk, to=status, by=request.user, reason=reason, version=version
                )
        return self.answer(found)

    @extend_schema(request=VersionOnly, responses=s.RequestSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._acted(intake.take)

    @extend_schema(request=VersionOnly, responses=s.RequestSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        return self._acted(intake.release)

    def _acted(self, door: Any) -> Response:
        """An act without values of its own."""
        found = self.get_object()
        self.valid(VersionOnly)
        return self.answer(door(request_id=found.pk, by=self.request.user, version=self.expected_version()))

    @extend_schema(request=s.CloseInput, responses=s.RequestSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found, data = self.get_object(), self.valid(s.CloseInput)
        closed = intake.move_request(
            request_id=found.pk,
            to=RequestStatus.CLOSED,
            by=request.user,
            reason=data["reason"],
            version=self.expected_version(),
        )
        return self.answer(closed)

    @extend_schema(request=s.LinkInput, responses=s.RequestSerializer)
    @action(detail=True, methods=["post"])
    def link(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found, data = self.get_object(), self.valid(s.LinkInput)
        patient = self.found(Patient.objects.all(), data["patient"], field="patient")
        version = self.expected_version()
        return self.answer(intake.link(request_id=found.pk, patient_id=patient.pk, by=request.user, version=version))

    @extend_schema(responses=s.PossibleDuplicatesSerializer)
    @action(detail=True, methods=["get"], url_path="possible-duplicates", pagination_class=None, filter_backends=[])
    def possible_duplicates(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Patients whom the clinic may know this person as, and open requests that may be theirs too."""
        found = self.get_object()
        known = [] if found.patient_id else duplicates.possible_duplicates(clinic=found.clinic, **particulars(found))
        alike = {"patients": known, "requests": duplicates.alike_requests(found) if found.is_open else []}
        return Response(s.PossibleDuplicatesSerializer(alike).data)

    @extend_schema(request=s.SameAsInput, responses=s.RequestSerializer)
    @action(detail=True, methods=["post"], url_path="same-as")
    def same_as(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Closed, because `request` is the same person's and goes on. A move to an open `status` takes it back."""
        found, data = self.get_object(), self.valid(s.SameAsInput)
        other = self.found(IntakeRequest.objects.all(), data["request"], field="request")
        version = self.expected_version()
        return self.answer(
            asked_twice.same_as(request_id=found.pk, other_id=other.pk, by=request.user, version=version)
        )

    @extend_schema(request=s.PatientFromRequest, responses={201: PatientSerializer})
    @action(detail=True, methods=["post"])
    def register(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Refused with 409 `possible-duplicates` while somebody alike is not named in `not_duplicates`."""
        found, data = self.get_object(), {"not_duplicates": [], **self.valid(s.PatientFromRequest)}
        data["version"] = self.expected_version()
        patient = intake.register_from(request_id=found.pk, by=request.user, now=timezone.now(), **data)
        return self.answer(patient, status=201, serializer=PatientSerializer)

    @extend_schema(methods=["get"], responses=s.AttemptSerializer(many=True))
    @extend_schema(methods=["post"], request=s.AttemptInput, responses={201: s.AttemptSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def attempts(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        found = self.get_object()
        if request.method == "GET":
            rows = found.attempts.select_related("by").order_by("-at", "-recorded_at")
            return Response(s.AttemptSerializer(rows, many=True).data)
        data = self.valid(s.AttemptInput) | {"version": self.expected_version()}
        made = intake.log_attempt(request_id=found.pk, by=request.user, now=timezone.now(), **data)
        return Response(s.AttemptSerializer(made).data, status=201)
