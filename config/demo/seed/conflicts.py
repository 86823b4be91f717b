"""A series to plan, and what stands in its way: a closed day, a nurse who is away, full chairs."""

from datetime import date, datetime, time, timedelta
from itertools import islice

from config.demo.seed.courses import admit, signed_order
from config.demo.seed.people import Invented
from config.demo.seed.place import CHAIRS, House
from infusions.models import Order
from patients.models import Patient
from scheduling import booking
from scheduling.opening import close_day
from scheduling.rotas import time_off

# The order asks for a visit a week from the third day on. What it meets, counted in days from today: the second visit
# a closed day, the third (a day later or two, for that reason) half the nurses, the fourth full chairs.
FIRST, CLOSED = 3, 10
NURSE_AWAY, FULL = (18, 19), (25, 26)
MIN_GAP, MAX_GAP = 7, 8
MORNING = time(8)
CONSULT_MINUTES = 60
# As many as one nurse can watch at once.
WATCHED = 4


def to_plan(house: House, invented: Invented, now: datetime) -> Order:
    """A signed order with narrow gaps and nothing booked."""
    since = now - timedelta(days=1)
    first = house.clinic.today(now) + timedelta(days=FIRST)
    patient = admit(house, invented, at=since)
    return signed_order(
        house, patient, at=since, min_gap=MIN_GAP, max_gap=MAX_GAP, first_visit_from=first, first_visit_until=first
    )


def stand_in_the_way(house: House, patients: list[Patient], now: datetime) -> None:
    """One day closed; two with half the nurses, and those taken at eight; two with every chair taken at eight."""
    waiting, manager = iter(patients), house.manager
    off, full = _days(house, NURSE_AWAY, now), _days(house, FULL, now)
    [closed] = _days(house, (CLOSED,), now)
    close_day(clinic=house.clinic, day=closed, reason="Staff training", by=manager, now=now)
    time_off(user=house.nurses[1], first=off[0], last=off[-1], reason="Leave", by=manager, now=now)
    for day in off:
        _consults(house, list(islice(waiting, WATCHED)), day, now)
    for day in full:
        _consults(house, list(islice(waiting, CHAIRS)), day, now)


def _days(house: House, from_today: tuple[int, ...], now: datetime) -> list[date]:
    return [house.clinic.today(now) + timedelta(days=days) for days in from_today]


def _consults(house: House, patients: list[Patient], day: date, now: datetime) -> None:
    start = datetime.combine(day, MORNING, tzinfo=house.clinic.tz)
    for patient in patients:
        booking.book(patient=patient, clinic=house.clinic, start=start, minutes=CONSULT_MINUTES, by=house.desk, now=now)
