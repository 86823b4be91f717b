"""A clinic in which every resource of the API has a record, for tests that walk all routes. Made through the doors."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from config.audit.acting import SystemJob, recorded
from config.staff.models import User
from infusions import consent_wordings, consents, exceptions, listing, responses, screening, substances, waitlist
from infusions.models import DischargeItem, ScreeningAnswer, ScreeningItem
from infusions.models.questionnaires import Kind
from infusions.models.substances import LogKind
from infusions.models.waitlist import How
from infusions.screening import Answered
from notifications import inbound, links, message_templates, purposes, registration, reminder_times
from notifications.models import Message, VisitLink
from notifications.planner import plan
from patients import allergies, contact, intake, numbers, tasks
from patients.models import Task, TaskKind
from scheduling import booking, escorts, opening, questions, rotas, rules, visit_types
from scheduling.models import Chair, OpenDay, RotaDay, RotaShift
from scheduling.models.kinds import Part, VisitKind, What
from scheduling.spans import NeedSpec, SpanSpec
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.house.matrix import ALLOWED
from tests.house.routes import Route, routes
from tests.infusions.asking import chosen, on, path
from tests.infusions.ordering import known_patient
from tests.infusions.visiting import Day

PREFIX = "/api/v1/"
PAPER = b"%PDF-1.4\n%%EOF\n"


@dataclass
class World:
    """`records` by resource, as addresses name it; `people` by the letters of the matrix."""

    records: dict[str, Any]
    people: dict[str, User]

    def path(self, route: Route) -> str:
        """The route's address with the id of a record that there is."""
        resource = route.pattern.removeprefix("api/v1/").split("/")[0]
        path = f"/{route.pattern}"
        for name in ("<pk>", "<patient>"):
            path = path.replace(name, str(getattr(self.records.get(resource), "pk", "")))
        return path

    def who_may(self, route: Route) -> User:
        return self.people[ALLOWED[route.key][0]]

    def client(self, person: User) -> APIClient:
        client = APIClient(raise_request_exception=False)
        client.default_format = "json"
        client.force_authenticate(person)
        return client


def api_routes(method: str) -> list[Route]:
    """Every route under /api/v1/ that takes this method."""
    return [route for route in routes() if route.path.startswith(PREFIX) and route.method == method]


def described(route: Route) -> str:
    """The route's address as the schema has it."""
    return f"/{route.pattern}".replace("<pk>", "{id}").replace("<", "{").replace(">", "}")


@pytest.fixture
def world(day: Day, vera: User, olu: User, now: datetime) -> World:
    """Ada is treated today, Bo comes for a talk, Cy waits for a place, Di asked this morning."""
    records = {"staff": day.nurse, **_rooms(day, vera), **_agreed(day, vera)}
    records |= {**_course(day, vera), **_desk(day), **_waiting(day)}
    _answered(day, vera, records["appointments"])
    records |= {**_asked(day, vera, records["patients"]), **_log(day, vera)}
    letters = {"D": day.desk, "N": day.nurse, "P": day.prescriber, "M": vera, "A": olu}
    return World(records, letters)


def _rooms(day: Day, manager: User) -> dict[str, Any]:
    on = {"by": manager, "now": day.clock}
    later = day.clinic.today(day.clock) + timedelta(days=40)
    registration.record(clinic=day.clinic, kind="emails", registered_on=day.clinic.today(day.clock), **on)
    reminder_times.remind_at(clinic=day.clinic, hours=[72, 24], by=manager)
    purposes.switch_purpose(clinic=day.clinic, purpose="moved", on=False, **on)
    words = message_templates.use_shipped(
        clinic=day.clinic, what=message_templates.What("moved", "sms", "en"), after=0, **on
    )
    spans = [SpanSpec("Talk", None, [NeedSpec(What.CHAIR, Part.ALL, None)])]
    rules.change_rules(clinic=day.clinic, by=manager, late_cancel_hours=30)
    rotas.set_rota(user=day.nurse, first_day=later, week={0: [(time(8), time(12))]}, **on)
    rotas.rota_exception(user=day.nurse, day=later, spans=[], **on)
    opening.open_day(clinic=day.clinic, day=later, spans=[(time(9), time(12))], **on)
    return {
        "message-templates": words,
        "chairs": Chair.objects.filter(clinic=day.clinic).first(),
        "closures": opening.close_day(
            clinic=day.clinic, day=later + timedelta(days=1), reason="Stocktaking", **on
        ).record,
        "open-days": OpenDay.objects.get(),
        "rota-exceptions": RotaDay.objects.get(),
        "rotas": RotaShift.objects.filter(first_day=later).get(),
        "time-off": rotas.time_off(user=day.nurse, first=later, last=later, **on).record,
        "visit-types": visit_types.add_visit_type(
            clinic=day.clinic, name="Short talk", kind=VisitKind.CONSULT, spans=spans, by=manager
        ),
    }


