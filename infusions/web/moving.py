"""Moving a visit: by the board's drag, by a free start's button, or by day and time; alone, or with the later ones."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, answer_status, offer_undo, page, submitted, whole_number
from config.refusals import Invalid, NotFound
from config.staff.permissions import Permission, can
from infusions import repair, rescheduling
from infusions.web import moving_later
from infusions.web.finding import shown
from infusions.web.move_forms import MoveForm, wall_start
from infusions.web.move_room import later_visits, room
from scheduling.models import Appointment, Chair
from scheduling.models.kinds import VisitKind
from scheduling.wall_clock import day_words, words


@page(Permission.BOOK)
def appointment_move(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """GET asks for a day and time. POST moves: with `start` at once (board, free starts, undo), else by the form."""
    asked: StaffRequest = request  # type: ignore[assignment]
    visit = visit_of(asked, appointment_id)
    if request.method != "POST":
        return _form_page(asked, visit, _form(asked, visit, initial=_initial(visit)))
    if "day" not in request.POST:
        return _move_at_once(asked, visit)
    form = _form(asked, visit, data=request.POST)
    if form.is_valid():
        if form.cleaned_data["scope"] == rescheduling.Scope.LATER:
            planned = submitted(form, lambda values: _planned(asked, visit, values))
            return _form_page(asked, visit, form) if planned is None else planned
        if not form.cleaned_data["sure"]:
            form.breaks = submitted(form, lambda values: _breaks(visit, values["start"])) or []
        if form.breaks or form.errors:
            return _form_page(asked, visit, form, status=422 if form.breaks else 0)
    moved = submitted(form, lambda values: _move_by_form(asked, visit, values))
    return _form_page(asked, visit, form) if moved is None else _moved(asked, moved)


def _planned(request: StaffRequest, visit: Appointment, typed: dict[str, Any]) -> HttpResponse:
    return moving_later.planned(request, visit, typed["start"], reason=typed["limits_reason"].strip())


def visit_of(request: StaffRequest, appointment_id: UUID) -> Appointment:
    """The visit, looked up in the person's clinic. Raises NotFound."""
    related = ("patient", "patient__clinic", "patient__allergies_confirmed_by", "clinic", "chair")
    found = Appointment.objects.select_related(*related).filter(pk=appointment_id, clinic=request.user.clinic).first()
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


def _breaks(visit: Appointment, start: datetime) -> list[str]:
    """The later visits that would then break the order, in words. Raises what is in the way of this one."""
    rescheduling.check_start_of(visit, start=start, now=timezone.now())
    order = rescheduling.order_of(visit) if visit.kind == VisitKind.INFUSION else None
    if order is None:
        return []
    found = repair.would_break(order=order, moved={visit.pk: start}, now=timezone.now())
    return [words(other.start, visit.clinic.tz) for other in found]


def _move_at_once(request: StaffRequest, visit: Appointment) -> HttpResponse:
    """The board and a free start's button send a start; a refusal goes back as it is, in words, and nothing changes."""
    sent = {**request.GET.dict(), **request.POST.dict()}
    start = wall_start(str(sent.get("start", "")), visit.clinic.tz)
    moved = rescheduling.move(
        appointment_id=visit.pk,
        start=start,
        chair=_chair(visit, sent),
        version=whole_number(str(sent.get("version", ""))),
        by=request.user,
        now=timezone.now(),
    )
    return _moved(request, moved)


def _chair(visit: Appointment, sent: dict[str, Any]) -> Chair | None:
    if not sent.get("chair"):
        return None
    try:
        wanted = UUID(str(sent["chair"]))
    except ValueError:
        raise Invalid("There is no such chair.", field="chair") from None
    chair = Chair.objects.filter(clinic=visit.clinic, pk=wanted).first()
    if chair is None:
        raise Invalid("There is no such chair.", field="chair")
    return chair


def _move_by_form(request: StaffRequest, visit: Appointment, typed: dict[str, Any]) -> Appointment:
    return rescheduling.move(
        appointment_id=visit.pk,
        start=typed["start"],
        chair=typed["chair"],
        version=typed["version"],
        by=request.user,
        now=timezone.now(),
        limits_reason=typed["limits_reason"],
        overbook_reason=typed.get("overbook_reason", ""),
    )


def _moved(request: StaffRequest, moved: Appointment) -> HttpResponse:
    """The undo bar for a fragment; for a whole page, back to the day on the board."""
    local = moved.start.astimezone(moved.clinic.tz)
    told = f"Moved to {day_words(local.date())}, {local:%H:%M}{_after(moved)}"
    url = moving_later.back_url(moved, [moved])
    if not request.headers.get("HX-Request"):
        offer_undo(request, url=url, text=told)
        return redirect("board-day", local.date())
    answer = render(request, "components/undo.html", {"url": url, "text": told})
    answer.headers["HX-Trigger"] = "drawer-close"
    return answer


def _after(moved: Appointment) -> str:
    """What of the same course needs repair now."""
    if moved.series_id is None:
        return ""
    count = moved.series.appointments.exclude(needs_repair="").count() if moved.series else 0
    return f"; {count} visit{'s' * (count != 1)} of this course need{'s' * (count == 1)} repair" if count else ""


def _initial(visit: Appointment) -> dict[str, Any]:
    local = visit.start.astimezone(visit.clinic.tz)
    return {"day": local.date(), "time": local.time(), "version": visit.version, "scope": rescheduling.Scope.ONE}


def _form(request: StaffRequest, visit: Appointment, **kwargs: Any) -> MoveForm:
    return MoveForm(
        zone=visit.clinic.tz,
        chairs=Chair.objects.filter(clinic=visit.clinic, in_service=True),
        later=len(later_visits(visit, timezone.now())),
        may_overbook=can(request.user, Permission.OVERBOOK),
        **kwargs,
    )


def _form_page(request: StaffRequest, visit: Appointment, form: MoveForm, *, status: int = 0) -> HttpResponse:
    now = timezone.now()
    is_fragment = bool(request.headers.get("HX-Request"))
    context = shown(visit.patient, request, visit=visit, form=form, **room(visit, now), is_fragment=is_fragment)
    template = "infusions/moving_drawer.html" if is_fragment else "infusions/moving.html"
    return render(request, template, context, status=status or answer_status(form))
