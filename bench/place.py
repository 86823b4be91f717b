"""A clinic to measure in: ten chairs, four nurses, open every day."""

from datetime import UTC, datetime, time, timedelta

from config.audit.acting import SystemJob
from config.staff.accounts import add_person, open_clinic
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from patients.models import Patient
from patients.register import register
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_nurse

BY = SystemJob.SET_UP
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def build(*, name: str, chairs: int) -> tuple[Clinic, User]:
    """The clinic and its front desk. UTC, so that arithmetic in a benchmark needs no clock."""
    clinic = open_clinic(name=name, zone="UTC", phone="+12135550100", by=BY)
    for number in range(chairs):
        add_chair(clinic=clinic, name=f"Chair {number}", position=number, by=BY)
    for weekday in range(7):
        set_hours(clinic=clinic, weekday=weekday, spans=[(time(8), time(18))], by=BY)
    for number in range(max(4, chairs // 2)):
        nurse = _person(clinic, f"{name}-nurse-{number}", Role.NURSE, "RN")
        add_nurse(user=nurse, watch_lanes=4, by=BY)
    return clinic, _person(clinic, f"{name}-desk", Role.FRONT_DESK)


def _person(clinic: Clinic, username: str, role: Role, licence: str = "") -> User:
    return add_person(
        clinic=clinic, username=username, full_name=username, role=role, licence_kind=licence, password="bench", by=BY
    )


def patient(clinic: Clinic, desk: User, number: int) -> Patient:
    """One more invented patient."""
    return register(
        clinic=clinic, by=desk, now=NOW, given_name="Bench", family_name=f"Number {number}", mobile="+12135550100"
    )


def start(day: int, hour: int = 9) -> datetime:
    """A start on the day that many days ahead."""
    return NOW.replace(hour=hour) + timedelta(days=day)
