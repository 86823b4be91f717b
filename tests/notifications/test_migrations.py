"""A clinic that runs keeps every message when the states are told apart, and each change is in its history."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from notifications.desk import withdraw
from notifications.models import Message
from notifications.outbox import send_batch
from notifications.planner import plan
from tests.notifications.story import text_of, visit_of

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("notifications", "0003_ids_keep_their_history")]


def migrated(to: list[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(to)


@pytest.fixture
def newest():
    """Whatever happens, the other tests find the tables as they are now."""
    executor = MigrationExecutor(connection)
    leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "notifications"]
    yield leaves
    migrated(leaves)


def states(order_by: str = "pk") -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text, state FROM notifications_message")
        return dict(cursor.fetchall())


def test_states_are_told_apart_and_put_together_again(friday, thursday, ana, now, settings, newest):
    settings.SMS_CHANNEL = "tests.notifications.providers.Busy"
    send_batch(channel="sms", now=thursday)
    send_batch(channel="email", now=thursday)
    later = visit_of(friday.patient, friday.start + timedelta(days=1), now=now, by=ana)
    plan(now=now)
    withdraw(message_id=Message.objects.filter(appointment=later, channel="email").first().pk, reason="No", by=ana)
    finer = states()
    assert {"failed-temporary", "accepted", "voided", "planned"} <= set(finer.values())

    migrated(BEFORE)
    assert set(states().values()) == {"planned", "sent", "voided"}

    migrated(newest)
    assert states() == finer
    told = text_of(friday).history.order_by("history_id").values_list("state", "actor", "history_change_reason")
    assert [row[0] for row in told][-3:] == ["failed-temporary", "planned", "failed-temporary"]
    assert list(told)[-1][1:] == ("job:set-up", "states told apart")
    send_batch(channel="sms", now=text_of(friday).due_at)
    assert text_of(friday).version == text_of(friday).history.first().version
