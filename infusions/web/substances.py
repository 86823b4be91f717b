"""Reading the controlled-substance log: its locations, the rows of one, two counts beside each other, a visit."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.lists import page_of
from config.http.pages import StaffRequest, page
from config.refusals import NotFound
from config.staff.permissions import Permission, can
from infusions import flowsheet, substances
from infusions.models import Quantity, StorageLocation, SubstanceLogEntry
from infusions.models.substances import SAYS, LogKind
from infusions.substances.reading import lines_of
from infusions.web.substances_forms import TITLES, FilterForm
from infusions.web.visits import framed, visit_of

P = Permission


def location_of(request: StaffRequest, pk: UUID) -> StorageLocation:
    """A location of the person's clinic. Raises NotFound."""
    found = StorageLocation.objects.select_related("clinic").filter(clinic=request.user.clinic_id, pk=pk).first()
    if found is None:
        raise NotFound("There is no such storage location.")
    return found


def acts(location: StorageLocation, *, of_visit: UUID | None = None) -> list[dict[str, str]]:
    """A button a kind. `of_visit` leaves those that name a visit, and carries its id and nothing else."""
    kinds = [kind for kind in LogKind if of_visit is None or "visit" in SAYS[kind]]
    carried = f"?visit={of_visit}" if of_visit else ""
    return [
        {
            "kind": kind,
            "label": TITLES[kind][0],
            "url": reverse("substance-write", args=[location.pk, kind]) + carried,
        }
        for kind in kinds
    ]


@page(P.SEE_SUBSTANCES)
def locations_page(request: StaffRequest) -> HttpResponse:
    """Where is what kept?"""
    clinic = request.user.clinic
    kept = StorageLocation.objects.filter(clinic=clinic).order_by("-in_use", "name")
    context = {"locations": kept, "substances": substances.listed(clinic=clinic)}
    return render(request, "infusions/substances.html", context)


@page(P.SEE_SUBSTANCES)
def log_page(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What became of the stock of this location? The newest row first."""
    location = location_of(request, pk)
    form = FilterForm(request.GET or None, location=location)
    valid = form.is_valid() if form.is_bound else True
    rows = substances.log(location, **form.wanted()) if valid else SubstanceLogEntry.objects.none()
    listed = page_of(request, rows, by=("observed_at", "id"), falling=True)
    context = {
        "location": location,
        "form": form,
        "page": listed,
        "lines": lines_of(listed.rows),
        "filtered": form.is_bound and (not valid or bool(form.wanted())),
        "acts": acts(location) if location.in_use and can(request.user, P.WRITE_SUBSTANCES) else [],
    }
    return render(request, "infusions/substances_log.html", context)


@page(P.SEE_SUBSTANCES)
def counts_page(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Two typed counts beside each other, as text. Whether they agree is for whoever reads them."""
    location = location_of(request, pk)
    kept = substances.counts(location)
    listed = page_of(request, kept, by=("observed_at", "id"), falling=True)
    left, right = (_chosen(request.GET.get(side, ""), kept) for side in ("left", "right"))
    context = {
        "location": location,
        "page": listed,
        "counts": listed.rows,
        "left": left,
        "right": right,
        "beside": [left, right] if left is not None and right is not None else [],
        "asked": "left" in request.GET or "right" in request.GET,
    }
    return render(request, "infusions/substances_counts.html", context)


def _chosen(named: str, counts: QuerySet[SubstanceLogEntry]) -> SubstanceLogEntry | None:
    try:
        return counts.filter(pk=UUID(named)).first()
    except ValueError:
        return None


@page(P.SEE_SUBSTANCES)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed what about this location. Rows of its log are their own history."""
    location = location_of(request, pk)
    told = [Strand(StorageLocation, "id", location.pk)]
    return drawer(request, told, title="History", sub=location.name, back=reverse("substance-log", args=[pk]))


@page(P.SEE_CLINICAL)
def visit_rows(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What the log says of this visit, beside what its own record says. Neither fills in the other."""
    visit, now = visit_of(request.user, pk), timezone.now()
    kept = StorageLocation.objects.filter(clinic=visit.clinic_id, in_use=True).order_by("name")
    amounts = [row for row in flowsheet.sheet(visit).rows if isinstance(row.entry, Quantity) and not row.struck]
    places: list[Any] = [(place, acts(place, of_visit=visit.pk)) for place in kept]
    context = framed(visit, now) | {"lines": substances.of_visit(visit), "amounts": amounts, "places": places}
    return render(request, "infusions/substances_visit.html", context)
