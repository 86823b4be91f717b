"""A freed place: who can take it, whom it is offered to, and what they answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.audit.guards import in_words
from config.http.pages import StaffRequest, page
from config.refusals import Clash, Invalid, NotFound, Refused
from config.staff.permissions import Permission
from infusions import waitlist
from infusions.elsewhere import may_be_offered
from infusions.models import WaitlistOffer
from infusions.models.waitlist import Answer, How
from infusions.waitlist import Place, Verdict
from infusions.web.finding import shown
from infusions.web.waitlist import dress, entry_of
from scheduling.models import Appointment
from scheduling.wall_clock import words

P = Permission
# What may come back with the answer to an offer, besides its yes and no.
BACK = "withdrawn"
FREE_WORDS = "The place stays free on the board. Below stands why each of them cannot."
TAKEN_WORDS = "A visit stands there by now. Below stands why each of them cannot."


@page(P.BOOK)
def freed_place(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who can take the place of this cancelled or moved visit? POST offers it to one of them."""
    visit = _visit(request, pk)
    try:
        place = waitlist.freed_place(visit, now=timezone.now())
    except Clash as refusal:
        return render(request, "infusions/waitlist_no_place.html", {"visit": visit, "why": refusal.message})
    if request.method != "POST":
        return _show(request, visit, place)
    try:
        with in_words():
            _offer(request, place)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _show(request, visit, place, refusal=refusal)
    return redirect("freed-place", pk)


def _visit(request: StaffRequest, pk: UUID) -> Appointment:
    found = Appointment.objects.select_related("clinic", "chair", "left_chair", "patient").filter(
        pk=pk, clinic=request.user.clinic
    )
    visit = found.first()
    if visit is None:
        raise NotFound("There is no such appointment.")
    return visit


def _offer(request: StaffRequest, place: Place) -> WaitlistOffer:
    start = _moment(request.POST.get("start", ""))
    try:
        entry = entry_of(request, UUID(request.POST.get("entry", "")))
        how = How(request.POST.get("how", ""))
    except ValueError:
        raise Invalid("Choose whom you offer it to, and how.") from None
    return waitlist.offer(entry_id=entry.pk, place=place, start=start, how=how, by=request.user, now=timezone.now())


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid("That is not a time.", field="start")
    return moment


def _show(request: StaffRequest, visit: Appointment, place: Place, *, refusal: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    offers = waitlist.offers_of(place, now=now)
    asked = {offer.entry_id for offer in offers}
    found = [fit for fit in waitlist.fits(place=place, now=now) if fit.entry.pk not in asked]
    for fit in found:
        dress(fit.entry)
    by_verdict = {verdict: [fit for fit in found if fit.verdict == verdict] for verdict in Verdict}
    taken = waitlist.taken_since(place)
    context = {
        "by_message": _by_message(found) if not offers else set(),
        "taken": taken,
        "empty_words": TAKEN_WORDS if taken else FREE_WORDS,
        "visit": visit,
        "place": place,
        "when": words(place.start, place.clinic.tz),
        "board_url": reverse("board-day", args=[place.start.astimezone(place.clinic.tz).date()]),
        "offers": offers,
        "fitting": by_verdict[Verdict.FITS],
        "nearly": by_verdict[Verdict.NEARLY],
        "unfit": by_verdict[Verdict.NO],
        "nobody": _nobody(by_verdict, place) if not by_verdict[Verdict.FITS] else "",
        "refusal": refusal.message if refusal else "",
        "now": now,
    }
    return render(request, "infusions/waitlist_freed.html", context, status=refusal.status if refusal else 200)


def _by_message(found: list[Any]) -> set[UUID]:
    """The entries of whoever can be offered it by message: they agreed to it, and the clinic sends such messages."""
    able = [fit.entry for fit in found if fit.verdict != Verdict.NO]
    types = [(entry.patient, entry.appointment.visit_type_id if entry.appointment else None) for entry in able]
    reached = may_be_offered(types)
    return {entry.pk for entry in able if entry.patient_id in reached}


def _nobody(found: dict[Verdict, list[Any]], place: Place) -> str:
    """`Nobody fits; 2 would at 14:00.`"""
    starts = [fit.start for fit in found[Verdict.NEARLY] if fit.start != place.start]
    if not found[Verdict.NEARLY]:
        return "Nobody who waits can take this place."
    told = "Nobody fits as it is"
    at = {start: starts.count(start) for start in sorted(starts)}
    more = [f"{count} would at {start.astimezone(place.clinic.tz):%H:%M}" for start, count in at.items()]
    against = sum(1 for fit in found[Verdict.NEARLY] if fit.start == place.start)
    more += [f"{against} would against a wish of theirs"] if against else []
    return f"{told}; {', '.join(more)}."


@page(P.BOOK)
def waitlist_offer(request: StaffRequest, pk: UUID) -> HttpResponse:
    """An offer: whom to call, until when, and what they say. POST records the answer."""
    offer = _offer_of(request, pk)
    if request.method != "POST":
        return _offer_page(request, offer)
    try:
        with in_words():
            done = _answered(request, offer)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _offer_page(request, _offer_of(request, pk), refusal)
    messages.success(request, _told(done))
    if done.answer == Answer.YES and done.visit_id:
        return redirect("appointment", done.visit_id)
    return redirect(_back(request) or "waitlist")


def _answered(request: StaffRequest, offer: WaitlistOffer) -> WaitlistOffer:
    said, now = request.POST.get("answer", ""), timezone.now()
    if said == BACK:
        return waitlist.take_back(offer_id=offer.pk, by=request.user, now=now)
    if said not in (Answer.YES, Answer.NO):
        raise Invalid("Say yes or no.", field="answer")
    return waitlist.answer(offer_id=offer.pk, answer=Answer(said), by=request.user, now=now)


def _told(offer: WaitlistOffer) -> str:
    name, when = offer.entry.patient.full_name, words(offer.start, offer.entry.clinic.tz)
    if offer.answer == Answer.YES:
        return f"{name} has {when}, {offer.chair.name}. Whoever else was offered it can be told that it is taken."
    return f"{name} keeps waiting; {when} is not offered to them any more."


def _back(request: StaffRequest) -> str:
    """To the place, from which the button was pressed."""
    try:
        visit = _visit(request, UUID(request.POST.get("place", "")))
    except (ValueError, NotFound):
        return ""
    return reverse("freed-place", args=[visit.pk])


def _offer_of(request: StaffRequest, pk: UUID) -> WaitlistOffer:
    related = (
        "entry__clinic",
        "entry__order",
        "entry__appointment",
        "entry__patient__clinic",
        "entry__patient__allergies_confirmed_by",
        "chair",
        "made_by",
    )
    found = WaitlistOffer.objects.select_related(*related).filter(pk=pk, entry__clinic=request.user.clinic).first()
    if found is None:
        raise NotFound("There is no such offer.")
    return found


def _offer_page(request: StaffRequest, offer: WaitlistOffer, refusal: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    context = shown(
        offer.entry.patient,
        request,
        offer=offer,
        entry=dress(offer.entry),
        when=words(offer.start, offer.entry.clinic.tz),
        waits=not offer.is_answered and offer.expires_at > now,
        refusal=refusal.message if refusal else "",
    )
    return render(request, "infusions/waitlist_offer.html", context, status=refusal.status if refusal else 200)
