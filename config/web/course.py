"""Where a patient stands: one line through request, decision, order, visits and messages, as the role may see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from config.staff.models import User
from config.staff.permissions import Permission, can
from infusions import candidacy, consent_wordings, consents, orders, outcomes
from infusions.course import visits_of
from infusions.models import CandidacyDecision, Order, Visit
from infusions.web.outcome_lines import shown_lines
from notifications.models import Message
from patients.contact import may_reach
from patients.models import Channel, IntakeRequest, Patient
from scheduling.models import Appointment
from scheduling.states import Status
from scheduling.wall_clock import words as moment_words

P = Permission
CHANNELS = {Channel.SMS: "Text message", Channel.EMAIL: "Email"}
GIVEN = frozenset({Status.COMPLETED, Status.STOPPED_EARLY})


@dataclass(frozen=True)
class Step:
    """One thing that happened, or will. `kind` is what the filter chips sort by; `state` is a key of the state list.

    `record` is the number of the merged record that it was written on, if it was another than this one.
    """

    at: datetime
    kind: str
    words: str
    state: str = ""
    url: str = ""
    in_drawer: bool = False
    record: str = ""


# Whose record it is to its number, which is left empty for the record whose page is shown.
Records = dict[UUID, str]


def of(patient: Patient, person: User, now: datetime) -> dict[str, Any]:
    """Context for the patient page, with what was written on records that were merged into this one.

    A fixed number of queries, whatever the length of the course and the number of records.
    """
    merged_from = list(patient.merged_from.order_by("record_number"))
    records = {patient.pk: ""} | {row.pk: row.record_number for row in merged_from}
    booked = Appointment.objects.filter(patient__in=list(records))
    visits = list(booked.select_related("chair").order_by("-start")[:100])
    order = orders.in_force(patient=patient)
    decision = candidacy.current(patient=patient, on=person.clinic.today(now))
    return {
        "merged_from": merged_from,
        "decision": decision,
        "order": order,
        "limits": orders.limits(order) if order else None,
        "standing": _standing(order),
        "next_visit": _next(visits, now),
        "to_repair": [
            f"{moment_words(visit.start, person.clinic.tz)}: {visit.needs_repair}"
            for visit in reversed(visits)
            if visit.needs_repair and visit.start > now
        ],
        "held": [visit for visit in visits if visit.status == Status.HELD],
        "open_visit": _open_visit(visits),
        "reach": _reach(patient),
        "pain": _pain(patient) if can(person, P.SEE_CLINICAL) else None,
        "consents": _consents(patient, person, now) if can(person, P.SEE_CLINICAL) else None,
        "steps": _steps(patient, records, person, visits),
        **(shown_lines(patient) if can(person, P.SEE_CLINICAL) else {}),
    }


def _next(visits: list[Appointment], now: datetime) -> Appointment | None:
    coming = [visit for visit in visits if visit.status == Status.BOOKED and visit.end > now]
    return coming[-1] if coming else None


def _open_visit(visits: list[Appointment]) -> Visit | None:
    under_way = [
        visit.pk for visit in visits if visit.status in {Status.IN_PROGRESS, Status.RECOVERY, Status.CHECKED_IN}
    ]
    return Visit.objects.filter(appointment__in=under_way).first()


def _standing(order: Order | None) -> dict[str, int] | None:
    """Visits given, booked and ordered: counts alone. What was booked for an earlier version counts here."""
    if order is None or order.visits is None:
        return None
    own = visits_of(order)
    given = sum(visit.status in GIVEN for visit in own)
    booked = len(own) - given
    return {"given": given, "booked": booked, "ordered": order.visits, "left": max(order.visits - len(own), 0)}


def _reach(patient: Patient) -> list[dict[str, Any]]:
    """Each channel with its address, or with the reason why it may not be used: they call for different acts."""
    found = []
    for channel in Channel:
        way = may_reach(patient_id=patient.pk, channel=channel)
        words = {"why_not": way} if isinstance(way, str) else {"address": way.address}
        found.append({"label": CHANNELS[channel], **words})
    return found


def _consents(patient: Patient, person: User, now: datetime) -> dict[str, Any]:
    """What the patient agreed to and holds today, and which kinds a start would ask for in vain. Two queries."""
    held = consents.in_date(patient=patient, on=person.clinic.today(now))
    kinds = {consent.wording.kind for consent in held}
    asked = consent_wordings.needed_to_start(clinic_id=person.clinic_id)
    return {"held": held, "missing": [kind for kind in asked if kind not in kinds]}


def _pain(patient: Patient) -> list[dict[str, Any]]:
    return [
        {"label": f"{day.day} {day:%b}", "Before": before, "After": after}
        for day, before, after in outcomes.pain_course(patient=patient)
    ]


def _steps(patient: Patient, records: Records, person: User, visits: list[Appointment]) -> list[Step]:
    found = [_visit_step(visit, records, person) for visit in visits]
    found += _request_steps(patient, person)
    found += _decision_steps(records)
    found += _order_steps(records)
    found += _message_steps(records) if can(person, P.SEE_MESSAGES) else []
    return sorted(found, key=lambda step: step.at, reverse=True)


def _visit_step(visit: Appointment, records: Records, person: User) -> Step:
    start = visit.start.astimezone(person.clinic.tz)
    words = f"{visit.kind.capitalize()} on {start:%a} {start.day} {start:%b %Y, %H:%M}, {visit.chair.name}"
    return Step(
        visit.start,
        "visits",
        words,
        visit.state_key,
        reverse("appointment", args=[visit.pk]),
        in_drawer=True,
        record=records[visit.patient_id],
    )


def _request_steps(patient: Patient, person: User) -> list[Step]:
    link = can(person, P.ANSWER_REQUESTS)
    return [
        Step(
            request.received_at,
            "requests",
            f"Request by {request.source.replace('-', ' ')}",
            request.status,
            reverse("intake-request", args=[request.pk]) if link else "",
        )
        for request in IntakeRequest.objects.filter(patient=patient).order_by("-received_at")[:20]
    ]


def _decision_steps(records: Records) -> list[Step]:
    decisions = CandidacyDecision.objects.filter(patient__in=list(records)).order_by("-entered_at")[:20]
    return [
        Step(
            made.entered_at,
            "orders",
            f"Candidacy decided by {made.signed_name}",
            made.outcome,
            record=records[made.patient_id],
        )
        for made in decisions
    ]


def _order_steps(records: Records) -> list[Step]:
    signed = Order.objects.filter(patient__in=list(records), signed_at__isnull=False).select_related("standing")
    return [
        Step(
            order.signed_at,
            "orders",
            f"Order signed by {order.signed_name}",
            order.standing.status,
            reverse("order", args=[order.pk]),
            record=records[order.patient_id],
        )
        for order in signed.order_by("-signed_at")[:20]
        if order.signed_at
    ]


def _message_steps(records: Records) -> list[Step]:
    messages = Message.objects.filter(patient__in=list(records)).order_by("-due_at")[:40]
    return [
        Step(
            message.sent_at or message.due_at,
            "messages",
            f"{message.get_purpose_display()} by {message.get_channel_display().lower()}",
            message.state,
            reverse("message", args=[message.pk]),
            in_drawer=True,
            record=records[message.patient_id],
        )
        for message in messages
    ]
