"""Named people and a clinic, for tests that tell a story."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as trials
from rest_framework.test import APIClient

from config.audit.acting import SystemJob
from config.demo.seed.place import mid_morning_zone
from config.staff.accounts import add_person, open_clinic
from config.staff.models import Clinic, User
from config.staff.permissions import Role

PASSWORD = "correct horse battery"
NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # Monday noon in Los Angeles

# A busy machine is slow, which says nothing of what is tried. By hand each run draws other examples; in CI they are the
# same ones each time, so that what is refused there was broken by the change that it looks at.
trials.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
trials.load_profile("unhurried")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Says of the tests' database that it may be emptied, which `config.audit` refuses anywhere else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            f"COMMENT ON DATABASE {connection.ops.quote_name(connection.settings_dict['NAME'])} IS 'disposable'"
        )


@pytest.fixture(autouse=True)
def outbox_dir(settings: LazySettings, tmp_path: Path) -> Path:
    """Messages of a test land in a folder of its own."""
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return settings.OUTBOX_DIR


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def clinic(db: None, request: pytest.FixtureRequest) -> Clinic:
    """In Los Angeles. A browser asks the real clock: its clinic lies where it is mid-morning now, so that
    nothing of the story falls on another day, at whatever hour the tests run."""
    zone = mid_morning_zone(timezone.now()) if "playwright" in request.fixturenames else "America/Los_Angeles"
    return open_clinic(name="Harbour Clinic", zone=zone, phone="+12135550100", by=SystemJob.SET_UP)


@pytest.fixture
def other_clinic(db: None) -> Clinic:
    return open_clinic(name="Hill Clinic", zone="Europe/London", phone="+12135550101", by=SystemJob.SET_UP)


def hired(clinic: Clinic, username: str, full_name: str, role: Role, licence_kind: str = "") -> User:
    return add_person(
        clinic=clinic,
        username=username,
        full_name=full_name,
        role=role,
        licence_kind=licence_kind,
        password=PASSWORD,
        by=SystemJob.SET_UP,
    )


@pytest.fixture
def ana(clinic: Clinic) -> User:
    """Ana works at the front desk."""
    return hired(clinic, "ana", "Ana Ortiz", Role.FRONT_DESK)


@pytest.fixture
def nils(clinic: Clinic) -> User:
    """Nils is an infusion nurse."""
    return hired(clinic, "nils", "Nils Berg", Role.NURSE, "RN")


@pytest.fixture
def mara(clinic: Clinic) -> User:
    """Mara prescribes."""
    return hired(clinic, "mara", "Mara Santos", Role.PRESCRIBER, "MD")


@pytest.fixture
def vera(clinic: Clinic) -> User:
    """Vera manages the clinic."""
    return hired(clinic, "vera", "Vera Lind", Role.MANAGER)


@pytest.fixture
def olu(clinic: Clinic) -> User:
    """Olu reads the audit."""
    return hired(clinic, "olu", "Olu Adeyemi", Role.AUDITOR)


@pytest.fixture
def zoe(other_clinic: Clinic) -> User:
    """Zoe works at the front desk of another clinic."""
    return hired(other_clinic, "zoe", "Zoe Hart", Role.FRONT_DESK)


@pytest.fixture
def page_as():
    """`page_as(ana)`: a browser without scripts, signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def api_as():
    """`api_as(ana)`: an API client that sends JSON as this person."""

    def sign_in(user: User) -> APIClient:
        client = APIClient()
        client.default_format = "json"
        client.force_authenticate(user)
        return client

    return sign_in
