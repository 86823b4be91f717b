"""The life of a message. Every state but `sent` and `planned` says in `reason` why."""

from enum import StrEnum


class MessageState(StrEnum):
    """Planned, claimed by a sender, then one of the ends."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    VOIDED = "voided"
    FAILED = "failed"
    UNKNOWN = "unknown"


S = MessageState
MESSAGE_MOVES: dict[MessageState, frozenset[MessageState]] = {
    S.PLANNED: frozenset({S.SENDING, S.SUPPRESSED, S.VOIDED}),
    S.SENDING: frozenset({S.SENT, S.PLANNED, S.FAILED, S.UNKNOWN, S.SUPPRESSED, S.VOIDED}),
    S.UNKNOWN: frozenset({S.SENT, S.FAILED}),
    S.SENT: frozenset(),
    S.SUPPRESSED: frozenset(),
    S.VOIDED: frozenset(),
    S.FAILED: frozenset({S.PLANNED}),
}
