"""The public form: how do I ask for an appointment, and what happens then?"""

import uuid
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from config.http.pages import public, submitted
from config.staff.models import Clinic
from patients import intake
from patients.models import IntakeRequest
from patients.web.limits import over_limit
from patients.web.request_form import OLDEST, PublicRequestForm, submission_of, ticket


@public
def ask(request: HttpRequest, clinic: UUID | None = None) -> HttpResponse:
    """The form of one clinic; with several clinics and none named, the choice between them."""
    if clinic is None and Clinic.objects.count() > 1:
        return render(request, "patients/public_clinics.html", {"clinics": Clinic.objects.order_by("name")})
    place = get_object_or_404(Clinic, pk=clinic) if clinic else Clinic.objects.first()
    if place is None:
        raise Http404
    with timezone.override(place.tz):
        return _answered(request, place) if request.method == "POST" else _form(request, place, PublicRequestForm())


@public
def thanks(request: HttpRequest, submission: UUID) -> HttpResponse:
    """What happens next. Says nothing about the person, whoever opens it."""
    found = get_object_or_404(IntakeRequest.objects.select_related("clinic"), submission=submission)
    return render(request, "patients/public_thanks.html", {"clinic": found.clinic, "reference": found.reference})


def _answered(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """Three presses lead here: check, change something, send. Only the last makes a request."""
    form = PublicRequestForm(request.POST)
    if "change" in request.POST:
        return _form(request, clinic, PublicRequestForm(initial=form.typed()), kept=request.POST.get("ticket", ""))
    wait = over_limit(request, scope="public-form")
    if wait:
        answer = _form(request, clinic, form, status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    if "send" not in request.POST:
        read = submitted(form, lambda values: _read(clinic, values))
        return _check(request, form, clinic) if read is not None else _form(request, clinic, form, status=422)
    made = submitted(form, lambda values: _received(clinic, values))
    return redirect("public-request-sent", made.submission) if made else _form(request, clinic, form, status=422)


def _read(clinic: Clinic, values: dict[str, Any]) -> dict[str, Any]:
    return intake.read(clinic=clinic, now=timezone.now(), **_fields(values))


def _received(clinic: Clinic, values: dict[str, Any]) -> IntakeRequest:
    return intake.receive_form(clinic=clinic, submission=values["ticket"], now=timezone.now(), **_fields(values))


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in {"website", "ticket"}}


def _check(request: HttpRequest, form: PublicRequestForm, clinic: Clinic) -> HttpResponse:
    """What was typed, to read once more. It travels in the page, so that nothing is kept before it is sent."""
    context = {"clinic": clinic, "facts": form.facts(), "carried": form.carried()}
    return render(request, "patients/public_check.html", context)


def _form(
    request: HttpRequest, clinic: Clinic, form: PublicRequestForm, *, status: int = 200, kept: str = ""
) -> HttpResponse:
    """The page, with a ticket. A form that comes back keeps its own unless that has run out."""
    if form.is_bound and submission_of(form.data.get("ticket", ""), max_age=OLDEST):
        kept = form.data.get("ticket", "")
    context = {"form": form, "clinic": clinic, "ticket": kept or ticket(_submission(form)), "busy": status == 429}
    return render(request, "patients/public_request.html", context, status=status)


def _submission(form: PublicRequestForm) -> uuid.UUID | None:
    """The submission of a ticket that ran out, so that even then a double send stays one request."""
    return submission_of(form.data.get("ticket", "")) if form.is_bound else None
