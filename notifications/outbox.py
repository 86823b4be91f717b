"""Sends what is due, once: claim, look again, hand over, settle; recover what a dead sender left.

Each step is a transaction of its own and the provider is called between two of them. A row says at every moment how far
it came, so a killed sender loses nothing and repeats nothing; `docs/messages.md` goes through the cases.
"""

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Count, QuerySet

from config.audit.acting import SystemJob, recorded
from notifications import ledger, sending, unanswered
from notifications.channels.base import DeliveryError, Sender, opened
from notifications.handing_over import hand_over
from notifications.letter import Letter
from notifications.models import Message
from notifications.receipts import heed_failure
from notifications.states import IN_HAND, WAITING, MessageState

S = MessageState
log = structlog.get_logger(__name__)
BATCH = 100
# A batch stops by itself, its claims outlive it, and the broker waits longer than both before it repeats a task.
BUDGET = timedelta(seconds=60)
LEASE = timedelta(minutes=5)
MAX_TRIES = 5
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
STOPPED_BEFORE = "The sender stopped before this was handed over; it is tried again."
STOPPED_AFTER = "The sender stopped before the provider answered; it may have gone out."


@dataclass(frozen=True)
class Outcome:
    """What became of one handing over."""

    state: MessageState
    reason: str = ""
    provider_id: str = ""
    code: str = ""
    retry_after: float = 0


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


def batches_due(*, now: datetime) -> dict[str, int]:
    """For each channel with something due: how many batches that makes. One query."""
    due = _due(now).order_by().values("channel")
    return {row["channel"]: ceil(row["count"] / BATCH) for row in due.annotate(count=Count("pk"))}


def _due(now: datetime) -> QuerySet[Message]:
    """What waits and whose time has come, in the clinics whose messages go out."""
    off = sending.off().values("clinic")
    return Message.objects.filter(state__in=WAITING, due_at__lte=now).exclude(clinic__in=off)


def send_batch(*, channel: str, now: datetime, limit: int = BATCH) -> int:
    """Claim due messages of a channel and send them over one connection. Returns how many were claimed.

    `now` is the database's. What is not sent within the budget goes back, to be claimed again.
    """
    timer = Timer(now)
    with opened(channel) as sender:
        claimed = claim(channel=channel, now=now, limit=limit)
        for position, message in enumerate(claimed):
            if timer.spent > BUDGET:
                release(messages=claimed[position:])
                break
            send(message=message, sender=sender, timer=timer)
    return len(claimed)


def claim(*, channel: str, now: datetime, limit: int = BATCH) -> list[Message]:
    """Take due messages for this sender until the lease ends, the longest due first; other senders pass them over."""
    with recorded(by=SystemJob.REMINDERS):
        due = _due(now).filter(channel=channel).order_by("due_at", "pk")
        rows = list(due.select_for_update(skip_locked=True)[:limit])
        ledger.move_all(rows, S.CLAIMED, lease_until=now + LEASE)
    return rows


def release(*, messages: list[Message]) -> int:
    """Give claims back, unless somebody else has taken them over. Returns how many."""
    leases = {message.pk: message.lease_until for message in messages}
    with recorded(by=SystemJob.REMINDERS):
        held = Message.objects.select_for_update().filter(pk__in=leases, state=S.CLAIMED)
        return ledger.move_all([row for row in held if row.lease_until == leases[row.pk]], S.PLANNED)


