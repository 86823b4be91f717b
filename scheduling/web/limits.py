"""When can this patient come? Kept by every proposal and booking."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.pages import StaffRequest, page
from config.refusals import NotFound
from config.staff.permissions import Permission
from patients.models import Patient
from patients.web.banner import banner, history_of
from scheduling.models import PatientLimits
from scheduling.rules import limits_of, outside_limits, set_limits
from scheduling.stretches import WEEKDAYS
from scheduling.wall_clock import words
from scheduling.web.settings import Deed, carried_out, simply
from scheduling.web.settings_forms import LimitsForm

P = Permission
FIELDS = ("weekdays", "time_from", "time_until", "transport", "version")


def found(request: StaffRequest, pk: UUID) -> Patient:
    """The patient, looked up in the person's clinic. Raises NotFound."""
    people = Patient.objects.filter(clinic=request.user.clinic, pk=pk)
    patient = people.select_related("clinic", "allergies_confirmed_by").first()
    if patient is None:
        raise NotFound("There is no such patient.")
    return patient


@page(P.BOOK)
def limits(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The days and hours at which a patient can come, and how they travel."""
    patient = found(request, pk)
    stands = limits_of(patient)
    form = LimitsForm(request.POST or None, initial={name: getattr(stands, name) for name in FIELDS})

    def again(status: int) -> HttpResponse:
        context = {**banner(patient, timezone.now()), "form": form, "stands": []}
        if status == 409:
            context["stands"] = facts(limits_of(patient))
        return render(request, "scheduling/limits.html", context, status=status)

    if request.method != "POST":
        return again(200)

    def door(data: dict[str, Any]) -> Any:
        return simply(set_limits(patient=patient, by=request.user, **data))

    deed = Deed(door, "Limits", "Save", "Saved: proposals keep to these limits.", reverse("patient", args=[pk]))
    answer = carried_out(request, form, deed, again)
    if answer.status_code == 302:
        _tell_of_booked(request, patient)
    return answer


def _tell_of_booked(request: StaffRequest, patient: Patient) -> None:
    """Which visits are booked at times at which the patient cannot come by now; they stand until they are moved."""
    outside = outside_limits(patient=patient, now=timezone.now())
    if outside:
        which = "; ".join(words(visit.start, patient.clinic.tz) for visit in outside)
        many = "visit is" if len(outside) == 1 else "visits are"
        messages.warning(request, f"{len(outside)} booked {many} outside of them: {which}. Call, and move them.")


def facts(stands: PatientLimits) -> list[tuple[str, str]]:
    """What is saved, in words."""
    return [
        ("Days", ", ".join(WEEKDAYS[day] for day in stands.weekdays) or "any day"),
        ("Not before", f"{stands.time_from:%H:%M}" if stands.time_from else ""),
        ("Home by", f"{stands.time_until:%H:%M}" if stands.time_until else ""),
        ("Transport", stands.transport),
    ]


@page(P.SEE_HISTORY)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed what about the limits."""
    patient, back = found(request, pk), reverse("patient-limits", args=[pk])
    acts = [Strand(PatientLimits, "patient_id", patient.pk)]
    return history_of(request, acts, patient=patient, sub="When they can come", back=back)
