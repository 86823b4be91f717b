"""Who looks after visits, and when do they work? Rotas, single days, time off."""

from datetime import date
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from config.http.pages import StaffRequest, act, page
from config.refusals import NotFound
from config.staff.permissions import Permission
from scheduling import places, rotas
from scheduling.models import Resource, TimeOff
from scheduling.touched import Changed
from scheduling.wall_clock import day_words
from scheduling.web.settings import Deed, carried_out, shown, simply
from scheduling.web.settings_forms import NURSE, AddPersonForm, TimeOffForm
from scheduling.web.settings_weeks import rota_rows, week_shown

P = Permission
ADD, OFF = "add-%s", "off-%s"


@page(P.MANAGE_CLINIC)
def people(request: StaffRequest) -> HttpResponse:
    """Everybody's week, and the time off that is known."""
    return _page(request)


def takers(request: StaffRequest) -> list[Resource]:
    """Everybody of the clinic who takes visits."""
    rows = Resource.objects.filter(clinic=request.user.clinic, staff__is_active=True).select_related("staff")
    return list(rows.order_by("kind", "staff__full_name"))


def _page(request: StaffRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    clinic, today = request.user.clinic, request.user.clinic.today(timezone.now())
    week = week_shown(request, today, "settings-people")
    who = takers(request)
    context = {
        **week,
        "rows": rota_rows(week["hours"], who, week["week_days"]),
        "off": coming_off(TimeOff.objects.filter(resource__clinic=clinic), today),
        "add": AddPersonForm(clinic=clinic, auto_id=ADD),
        "time_off": TimeOffForm(clinic=clinic, auto_id=OFF),
        **forms,
    }
    return shown(request, "settings-people", "settings_people", status=status, **context)


def coming_off(rows: Any, today: date) -> list[TimeOff]:
    """Time off that is not over."""
    return list(rows.filter(last__gte=today).select_related("resource__staff").order_by("first", "last"))


@page(P.MANAGE_CLINIC)
def add(request: StaffRequest) -> HttpResponse:
    """Let visits be booked on somebody."""
    clinic = request.user.clinic
    form = AddPersonForm(request.POST or None, clinic=clinic, auto_id=ADD)
    if request.method != "POST":
        return _page(request, add=form)

    def door(data: dict[str, Any]) -> Changed[Any]:
        if data["as_what"] == NURSE:
            made = places.add_nurse(user=data["user"], watch_lanes=data["watch_lanes"], by=request.user)
        else:
            made = places.add_clinician(user=data["user"], by=request.user)
        return simply(made)

    name = form.cleaned_data["user"].full_name if form.is_valid() else ""
    deed = Deed(door, "Add", "Add", f"Visits can be booked on {name} now.", reverse("settings-people"))
    return carried_out(request, form, deed, lambda status: _page(request, status=status, add=form))


@page(P.MANAGE_CLINIC)
def time_off(request: StaffRequest) -> HttpResponse:
    """Whole days on which somebody does not work."""
    clinic = request.user.clinic
    form = TimeOffForm(request.POST or None, clinic=clinic, auto_id=OFF)
    if request.method != "POST":
        return _page(request, time_off=form)

    def door(data: dict[str, Any]) -> Changed[Any]:
        return rotas.time_off(**{**data, "last": data["last"] or data["first"]}, by=request.user, now=timezone.now())

    words = _off_words(form)
    deed = Deed(door, f"Time off: {words}", "Record the time off", f"Time off: {words}.", reverse("settings-people"))
    return carried_out(request, form, deed, lambda status: _page(request, status=status, time_off=form))


def _off_words(form: Form) -> str:
    if not form.is_valid():
        return ""
    data = form.cleaned_data
    first, last = data["first"], data["last"] or data["first"]
    days = day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"
    return f"{data['user'].full_name}, {days}"


@act(P.MANAGE_CLINIC)
def off_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take time off back."""
    row = TimeOff.objects.filter(resource__clinic=request.user.clinic, pk=pk).select_related("resource__staff").first()
    if row is None or row.resource.staff is None:
        raise NotFound("There is no such time off.")

    def door(_: dict[str, Any]) -> Changed[None]:
        return rotas.drop_time_off(time_off_id=pk, by=request.user, now=timezone.now())

    form, name = Form(request.POST), row.resource.staff.full_name
    deed = Deed(door, f"{name} works after all", "Take it back", f"{name} works after all.", reverse("settings-people"))
    return carried_out(request, form, deed, lambda status: _page(request, status=status, refused=form))
