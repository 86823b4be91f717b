"""The one place in which a message changes its state: checked against the table of moves, kept in history.

Every function here runs inside the caller's `with recorded(by=...)`, on rows that the caller has locked.
"""

from collections.abc import Iterable
from typing import Any

from config.audit.bulk import create_all, save_all
from config.refusals import Clash
from notifications.models import Message
from notifications.states import MESSAGE_MOVES, MessageState

BATCH = 500
REASON_LENGTH = 200
# What every move writes.
STATE = ("state", "reason")


def moved(message: Message, to: MessageState, *, reason: str = "", **columns: Any) -> Message:
    """The message in another state, not written yet: for whoever writes many by `rewrite`. Raises Clash for a move that
    is not in the table."""
    if to not in MESSAGE_MOVES[MessageState(message.state)]:
        raise Clash(f"This message is {message.state}; it cannot become {to}.", state=message.state)
    message.state, message.reason = to, reason[:REASON_LENGTH]
    for name, value in columns.items():
        setattr(message, name, value)
    return message


def move(message: Message, to: MessageState, *, reason: str = "", **columns: Any) -> Message:
    """Take one message to another state. Raises Clash for a move that is not in the table."""
    moved(message, to, reason=reason, **columns).save()
    return message


def move_all(messages: Iterable[Message], to: MessageState, *, reason: str = "", **columns: Any) -> int:
    """The same for many, at once. Returns how many."""
    found = [moved(message, to, reason=reason, **columns) for message in messages]
    return rewrite(found, [*STATE, *columns])


def rewrite(messages: list[Message], columns: Iterable[str]) -> int:
    """Save these columns of many messages, with history and the next version. Returns how many."""
    return save_all(messages, columns)


def enter(messages: list[Message]) -> int:
    """Write new rows, with history. Returns how many."""
    return create_all(messages)
