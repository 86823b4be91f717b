"""Two records of one person: side by side, what moves and what stays, and which of them goes on."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from config.audit.wording import in_words
from config.http.pages import StaffRequest, page, submitted
from config.refusals import Invalid
from config.staff.permissions import Permission
from patients import register
from patients.contact import reach
from patients.duplicates import possible_duplicates
from patients.elsewhere import holds
from patients.models import Channel, IntakeRequest, Patient, Task
from patients.person import FIELDS, PHONES, particulars, tidy
from patients.search import search
from patients.web.banner import banner
from patients.web.forms import MergeForm

P = Permission
SHOWN = (*FIELDS, "zone", "deceased", "deceased_on", "alert")


@page(P.REGISTER_PATIENTS)
def merge(request: StaffRequest, pk: UUID) -> HttpResponse:
    """First the other record, then both beside each other; the press that merges names the one that stays."""
    one = _one(request, pk)
    if one.merged_into_id:
        return redirect("patient", one.merged_into_id)
    other = _other(request, one)
    if other is None:
        return _choose(request, one)
    form = MergeForm(request.POST if "stays" in request.POST or "reason" in request.POST else None)
    form.name_both(one, other)
    if form.is_bound:
        stays = submitted(form, lambda values: _merged(request, one, other, values))
        if stays is not None:
            messages.success(request, f"Merged. {stays.record_number} is the record that stays.")
            return redirect("patient", stays.pk)
    return _beside(request, one, other, form)


def _choose(request: StaffRequest, one: Patient) -> HttpResponse:
    """Who it might be: those who look alike, or those who fit what was typed."""
    typed = tidy(request.POST.get("q", ""))
    clinic = request.user.clinic
    found = search(clinic=clinic, text=typed) if typed else possible_duplicates(clinic=clinic, **particulars(one))
    context = {"others": [row for row in found if row.pk != one.pk], "query": typed, **banner(one, timezone.now())}
    return render(request, "patients/merge_choose.html", context)


def _beside(request: StaffRequest, one: Patient, other: Patient, form: MergeForm) -> HttpResponse:
    context = {
        "form": form,
        "one": one,
        "other": other,
        "rows": _rows(one, other),
        "moving": _counts(_moving(one), _moving(other)),
        "staying": _counts(_staying(one), _staying(other)),
        **banner(one, timezone.now()),
    }
    return render(request, "patients/merge.html", context, status=422 if form.is_bound else 200)


def _merged(request: StaffRequest, one: Patient, other: Patient, values: dict[str, Any]) -> Patient:
    both = {str(one.pk): one, str(other.pk): other}
    stays = both.pop(values["stays"])
    (gone,) = both.values()
    return register.merge(
        patient_id=gone.pk, into_id=stays.pk, by=request.user, reason=values["reason"], now=timezone.now()
    )


def _one(request: StaffRequest, pk: Any) -> Patient:
    clinics = Patient.objects.filter(clinic=request.user.clinic).select_related("clinic", "allergies_confirmed_by")
    return get_object_or_404(clinics, pk=pk)


def _other(request: StaffRequest, one: Patient) -> Patient | None:
    named = request.POST.get("with") or request.GET.get("with")
    if not named:
        return None
    try:
        other = _one(request, UUID(named))
    except ValueError:
        raise Invalid("There is no such patient.", field="with") from None
    return None if other.pk == one.pk or other.merged_into_id else other


def _rows(one: Patient, other: Patient) -> list[tuple[str, str, str, bool]]:
    """Label, this, that, whether they differ; without what neither says."""
    found = [(_label(name), _said(one, name), _said(other, name)) for name in SHOWN]
    found.append(("Allergies", _allergies(one), _allergies(other)))
    found.append(("May be messaged by", _ways(one), _ways(other)))
    return [(label, this, that, this != that) for label, this, that in found if this or that]


def _label(name: str) -> str:
    label = str(Patient._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _said(patient: Patient, name: str) -> str:
    value = getattr(patient, name)
    if value is False:
        return ""
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if name in PHONES:
        return str(getattr(value, "as_national", value or ""))
    return in_words(Patient._meta.get_field(name), value)


def _allergies(patient: Patient) -> str:
    listed = [str(row) for row in patient.allergies.filter(removed_reason="").order_by("substance")]
    return ", ".join(listed) or patient.get_allergy_state_display()  # type: ignore[attr-defined]


def _ways(patient: Patient) -> str:
    ways = [way.channel for way in reach(patients=[patient])[patient.pk]]
    return ", ".join(Channel(way).value for way in ways) or "none"


def _moving(patient: Patient) -> list[tuple[str, int]]:
    return [
        ("requests", IntakeRequest.objects.filter(patient=patient).count()),
        ("open tasks", Task.objects.open().filter(patient=patient).count()),
    ]


def _staying(patient: Patient) -> list[tuple[str, int]]:
    return [(held.words, held.count) for held in holds(patient.pk, timezone.now())]


def _counts(one: list[tuple[str, int]], other: list[tuple[str, int]]) -> list[tuple[str, int, int]]:
    return [(words, this, that) for (words, this), (_, that) in zip(one, other, strict=True) if this or that]
