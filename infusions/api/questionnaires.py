"""`/api/v1/questionnaires/`, `/api/v1/questionnaire-responses/` and `/api/v1/follow-up-path/`"""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import (
    DeskViewSet,
    StaffRequest,
    WithHistory,
    WithList,
    WithRetrieve,
    WithSharedHistory,
    or_404,
)
from config.refusals import Invalid
from config.staff.permissions import Permission
from infusions import follow_up, histories, questionnaires, responses
from infusions.api import questionnaire_serializers as s
from infusions.models import FollowUpPath, Questionnaire, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients.models import Patient

P = Permission
PATH = forced_singular_serializer(s.FollowUpPathSerializer)  # type: ignore[no-untyped-call]


class QuestionnaireFilter(filters.FilterSet):  # type: ignore[misc]
    """`active=true`: what is asked now."""

    active = filters.BooleanFilter()

    class Meta:
        model = Questionnaire
        fields = ("active", "kind", "canonical")


class ResponseFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, questionnaire, visit and set; `standing=true`: those that nothing corrected or struck."""

    patient = filters.UUIDFilter()
    questionnaire = filters.UUIDFilter()
    visit = filters.UUIDFilter()
    identifier = filters.UUIDFilter()
    standing = filters.BooleanFilter(method="that_count")

    class Meta:
        model = QuestionnaireResponse
        fields = ("patient", "questionnaire", "visit", "identifier", "standing")

    def that_count(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:  # noqa: ARG002, FBT001
        counting = QuestionnaireResponse.objects.standing().values("pk")
        return queryset.filter(pk__in=counting) if value else queryset.exclude(pk__in=counting)


class QuestionnaireViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """What the clinic asks, every edition. None is in use until a manager switches it on, and none is reworded."""

    queryset = Questionnaire.objects.prefetch_related("items__options")
    serializer_class = s.QuestionnaireSerializer
    filterset_class = QuestionnaireFilter
    ordering = ("title", "edition", "id")
    requires: ClassVar = {
        "list": P.SEE_PATIENTS,
        "retrieve": P.SEE_PATIENTS,
        "history": P.SEE_HISTORY,
        "create": P.MANAGE_CLINIC,
        "switch_on": P.MANAGE_CLINIC,
        "revise": P.MANAGE_CLINIC,
        "in_use": P.MANAGE_CLINIC,
    }

    def shown(self, made: Questionnaire, *, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=made.pk), status=status)

    @extend_schema(request=s.QuestionnaireInput, responses={201: s.QuestionnaireSerializer})
    def create(self, request: StaffRequest) -> Response:
        """Publish a questionnaire of the clinic's own, and use it."""
        measure = s.QuestionnaireInput.measure(self.valid(s.QuestionnaireInput))
        return self.shown(questionnaires.publish(measure=measure, by=request.user, now=timezone.now()), status=201)

    @extend_schema(request=s.QuestionnaireSwitchOnInput, responses=s.QuestionnaireSerializer)
    @action(detail=False, methods=["post"], url_path="switch-on", pagination_class=None, filter_backends=[])
    def switch_on(self, request: StaffRequest) -> Response:
        """Use a measure that comes with the desk. PHQ-9 needs the path of a positive item 9 first."""
        kind = Kind(self.valid(s.QuestionnaireSwitchOnInput)["kind"])
        return self.shown(questionnaires.switch_on(kind=kind, by=request.user, now=timezone.now()))

    @extend_schema(request=s.QuestionnaireInput, responses=s.QuestionnaireSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def revise(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Publish other words as the next edition. Answers keep the words of theirs."""
        named, measure = self.get_object().pk, s.QuestionnaireInput.measure(self.valid(s.QuestionnaireInput))
        now = timezone.now()
        return self.shown(questionnaires.revise(questionnaire_id=named, measure=measure, by=request.user, now=now))

    @extend_schema(request=s.QuestionnaireInUseInput, responses=s.QuestionnaireSerializer)
    @action(detail=True, methods=["post"], url_path="in-use", pagination_class=None, filter_backends=[])
    def in_use(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Ask it from now on, or no more. Its answers stay."""
        named, active = self.get_object().pk, self.valid(s.QuestionnaireInUseInput)["active"]
        return self.shown(questionnaires.put_in_use(questionnaire_id=named, active=active, by=request.user))


class FollowUpPathViewSet(WithSharedHistory, DeskViewSet):
    """Who reads a positive answer to item 9 of PHQ-9, by when, and what their task says."""

    queryset = FollowUpPath.objects.all()
    serializer_class = s.FollowUpPathSerializer
    pagination_class = None
    requires: ClassVar = {"list": P.SEE_PATIENTS, "create": P.MANAGE_CLINIC, "history": P.SEE_HISTORY}

    def rows_of(self, **named: Any) -> tuple[type[Model], str, Any]:  # noqa: ARG002
        return FollowUpPath, "clinic_id", self.request.user.clinic_id  # type: ignore[union-attr]

    @extend_schema(responses=PATH)
    def list(self, request: StaffRequest) -> Response:
        """The path; 404 as long as the clinic set none."""
        return self.answer(or_404(follow_up.path_of(request.user.clinic), "path"))

    @extend_schema(request=s.FollowUpPathInput, responses={200: PATH})
    def create(self, request: StaffRequest) -> Response:
        """Set the path, or change it."""
        data, version = self.valid(s.FollowUpPathInput), self.expected_version()
        data.pop("version", None)
        return self.answer(follow_up.set_path(by=request.user, version=version, **data))


class ResponseViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """What patients answered, newest first, for those who see clinical records. Nothing is changed: correct it."""

    queryset = QuestionnaireResponse.objects.with_answers()
    serializer_class = s.QuestionnaireResponseSerializer
    filterset_class = ResponseFilter
    ordering = ("-authored_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_CLINICAL,
        "retrieve": P.SEE_CLINICAL,
        "history": P.SEE_CLINICAL_HISTORY,
        "create": P.CHART,
        "correct": P.CHART,
        "strike": P.CHART,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is QuestionnaireResponse:
            return queryset.filter(patient__clinic=self.request.user.clinic)  # type: ignore[union-attr]
        return super().scoped(queryset)

    def strands(self, record: QuestionnaireResponse) -> list[Strand]:
        """The whole set, whichever of its rows was named."""
        return histories.of_answers(record.identifier, self.request.user)  # type: ignore[arg-type]

    def shown(self, written: QuestionnaireResponse) -> Response:
        return self.answer(self.get_queryset().get(pk=written.pk), status=201)

    @extend_schema(request=s.QuestionnaireResponseInput, responses={201: s.QuestionnaireResponseSerializer})
    def create(self, request: StaffRequest) -> Response:
        """Enter a set of answers, in a visit's record or outside of any."""
        data = self.valid(s.QuestionnaireResponseInput)
        patient = self.found(Patient.objects.select_related("clinic"), data["patient"], field="patient")
        written = responses.record(
            patient=patient,
            questionnaire_id=data["questionnaire"],
            answers=_chosen(data),
            visit_id=data.get("visit"),
            authored_at=data.get("authored_at"),
            client_id=data.get("client_id"),
            by=request.user,
            now=timezone.now(),
        )
        return self.shown(written)

    @extend_schema(request=s.QuestionnaireCorrectionInput, responses={201: s.QuestionnaireResponseSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def correct(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Write what was answered instead, as a row of its own; the items that are left out stay as they were."""
        named, data = self.get_object().pk, self.valid(s.QuestionnaireCorrectionInput)
        written = responses.correct(
            response_id=named,
            answers=_chosen(data),
            reason=data["correction_reason"],
            authored_at=data.get("authored_at"),
            client_id=data.get("client_id"),
            by=request.user,
            now=timezone.now(),
        )
        return self.shown(written)

    @extend_schema(request=s.QuestionnaireStrikeInput, responses={201: s.QuestionnaireResponseSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def strike(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Say that these answers never were this patient's. They can be read and count no more."""
        named, data = self.get_object().pk, self.valid(s.QuestionnaireStrikeInput)
        written = responses.strike(
            response_id=named,
            reason=data["correction_reason"],
            client_id=data.get("client_id"),
            by=request.user,
            now=timezone.now(),
        )
        return self.shown(written)


def _chosen(data: dict[str, Any]) -> dict[UUID, UUID | None]:
    chosen = {answer["item"]: answer["option"] for answer in data["answers"]}
    if len(chosen) < len(data["answers"]):
        raise Invalid("An item is answered twice.", field="answers")
    return chosen
