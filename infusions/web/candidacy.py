"""The candidacy page: do I accept, ask for more, or decline, and why?"""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, page, submitted
from config.staff.permissions import Permission, can, require
from infusions import candidacy, screening
from infusions.web.candidacy_forms import DecisionForm
from infusions.web.finding import patient_of, shown
from patients.models import IntakeRequest, Patient


@page(Permission.SEE_CLINICAL)
def candidacy_page(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What is known, the decisions so far, and for a prescriber the form of the next one."""
    asked: StaffRequest = request  # type: ignore[assignment]
    patient = patient_of(asked, patient_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        require(asked.user, Permission.DECIDE_CANDIDACY)
        if submitted(form, lambda values: _decide(asked, patient, values)):
            messages.success(request, "Decision signed.")
            return redirect("candidacy", patient.pk)
    status = 422 if form.errors else 200
    return render(request, "infusions/candidacy.html", _context(asked, patient, form), status=status)


def _decide(request: StaffRequest, patient: Patient, values: dict[str, Any]) -> Any:
    return candidacy.decide(
        patient=patient, by=request.user, now=timezone.now(), request=_newest_request(patient), **values
    )


def _newest_request(patient: Patient) -> IntakeRequest | None:
    return IntakeRequest.objects.filter(patient=patient).order_by("-received_at").first()


def _context(request: StaffRequest, patient: Patient, form: DecisionForm) -> dict[str, Any]:
    today = request.user.clinic.today(timezone.now())
    decisions = candidacy.earlier(patient=patient)
    asked = _newest_request(patient)
    return shown(
        patient,
        request,
        form=form if can(request.user, Permission.DECIDE_CANDIDACY) and patient.may_be_contacted else None,
        current=decisions[0] if decisions else None,
        has_run_out=bool(decisions) and not candidacy.holds(decisions[0], on=today),
        earlier=decisions[1:],
        facts=_facts(patient, asked, today),
        asked=asked,
        lines=screening.sheet(patient=patient),
    )


def _facts(patient: Patient, asked: IntakeRequest | None, today: date) -> list[tuple[str, Any]]:
    """What the request said, as it was said. Nothing here is scored."""
    age = patient.age(today)
    facts: list[tuple[str, Any]] = [("Age", f"{age} years" if age is not None else "")]
    if asked is None:
        return facts
    severity = asked.usual_severity
    return [
        *facts,
        ("Pain, as they tell it", asked.get_pain_condition_display() if asked.pain_condition else ""),
        ("How long in pain", asked.pain_since),
        ("Usual pain, 0 to 10", severity if severity is not None else ""),
        ("Treatments tried", asked.treatments_tried),
        ("In their words", asked.message),
        ("Referred by", asked.referrer_name),
        ("Accessibility needs", asked.accessibility_needs),
    ]
