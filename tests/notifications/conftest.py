"""Harbour Clinic is open, and Rosa comes on Friday at nine."""

from datetime import datetime

import pytest

from config.staff.models import Clinic, User
from notifications.planner import plan
from patients.models import Patient
from scheduling.models import Appointment
from tests.notifications.story import on_the_wall, opened, taken_on, visit_of


@pytest.fixture
def harbour(clinic: Clinic, nils: User) -> Clinic:
    return opened(clinic, nils)


@pytest.fixture
def rosa(harbour: Clinic, now: datetime) -> Patient:
    """Rosa agreed to texts and emails."""
    return taken_on(harbour, now=now)


@pytest.fixture
def friday(rosa: Patient, ana: User, now: datetime) -> Appointment:
    """Rosa's visit: Friday 27 November, 9:00 in Los Angeles; it is Monday noon now."""
    return visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 27, 9, 0), now=now, by=ana)


@pytest.fixture
def thursday(friday: Appointment, now: datetime) -> datetime:
    """Thursday nine: the reminder of Friday's visit is planned and due."""
    plan(now=now)
    return on_the_wall(friday.clinic, 2026, 11, 26, 9, 0)
