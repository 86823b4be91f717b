"""Who changed what: of a visit with its note, of decisions, screening and consents, of the clinic's own lists."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, View, page
from config.staff.permissions import Permission
from infusions import histories
from infusions.models import ConsentWording
from infusions.web.finding import patient_of
from infusions.web.listing import Kind
from infusions.web.visits import visit_of
from patients.web.banner import history_of
from scheduling.wall_clock import words

P = Permission


@page(P.SEE_CLINICAL_HISTORY)
def visit_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The visit from its booking to its last addendum, every row of the flowsheet with its corrections."""
    visit = visit_of(request.user, pk)
    sub = words(visit.appointment.start, visit.clinic.tz)
    told = histories.of_visit(visit, request.user)
    back = reverse("visit", args=[pk])
    return history_of(request, told, patient=visit.patient, title="History of the visit", sub=sub, back=back)


@page(P.SEE_CLINICAL_HISTORY)
def candidacy_history(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Every decision, with what it changed of the one before."""
    patient = patient_of(request, patient_id)
    told = histories.of_candidacy(patient.pk, request.user)
    back = reverse("candidacy", args=[patient_id])
    return history_of(request, told, patient=patient, sub="Candidacy", back=back)


@page(P.SEE_CLINICAL_HISTORY)
def screening_history(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Every answer, by whom and when."""
    patient = patient_of(request, patient_id)
    told = histories.of_screening(patient.pk, request.user)
    back = reverse("screening", args=[patient_id])
    return history_of(request, told, patient=patient, sub="Screening", back=back)


@page(P.SEE_CLINICAL_HISTORY)
def consents_history(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """What was agreed to, who took it, and how it ended."""
    patient = patient_of(request, patient_id)
    told, back = histories.of_consents(patient.pk, request.user), reverse("treatment-consents", args=[patient_id])
    return history_of(request, told, patient=patient, sub="Treatment consents", back=back)


def list_history(kind: Kind) -> View:
    """Who put what on one of the clinic's lists, and who took it off."""

    @page(P.MANAGE_CLINIC)
    def shown(request: HttpRequest) -> HttpResponse:
        asked: StaffRequest = request  # type: ignore[assignment]
        acts = [Strand(kind.model, "clinic_id", asked.user.clinic_id, _wording, without=frozenset({"wording"}))]
        return drawer(asked, acts, title="History", sub=kind.title, back=reverse(kind.name))

    return shown


@page(P.MANAGE_CLINIC)
def wordings_history(request: StaffRequest) -> HttpResponse:
    """Who wrote which edition, and when it was asked for or retired."""
    acts = [Strand(ConsentWording, "clinic_id", request.user.clinic_id, _edition)]
    return drawer(request, acts, title="History", sub="Consent wordings", back=reverse("consent-wordings"))


def _edition(row: Any) -> str:
    return f"{row.kind}, edition {row.edition}"


def _wording(row: Any) -> str:
    return str(row.wording)
