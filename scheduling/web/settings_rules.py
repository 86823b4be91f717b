"""What does this clinic call late, and how long does it hold a place?"""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, page
from config.staff.permissions import Permission
from scheduling.models import BookingRules
from scheduling.rules import BOUNDS, change_rules, rules_of
from scheduling.touched import Changed
from scheduling.web.settings import Deed, carried_out, shown, simply
from scheduling.web.settings_forms import RulesForm

P = Permission


@page(P.MANAGE_CLINIC)
def rules(request: StaffRequest) -> HttpResponse:
    """The clinic's own limits."""
    clinic = request.user.clinic
    stands = rules_of(clinic)
    form = RulesForm(request.POST or None, initial={name: getattr(stands, name) for name in (*BOUNDS, "version")})

    def again(status: int) -> HttpResponse:
        context = {"form": form, "stands": facts(rules_of(clinic)) if status == 409 else []}
        return shown(request, "settings-rules", "settings_rules", status=status, **context)

    if request.method != "POST":
        return again(200)

    def door(data: dict[str, Any]) -> Changed[Any]:
        return simply(change_rules(clinic=clinic, by=request.user, **data))

    deed = Deed(door, "Booking rules", "Save", "The booking rules are changed.", reverse("settings-rules"))
    return carried_out(request, form, deed, again)


def facts(stands: BookingRules) -> list[tuple[str, str]]:
    """What is saved, in words."""
    return [(str(RulesForm.base_fields[name].label), str(getattr(stands, name))) for name in BOUNDS]


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest) -> HttpResponse:
    """Who changed what about the rules."""
    stands = rules_of(request.user.clinic)
    acts = [Strand(BookingRules, "id", stands.pk)]
    return drawer(request, acts, title="History", sub="Booking rules", back=reverse("settings-rules"))
