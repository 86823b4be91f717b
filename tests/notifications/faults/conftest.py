"""Providers and workers that the tests of one file share. Each test has the database to itself."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.db import connection

from config.staff.models import Clinic, User
from tests.notifications.faults.mail_server import MailServer
from tests.notifications.faults.running import Desk, until
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
def desk(shared_desk: Desk, transactional_db: None) -> Iterator[Desk]:
    """With providers that take everything and an empty broker. When the tables are emptied, nobody works on them."""
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    shared_desk.mail.forget()
    shared_desk.sms.forget()
    broker.flushall()
    yield shared_desk
    shared_desk.mail.let_go()
    shared_desk.sms.let_go()
    broker.flushall()
    until(lambda: all(_nobody_works() for _ in range(5)))


def _nobody_works() -> bool:
    """Whether no other session of the tests' database has anything to do, looked at after a moment."""
    time.sleep(0.05)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND state <> 'idle'"
        )
        return cursor.fetchone() == (0,)


@pytest.fixture
def noon(desk: Desk) -> tuple[Clinic, User]:
    return noon_clinic(chairs=20)


@pytest.fixture
def here(noon: tuple[Clinic, User]) -> Clinic:
    """The clinic where it is noon."""
    return noon[0]
