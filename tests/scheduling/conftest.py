"""A small clinic to book in: two chairs, one nurse who watches two patients, open Monday to Saturday."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from config.audit.acting import SystemJob, recorded
from config.staff.models import Clinic, User
from patients.models import Patient
from scheduling.models import Chair
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_nurse
from scheduling.wall_clock import instant

SET_UP = SystemJob.SET_UP
MONDAY = date(2026, 11, 30)


def open_week(clinic: Clinic, opens: time = time(8), closes: time = time(18)) -> None:
    for weekday in range(6):
        set_hours(clinic=clinic, weekday=weekday, spans=[(opens, closes)], by=SET_UP)


def register(clinic: Clinic, family_name: str, **more: object) -> Patient:
    """Somebody in the register, as the patients' own door leaves them."""
    count = Patient.objects.filter(clinic=clinic).count()
    person = Patient(clinic=clinic, family_name=family_name, record_number=f"P{count}", **{"given_name": "Pat", **more})
    with recorded(by=SET_UP):
        person.save()
    return person


@pytest.fixture
def chairs(clinic: Clinic) -> list[Chair]:
    """Two chairs."""
    return [add_chair(clinic=clinic, name=f"Chair {n}", position=n, by=SET_UP) for n in (1, 2)]


@pytest.fixture
def desk(clinic: Clinic, chairs: list[Chair], nils: User) -> Clinic:
    """The clinic with chairs, hours and Nils, who watches two patients at once."""
    open_week(clinic)
    add_nurse(user=nils, watch_lanes=2, by=SET_UP)
    return clinic


@pytest.fixture
def okafor(clinic: Clinic) -> Patient:
    return register(clinic, "Okafor")


@pytest.fixture
def petrov(clinic: Clinic) -> Patient:
    return register(clinic, "Petrov")


@pytest.fixture
def lindgren(clinic: Clinic) -> Patient:
    return register(clinic, "Lindgren")


@pytest.fixture
def at(clinic: Clinic) -> Callable[..., datetime]:
    """`at("09:30")`: Monday 30 November, or another day, on the clinic's wall."""

    def reading(clock: str, day: date = MONDAY) -> datetime:
        return instant(day=day, at=time.fromisoformat(clock), zone=clinic.tz)

    return reading
