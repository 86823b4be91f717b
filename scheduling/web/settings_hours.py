"""When can we treat? The week, closed days, and days with hours of their own."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Model
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, act, page
from config.refusals import Stale
from config.staff.models import Clinic
from config.staff.permissions import Permission
from scheduling import opening
from scheduling.models import Closure, OpenDay, OpeningHours
from scheduling.stretches import WEEKDAYS, stretches_words
from scheduling.touched import Changed
from scheduling.wall_clock import dated, day_words
from scheduling.web.settings import Deed, carried_out, renew, shown
from scheduling.web.settings_forms import CloseDayForm, OneDayForm, WeekForm, week_text
from scheduling.web.settings_weeks import week_shown

P = Permission
CLOSE, OPEN = "close-%s", "open-%s"


@page(P.MANAGE_CLINIC)
def hours(request: StaffRequest) -> HttpResponse:
    """The week as it will be, and the two ways in which a day can differ."""
    return _page(request)


def _page(request: StaffRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    clinic, today = request.user.clinic, request.user.clinic.today(timezone.now())
    given = {"close": CloseDayForm(auto_id=CLOSE), "open": OneDayForm(auto_id=OPEN), **forms}
    context = {
        **week_shown(request, today, "settings"),
        "usual": [(name, stretches_words(spans)) for name, spans in zip(WEEKDAYS, _week(clinic).values(), strict=True)],
        "closures": Closure.objects.filter(clinic=clinic, day__gte=today).order_by("day"),
        "open_days": _open_days(clinic, today),
        **given,
    }
    return shown(request, "settings", "settings_hours", status=status, **context)


def _week(clinic: Clinic) -> opening.Week:
    return opening.week_of(clinic)


def _open_days(clinic: Clinic, today: date) -> list[dict[str, Any]]:
    found: dict[date, list[Any]] = {}
    for row in OpenDay.objects.filter(clinic=clinic, day__gte=today).order_by("day", "opens"):
        found.setdefault(row.day, []).append((row.opens, row.closes))
    return [{"day": day, "spans": stretches_words(spans)} for day, spans in found.items()]


@page(P.MANAGE_CLINIC)
def week(request: StaffRequest) -> HttpResponse:
    """The hours of every week."""
    clinic = request.user.clinic
    stands = _week(clinic)
    form = WeekForm(request.POST or None, week=stands)

    def again(status: int) -> HttpResponse:
        rows = [(name, stretches_words(spans)) for name, spans in zip(WEEKDAYS, _week(clinic).values(), strict=True)]
        context = {"form": form, "stands": rows if status == 409 else []}
        return shown(request, "settings", "settings_week", status=status, **context)

    if request.method != "POST":
        return again(200)

    def door(data: dict[str, Any]) -> Changed[Any]:
        now_stands = _week(clinic)
        if data["seen"] != week_text(now_stands):
            renew(form, "seen", week_text(now_stands))
            raise Stale("Somebody else changed the hours in the meantime. Look at both and save again.")
        return opening.set_week(clinic=clinic, week=data["week"], seen=now_stands, by=request.user, now=timezone.now())

    deed = Deed(door, "Change the hours", "Change the hours", "The hours are changed.", reverse("settings"))
    return carried_out(request, form, deed, again)


@page(P.MANAGE_CLINIC)
def close(request: StaffRequest) -> HttpResponse:
    """A day on which nothing can be booked."""
    form = CloseDayForm(request.POST or None, auto_id=CLOSE, initial=_asked_day(request))
    if request.method != "POST":
        return _page(request, close=form)
    clinic = request.user.clinic

    def door(data: dict[str, Any]) -> Changed[Any]:
        return opening.close_day(clinic=clinic, by=request.user, now=timezone.now(), **data)

    day = _day_of(form)
    deed = Deed(door, f"Close {day}", f"Close {day}", f"Closed on {day}.", reverse("settings"))
    return carried_out(request, form, deed, lambda status: _page(request, status=status, close=form))


@page(P.MANAGE_CLINIC)
def open_once(request: StaffRequest) -> HttpResponse:
    """A day with hours of its own."""
    form = OneDayForm(request.POST or None, auto_id=OPEN, initial=_asked_day(request))
    if request.method != "POST":
        return _page(request, open=form)
    clinic = request.user.clinic

    def door(data: dict[str, Any]) -> Changed[Any]:
        return opening.open_day(
            clinic=clinic, day=data["day"], spans=data["spans"], by=request.user, now=timezone.now()
        )

    day = _day_of(form)
    deed = Deed(door, f"Hours of {day}", f"Set the hours of {day}", f"The hours of {day} are set.", reverse("settings"))
    return carried_out(request, form, deed, lambda status: _page(request, status=status, open=form))


def _asked_day(request: StaffRequest) -> dict[str, str]:
    return {"day": request.GET.get("day", "")}


def _day_of(form: Form) -> str:
    """The day that was typed, in words; called before the form is known to be right."""
    found = form.cleaned_data.get("day") if form.is_valid() else None
    return day_words(found) if found else "that day"


@act(P.MANAGE_CLINIC)
def reopen(request: StaffRequest, day: date) -> HttpResponse:
    """Take a closure back."""
    return _taken_back(request, day, opening.reopen_day, f"{day_words(day)} is open again.")


@act(P.MANAGE_CLINIC)
def as_usual(request: StaffRequest, day: date) -> HttpResponse:
    """Back to the hours of the weekday."""
    return _taken_back(request, day, opening.drop_open_day, f"{day_words(day)} has its usual hours again.")


def _taken_back(request: StaffRequest, day: date, door: Callable[..., Changed[None]], said: str) -> HttpResponse:
    clinic = request.user.clinic

    def back(_: dict[str, Any]) -> Changed[None]:
        return door(clinic=clinic, day=day, by=request.user, now=timezone.now())

    form = Form(request.POST)
    deed = Deed(back, f"Usual hours on {day_words(day)}", "Take it back", said, reverse("settings"))
    return carried_out(request, form, deed, lambda status: _page(request, status=status, refused=form))


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest) -> HttpResponse:
    """Who changed what about the hours."""
    kinds: dict[type[Model], Callable[[Any], str]] = {
        OpeningHours: _hours_words,
        Closure: _closure_words,
        OpenDay: _open_day_words,
    }
    acts = [Strand(model, "clinic_id", request.user.clinic_id, says=words) for model, words in kinds.items()]
    acts.append(Strand(Clinic, "id", request.user.clinic_id, "Clinic"))
    sub = "Hours, closed days and one-day openings"
    return drawer(request, acts, title="History", sub=sub, back=reverse("settings"))


def _hours_words(row: Any) -> str:
    gone = " taken away" if row.history_type == "-" else " added"
    return f"{WEEKDAYS[row.weekday]}s {row.opens:%H:%M} to {row.closes:%H:%M}{gone}"


def _closure_words(row: Any) -> str:
    return f"{'Reopened' if row.history_type == '-' else 'Closed'} {dated(row.day)}: {row.reason}"


def _open_day_words(row: Any) -> str:
    gone = " taken back" if row.history_type == "-" else ""
    return f"Open {row.opens:%H:%M} to {row.closes:%H:%M} on {dated(row.day)}{gone}"
