"""The states of an intake request, and the moves between them."""

from enum import StrEnum


class RequestStatus(StrEnum):
    """Where a request stands. `ready-for-review` hands it to a prescriber."""

    NEW = "new"
    CONTACTED = "contacted"
    INFO_AWAITED = "info-awaited"
    READY_FOR_REVIEW = "ready-for-review"
    DECLINED = "declined-by-patient"
    CLOSED = "closed"


S = RequestStatus
OPEN_REQUESTS = frozenset({S.NEW, S.CONTACTED, S.INFO_AWAITED, S.READY_FOR_REVIEW})
# An ended request goes back to whichever open state it had, so that a close by mistake is undone whole.
REQUEST_MOVES: dict[RequestStatus, frozenset[RequestStatus]] = {
    S.NEW: frozenset({S.CONTACTED, S.INFO_AWAITED, S.READY_FOR_REVIEW, S.DECLINED, S.CLOSED}),
    S.CONTACTED: frozenset({S.INFO_AWAITED, S.READY_FOR_REVIEW, S.DECLINED, S.CLOSED, S.NEW}),
    S.INFO_AWAITED: frozenset({S.CONTACTED, S.READY_FOR_REVIEW, S.DECLINED, S.CLOSED, S.NEW}),
    S.READY_FOR_REVIEW: frozenset({S.INFO_AWAITED, S.DECLINED, S.CLOSED, S.CONTACTED, S.NEW}),
    S.DECLINED: OPEN_REQUESTS,
    S.CLOSED: OPEN_REQUESTS,
}
