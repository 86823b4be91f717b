"""Moving a visit: by the board's drag, by a free start's button, or by day and time."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from config.http.pages import StaffRequest, answer_status, offer_undo, page, submitted
from config.refusals import Invalid, NotFound, Refused
from config.staff.permissions import Permission
from infusions import rescheduling
from infusions.gaps import allowed_days
from infusions.orders import limits
from infusions.web.finding import shown
from infusions.web.move_forms import MoveForm, wall_start
from scheduling.availability import free_starts
from scheduling.models import Appointment, Chair
from scheduling.models.kinds import VisitKind
from scheduling.moving import shape_of
from scheduling.wall_clock import day_words

DAYS_SHOWN = 4
STARTS_SHOWN = 6
APART = timedelta(minutes=30)
LOOK_AHEAD = timedelta(days=28)


@page(Permission.BOOK)
def appointment_move(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """GET asks for a day and time. POST moves: with `start` at once (board, free starts, undo), else by the form."""
    asked: StaffRequest = request  # type: ignore[assignment]
    visit = _visit(asked, appointment_id)
    if request.method != "POST":
        return _form_page(asked, visit, _form(visit, initial=_initial(visit)))
    if "day" not in request.POST:
        return _move_at_once(asked, visit)
    form = _form(visit, data=request.POST)
    moved = submitted(form, lambda values: _move(asked, visit, values["start"], values["chair"], values["version"]))
    return _form_page(asked, visit, form) if moved is None else _moved(asked, visit, moved)


def _visit(request: StaffRequest, appointment_id: UUID) -> Appointment:
    related = ("patient", "patient__clinic", "patient__allergies_confirmed_by", "clinic", "chair")
    found = Appointment.objects.select_related(*related).filter(pk=appointment_id, clinic=request.user.clinic).first()
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


def _move_at_once(request: StaffRequest, visit: Appointment) -> HttpResponse:
    """The board and the undo bar send a start; a refusal goes back as it is, in words, and nothing changes."""
    sent = {**request.GET.dict(), **request.POST.dict()}
    start = wall_start(str(sent.get("start", "")), visit.clinic.tz)
    return _moved(request, visit, _move(request, visit, start, _chair(visit, sent), _version(sent)))


def _version(sent: dict[str, Any]) -> int | None:
    text = str(sent.get("version", ""))
    return int(text) if text.isdecimal() else None


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


def _move(
    request: StaffRequest, visit: Appointment, start: datetime, chair: Chair | None, version: int | None
) -> Appointment:
    return rescheduling.move(
        appointment_id=visit.pk, start=start, chair=chair, version=version, by=request.user, now=timezone.now()
    )


def _moved(request: StaffRequest, before: Appointment, moved: Appointment) -> HttpResponse:
    """The undo bar for a fragment; for a whole page, back to the day on the board."""
    local = moved.start.astimezone(moved.clinic.tz)
    words = f"Moved to {day_words(local.date())}, {local:%H:%M}"
    sent = {"start": before.start.isoformat(), "chair": str(before.chair_id), "version": str(moved.version)}
    url = f"{reverse('appointment-move', args=[moved.pk])}?{urlencode(sent)}"
    if not request.headers.get("HX-Request"):
        offer_undo(request, url=url, text=words)
        return redirect("board-day", local.date())
    answer = render(request, "components/undo.html", {"url": url, "text": words})
    answer.headers["HX-Trigger"] = "drawer-close"
    return answer


def _initial(visit: Appointment) -> dict[str, Any]:
    local = visit.start.astimezone(visit.clinic.tz)
    return {"day": local.date(), "time": local.time(), "version": visit.version}


def _form(visit: Appointment, **kwargs: Any) -> MoveForm:
    chairs = Chair.objects.filter(clinic=visit.clinic, in_service=True)
    return MoveForm(zone=visit.clinic.tz, chairs=chairs, **kwargs)


def _form_page(request: StaffRequest, visit: Appointment, form: MoveForm) -> HttpResponse:
    now = timezone.now()
    context = shown(
        visit.patient, request, visit=visit, form=form, **_room(visit, now), is_fragment=_is_fragment(request)
    )
    template = "infusions/moving_drawer.html" if _is_fragment(request) else "infusions/moving.html"
    return render(request, template, context, status=answer_status(form))


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _room(visit: Appointment, now: datetime) -> dict[str, Any]:
    """The days that keep the order's gaps, in words, and free starts on the next of them."""
    today = visit.clinic.today(now)
    first, last, why = _bounds(visit)
    begin = max(today, first or today)
    end = min(last or begin + LOOK_AHEAD, begin + LOOK_AHEAD)
    if end < begin:
        return {"why": why, "days": []}
    try:
        needs = shape_of(visit)
        found = free_starts(clinic=visit.clinic, shape=needs, first=begin, last=end, now=now, patient=visit.patient)
    except Refused:
        return {"why": why, "days": []}
    days = [(day, _spread(starts, visit.start)) for day, starts in found.items() if starts]
    return {"why": why, "days": days[:DAYS_SHOWN]}


def _bounds(visit: Appointment) -> tuple[date | None, date | None, str]:
    if visit.kind != VisitKind.INFUSION:
        return None, None, ""
    order = rescheduling.order_of(visit)
    if order is None:
        return None, None, "No order is in force for this patient, so an infusion cannot be moved."
    first, last = allowed_days(visit, limits(order))
    span = f"The order asks for {order.min_gap_days} to {order.max_gap_days} days between visits"
    if first is not None and last is not None:
        return first, last, f"{span}: from {day_words(first)} to {day_words(last)}."
    return first, last, f"{span}."


def _spread(starts: list[datetime], usual: datetime) -> list[datetime]:
    """A few starts of a day, apart from each other, those near the usual time of day first, shown in order."""
    chosen: list[datetime] = []
    wall = usual.astimezone(starts[0].tzinfo)
    minutes = wall.hour * 60 + wall.minute
    for start in sorted(starts, key=lambda start: abs(start.hour * 60 + start.minute - minutes)):
        if all(abs(start - other) >= APART for other in chosen):
            chosen.append(start)
        if len(chosen) == STARTS_SHOWN:
            break
    return sorted(chosen)
