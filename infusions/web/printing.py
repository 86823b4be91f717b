"""The record of a visit and a signed order on paper.

Each is read and drawn in the transaction in which it is written down that it was printed: a button's press, never an
address that shows a record without a trace.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from config.audit.acting import recorded
from config.audit.disclosures import disclosed
from config.audit.models import DisclosureKind
from config.http.pages import StaffRequest, act
from config.staff.permissions import Permission
from infusions import orders, signing
from infusions.web.finding import order_of
from infusions.web.order_paper import on_paper
from infusions.web.visits import record, visit_of

P = Permission
PRINT = DisclosureKind.PRINT


@act(P.SEE_CLINICAL)
def visit_print(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The whole record of a visit."""
    with recorded(by=request.user):
        visit = visit_of(request.user, pk)
        disclosed(kind=PRINT, what="Visit record", record=visit.pk, by=request.user)
        context = record(visit, timezone.now())
        context |= {"what": "Visit record", "checked": _checked(context), "back": reverse("visit", args=[visit.pk])}
        return render(request, "infusions/visit_print.html", context)


def _checked(context: dict[str, Any]) -> list[bool]:
    """Of the signed note and of each addendum, whether it is still what was signed."""
    signed = [context["note"], *context["addenda"]] if context["signed"] else []
    return [signing.is_intact(one) for one in signed]


@act(P.SEE_CLINICAL)
def order_print(request: StaffRequest, order_id: UUID) -> HttpResponse:
    """A signed order of whatever version. Raises Clash for a draft, which orders nothing."""
    with recorded(by=request.user):
        order = orders.signed_order(order_of(request, order_id).pk)
        disclosed(kind=PRINT, what="Signed order", record=order.pk, by=request.user)
        paper, back = on_paper(order), reverse("order", args=[order.pk])
        context = {"paper": paper, "what": paper["what"], "patient": order.patient, "back": back}
        return render(request, "infusions/order_print.html", context)
