"""Blank sheets for a downtime, of one visit or of a day. Each is printed by a press (`infusions.downtime`)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from config.audit.acting import recorded
from config.http.pages import StaffRequest, act
from config.refusals import Invalid
from config.staff.permissions import Permission, can
from infusions import downtime
from infusions.downtime import BlankSheet
from infusions.web.blank_boxes import boxes
from infusions.web.order_paper import on_paper
from patients.web.banner import banners

P = Permission


class DayForm(forms.Form):
    """Which day's visits."""

    day = forms.DateField()


@act(P.SEE_PATIENTS)
def of_visit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The blank sheet of one visit."""
    with recorded(by=request.user):
        taken = downtime.taken_out(appointment_id=pk, by=request.user, with_orders="orders" in request.POST)
        return _page(request, taken, {"back": reverse("appointment", args=[pk])})


@act(P.SEE_PATIENTS)
def of_day(request: StaffRequest) -> HttpResponse:
    """The blank sheets of all who are expected on a day. Raises Invalid for what is no day."""
    form = DayForm(request.POST)
    if not form.is_valid():
        raise Invalid("Say which day the sheets are for.", field="day")
    day = form.cleaned_data["day"]
    with recorded(by=request.user):
        taken = downtime.taken_out_of_day(day=day, by=request.user, with_orders="orders" in request.POST)
        return _page(request, taken, {"day": day, "back": reverse("board-day", args=[day])})


def _page(request: StaffRequest, taken: list[BlankSheet], more: dict[str, Any]) -> HttpResponse:
    known = banners(one.visit.patient for one in taken)
    with_orders = "orders" in request.POST
    context = {
        **more,
        **boxes(request.user.clinic),
        "sheets": [sheet for one in taken for sheet in _sheets(one, known[one.visit.patient_id])],
        "visits": len(taken),
        "with_orders": with_orders,
        "offers_orders": can(request.user, P.SEE_CLINICAL) and not with_orders,
    }
    return render(request, "infusions/blank_sheets.html", context)


def _sheets(one: BlankSheet, known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The sheet to write on, and the order behind it, on a sheet of its own."""
    yield {**known, "body": "infusions/blank_sheet.html", "what": "Downtime sheet", "blank": one, "visit": one.visit}
    if one.order is not None:
        paper = on_paper(one.order)
        yield {**known, "body": "infusions/order_paper.html", "what": paper["what"], "paper": paper}
