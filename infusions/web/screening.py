"""The screening page of a patient, all items on one screen."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, page, submitted
from config.staff.permissions import Permission
from infusions import screening
from infusions.screening import Answered, Line
from infusions.web.finding import patient_of, shown
from infusions.web.visit_fields import answer, prose

HOW_FAR = [("no", "Looked at, still open"), ("yes", "Done")]


class ScreeningForm(forms.Form):
    """Of each item: how far it is, and the answer in words. Empty at the start; what was said before stands beside."""

    use_required_attribute = False
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, lines: list[Line]) -> None:
        super().__init__(data, initial={"client_id": uuid4()})
        self.lines = [line for line in lines if line.item.retired_at is None]
        for line in self.lines:
            self.fields[f"done_{line.item.pk}"] = answer(f"{line.item.wording}: how far", HOW_FAR)
            self.fields[f"words_{line.item.pk}"] = prose(f"{line.item.wording}: answer", 1)

    def clean(self) -> dict[str, Any]:
        """`answers` for `screening.record`; words without a state are asked what they mean."""
        typed = super().clean() or {}
        found = []
        for line in self.lines:
            done, words = typed.get(f"done_{line.item.pk}"), typed.get(f"words_{line.item.pk}") or ""
            if done is None and words.strip():
                self.add_error(f"done_{line.item.pk}", "Say whether this is done or still open.")
            elif done is not None:
                found.append(Answered(line.item.pk, done, words))
        return {"client_id": typed.get("client_id"), "answers": found}

    def parts(self) -> list[tuple[Line, BoundField, BoundField]]:
        """Each item with its two fields."""
        return [(line, self[f"done_{line.item.pk}"], self[f"words_{line.item.pk}"]) for line in self.lines]


@page(Permission.CHART)
def screening_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What is known of this person, and what is still to be found out?"""
    asked: StaffRequest = request  # type: ignore[assignment]
    patient = patient_of(asked, patient_id)
    lines = screening.sheet(patient=patient)
    form = ScreeningForm(asked.POST if asked.method == "POST" else None, lines=lines)
    if asked.method == "POST":
        more: dict[str, Any] = {"patient": patient, "by": asked.user, "now": timezone.now()}
        written = submitted(form, lambda values: screening.record(**more, **values))
        if written is not None:
            messages.success(asked, f"{len(written)} answers recorded." if len(written) > 1 else "Answer recorded.")
            return redirect("screening", patient.pk)
    context = shown(patient, asked, form=form, retired=[line for line in lines if line.item.retired_at])
    return render(asked, "infusions/screening.html", context, status=422 if form.is_bound else 200)
