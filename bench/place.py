"""Clinics to measure in, made through the doors: chairs, nurses who watch four patients, clinicians, spans."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from config.audit.acting import SystemJob
from config.staff.accounts import add_person, open_clinic
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from patients.models import Patient
from patients.register import register
from scheduling.models.kinds import Part, What
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_clinician, add_nurse
from scheduling.visit_types import NeedSpec, SpanSpec, add_visit_type

BY = SystemJob.SET_UP
# A Monday morning before the doors open.
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SET_UP_MINUTES, SIGN_OFF_MINUTES, LANES = 15, 10, 4


@dataclass
class Built:
    """A clinic with who works there."""

    clinic: Clinic
    desk: User
    prescriber: User
    nurses: list[User] = field(default_factory=list)
    clinicians: list[User] = field(default_factory=list)


def build(*, name: str, chairs: int) -> Built:
    """One nurse for three chairs, one clinician for eight. UTC, so that arithmetic in a benchmark needs no clock."""
    clinic = open_clinic(name=name, zone="UTC", phone="+12135550100", by=BY)
    built = Built(clinic, _person(clinic, "desk", Role.FRONT_DESK), _person(clinic, "md", Role.PRESCRIBER, "MD"))
    for number in range(chairs):
        add_chair(clinic=clinic, name=f"Chair {number}", position=number, by=BY)
    for weekday in range(6):
        set_hours(clinic=clinic, weekday=weekday, spans=[(time(8), time(18))], by=BY)
    for number in range(max(2, -(-chairs // 3))):
        built.nurses.append(_person(clinic, f"nurse {number}", Role.NURSE, "RN"))
        add_nurse(user=built.nurses[-1], watch_lanes=LANES, by=BY)
    for number in range(max(1, chairs // 8)):
        built.clinicians.append(_person(clinic, f"clinician {number}", Role.PRESCRIBER, "NP"))
        add_clinician(user=built.clinicians[-1], by=BY)
    add_visit_type(clinic=clinic, name="Infusion", kind="infusion", spans=_spans(), by=BY)
    return built


def _spans() -> list[SpanSpec]:
    chair, hands, watch = NeedSpec(What.CHAIR), NeedSpec(What.HANDS), NeedSpec(What.WATCH)
    sign_off = NeedSpec(What.CLINICIAN, Part.LAST, SIGN_OFF_MINUTES)
    return [SpanSpec("Set-up", SET_UP_MINUTES, [chair, hands]), SpanSpec("Infusion", None, [chair, watch, sign_off])]


def _person(clinic: Clinic, name: str, role: Role, licence: str = "") -> User:
    username = f"{clinic.name} {name}".lower().replace(" ", "-")
    return add_person(
        clinic=clinic, username=username, full_name=username, role=role, licence_kind=licence, password="bench", by=BY
    )


def manager(clinic: Clinic) -> User:
    """Who may close days and change rotas."""
    return _person(clinic, "manager", Role.MANAGER)


def patient(clinic: Clinic, desk: User, number: int) -> Patient:
    """One more invented patient."""
    return register(
        clinic=clinic, by=desk, now=NOW, given_name="Bench", family_name=f"Number {number}", mobile="+12135550100"
    )


def start(day: int, hour: int = 9) -> datetime:
    """A start on the open day that many open days ahead: no Sundays."""
    return NOW.replace(hour=hour) + timedelta(days=day + day // 6)
