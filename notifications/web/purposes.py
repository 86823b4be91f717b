"""Which messages go out at all: for every type of visit, purpose by purpose."""

import re
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
from config.refusals import Invalid
from config.staff.models import Clinic
from config.staff.permissions import Permission
from notifications.models import Purpose, PurposeSwitch, ReminderTime
from notifications.purposes import Switches, switch_purpose
from notifications.reminder_times import hours_of, remind_at
from scheduling.models import VisitType
from scheduling.web.settings import tabs

P = Permission
ALL = "clinic"
SAYS: dict[str, bool | None] = {"": None, "on": True, "off": False}
TOLD = {
    Purpose.REMINDER: "So long before the visit, by the clock on the clinic’s wall.",
    Purpose.CONFIRMATION: "When visits were booked; by email with a file for the calendar.",
    Purpose.MOVED: "When visits have another time.",
    Purpose.CANCELLED: "When the clinic cancels. By email also when the patient does, so that calendars are right.",
    Purpose.QUESTIONS: "The clinic’s own questions before a visit, with a link to the page on which they are answered.",
    Purpose.QUESTIONNAIRE: "After an infusion, to those who agreed to questions about how they are.",
    Purpose.OFFER: "When the desk offers a free place by message, to those who agreed to hear of earlier places.",
}


HOURS = "reminder-hours"
WAYS = {"channels": [("sms", "Text"), ("email", "Email")], "languages": [("en", "English"), ("es", "Spanish")]}


class HoursField(forms.CharField):
    """Hours with commas between them. Gives them as numbers, the longest first."""

    WRONG = f"Whole hours from {ReminderTime.LEAST} to {ReminderTime.MOST}, with commas between them: 72, 24."

    def clean(self, value: Any) -> list[int]:
        said = [word for word in re.split(r"[\s,;]+", super().clean(value)) if word]
        if not said or not all(word.isascii() and word.isdecimal() and len(word) < 5 for word in said):
            raise forms.ValidationError(self.WRONG)
        return sorted({int(word) for word in said}, reverse=True)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(initial) != self.clean(data)
        except forms.ValidationError:
            return True


class PurposesForm(forms.Form):
    """A choice for each purpose and type of visit, and the hours of reminders. `clinic` says of which."""

    def __init__(self, *args: Any, clinic: Clinic, **more: Any) -> None:
        super().__init__(*args, **more)
        self.types = list(VisitType.objects.filter(clinic=clinic, in_use=True))
        self.switches = Switches.read()
        hours = ", ".join(map(str, hours_of(clinic)))
        self.fields[HOURS] = HoursField(label="Hours before the visit", initial=hours, max_length=40)
        for purpose in Purpose:
            for kind in (None, *self.types):
                self.fields[field_of(purpose, kind)] = self._choice(clinic, purpose, kind)

    def _choice(self, clinic: Clinic, purpose: Purpose, kind: VisitType | None) -> forms.ChoiceField:
        """On or off, with what counts chosen; for a type also "as for all"."""
        switches, words = self.switches, [("on", "On"), ("off", "Off")]
        if kind is None:
            initial = "on" if switches.is_on(clinic.pk, None, purpose) else "off"
        else:
            words = [("", "As for all"), *words]
            initial = {said: word for word, said in SAYS.items()}[switches.said(clinic.pk, kind.pk, purpose)]
        label = kind.name if kind else "All visits"
        return forms.ChoiceField(choices=words, initial=initial, required=kind is None, label=label)

    def purposes(self) -> list[dict[str, Any]]:
        """For the page: each purpose with its words, the choice for all visits and one for each type."""
        kinds = (None, *self.types)
        return [
            {
                "key": purpose.value,
                "name": spoken(purpose),
                "told": TOLD[purpose],
                "cells": [self[field_of(purpose, kind)] for kind in kinds],
                "hours": self[HOURS] if purpose == Purpose.REMINDER else None,
            }
            for purpose in Purpose
        ]


def spoken(purpose: str) -> str:
    """The purpose as staff read it."""
    return purpose.replace("-", " ").capitalize()


def field_of(purpose: Purpose, kind: VisitType | None) -> str:
    """The name of the field that says it of this type of visit, or of all."""
    return f"{purpose.value}-{kind.pk if kind else ALL}"


@page(P.MANAGE_CLINIC)
def purposes(request: StaffRequest) -> HttpResponse:
    """Which messages do patients of this clinic get?"""
    form = PurposesForm(request.POST or None, clinic=request.user.clinic)
    if request.method == "POST" and submitted(form, lambda values: _switch_all(request, form, values)) is not None:
        notices.success(request, "Saved. It counts for what is planned from now on.")
        return redirect("purposes")
    context = {"tabs": tabs("purposes"), "form": form, "purposes": form.purposes(), **WAYS}
    return render(request, "notifications/purposes.html", context, status=answer_status(form))


def _switch_all(request: StaffRequest, form: PurposesForm, values: dict[str, Any]) -> int:
    """What was changed, in one transaction. Returns how many."""
    changed = [
        (purpose, kind)
        for purpose in Purpose
        for kind in (None, *form.types)
        if field_of(purpose, kind) in form.changed_data
    ]
    with recorded(by=request.user):
        for purpose, kind in changed:
            on, now = SAYS[values[field_of(purpose, kind)]], timezone.now()
            switch_purpose(
                clinic=request.user.clinic, purpose=purpose, on=on, visit_type=kind, by=request.user, now=now
            )
        if HOURS in form.changed_data:
            _remind_at(request, values[HOURS])
    return len(changed)


def _remind_at(request: StaffRequest, hours: list[int]) -> None:
    try:
        remind_at(clinic=request.user.clinic, hours=hours, by=request.user)
    except Invalid as refused:
        raise Invalid(str(refused), field=HOURS) from refused


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest) -> HttpResponse:
    """Who switched what."""
    whose = request.user.clinic_id
    acts = [Strand(PurposeSwitch, "clinic_id", whose), Strand(ReminderTime, "clinic_id", whose)]
    return drawer(request, acts, title="History", sub="Messages to patients", back=reverse("purposes"))
