"""The one place in which a message changes its state: checked against the table of moves, kept in history.

Every function here runs inside the caller's `with recorded(by=...)`, on rows that the caller has locked.
"""

from collections.abc import Iterable
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from config.refusals import Clash
from notifications.models import Message
from notifications.states import MESSAGE_MOVES, MessageState

BATCH = 500
REASON_LENGTH = 200


def _set(message: Message, to: MessageState, reason: str, columns: dict[str, Any]) -> None:
    if to not in MESSAGE_MOVES[MessageState(message.state)]:
        raise Clash(f"This message is {message.state}; it cannot become {to}.", state=message.state)
    message.state, message.reason = to, reason[:REASON_LENGTH]
    message.lease_until = None
    for name, value in columns.items():
        setattr(message, name, value)


def move(message: Message, to: MessageState, *, reason: str = "", **columns: Any) -> Message:
    """Take one message to another state. A claim ends with every move but the one that begins it.

    Raises Clash for a move that is not in the table.
    """
    _set(message, to, reason, columns)
    message.save()
    return message


def move_all(messages: Iterable[Message], to: MessageState, *, reason: str = "", **columns: Any) -> int:
    """The same for many, in batches. Returns how many."""
    found = list(messages)
    for message in found:
        _set(message, to, reason, columns)
    return rewrite(found, list(dict.fromkeys(["state", "reason", "lease_until", *columns])))


def rewrite(messages: list[Message], columns: list[str]) -> int:
    """Save these columns of many messages, with history and the next version. Returns how many."""
    for message in messages:
        message.version += 1
    if messages:
        bulk_update_with_history(messages, Message, [*columns, "version"], batch_size=BATCH)
    return len(messages)


def enter(messages: list[Message]) -> int:
    """Write new rows, with history. Returns how many."""
    if messages:
        bulk_create_with_history(messages, Message, batch_size=BATCH)
    return len(messages)