def _course(day: Day, manager: User) -> dict[str, Any]:
    """Ada's screening, her order with an exception, its series, and today's visit with an unsigned note."""
    item, _ = listing.put_items(ScreeningItem, clinic=day.clinic, wordings=["Lab", "Letter"], by=manager, now=day.clock)
    ada = known_patient(day.clinic, day.clock, mobile="+12135550141")
    numbers.say_of_number(
        number=contact.number_of(ada), kind="opt-out", holds=False, how="Spoken", by=day.desk, at=day.clock
    )
    [answer] = screening.record(patient=ada, answers=[Answered(item.pk, True, "")], by=day.nurse, now=day.clock)
    contact.record_consent(patient=ada, channel="email", granted=False, how="Spoken", by=day.desk, at=day.clock)
    latex = allergies.add(patient_id=ada.pk, substance="Latex", by=day.nurse, now=day.clock)
    allergies.review(patient_id=ada.pk, by=day.nurse, now=day.clock)
    rules.set_limits(patient=ada, weekdays=[0, 1], time_from=time(8), time_until=None, transport="", by=day.desk)
    order = day.order(ada)
    visit = day.noted(day.discharged(day.ended(day.started(day.opened(day.booked(order)))))).visit
    line, _ = listing.put_items(DischargeItem, clinic=day.clinic, wordings=["Fed", "Dry"], by=manager, now=day.clock)
    soon = day.clinic.today(day.clock) + timedelta(days=1)
    exceptions.allow(
        order_id=order.pk,
        kind="no-escort",
        day=soon,
        reason="A neighbour helps.",
        by=day.prescriber,
        now=day.now(),
        password=PASSWORD,
    )
    return {
        "patients": ada,
        "allergy": latex,
        "screening-items": item,
        "discharge-items": line,
        "screening-answers": ScreeningAnswer.objects.get(pk=answer.pk),
        "candidacy-decisions": order.candidacy,
        "orders": order,
        "series": visit.appointment.series,
        "visits": visit,
    }


def _answered(day: Day, manager: User, talk: Any) -> None:
    """Bo answered by the link in a message what the clinic asks before a visit."""
    [question] = questions.ask(clinic=day.clinic, questions=[questions.Words("Any news?")], by=manager, now=day.clock)
    said = {question.pk: "None at all"}
    questions.answer(
        appointment_id=talk.pk, said=said, language="en", how="link", by=SystemJob.PATIENT_LINK, now=day.clock
    )


def _agreed(day: Day, manager: User) -> dict[str, Any]:
    """A wording, and the consent of somebody who is not treated yet."""
    wording = consent_wordings.put(
        clinic=day.clinic, kind="Treatment", edition="1", text="I agree.", needed_to_start=False, by=manager,
        now=day.clock,
    )  # fmt: skip
    consent = consents.record(
        patient=day.patient("Fay"), wording=wording, given_on=day.clinic.today(day.clock), taken_by=day.nurse,
        by=day.nurse, now=day.clock, document=PAPER,
    )  # fmt: skip
    return {"consent-wordings": wording, "treatment-consents": consent}


