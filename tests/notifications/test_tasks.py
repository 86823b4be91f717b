"""The tasks are thin, run by the database's clock, and harmless when repeated."""

from datetime import timedelta

import pytest

from config.celery import app
from notifications import tasks
from notifications.clock import database_now
from notifications.models import Message
from notifications.outbox import claim
from tests.notifications.providers import sent_to
from tests.notifications.story import on_the_wall, one, visit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_five_days(rosa, ana):
    """A visit at nine, five days from the database's today."""
    now = database_now()
    day = now.astimezone(rosa.clinic.tz).date() + timedelta(days=5)
    return visit_of(rosa, on_the_wall(rosa.clinic, day.year, day.month, day.day, 9, 0), now=now, by=ana)


def test_the_timetable_names_tasks_that_exist():
    named = {entry["task"] for entry in app.conf.beat_schedule.values() if entry["task"].startswith("notifications")}
    assert named == {tasks.plan.name, tasks.send_due.name, tasks.recover.name}
    assert {queue.name for queue in app.conf.task_queues} >= {"sms", "email"}


def test_planning_again_and_again(in_five_days):
    for _ in range(3):
        tasks.plan()
    assert Message.objects.count() == 4


def test_a_worker_whose_clock_is_fast_sends_nothing_early(in_five_days, outbox_dir, time_machine):
    tasks.plan()
    time_machine.move_to(in_five_days.start - timedelta(hours=20))
    tasks.send_batch("sms")
    assert one(in_five_days).state == "planned"
    assert sent_to(outbox_dir) == []


def test_a_worker_whose_clock_is_fast_takes_no_claim_away(in_five_days, time_machine):
    tasks.plan()
    claim(channel="sms", now=in_five_days.start - timedelta(hours=20))
    time_machine.move_to(in_five_days.start)
    tasks.recover()
    assert one(in_five_days).state == "claimed"


def test_nothing_due_asks_for_no_sender(in_five_days):
    tasks.plan()
    tasks.send_due()
    assert {row.state for row in Message.objects.all()} == {"planned"}
