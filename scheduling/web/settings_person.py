"""One person's working times: the patterns, the days that differ, time off, and how many patients they watch."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, act, page
from config.refusals import NotFound
from config.staff.models import User
from config.staff.permissions import Permission
from scheduling import places, rotas
from scheduling.models import Resource, RotaDay, RotaShift, TimeOff
from scheduling.models.places import Kind
from scheduling.stretches import WEEKDAYS, stretches_words
from scheduling.touched import Changed
from scheduling.wall_clock import dated, day_words
from scheduling.web.settings import Deed, carried_out, shown, simply
from scheduling.web.settings_forms import LanesForm, LeaveForm, RotaDayForm, RotaForm
from scheduling.web.settings_people import coming_off

P = Permission
DAY, LEAVE, LANES = "day-%s", "leave-%s", "lanes-%s"


def found(request: StaffRequest, pk: UUID) -> Resource:
    """The staff resource of that user, looked up in the person's clinic. Raises NotFound."""
    one = Resource.objects.filter(clinic=request.user.clinic, staff=pk).select_related("staff").first()
    if one is None:
        raise NotFound("There is nobody like that who takes visits.")
    return one


def _user(one: Resource) -> User:
    if one.staff is None:
        raise NotFound("There is nobody like that who takes visits.")
    return one.staff


@page(P.MANAGE_CLINIC)
def person(request: StaffRequest, pk: UUID) -> HttpResponse:
    """When somebody works, and what can be changed about it."""
    return _page(request, found(request, pk))


def _page(request: StaffRequest, one: Resource, *, status: int = 200, **forms: Form) -> HttpResponse:
    today = request.user.clinic.today(timezone.now())
    context = {
        "resource": one,
        "person": _user(one),
        "patterns": _patterns(one, today),
        "days": _days(one, today),
        "off": coming_off(TimeOff.objects.filter(resource=one), today),
        "day": RotaDayForm(auto_id=DAY),
        "leave": LeaveForm(auto_id=LEAVE),
        "lanes": _lanes_form(one) if one.kind == Kind.NURSE else None,
        **forms,
    }
    return shown(request, "settings-people", "settings_person", status=status, **context)


def _lanes_form(one: Resource, data: Any = None) -> LanesForm:
    return LanesForm(data, auto_id=LANES, initial={"watch_lanes": one.watch_lanes, "version": one.version})


def _shifts(one: Resource, today: date) -> list[RotaShift]:
    rows = RotaShift.objects.filter(resource=one).order_by("first_day", "last_day", "weekday", "starts")
    return [row for row in rows if row.last_day is None or row.last_day >= today]


def _patterns(one: Resource, today: date) -> list[dict[str, Any]]:
    """The patterns of now and later: from when, until when, each weekday in words."""
    found = []
    for (first, last), rows in groupby(_shifts(one, today), key=lambda row: (row.first_day, row.last_day)):
        week: dict[int, list[Any]] = {}
        for row in rows:
            week.setdefault(row.weekday, []).append((row.starts, row.ends))
        is_open = all(week.get(weekday) == [rotas.ALL_DAY] for weekday in range(7))
        lines = [(name, stretches_words(week.get(weekday, [])) or "Off") for weekday, name in enumerate(WEEKDAYS)]
        found.append({"first": first, "last": last, "is_open": is_open, "lines": lines})
    return found


def _days(one: Resource, today: date) -> list[dict[str, Any]]:
    """The days to come that differ."""
    rows = RotaDay.objects.filter(resource=one, day__gte=today).order_by("day", "starts")
    found = []
    for day, group in groupby(rows, key=lambda row: row.day):
        several = list(group)
        spans = stretches_words([(row.starts, row.ends) for row in several if row.starts and row.ends])
        found.append({"day": day, "spans": spans or "Off", "reason": several[0].reason})
    return found


