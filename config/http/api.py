"""The base of every API view: clinic scope, strict input, idempotency, history."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from config.audit.strands import Strand
from config.http import idempotency
from config.http.asked import refuse_unread
from config.http.history import BEFORE, HistoryEntrySerializer, answered
from config.http.models import IdempotentAnswer
from config.http.retrying import retried
from config.refusals import Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission

VERSION_TAG = re.compile(r'(?:W/)?(?P<quote>"?)(?P<versions>[0-9]{1,9}(?:-[0-9]{1,9})*)(?P=quote)')


class StaffRequest(Request):
    """A request that passed the permission table: somebody of the staff sent it."""

    user: User


def _versions_of(tag: str, most: int) -> list[int]:
    """The versions in an entity tag of ours: `"3"`, also when it came back weak or without its quotes."""
    found = VERSION_TAG.fullmatch(tag)
    versions = found["versions"].split("-") if found else []
    if not 0 < len(versions) <= most:
        raise Invalid('If-Match names the version that was read, as in "3", or is *.', field="If-Match")
    return [int(version) for version in versions]


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know, and fields that it only shows, instead of dropping them."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(set(data) - writable)
            if unknown:
                raise serializers.ValidationError({name: ["There is no such field to write."] for name in unknown})
        return super().to_internal_value(data)


class VersionedSerializer(StrictSerializer):
    """Input for a change: carries the version that the sender read, unless `If-Match` does."""

    version = serializers.IntegerField(required=False, min_value=1)


def by_role(name: str, *shapes: Any, many: bool = False) -> PolymorphicProxySerializer:
    """For the schema: an answer that has one of these shapes, as the reader's role says."""
    return PolymorphicProxySerializer(
        component_name=name, serializers=list(shapes), resource_type_field_name=None, many=many
    )


