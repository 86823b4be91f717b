"""Past visits of which nobody has said what became of them. Only a person says so, one press each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.http.lists import page_of
from config.http.pages import StaffRequest, act, offer_undo, page, whole_number
from config.refusals import Invalid
from config.staff.permissions import Permission, can
from scheduling import booking, reading
from scheduling.states import MOVES, Status
from scheduling.web.appointments import SAID, found

P = Permission
# What the desk can say of a visit that is past; whoever came goes on to the record, late.
OUTCOMES = {
    Status.ARRIVED: "Came",
    Status.NO_SHOW: "No-show",
    Status.CANCELLED_BY_PATIENT: "Cancelled by patient",
    Status.CANCELLED_LATE: "Cancelled late",
    Status.CANCELLED_BY_CLINIC: "Cancelled by clinic",
}
PERMITS = MOVES[Status.BOOKED]


@page(P.BOOK)
def worklist(request: StaffRequest) -> HttpResponse:
    """The oldest first."""
    return _listed(request)


def _listed(request: StaffRequest, *, status: int = 200, **refused: Any) -> HttpResponse:
    """The list; `refused` names the visit that was not settled, why, and what was typed beside it."""
    now = timezone.now()
    rows = reading.unresolved(clinic=request.user.clinic, now=now)
    context = {
        **refused,
        "page": page_of(request, rows, by=("start", "id")),
        "count": rows.count(),
        "now": now,
        "outcomes": [(status.value, words) for status, words in OUTCOMES.items() if can(request.user, PERMITS[status])],
    }
    return render(request, "scheduling/unresolved.html", context, status=status)


@act(P.BOOK)
def settle(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What became of one: one press, with the reason that was typed beside it."""
    visit = found(request, pk)
    text = request.POST.get("to", "")
    if text not in set(OUTCOMES):
        raise Invalid("Say what became of the visit.", field="to")
    reason, version = request.POST.get("reason", "").strip(), request.POST.get("version", "")
    try:
        done = booking.apply(
            appointment_id=visit.pk,
            to=Status(text),
            reason=reason,
            by=request.user,
            now=timezone.now(),
            version=whole_number(version),
        )
    except Invalid as refusal:
        if refusal.field != "reason":
            raise
        return _listed(request, status=422, refused=visit.pk, words=refusal.message, typed=reason)
    said = SAID.get(Status(done.status), done.status.replace("-", " "))
    words = f"{visit.patient.full_name} {said}"
    messages.success(request, f"{words}.")
    offer_undo(request, url=f"{reverse('appointment-undo', args=[done.pk])}?version={done.version}", text=words)
    return redirect("unresolved")
