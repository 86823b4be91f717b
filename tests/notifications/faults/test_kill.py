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
VISITS = "SELECT 1 FROM scheduling_appointment ORDER BY id FOR NO KEY UPDATE"
# Reading is free, taking a row is not.
LEDGER = "LOCK TABLE notifications_message IN EXCLUSIVE MODE"
# The last thing that is written before a commit.
HISTORY = "LOCK TABLE notifications_historicalmessage IN SHARE MODE"


def before_claim(stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]) -> None:
    stack.enter_context(locked(LEDGER))
    sweep()
    until(somebody_waits, states)
    assert states() == {"planned": MANY}


def in_the_claim(stack: ExitStack, desk: Desk, provider: Provider, sweep: Callable[[], None]) -> None:
    """The rows are changed and not committed."""
    stack.enter_context(locked(HISTORY))
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


@contextmanager
def killed_at(place: Callable[..., None], desk: Desk, channel: str) -> Iterator[Running]:
    """A sender that was killed there. The next one is warm when it happens."""
    provider = desk.sms if channel == "sms" else desk.mail
    with ExitStack() as stack, desk.worker() as first:
        place(stack, desk, provider, lambda: desk.task("send_batch", channel, queue=channel))
        first.kill()
    provider.usually = How.TAKES
    provider.let_go()
    with desk.worker() as second:
        yield second


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("place", PLACES)
def test_killed(desk, here, place, channel):
    provider = desk.sms if channel == "sms" else desk.mail
    due_by(channel, here, MANY)
    plan(now=database_now())
    may_have_left = PLACES[place]
    with killed_at(place, desk, channel):
        in_hand = [str(row.pk) for row in rows() if row.state == "submitted"]
        assert bool(in_hand) is may_have_left
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
    with desk.worker() as first:
        desk.task("send_batch", "email", queue="email")
        desk.mail.wait_for_sender()
        first.kill()
    desk.mail.usually = How.TAKES
    desk.mail.let_go()
    leases_end()
    with desk.worker():
        until(lambda: set(states()) == {"accepted", "unknown"}, states)
    no_lie(desk.mail.ids())


def test_killed_again_and_again(desk, here):
    """Five workers, each killed with a message in hand. Each kill leaves what it had in hand, and all others go once."""
    due_by("email", here, 15)
    plan(now=database_now())
    for _ in range(5):
        desk.mail.forget_barrier()
        desk.mail.usually = How.HOLDS_AFTER
        with desk.worker() as running:
            desk.sweep()
            desk.mail.wait_for_sender()
            running.kill()
        leases_end()
    desk.mail.usually = How.TAKES
    desk.mail.let_go()
    with desk.worker():
        desk.sweep()
        until(lambda: set(states()) == {"accepted", "unknown"}, states)
    no_lie(desk.mail.ids())
    assert states()["unknown"] >= 5
