"""What the demo's patients agreed to. The wording says that it is invented; most have agreed, a few still have to."""

from datetime import datetime, timedelta

from config.demo.seed.courses import INVENTED, Course
from config.demo.seed.place import House
from infusions import consent_wordings, consents
from infusions.models import ConsentWording

KIND = "Infusion treatment"
TEXT = f"{INVENTED} Here stands what patients of your clinic agree to, in your clinic's words."
BEFORE_FIRST_VISIT = timedelta(weeks=3)
HOLDS = timedelta(days=365)
# Of the courses that have not begun, every so many-th still has to agree.
NOT_YET = 3


def agree(house: House, courses: list[Course], now: datetime) -> None:
    """The clinic's one wording, which a start asks for, and the patients' consents to it."""
    words = consent_wordings.put(
        clinic=house.clinic, kind=KIND, edition="1", text=TEXT, needed_to_start=True, by=house.manager, now=now
    )
    to_come = [course for course in courses if course.visits[0].start > now]
    waiting = {course.patient.pk for course in to_come[::NOT_YET]}
    for course in courses:
        if course.patient.pk not in waiting:
            _agreed(house, course, words)


def _agreed(house: House, course: Course, words: ConsentWording) -> None:
    """In the prescriber's room, when the order was signed."""
    at = course.visits[0].start - BEFORE_FIRST_VISIT
    given_on = house.clinic.today(at)
    consents.record(
        patient=course.patient,
        wording=words,
        given_on=given_on,
        expires_on=given_on + HOLDS,
        taken_by=house.prescriber,
        by=house.prescriber,
        now=at,
    )
