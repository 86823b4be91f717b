"""Today on the board: a day under way, with something in every state that a day has."""

from datetime import datetime, time, timedelta
from random import Random

from config.demo.seed.courses import Course
from config.demo.seed.place import House
from config.demo.seed.visits import Charting, completed
from scheduling import booking
from scheduling.models import Appointment

VITALS_EVERY = timedelta(minutes=15)
# Of the infusions that run: how long until each one's next vital signs are due.
DUE_IN_MINUTES = (2, 6, 9, 12)


def bring_up_to_now(house: House, courses: list[Course], rng: Random, now: datetime) -> None:
    """Chart whatever has happened by now: past visits whole, today's as far as they have come."""
    today = house.clinic.today(now)
    for course in courses:
        for visit in course.visits:
            if visit.start.astimezone(house.clinic.tz).date() < today:
                completed(house, visit, rng)
    visits = [v for course in courses for v in course.visits if v.start.astimezone(house.clinic.tz).date() == today]
    _early(house, [v for v in visits if _slot(house, v) == time(8)], rng)
    _under_way(house, [v for v in visits if _slot(house, v) == time(9, 30)], rng, now)
    _soon(house, [v for v in visits if _slot(house, v) == time(11)], now)
    _later(house, [v for v in visits if _slot(house, v) > time(11)], now)


def _slot(house: House, visit: Appointment) -> time:
    return visit.start.astimezone(house.clinic.tz).time()


def _early(house: House, visits: list[Appointment], rng: Random) -> None:
    """Done by now: two notes are still unsigned, and one patient did not come."""
    for number, visit in enumerate(visits):
        if number == 0:
            booking.no_show(appointment_id=visit.pk, reason="Not reached by phone", by=house.desk, now=visit.end)
        else:
            completed(house, visit, rng, signed=number > 2)


def _under_way(house: House, visits: list[Appointment], rng: Random, now: datetime) -> None:
    """In the chairs: one infusion whose next vital signs are due in two minutes, others in each stage."""
    for number, visit in enumerate(visits):
        charting = Charting(house, visit, rng).arrive().open(whole=number < 6)
        if number < len(DUE_IN_MINUTES):
            _running(charting, now, due_in=DUE_IN_MINUTES[number])
        elif number < 6:
            charting.start().infuse(1).end()


def _running(charting: Charting, now: datetime, *, due_in: int) -> None:
    """Vital signs at the ordered interval, the last of them so long ago that the next are due in so many minutes."""
    charting.start()
    sets = [now - VITALS_EVERY + timedelta(minutes=due_in)]
    while sets[0] - VITALS_EVERY > charting.clock:
        sets.insert(0, sets[0] - VITALS_EVERY)
    for at in sets:
        charting.clock = at - timedelta(minutes=1)
        charting.vitals("infusion")


def _soon(house: House, visits: list[Appointment], now: datetime) -> None:
    """The next ones: two are here, most have said that they come."""
    for number, visit in enumerate(visits):
        if number < 2:
            booking.arrive(appointment_id=visit.pk, by=house.desk, now=now)
        elif number < 6:
            booking.confirm(appointment_id=visit.pk, by=house.desk, now=now)


def _later(house: House, visits: list[Appointment], now: datetime) -> None:
    """The afternoon: some confirmed, three want another time."""
    for number, visit in enumerate(visits):
        if number % 2:
            booking.confirm(appointment_id=visit.pk, by=house.desk, now=now)
        elif number < 6:
            booking.ask_to_move(
                appointment_id=visit.pk, note="Could it be a morning later this week?", by=house.desk, now=now
            )
