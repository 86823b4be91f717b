"""The waitlist: who waits, since when, for what; joining, changing, leaving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.lists import page_of
from config.http.pages import StaffRequest, act, page, submitted
from config.refusals import NotFound
from config.staff.permissions import Permission
from infusions import fulfilment, waitlist
from infusions.models import WaitlistEntry, WaitlistOffer
from infusions.orders import active_order, signed_order
from infusions.waitlist.entries import SAID
from infusions.web.finding import patient_of, shown
from infusions.web.waitlist_forms import JoinForm, WishesForm
from patients.models import Patient
from patients.web.banner import history_of
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status

P = Permission
LISTED = ("patient", "clinic", "order", "appointment")


@page(P.BOOK)
def waitlist_page(request: StaffRequest) -> HttpResponse:
    """Who waits, the longest first; or who no longer does."""
    gone = request.GET.get("tab") == "closed"
    clinic = request.user.clinic
    waiting = waitlist.open_entries(clinic)
    rows = WaitlistEntry.objects.filter(clinic=clinic, closed_at__isnull=False) if gone else waiting
    order = ("closed_at", "id") if gone else ("since", "id")
    listed = page_of(request, rows.select_related(*LISTED), by=order, falling=gone)
    now = timezone.now()
    offers = {offer.entry_id: offer for offer in waitlist.live_offers(clinic, now=now)}
    for entry in listed.rows:
        dress(entry, offers.get(entry.pk))
    url = reverse("waitlist")
    tabs = [
        {"label": "Waiting", "url": url, "count": waiting.count(), "active": not gone},
        {"label": "No longer", "url": f"{url}?tab=closed", "active": gone},
    ]
    context = {"page": listed, "tabs": tabs, "gone": gone, "offers": list(offers.values()), "now": now}
    return render(request, "infusions/waitlist.html", {**context, "undo": _undo(request)})


def _undo(request: StaffRequest) -> dict[str, str] | None:
    """Somebody was taken off the list a moment ago: the way back."""
    try:
        left = UUID(request.GET.get("left", ""))
    except ValueError:
        return None
    found = WaitlistEntry.objects.filter(clinic=request.user.clinic, pk=left, closed_at__isnull=False)
    entry = found.select_related("patient").first()
    if entry is None:
        return None
    url = reverse("waitlist-reopen", args=[entry.pk])
    return {"url": url, "text": f"{entry.patient.full_name} taken off the waitlist"}


def dress(entry: WaitlistEntry, offer: WaitlistOffer | None = None) -> Any:
    """What a page shows of it in words."""
    entry.what = waitlist.what_words(entry)  # type: ignore[attr-defined]
    entry.wishes = waitlist.wish_words(entry)  # type: ignore[attr-defined]
    entry.offer = offer  # type: ignore[attr-defined]
    entry.closed_words = SAID.get(entry.closed_reason, "")  # type: ignore[attr-defined, call-overload]
    return entry


@page(P.BOOK)
def waitlist_join(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """What they wait for, and what would suit them."""
    patient, now = patient_of(request, patient_id), timezone.now()
    coming = _coming(patient)
    initial = {"what": request.GET.get("visit")} if request.GET.get("visit") else {}
    form = JoinForm(request.POST or None, coming=coming, left=_left(patient), initial=initial)
    if request.method == "POST":
        joined = submitted(form, lambda values: _join(request, patient, form, coming, dict(values)))
        if joined is not None:
            messages.success(request, f"{patient.full_name} is on the waitlist.")
            return redirect("waitlist")
    context = shown(patient, request, form=form, waits=_waits(patient), now=now)
    return render(request, "infusions/waitlist_join.html", context, status=422 if form.errors else 200)


def _coming(patient: Patient) -> list[Appointment]:
    found = Appointment.objects.filter(patient=patient, status=Status.BOOKED, start__gt=timezone.now())
    return list(found.select_related("clinic").order_by("start")[:20])


def _left(patient: Patient) -> int:
    order = active_order(patient=patient)
    return (fulfilment.visits_left(signed_order(order.pk)) or 0) if order else 0


def _waits(patient: Patient) -> list[Any]:
    found = waitlist.open_entries(patient.clinic).filter(patient=patient).select_related(*LISTED)
    return [dress(entry) for entry in found]


def _join(
    request: StaffRequest, patient: Patient, form: JoinForm, coming: list[Appointment], values: dict[str, Any]
) -> WaitlistEntry:
    for name in ("what", "version"):
        values.pop(name)
    consult = form.cleaned_data["what"] == VisitKind.CONSULT
    minutes = values.pop("minutes")
    return waitlist.join(
        patient=patient,
        kind=VisitKind.CONSULT if consult else VisitKind.INFUSION,
        appointment=next((visit for visit in coming if visit.pk == form.visit), None),
        minutes=minutes if consult else None,
        by=request.user,
        now=timezone.now(),
        **values,
    )


def entry_of(request: StaffRequest, pk: UUID) -> WaitlistEntry:
    """An entry of the person's clinic. Raises NotFound."""
    related = (*LISTED, "patient__clinic", "patient__allergies_confirmed_by", "added_by")
    found = WaitlistEntry.objects.select_related(*related).filter(pk=pk, clinic=request.user.clinic).first()
    if found is None:
        raise NotFound("There is no such waitlist entry.")
    return found


@page(P.BOOK)
def waitlist_entry(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What they wish; changed here."""
    entry = entry_of(request, pk)
    form = WishesForm(request.POST or None, entry=entry)
    if request.method == "POST":
        changed = submitted(form, lambda values: waitlist.change(entry_id=pk, by=request.user, **values))
        if changed is not None:
            messages.success(request, "Saved. Their place in the line is the same.")
            return redirect("waitlist")
        entry = entry_of(request, pk)
    offers = entry.offers.select_related("chair", "made_by").order_by("-made_at")[:20]
    context = shown(entry.patient, request, entry=dress(entry), form=form, offers=offers, now=timezone.now())
    return render(request, "infusions/waitlist_entry.html", context, status=422 if form.errors else 200)


@act(P.BOOK)
def waitlist_leave(request: StaffRequest, pk: UUID) -> HttpResponse:
    """They no longer want to wait; the bar takes it back."""
    entry = entry_of(request, pk)
    waitlist.leave(entry_id=entry.pk, by=request.user, now=timezone.now())
    return redirect(f"{reverse('waitlist')}?left={entry.pk}")


@act(P.BOOK)
def waitlist_reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """They wait after all, from their old place in the line."""
    entry = waitlist.reopen(entry_id=entry_of(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, f"{entry.patient.full_name} waits again, since when they did.")
    answer = redirect("waitlist")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer


@page(P.BOOK)
def waitlist_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who put them on the list and changed what."""
    entry = entry_of(request, pk)
    acts = [Strand(WaitlistEntry, "id", entry.pk), Strand(WaitlistOffer, "entry_id", entry.pk, "Offer")]
    back = reverse("waitlist-entry", args=[pk])
    return history_of(request, acts, patient=entry.patient, sub="Waitlist", back=back)
