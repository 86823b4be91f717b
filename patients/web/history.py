"""Who changed what, in the drawer or as a page of its own."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.audit.reading import Change, HistoryEntry

AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Act = tuple[HistoryEntry, str]


def drawer(request: HttpRequest, acts: list[Act], *, title: str, back: str, sub: str = "") -> HttpResponse:
    """The acts, newest first, each with what it was about; an id that leads to nothing readable is left out."""
    newest = sorted(acts, key=lambda act: act[0].at, reverse=True)
    shown = [
        {**entry.__dict__, "what": what, "changes": [change for change in entry.changes if _tells(change)]}
        for entry, what in newest
    ]
    context = {"entries": shown, "title": title, "sub": sub, "back": back}
    fragment = request.headers.get("HX-Request")
    return render(request, "components/history_drawer.html" if fragment else "patients/history.html", context)


def _tells(change: Change) -> bool:
    return not (AN_ID.fullmatch(change.before) or AN_ID.fullmatch(change.after))
