"""Patients and orders as the signed-in person may find them: in their clinic, and never another's draft."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from config.http.pages import StaffRequest
from config.refusals import NotFound
from infusions.models import Order
from patients.models import Patient
from patients.web.banner import banner


def patient_of(request: StaffRequest, patient_id: UUID) -> Patient:
    """The patient in the person's clinic. Raises NotFound."""
    found = Patient.objects.select_related("clinic", "allergies_confirmed_by").filter(
        pk=patient_id, clinic=request.user.clinic
    )
    patient = found.first()
    if patient is None:
        raise NotFound("There is no such patient.")
    return patient


def order_of(request: StaffRequest, order_id: UUID) -> Order:
    """A signed order of the person's clinic, or a draft of their own. Raises NotFound."""
    visible = Q(signed_at__isnull=False) | Q(author=request.user, discarded_at__isnull=True)
    related = ("patient", "patient__clinic", "patient__allergies_confirmed_by", "clinic", "author", "supersedes")
    found = Order.objects.select_related(*related).filter(visible, pk=order_id, clinic=request.user.clinic)
    order = found.first()
    if order is None:
        raise NotFound("There is no such order.")
    return order


def shown(patient: Patient, request: StaffRequest, **context: Any) -> dict[str, Any]:
    """A page's context with the banner of the patient whom it is about."""
    return {**banner(patient, request.user.local_now()), "banner_url": None, **context}


def sent(request: StaffRequest) -> Any:
    """What was sent, if the form was: a form sent empty is asked for what it lacks."""
    return request.POST if request.method == "POST" else None
