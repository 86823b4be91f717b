"""Pages about patients: the list, the search, registering somebody, changing what is known about them."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from config.http.lists import page_of
from config.http.pages import StaffRequest, act, answer_status, page, submitted
from config.staff.permissions import Permission, can
from patients import histories, intake, register
from patients.duplicates import PossibleDuplicates
from patients.elsewhere import next_visits
from patients.models import IntakeRequest, Patient
from patients.person import tidy
from patients.search import same_name, search, terms
from patients.web.banner import banner, history_of
from patients.web.clash import clash
from patients.web.forms import DeathForm, PatientEditForm, PatientForm

P = Permission
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BY_NAME = ("family_name", "given_name", "id")
SEARCHED = "searched"


@page(P.SEE_PATIENTS)
def all_patients(request: StaffRequest) -> HttpResponse:
    """Everybody, by name; or, by POST, those who fit what was typed into the filter."""
    typed = tidy(request.POST.get("q", ""))
    if typed:
        request.session[SEARCHED] = typed
        rows = search(clinic=request.user.clinic, text=typed, limit=50)
        context: dict[str, Any] = {"rows": with_next_visits(rows, request), "warning": same_name(rows), "query": typed}
    else:
        listed = page_of(request, of_clinic(request).filter(merged_into=None), by=BY_NAME)
        context = {"rows": with_next_visits(listed.rows, request), "page": listed}
    fragment = request.headers.get("HX-Target") == "patients"
    return render(request, "patients/patient_rows.html" if fragment else "patients/patients.html", context)


@act(P.SEE_PATIENTS)
def find(request: StaffRequest) -> HttpResponse:
    """The search of the top bar: a list for the box, or a page without script."""
    typed = tidy(request.POST.get("q", ""))
    request.session[SEARCHED] = typed
    rows = search(clinic=request.user.clinic, text=typed)
    if not request.headers.get("HX-Request"):
        context = {"rows": with_next_visits(rows, request), "warning": same_name(rows), "query": typed}
        return render(request, "patients/patients.html", context)
    if not typed:
        return HttpResponse("")
    context = {
        "results": [_hit(patient) for patient in with_next_visits(rows, request)],
        "query": typed,
        "warning": same_name(rows),
        "add_url": reverse("patient-new") if can(request.user, P.REGISTER_PATIENTS) else "",
    }
    return render(request, "components/search_results.html", context)


@page(P.REGISTER_PATIENTS)
def new(request: StaffRequest) -> HttpResponse:
    """Register somebody: from a request, or with what was searched for. Whoever it may be already is shown first."""
    source = _request(request)
    form = PatientForm(request.POST or None, initial=_start(request, source))
    if request.method == "POST":
        made = submitted(form, lambda values: _registered(request, source, values))
        if made is not None:
            messages.success(request, f"Registered as {made.record_number}.")
            return redirect("patient", made.pk)
    context = {"form": form, "alike": _to_look_at(form), "intake": source}
    return render(request, "patients/patient_new.html", context, status=answer_status(form))


@page(P.REGISTER_PATIENTS)
def edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change particulars. A save over a newer version shows both texts and loses neither."""
    found = one(request, pk)
    if found.merged_into_id:
        return redirect("patient-edit", found.merged_into_id)
    form = PatientEditForm(
        request.POST or None, initial={name: getattr(found, name) for name in PatientEditForm.base_fields}
    )
    if request.method == "POST":
        if submitted(form, lambda values: _amended(request, found, values)) is not None:
            messages.success(request, "Saved.")
            return redirect("patient", pk)
        found.refresh_from_db()
    return edit_page(request, found, form, DeathForm())


@page(P.SEE_HISTORY)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed anything about this patient."""
    found = one(request, pk)
    told = histories.of_patient(found, request.user)
    return history_of(request, told, patient=found, sub="Patient", back=reverse("patient", args=[pk]))


def of_clinic(request: StaffRequest) -> Any:
    return Patient.objects.filter(clinic=request.user.clinic)


def one(request: StaffRequest, pk: UUID) -> Patient:
    """A patient of the person's clinic, or 404."""
    found: Patient = get_object_or_404(of_clinic(request).select_related("clinic", "allergies_confirmed_by"), pk=pk)
    return found


