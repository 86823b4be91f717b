"""Records that nobody has signed yet, and taking over a note whose author does not sign it."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.http.lists import page_of
from config.http.pages import StaffRequest, page, submitted
from config.staff.permissions import Permission
from infusions import handover, records
from infusions.charting import is_signed, note_of
from infusions.notes import TEXTS
from infusions.web.notes import LABELS
from infusions.web.visit_fields import QUIET
from infusions.web.visits import framed, live, visit_of

P = Permission
# After this an unsigned record is marked.
OVERDUE = timedelta(hours=24)


class TakeOverForm(forms.Form):
    """Why a colleague's note is taken over. `version` is the one that was read."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why you take it over",
        max_length=200,
        widget=forms.TextInput(attrs=QUIET),
        error_messages={"required": "Say why you take this note over."},
    )


@page(P.CHART)
def unsigned_notes(request: StaffRequest) -> HttpResponse:
    """Which records still wait for a signature, and whose?"""
    mine = request.GET.get("whose") == "mine"
    waiting = handover.unsigned(clinic=request.user.clinic)
    if mine:
        waiting = waiting.filter(note__author=request.user)
    listed = page_of(request, waiting, by=("opened_at", "id"))
    url = reverse("notes-unsigned")
    tabs = [
        {"label": "Everybody's", "url": url, "active": not mine},
        {"label": "Mine", "url": f"{url}?whose=mine", "active": mine},
    ]
    context = {"page": listed, "tabs": tabs, "mine": mine, "overdue": timezone.now() - OVERDUE}
    return render(request, "infusions/notes_unsigned.html", context)


@page(P.CHART)
def take_over(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Whose note is this, and why do I finish it?"""
    visit, now = visit_of(request.user, pk), timezone.now()
    note = note_of(visit)
    if note is None or is_signed(visit) or note.author_id == request.user.pk:
        return redirect("visit" if is_signed(visit) else "visit-note", pk)
    bound = request.POST if request.method == "POST" else None
    form = TakeOverForm(bound, initial={"version": note.version})
    if bound is not None:
        door = records.take_over_note
        if submitted(form, lambda values: door(visit_id=visit.pk, by=request.user, now=now, **values)):
            messages.success(request, "The note is yours now. The record says who began it.")
            return redirect("visit-note", pk)
        # Whatever was saved in between stands on the page that is shown now.
        form.data = {**request.POST.dict(), "version": str(note.version)}
    context = framed(visit, now) | live(visit, now)
    context |= {"form": form, "written": [(LABELS[name], getattr(note, name)) for name in TEXTS]}
    return render(request, "infusions/note_takeover.html", context, status=422 if form.is_bound else 200)
