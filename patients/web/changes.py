"""How many changes a list has seen since it was drawn: a polled fragment only counts, the list waits for the press."""

from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def seen(rows: QuerySet[Any]) -> int:
    """All saves of these rows so far; each new row and each change makes it larger."""
    return int(rows.order_by().aggregate(saves=Sum("version"))["saves"] or 0)


def changes_bar(request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    """The bar "3 changes, show", or nothing. `?seen=` is what the page had when it was drawn."""
    before = request.GET.get("seen", "")
    known = before.isascii() and before.isdecimal()
    count = max(0, seen(rows) - int(before)) if known else 0
    return render(request, "components/changes_bar.html", {"count": count})