class DeskViewSet(GenericViewSet[Any]):
    """A resource of one clinic. Subclasses give `requires`, `queryset` (seen through `scoped`) and serializers.

    `requires` maps an action's name (list, retrieve, create, ...) to the permission that it needs.
    """

    requires: ClassVar[dict[str, Permission]] = {}
    # What an action reads from the address besides pages and filters.
    reads: ClassVar[dict[str, frozenset[str]]] = {"history": frozenset({BEFORE.name})}
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    @classmethod
    def permission_for(cls, action_name: str | None) -> Permission:
        return cls.requires[action_name or "retrieve"]

    def scoped(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only what belongs to the person's clinic. A resource that hangs from another overrides this."""
        return queryset.filter(clinic=self.request.user.clinic)  # type: ignore[union-attr]

    def get_queryset(self) -> QuerySet[Any]:
        return self.scoped(super().get_queryset())

    def found(self, queryset: QuerySet[Any], pk: Any, *, field: str) -> Any:
        """A related record named in the body, looked up in the person's clinic. Raises Invalid at its field."""
        thing = self.scoped(queryset).filter(pk=pk).first()
        if thing is None:
            raise Invalid("There is no such record.", field=field)
        return thing

    def valid(self, serializer: type[serializers.Serializer[Any]], **more: Any) -> dict[str, Any]:
        """The request's body through a serializer; raises ValidationError."""
        checked = serializer(data=self.request.data, context=self.get_serializer_context(), **more)
        if "version" not in checked.fields:  # type: ignore[attr-defined]
            self._refuse_unread_tag()
        checked.is_valid(raise_exception=True)
        data: dict[str, Any] = checked.validated_data
        return data

    def nothing_more(self) -> None:
        """For an act that takes no values: refuse those that are sent, and a version that it would not read."""
        self.valid(StrictSerializer)

    def _refuse_unread_tag(self) -> None:
        """Whoever sends it relies on it."""
        if self._if_match():
            raise Invalid("If-Match is not read here: this act depends on no version.", field="If-Match")

    def _if_match(self) -> str | None:
        """What `If-Match` says; None when it says nothing, or that any version will do."""
        tag: str = self.request.headers.get("If-Match", "*").strip()
        return tag if tag != "*" else None

    def expected_version(self) -> int | None:
        """The version that the sender read, from `If-Match` or the body; None when neither says."""
        return self.expected_versions("version")[0]

    def expected_versions(self, *names: str) -> list[int | None]:
        """The versions that a tag of several has, in its order; in the body they stand under these names."""
        tag = self._if_match()
        if tag is None:
            return [self._named_version(name) for name in names]
        read = _versions_of(tag, len(names))
        return [*read, *[None] * (len(names) - len(read))]

    def _named_version(self, name: str) -> int | None:
        body = self.request.data
        named = body.get(name) if isinstance(body, Mapping) else None
        try:
            return int(named) if named not in (None, "") else None
        except (TypeError, ValueError):
            raise Invalid("The version is a whole number.", field=name) from None

    def answer(self, record: Model, *, status: int = 200, serializer: Any = None) -> Response:
        """The record as this view shows it, with its version as ETag."""
        shown = (serializer or self.get_serializer_class())(record, context=self.get_serializer_context())
        versions = "-".join(str(version) for version in self.versions_of(record))
        return Response(shown.data, status=status, headers={"ETag": f'"{versions}"'} if versions else {})

    def versions_of(self, record: Any) -> Sequence[int]:
        """What the record's tag says: its version, and that of another row if what is shown changes with that too."""
        return [record.version] if hasattr(record, "version") else []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.body  # noqa: B018  (read once here, so that a retry can parse it again)
        return retried(lambda: self._dispatch_once(request, *args, **kwargs))

    def _dispatch_once(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or "Idempotency-Key" not in request.headers:
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._claimed = None
        refuse_unread(request, self, self.reads.get(self.action or "", ()))
        if request.method == "DELETE":
            self._refuse_unread_tag()
        if request.method == "POST" and "Idempotency-Key" in request.headers:
            self._claimed = idempotency.claim(request, request.headers["Idempotency-Key"])

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, idempotency.Replay):
            self._claimed = None
            return exc.response
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        claimed: IdempotentAnswer | None = getattr(self, "_claimed", None)
        if claimed is not None and final.status_code < 400:
            # The stored body is JSON: what the renderer makes of it, not Python's dates and UUIDs.
            idempotency.keep(claimed, self._as_json(final))
        return final

    def _as_json(self, response: Response) -> Response:
        import json  # noqa: PLC0415  (used here alone)

        tag = {"ETag": response.headers["ETag"]} if "ETag" in response.headers else {}
        return Response(json.loads(response.rendered_content or b"null"), status=response.status_code, headers=tag)


class WithList:
    """GET on the collection."""

    def list(self: Any, request: Request) -> Response:  # noqa: ARG002
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        response: Response = self.get_paginated_response(self.get_serializer(page, many=True).data)
        return response


class WithRetrieve:
    """GET on one."""

    def retrieve(self: Any, request: Request, pk: Any = None) -> Response:  # noqa: ARG002
        response: Response = self.answer(self.get_object())
        return response


class WithHistory:
    """GET on one's `history/`. `strands` says what belongs to it, as the person who asks may see it."""

    @extend_schema(responses=HistoryEntrySerializer(many=True), parameters=[BEFORE])
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def history(self: Any, request: Any, pk: Any = None) -> Response:  # noqa: ARG002
        return answered(request, self.strands(self.get_object()))

    def strands(self, record: Any) -> list[Strand]:
        return [Strand(type(record), "id", record.pk)]


class WithSharedHistory:
    """GET on the collection's `history/`: its rows are one thing to people, and are replaced rather than changed."""

    @extend_schema(responses=HistoryEntrySerializer(many=True), parameters=[BEFORE])
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def history(self: Any, request: Any, **named: Any) -> Response:
        model, column, value = self.rows_of(**named)
        return answered(request, [Strand(model, column, value)])

    def rows_of(self, *args: Any, **named: Any) -> tuple[type[Model], str, Any]:
        """Which rows: their model, and the column that holds the value. Raises NotFound."""
        raise NotImplementedError


def or_404(record: Any | None, what: str) -> Any:
    """The record, or NotFound in the words that unknown and foreign ids share."""
    if record is None:
        raise NotFound(f"There is no such {what}.")
    return record
