"""Somebody to order for."""

from datetime import datetime

import pytest

from config.staff.models import Clinic
from patients.models import Patient
from tests.infusions.ordering import known_patient
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)
