"""What waits at the front desk: requests, and somebody to decide on."""

from datetime import datetime, timedelta
from typing import Any

from config.demo.seed.courses import INVENTED, Course
from config.demo.seed.people import Invented
from config.demo.seed.place import House
from patients import allergies, intake
from patients.models import Source
from patients.states import RequestStatus

WISHES = (
    (Source.PHONE, 25, "Weekday mornings", "Called about years of nerve pain; a neighbour can drive."),
    (Source.WEB_FORM, 190, "Any afternoon", "Asks how long a visit takes and who may come along."),
    (Source.EMAIL, 26 * 60, "Tuesdays", "Sent by the pain clinic, papers follow by post."),
    (Source.TEXT, 50 * 60, "Not Fridays", "Wants to be called after work."),
)


def requests(house: House, people: list[Invented], now: datetime) -> None:
    """Four requests of different ages, one by each way in; the last is handed over for a decision."""
    for invented, (source, minutes, times, words) in zip(people, WISHES, strict=True):
        intake.receive(
            clinic=house.clinic,
            source=source,
            by=house.desk,
            now=now - timedelta(minutes=minutes),
            preferred_times=times,
            message=words,
            pain_condition="neuropathic-pain",
            **_contact(invented),
        )


def _contact(invented: Invented) -> dict[str, Any]:
    names = ("given_name", "family_name", "birth_date", "mobile", "email", "language")
    return {name: invented.fields[name] for name in names if invented.fields[name]}


def to_decide(house: House, invented: Invented, now: datetime) -> None:
    """A registered person whose request waits for a prescriber."""
    since = now - timedelta(days=2)
    request = intake.receive(
        clinic=house.clinic, source=Source.REFERRAL, by=house.desk, now=since, message=INVENTED, **_contact(invented)
    )
    intake.register_from(request_id=request.pk, by=house.desk, now=since)
    intake.move_request(request_id=request.pk, to=RequestStatus.READY_FOR_REVIEW, by=house.desk)


def known_allergies(house: House, courses: list[Course]) -> None:
    """Some have none, some have one, and the rest were never asked; told when they were admitted."""
    nurse = house.nurses[0]
    for number, course in enumerate(courses):
        told: dict[str, Any] = {
            "patient_id": course.patient.pk,
            "by": nurse,
            "now": course.visits[0].start - timedelta(weeks=3),
        }
        if number % 3 == 0:
            allergies.confirm_none(**told)
        elif number % 3 == 1:
            allergies.add(substance="Latex", reaction="rash", **told)
