"""Moving a visit and all later ones: first shown, then moved by one press, all or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.guards import in_words
from config.http.pages import StaffRequest, act, offer_undo, whole_number
from config.refusals import Clash, Invalid, NotFound, Refused
from config.staff.permissions import Permission
from infusions import rescheduling
from infusions.repair import Plan
from infusions.web.finding import shown
from infusions.web.move_forms import OutsideLimitsForm
from infusions.web.ways_back import taken_back, versions_of, way_back
from scheduling.models import Appointment
from scheduling.moving import Move
from scheduling.rules import may_come

MOST_MOVES = 60


def planned(
    request: StaffRequest,
    visit: Appointment,
    start: datetime,
    refusal: str = "",
    *,
    reason: str = "",
    asks: bool = False,
) -> HttpResponse:
    """The proposal: where each visit is, and where it would go. Raises what planning raises. Outside the patient's own
    days and hours it `asks` for the reason, or has it."""
    plan = rescheduling.plan_later(appointment_id=visit.pk, start=start, by=request.user, now=timezone.now())
    if plan.proposal.failure:
        raise Clash(_no_dates(plan))
    url = reverse("appointment-move-all", args=[visit.pk])
    title = "Move this and later visits"
    is_outside = asks or bool(reason) or not may_come(visit, start)
    form = OutsideLimitsForm(initial={"limits_reason": reason}) if is_outside else None
    status = 422 if asks else 0
    return plan_page(request, visit.patient, plan, title=title, refusal=refusal, status=status, move_url=url, form=form)


def _no_dates(plan: Plan) -> str:
    """Why there are no dates for all of them, on the form that asked; `visit 1` is the one that was to be moved."""
    if plan.proposal.failed == 1:
        return (
            "Nothing is free for this visit at that time. Choose another, or move it alone to see what has the place."
        )
    which = (
        ""
        if plan.proposal.failed is None
        else f" Counted from the one that moves, visit {plan.proposal.failed} has none."
    )
    return f"There are no dates for all later visits.{which} {plan.proposal.failure}"


def plan_page(
    request: StaffRequest, patient: Any, plan: Plan, *, title: str, refusal: str = "", status: int = 0, **more: Any
) -> HttpResponse:
    """Visits and what is proposed for them, with one button for all."""
    is_fragment = bool(request.headers.get("HX-Request")) and not more.get("is_whole")
    context = shown(
        patient,
        request,
        title=title,
        pairs=pairs(plan),
        moves=[token(move) for move in plan.moves],
        failure=plan.proposal.failure,
        left=plan.left,
        refusal=refusal,
        is_fragment=is_fragment,
        **more,
    )
    template = "infusions/moving_plan_drawer.html" if is_fragment else "infusions/moving_plan.html"
    return render(request, template, context, status=status or (409 if refusal else 200))


def pairs(plan: Plan) -> list[dict[str, Any]]:
    """Each visit with its proposal."""
    both = zip(plan.visits, plan.proposal.visits, strict=False)
    return [
        {"visit": visit, "to": to, "stays": visit.start == to.start, "minutes": plan.minutes.get(visit.pk)}
        for visit, to in both
    ]


def token(move: Move) -> str:
    """One move as the page carries it."""
    return "|".join(str(part or "") for part in (move.appointment, move.start.isoformat(), *_rest(move)))


def _rest(move: Move) -> tuple[UUID | None, int | None, int | None]:
    return move.chair, move.version, move.minutes


def moves_of(texts: Sequence[str]) -> list[Move]:
    """Back from `token`. Raises Invalid for anything else, and for none."""
    if not texts or len(texts) > MOST_MOVES:
        raise Invalid("Name the visits that are to be moved.", field="moves")
    return [_move(text) for text in texts]


def _move(text: str) -> Move:
    pk, start, chair, version, minutes = (*text.split("|"), *[""] * 5)[:5]
    try:
        return Move(
            UUID(pk),
            _aware(datetime.fromisoformat(start)),
            UUID(chair) if chair else None,
            whole_number(version),
            whole_number(minutes),
        )
    except ValueError:
        raise Invalid("This page was not sent whole. Load it again.", field="moves") from None


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError
    return moment


@act(Permission.BOOK)
def move_all(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Move what was shown, all or none; taken meanwhile, a new proposal is shown with what is in the way."""
    asked: StaffRequest = request  # type: ignore[assignment]
    visit = _visit(asked, appointment_id)
    moves = moves_of(asked.POST.getlist("move"))
    reason = asked.POST.get("limits_reason", "").strip()
    try:
        with in_words():
            moved = rescheduling.move_all(moves=_for_reason(visit, moves, reason), by=asked.user, now=timezone.now())
    except Refused as refusal:
        return _again(asked, visit, moves, refusal, reason)
    return _done(asked, visit, moved)


def _for_reason(visit: Appointment, moves: Sequence[Move], reason: str) -> list[Move]:
    """The visit that the desk placed itself is what the reason is for; the later ones were found within the limits."""
    return [replace(move, limits_reason=reason) if move.appointment == visit.pk else move for move in moves]


def _visit(request: StaffRequest, appointment_id: UUID) -> Appointment:
    related = ("patient__clinic", "patient__allergies_confirmed_by", "clinic", "chair")
    found = Appointment.objects.select_related(*related).filter(pk=appointment_id, clinic=request.user.clinic).first()
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


def _again(request: StaffRequest, visit: Appointment, moves: list[Move], refusal: Refused, reason: str) -> HttpResponse:
    own = next((move for move in moves if move.appointment == visit.pk), None)
    asks = refusal.code == "outside-limits" or "limits_reason" in refusal.errors
    if own is None or not (refusal.status == 409 or asks):
        raise refusal
    try:
        return planned(request, visit, own.start, refusal.message, reason=reason, asks=asks)
    except Refused:
        raise refusal from None


def _done(request: StaffRequest, visit: Appointment, moved: Sequence[Appointment]) -> HttpResponse:
    url, text = back_url(visit, moved), f"{len(moved)} visit{'s' * (len(moved) != 1)} moved"
    if request.headers.get("HX-Request"):
        answer = render(request, "components/undo.html", {"url": url, "text": text})
        answer.headers["HX-Trigger"] = "drawer-close, visit-changed"
        return answer
    offer_undo(request, url=url, text=text)
    return redirect("patient", visit.patient_id)


def back_url(visit: Appointment, moved: Sequence[Appointment]) -> str:
    """The way back for these visits, which are as they are since the move and no other."""
    return way_back("appointment-move-back", visit, {one.pk: one.version for one in moved})


@act(Permission.BOOK)
def move_back(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Undo a move of one visit or several, all or none. The address names each with the version that it has since."""
    asked: StaffRequest = request  # type: ignore[assignment]
    visit, versions = _visit(asked, appointment_id), versions_of(asked.GET.getlist("visit"))
    moved = rescheduling.move_back(versions=versions, by=asked.user, now=timezone.now())
    if len(moved) > 1 or request.headers.get("HX-Request"):
        return taken_back(request, visit)
    return redirect("board-day", moved[0].start.astimezone(visit.clinic.tz).date())
