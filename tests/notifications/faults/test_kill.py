"""`kill -9` at each place where a sender can stand: nothing is lost, nothing goes twice, and what nobody knows is said.

The sender is real and is made to stand still from outside: by a lock that somebody else holds, or by its provider.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from notifications.clock import database_now
from notifications.outbox import STOPPED_AFTER
from notifications.planner import plan
from tests.notifications.faults.provider import How, Provider
from tests.notifications.faults.running import Desk, Running, until
from tests.notifications.faults.world import due_by, ids, leases_end, locked, no_lie, rows, somebody_waits, states

MANY = 6
DOOMED = "doomed"
VISITS = "SELECT 1 FROM scheduling_appointment ORDER BY id FOR NO KEY UPDATE"
# Reading is free, taking a row is not.
LEDGER = "LOCK TABLE notifications_message IN EXCLUSIVE MODE"
# What a claim writes.
CLAIMS = "LOCK TABLE notifications_lease IN SHARE MODE"
# The last thing that is written before a commit.
HISTORY = "LOCK TABLE notifications_historicalmessage IN SHARE MODE"


def before_claim(stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]) -> None:
    stack.enter_context(locked(LEDGER))
    sweep()
    until(somebody_waits, states)
    assert states() == {"planned": MANY}


def in_the_claim(stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]) -> None:
    """The messages are chosen and locked, and the claim is not written."""
    stack.enter_context(locked(CLAIMS))
    sweep()
    until(somebody_waits, states)
    assert states() == {"planned": MANY}


def after_claim(stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]) -> None:
    """Claimed, and about to look at the visit."""
    stack.enter_context(locked(VISITS))
    sweep()
    until(lambda: states() == {"claimed": MANY} and somebody_waits(), states)


def after_the_stamp(stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]) -> None:
    """The provider has got the call and not taken the message."""
    provider.usually = How.HOLDS_BEFORE
    sweep()
    provider.wait_for_sender()
    assert states()["submitted"] >= 1


def after_the_provider_took_it(stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]) -> None:
    provider.usually = How.HOLDS_AFTER
    sweep()
    provider.wait_for_sender()
    assert len(provider.taken) == 1


def before_the_commit_of_what_became_of_it(
    stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]
) -> None:
    """The provider has answered; the answer is written and not committed."""
    after_the_provider_took_it(stack, desk, provider, sweep)
    stack.enter_context(locked(HISTORY))
    provider.let_go()
    until(somebody_waits, states)


# Where it is killed, and whether a message may have left by then.
PLACES = {
    before_claim: False,
    in_the_claim: False,
    after_claim: False,
    after_the_stamp: True,
    after_the_provider_took_it: True,
    before_the_commit_of_what_became_of_it: True,
}


@pytest.fixture(scope="module")
def survivor(shared_desk: Desk) -> Iterator[Running]:
    """A worker that nobody kills."""
    with shared_desk.worker() as running:
        yield running


@contextmanager
def doomed(desk: Desk, channel: str) -> Iterator[tuple[Running, Callable[[], None]]]:
    """A worker that is killed at the end, and how it is told to send: by a queue that it has to itself."""
    with desk.worker(queues=DOOMED) as running:
        yield running, lambda: desk.task("send_batch", channel, queue=DOOMED)


@pytest.mark.parametrize(
    ("place", "channel"),
    [*((place, "email") for place in PLACES), *((place, "sms") for place in PLACES if PLACES[place])],
)
def test_killed(desk, here, survivor, place, channel):
    provider = desk.sms if channel == "sms" else desk.mail
    due_by(channel, here, MANY)
    plan(now=database_now())
    with doomed(desk, channel) as (worker, sweep), ExitStack() as stack:
        place(stack, desk, provider, sweep)
        worker.kill()
    provider.usually = How.TAKES
    provider.let_go()
    in_hand = [str(row.pk) for row in rows() if row.state == "submitted"]
    assert bool(in_hand) is PLACES[place]
    desk.sweep()
    until(lambda: "planned" not in states(), states)
    leases_end()
    desk.sweep()
    until(lambda: set(states()) <= {"accepted", "unknown"}, states)
    desk.sweep()
    desk.task("recover")
    until(lambda: states().get("unknown", 0) == len(in_hand), states)
    taken = provider.ids()
    no_lie(taken)
    unknown = [row for row in rows() if row.state == "unknown"]
    assert sorted(str(row.pk) for row in unknown) == sorted(in_hand)
    assert {row.reason for row in unknown} <= {STOPPED_AFTER}
    # At most what was in hand did not reach its patient, and each of those is known by name.
    assert set(ids()) - set(taken) <= set(in_hand)


def test_the_broker_brings_a_killed_workers_task_back(desk, here):
    """The task was not acknowledged: another worker gets it without a sweep and finds what is left to do."""
    due_by("email", here, MANY)
    plan(now=database_now())
    desk.mail.usually = How.HOLDS_BEFORE
    with doomed(desk, "email") as (worker, sweep):
        sweep()
        desk.mail.wait_for_sender()
        worker.kill()
    desk.mail.usually = How.TAKES
    desk.mail.let_go()
    leases_end()
    with desk.worker(queues=DOOMED):
        until(lambda: set(states()) == {"accepted", "unknown"}, states)
    no_lie(desk.mail.ids())


def test_killed_again_and_again(desk, here, survivor):
    """Three workers, each killed with a message in hand. Each leaves what it had in hand; all others go once."""
    due_by("email", here, 3 * MANY)
    plan(now=database_now())
    for _ in range(3):
        desk.mail.forget_barrier()
        desk.mail.usually = How.HOLDS_AFTER
        with doomed(desk, "email") as (worker, sweep):
            sweep()
            desk.mail.wait_for_sender()
            worker.kill()
        leases_end()
    desk.mail.usually = How.TAKES
    desk.mail.let_go()
    desk.sweep()
    until(lambda: set(states()) == {"accepted", "unknown"}, states)
    no_lie(desk.mail.ids())
    assert states()["unknown"] >= 3
