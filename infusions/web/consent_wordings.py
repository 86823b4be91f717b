"""What the clinic asks patients to agree to: its own wordings, which a manager keeps."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, answer_status, page, submitted
from config.staff.permissions import Permission
from infusions import consent_wordings
from infusions.consent_wordings import LONGEST
from infusions.web.visit_fields import QUIET
from scheduling.web.settings import tabs

P = Permission


def _line(label: str, name: str, words: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST[name], widget=forms.TextInput(attrs=QUIET), error_messages={"required": words}
    )


class WordingForm(forms.Form):
    """One more edition. Nothing is offered: kind and words are the clinic's own."""

    use_required_attribute = False
    kind = _line("What is agreed to", "kind", consent_wordings.ASKED["kind"])
    edition = _line("Edition", "edition", consent_wordings.ASKED["edition"])
    text = forms.CharField(
        label="The words, as the patient reads them",
        max_length=LONGEST["text"],
        strip=False,
        widget=forms.Textarea(attrs={**QUIET, "rows": 10}),
        error_messages={"required": consent_wordings.ASKED["text"]},
    )
    needed_to_start = forms.TypedChoiceField(
        label="Should the start of an infusion ask for it?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether a start asks for it."},
    )


@page(P.MANAGE_CLINIC)
def wordings_page(request: StaffRequest) -> HttpResponse:
    """What do patients of this clinic agree to, and in which words?"""
    form = WordingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        more: dict[str, Any] = {"clinic": request.user.clinic, "by": request.user, "now": timezone.now()}
        made = submitted(form, lambda values: consent_wordings.put(**more, **values))
        if made is not None:
            messages.success(request, f"In use from now on: {made}.")
            return redirect("consent-wordings")
    known = consent_wordings.wordings(clinic=request.user.clinic)
    context = {
        "form": form,
        "in_use": [wording for wording in known if wording.retired_at is None],
        "retired": [wording for wording in known if wording.retired_at is not None],
        "tabs": tabs("consent-wordings"),
    }
    return render(request, "infusions/consent_wordings.html", context, status=answer_status(form))


@act(P.MANAGE_CLINIC)
def retire(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for this edition no more."""
    done = consent_wordings.retire(wording_id=pk, by=request.user, now=timezone.now())
    messages.success(request, f"No longer in use: {done}. Consents that were given on it stand.")
    return redirect("consent-wordings")


@act(P.MANAGE_CLINIC)
def bring_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let a retired edition be the one in use again."""
    done = consent_wordings.bring_back(wording_id=pk, by=request.user, now=timezone.now())
    messages.success(request, f"In use again: {done}.")
    return redirect("consent-wordings")


@act(P.MANAGE_CLINIC)
def ask(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Whether the start of an infusion asks for it."""
    needed = request.POST.get("needed") == "yes"
    done = consent_wordings.ask_to_start(wording_id=pk, needed=needed, by=request.user)
    words = "A start asks for it from now on" if needed else "A start does not ask for it any more"
    messages.success(request, f"{words}: {done.kind}.")
    return redirect("consent-wordings")
