"""A real worker on a real broker, killed in the middle: nothing is lost, nothing goes twice."""

import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from django.db import connection

from config.audit.acting import SystemJob
from config.celery import app
from config.staff.accounts import open_clinic
from config.staff.permissions import Role
from notifications.claims import LEASE
from notifications.clock import database_now
from notifications.models import Lease, Message
from notifications.outbox import recover
from notifications.planner import plan
from notifications.tasks import send_due
from tests.conftest import hired
from tests.notifications.providers import sent_to
from tests.notifications.story import opened, soon, taken_on, visit_of

pytestmark = pytest.mark.django_db(transaction=True)
VISITS = 6
PATIENCE = 60


@pytest.fixture
def due(outbox_dir: Path, settings) -> list[str]:
    """Six reminders by email that are due now, at a clinic where it is about noon: messages may go."""
    outbox_dir.mkdir(parents=True)
    redis.Redis.from_url(settings.REDIS_URL).flushall()
    now = database_now()
    clinic = open_clinic(
        name="Noon Clinic", zone=f"Etc/GMT{now.hour - 12:+d}", phone="+12135550100", by=SystemJob.SET_UP
    )
    nurse = hired(clinic, "nils", "Nils Berg", Role.NURSE, "RN")
    opened(clinic, nurse, chairs=VISITS)
    long_ago = now - timedelta(days=2)
    for number in range(VISITS):
        guest = taken_on(clinic, now=long_ago, given_name=f"Guest{number}", agrees_to=("email",))
        visit_of(guest, soon(now, hours=21), now=long_ago, by=SystemJob.SET_UP)
    plan(now=now)
    return sorted(str(pk) for pk in Message.objects.filter(state="planned").values_list("pk", flat=True))


@contextmanager
def worker(tmp_path: Path) -> Iterator[subprocess.Popen]:
    """`celery worker` as the demo starts it, on the tests' database; killed with everything it started at the end."""
    address = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.notifications.worker_settings",
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}")),
        "DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency=1", "--loglevel=INFO"]
    with (tmp_path / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """SIGKILL for the worker and its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(holds: Callable[[], bool], tmp_path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"It did not happen within {PATIENCE} s.\n{(tmp_path / 'worker.log').read_text()[-3000:]}")
        time.sleep(0.1)


def sweep() -> None:
    """What beat does every few seconds."""
    app.send_task("notifications.tasks.send_due")


def five_minutes_later() -> None:
    """The leases of a dead sender have ended."""
    Lease.objects.update(until=database_now() - timedelta(seconds=1))


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for row in Message.objects.exclude(state="suppressed"):
        found[row.state] = found.get(row.state, 0) + 1
    return found


def test_a_task_goes_all_the_way(due, outbox_dir, tmp_path):
    assert len(due) == VISITS
    with worker(tmp_path):
        sweep()
        until(lambda: states() == {"accepted": VISITS}, tmp_path)
    assert sorted(sent_to(outbox_dir)) == due


@pytest.mark.parametrize(("where", "left"), [("before", VISITS - 1), ("after", VISITS)])
def test_killed_in_the_middle_of_sending(due, outbox_dir, tmp_path, where, left):
    """The message in hand ends as unknown, for a person to decide; all others go once."""
    bar, stands = outbox_dir / "bar", outbox_dir / "stands"
    bar.write_text(where)
    with worker(tmp_path) as process:
        sweep()
        until(stands.exists, tmp_path)
        kill(process)
    bar.unlink()
    assert states() == {"planned": VISITS - 1, "submitted": 1}
    with worker(tmp_path):
        assert recover(now=database_now() + LEASE + timedelta(minutes=1)) == 1
        five_minutes_later()
        sweep()
        until(lambda: states() == {"accepted": VISITS - 1, "unknown": 1}, tmp_path)
    sent = sent_to(outbox_dir)
    assert len(sent) == len(set(sent)) == left
    assert set(sent) <= set(due)
    [unknown] = Message.objects.filter(state="unknown")
    assert unknown.reason == "The sender stopped before the provider answered; it may have gone out."


def test_a_broker_that_forgot_everything(due, outbox_dir, tmp_path, settings):
    sweep()
    broker = redis.Redis.from_url(settings.REDIS_URL)
    assert broker.llen("default") == 1
    broker.flushall()
    with worker(tmp_path):
        sweep()
        until(lambda: states() == {"accepted": VISITS}, tmp_path)
    assert sorted(sent_to(outbox_dir)) == due


def test_what_travels_through_the_broker_is_a_channels_name(due, settings):
    send_due()
    [task] = redis.Redis.from_url(settings.REDIS_URL).lrange("email", 0, -1)
    arguments, named, _ = json.loads(b64decode(json.loads(task)["body"]))
    assert (arguments, named) == (["email"], {})
    assert json.loads(task)["headers"]["argsrepr"] == "['email']"
