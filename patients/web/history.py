"""Who changed what, in the drawer or as a page of its own."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.audit.reading import HistoryEntry
from config.staff.models import User

AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Act = tuple[HistoryEntry, str]


def drawer(request: HttpRequest, acts: list[Act], *, title: str, back: str, sub: str = "") -> HttpResponse:
    """The acts, newest first, each with what it was about; ids of staff are shown as names, other ids not at all."""
    names = _names(acts)
    shown = [
        {**entry.__dict__, "what": what, "changes": [_change(change, names) for change in _telling(entry, names)]}
        for entry, what in sorted(acts, key=lambda act: act[0].at, reverse=True)
    ]
    context = {"entries": shown, "title": title, "sub": sub, "back": back}
    fragment = request.headers.get("HX-Request")
    return render(request, "components/history_drawer.html" if fragment else "patients/history.html", context)


def _values(entry: HistoryEntry) -> set[str]:
    return {value for change in entry.changes for value in (change.before, change.after) if AN_ID.fullmatch(value)}


def _names(acts: list[Act]) -> dict[str, str]:
    ids = set().union(*(_values(entry) for entry, _ in acts)) if acts else set()
    return {str(person.pk): person.full_name for person in User.objects.filter(pk__in=ids)}


def _telling(entry: HistoryEntry, names: dict[str, str]) -> list[Any]:
    """Changes that tell a reader something: not the ids of other records."""
    return [
        change
        for change in entry.changes
        if all(value in names or not AN_ID.fullmatch(value) for value in (change.before, change.after))
    ]


def _change(change: Any, names: dict[str, str]) -> dict[str, str]:
    before, after = (names.get(value, value) for value in (change.before, change.after))
    return {"field": change.field, "before": before, "after": after}
