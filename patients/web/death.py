"""A patient has died: recorded, taken back, and what still stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, page, submitted
from config.staff.permissions import Permission
from patients import register
from patients.elsewhere import standing
from patients.models import Patient, Task, TaskKind
from patients.web.banner import banner
from patients.web.forms import DeathForm, PatientEditForm, TakeBackForm
from patients.web.patients import edit_page, one

P = Permission


def still_standing(patient: UUID, now: datetime) -> dict[str, Any]:
    """Context for `patients/still_standing.html`: what has not ended, and how many visits can be given up."""
    found = standing(patient, now)
    return {"still": found, "still_to_come": sum(thing.to_come for thing in found)}


@act(P.REGISTER_PATIENTS)
def death(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The patient has died."""
    found = one(request, pk)
    form = DeathForm(request.POST)
    now = timezone.now()
    door = lambda values: register.record_death(patient_id=found.pk, by=request.user, now=now, **values)  # noqa: E731
    if submitted(form, door) is not None:
        messages.success(request, f"The death is recorded. Nobody will be messaged or booked.{_left_to_end(found)}")
        return redirect("patient", pk)
    start = {name: getattr(found, name) for name in PatientEditForm.base_fields}
    return edit_page(request, found, PatientEditForm(initial=start), form)


def _left_to_end(found: Patient) -> str:
    """A word about the task, where the death leaves one."""
    waiting = Task.objects.open().filter(kind=TaskKind.DEATH, about=found.pk).first()
    return f" On the work list: {waiting.words}" if waiting else ""


@page(P.REGISTER_PATIENTS)
def take_back_death(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The death was recorded by mistake."""
    found = one(request, pk)
    form = TakeBackForm(request.POST or None)
    door = lambda values: register.take_back_death(patient_id=found.pk, by=request.user, **values)  # noqa: E731
    if request.method == "POST" and submitted(form, door) is not None:
        messages.success(request, "The record of the death is taken back. Visits that were cancelled stay cancelled.")
        return redirect("patient", pk)
    context = {"form": form, **banner(found, timezone.now())}
    return render(request, "patients/death_take_back.html", context, status=422 if form.is_bound else 200)


@act(P.BOOK)
def release(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give up the visits to come, and back to the task or the patient's page, wherever it was pressed."""
    found = one(request, pk)
    count = register.release_visits(patient_id=found.pk, by=request.user, now=timezone.now())
    messages.success(request, f"{count} visit{'' if count == 1 else 's'} cancelled.")
    task = Task.objects.filter(kind=TaskKind.DEATH, about=found.pk).order_by("-raised_at").first()
    return redirect("task", task.pk) if task and "task" in request.POST else redirect("patient", pk)
