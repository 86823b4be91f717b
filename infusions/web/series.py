"""The series planner: when can all the ordered visits happen?"""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.audit.guards import in_words
from config.http.pages import StaffRequest, page
from config.refusals import Clash, Refused
from config.staff.permissions import Permission
from infusions import fulfilment, orders
from infusions.models import Order
from infusions.planning import Plan, judged, lost, picked, plan_of
from infusions.readiness import obstacles
from infusions.web.finding import order_of, shown
from infusions.web.series_forms import WishForm, posted_plan, token
from scheduling.models import Chair


@page(Permission.BOOK)
def series_plan(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET proposes, by the wishes in the address; POST takes an alternative (`pick`) or books all or none."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = orders.signed_order(order_of(asked, order_id).pk)
    if request.method != "POST":
        return _show(asked, order, _proposed(asked, order))
    plan = posted_plan(request.POST, order.clinic.tz)
    if "pick" in request.POST:
        return _show(asked, order, {"plan": _picked(order, plan, request.POST["pick"])})
    return _book(asked, order, plan)


def _proposed(request: StaffRequest, order: Order) -> dict[str, Any]:
    """A plan, or why there is none."""
    now = timezone.now()
    missing = obstacles(order, now=now)
    if missing or fulfilment.visits_left(order) == 0:
        return {"obstacles": missing}
    form = WishForm(request.GET)
    if not form.is_valid():
        return {"failure": next(iter(form.errors.values()))[0]}
    try:
        found = fulfilment.propose(order_id=order.pk, now=now, wishes=form.preferences())
    except Refused as refusal:
        return {"failure": refusal.message}
    return {"plan": plan_of(found), "failure": found.failure}


def _picked(order: Order, plan: Plan, pressed: str) -> Plan:
    number, _, nth = pressed.partition(":")
    if not (number.isdecimal() and nth.isdecimal()):
        return plan
    return picked(plan, number=int(number), nth=int(nth), limits=orders.limits(order), zone=order.clinic.tz)


def _book(request: StaffRequest, order: Order, plan: Plan) -> HttpResponse:
    try:
        with in_words():
            fulfilment.book(order_id=order.pk, visits=plan.visits, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _not_booked(request, order, plan, refusal)
    messages.success(request, f"{len(plan.visits)} visits booked.")
    return _to(request, order)


def _to(request: StaffRequest, order: Order) -> HttpResponse:
    """To the order, by a whole page also when a fragment asked."""
    answer = redirect("order", order.pk)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer


def _not_booked(request: StaffRequest, order: Order, plan: Plan, refusal: Refused) -> HttpResponse:
    if refusal.status == 403:
        raise refusal
    limits, zone = orders.limits(order), order.clinic.tz
    conflicts = refusal.facts.get("conflicts", [])
    left = (
        lost(plan, conflicts=conflicts, limits=limits, zone=zone)
        if conflicts
        else judged(plan, limits=limits, zone=zone)
    )
    status = 409 if isinstance(refusal, Clash) else 422
    return _show(request, order, {"plan": left, "refusal": refusal.message}, status=status)


def _show(request: StaffRequest, order: Order, found: dict[str, Any], *, status: int = 200) -> HttpResponse:
    plan, booked = found.get("plan"), fulfilment.visits_of(order)
    context = shown(
        order.patient,
        request,
        order=order,
        view=orders.desk_view(order),
        left=fulfilment.visits_left(order),
        visits=booked,
        rows=_rows(plan, booked[-1].start.astimezone(order.clinic.tz).date() if booked else None) if plan else [],
        can_be_booked=plan is not None and plan.can_be_booked,
        form=WishForm(request.GET),
        wishes=request.GET.urlencode(),
        **{"obstacles": [], "failure": "", "refusal": "", **found},
    )
    fragment = request.headers.get("HX-Request") == "true"
    template = "infusions/series_proposal.html" if fragment else "infusions/series.html"
    return render(request, template, context, status=status)


def _rows(plan: Plan, after: date | None) -> list[dict[str, Any]]:
    """The plan's rows with what the page needs to say and to send back. `after`: the day of the visit before them."""
    choices = [choice for row in plan.rows for choice in (row.chosen, *row.alternatives)]
    chairs = Chair.objects.in_bulk({choice.chair_id for choice in choices if choice.chair_id})
    return [
        {
            "visit": row,
            "gap_days": (row.chosen.start.date() - after).days if row.gap_days is None and after else row.gap_days,
            "chair": chairs.get(row.chosen.chair_id),
            "token": token(row.chosen),
            "others": [
                {
                    "choice": other,
                    "token": token(other),
                    "pick": f"{row.number}:{nth}",
                    "chair": chairs.get(other.chair_id),
                }
                for nth, other in enumerate(row.alternatives)
            ],
        }
        for row in plan.rows
    ]
