"""What the form holds for whoever types into it: taken once a time is chosen, anew with another one, and given back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, page
from config.refusals import NotFound, Refused
from config.staff.permissions import Permission, can
from scheduling import form_holds
from scheduling.models import FormHold
from scheduling.wall_clock import span_words, words
from scheduling.web.forms import ConsultForm

P = Permission


@dataclass(frozen=True)
class Kept:
    """What is held for this form; or nothing, and why not."""

    held: FormHold | None = None
    words: str = ""


def of_request(request: StaffRequest, named: str | None) -> FormHold | None:
    """What this person holds under the id that the form or address names."""
    try:
        pk = UUID(named or "")
    except ValueError:
        return None
    return form_holds.running(hold_id=pk, by=request.user, now=timezone.now())


def for_booking(request: StaffRequest, form: ConsultForm) -> UUID | None:
    """What the form holds, if it is booked there; what was held elsewhere is given back."""
    kept = at_place(request, form, anew=False).held
    return kept.pk if kept else None


def at_place(request: StaffRequest, form: ConsultForm, *, anew: bool = True) -> Kept:
    """The place that the form shows, held: as it was, or `anew` if another one was chosen since."""
    held, place = of_request(request, request.POST.get("hold")), form.place()
    if held is not None and place is not None and _is_at(held, place):
        return Kept(held)
    if held is not None:
        form_holds.let_go(hold_id=held.pk, by=request.user, now=timezone.now())
    if place is None or not anew:
        return Kept()
    try:
        return Kept(form_holds.hold(clinic=request.user.clinic, by=request.user, now=timezone.now(), **place))
    except Refused as refusal:
        return Kept(None, refusal.message)


def _is_at(held: FormHold, place: dict[str, Any]) -> bool:
    chair = place["chair"].pk if place["chair"] else held.chair_id
    there = (place["start"], timedelta(minutes=place["minutes"]), chair, place["visit_type"])
    return (held.start, held.end - held.start, held.chair_id, held.visit_type_id) == there


def initial(held: FormHold, zone: Any) -> dict[str, Any]:
    """The form as it was when this was held."""
    local: datetime = held.start.astimezone(zone)
    return {
        "day": local.date(),
        "time": f"{local:%H:%M}",
        "fold": str(local.fold),
        "minutes": (held.end - held.start) // timedelta(minutes=1),
        "chair": held.chair_id,
        "visit_type": held.visit_type_id,
    }


@page(P.SEE_SCHEDULE)
def held(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who holds this place, and until when; for them, the way on."""
    found = form_holds.standing(clinic=request.user.clinic, now=timezone.now()).filter(pk=pk).first()
    if found is None:
        raise NotFound("Nothing is held there any more.")
    zone = request.user.clinic.tz
    context = {
        "held": found,
        "when": f"{words(found.start, zone).split(', ')[0]}, {span_words(found.start, found.end, zone)}",
        "is_mine": found.held_by_id == request.user.pk and can(request.user, P.BOOK),
    }
    template = "form_hold_drawer" if request.headers.get("HX-Request") else "form_hold"
    return render(request, f"scheduling/{template}.html", context)


@act(P.BOOK)
def let_go(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The form was left, or another time is chosen. Nothing happens to what is not this person's, or ended before."""
    form_holds.let_go(hold_id=pk, by=request.user, now=timezone.now())
    if request.headers.get("HX-Request"):
        return render(request, "scheduling/consult_held.html", {"kept": Kept()})
    return redirect("board")
