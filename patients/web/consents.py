"""What a patient said about being reached, and their allergies: two short lists with a form each."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, page, submitted
from config.refusals import Refused
from config.staff.permissions import Permission, require
from patients import allergies, contact, numbers
from patients.models import Channel, ContactPurpose, Patient
from patients.web.banner import banner
from patients.web.forms import AllergyForm, ConsentForm, NumberForm
from patients.web.patients import one

P = Permission
REVIEWS_SHOWN = 20


@page(P.SEE_PATIENTS)
def consents(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How this patient may be reached, and the record of what they said."""
    if request.method == "POST":
        require(request.user, P.RECORD_CONTACT_CONSENT)
    patient = one(request, pk)
    form = ConsentForm(request.POST or None)
    if request.method == "POST":
        said = submitted(
            form,
            lambda values: contact.record_consent(patient=patient, by=request.user, at=timezone.now(), **values),
        )
        if said is not None:
            messages.success(request, "Recorded.")
            return redirect("patient-consents", pk)
    return _consent_page(request, patient, form=form)


@act(P.RECORD_CONTACT_CONSENT)
def number(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Something about their mobile number, which counts for everybody who shares it."""
    patient = one(request, pk)
    form = NumberForm(request.POST, auto_id="number_%s")
    said = submitted(
        form,
        lambda _: numbers.say_of_number(
            number=contact.number_of(patient), by=request.user, at=timezone.now(), **form.statement()
        ),
    )
    if said is None:
        return _consent_page(request, patient, number_form=form)
    messages.success(request, "Recorded, for everybody who shares the number.")
    return redirect("patient-consents", pk)


def _consent_page(
    request: StaffRequest, patient: Patient, *, form: ConsentForm | None = None, number_form: NumberForm | None = None
) -> HttpResponse:
    found = number_form or form
    mobile = contact.number_of(patient, required=False)
    context = {
        **banner(patient, timezone.now()),
        "form": form or ConsentForm(),
        "number_form": number_form or NumberForm(auto_id="number_%s"),
        "ways": contact.ways(patient=patient),
        "statements": contact.statements(patient=patient),
        "wordings": [
            (channel.value, contact.wording(channel, purpose)) for purpose in ContactPurpose for channel in Channel
        ],
        "number_said": numbers.said_of(mobile) if mobile else [],
        "sharers": contact.sharers(patient=patient) if mobile else [],
    }
    status = 422 if found is not None and found.is_bound else 200
    return render(request, "patients/consents.html", context, status=status)


@page(P.SEE_PATIENTS)
def allergy_list(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The allergy list; nurses and prescribers add to it here."""
    form = AllergyForm(request.POST or None)
    if request.method == "POST":
        require(request.user, P.RECORD_ALLERGIES)
        patient = one(request, pk)
        added = submitted(
            form,
            lambda values: allergies.add(patient_id=patient.pk, by=request.user, now=timezone.now(), **values),
        )
        if added is not None:
            messages.success(request, "Added to the list.")
            return redirect("patient-allergies", pk)
    return _allergy_page(request, pk, form, status=422 if form.is_bound else 200)


@act(P.RECORD_ALLERGIES)
def no_allergies(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The patient was asked and knows of none."""
    patient = one(request, pk)
    try:
        allergies.confirm_none(patient_id=patient.pk, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _allergy_page(request, pk, AllergyForm(), problem=refusal.message, status=refusal.status)
    messages.success(request, "No known allergies, confirmed.")
    return redirect("patient-allergies", pk)


@act(P.RECORD_ALLERGIES)
def review_allergies(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The patient was asked again and nothing has changed."""
    patient = one(request, pk)
    try:
        allergies.review(patient_id=patient.pk, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _allergy_page(request, pk, AllergyForm(), problem=refusal.message, status=refusal.status)
    messages.success(request, "Reviewed: the allergies stand as they are.")
    return redirect("patient-allergies", pk)


@act(P.RECORD_ALLERGIES)
def remove_allergy(request: StaffRequest, pk: UUID, allergy: UUID) -> HttpResponse:
    """Take one off the list, with the reason."""
    patient = one(request, pk)
    found = get_object_or_404(patient.allergies, pk=allergy)
    reason = request.POST.get("reason", "")
    try:
        allergies.remove(allergy_id=found.pk, reason=reason, by=request.user, now=timezone.now())
    except Refused as refusal:
        status = 422 if refusal.status == 400 else refusal.status
        return _allergy_page(request, pk, AllergyForm(), problem=refusal.message, status=status)
    messages.success(request, "Taken off the list.")
    return redirect("patient-allergies", pk)


def _allergy_page(
    request: StaffRequest, pk: UUID, form: AllergyForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    patient = one(request, pk)
    removed = patient.allergies.exclude(removed_reason="").order_by("substance")
    reviews = allergies.reviews(patient)[:REVIEWS_SHOWN]
    context = {**banner(patient, timezone.now()), "form": form, "problem": problem, "removed": removed}
    context["reviews"] = reviews
    return render(request, "patients/allergies.html", context, status=status)
