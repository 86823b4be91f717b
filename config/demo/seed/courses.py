"""Courses of treatment: a patient, a decision, a signed order, a booked series, and the visits given so far.

Every clinical word here says that it is invented. Dose and rate hold words instead of figures, so that nothing in the
demo can be read as guidance; vital signs are made up.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from config.demo.seed.people import Invented
from config.demo.seed.place import House
from infusions import candidacy, fulfilment, orders
from infusions.models import Order
from infusions.states import Outcome
from patients.contact import record_consent
from patients.models import Channel, Patient
from patients.register import register
from scheduling.models import Appointment, Chair
from scheduling.series import PlannedVisit

INVENTED = "Invented for the demo; not guidance."
VISITS = 6
CHAIR_MINUTES = 75
# Starts on the clinic's wall; each is followed by a quarter of an hour to turn the chair over.
SLOTS = (time(8), time(9, 30), time(11), time(13), time(14, 30), time(16))


@dataclass(frozen=True)
class Place:
    """A weekly place that a course has to itself: days from today (0 to 6), chair, start."""

    day: int
    chair: Chair
    slot: time


@dataclass(frozen=True)
class Course:
    """A booked course, its visits in order of time."""

    patient: Patient
    order: Order
    visits: list[Appointment]


def admit(house: House, invented: Invented, *, at: datetime) -> Patient:
    """Register somebody, with consent to every channel that there is an address for."""
    patient = register(clinic=house.clinic, by=house.desk, now=at, **invented.fields)
    for channel, address in ((Channel.SMS, patient.mobile), (Channel.EMAIL, patient.email)):
        if address:
            record_consent(patient=patient, channel=channel, granted=True, how="spoken", by=house.desk, at=at)
    return patient


def signed_order(
    house: House, patient: Patient, *, at: datetime, min_gap: int = 5, max_gap: int = 9, **more: Any
) -> Order:
    """A candidacy decision and an order, both typed and signed by the demo's prescriber."""
    doctor = house.prescriber
    candidacy.decide(
        patient=patient, outcome=Outcome.CANDIDATE, reason=INVENTED, by=doctor, now=at, password=house.password
    )
    draft = orders.draft(
        patient=patient,
        by=doctor,
        now=at,
        indication=INVENTED,
        agent="invented agent",
        route="invented route",
        dose="invented",
        dose_unit="not a dose",
        rate="invented",
        rate_unit="not a rate",
        titration=INVENTED,
        planned_minutes=40,
        chair_minutes=CHAIR_MINUTES,
        visits=VISITS,
        min_gap_days=min_gap,
        max_gap_days=max_gap,
        vitals_during_minutes=15,
        fasting_instructions=INVENTED,
        escort_instructions=INVENTED,
        stop_criteria=INVENTED,
        discharge_criteria=INVENTED,
        **more,
    )
    return orders.sign(order_id=draft.pk, by=doctor, now=at, password=house.password, version=draft.version)


def starts(house: House, place: Place, first_day: date) -> list[datetime]:
    """Six starts, a week apart, at the same time on the wall."""
    days = [first_day + timedelta(weeks=week) for week in range(VISITS)]
    return [datetime.combine(day, place.slot, tzinfo=house.clinic.tz) for day in days]


def booked_course(house: House, invented: Invented, place: Place, *, first_day: date) -> Course:
    """Admit, order and book six weekly visits; all of it happened three weeks before the first."""
    at = datetime.combine(first_day - timedelta(weeks=3), time(10), tzinfo=house.clinic.tz)
    patient = admit(house, invented, at=at)
    order = signed_order(house, patient, at=at + timedelta(days=1))
    planned = [PlannedVisit(start=start, chair_id=place.chair.pk) for start in starts(house, place, first_day)]
    series = fulfilment.book(order_id=order.pk, visits=planned, by=house.desk, now=at + timedelta(days=2))
    return Course(patient, order, list(Appointment.objects.filter(series=series).order_by("start")))


def weekly_places(chairs: list[Chair], rng: Random) -> dict[int, list[Place]]:
    """For each day ahead, its places in a steady order that mixes chairs."""
    found = {}
    for day in range(7):
        places = [Place(day, chair, slot) for slot in SLOTS for chair in chairs]
        if day:
            rng.shuffle(places)
        found[day] = places
    return found