@page(P.MANAGE_CLINIC)
def rota(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A weekly pattern from a day on. The form begins with the one of now: one weekday is quickly changed."""
    one = found(request, pk)
    today = request.user.clinic.today(timezone.now())
    form = RotaForm(request.POST or None, week=_week_now(one, today), initial={"version": one.version})

    def again(status: int) -> HttpResponse:
        context = {"form": form, "person": _user(one), "patterns": _patterns(one, today), "is_stale": status == 409}
        return shown(request, "settings-people", "settings_rota", status=status, **context)

    if request.method != "POST":
        return again(200)

    def door(data: dict[str, Any]) -> Changed[Any]:
        return rotas.set_rota(
            user=_user(one),
            first_day=data["first_day"],
            week=data["week"],
            version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    name = _user(one).full_name
    deed = Deed(door, f"New rota of {name}", "Set the rota", f"The rota of {name} is set.", _url(one))
    return carried_out(request, form, deed, again)


def _week_now(one: Resource, today: date) -> dict[int, list[Any]]:
    week: dict[int, list[Any]] = {}
    for row in _shifts(one, today):
        if row.first_day <= today and (row.starts, row.ends) != rotas.ALL_DAY:
            week.setdefault(row.weekday, []).append((row.starts, row.ends))
    return week


def _url(one: Resource) -> str:
    return reverse("settings-person", args=[one.staff_id])


@page(P.MANAGE_CLINIC)
def one_day(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What somebody works on one day."""
    one = found(request, pk)
    form = RotaDayForm(request.POST or None, auto_id=DAY)
    if request.method != "POST":
        return _page(request, one, day=form)

    def door(data: dict[str, Any]) -> Changed[Any]:
        given = {name: data[name] for name in ("day", "spans", "reason")}
        return rotas.rota_exception(user=_user(one), by=request.user, now=timezone.now(), **given)

    name = _user(one).full_name
    when = day_words(form.cleaned_data["day"]) if form.is_valid() else ""
    deed = Deed(door, f"{name} on {when}", "Save that day", f"{name} on {when}: saved.", _url(one))
    return carried_out(request, form, deed, lambda status: _page(request, one, status=status, day=form))


@page(P.MANAGE_CLINIC)
def leave(request: StaffRequest, pk: UUID) -> HttpResponse:
    """From when on somebody takes no more visits."""
    one = found(request, pk)
    form = LeaveForm(request.POST or None, auto_id=LEAVE)
    if request.method != "POST":
        return _page(request, one, leave=form)

    def door(data: dict[str, Any]) -> Changed[Any]:
        return rotas.retire_staff_place(user=_user(one), by=request.user, now=timezone.now(), **data)

    name = _user(one).full_name
    deed = Deed(door, f"No more visits on {name}", "Book nobody there", f"{name} takes no more visits.", _url(one))
    return carried_out(request, form, deed, lambda status: _page(request, one, status=status, leave=form))


@page(P.MANAGE_CLINIC)
def lanes(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How many patients a nurse watches at once."""
    one = found(request, pk)
    form = _lanes_form(one, request.POST or None)
    if request.method != "POST":
        return _page(request, one, lanes=form)

    def door(data: dict[str, Any]) -> Changed[Any]:
        return simply(places.change_nurse(user=_user(one), by=request.user, **data))

    said = f"From now on {_user(one).full_name} watches as many as that. Booked visits stay."
    deed = Deed(door, "Patients watched", "Save", said, _url(one))
    return carried_out(request, form, deed, lambda status: _page(request, one, status=status, lanes=form))


@act(P.MANAGE_CLINIC)
def day_back(request: StaffRequest, pk: UUID, day: date) -> HttpResponse:
    """Back to the pattern on that day."""

    def door(one: Resource) -> Changed[Any]:
        return rotas.drop_rota_exception(user=_user(one), day=day, by=request.user, now=timezone.now())

    return _pressed(request, pk, door, f"As usual on {day_words(day)}", f"{day_words(day)} is as usual again.")


@act(P.MANAGE_CLINIC)
def as_open(request: StaffRequest, pk: UUID) -> HttpResponse:
    """No rota: whenever the clinic is open."""

    def door(one: Resource) -> Changed[Any]:
        return rotas.follow_opening_hours(user=_user(one), by=request.user, now=timezone.now())

    return _pressed(request, pk, door, "Whenever the clinic is open", "No rota: whenever the clinic is open.")


def _pressed(
    request: StaffRequest, pk: UUID, door: Callable[[Resource], Changed[Any]], title: str, said: str
) -> HttpResponse:
    one, form = found(request, pk), Form(request.POST)
    deed = Deed(lambda _: door(one), f"{_user(one).full_name}: {title}", "Do it", said, _url(one))
    return carried_out(request, form, deed, lambda status: _page(request, one, status=status, refused=form))


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed what about somebody's working times."""
    one = found(request, pk)
    kinds: dict[type[Model], Callable[[Any], str]] = {RotaShift: _shift_words, RotaDay: _day_words, TimeOff: _off_words}
    acts = [Strand(model, "resource_id", one.pk, says=words) for model, words in kinds.items()]
    acts.append(Strand(Resource, "id", one.pk, says=_place_words))
    acts.append(Strand(User, "id", one.staff_id, "Account", without=frozenset({"theme"})))
    return drawer(request, acts, title="History", sub=_user(one).full_name, back=_url(one))


def _shift_words(row: Any) -> str:
    until = f" until {row.last_day:%d %b %Y}" if row.last_day else ""
    gone = " taken away" if row.history_type == "-" else ""
    return f"{WEEKDAYS[row.weekday]}s {row.starts:%H:%M} to {row.ends:%H:%M} from {row.first_day:%d %b %Y}{until}{gone}"


def _day_words(row: Any) -> str:
    hours = f"{row.starts:%H:%M} to {row.ends:%H:%M}" if row.starts else "off"
    return f"{dated(row.day)}: {hours}{' taken back' if row.history_type == '-' else ''}"


def _off_words(row: Any) -> str:
    gone = " taken back" if row.history_type == "-" else ""
    return f"Time off {row.first:%d %b %Y} to {row.last:%d %b %Y}{gone}"


def _place_words(row: Any) -> str:
    watches = f", {row.watch_lanes} patients at once" if row.watch_lanes else ""
    return f"{str(row.kind).capitalize()}{watches}, {'by rota' if row.by_rota else 'whenever the clinic is open'}"
