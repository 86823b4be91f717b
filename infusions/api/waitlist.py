"""`/api/v1/waitlist-entries/` and `/api/v1/waitlist-offers/`"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.staff.permissions import Permission
from infusions import waitlist
from infusions.api import waitlist_serializers as s
from infusions.models import WaitlistEntry, WaitlistOffer
from infusions.models.waitlist import Answer, How
from infusions.waitlist import Place
from patients.models import Patient
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind

P = Permission


class EntryFilter(filters.FilterSet):  # type: ignore[misc]
    """By patient, and whether they still wait."""

    patient = filters.UUIDFilter(field_name="patient_id")
    waiting = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = WaitlistEntry
        fields = ("patient", "waiting")


class WaitlistEntryViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Who waits for a place that comes free, the longest first."""

    queryset = WaitlistEntry.objects.select_related("appointment", "clinic")
    serializer_class = s.WaitlistEntrySerializer
    filterset_class = EntryFilter
    ordering = ("since", "id")
    requires: ClassVar = {
        "list": P.SEE_SCHEDULE,
        "retrieve": P.SEE_SCHEDULE,
        "history": P.SEE_HISTORY,
        "create": P.BOOK,
        "partial_update": P.BOOK,
        "leave": P.BOOK,
        "reopen": P.BOOK,
        "fits": P.BOOK,
    }

    def strands(self, record: WaitlistEntry) -> list[Strand]:
        return [*super().strands(record), Strand(WaitlistOffer, "entry_id", record.pk, "Offer")]

    @extend_schema(request=s.JoinInput, responses={201: s.WaitlistEntrySerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.JoinInput)
        visit = data.pop("appointment", None)
        entry = waitlist.join(
            patient=self.found(Patient.objects.all(), data.pop("patient"), field="patient"),
            kind=VisitKind(data.pop("kind", VisitKind.INFUSION)),
            appointment=self.found(Appointment.objects.all(), visit, field="appointment") if visit else None,
            by=request.user,
            now=timezone.now(),
            **data,
        )
        return self._shown(entry, status=201)

    @extend_schema(request=s.WishesInput, responses=s.WaitlistEntrySerializer)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        entry, data = self.get_object(), self.valid(s.WishesInput)
        data.pop("version", None)
        changed = waitlist.change(entry_id=entry.pk, by=request.user, version=self.expected_version(), **data)
        return self._shown(changed)

    @extend_schema(request=s.Press, responses=s.WaitlistEntrySerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def leave(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.Press)
        entry, version = self.get_object(), self.expected_version()
        return self._shown(waitlist.leave(entry_id=entry.pk, by=request.user, now=timezone.now(), version=version))

    @extend_schema(request=s.Press, responses=s.WaitlistEntrySerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def reopen(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.Press)
        entry, version = self.get_object(), self.expected_version()
        return self._shown(waitlist.reopen(entry_id=entry.pk, by=request.user, now=timezone.now(), version=version))

    @extend_schema(request=s.FreedInput, responses=s.FitSerializer(many=True))
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def fits(self, request: StaffRequest) -> Response:  # noqa: ARG002
        place = freed(self, self.valid(s.FreedInput)["freed"])
        found = waitlist.fits(place=place, now=timezone.now())
        return Response(s.FitSerializer(found, many=True, context=self.get_serializer_context()).data)

    def _shown(self, entry: WaitlistEntry, *, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=entry.pk), status=status)


def freed(view: DeskViewSet, visit_id: Any) -> Place:
    """The place that a cancelled or moved visit of the clinic left free."""
    visits = Appointment.objects.select_related("clinic", "chair", "left_chair")
    return waitlist.freed_place(view.found(visits, visit_id, field="freed"), now=timezone.now())


class OfferFilter(filters.FilterSet):  # type: ignore[misc]
    """By entry, by place, and whether it waits for an answer."""

    entry = filters.UUIDFilter(field_name="entry_id")
    round = filters.UUIDFilter()
    open = filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull")

    class Meta:
        model = WaitlistOffer
        fields = ("entry", "round", "open")


class WaitlistOfferViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """Places that were offered. The first yes of a round has it."""

    queryset = WaitlistOffer.objects.select_related("entry", "chair")
    serializer_class = s.WaitlistOfferSerializer
    filterset_class = OfferFilter
    ordering = ("-made_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_SCHEDULE,
        "retrieve": P.SEE_SCHEDULE,
        "history": P.SEE_HISTORY,
        "create": P.BOOK,
        "answer_it": P.BOOK,
        "take_back": P.BOOK,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is WaitlistOffer:
            return queryset.filter(entry__clinic=self.request.user.clinic)  # type: ignore[union-attr]
        return super().scoped(queryset)

    @extend_schema(request=s.OfferInput, responses={201: s.WaitlistOfferSerializer})
    def create(self, request: StaffRequest) -> Response:
        data = self.valid(s.OfferInput)
        place = freed(self, data["freed"])
        made = waitlist.offer(
            entry_id=self.found(WaitlistEntry.objects.all(), data["entry"], field="entry").pk,
            place=place,
            start=data.get("start") or place.start,
            how=How(data["how"]),
            by=request.user,
            now=timezone.now(),
            expires_at=data.get("expires_at"),
        )
        return self._shown(made, status=201)

    @extend_schema(request=s.OfferAnswerInput, responses=s.WaitlistOfferSerializer)
    @action(detail=True, methods=["post"], url_path="answer", pagination_class=None, filter_backends=[])
    def answer_it(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        said = Answer(self.valid(s.OfferAnswerInput)["answer"])
        made, version = self.get_object(), self.expected_version()
        return self._shown(
            waitlist.answer(offer_id=made.pk, answer=said, by=request.user, now=timezone.now(), version=version)
        )

    @extend_schema(request=s.Press, responses=s.WaitlistOfferSerializer)
    @action(detail=True, methods=["post"], url_path="take-back", pagination_class=None, filter_backends=[])
    def take_back(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        self.valid(s.Press)
        made, version = self.get_object(), self.expected_version()
        return self._shown(waitlist.take_back(offer_id=made.pk, by=request.user, now=timezone.now(), version=version))

    def _shown(self, made: WaitlistOffer, *, status: int = 200) -> Response:
        return self.answer(self.get_queryset().get(pk=made.pk), status=status)
