"""Patients, decisions and orders for the tests, made through the doors. Drug, numbers and units are nonsense."""

from datetime import date, datetime, time
from typing import Any

from config.audit.acting import SystemJob
from config.staff.models import Clinic, User
from infusions import candidacy, orders
from infusions.models import CandidacyDecision, Order
from infusions.states import Outcome
from patients import register
from patients.models import Patient
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_nurse
from tests.conftest import PASSWORD

NONSENSE: dict[str, Any] = {"agent": "Examplamine", "dose": "3", "dose_unit": "spoons"}
BOOKING: dict[str, Any] = {"visits": 3, "min_gap_days": 2, "max_gap_days": 7, "chair_minutes": 90}


def opened(clinic: Clinic, *, nurse: User, by: User) -> None:
    """Two chairs, a nurse who can watch two patients, and every weekday from 8 to 17."""
    add_nurse(user=nurse, watch_lanes=2, by=by)
    for name in ("Chair 1", "Chair 2"):
        add_chair(clinic=clinic, name=name, by=by)
    for weekday in range(5):
        set_hours(clinic=clinic, weekday=weekday, spans=[(time(8), time(17))], by=by)


def known_patient(clinic: Clinic, now: datetime, family: str = "Quill", **more: Any) -> Patient:
    return register.register(
        clinic=clinic,
        by=SystemJob.SET_UP,
        now=now,
        **{"family_name": family, "given_name": "Ada", "birth_date": date(1970, 3, 14), **more},
    )


def accepted(patient: Patient, by: User, now: datetime, **more: Any) -> CandidacyDecision:
    return candidacy.decide(
        patient=patient,
        by=by,
        now=now,
        password=PASSWORD,
        **{"outcome": Outcome.CANDIDATE, "reason": "As discussed.", **more},
    )


def drafted(patient: Patient, by: User, now: datetime, **fields: Any) -> Order:
    return orders.draft(patient=patient, by=by, now=now, **{**NONSENSE, **fields})


def signed(patient: Patient, by: User, now: datetime, **fields: Any) -> Order:
    order = drafted(patient, by, now, **fields)
    return orders.sign(order_id=order.pk, by=by, now=now, password=PASSWORD, version=order.version)


def bookable(patient: Patient, by: User, now: datetime, **fields: Any) -> Order:
    """A signed order with all limits, for a patient who is accepted."""
    accepted(patient, by, now)
    return signed(patient, by, now, **{**BOOKING, **fields})
