"""The log of a period for an inspection: a page to print, or a file. Both are written down, so both take a POST."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.audit.disclosures import disclosures_of
from config.audit.models import Disclosure, DisclosureKind
from config.http.lists import page_of
from config.http.pages import StaffRequest, answer_status, page, submitted
from config.staff.models import User
from config.staff.permissions import Permission
from infusions import substances
from infusions.substances import Inspection
from infusions.substances.csv_file import as_csv
from infusions.web.substances import location_of
from infusions.web.substances_forms import PeriodForm


@page(Permission.EXPORT_SUBSTANCES)
def export(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Which days? What was taken out before stands below."""
    location = location_of(request, pk)
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        how = DisclosureKind.PRINT if "print" in request.POST else DisclosureKind.EXPORT
        more: dict[str, Any] = {"location_id": location.pk, "how": how, "by": request.user, "now": timezone.now()}
        taken = submitted(form, lambda values: substances.inspected(**more, **values))
        if taken is not None:
            return _printed(request, taken) if how == DisclosureKind.PRINT else _file(taken)
    before = page_of(request, disclosures_of(location.pk), by=("recorded_at", "id"), falling=True, size=20)
    context = {"form": form, "location": location, "page": before, "before": _before(before.rows)}
    return render(request, "infusions/substances_export.html", context, status=answer_status(form))


def _printed(request: StaffRequest, taken: Inspection) -> HttpResponse:
    return render(request, "infusions/substances_print.html", {"taken": taken, "location": taken.location})


def _file(taken: Inspection) -> HttpResponse:
    """With a byte order mark, by which spreadsheets know the encoding."""
    name = f"substance-log-{taken.first.isoformat()}-{taken.last.isoformat()}.csv"
    answer = HttpResponse(as_csv(taken).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _before(rows: list[Disclosure]) -> list[dict[str, Any]]:
    """Who took out what, in words."""
    people = User.objects.in_bulk({row.actor.removeprefix("user:") for row in rows})
    names = {f"user:{person.pk}": person.full_name for person in people.values()}
    return [
        {
            "at": row.recorded_at,
            "who": names.get(row.actor, row.actor),
            "how": "Printed" if row.kind == DisclosureKind.PRINT else "Exported",
            "days": _days(row.first, row.last),
        }
        for row in rows
    ]


def _days(first: date | None, last: date | None) -> str:
    return f"{first:%-d %b %Y} to {last:%-d %b %Y}" if first and last else ""
