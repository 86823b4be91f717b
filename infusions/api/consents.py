"""`/api/v1/consent-wordings/` and `/api/v1/treatment-consents/`"""

import binascii
from base64 import b64decode
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, StrictSerializer, WithHistory, WithList, WithRetrieve
from config.http.downloads import download
from config.staff.models import User
from config.staff.permissions import Permission
from infusions import consent_wordings, consents, histories
from infusions.api.course_serializers import AsWritten, OnTheClinicsClock
from infusions.consent_wordings import LONGEST
from infusions.models import ConsentDocument, ConsentWording, Ended, TreatmentConsent
from patients.models import Patient

P = Permission


class ConsentWordingSerializer(OnTheClinicsClock):
    """One edition. A retired one is not asked for any more; what was agreed to on it stands."""

    class Meta:
        model = ConsentWording
        fields = ("id", "version", "kind", "edition", "text", "needed_to_start", "retired_at")
        read_only_fields = fields


class ConsentWordingInput(StrictSerializer):
    """A new edition, in use from now on; the one of its kind that was in use is retired."""

    kind = serializers.CharField(max_length=LONGEST["kind"])
    edition = serializers.CharField(max_length=LONGEST["edition"])
    text = serializers.CharField(max_length=LONGEST["text"], trim_whitespace=False)
    needed_to_start = serializers.BooleanField()


class AskInput(StrictSerializer):
    """Whether the start of an infusion asks for a consent of this kind."""

    needed = serializers.BooleanField()


class PaperSerializer(OnTheClinicsClock):
    """What is known of a scanned paper; its bytes are at the consent's `document/`."""

    class Meta:
        model = ConsentDocument
        fields = ("media_type", "size", "sha256")
        read_only_fields = fields


class TreatmentConsentSerializer(OnTheClinicsClock):
    """One consent as it was given; `ended` says how, if it ended otherwise than by its last day."""

    kind = serializers.CharField(source="wording.kind", read_only=True)
    edition = serializers.CharField(source="wording.edition", read_only=True)
    taken_by_name = serializers.CharField(source="taken_by.full_name", read_only=True)
    author_name = serializers.CharField(source="author.full_name", read_only=True)
    document = PaperSerializer(allow_null=True, read_only=True)
    ended = serializers.ChoiceField(
        [how.value for how in Ended], source="ending.how", default=None, allow_null=True, read_only=True
    )
    ended_on = serializers.DateField(source="ending.ended_on", default=None, allow_null=True, read_only=True)
    ended_reason = serializers.CharField(source="ending.reason", default=None, allow_null=True, read_only=True)
    in_date = serializers.SerializerMethodField()

    class Meta:
        model = TreatmentConsent
        fields = (
            "id",
            "patient",
            "wording",
            "kind",
            "edition",
            "given_on",
            "expires_on",
            "given_by",
            "taken_by",
            "taken_by_name",
            "author",
            "author_name",
            "entered_at",
            "document",
            "ended",
            "ended_on",
            "ended_reason",
            "in_date",
            "client_id",
        )
        read_only_fields = fields

    def get_in_date(self, consent: TreatmentConsent) -> bool:
        """Whether it holds on the clinic's day."""
        return consents.holds(consent, on=self.context["request"].user.clinic.today(timezone.now()))


class Base64(serializers.CharField):
    """Bytes as base64."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError("This is not base64.") from None


class TreatmentConsentInput(StrictSerializer):
    """What was agreed to. `document` is the signed paper as base64; a request carries about 1.8 MB of it, a page more.
    The same `client_id` again writes nothing and gives the first consent back."""

    patient = serializers.UUIDField()
    wording = serializers.UUIDField()
    given_on = serializers.DateField()
    expires_on = serializers.DateField(required=False, allow_null=True)
    taken_by = serializers.UUIDField()
    given_by = AsWritten(max_length=consents.LONGEST_NAME)
    document = Base64(required=False, allow_null=True)
    client_id = serializers.UUIDField(required=False, allow_null=True)


class ConsentEndingInput(StrictSerializer):
    """How it ended and why; `ended_on` only for what was withdrawn."""

    how = serializers.ChoiceField([how.value for how in Ended])
    ended_on = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=consents.LONGEST_REASON)


class WordingFilter(filters.FilterSet):  # type: ignore[misc]
    """`in_use=true`: what is asked for now."""

    in_use = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull")

    class Meta:
        model = ConsentWording
        fields = ("in_use",)


class ConsentFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and by wording."""

    patient = filters.UUIDFilter()
    wording = filters.UUIDFilter()

    class Meta:
        model = TreatmentConsent
        fields = ("patient", "wording")


class WordingViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The clinic's own consent wordings, retired editions included. None is reworded: put another edition in use."""

    queryset = ConsentWording.objects.all()
    serializer_class = ConsentWordingSerializer
    filterset_class = WordingFilter
    ordering = ("kind", "id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "history": P.SEE_HISTORY,
        "create": P.MANAGE_CLINIC,
        "retire": P.MANAGE_CLINIC,
        "bring_back": P.MANAGE_CLINIC,
        "ask": P.MANAGE_CLINIC,
    }

    @extend_schema(request=ConsentWordingInput, responses={201: ConsentWordingSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(ConsentWordingInput)
        made = consent_wordings.put(clinic=request.user.clinic, by=request.user, now=timezone.now(), **data)
        return self.answer(made, status=201)

    @extend_schema(request=None, responses=ConsentWordingSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def retire(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Ask for this edition no more."""
        self.nothing_more()
        found = self.get_object()
        return self.answer(consent_wordings.retire(wording_id=found.pk, by=request.user, now=timezone.now()))

    @extend_schema(request=None, responses=ConsentWordingSerializer)
    @action(detail=True, methods=["post"], url_path="bring-back", pagination_class=None, filter_backends=[])
    def bring_back(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Let a retired edition be the one in use again."""
        self.nothing_more()
        found = self.get_object()
        return self.answer(consent_wordings.bring_back(wording_id=found.pk, by=request.user, now=timezone.now()))

    @extend_schema(request=AskInput, responses=ConsentWordingSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def ask(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Say whether the start of an infusion asks for it."""
        found, needed = self.get_object(), self.valid(AskInput)["needed"]
        return self.answer(consent_wordings.ask_to_start(wording_id=found.pk, needed=needed, by=request.user))


class ConsentViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Treatment consents, newest first, for those who see clinical records. None is changed: end it, record another."""

    queryset = TreatmentConsent.objects.select_related("wording", "taken_by", "author", "ending", "document").defer(
        "document__content"
    )
    serializer_class = TreatmentConsentSerializer
    filterset_class = ConsentFilter
    ordering = ("-recorded_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_CLINICAL,
        "retrieve": P.SEE_CLINICAL,
        "document": P.SEE_CLINICAL,
        "history": P.SEE_CLINICAL_HISTORY,
        "create": P.CHART,
        "end": P.CHART,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is TreatmentConsent:
            return queryset.filter(patient__clinic=self.request.user.clinic)  # type: ignore[union-attr]
        return super().scoped(queryset)

    def strands(self, record: TreatmentConsent) -> list[Strand]:
        """How it was given, and how it ended."""
        return histories.of_consent(record.pk, self.request.user)  # type: ignore[arg-type]

    @extend_schema(request=TreatmentConsentInput, responses={201: TreatmentConsentSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(TreatmentConsentInput)
        data["patient"] = self.found(Patient.objects.all(), data["patient"], field="patient")
        data["wording"] = self.found(ConsentWording.objects.all(), data["wording"], field="wording")
        data["taken_by"] = self.found(User.objects.all(), data["taken_by"], field="taken_by")
        data["given_by"] = data.get("given_by") or ""
        written = consents.record(by=request.user, now=timezone.now(), **data)
        return self.answer(self.get_queryset().get(pk=written.pk), status=201)

    @extend_schema(request=ConsentEndingInput, responses=TreatmentConsentSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def end(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """It holds no more: withdrawn on a day, or entered in error."""
        found, data = self.get_object(), self.valid(ConsentEndingInput)
        consents.end(consent_id=found.pk, by=request.user, now=timezone.now(), **data)
        return self.answer(self.get_object())

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def document(self, request: StaffRequest, pk: Any = None) -> HttpResponse:  # noqa: ARG002
        """The signed paper, as PDF, PNG or JPEG."""
        paper, name = consents.paper_of(self.get_object())
        return download(bytes(paper.content), media_type=paper.media_type, name=name)
