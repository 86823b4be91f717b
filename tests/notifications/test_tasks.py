"""The tasks are thin, run by the database's clock, and harmless when repeated."""

from datetime import timedelta

import pytest
import redis

from config.audit.acting import SystemJob, recorded
from config.celery import app
from notifications import ledger, tasks
from notifications.claims import claim
from notifications.clock import database_now
from notifications.letter import Found, Receipt
from notifications.models import Message
from notifications.states import MessageState
from notifications.unanswered import LIMIT
from patients.models import Task, TaskKind
from tests.notifications.providers import Knowing, sent_to
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
    assert named == {tasks.plan.name, tasks.send_due.name, tasks.recover.name, tasks.find_out.name}
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
    assert claim(channel="sms", now=in_five_days.start - timedelta(hours=20)) == []


def test_nothing_due_asks_for_no_sender(in_five_days):
    tasks.plan()
    tasks.send_due()
    assert {row.state for row in Message.objects.all()} == {"planned"}


def left_unknown(visit, ago):
    """Its text was handed over so long ago by the database's clock, and no answer came."""
    at = database_now() - ago
    with recorded(by=SystemJob.REMINDERS):
        row = Message.locked(one(visit).pk)
        row.to, row.text = "+12135550142", "Hi"
        ledger.move(row, MessageState.SUBMITTED, submitted_at=at)
        ledger.move(row, MessageState.UNKNOWN, reason="No answer.")


def asked_of_the_desk() -> int:
    return Task.objects.open().filter(kind=TaskKind.MESSAGE_UNKNOWN).count()


def test_the_desk_is_asked_by_the_databases_clock(in_five_days, time_machine):
    tasks.plan()
    left_unknown(in_five_days, LIMIT - timedelta(minutes=5))
    time_machine.move_to(in_five_days.start - timedelta(hours=20))
    tasks.find_out()
    assert asked_of_the_desk() == 0


def test_the_desk_is_asked_after_the_limit(in_five_days):
    tasks.plan()
    left_unknown(in_five_days, LIMIT)
    tasks.find_out()
    tasks.find_out()
    assert asked_of_the_desk() == 1


def test_the_provider_is_asked_in_its_own_queue(in_five_days, settings):
    settings.SMS_CHANNEL = "tests.notifications.providers.Knowing"
    Knowing.knows, Knowing.asked = [Found("SM1", Receipt.TAKEN)], []
    tasks.plan()
    left_unknown(in_five_days, timedelta(minutes=5))
    broker = redis.Redis.from_url(settings.REDIS_URL)
    broker.flushall()
    tasks.find_out()
    assert broker.llen("sms") == 1
    broker.flushall()
    tasks.ask("sms")
    assert (one(in_five_days).state, one(in_five_days).provider_id) == ("accepted", "SM1")
    assert asked_of_the_desk() == 0
