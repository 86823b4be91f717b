"""The life of a message. All but `planned`, `sending` and `sent` say why in `reason`. Drawn in docs/messages.md."""

from enum import StrEnum


class MessageState(StrEnum):
    """Planned, claimed by a sender, then one of the ends.

    `suppressed`: the rules said no. `voided`: its visit changed, or somebody withdrew it. `failed`: the provider
    refused it. `unknown`: it was handed over and no answer came, so it may or may not have gone out.
    """

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    VOIDED = "voided"
    FAILED = "failed"
    UNKNOWN = "unknown"


S = MessageState

# from -> to. A move that is not here does not exist.
MESSAGE_MOVES: dict[MessageState, frozenset[MessageState]] = {
    S.PLANNED: frozenset({S.SENDING, S.SUPPRESSED, S.VOIDED}),
    S.SENDING: frozenset({S.SENT, S.PLANNED, S.FAILED, S.UNKNOWN, S.SUPPRESSED, S.VOIDED}),
    # A late answer of the provider, or a person who asked the patient, settles it.
    S.UNKNOWN: frozenset({S.SENT, S.FAILED, S.PLANNED}),
    S.SENT: frozenset(),
    # Back when the visit, the consent or the person who withdrew it says so.
    S.SUPPRESSED: frozenset({S.PLANNED, S.VOIDED}),
    S.VOIDED: frozenset({S.PLANNED}),
    S.FAILED: frozenset({S.PLANNED}),
}
NEEDS_REASON = frozenset({S.SUPPRESSED, S.VOIDED, S.FAILED, S.UNKNOWN})
