"""Asks a provider what became of messages that it gave no answer to. Nothing is sent here.

A provider that cannot be asked (a mail server) leaves them to the desk, as does one that knows of no such message: that
it knows of none yet is no proof.
"""

from datetime import datetime

import structlog
from django.db.models import QuerySet

from notifications import receipts
from notifications.channels.base import Answering, can_be_asked, opened
from notifications.letter import Sent
from notifications.models import Message
from notifications.outbox import BUDGET, Timer
from notifications.states import MessageState
from notifications.unanswered import LIMIT

log = structlog.get_logger(__name__)
AT_ONCE = 50


def channels_to_ask(*, now: datetime) -> list[str]:
    """The channels with a message whose outcome is unknown and for which the provider is still asked."""
    found = _unknown(now).order_by("channel").values_list("channel", flat=True).distinct()
    return [channel for channel in found if can_be_asked(channel)]


def ask(*, channel: str, now: datetime) -> int:
    """Ask about the unknown messages of a channel, over one connection. Returns how many that settled.

    In no order, so that none keeps the others from being asked. `now` is the database's.
    """
    timer, settled = Timer(now), 0
    with opened(channel) as sender:
        if not isinstance(sender, Answering):
            return 0
        for row in _unknown(now).filter(channel=channel).order_by("?")[:AT_ONCE]:
            if timer.spent > BUDGET:
                break
            settled += _asked(row, sender, timer)
    return settled


def _unknown(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.UNKNOWN, submitted_at__gt=now - LIMIT)


def _asked(row: Message, sender: Answering, timer: Timer) -> bool:
    """Whether the provider could say what became of this one. No fault of one reaches the next."""
    sent = _as_handed_over(row)
    if sent is None:
        return False
    try:
        found = sender.find(sent)
    except Exception as problem:  # noqa: BLE001  (it is asked again with the next round)
        log.warning("provider could not be asked", message=str(row.pk), problem=type(problem).__name__)
        return False
    if found is None:
        return False
    news = receipts.take(
        message_id=row.pk,
        provider_id=found.provider_id,
        receipt=found.receipt,
        code=found.code,
        handed_over_at=row.submitted_at,
        now=timer.now,
    )
    return news is not None


def _as_handed_over(row: Message) -> Sent | None:
    """What the provider is asked for; None while another message says the same to the same address without its id."""
    same = Message.objects.filter(to=row.to, text=row.text, channel=row.channel).exclude(pk=row.pk)
    others = set(same.values_list("provider_id", flat=True))
    if "" in others or row.submitted_at is None:
        return None
    return Sent(row.pk, row.to, row.text, row.submitted_at, frozenset(others))
