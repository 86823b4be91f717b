"""Visits that no longer keep their order: what is proposed for them, and one press that accepts all of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from config.audit.guards import in_words
from config.http.pages import StaffRequest, offer_undo, page
from config.refusals import Refused
from config.staff.permissions import Permission
from infusions import orders, repair, rescheduling
from infusions.models import Order
from infusions.web.finding import order_of
from infusions.web.moving_later import back_url, moves_of, plan_page
from scheduling.series import Proposal

NOTHING_TO_DO = "Every booked visit keeps the order. Nothing has to move."
ONLY_THESE = "All the others keep the order."


@page(Permission.BOOK)
def order_repair(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET proposes; POST moves what was shown, all or none."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = orders.signed_order(order_of(asked, order_id).pk)
    if request.method != "POST":
        return _proposed(asked, order)
    moves = moves_of(asked.POST.getlist("move"))
    try:
        with in_words():
            moved = rescheduling.move_all(moves=moves, by=asked.user, now=timezone.now(), reason="repaired")
    except Refused as refusal:
        if refusal.status != 409:
            raise
        return _proposed(asked, order, refusal=refusal.message)
    offer_undo(asked, url=back_url(moved[0], moved), text=f"{len(moved)} visit{'s' * (len(moved) != 1)} repaired")
    return redirect("order", order.pk)


def _proposed(request: StaffRequest, order: Order, *, refusal: str = "") -> HttpResponse:
    """What would mend it, or in words why nothing has to be done, or nothing can."""
    now = timezone.now()
    try:
        plan = repair.plan(order=order, now=now)
        words = "" if plan.visits else ONLY_THESE if plan.left else NOTHING_TO_DO
    except Refused as told:
        plan, words = repair.Plan([], Proposal([], told.message)), ""
    return plan_page(
        request,
        order.patient,
        plan,
        title="Repair the series",
        refusal=refusal,
        is_whole=True,
        nothing=words,
        order=order,
        move_url=reverse("order-repair", args=[order.pk]),
    )
