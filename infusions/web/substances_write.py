"""Writing in the controlled-substance log: one form a kind, and the same form, empty, beside a row that is wrong."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.http.pages import StaffRequest, answer_status, page, submitted
from config.refusals import Invalid, NotFound
from config.staff.permissions import Permission
from infusions import substances
from infusions.models import SubstanceLogEntry, Visit
from infusions.models.substances import SAYS, LogKind
from infusions.substances.reading import RELATED, Line
from infusions.web.substances import location_of
from infusions.web.substances_forms import LogForm
from infusions.web.visits import framed, visit_of

P = Permission
# What of a form a row that strikes another says.
OF_A_STRIKE = ("client_id", "witness", "witness_password")


@page(P.WRITE_SUBSTANCES)
def write(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    """What happened? Nothing on this form is filled in beforehand."""
    if kind not in list(LogKind):
        raise NotFound("There is no such kind of row.")
    location, now, visit = location_of(request, pk), timezone.now(), _visit(request, LogKind(kind))
    frame: dict[str, Any] = {"location": location, "kind": LogKind(kind), "by": request.user, "now": now}
    form = LogForm(request.POST if request.method == "POST" else None, **frame, visit=visit)
    if request.method == "POST":
        more: dict[str, Any] = {"location_id": location.pk, "kind": LogKind(kind), "by": request.user, "now": now}
        written = submitted(form, lambda values: at_its_input(lambda: substances.write(**more, **values)))
        if written is not None:
            messages.success(request, f"Written: {written.get_kind_display().lower()}.")
            return _back(written, visit)
    return _shown(request, form)


@page(P.WRITE_SUBSTANCES)
def correct(request: StaffRequest, entry: UUID) -> HttpResponse:
    """What is right instead; or strike the row without another in its place."""
    old = _row(request, entry)
    now, visit = timezone.now(), old.visit
    location = location_of(request, old.location_id)
    frame: dict[str, Any] = {"location": location, "kind": LogKind(old.kind), "by": request.user, "now": now}
    form = LogForm(request.POST if request.method == "POST" else None, **frame, corrects=old)
    if request.method == "POST":
        more = {"entry_id": old.pk, "by": request.user, "now": now}
        door = _strike if "strike" in request.POST else _correct
        written = submitted(form, lambda values: at_its_input(lambda: door(more, values)))
        if written is not None:
            messages.success(request, "Struck." if written.entered_in_error else "Corrected.")
            return _back(written, visit)
    return _shown(request, form, Line(old))


def _correct(more: dict[str, Any], values: dict[str, Any]) -> SubstanceLogEntry:
    return substances.correct(**more, **{"correction_reason": "", **values})


def _strike(more: dict[str, Any], values: dict[str, Any]) -> SubstanceLogEntry:
    said = {name: values[name] for name in OF_A_STRIKE if name in values}
    return substances.strike(**more, correction_reason=values.get("correction_reason", ""), **said)


def at_its_input(door: Any) -> SubstanceLogEntry:
    """What the door says of `observed_at` belongs to the input in which a time is typed."""
    try:
        written: SubstanceLogEntry = door()
    except Invalid as refusal:
        errors = {"at" if name == "observed_at" else name: texts for name, texts in refusal.errors.items()}
        raise Invalid(refusal.message, errors=errors, code=refusal.code) from refusal
    return written


def _visit(request: StaffRequest, kind: LogKind) -> Visit | None:
    """The visit from whose page somebody came. Raises NotFound for one that is not of the clinic."""
    named = request.GET.get("visit", "")
    if not named or "visit" not in SAYS[kind]:
        return None
    try:
        return visit_of(request.user, UUID(named))
    except ValueError:
        raise NotFound("There is no such visit.") from None


def _row(request: StaffRequest, pk: UUID) -> SubstanceLogEntry:
    mine = SubstanceLogEntry.objects.filter(location__clinic=request.user.clinic_id, entered_in_error=False)
    found = mine.select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such row.")
    return found


def _back(written: SubstanceLogEntry, visit: Visit | None) -> HttpResponse:
    if visit is not None:
        return redirect(reverse("visit-substances", args=[visit.pk]))
    return redirect(reverse("substance-log", args=[written.location_id]))


def _shown(request: StaffRequest, form: LogForm, old: Line | None = None) -> HttpResponse:
    about = framed(form.of_visit, form.now) if form.of_visit is not None else {}
    context = {**about, "form": form, "location": form.location, "old": old, "url": request.get_full_path()}
    return render(request, "infusions/substances_write.html", context, status=answer_status(form))
