"""`/api/v1/storage-locations/`, `/api/v1/substances/` and `/api/v1/substance-log/`"""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from config.audit.guards import in_words
from config.audit.strands import Strand
from config.http.api import DeskViewSet, StaffRequest, WithHistory, WithList, WithRetrieve
from config.refusals import Invalid
from config.staff.models import User
from config.staff.permissions import Permission
from infusions import substances
from infusions.api import substances_serializers as s
from infusions.models import StorageLocation, Substance, SubstanceLogEntry, Visit
from infusions.models.substances import LogKind
from scheduling.wall_clock import day_period

P = Permission
# What a row names by id: looked up in the clinic before it reaches the door.
NAMED: dict[str, Any] = {"substance": Substance, "visit": Visit, "witness": User}


class SubstanceFilter(filters.FilterSet):  # type: ignore[misc]
    """`standing=true`: what is on the list now."""

    standing = filters.BooleanFilter(method="on_the_list")

    class Meta:
        model = Substance
        fields = ("standing",)

    def on_the_list(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:  # noqa: ARG002, FBT001
        standing = Substance.objects.standing().values("pk")
        return queryset.filter(pk__in=standing) if value else queryset.exclude(pk__in=standing)


class RowFilter(filters.FilterSet):  # type: ignore[misc]
    """By location, kind, substance, visit, part of a lot, and the clinic's days `first` to `last`, both included."""

    location = filters.UUIDFilter()
    kind = filters.ChoiceFilter(choices=[(kind.value, kind.value) for kind in LogKind])
    substance = filters.UUIDFilter()
    visit = filters.UUIDFilter()
    lot = filters.CharFilter(lookup_expr="icontains")
    first = filters.DateFilter(method="from_day")
    last = filters.DateFilter(method="until_day")

    class Meta:
        model = SubstanceLogEntry
        fields = ("location", "kind", "substance", "visit", "lot", "first", "last")

    def from_day(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:  # noqa: ARG002
        return queryset.filter(observed_at__gte=day_period(value, self.request.user.clinic.tz)[0])

    def until_day(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:  # noqa: ARG002
        return queryset.filter(observed_at__lt=day_period(value, self.request.user.clinic.tz)[1])


class LocationViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """The clinic's registered locations. None is ever removed, as its log stays; it goes out of use."""

    queryset = StorageLocation.objects.all()
    serializer_class = s.StorageLocationSerializer
    ordering = ("name", "id")
    requires: ClassVar = {
        "list": P.SEE_SUBSTANCES,
        "retrieve": P.SEE_SUBSTANCES,
        "history": P.SEE_SUBSTANCES,
        "create": P.MANAGE_CLINIC,
        "partial_update": P.MANAGE_CLINIC,
    }

    @extend_schema(request=s.StorageLocationInput, responses={201: s.StorageLocationSerializer})
    def create(self, request: StaffRequest) -> Response:
        return self.answer(substances.add_location(by=request.user, **self.valid(s.StorageLocationInput)), status=201)

    @extend_schema(request=s.StorageLocationChange, responses=s.StorageLocationSerializer)
    def partial_update(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        location, changes, version = self.get_object(), self.valid(s.StorageLocationChange), self.expected_version()
        changes.pop("version", None)
        changed = substances.change_location(location_id=location.pk, by=request.user, version=version, **changes)
        return self.answer(changed)


class SubstanceViewSet(WithList, WithRetrieve, WithHistory, DeskViewSet):
    """What is kept, old descriptions included. None is ever changed: describe it anew, or retire it."""

    queryset = Substance.objects.select_related("author")
    serializer_class = s.SubstanceSerializer
    filterset_class = SubstanceFilter
    ordering = ("-entered_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_SUBSTANCES,
        "retrieve": P.SEE_SUBSTANCES,
        "history": P.SEE_SUBSTANCES,
        "create": P.WRITE_SUBSTANCES,
        "describe_anew": P.WRITE_SUBSTANCES,
        "retire": P.WRITE_SUBSTANCES,
    }

    def strands(self, record: Substance) -> list[Strand]:
        """Every description in the same line, from the first to the one that stands, or to its end."""
        return [Strand(Substance, "id", substances.line_of(record), without=frozenset({"clinic"}))]

    @extend_schema(request=s.SubstanceInput, responses={201: s.SubstanceSerializer})
    def create(self, request: StaffRequest) -> Response:
        kept = substances.describe(by=request.user, now=timezone.now(), **self.valid(s.SubstanceInput))
        return self.answer(kept, status=201)

    @extend_schema(request=s.SubstanceAnew, responses={201: s.SubstanceSerializer})
    @action(detail=True, methods=["post"], url_path="describe-anew", pagination_class=None, filter_backends=[])
    def describe_anew(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """Another description in its place, for a reason."""
        old, said = self.get_object(), self.valid(s.SubstanceAnew)
        reason = said.pop("correction_reason")
        kept = substances.describe_anew(substance_id=old.pk, reason=reason, by=request.user, now=timezone.now(), **said)
        return self.answer(kept, status=201)

    @extend_schema(request=s.RetireInput, responses={201: s.SubstanceSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def retire(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """This is kept no more. Its rows stay. The answer is the row that says so."""
        old, reason = self.get_object(), self.valid(s.RetireInput)["correction_reason"]
        gone = substances.retire(substance_id=old.pk, reason=reason, by=request.user, now=timezone.now())
        return self.answer(gone, status=201)


class LogViewSet(WithList, WithRetrieve, DeskViewSet):
    """The controlled-substance log, newest first, rows that correct and strike others included. No balance is
    computed. None is changed: correct it."""

    queryset = SubstanceLogEntry.objects.select_related("author", "witness", "visit__patient")
    serializer_class = s.LogEntrySerializer
    filterset_class = RowFilter
    ordering = ("-observed_at", "-id")
    requires: ClassVar = {
        "list": P.SEE_SUBSTANCES,
        "retrieve": P.SEE_SUBSTANCES,
        "create": P.WRITE_SUBSTANCES,
        "correct": P.WRITE_SUBSTANCES,
    }

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if queryset.model is not SubstanceLogEntry:
            return super().scoped(queryset)
        later = SubstanceLogEntry.objects.filter(supersedes=OuterRef("pk")).values("pk")
        mine = queryset.filter(location__clinic=self.request.user.clinic)  # type: ignore[union-attr]
        found: QuerySet[Any] = mine.annotate(corrected_by=Subquery(later[:1]))
        return found

    @extend_schema(request=s.LogEntryInput, responses={201: s.LogEntrySerializer, 200: s.LogEntrySerializer})
    def create(self, request: StaffRequest) -> Response:
        said, now = self.valid(s.LogEntryInput), timezone.now()
        location = self.found(StorageLocation.objects.all(), said.pop("location"), field="location")
        kind = LogKind(said.pop("kind"))
        with in_words():
            row = substances.write(location_id=location.pk, kind=kind, by=request.user, now=now, **self._named(said))
        return self._row(row, now)

    @extend_schema(request=s.LogCorrectionInput, responses={201: s.LogEntrySerializer, 200: s.LogEntrySerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def correct(self, request: StaffRequest, pk: Any = None) -> Response:  # noqa: ARG002
        """The right row in place of this one, which stays; or, `entered_in_error`, a row that strikes it."""
        old, said, now = self.get_object(), self._named(self.valid(s.LogCorrectionInput)), timezone.now()
        reason, strikes = said.pop("correction_reason"), said.pop("entered_in_error", False)
        more: dict[str, Any] = {"entry_id": old.pk, "correction_reason": reason, "by": request.user, "now": now}
        with in_words():
            if strikes:
                row = substances.strike(**more, **_only_of_a_strike(said))
            else:
                row = substances.correct(**more, **said)
        return self._row(row, now)

    def _named(self, said: dict[str, Any]) -> dict[str, Any]:
        for name, model in NAMED.items():
            if said.get(name) is not None:
                said[name] = self.found(model._default_manager.all(), said[name], field=name)
        return said

    def _row(self, row: SubstanceLogEntry, now: datetime) -> Response:
        status = 201 if row.entered_at == now else 200
        return self.answer(self.get_queryset().get(pk=row.pk), status=status)


def _only_of_a_strike(said: dict[str, Any]) -> dict[str, Any]:
    for name, value in said.items():
        if name not in s.LogCorrectionInput.STRIKES and value is not None:
            raise Invalid("A row that is struck out says nothing itself.", field=name)
    return {name: value for name, value in said.items() if name in s.LogCorrectionInput.STRIKES}
