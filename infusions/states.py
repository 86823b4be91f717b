"""The states of a protocol order and of a visit record, and the moves between them."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """Where a signed order stands. An unsigned one is a draft and has no standing."""

    ACTIVE = "active"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"
    ENTERED_IN_ERROR = "entered-in-error"


O = OrderStatus  # noqa: E741  (one letter keeps the table readable)
ORDER_MOVES: dict[OrderStatus, frozenset[OrderStatus]] = {
    O.ACTIVE: frozenset({O.ON_HOLD, O.COMPLETED, O.STOPPED, O.SUPERSEDED, O.ENTERED_IN_ERROR}),
    O.ON_HOLD: frozenset({O.ACTIVE, O.STOPPED, O.SUPERSEDED, O.ENTERED_IN_ERROR}),
    O.COMPLETED: frozenset({O.SUPERSEDED, O.ENTERED_IN_ERROR}),
    O.STOPPED: frozenset(),
    O.SUPERSEDED: frozenset(),
    O.ENTERED_IN_ERROR: frozenset(),
}


class Outcome(StrEnum):
    """A candidacy decision's outcome."""

    CANDIDATE = "candidate"
    NOT_A_CANDIDATE = "not-a-candidate"
    MORE_INFORMATION = "more-information-needed"
    DEFERRED = "deferred"