def send(*, message: Message, sender: Sender, timer: Timer) -> None:
    """Send one claimed message and write down what became of it. No fault of one message reaches the next."""
    try:
        letter = hand_over(message=message, now=timer.now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:  # noqa: BLE001  (a text that cannot be written must not stop the others)
        log.warning("message could not be written", message=str(message.pk), problem=type(problem).__name__)
        reason = f"The message could not be written ({type(problem).__name__})."
        park(message=message, reason=reason, now=timer.now)
        return
    if letter is not None:
        settle(message=message, outcome=_handed(sender, letter), now=timer.now)


def _handed(sender: Sender, letter: Letter) -> Outcome:
    """Call the provider. Whatever it raises is an outcome; one that we do not know leaves it open what happened."""
    try:
        return Outcome(S.ACCEPTED, provider_id=sender.send(letter)[:120])
    except DeliveryError as problem:
        if problem.unknown:
            return Outcome(S.UNKNOWN, f"{problem.words} It may have gone out.", code=problem.code)
        state = S.FAILED_PERMANENT if problem.permanent else S.FAILED_TEMPORARY
        return Outcome(state, problem.words, code=problem.code, retry_after=problem.retry_after or 0)
    except Exception as problem:  # noqa: BLE001  (a fault of the channel: nobody knows how far it came)
        log.warning("channel failed", message=str(letter.reference), problem=type(problem).__name__)
        return Outcome(S.UNKNOWN, f"The channel failed ({type(problem).__name__}). It may have gone out.")


def park(*, message: Message, reason: str, now: datetime) -> None:
    """End a claimed message as failed: another try would end the same way."""
    with recorded(by=SystemJob.REMINDERS):
        row = Message.locked(message.pk)
        if row.state == S.CLAIMED and row.lease_until == message.lease_until:
            ledger.move(row, S.FAILED_PERMANENT, reason=reason)
            heed_failure(row, now)


def settle(*, message: Message, outcome: Outcome, now: datetime) -> None:
    """Write down what became of a handing over. `message` is the row as it was handed over.

    An answer that comes after the lease ended still counts, as long as nobody has decided otherwise since.
    """
    with recorded(by=SystemJob.REMINDERS):
        row = Message.locked(message.pk)
        ours = row.submitted_at == message.submitted_at and row.state in {S.SUBMITTED, S.UNKNOWN}
        if not ours or (row.state == S.UNKNOWN and outcome.state == S.UNKNOWN):
            return
        unanswered.settled(row, by=SystemJob.REMINDERS, now=now)
        if outcome.state == S.ACCEPTED:
            ledger.move(row, S.ACCEPTED, sent_at=now, provider_id=outcome.provider_id, error_code="")
        elif outcome.state == S.FAILED_TEMPORARY:
            _again(row, outcome, now)
        else:
            ledger.move(row, outcome.state, reason=outcome.reason, error_code=outcome.code)
        if row.state == S.FAILED_PERMANENT:
            heed_failure(row, now)


def _again(row: Message, outcome: Outcome, now: datetime) -> None:
    """Another try later, each time after a longer while, or the end of trying."""
    wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1] * random.uniform(1, 1.2)  # noqa: S311  (spreads the load)
    due = now + max(wait, timedelta(seconds=outcome.retry_after))
    over = f"Tried {row.attempts} times." if row.attempts >= MAX_TRIES else ""
    if not over and due >= row.useful_until:
        over = "There was no time for another try."
    if over:
        ledger.move(row, S.FAILED_PERMANENT, reason=f"{outcome.reason} {over}", error_code=outcome.code)
        return
    reason = f"{outcome.reason} Try {row.attempts + 1} of {MAX_TRIES} follows."
    ledger.move(row, S.FAILED_TEMPORARY, reason=reason, due_at=due, submitted_at=None, error_code=outcome.code)


def recover(*, now: datetime) -> int:
    """Settle what a dead sender left. Returns how many.

    Not yet handed over: planned again. Handed over: unknown, and never sent again without somebody's decision.
    """
    with recorded(by=SystemJob.REMINDERS):
        stuck = Message.objects.filter(state__in=IN_HAND, lease_until__lt=now).order_by("pk")
        rows = list(stuck.select_for_update(skip_locked=True)[: ledger.BATCH])
        before = [row for row in rows if row.state == S.CLAIMED]
        after = [row for row in rows if row.state == S.SUBMITTED]
        return ledger.move_all(before, S.PLANNED, reason=STOPPED_BEFORE) + ledger.move_all(
            after, S.UNKNOWN, reason=STOPPED_AFTER
        )
