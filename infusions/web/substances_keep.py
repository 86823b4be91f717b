"""The lists behind the log: its locations, which managers keep, and what is kept, which clinicians describe."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, answer_status, page, submitted
from config.refusals import NotFound
from config.staff.permissions import Permission
from infusions import substances
from infusions.models import StorageLocation, Substance
from infusions.web.substances import location_of
from infusions.web.substances_forms import LocationForm, SubstanceForm

P = Permission
KEPT = ("name", "address", "registration_number")


@page(P.MANAGE_CLINIC)
def location_new(request: StaffRequest) -> HttpResponse:
    """One more registered location."""
    form = LocationForm(request.POST if request.method == "POST" else None)
    del form.fields["in_use"], form.fields["version"]
    if request.method == "POST":
        kept = submitted(form, lambda values: substances.add_location(by=request.user, **values))
        if kept is not None:
            messages.success(request, f"{kept.name} is kept.")
            return redirect("substance-log", kept.pk)
    context = {"form": form, "location": None}
    return render(request, "infusions/substances_location.html", context, status=answer_status(form))


@page(P.MANAGE_CLINIC)
def location_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What it is called, where it is, and whether it is in use."""
    location = location_of(request, pk)
    stands = {name: getattr(location, name) for name in (*KEPT, "in_use", "version")}
    form = LocationForm(request.POST if request.method == "POST" else None, initial=stands)
    if request.method == "POST":
        more: dict[str, Any] = {"location_id": location.pk, "by": request.user}
        changed = submitted(form, lambda values: substances.change_location(**more, **values))
        if changed is not None:
            messages.success(request, f"{changed.name} is changed.")
            return redirect("substance-log", location.pk)
    status = answer_status(form)
    context = {"form": form, "location": location, "stands": _stands(form, location) if status == 409 else []}
    return render(request, "infusions/substances_location.html", context, status=status)


def _stands(form: LocationForm, location: StorageLocation) -> list[tuple[str, str]]:
    """What is saved now; the form takes on that version, so that the next save counts."""
    location.refresh_from_db()
    sent = cast("QueryDict", form.data).copy()
    sent["version"] = str(location.version)
    form.data = sent
    told = [(str(form.fields[name].label), getattr(location, name)) for name in KEPT]
    return [*told, ("In use", "yes" if location.in_use else "no")]


@page(P.WRITE_SUBSTANCES)
def substance_new(request: StaffRequest) -> HttpResponse:
    """What is kept, as it stands on the label. Every input is empty."""
    form = SubstanceForm(request.POST if request.method == "POST" else None)
    del form.fields["correction_reason"]
    if request.method == "POST":
        more: dict[str, Any] = {"by": request.user, "now": timezone.now()}
        kept = submitted(form, lambda values: substances.describe(**more, **values))
        if kept is not None:
            messages.success(request, "It is on the list.")
            return redirect("substances")
    return _described(request, form, None)


@page(P.WRITE_SUBSTANCES)
def substance_anew(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Another description in its place, or none."""
    old = Substance.objects.select_related("author").filter(clinic=request.user.clinic_id, pk=pk, retired=False).first()
    if old is None:
        raise NotFound("There is no such substance.")
    form = SubstanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        more: dict[str, Any] = {"substance_id": old.pk, "by": request.user, "now": timezone.now()}
        kept = submitted(form, lambda values: _anew(more, values, retire="retire" in request.POST))
        if kept is not None:
            messages.success(request, "It is off the list." if kept.retired else "The new words are on the list.")
            return redirect("substances")
    return _described(request, form, old)


def _anew(more: dict[str, Any], values: dict[str, Any], *, retire: bool) -> Substance:
    reason = values.pop("correction_reason")
    if retire:
        return substances.retire(**more, reason=reason)
    return substances.describe_anew(**more, reason=reason, **values)


def _described(request: StaffRequest, form: SubstanceForm, old: Substance | None) -> HttpResponse:
    context = {"form": form, "old": old}
    return render(request, "infusions/substances_substance.html", context, status=answer_status(form))
