"""The series planner: when can all the ordered visits happen?

One form holds the wishes and the plan. Each press sends all of it; the answer is the plan as it stands then.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.acting import recorded
from config.audit.disclosures import disclosed
from config.audit.guards import in_words
from config.audit.models import DisclosureKind
from config.http.pages import StaffRequest, act, land, page
from config.refusals import Clash, Refused
from config.staff.permissions import Permission
from infusions import fulfilment, orders
from infusions.models import Order
from infusions.planning import NOTHING, Plan, judged, lost, picked, pin_turned, placed, plan_of
from infusions.readiness import obstacles
from infusions.web import series_days
from infusions.web.finding import order_of, shown
from infusions.web.series_forms import WishForm, choice_of, posted_plan
from infusions.web.series_found import Shown
from infusions.web.series_shown import context, held_of
from scheduling.series import PlannedVisit
from scheduling.wall_clock import words


@page(Permission.BOOK)
def series_plan(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET proposes, by the wishes in the address; POST changes the plan, or books or holds all of it or none."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = orders.signed_order(order_of(asked, order_id).pk)
    now = timezone.now()
    sent = asked.POST if asked.method == "POST" else asked.GET
    desk = Desk(asked, order, now, _form(order, now, sent))
    if asked.method != "POST":
        return desk.show(desk.proposed(NOTHING))
    plan = posted_plan(asked.POST, order.clinic.tz)
    if "book" in sent or "hold" in sent:
        return _place(desk, plan)
    if "take" in sent:
        return _take(desk, sent["take"])
    if "ask" in sent:
        return desk.show(series_days.ask(desk.request, order, plan, sent["ask"], now))
    return desk.show(_changed(desk, plan))


def _form(order: Order, now: datetime, sent: Any) -> WishForm:
    return WishForm(sent, order=order, stands=fulfilment.visits_of(order), today=order.clinic.today(now))


class Desk:
    """One request at the planner: who asks, about which order, with which wishes."""

    def __init__(self, request: StaffRequest, order: Order, now: datetime, form: WishForm) -> None:
        self.request, self.order, self.now, self.form = request, order, now, form

    def proposed(self, plan: Plan, *, all_stay: bool = False, at: Plan | None = None) -> Shown:
        """A plan by the wishes, what is pinned in `plan` kept, or why there is none. `at`: what it is compared with."""
        missing = obstacles(self.order, now=self.now)
        if missing or fulfilment.visits_left(self.order) == 0:
            return Shown(obstacles=missing)
        if not self.form.is_valid():
            return Shown(self.judged(plan))
        wish = self.form.wishes(plan, all_stay=all_stay)
        try:
            found = fulfilment.propose(order=self.order, now=self.now, wishes=wish)
        except Refused as refusal:
            return self._refused(plan, refusal)
        if not found.visits:
            return Shown(failure=found.failure, failed=found.failed, kept=plan)
        return Shown(plan_of(found, at or plan))

    def _refused(self, plan: Plan, refusal: Refused) -> Shown:
        land(self.form, refusal)
        if self.form.non_field_errors():
            return Shown(failure=refusal.message, kept=plan)
        return Shown(self.judged(plan))

    def again(self, plan: Plan, *, nth: int | None = None) -> Shown:
        """The plan looked at anew: all that stands stays, or as much as is pinned. `nth` was just changed."""
        whole = self.proposed(plan, all_stay=True)
        return whole if whole.plan.rows or nth is None else self.proposed(plan)

    def judged(self, plan: Plan) -> Plan:
        return judged(plan, limits=orders.limits(self.order), zone=self.order.clinic.tz)

    def show(self, found: Shown, *, status: int = 200) -> HttpResponse:
        status = 422 if status == 200 and self.form.errors else status
        told = shown(self.order.patient, self.request, **context(self.order, self.form, found, self.now))
        fragment = self.request.headers.get("HX-Request") == "true"
        template = "infusions/series_proposal.html" if fragment else "infusions/series.html"
        return render(self.request, template, {**told, "is_fragment": fragment}, status=status)

    def leave(self, text: str) -> HttpResponse:
        """To the order, by a whole page also when a fragment asked."""
        messages.success(self.request, text)
        answer = redirect("order", self.order.pk)
        if self.request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": answer.url})
        return answer


def _changed(desk: Desk, plan: Plan) -> Shown:
    """What the pressed button makes of the plan; without one the wishes have changed."""
    sent = desk.request.POST
    if sent.get("propose") == "anew":
        return desk.proposed(NOTHING)
    number, _, rest = str(sent.get("pick") or sent.get("pin") or sent.get("day") or "").partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 4):
        return desk.proposed(plan)
    nth = int(number)
    if "pin" in sent:
        return desk.again(pin_turned(plan, number=nth))
    if "day" in sent:
        return _on_day(desk, plan, nth)
    if not (rest.isascii() and rest.isdecimal() and len(rest) < 4):
        return desk.again(plan)
    return desk.again(picked(plan, number=nth, nth=int(rest)), nth=nth)


def _on_day(desk: Desk, plan: Plan, number: int) -> Shown:
    """A visit on a day of the desk's choice: planned if the gaps allow it, else something to ask the prescriber."""
    if not desk.form.is_valid():
        return Shown(desk.judged(plan))
    needs = series_days.Needs(desk.order, desk.form.chosen_type, desk.now)
    wish = series_days.wished(desk.request.POST.get("other_day", ""), number, plan, needs)
    if wish.refusal or wish.choice is None:
        return replace(desk.again(plan), day=wish)
    found = desk.again(placed(plan, number=number, choice=wish.choice), nth=number)
    if found.plan.rows:
        return found
    return replace(desk.again(plan), day=series_days.to_ask(wish, plan, desk.order))


