"""A deployment in the middle of sending: tasks and rows of another version, and a worker that is asked to end.

What this covers: a task that only newer code knows, arguments that only newer code takes, a message of the broker that
is none; rows as earlier migrations left them (no `told_start`, no address, claimed or stamped by a worker that is
gone); SIGTERM with a batch in hand. Not covered: two checkouts at once. What they share is the rows, and the ledger's
constraints hold for both.
"""

import os
import signal
import time

import redis

from config.audit.acting import recorded
from notifications import ledger
from notifications.claims import LEASE
from notifications.clock import database_now
from notifications.models import Lease, Message
from notifications.planner import plan
from notifications.states import MessageState
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import until
from tests.notifications.faults.world import BY, due_by, ids, leases_end, no_lie, row_of, states

WARM = 30


def test_what_newer_code_asks_for_stops_no_older_worker(desk, here):
    due_by("email", here, 3)
    plan(now=database_now())
    with desk.worker() as worker:
        desk.task("a_task_of_next_year", "email")
        desk.task("send_batch", "email", queue="email", group=50)
        desk.task("send_batch", "carrier-pigeon", queue="email")
        desk.task("send_due", "too", "many")
        redis.Redis.from_url(os.environ["REDIS_URL"]).lpush("email", b"{}")
        until(lambda: "TypeError" in worker.log.read_text(), worker.told)
        desk.sweep()
        until(lambda: states() == {"accepted": 3}, lambda: (states(), worker.told()))
        assert worker.process.poll() is None
    assert desk.mail.ids() == ids()


def test_rows_that_older_code_left_in_hand(desk, here):
    """An older worker claimed one and stamped another, then was replaced. What it planned has no `told_start` yet."""
    visits = due_by("email", here, 4)
    plan(now=database_now())
    now = database_now()
    with recorded(by=BY):
        claimed, stamped = (Message.locked(row_of(visit, "email").pk) for visit in visits[:2])
        Lease.objects.bulk_create(Lease(message=row, until=now + LEASE) for row in (claimed, stamped))
        stamped.to, stamped.text = "guest@example.com", "Hi"
        ledger.move(stamped, MessageState.SUBMITTED, submitted_at=now)
    assert set(Message.objects.values_list("told_start", flat=True)) == {None}
    with desk.worker():
        desk.sweep()
        until(lambda: states() == {"accepted": 2, "claimed": 1, "submitted": 1}, states)
        assert leases_end() == 2
        desk.sweep()
        until(lambda: states() == {"accepted": 3, "unknown": 1}, states)
    no_lie(desk.mail.ids())
    assert row_of(visits[1], "email").state == "unknown"


def test_sigterm_is_a_warm_stop(desk, here):
    """With one message at a slow provider and more claimed behind it. It ends within half a minute, what is in hand is
    answered for, and nothing that did not go is left claimed or lost."""
    due_by("email", here, 6)
    plan(now=database_now())
    desk.mail.usually = How.HOLDS_AFTER
    with desk.worker() as worker:
        desk.sweep()
        desk.mail.wait_for_sender()
        os.kill(worker.process.pid, signal.SIGTERM)
        began = time.monotonic()
        desk.mail.usually = How.TAKES
        desk.mail.let_go()
        worker.process.wait(WARM)
        assert time.monotonic() - began < WARM
    assert set(states()) <= {"accepted", "planned"}
    no_lie_yet = desk.mail.ids()
    assert len(no_lie_yet) == len(set(no_lie_yet)) >= 1
    with desk.worker():
        desk.sweep()
        until(lambda: states() == {"accepted": 6}, states)
    assert desk.mail.ids() == ids()
