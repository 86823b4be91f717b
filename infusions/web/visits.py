"""The visit pages: the live visit, its sheet, and how a visit is opened and ended."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from config.http.pages import StaffRequest, act, page, submitted
from config.refusals import NotFound
from config.staff.models import User
from config.staff.permissions import Permission, can
from infusions import exceptions, outcomes, records, strip
from infusions.charting import is_signed, note_of
from infusions.course import visits_of
from infusions.flowsheet import Sheet, last_readings, sheet, vitals_due
from infusions.models import Discharge, Order, Visit, VitalsSet
from infusions.newer_order import newer_order
from infusions.read_back import Line, read_back
from infusions.states import OrderStatus
from infusions.web.outcome_lines import result
from infusions.web.strips import shown
from infusions.web.visit_fields import ReasonForm
from infusions.web.visit_forms import VitalsForm
from infusions.web.visit_plot import plotted
from patients.web.banner import banner
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import ENDED, Status

P = Permission
# What a clinician at the chair looks for in the order; the rest is one tap away.
AT_THE_CHAIR = ("agent", "route", "dose", "rate", "bolus", "titration", "vitals_during_minutes", "stop_criteria")
# An act that ends the visit: its name in addresses, and the words of its page.
ENDINGS = {
    "not-treated": (records.not_treated, "Not treated", "The patient came and nothing was given."),
    "stop-early": (records.stop_early, "Stop the visit early", "The visit ends before its discharge."),
}


def visit_of(person: User, pk: UUID) -> Visit:
    """The visit, in the person's clinic, with what every visit page shows of it. Raises NotFound."""
    joined = Visit.objects.select_related(
        "appointment__chair", "clinic", "order__standing", "note__author", "patient__allergies_confirmed_by"
    )
    found = joined.filter(clinic=person.clinic_id, pk=pk).first()
    if found is None:
        raise NotFound("There is no such visit.")
    return found


def framed(visit: Visit, now: datetime) -> dict[str, Any]:
    """What every page of a visit shows: who, which visit, where it stands."""
    return {
        **banner(visit.patient, now),
        "visit": visit,
        "appointment": visit.appointment,
        "number": SimpleLazyObject(lambda: _number(visit)),
        "note": note_of(visit),
        "signed": is_signed(visit),
        "is_consult": visit.appointment.kind == VisitKind.CONSULT,
        "allowed": exceptions.of_visit(visit),
    }


def live(visit: Visit, now: datetime) -> dict[str, Any]:
    """The sheet and what follows from it: clocks, what is missing, which acts are next. `stand` names this state."""
    rows = sheet(visit)
    visit.handed_over, visit.newer_taken = rows.handovers, rows.newer_orders
    status = Status(visit.appointment.status)
    return {
        "visit": visit,
        "appointment": visit.appointment,
        "sheet": rows,
        "addenda": rows.addenda,
        "press_id": uuid4(),
        "event_press_id": uuid4(),
        "signed": is_signed(visit),
        "is_consult": visit.appointment.kind == VisitKind.CONSULT,
        "state": "paused" if rows.is_paused else status,
        "last_vitals": rows.newest(VitalsSet),
        "last_readings": last_readings(rows),
        "vitals_due": vitals_due(visit, rows) if status not in ENDED else None,
        "lapsed": _lapsed(visit),
        **_newer(visit, rows),
        "open_events": [event for event in rows.events if event.is_open],
        "discharged": rows.newest(Discharge),
        "over": status in ENDED,
        "here": status == Status.CHECKED_IN,
        "infusing": rows.is_running and status not in ENDED,
        "paused": rows.is_paused,
        "recovering": status == Status.RECOVERY,
        "plot": plotted(rows),
        "have": _digest(rows, status, visit),
        "now": now,
    }