def _asked(day: Day, manager: User, patient: Any) -> dict[str, Any]:
    path(manager)
    asked = on(Kind.GAD_7, manager, day.clock)
    answers = chosen(asked, [1] * 7)
    given = responses.record(patient=patient, questionnaire_id=asked.pk, answers=answers, by=day.nurse, now=day.now())
    return {"questionnaires": asked, "questionnaire-responses": given}


def _log(day: Day, manager: User) -> dict[str, Any]:
    """A cupboard with one thing in it, counted."""
    place = substances.add_location(name="Cupboard", address="Quay 1", registration_number="X1", by=manager)
    thing = substances.describe(
        by=day.nurse, now=day.clock, name="Examplamine", form="jar", strength="3", strength_unit="spoons",
        package="of ten",
    )  # fmt: skip
    row = substances.write(
        location_id=place.pk, kind=LogKind.COUNTED, by=day.nurse, now=day.now(), substance=thing, quantity="4",
        quantity_unit="jars", lot="L1", expiry="2027", count_moment="opening",
    )  # fmt: skip
    return {"storage-locations": place, "substances": thing, "substance-log": row}


def _desk(day: Day) -> dict[str, Any]:
    """Bo's talk with its messages, Di's request, a task."""
    bo = known_patient(day.clinic, day.clock, "Bo", mobile="+12135550142")
    contact.record_consent(patient=bo, channel="sms", granted=True, how="Spoken", by=day.desk, at=day.clock)
    talk = _talk(day, bo, days=3)
    asked = intake.receive(
        clinic=day.clinic, source="phone", by=day.desk, now=day.clock, given_name="Di", mobile="+12135550188"
    )
    another = intake.receive(
        clinic=day.clinic, source="phone", by=day.desk, now=day.clock, given_name="Al", mobile="+12135550189"
    )
    intake.log_attempt(request_id=asked.pk, channel="phone", reached=False, by=day.desk, now=day.clock)
    task = tasks.raise_task(
        clinic=day.clinic, patient=bo, kind=TaskKind.OTHER, words="Call back.", by=day.desk, now=day.clock
    )
    plan(now=day.clock)
    message = Message.objects.filter(appointment=talk).first()
    with recorded(by=SystemJob.REMINDERS):
        links.keep_all([links.Made("x" * 22, message, talk)], now=day.clock)
    escorts.name_escort(
        appointment_id=talk.pk, name="Sol", phone="213 555 0143", how="link", by=SystemJob.PATIENT_LINK, now=day.clock
    )
    said, _ = inbound.receive(provider_id="SM1", number="+12135550142", text="At ten?", now=day.clock)
    return {
        "text-replies": said,
        "other-patient": bo,
        "other-request": another,
        "appointments": talk,
        "intake-requests": asked,
        "tasks": Task.objects.get(pk=task.pk),
        "messages": message,
        "visit-links": VisitLink.objects.get(),
    }


def _talk(day: Day, patient: Any, *, days: int, **more: Any) -> Any:
    start = day.clock.replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return booking.book(patient=patient, clinic=day.clinic, start=start, minutes=30, by=day.desk, now=day.clock, **more)


def _waiting(day: Day) -> dict[str, Any]:
    """Cy waits for an infusion and is offered the place that Ed gave up."""
    cy = day.patient("Cy")
    day.order(cy)
    entry = waitlist.join(patient=cy, by=day.desk, now=day.clock)
    start = day.clock.replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    gone = booking.book(
        patient=day.patient("Ed"), clinic=day.clinic, start=start, minutes=120, by=day.desk, now=day.clock
    )
    gone = booking.cancel(
        appointment_id=gone.pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=day.desk, now=day.clock
    )
    place = waitlist.freed_place(gone, now=day.clock)
    made = waitlist.offer(
        entry_id=entry.pk,
        place=place,
        start=place.start,
        how=How.TO_CALL,
        by=day.desk,
        now=day.clock,
        expires_at=day.clock + timedelta(hours=20),
    )
    return {"waitlist-entries": entry, "waitlist-offers": made}
