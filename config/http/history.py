"""History as pages and programs get it: a drawer or a page of acts, the newest first, and the next page by a key."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from config.audit.reading import story
from config.audit.strands import Strand

BEFORE = OpenApiParameter(
    "before",
    str,
    description="The `id` of the oldest entry that you have: those before it follow. `Link` names that address too.",
)


class ChangeSerializer(serializers.Serializer[Any]):
    """One field of one change, in words."""

    field = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class RecordChangedSerializer(serializers.Serializer[Any]):
    """What an act did to one record. `what` names it; empty for the record that was asked about."""

    what = serializers.CharField(allow_blank=True)
    act = serializers.CharField()
    changes = ChangeSerializer(many=True)


class HistoryEntrySerializer(serializers.Serializer[Any]):
    """One act: all that was written at once. `changes` are those of all its `records`."""

    id = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # hides an attribute that only the constructor sets
    act = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    changes = ChangeSerializer(many=True)
    records = RecordChangedSerializer(source="told", many=True)


def answered(request: Any, strands: Sequence[Strand]) -> Response:
    """A page of the story as JSON: a list, and in `Link` where the older ones are. Raises NotFound for a wrong key."""
    with timezone.override(request.user.clinic.tz):
        told = story(strands, before=request.query_params.get("before", ""))
        shown = HistoryEntrySerializer(told.entries, many=True).data
    older = replace_query_param(request.build_absolute_uri(), "before", told.older) if told.older else ""
    return Response(shown, headers={"Link": f'<{older}>; rel="next"'} if older else {})


def drawer(
    request: HttpRequest,
    strands: Sequence[Strand],
    *,
    title: str,
    back: str,
    sub: str = "",
    about: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """A page of the story, in the drawer or as a page that leads `back`. Raises NotFound for a wrong key.

    The page of its own says whom it is `about`: the context of the patient's banner.
    """
    before = request.GET.get("before", "")
    told = story(strands, before=before)
    context = {
        "entries": told.entries,
        "newest": request.path if before else "",
        "older": f"{request.path}?before={told.older}" if told.older else "",
        "hides": any(strand.hides for strand in strands),
        "title": title,
        "sub": sub,
        "back": back,
    }
    if request.headers.get("HX-Request"):
        return render(request, "components/history_drawer.html", context)
    return render(request, "history.html", {**about(), **context})
