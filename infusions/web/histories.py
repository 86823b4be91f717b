"""Who changed what: of a visit with its note, of the decisions about a patient, of screening."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, page
from config.staff.permissions import Permission
from infusions import histories
from infusions.models import ScreeningItem
from infusions.web.finding import patient_of
from infusions.web.visits import visit_of
from scheduling.wall_clock import words

P = Permission


@page(P.SEE_CLINICAL_HISTORY)
def visit_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The visit from its booking to its last addendum, every row of the flowsheet with its corrections."""
    visit = visit_of(request.user, pk)
    sub = words(visit.appointment.start, visit.clinic.tz)
    told = histories.of_visit(visit, request.user)
    return drawer(request, told, title="History of the visit", sub=sub, back=reverse("visit", args=[pk]))


@page(P.SEE_CLINICAL_HISTORY)
def candidacy_history(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Every decision, with what it changed of the one before."""
    patient = patient_of(request, patient_id)
    told = histories.of_candidacy(patient.pk, request.user)
    return drawer(request, told, title="History", sub="Candidacy", back=reverse("candidacy", args=[patient_id]))


@page(P.SEE_CLINICAL_HISTORY)
def screening_history(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Every answer, by whom and when."""
    patient = patient_of(request, patient_id)
    told = histories.of_screening(patient.pk, request.user)
    return drawer(request, told, title="History", sub="Screening", back=reverse("screening", args=[patient_id]))


@page(P.MANAGE_CLINIC)
def screening_list_history(request: StaffRequest) -> HttpResponse:
    """Who put what on the clinic's list, and who took it off."""
    acts = [Strand(ScreeningItem, "clinic_id", request.user.clinic_id, _wording, without=frozenset({"wording"}))]
    return drawer(request, acts, title="History", sub="Screening list", back=reverse("screening-list"))


def _wording(row: Any) -> str:
    return str(row.wording)
