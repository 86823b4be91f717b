"""What stands beside a visit: its order in a sentence, the messages about it, what was last changed. From each app."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.audit.reading import HistoryEntry, entries
from config.http.pages import StaffRequest, page
from config.refusals import NotFound
from config.staff.permissions import Permission, can
from infusions import exceptions, fulfilment, orders, rescheduling
from infusions.downtime import EXPECTED
from infusions.models import Order
from infusions.strip import strips
from infusions.web.strips import shown
from notifications.models import Message
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.reading import shared_with

P = Permission
MESSAGES_SHOWN, ACTS_SHOWN = 5, 3


@page(P.SEE_SCHEDULE)
def visit_beside(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A fragment for the drawer, and a small page by itself."""
    visits = Appointment.objects.filter(clinic=request.user.clinic, pk=pk).select_related("clinic", "patient", "chair")
    visit = visits.first()
    if visit is None:
        raise NotFound("There is no such appointment.")
    context = {
        "visit": visit,
        "patient": visit.patient,
        "shared": shared_with(visit),
        "expected": visit.status in EXPECTED,
        "messages_about": _messages(visit, request),
        "tail": _tail(visit) if can(request.user, P.SEE_HISTORY) else [],
        **_order(visit),
        **_strip(visit, request),
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "visit_beside.html" if is_fragment else "visit_beside_page.html", context)


def _order(visit: Appointment) -> dict[str, Any]:
    """What booking may say of the order, and which exception the visit stands under."""
    order: Order | None = rescheduling.order_of(visit) if visit.kind == VisitKind.INFUSION else None
    if order is None:
        return {}
    allowed = [
        given for given in exceptions.of_order(order) if any(use.appointment_id == visit.pk for use in given.uses.all())
    ]
    left = fulfilment.visits_left(order)
    return {"view": orders.desk_view(order), "left": left, "allowed": allowed, "today": timezone.now()}


def _strip(visit: Appointment, request: StaffRequest) -> dict[str, Any]:
    """What is recorded before the start, as the role may see it: the desk whether, clinicians what."""
    found = strips([visit], clinic=request.user.clinic).get(visit.pk)
    if found is None:
        return {}
    clinical = can(request.user, P.SEE_CLINICAL)
    told = found if clinical else found.without_content
    return {"strip": told, "strip_points": shown(told, patient=visit.patient, asks=clinical)}


def _messages(visit: Appointment, request: StaffRequest) -> list[Message]:
    if not can(request.user, P.SEE_MESSAGES):
        return []
    return list(Message.objects.filter(appointment=visit).order_by("-due_at", "-id")[:MESSAGES_SHOWN])


def _tail(visit: Appointment) -> list[HistoryEntry]:
    return entries(visit, size=ACTS_SHOWN)
