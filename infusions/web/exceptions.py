"""A prescriber's signed word that one visit may depart from the order."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, answer_status, page, submitted
from config.staff.permissions import Permission
from infusions import exceptions, orders
from infusions.models import ExceptionKind, Order
from infusions.web.finding import order_of, shown
from scheduling.wall_clock import words

KINDS = {
    ExceptionKind.OUTSIDE_GAPS: "One visit outside the gaps",
    ExceptionKind.NO_ESCORT: "One visit without an escort",
}


class ExceptionForm(forms.Form):
    """Everything is typed anew; nothing is filled in for the prescriber."""

    kind = forms.ChoiceField(
        label="What is allowed",
        widget=forms.RadioSelect,
        choices=[(kind.value, label) for kind, label in KINDS.items()],
        error_messages={"required": "Say what is allowed."},
    )
    day = forms.DateField(
        label="On the day",
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={"required": "Give the day of the visit."},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write your reason."},
    )
    password = forms.CharField(
        label="Your password, to sign",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Sign with your password."},
    )


@page(Permission.WRITE_ORDERS)
def order_exceptions(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """What is allowed, for which day, and why; signed with the password."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = orders.signed_order(order_of(asked, order_id).pk)
    form = ExceptionForm(request.POST or None)
    if request.method == "POST":
        allowed = submitted(form, lambda values: _allow(asked, order, values))
        if allowed is not None:
            messages.success(request, "The exception is signed. The desk can book that visit now.")
            return redirect("order", order.pk)
    context = shown(order.patient, asked, order=order, form=form, given=listed(order), may_read=True)
    return render(request, "infusions/order_exception_form.html", context, status=answer_status(form))


def _allow(request: StaffRequest, order: Order, typed: dict[str, Any]) -> Any:
    return exceptions.allow(order_id=order.pk, by=request.user, now=timezone.now(), **typed)


def listed(order: Order) -> list[dict[str, Any]]:
    """Each exception with the visits that came to use it, newest first."""
    return [
        {
            "exception": given,
            "what": KINDS[ExceptionKind(given.kind)],
            "uses": [_use(use.appointment, order) for use in given.uses.all()],
        }
        for given in exceptions.of_order(order)
    ]


def _use(visit: Any, order: Order) -> dict[str, Any]:
    start: datetime = visit.start
    return {"pk": visit.pk, "when": words(start, order.clinic.tz), "state": visit.state_key}
