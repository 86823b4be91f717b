"""Harbour Clinic is open, and Rosa comes on Friday at nine."""

import uuid
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from config.staff.models import Clinic, User
from notifications.models import VisitLink
from notifications.planner import plan
from patients.models import Patient
from scheduling.models import Appointment
from tests.notifications.story import BORN, PUBLIC, link_in, on_the_wall, opened, send_texts, taken_on, visit_of


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


@pytest.fixture
def reached(settings) -> str:
    """The world reaches the desk, so that reminders bear links."""
    settings.PUBLIC_URL = PUBLIC
    return PUBLIC


@pytest.fixture
def link(reached, friday, thursday, outbox_dir) -> VisitLink:
    """Rosa got a text with a link on Thursday at nine."""
    send_texts(thursday)
    return VisitLink.objects.select_related("message__appointment").get()


@pytest.fixture
def opens(link, outbox_dir) -> str:
    """The address of her page, without the host."""
    return link_in(outbox_dir)


@pytest.fixture
def phone(thursday) -> Iterator[Client]:
    """Rosa's telephone on Thursday at nine, with an address of its own, so that the limit counts it alone."""
    with time_machine.travel(thursday, tick=False):
        yield Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}")


@pytest.fixture
def proven(phone, opens) -> Client:
    """Rosa has given her birth date."""
    assert phone.post(opens, BORN).status_code == 302
    return phone
