"""Who changed what, in the drawer or as a page of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def drawer(request: HttpRequest, entries: list[Any], *, title: str, back: str, sub: str = "") -> HttpResponse:
    """The entries, newest first."""
    context = {"entries": entries, "title": title, "sub": sub, "back": back}
    fragment = request.headers.get("HX-Request")
    return render(request, "components/history_drawer.html" if fragment else "patients/history.html", context)