def _place(desk: Desk, plan: Plan) -> HttpResponse:
    """Book or hold: all or none."""
    is_hold = "hold" in desk.request.POST
    door = fulfilment.hold if is_hold else fulfilment.book
    if not desk.form.is_valid():
        return desk.show(Shown(desk.judged(plan)))
    try:
        with in_words():
            door(
                order_id=desk.order.pk,
                visits=plan.visits,
                by=desk.request.user,
                now=desk.now,
                limits_reason=desk.form.why_beyond,
                visit_type=desk.form.chosen_type,
            )
    except Refused as refusal:
        return _not_placed(desk, plan, refusal)
    many = f"{len(plan.visits)} visit{'s' * (len(plan.visits) != 1)}"
    if not is_hold:
        return desk.leave(f"{many} booked.")
    _, until = held_of(fulfilment.visits_of(desk.order))
    return desk.leave(f"{many} held until {words(until, desk.order.clinic.tz) if until else ''}.")


def _not_placed(desk: Desk, plan: Plan, refusal: Refused) -> HttpResponse:
    if refusal.status == 403:
        raise refusal
    conflicts = refusal.facts.get("conflicts", [])
    left = fulfilment.visits_left(desk.order)
    if conflicts:
        limits, zone = orders.limits(desk.order), desk.order.clinic.tz
        found = Shown(lost(plan, conflicts=conflicts, limits=limits, zone=zone))
    elif not left or left < len(plan.rows):
        # Somebody else booked some of them: what is shown is what is left.
        found = desk.proposed(NOTHING)
    else:
        found = Shown(desk.judged(plan))
    status = 409 if isinstance(refusal, Clash) else 422
    return desk.show(replace(found, refusal=refusal.message), status=status)


def _take(desk: Desk, text: str) -> HttpResponse:
    """One visit on a day that a prescriber has signed for."""
    if not desk.form.is_valid():
        return desk.show(desk.proposed(NOTHING))
    choice = choice_of(text, desk.order.clinic.tz)
    try:
        with in_words():
            fulfilment.book(
                order_id=desk.order.pk,
                visits=[PlannedVisit(choice.start, choice.chair_id)],
                by=desk.request.user,
                now=desk.now,
                limits_reason=desk.form.why_beyond,
                visit_type=desk.form.chosen_type,
            )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        found = replace(desk.proposed(NOTHING), refusal=refusal.message)
        return desk.show(found, status=409 if isinstance(refusal, Clash) else 422)
    return desk.leave(f"Booked for {words(choice.start, desk.order.clinic.tz)}.")


@act(Permission.BOOK)
def series_keep(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Book all that is held for the order."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    kept = fulfilment.keep(order_id=order.pk, by=asked.user, now=timezone.now())
    messages.success(request, f"{len(kept)} visit{'s' * (len(kept) != 1)} booked.")
    return redirect("order", order.pk)


@act(Permission.BOOK)
def series_release(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give back all that is held for the order."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    released = fulfilment.give_back(order_id=order.pk, by=asked.user, now=timezone.now())
    messages.success(request, f"{len(released)} held visit{'s' * (len(released) != 1)} released.")
    return redirect("order", order.pk)


@act(Permission.SEE_SCHEDULE)
def series_print(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The visits to come, on paper for the patient: days and times, nothing of what is ordered."""
    asked: StaffRequest = request  # type: ignore[assignment]
    with recorded(by=asked.user):
        order = orders.signed_order(order_of(asked, order_id).pk)
        disclosed(kind=DisclosureKind.PRINT, what="Dates for the patient", record=order.pk, by=asked.user)
        told = {
            "patient": order.patient,
            "visits": fulfilment.visits_of(order),
            "zone": order.clinic.zone,
            "back": reverse("order", args=[order.pk]),
        }
        return render(request, "infusions/series_print.html", told)
