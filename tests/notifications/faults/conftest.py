"""Providers and workers that the tests of one file share. Each test has the database to itself."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from config.staff.models import Clinic, User
from tests.notifications.faults.mail_server import MailServer
from tests.notifications.faults.running import Desk
from tests.notifications.faults.sms_provider import SmsProvider
from tests.notifications.faults.world import noon_clinic


@pytest.fixture(scope="module")
def shared_desk(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    with MailServer() as mail, SmsProvider() as sms:
        desk = Desk(folder, mail, sms)
        yield desk
        desk.end()


@pytest.fixture
def desk(shared_desk: Desk, transactional_db: None) -> Desk:
    """With providers that take everything and an empty broker."""
    shared_desk.mail.forget()
    shared_desk.sms.forget()
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushall()
    return shared_desk


@pytest.fixture
def noon(desk: Desk) -> tuple[Clinic, User]:
    return noon_clinic(chairs=20)


@pytest.fixture
def here(noon: tuple[Clinic, User]) -> Clinic:
    """The clinic where it is noon."""
    return noon[0]