@page(P.SEE_CLINICAL)
def visit_page(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How is this patient now, and what is due next?"""
    visit, now = visit_of(request.user, pk), timezone.now()
    context = framed(visit, now) | live(visit, now) | order_words(visit)
    context["form"] = VitalsForm(visit=visit, now=now)
    context |= {} if context["signed"] else before_start(request, visit, context["sheet"])
    return render(request, "infusions/visit.html", context)


def before_start(request: StaffRequest, visit: Visit, rows: Sheet) -> dict[str, Any]:
    """The readiness strip of an open record; nothing for a consult."""
    found = strip.of_visit(visit, rows)
    if found is None:
        return {}
    here = visit.appointment.status == Status.CHECKED_IN
    asks = here and can(request.user, P.CHART)
    points = shown(found, patient=visit.patient, visit_id=visit.pk, asks=asks)
    return {"strip": found, "strip_points": points, "strip_open": here, "number": found.number}


@page(P.SEE_CLINICAL)
def strip_part(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The readiness strip alone, asked for again when something was charted. No input in it."""
    visit = visit_of(request.user, pk)
    context = {"visit": visit, **before_start(request, visit, sheet(visit))}
    return render(request, "infusions/visit_strip.html", context)


@page(P.SEE_CLINICAL)
def sheet_part(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The sheet and the clocks alone, asked for again every few seconds; 204 while nothing is new. No input in it."""
    visit, now = visit_of(request.user, pk), timezone.now()
    context = live(visit, now)
    if request.GET.get("have") == context["have"]:
        return HttpResponse(status=204)
    response = render(request, "infusions/visit_polled.html", context)
    response["HX-Trigger"] = "visit-moved"
    return response


@page(P.SEE_CLINICAL)
def acts_part(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The buttons that fit where the visit stands."""
    visit, now = visit_of(request.user, pk), timezone.now()
    return render(request, "infusions/visit_acts.html", live(visit, now))


def record(visit: Visit, now: datetime) -> dict[str, Any]:
    """The record as it is read from top to bottom, on paper and before a signature."""
    context = framed(visit, now) | live(visit, now) | order_words(visit)
    context["in_order"] = list(reversed(context["sheet"].rows))
    context["answers"] = [{"response": one, "result": result(one)} for one in outcomes.of_visit(visit)]
    return context


def order_words(visit: Visit) -> dict[str, Any]:
    """The order's text as written: `order_short` for the chair, `order_rest` for the rest of it."""
    if visit.order is None:
        return {"order_short": [], "order_rest": []}
    short, rest = _words(visit.order)
    return {"order_short": short, "order_rest": rest}


def _words(order: Order) -> tuple[list[Line], list[Line]]:
    lines = [line for line in read_back(order) if line.is_written]
    short = sorted(
        (line for line in lines if line.name in AT_THE_CHAIR), key=lambda line: AT_THE_CHAIR.index(line.name)
    )
    return short, [line for line in lines if line.name not in AT_THE_CHAIR]


@act(P.CHART)
def open_visit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open the record of an appointment whose patient is here, and go to it."""
    if not Appointment.objects.filter(clinic=request.user.clinic_id, pk=pk).exists():
        raise NotFound("There is no such appointment.")
    opened = records.open_visit(appointment_id=pk, by=request.user, now=timezone.now())
    return go(request, reverse("visit", args=[opened.pk]))


@act(P.CHART)
def take_newer_order(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Go on under the version of the order that has come into force since the record was opened."""
    visit = visit_of(request.user, pk)
    records.take_newer_order(visit_id=visit.pk, by=request.user, now=timezone.now())
    return go(request, reverse("visit", args=[visit.pk]))


@act(P.CHART)
def finish_consult(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The consult is over."""
    visit = visit_of(request.user, pk)
    records.finish_consult(visit_id=visit.pk, by=request.user, now=timezone.now())
    return go(request, reverse("visit", args=[visit.pk]))


@page(P.CHART)
def ending(request: StaffRequest, pk: UUID, how: str) -> HttpResponse:
    """Not treated, or stopped early: why?"""
    visit, now = visit_of(request.user, pk), timezone.now()
    door, title, words = ENDINGS[how]
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        done = submitted(form, lambda values: door(visit_id=visit.pk, by=request.user, now=now, **values))
        if done is not None:
            return go(request, reverse("visit", args=[visit.pk]))
    context = framed(visit, now) | {"form": form, "title": title, "words": words, "url": request.path}
    template = "infusions/visit_ending_form.html" if request.htmx else "infusions/visit_ending.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if form.is_bound else 200)


def go(request: StaffRequest, url: str) -> HttpResponse:
    """To another page, from a form or from a fragment of this one."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _number(visit: Visit) -> int | None:
    """Which of the order's visits this is, by time; a visit at which nothing was given is none of them."""
    counted = [one.pk for one in visits_of(visit.order)] if visit.order is not None else []
    return counted.index(visit.appointment_id) + 1 if visit.appointment_id in counted else None


def _lapsed(visit: Visit) -> dict[str, Any] | None:
    """Since when, and why, the order that this visit began with is no longer the one in force; None while it is."""
    if visit.order is None or visit.order.standing.status in {OrderStatus.ACTIVE, OrderStatus.COMPLETED}:
        return None
    standing = visit.order.standing
    return {"words": standing.status.replace("-", " "), "since": standing.since, "reason": standing.reason}


def _newer(visit: Visit, rows: Sheet) -> dict[str, Any]:
    """The version in force that a visit not yet begun is not under, and its words. Where it took one already, another
    tablet may still show the order before: its words are drawn again."""
    newer = newer_order(visit)
    found: dict[str, Any] = {"newer_order": newer, "order_again": False}
    if newer is not None:
        found["newer_short"], found["newer_rest"] = _words(newer)
    if rows.newer_orders and visit.appointment.status == Status.CHECKED_IN:
        found |= {"order_again": True, **order_words(visit)}
    return found


def _digest(rows: Sheet, status: Status, visit: Visit) -> str:
    """Two sheets with the same digest look the same."""
    newest = max((row.entry.recorded_at for row in rows.rows), default=None)
    struck = sum(row.struck for row in rows.rows)
    order = (visit.version, visit.order.standing.version) if visit.order else ()
    parts = (len(rows.rows), struck, newest.timestamp() if newest else 0, status, is_signed(visit), *order)
    return "-".join(str(part) for part in parts)
