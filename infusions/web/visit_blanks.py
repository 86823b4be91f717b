"""What a tablet at the chair fetches beforehand, so that charting goes on when the network is lost."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from config.http.pages import StaffRequest, page
from config.staff.permissions import Permission
from infusions.models import Visit
from infusions.models.flowsheet import AdministrationKind
from infusions.web.visit_fields import EntryForm
from infusions.web.visit_forms import FORMS, AdministrationForm
from infusions.web.visits import live, visit_of

STEPS = (AdministrationKind.START, AdministrationKind.RATE, AdministrationKind.BOLUS, AdministrationKind.END)
# Where the infusion stands after a step that the server has not heard of yet.
STAGES = (
    {"after": ("start", "resume"), "infusing": True, "paused": False},
    {"after": ("pause",), "infusing": True, "paused": True},
    {"after": ("end",), "infusing": False, "paused": False},
)


@page(Permission.CHART)
def blank_forms(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Every form that may wait on a tablet, empty, under the address that opens it; and the buttons of each stage."""
    visit, now = visit_of(request.user, pk), timezone.now()
    context = live(visit, now) | {"blanks": list(_blanks(visit, now)), "stages": STAGES}
    return render(request, "infusions/visit_blanks.html", context)


def _blanks(visit: Visit, now: datetime) -> Iterator[tuple[str, EntryForm]]:
    steps = reverse("visit-chart", args=[visit.pk, "administrations"])
    for step in STEPS:
        yield f"{steps}?kind={step}", AdministrationForm(visit=visit, now=now, kind=step)
    for kind, form in FORMS.items():
        if form.may_wait and kind not in {"administrations", "vitals"}:
            yield reverse("visit-chart", args=[visit.pk, kind]), form(visit=visit, now=now)
