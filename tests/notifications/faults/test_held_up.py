"""Senders that are kept waiting: by a row that somebody has open, and by a host that slept for longer than a lease."""

import os
import signal

from notifications.clock import database_now
from notifications.planner import plan
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import until
from tests.notifications.faults.world import due_by, ids, leases_end, locked, no_lie, row_of, states


def test_a_row_that_somebody_has_open_keeps_nobody_waiting(desk, here):
    """It is passed over; the next sweep brings it."""
    visits = due_by("email", here, 5)
    plan(now=database_now())
    held = row_of(visits[2], "email").pk
    with desk.worker() as worker:
        with locked(f"SELECT 1 FROM notifications_message WHERE id = '{held}' FOR UPDATE"):
            desk.sweep()
            until(lambda: states() == {"accepted": 4, "planned": 1}, lambda: (states(), worker.told()), seconds=20)
        desk.sweep()
        until(lambda: states() == {"accepted": 5}, lambda: (states(), worker.told()))
    assert desk.mail.ids() == ids()


def test_a_host_that_slept_longer_than_its_lease(desk, here):
    """It wakes with a message in hand and others claimed, which somebody else has sent meanwhile. The late answer about
    the one counts; of the others it sends nothing."""
    due_by("email", here, 6)
    plan(now=database_now())
    desk.mail.usually = How.HOLDS_AFTER
    sleeper, other = desk.worker(queues="asleep"), desk.worker()
    with sleeper, other:
        desk.task("send_batch", "email", queue="asleep")
        desk.mail.wait_for_sender()
        os.killpg(sleeper.process.pid, signal.SIGSTOP)
        assert leases_end() == 6
        desk.mail.usually = How.TAKES
        desk.sweep()
        until(lambda: set(states()) == {"accepted", "unknown"}, lambda: (states(), other.told()))
        desk.mail.let_go()
        os.killpg(sleeper.process.pid, signal.SIGCONT)
        until(lambda: states() == {"accepted": 6}, lambda: (states(), sleeper.told()))
    no_lie(desk.mail.ids())
    assert desk.mail.ids() == ids()
