"""Hosts whose clocks are ten minutes wrong, both ways: due times and leases go by the database's clock alone."""

from datetime import timedelta

import pytest

from config.audit.acting import recorded
from notifications.claims import LEASE
from notifications.clock import database_now
from notifications.models import Message
from notifications.planner import plan
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import until
from tests.notifications.faults.world import BY, due_by, held, ids, leases_end, no_lie, row_of, states

WRONG = timedelta(minutes=10)
MANY = 4


def due_in_five_minutes(visit) -> Message:
    with recorded(by=BY):
        row = Message.locked(row_of(visit, "email").pk)
        row.due_at = database_now() + timedelta(minutes=5)
        row.save()
    return row


@pytest.mark.parametrize("wrong", [WRONG, -WRONG])
def test_a_worker_with_a_wrong_clock(desk, here, wrong):
    """It sends what is due, nothing that is not; its claims last as long as everybody's, and what it stamps is by the
    database's clock. Killed, it holds nothing longer than others do."""
    visits = due_by("email", here, MANY + 1)
    plan(now=database_now())
    early = due_in_five_minutes(visits[-1])
    desk.mail.usually = How.HOLDS_BEFORE
    began = database_now()
    with desk.worker(FAULTS_CLOCK=str(wrong.total_seconds())) as worker:
        desk.sweep()
        desk.mail.wait_for_sender()
        in_hand = held()
        assert len(in_hand) == MANY
        assert all(began + LEASE <= until <= database_now() + LEASE for until in in_hand.values())
        stamps = Message.objects.exclude(submitted_at=None).values_list("submitted_at", flat=True)
        assert all(began <= stamp <= database_now() for stamp in stamps)
        # A sweep by this worker takes nothing away that is in hand.
        desk.task("recover")
        desk.mail.usually = How.TAKES
        desk.mail.let_go()
        until(lambda: states() == {"accepted": MANY, "planned": 1}, lambda: (states(), worker.told()))
        assert all(began <= row.sent_at <= database_now() for row in Message.objects.filter(state="accepted"))
        desk.sweep()
        desk.task("send_batch", "email", queue="email")
        desk.task("plan")
        desk.task("recover")
        until(lambda: worker.count("succeeded in") >= 7, worker.told)
        early.refresh_from_db()
        assert early.state == "planned"
    assert len(desk.mail.ids()) == MANY


def test_two_workers_twenty_minutes_apart(desk, here):
    """The one ahead never takes over what the one behind has in hand, and together they send everything once."""
    due_by("email", here, 12)
    plan(now=database_now())
    desk.mail.usually = How.HOLDS_AFTER
    behind = desk.worker(queues="behind", FAULTS_CLOCK=str(-WRONG.total_seconds()))
    ahead = desk.worker(FAULTS_CLOCK=str(WRONG.total_seconds()))
    with behind, ahead:
        desk.task("send_batch", "email", queue="behind")
        desk.mail.wait_for_sender()
        in_hand = held()
        desk.task("recover")
        desk.sweep()
        until(lambda: ahead.count("succeeded in") >= 2, ahead.told)
        assert held() == in_hand
        behind.kill()
        desk.mail.usually = How.TAKES
        desk.mail.let_go()
        assert leases_end() == len(in_hand)
        desk.sweep()
        until(lambda: set(states()) == {"accepted", "unknown"}, lambda: (states(), ahead.told()))
    no_lie(desk.mail.ids())
    assert set(desk.mail.ids()) <= set(ids())
