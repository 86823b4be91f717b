"""Pages made from several apps."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.http.pages import StaffRequest, page
from config.refusals import Invalid, NotFound
from config.staff.accounts import choose_theme
from config.staff.permissions import Permission, can
from config.web import course, today
from patients.models import Patient
from patients.web.banner import banner
from patients.web.death import still_standing

P = Permission


@page(None)
def home(request: StaffRequest) -> HttpResponse:
    """What needs me now?"""
    person, now = request.user, timezone.now()
    context = {"now": now, "tiles": today.tiles(person, now)}
    if can(person, P.SEE_SCHEDULE):
        present, to_come = (
            today.watched(person, today.present(person, now)[:12]),
            list(today.still_to_come(person, now)[:8]),
        )
        if can(person, P.CHART):
            today.with_strips(person, [*present, *to_come])
        count = today.still_to_come(person, now).count()
        context |= {"present": present, "to_come": to_come, "to_come_count": count}
    if can(person, P.ANSWER_REQUESTS):
        context["requests"] = today.waiting_requests(person)[:6]
    if can(person, P.DECIDE_CANDIDACY):
        context["to_decide"] = today.awaiting_decision(person)[:6]
    return render(request, "home.html", context)


@page(None)
def home_tiles(request: StaffRequest) -> HttpResponse:
    """The numbers alone, asked for again every few seconds."""
    return render(request, "home_tiles.html", {"tiles": today.tiles(request.user, timezone.now())})


@page(None)
def theme(request: StaffRequest) -> HttpResponse:
    """Keep somebody's choice of colours on their account; the page itself has changed already."""
    wanted = request.POST.get("theme", "")
    if wanted not in {"auto", "light", "dark"}:
        raise Invalid("There is no such theme.", field="theme")
    choose_theme(person=request.user, theme=wanted)
    return HttpResponse(status=204)


@page(P.SEE_PATIENTS)
def patient(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Where is this person in their course, and is it helping?"""
    found = Patient.objects.filter(clinic=request.user.clinic, pk=pk).select_related("merged_into").first()
    if found is None:
        raise NotFound("There is no such patient.")
    now = timezone.now()
    context = banner(found, now) | course.of(found, request.user, now)
    if found.deceased:
        context |= still_standing(found.pk, now)
    return render(request, "patient.html", {"patient": found, "now": now, **context})
