"""The life of a message. Drawn in docs/messages.md and docs/states.md."""

from enum import StrEnum


class MessageState(StrEnum):
    """Planned, submitted to the provider, accepted by it, delivered or not.

    Three states wait: `planned`, `deferred` (the rules put it off), `failed-temporary` (another try follows). A waiting
    message whose time has come is due, and one that a sender has in hand is claimed; both are read from the clock and
    never stored as states. `suppressed`: the rules said no.
    `voided`: its visit changed, or somebody withdrew it. `unknown`: it was submitted and no answer came, so it may or
    may not have gone out.
    """

    PLANNED = "planned"
    DEFERRED = "deferred"
    FAILED_TEMPORARY = "failed-temporary"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    SUPPRESSED = "suppressed"
    VOIDED = "voided"
    FAILED_PERMANENT = "failed-permanent"
    UNKNOWN = "unknown"


S = MessageState

WAITING = frozenset({S.PLANNED, S.DEFERRED, S.FAILED_TEMPORARY})
# They have left us, or may have.
HANDED_OVER = frozenset({S.SUBMITTED, S.ACCEPTED, S.DELIVERED, S.UNDELIVERED, S.UNKNOWN})
# Somebody has to act: the patient does not know, or may not.
TROUBLED = frozenset({S.FAILED_PERMANENT, S.UNDELIVERED, S.UNKNOWN})
NEEDS_REASON = TROUBLED | {S.DEFERRED, S.FAILED_TEMPORARY, S.SUPPRESSED, S.VOIDED}

# From a waiting state: handed over; or put off, refused, withdrawn, impossible to write.
_ON = frozenset({S.SUBMITTED, S.DEFERRED, S.SUPPRESSED, S.VOIDED, S.FAILED_PERMANENT})
# What a provider may say of a message that was handed over. Nothing goes back from what it said for good.
_ANSWERS = frozenset({S.ACCEPTED, S.DELIVERED, S.UNDELIVERED, S.FAILED_TEMPORARY, S.FAILED_PERMANENT})

# from -> to. A move that is not here does not exist.
MESSAGE_MOVES: dict[MessageState, frozenset[MessageState]] = {
    S.PLANNED: _ON,
    # Back to the plan when its time changed.
    S.DEFERRED: _ON | {S.PLANNED},
    S.FAILED_TEMPORARY: _ON | {S.PLANNED},
    # Back to the plan: its sender did not call the provider after all.
    S.SUBMITTED: _ANSWERS | {S.UNKNOWN, S.PLANNED},
    # A late answer of the provider, or a person who asked the patient, settles it.
    S.UNKNOWN: _ANSWERS | {S.PLANNED},
    S.ACCEPTED: frozenset({S.DELIVERED, S.UNDELIVERED}),
    S.DELIVERED: frozenset(),
    # Sent again by a person's decision.
    S.UNDELIVERED: frozenset({S.PLANNED}),
    S.FAILED_PERMANENT: frozenset({S.PLANNED}),
    # Back when the visit, the consent or the person who withdrew it says so.
    S.SUPPRESSED: frozenset({S.PLANNED, S.VOIDED}),
    S.VOIDED: frozenset({S.PLANNED}),
}
