"""The lists that a manager keeps in the clinic's own words, a line an item: screening, discharge."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, View, land, page, submitted
from config.refusals import Stale
from config.staff.permissions import Permission
from infusions import listing
from infusions.models import DischargeItem, ScreeningItem
from infusions.models.screening import ClinicLine
from infusions.web.visit_fields import QUIET
from scheduling.web.settings import tabs


@dataclass(frozen=True)
class Kind:
    """One list, as its page words it. `name` is the name of its address."""

    model: type[ClinicLine]
    name: str
    title: str
    label: str
    text: str


SCREENING = Kind(
    ScreeningItem,
    "screening-list",
    "Screening list",
    "What your clinic finds out, one item a line",
    "Clinicians answer these for each person before a prescriber decides on candidacy. The order here is the order "
    "there.",
)
DISCHARGE = Kind(
    DischargeItem,
    "discharge-list",
    "Discharge list",
    "What your clinic looks at before somebody goes, one item a line",
    "Clinicians say of each, at every discharge, whether it is met; they stand below what every discharge asks. One "
    "that is open needs a reason.",
)


class ListForm(forms.Form):
    """The clinic's list, a line an item. `seen` names the list as it was shown."""

    use_required_attribute = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    items = forms.CharField(required=False, widget=forms.Textarea(attrs={**QUIET, "rows": 14}))


def list_page(kind: Kind) -> View:
    """The page of one list."""

    @page(Permission.MANAGE_CLINIC)
    def shown(request: HttpRequest) -> HttpResponse:
        asked: StaffRequest = request  # type: ignore[assignment]
        if asked.method == "POST":
            return _saved(asked, kind)
        listed = listing.items(kind.model, clinic=asked.user.clinic)
        start = {"items": "\n".join(item.wording for item in listed), "seen": listing.mark_of(listed)}
        context = {"form": ListForm(initial=start), "listed": listed, "kind": kind, "tabs": tabs(kind.name)}
        return render(asked, "infusions/clinic_list.html", context)

    shown.__name__ = kind.name.replace("-", "_")
    return shown


def _saved(request: StaffRequest, kind: Kind) -> HttpResponse:
    form = ListForm(request.POST)
    theirs: list[str] = []

    def put(values: dict[str, Any]) -> Any:
        nonlocal theirs
        try:
            return listing.put_items(
                kind.model,
                clinic=request.user.clinic,
                wordings=values["items"].splitlines(),
                by=request.user,
                now=timezone.now(),
                seen=values["seen"],
            )
        except Stale as refusal:
            theirs = refusal.facts["theirs"]
            again = request.POST.copy()
            again["seen"] = str(refusal.facts["current"])
            form.data = again
            land(form, refusal)
            return None

    listed = submitted(form, put)
    if listed is not None:
        messages.success(request, "List saved.")
        return redirect(kind.name)
    now_listed = listing.items(kind.model, clinic=request.user.clinic)
    context = {"form": form, "theirs": theirs, "listed": now_listed, "kind": kind, "tabs": tabs(kind.name)}
    return render(request, "infusions/clinic_list.html", context, status=409 if theirs else 422)
