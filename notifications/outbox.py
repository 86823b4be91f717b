"""Sends what is due, once: claim, look again, hand over, settle; recover what a dead sender left.

Each step is a transaction of its own and the provider is called between two of them. A row says at every moment how far
it came, so a killed sender loses nothing and repeats nothing; `docs/messages.md` goes through the cases.
"""

import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError

from config.audit.acting import SystemJob, recorded
from notifications import ledger, unanswered
from notifications.channels.base import DeliveryError, Sender, opened
from notifications.claims import BATCH, LEASE, Claim, claim, count_due, forget_ended, held, release
from notifications.handing_over import Stamped, hand_over
from notifications.letter import Letter
from notifications.models import Message
from notifications.receipts import heed_failure
from notifications.states import WAITING, MessageState

S = MessageState
log = structlog.get_logger(__name__)
# A batch stops by itself, so soon that a worker which is asked to end does so within half a minute; its claims outlive
# it, and the broker waits longer than both before it repeats a task.
BUDGET = timedelta(seconds=15)
# Messages are stamped together as far as they leave within AHEAD seconds, at most so many; one whose turn comes later
# than FRESH seconds after its stamp is looked at again instead.
AHEAD, MOST, FRESH = 0.25, 50, 0.5
MAX_TRIES = 5
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
STOPPED_AFTER = "The sender stopped before the provider answered; it may have gone out."
SETTLED = (*ledger.STATE, "submitted_at", "sent_at", "provider_id", "error_code", "attempts")


@dataclass(frozen=True)
class Outcome:
    """What became of one handing over, and when. `planned`: the provider was not called after all."""

    state: MessageState
    at: datetime
    reason: str = ""
    provider_id: str = ""
    code: str = ""
    retry_after: float = 0


@dataclass(frozen=True)
class Settling:
    """A row as it was handed over, and what became of it."""

    row: Message
    outcome: Outcome

    @property
    def is_plain(self) -> bool:
        """Whether nothing follows from it but the row's own columns."""
        return self.outcome.state in {S.ACCEPTED, S.PLANNED}

    def still_counts(self, row: Message) -> bool:
        """Whether nobody has decided otherwise since. An answer may come after the lease ended."""
        if row.submitted_at != self.row.submitted_at:
            return False
        return row.state == S.SUBMITTED or (row.state == S.UNKNOWN and self.outcome.state not in {S.UNKNOWN, S.PLANNED})


class Timer:
    """The database's clock from here on, without asking it for each message."""

    def __init__(self, now: datetime) -> None:
        self._now, self._began = now, time.monotonic()

    @property
    def spent(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)

    @property
    def now(self) -> datetime:
        return self._now + self.spent


class Pace:
    """How many messages are stamped together: one at first, more as long as the provider is quick.

    A stamped message may have gone out if its sender dies, and whoever cancels meanwhile comes too late for it; so a
    provider that takes its time gets them one by one.
    """

    def __init__(self) -> None:
        self.size = 1

    def took(self, spent: timedelta, *, calls: int) -> None:
        """So long these calls of the provider took."""
        if calls:
            fits = int(AHEAD * calls / max(spent.total_seconds(), 1e-6))
            self.size = max(1, min(fits, 2 * self.size, MOST))


def batches_due(*, now: datetime) -> dict[str, int]:
    """For each channel with something due: how many batches that makes. One query."""
    return {channel: ceil(count / BATCH) for channel, count in count_due(now).items()}


def send_batch(*, channel: str, now: datetime, limit: int = BATCH) -> int:
    """Claim due messages of a channel and send them over one connection. Returns how many were claimed.

    `now` is the database's. What is not sent within the budget is given up, to be claimed again.
    """
    timer, pace = Timer(now), Pace()
    with opened(channel) as sender:
        claims = claim(channel=channel, now=now, limit=limit)
        left = deque(claims)
        while left and timer.spent <= BUDGET:
            group = [left.popleft() for _ in range(min(pace.size, len(left)))]
            with _given_up_if_the_database_fails([*group, *left]):
                left.extendleft(reversed(send(claims=group, sender=sender, timer=timer, pace=pace)))
        release(left)
    return len(claims)


@contextmanager
def _given_up_if_the_database_fails(claims: Sequence[Claim]) -> Iterator[None]:
    """A lost deadlock must not keep what is due waiting until the leases end. What was stamped stays so."""
    try:
        yield
    except (OperationalError, InterfaceError):
        with suppress(DatabaseError, InterfaceError):
            release(claims)
        raise


def send(*, claims: Sequence[Claim], sender: Sender, timer: Timer, pace: Pace | None = None) -> list[Claim]:
    """Send claimed messages and write down what became of them. No fault of one message reaches the next.

    Returns the claims whose turn came too late after the look at them, to be sent with the next group.
    """
    stamped, began = _handed_over(claims, timer), timer.spent
    done = []
    for one in stamped:
        fresh = (timer.spent - began).total_seconds() <= FRESH
        outcome = _handed(sender, one.letter, timer) if fresh else Outcome(S.PLANNED, timer.now)
        done.append(Settling(one.row, outcome))
    if pace:
        pace.took(timer.spent - began, calls=len(stamped))
    settle(done)
    back = {one.row.pk for one in done if one.outcome.state == S.PLANNED}
    called = {one.row.pk for one in done} - back
    release([one for one in claims if one.pk in called])
    return [one for one in claims if one.pk in back]