def edit_page(request: StaffRequest, found: Patient, form: PatientEditForm, dead: DeathForm) -> HttpResponse:
    theirs = clash(form, found)
    context = {"form": form, "theirs": theirs, "death": dead, **banner(found, timezone.now())}
    wrong = form.is_bound or dead.is_bound
    return render(request, "patients/patient_edit.html", context, status=409 if theirs else 422 if wrong else 200)


def with_next_visits(rows: list[Any], request: StaffRequest) -> list[Any]:
    """Each with `next_visit`, on the clinic's wall; None for whoever has nothing booked. One query."""
    coming = next_visits([row.pk for row in rows], timezone.now())
    for row in rows:
        start = coming.get(row.pk)
        row.next_visit = start.astimezone(request.user.clinic.tz) if start else None
    return rows


def _hit(patient: Any) -> dict[str, Any]:
    coming = patient.next_visit
    return {
        "url": reverse("patient", args=[patient.pk]),
        "listed_name": patient.listed_name,
        "birth_date": patient.birth_date,
        "record_number": patient.record_number,
        "phone_end": patient.phone_end,
        "state": "deceased" if patient.deceased else "",
        "next_visit": f"{coming:%a} {coming.day} {coming:%b, %H:%M}" if coming else "",
    }


def _request(request: StaffRequest) -> IntakeRequest | None:
    named = request.POST.get("request") or request.GET.get("request")
    if not named:
        return None
    try:
        wanted = UUID(named)
    except ValueError:
        return None
    return IntakeRequest.objects.filter(clinic=request.user.clinic, pk=wanted, patient=None).first()


def _start(request: StaffRequest, source: IntakeRequest | None) -> dict[str, Any]:
    """What is known already: the request, or the words that somebody was searched by. It is theirs to correct."""
    if source is not None:
        return {name: getattr(source, name) for name in PatientForm.base_fields if hasattr(source, name)}
    found: dict[str, Any] = {}
    names = []
    typed = request.session.get(SEARCHED, "")
    for term in terms(typed, today=timezone.localdate()):
        if len(term.dates) == 1:
            found["birth_date"] = term.dates[0]
        elif len(term.digits) >= 7:
            found["mobile"] = term.text
        elif not term.digits:
            names.append(term.text.title() if term.text.islower() else term.text)
    family_first = "," in typed
    if names:
        found["family_name"] = names[0] if family_first else names[-1]
        found["given_name"] = " ".join(names[1:] if family_first else names[:-1])
    return found


def _to_look_at(form: PatientForm) -> list[Patient]:
    """Those who may be this person; the form then says who was shown, and sending it again that it is none of them."""
    refusal = getattr(form, "refusal", None)
    alike: list[Patient] = refusal.patients if isinstance(refusal, PossibleDuplicates) else []
    if not alike:
        return []
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["shown"] = " ".join(str(patient.pk) for patient in alike)
    form.data = data
    return alike


def _registered(request: StaffRequest, source: IntakeRequest | None, values: dict[str, Any]) -> Patient:
    said = {name: value for name, value in values.items() if name != "shown"}
    said |= {"by": request.user, "now": timezone.now(), "not_duplicates": _ids(values["shown"])}
    if source is not None:
        made = intake.register_from(request_id=source.pk, **said)
    else:
        made = register.register(clinic=request.user.clinic, **said)
    request.session.pop(SEARCHED, None)
    return made


def _ids(typed: str) -> list[UUID]:
    """What the form carries of who was shown; what is no id was not."""
    return [UUID(word) for word in typed.split() if AN_ID.fullmatch(word)]


def _amended(request: StaffRequest, found: Patient, values: dict[str, Any]) -> Patient:
    return register.amend(patient_id=found.pk, by=request.user, now=timezone.now(), **values)
