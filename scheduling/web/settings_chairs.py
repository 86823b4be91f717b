"""Where can we treat? Chairs and recovery places."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, page
from config.refusals import NotFound
from config.staff.permissions import Permission
from scheduling import places
from scheduling.models import Chair
from scheduling.touched import Changed
from scheduling.web.settings import Deed, carried_out, shown, simply
from scheduling.web.settings_forms import ChairForm

P = Permission
FIELDS = ("name", "kind", "purpose", "pod", "position", "turnover_minutes", "in_service")


@page(P.MANAGE_CLINIC)
def chairs(request: StaffRequest) -> HttpResponse:
    """All of them, and a form for one more."""
    clinic = request.user.clinic
    last = Chair.objects.filter(clinic=clinic).order_by("-position").values_list("position", flat=True).first()
    form = ChairForm(request.POST or None, initial={"position": (last or 0) + 1})
    del form.fields["in_service"]

    def again(status: int) -> HttpResponse:
        rows = Chair.objects.filter(clinic=clinic)
        return shown(request, "settings-chairs", "settings_chairs", status=status, chairs=rows, form=form)

    if request.method != "POST":
        return again(200)

    def door(data: dict[str, Any]) -> Changed[Any]:
        data = {name: data[name] for name in FIELDS if name in data}
        return simply(places.add_chair(clinic=clinic, by=request.user, **data))

    name = str(form.data.get("name", "")).strip()
    deed = Deed(door, "Add a chair", "Add", f"{name} can be booked now.", reverse("settings-chairs"))
    return carried_out(request, form, deed, again)


def found(request: StaffRequest, pk: UUID) -> Chair:
    """The chair, looked up in the person's clinic. Raises NotFound."""
    chair = Chair.objects.filter(clinic=request.user.clinic, pk=pk).first()
    if chair is None:
        raise NotFound("There is no such chair.")
    return chair


@page(P.MANAGE_CLINIC)
def chair(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One of them: what it is, and whether it is in service."""
    one = found(request, pk)
    stands = {name: getattr(one, name) for name in (*FIELDS, "version")}
    form = ChairForm(request.POST or None, initial=stands)

    def again(status: int) -> HttpResponse:
        context = {"chair": one, "form": form, "stands": facts(found(request, pk)) if status == 409 else []}
        return shown(request, "settings-chairs", "settings_chair", status=status, **context)

    if request.method != "POST":
        return again(200)

    def door(data: dict[str, Any]) -> Changed[Any]:
        return places.change_chair(chair_id=one.pk, by=request.user, now=timezone.now(), **data)

    deed = Deed(door, f"Change {one.name}", f"Change {one.name}", f"{one.name} is changed.", reverse("settings-chairs"))
    return carried_out(request, form, deed, again)


def facts(one: Chair) -> list[tuple[str, str]]:
    """What is saved of a chair, in words."""
    return [
        ("Name", one.name),
        ("Kind", one.get_kind_display()),
        ("For", one.get_purpose_display()),
        ("Room or pod", one.pod),
        ("Place on the board", str(one.position)),
        ("Turnover", f"{one.turnover_minutes} minutes"),
        ("In service", "yes" if one.in_service else "no"),
    ]


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed what about this chair."""
    one = found(request, pk)
    acts = [Strand(Chair, "id", one.pk)]
    return drawer(request, acts, title="History", sub=one.name, back=reverse("settings-chair", args=[pk]))