def _handed_over(claims: Sequence[Claim], timer: Timer) -> list[Stamped]:
    """The messages that go. Where one of several cannot be written, each is tried by itself and that one is parked."""
    try:
        return hand_over(claims=claims, now=timer.now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:  # noqa: BLE001  (a text that cannot be written must not stop the others)
        if len(claims) > 1:
            return [stamped for one in claims for stamped in _handed_over([one], timer)]
        log.warning("message could not be written", message=str(claims[0].pk), problem=type(problem).__name__)
        reason = f"The message could not be written ({type(problem).__name__})."
        park(claim=claims[0], reason=reason, now=timer.now)
        return []


def _handed(sender: Sender, letter: Letter, timer: Timer) -> Outcome:
    """Call the provider. Whatever it raises is an outcome; one that we do not know leaves it open what happened."""
    try:
        taken = sender.send(letter)[:120]
        return Outcome(S.ACCEPTED, timer.now, provider_id=taken)
    except DeliveryError as problem:
        if problem.unknown:
            return Outcome(S.UNKNOWN, timer.now, f"{problem.words} It may have gone out.", code=problem.code)
        state = S.FAILED_PERMANENT if problem.permanent else S.FAILED_TEMPORARY
        return Outcome(state, timer.now, problem.words, code=problem.code, retry_after=problem.retry_after or 0)
    except Exception as problem:  # noqa: BLE001  (a fault of the channel: nobody knows how far it came)
        log.warning("channel failed", message=str(letter.reference), problem=type(problem).__name__)
        words = f"The channel failed ({type(problem).__name__}). It may have gone out."
        return Outcome(S.UNKNOWN, timer.now, words)


def park(*, claim: Claim, reason: str, now: datetime) -> None:
    """End a claimed message as failed: another try would end the same way."""
    with recorded(by=SystemJob.REMINDERS):
        row = Message.locked(claim.pk)
        if row.state in WAITING and held([claim], now):
            ledger.move(row, S.FAILED_PERMANENT, reason=reason)
            heed_failure(row, now)
        release([claim])


def settle(done: Sequence[Settling]) -> None:
    """Write down what became of messages: what went in one transaction, all else in one each."""
    plain = [one for one in done if one.is_plain]
    if plain:
        _settle(plain)
    for one in done:
        if not one.is_plain:
            _settle([one])


def _settle(done: Sequence[Settling]) -> None:
    with recorded(by=SystemJob.REMINDERS):
        locked = Message.objects.filter(pk__in=[one.row.pk for one in done]).select_for_update(of=("self",))
        rows = {row.pk: row for row in locked.order_by("pk")}
        ours = [(rows[one.row.pk], one.outcome) for one in done if one.still_counts(rows[one.row.pk])]
        for row, outcome in ours:
            unanswered.settled(row, by=SystemJob.REMINDERS, now=outcome.at)
            _become(row, outcome)
        ledger.rewrite([row for row, _ in ours], [*SETTLED, "due_at"])
        for row, outcome in ours:
            if row.state == S.FAILED_PERMANENT:
                heed_failure(row, outcome.at)


def _become(row: Message, outcome: Outcome) -> None:
    if outcome.state == S.ACCEPTED:
        ledger.moved(row, S.ACCEPTED, sent_at=outcome.at, provider_id=outcome.provider_id, error_code="")
    elif outcome.state == S.PLANNED:
        tries = row.attempts - 1
        ledger.moved(row, S.PLANNED, submitted_at=None, attempts=tries)
    elif outcome.state == S.FAILED_TEMPORARY:
        _again(row, outcome)
    else:
        ledger.moved(row, outcome.state, reason=outcome.reason, error_code=outcome.code)


def _again(row: Message, outcome: Outcome) -> None:
    """Another try later, each time after a longer while, or the end of trying."""
    wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1] * random.uniform(1, 1.2)  # noqa: S311  (spreads the load)
    due = outcome.at + max(wait, timedelta(seconds=outcome.retry_after))
    over = f"Tried {row.attempts} times." if row.attempts >= MAX_TRIES else ""
    if not over and due >= row.useful_until:
        over = "There was no time for another try."
    if over:
        ledger.moved(row, S.FAILED_PERMANENT, reason=f"{outcome.reason} {over}", error_code=outcome.code)
        return
    reason = f"{outcome.reason} Try {row.attempts + 1} of {MAX_TRIES} follows."
    ledger.moved(row, S.FAILED_TEMPORARY, reason=reason, due_at=due, submitted_at=None, error_code=outcome.code)


def recover(*, now: datetime) -> int:
    """Settle what a dead sender had handed over: unknown, and never sent again without somebody's decision. Returns how
    many. What it had only claimed is due again by itself when the lease ends.
    """
    with recorded(by=SystemJob.REMINDERS):
        forget_ended(now)
        stuck = Message.objects.filter(state=S.SUBMITTED, submitted_at__lt=now - LEASE).order_by("pk")
        rows = list(stuck.select_for_update(skip_locked=True)[: ledger.BATCH])
        return ledger.move_all(rows, S.UNKNOWN, reason=STOPPED_AFTER)
