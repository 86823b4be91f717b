"""The note: written with autosave, read as it will print, signed, and added to."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, land, page, submitted
from config.refusals import Refused, Stale
from config.staff.permissions import Permission
from infusions import notes, records
from infusions.charting import is_signed, note_of
from infusions.models import Visit
from infusions.web.visit_fields import QUIET, prose
from infusions.web.visits import framed, live, record, visit_of

P = Permission
LABELS = {
    "response": "Response, in your own words",
    "complications": "Complications",
    "plan": "Plan",
    "text": "Note",
}

# Beside the text that saves itself; the other one is shown once the button was pressed.
OVERTAKEN = "Saved elsewhere in the meantime. Save, and both texts are shown."


class NoteForm(forms.Form):
    """The author's own text. `version` is the one that was read; it is empty before the note exists."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    response = prose(LABELS["response"], 4)
    complications = prose(LABELS["complications"], 3)
    plan = prose(LABELS["plan"], 4)
    text = prose(LABELS["text"], 6)


class SignForm(forms.Form):
    """The password at the moment of signing, and what was read."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reviewed = forms.CharField(required=False, widget=forms.HiddenInput)
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class AddendumForm(forms.Form):
    """What is added below a signed note, and why."""

    use_required_attribute = False
    text = prose("What you add", 4)
    reason = forms.CharField(label="Why", max_length=200, required=False, widget=forms.TextInput(attrs=QUIET))
    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


@page(P.CHART)
def note(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """What exactly will be on record under my name?"""
    visit = visit_of(request.user, pk)
    written = note_of(visit)
    if request.method == "POST":
        return _autosaved(request, visit) if _wants_json(request) else _saved(request, visit)
    if is_signed(visit):
        return redirect("visit", pk)
    return _editor(request, visit, NoteForm(initial=_own_text(request, written)))


@page(P.CHART)
def review(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The record as it will print, with the place to sign below."""
    visit, now = visit_of(request.user, pk), timezone.now()
    written = note_of(visit)
    if written is None or written.is_signed:
        return redirect("visit-note" if written is None else "visit", pk)
    form = SignForm(initial={"version": written.version, "reviewed": notes.record_fingerprint(written)})
    return render(request, "infusions/note_review.html", record(visit, now) | {"form": form})


@act(P.CHART)
def sign(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Sign what was reviewed."""
    visit, now = visit_of(request.user, pk), timezone.now()
    form = SignForm(request.POST)
    signed = submitted(form, lambda values: records.sign_note(visit_id=visit.pk, by=request.user, now=now, **values))
    if signed is not None:
        return redirect("visit", pk)
    # Read again from here: what the next press signs is what this page shows.
    again = request.POST.copy()
    written = note_of(visit_of(request.user, pk))
    if written is not None and not written.is_signed:
        again["version"], again["reviewed"] = str(written.version), notes.record_fingerprint(written)
    form.data = again
    visit = visit_of(request.user, pk)
    return render(request, "infusions/note_review.html", record(visit, now) | {"form": form}, status=422)


@page(P.CHART)
def addenda(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Add below a signed note, under one's own signature."""
    visit, now = visit_of(request.user, pk), timezone.now()
    form = AddendumForm(request.POST or None)
    if request.method == "POST":
        door = records.add_addendum
        added = submitted(form, lambda values: door(visit_id=visit.pk, by=request.user, now=now, **values))
        if added is not None:
            return redirect("visit", pk)
    context = record(visit, now) | {"form": form}
    return render(request, "infusions/note_addendum.html", context, status=422 if form.is_bound else 200)


def _own_text(request: StaffRequest, written: Any) -> dict[str, Any]:
    """The author gets their own draft back, nobody else's."""
    if written is None or written.author_id != request.user.pk:
        return {}
    return {"version": written.version} | {name: getattr(written, name) for name in notes.TEXTS}


def _editor(
    request: StaffRequest, visit: Visit, form: NoteForm, *, theirs: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    written = note_of(visit)
    context = framed(visit, now) | live(visit, now)
    mine = written is None or written.author_id == request.user.pk
    context |= {
        "form": form,
        "mine": mine,
        # What somebody typed into a note that a colleague has taken over since: not saved, and not lost.
        "typed": [(LABELS[name], form[name].value()) for name in notes.TEXTS] if form.is_bound and not mine else [],
        "written": [(LABELS[name], getattr(written, name)) for name in notes.TEXTS] if written else [],
        "theirs": [(LABELS[name], text) for name, text in (theirs or {}).items() if text],
        "both_texts": theirs is not None,
    }
    return render(request, "infusions/note.html", context, status=status)


def _write(request: StaffRequest, visit: Visit, values: dict[str, Any]) -> Any:
    return records.write_note(visit_id=visit.pk, by=request.user, now=timezone.now(), **values)


def _saved(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Saved by the button: on to the review. A clash shows both texts, and loses neither."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _editor(request, visit, form, status=422)
    try:
        _write(request, visit, form.cleaned_data)
    except Stale as refusal:
        land(form, refusal)
        again = request.POST.copy()
        again["version"] = str(refusal.facts["current"])
        form.data = again
        fresh = visit_of(request.user, visit.pk)
        return _editor(request, fresh, form, theirs=refusal.facts["theirs"], status=409)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        land(form, refusal)
        return _editor(request, visit, form, status=422)
    return redirect("visit-review" if "review" in request.POST else "visit", visit.pk)


def _autosaved(request: StaffRequest, visit: Visit) -> JsonResponse:
    """Saved by itself while the author types."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": "Some of this cannot be saved."}, status=422)
    try:
        written = _write(request, visit, form.cleaned_data)
    except Refused as refusal:
        status = refusal.status if refusal.status in {403, 409} else 422
        return JsonResponse({"detail": OVERTAKEN if isinstance(refusal, Stale) else refusal.message}, status=status)
    at = timezone.localtime(timezone.now(), visit.clinic.tz)
    return JsonResponse({"saved_at": f"{at:%H:%M:%S}", "version": written.version})


def _wants_json(request: StaffRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
