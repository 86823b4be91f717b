"""Treatment consents of a patient: what was agreed to, the paper, and how it ended."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.downloads import download
from config.http.pages import StaffRequest, answer_status, page, submitted
from config.refusals import NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import CLINICAL_ROLES, Permission, require
from infusions import consent_wordings, consents
from infusions.models import ConsentWording, Ended, TreatmentConsent, Visit
from infusions.models.consents import ENDED_WORDS, LARGEST_DOCUMENT
from infusions.web.candidacy_forms import day_input
from infusions.web.finding import patient_of, shown
from infusions.web.visit_fields import QUIET, ClinicianField, text
from patients.models import Patient
from scheduling.states import PRESENT

P = Permission


class WordingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An edition of the clinic's own; retired ones too, as a paper may be older than today's."""

    def label_from_instance(self, wording: Any) -> str:
        return f"{wording} (no longer in use)" if wording.retired_at else str(wording)


class TakenByField(ClinicianField):
    """A clinician of the clinic; those who have left come last."""

    def label_from_instance(self, person: Any) -> str:
        return str(person) if person.is_active else f"{person} (has left)"


class PaperField(forms.FileField):
    """A scanned paper; what it is is read from its bytes by the door. Gives the bytes, or None."""

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        found = super().clean(data, initial)
        # One byte too many is enough for the door to refuse it.
        return found.read(LARGEST_DOCUMENT + 1) if found else None


class ConsentForm(forms.Form):
    """Everything is chosen and typed anew; no day is filled in."""

    use_required_attribute = False
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    wording = WordingField(
        ConsentWording.objects.none(),
        label="What was agreed to",
        empty_label="",
        error_messages={"required": "Choose the wording that the patient agreed to."},
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )
    given_on = forms.DateField(
        label="Given on", widget=day_input(), error_messages={"required": "Give the day on which it was given."}
    )
    expires_on = forms.DateField(
        label="Last day, if it has one",
        required=False,
        widget=day_input(),
        help_text="Left empty, it holds until it is withdrawn.",
    )
    taken_by = TakenByField("Taken by")
    given_by = text("Given by, if not the patient", 120, help_text="Name, and what they are to the patient.")
    document = PaperField(
        label="The signed paper, scanned",
        required=False,
        help_text="PDF, PNG or JPEG, at most 4 MiB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"empty": "This file is empty."},
    )

    def __init__(self, data: Any = None, files: Any = None, *, clinic: Clinic) -> None:
        super().__init__(data, files, initial={"client_id": uuid4()})
        own = ConsentWording.objects.filter(clinic=clinic)
        self.fields["wording"].queryset = own.order_by(F("retired_at").asc(nulls_first=True), "kind")  # type: ignore[attr-defined]
        clinicians = User.objects.filter(clinic=clinic, role__in=CLINICAL_ROLES)
        taken_by: Any = self.fields["taken_by"]
        taken_by.queryset, taken_by.required = clinicians.order_by("-is_active", "full_name"), True
        taken_by.error_messages["required"] = "Say with which clinician it was given."
        self.fields["given_by"].strip = True  # type: ignore[attr-defined]


class EndingForm(forms.Form):
    """How a consent ended, and why."""

    use_required_attribute = False
    how = forms.ChoiceField(
        label="What happened",
        choices=[
            (Ended.WITHDRAWN.value, "The patient withdrew it"),
            (Ended.ENTERED_IN_ERROR.value, "It never was: entered in error"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what happened."},
    )
    ended_on = forms.DateField(label="Withdrawn on", required=False, widget=day_input())
    reason = forms.CharField(
        label="Why",
        max_length=200,
        widget=forms.TextInput(attrs=QUIET),
        error_messages={"required": "Say why."},
    )


@page(P.SEE_CLINICAL)
def treatment_consents(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """What did this person agree to, and does it hold today?"""
    patient = patient_of(request, patient_id)
    bound = request.POST if request.method == "POST" else None
    form = ConsentForm(bound, request.FILES if bound is not None else None, clinic=request.user.clinic)
    if bound is not None:
        require(request.user, P.CHART)
        more: dict[str, Any] = {"patient": patient, "by": request.user, "now": timezone.now()}
        written = submitted(form, lambda values: consents.record(**more, **values))
        if written is not None:
            messages.success(request, f"Consent recorded: {written.wording}.")
            return redirect("treatment-consents", patient.pk)
    return _shown(request, patient, form)


def _shown(request: StaffRequest, patient: Patient, form: ConsentForm) -> HttpResponse:
    clinic, today = request.user.clinic, request.user.clinic.today(timezone.now())
    asked = consent_wordings.needed_to_start(clinic_id=clinic.pk)
    given = consents.of_patient(patient=patient)
    held = {consent.wording.kind for consent in given if consents.holds(consent, on=today)}
    context = shown(
        patient,
        request,
        form=form,
        rows=[(consent, state_of(consent, today)) for consent in given],
        missing=[kind for kind in asked if kind not in held],
        wordings=consent_wordings.in_use(clinic=clinic),
        under_way=Visit.objects.filter(patient=patient, appointment__status__in=PRESENT).first(),
    )
    return render(request, "infusions/treatment_consents.html", context, status=answer_status(form))


def state_of(consent: TreatmentConsent, today: date) -> str:
    """The state's key in the list of looks."""
    ending = consents.ending_of(consent)
    if ending is not None:
        return str(ending.how)
    return "in-date" if consents.holds(consent, on=today) else "ran-out"


@page(P.CHART)
def consent_end(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How did this consent end, and why?"""
    consent = _one(request, pk)
    patient = patient_of(request, consent.patient_id)
    form = EndingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        more: dict[str, Any] = {"consent_id": consent.pk, "by": request.user, "now": timezone.now()}
        ended = submitted(form, lambda values: consents.end(**more, **values))
        if ended is not None:
            messages.success(request, f"{dict(ENDED_WORDS)[ended.how]}. The consent stays in the record.")
            return redirect("treatment-consents", patient.pk)
    context = shown(patient, request, form=form, consent=consent, ended=consents.ending_of(consent))
    return render(request, "infusions/treatment_consent_end.html", context, status=answer_status(form))


@page(P.SEE_CLINICAL)
def consent_document(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The paper, to be saved and not to be shown inside a page of ours."""
    paper, name = consents.paper_of(_one(request, pk))
    return download(bytes(paper.content), media_type=paper.media_type, name=name)


def _one(request: StaffRequest, pk: UUID) -> TreatmentConsent:
    found = TreatmentConsent.objects.select_related("wording", "ending", "taken_by", "document")
    consent = found.filter(pk=pk, patient__clinic=request.user.clinic_id).first()
    if consent is None:
        raise NotFound("There is no such consent.")
    return consent
