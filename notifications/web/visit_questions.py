"""What is asked before a visit, and how long before: the manager's page."""

from typing import Any

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.acting import recorded
from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, answer_status, page, submitted
from config.staff.models import Clinic
from config.staff.permissions import Permission
from notifications.models.switches import HOURS_BEFORE
from notifications.purposes import Switches, ask_before
from scheduling.models import VisitQuestion
from scheduling.models.questions import LONGEST_QUESTION
from scheduling.questions import MOST, Words, ask, asked, mark_of
from scheduling.web.settings import renew, tabs

P = Permission


class AskedForm(forms.Form):
    """The questions, a line each in both languages, and the hours. `seen` names the list as it was shown."""

    use_required_attribute = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    hours = forms.IntegerField(
        label="Sent how many hours before the visit?",
        min_value=HOURS_BEFORE[0],
        max_value=HOURS_BEFORE[1],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for number in range(1, MOST + 1):
            for language in ("english", "spanish"):
                label = f"Question {number} in {language.capitalize()}"
                self.fields[f"{language}-{number}"] = forms.CharField(
                    required=False,
                    max_length=LONGEST_QUESTION,
                    label=label,
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """For the page: each question in both languages."""
        return [(self[f"english-{number}"], self[f"spanish-{number}"]) for number in range(1, MOST + 1)]

    def questions(self, values: dict[str, Any]) -> list[Words]:
        """What was typed, line by line, so that what is wrong is said at its line."""
        return [Words(values[f"english-{number}"], values[f"spanish-{number}"]) for number in range(1, MOST + 1)]


@page(P.MANAGE_CLINIC)
def visit_questions(request: StaffRequest) -> HttpResponse:
    """What do patients of this clinic answer before they come?"""
    clinic = request.user.clinic
    form = AskedForm(request.POST or None, initial=_initial(clinic))
    if request.method == "POST":
        if submitted(form, lambda values: _save(request, form, values)) is not None:
            notices.success(request, "Saved. It counts for what is asked from now on.")
            return redirect("visit-questions")
        if answer_status(form) == 409:
            renew(form, "seen", mark_of(asked(clinic)))
    status = answer_status(form)
    context = {
        "tabs": tabs("purposes"),
        "form": form,
        "stands": asked(clinic) if status == 409 else [],
        "is_on": clinic.pk in Switches.read().where_on("pre-visit-questions"),
    }
    return render(request, "notifications/visit_questions.html", context, status=status)


def _save(request: StaffRequest, form: AskedForm, values: dict[str, Any]) -> list[VisitQuestion]:
    """Both or neither."""
    clinic, now = request.user.clinic, timezone.now()
    with recorded(by=request.user):
        done = ask(clinic=clinic, questions=form.questions(values), seen=values["seen"], by=request.user, now=now)
        if "hours" in form.changed_data:
            ask_before(clinic=clinic, hours=values["hours"], by=request.user, now=now)
    return done


def _initial(clinic: Clinic) -> dict[str, Any]:
    listed = asked(clinic)
    values: dict[str, Any] = {"seen": mark_of(listed), "hours": Switches.read().hours_before(clinic.pk)}
    for number, question in enumerate(listed, 1):
        values |= {f"english-{number}": question.wording, f"spanish-{number}": question.wording_es}
    return values


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest) -> HttpResponse:
    """Who asked what, since when."""
    acts = [Strand(VisitQuestion, "clinic_id", request.user.clinic_id, "Question")]
    return drawer(request, acts, title="History", sub="Questions before a visit", back=reverse("visit-questions"))
