"""Booking a visit that needs no order. An infusion is planned as a series, from its signed order."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.http.pages import StaffRequest, act, land, page
from config.refusals import Clash, Refused
from config.staff.permissions import Permission, can
from patients.models import Patient
from patients.search import search
from scheduling import booking
from scheduling.models import Appointment
from scheduling.wall_clock import words
from scheduling.web import consult_held
from scheduling.web.appointments import CHANGED, found, shown
from scheduling.web.consult_held import Kept
from scheduling.web.forms import ConsultForm

P = Permission


@page(P.BOOK)
def new(request: StaffRequest) -> HttpResponse:
    """Who comes, when, for how long. Once a time is chosen it is held for whoever types."""
    if request.method != "POST":
        held = consult_held.of_request(request, request.GET.get("hold"))
        stands = consult_held.initial(held, request.user.clinic.tz) if held else _initial(request)
        kept, patient = Kept(held), patient_of(request, request.GET)
        return _form(request, _empty(request, initial=stands), patient, kept=kept)
    patient = patient_of(request, request.POST)
    form = _empty(request, data=_typed(request))
    if "find" in request.POST:
        kept, as_typed = consult_held.at_place(request, form), _empty(request, initial=request.POST.dict())
        return _form(request, as_typed, patient, people=_people(request), kept=kept)
    if form.is_valid() and patient is not None:
        try:
            return _booked(request, _book(request, form, patient))
        except Refused as refusal:
            if refusal.status == 403:
                raise
            land(form, refusal)
            # What has the place is said once; where it was something else, it is held while that is mended.
            kept = consult_held.at_place(request, form, anew=not isinstance(refusal, Clash))
            return _form(request, form, patient, refusal=refusal, kept=kept)
    kept = consult_held.at_place(request, form)
    if patient is None and form.is_valid():
        form.add_error(None, "Choose who comes.")
    return _form(request, form, patient, status=422, kept=kept)


@act(P.BOOK)
def hold(request: StaffRequest) -> HttpResponse:
    """Hold the time that was just chosen, and give back the one that was held before."""
    form = _empty(request, data=_typed(request))
    kept = consult_held.at_place(request, form)
    if request.headers.get("HX-Request"):
        return render(request, "scheduling/consult_held.html", {"kept": kept}, status=409 if kept.words else 200)
    as_typed = _empty(request, initial=request.POST.dict())
    return _form(request, as_typed, patient_of(request, request.POST), kept=kept)


def _empty(request: StaffRequest, **typed: Any) -> ConsultForm:
    return ConsultForm(**typed, clinic=request.user.clinic, may_overbook=can(request.user, P.OVERBOOK))


def _typed(request: StaffRequest) -> Any:
    """What was typed; a press on one of the free starts replaces day and time."""
    data = request.POST.copy()
    taken = _moment(data.get("take", ""))
    if taken is not None:
        local = taken.astimezone(request.user.clinic.tz)
        data["day"], data["time"], data["fold"] = f"{local:%Y-%m-%d}", f"{local:%H:%M}", str(local.fold)
    return data


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _initial(request: StaffRequest) -> dict[str, Any]:
    """Where somebody pressed on the board: a chair, and a time on the clinic's wall."""
    day, _, clock = request.GET.get("start", "").partition("T")
    return {"chair": request.GET.get("chair"), "day": day or None, "time": clock or None}


def patient_of(request: StaffRequest, values: Any) -> Patient | None:
    """The patient that was chosen, if they are the clinic's."""
    try:
        pk = UUID(values.get("patient") or "")
    except ValueError:
        return None
    return Patient.objects.filter(clinic=request.user.clinic, pk=pk).first()


def _book(request: StaffRequest, form: ConsultForm, patient: Patient) -> Appointment:
    data = form.cleaned_data
    return booking.book(
        patient=patient,
        clinic=request.user.clinic,
        start=form.start(),
        minutes=data["minutes"],
        visit_type=data["visit_type"].pk if data.get("visit_type") else None,
        chair=data["chair"],
        by=request.user,
        now=timezone.now(),
        limits_reason=data["limits_reason"],
        overbook_reason=data.get("overbook_reason", ""),
        form_hold=consult_held.for_booking(request, form),
    )


def _booked(request: StaffRequest, visit: Appointment) -> HttpResponse:
    text = f"Booked for {words(visit.start, visit.clinic.tz)}"
    if request.headers.get("HX-Request"):
        answer = shown(request, found(request, visit.pk), said=text)
        answer.headers["HX-Trigger"] = CHANGED
        return answer
    messages.success(request, f"{text}.")
    return redirect("appointment", visit.pk)


def _form(
    request: StaffRequest,
    form: ConsultForm,
    patient: Patient | None,
    *,
    status: int = 200,
    refusal: Refused | None = None,
    people: list[Patient] | None = None,
    kept: Kept,
) -> HttpResponse:
    clinic = request.user.clinic
    free = [datetime.fromisoformat(start) for start in (refusal.facts.get("next_free", []) if refusal else [])]
    context = {
        "form": form,
        "patient": patient,
        "clinic": clinic,
        "kept": kept,
        "people": people,
        "text": request.POST.get("who", ""),
        "free": [(start.isoformat(), words(start, clinic.tz)) for start in free],
    }
    template = "consult_drawer" if request.headers.get("HX-Request") else "consult"
    return render(request, f"scheduling/{template}.html", context, status=refusal.status if refusal else status)


@act(P.BOOK)
def who(request: StaffRequest) -> HttpResponse:
    """People who fit what was typed, to choose one from. By POST: names stay out of addresses and logs."""
    context = {"people": _people(request), "text": request.POST.get("who", "")}
    return render(request, "scheduling/consult_who.html", context)


def _people(request: StaffRequest) -> list[Patient]:
    return search(clinic=request.user.clinic, text=request.POST.get("who", ""))
