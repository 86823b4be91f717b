"""A signed order: what it says, whether it is in force, and the ways to hold, resume, stop or supersede it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.http.pages import StaffRequest, act, page, submitted
from config.staff.permissions import Permission, can
from infusions import fulfilment, histories, orders
from infusions.models import Order
from infusions.states import ORDER_MOVES, OrderStatus
from infusions.web.exceptions import listed
from infusions.web.finding import order_of, shown
from infusions.web.order_forms import ReasonForm
from infusions.web.orders import sections_of
from infusions.web.series_shown import held_of
from patients.web.banner import history_of

S = OrderStatus


@dataclass(frozen=True)
class Move:
    """One change of standing, as its page words it."""

    to: OrderStatus
    door: Callable[..., Any]
    title: str
    text: str
    yes: str
    done: str
    danger: bool = False


MOVES = {
    "hold": Move(
        S.ON_HOLD,
        orders.hold,
        "Put this order on hold?",
        "Nothing more can be booked on it or moved until it is resumed. Booked visits stand.",
        "Put on hold",
        "The order is on hold.",
    ),
    "resume": Move(
        S.ACTIVE,
        orders.resume,
        "Resume this order?",
        "Visits can be booked on it again.",
        "Resume order",
        "The order is in force again.",
    ),
    "stop": Move(
        S.STOPPED,
        orders.stop,
        "Stop this order for good?",
        "It cannot be resumed; a new order is needed. Booked visits stand until the desk cancels them.",
        "Stop order",
        "The order is stopped.",
        danger=True,
    ),
    "complete": Move(
        S.COMPLETED,
        orders.complete,
        "Is this course complete?",
        "Nothing more is booked on it. Visits that are booked stand until the desk cancels them.",
        "Complete order",
        "The order is completed.",
    ),
    "enter-in-error": Move(
        S.ENTERED_IN_ERROR,
        orders.enter_in_error,
        "Should this order never have been signed?",
        "It stays readable, marked as entered in error. Nothing can be booked or given on it any more.",
        "Mark as entered in error",
        "The order is marked as entered in error.",
        danger=True,
    ),
    "supersede": Move(
        S.SUPERSEDED,
        orders.supersede,
        "Write a new version?",
        "You begin with an empty order; this one is shown beside it, to read. It holds until you sign the new one.",
        "Begin new version",
        "The new version is empty. Write all of it anew.",
    ),
}


@page(Permission.SEE_PATIENTS)
def order_page(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """A signed order; clinicians read it, the desk sees what booking needs. One's own draft opens as a form."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    if not order.is_signed:
        return redirect("order-new", order.patient_id)
    may_read = can(asked.user, Permission.SEE_CLINICAL)
    visits, now = fulfilment.visits_of(order), timezone.now()
    held, until = held_of(visits)
    context = shown(
        order.patient,
        asked,
        view=orders.desk_view(order),
        order=order if may_read else None,
        sections=sections_of(order) if may_read else [],
        standing=order.standing if may_read else None,
        newer=Order.objects.filter(supersedes=order, signed_at__isnull=False).first(),
        older_id=order.supersedes_id,
        visits=visits,
        held=held if can(asked.user, Permission.BOOK) else [],
        held_until=until,
        to_repair=[visit for visit in visits if visit.needs_repair],
        given=listed(order),
        may_read=may_read,
        left=fulfilment.visits_left(order),
        coming=fulfilment.standing_visits(order, now=now),
        moves=_moves(asked, order),
    )
    return render(request, "infusions/order.html", context)


def _moves(request: StaffRequest, order: Order) -> set[str]:
    """The names of the moves that this person can make now."""
    if not can(request.user, Permission.WRITE_ORDERS):
        return set()
    allowed = ORDER_MOVES[OrderStatus(order.standing.status)]
    return {name for name, move in MOVES.items() if move.to in allowed}


def standing_page(name: str) -> Callable[..., Any]:
    """The page that asks why, and moves the order."""
    move = MOVES[name]

    @page(Permission.WRITE_ORDERS)
    def asking(request: HttpRequest, order_id: UUID) -> HttpResponse:
        asked: StaffRequest = request  # type: ignore[assignment]
        order = order_of(asked, order_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST":
            moved = submitted(
                form, lambda values: move.door(order_id=order.pk, by=asked.user, now=timezone.now(), **values)
            )
            if moved is not None:
                messages.success(request, move.done)
                return redirect("order", moved.pk if isinstance(moved, Order) else order.pk)
        context = shown(order.patient, asked, order=order, form=form, move=move)
        return render(request, "infusions/order_move.html", context, status=422 if form.errors else 200)

    asking.__name__ = f"order_{name}"
    return asking


@page(Permission.SEE_CLINICAL_HISTORY)
def order_history(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Who wrote, signed, held and stopped it."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    acts = histories.of_order(order.pk, asked.user)
    back = reverse("order", args=[order.pk])
    return history_of(asked, acts, patient=order.patient, sub="Protocol order", back=back)


@act(Permission.BOOK)
def order_release(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Cancel the coming visits of an order that no longer holds."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    reason = f"The order is {orders.signed_order(order.pk).standing.status.replace('-', ' ')}."
    released = fulfilment.release(order_id=order.pk, reason=reason, by=asked.user, now=timezone.now())
    messages.success(request, f"{len(released)} visits cancelled.")
    return redirect("order", order.pk)
