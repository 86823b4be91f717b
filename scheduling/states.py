"""The states of an appointment and who moves it between them. The table of moves is data; docs/states.md draws it."""

from enum import StrEnum

from config.staff.permissions import Permission


class Status(StrEnum):
    """Where a visit stands. Confirmed is no state but a fact about a booked one; unresolved is shown, never stored."""

    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CHECKED_IN = "checked-in"
    IN_PROGRESS = "in-progress"
    RECOVERY = "recovery"
    COMPLETED = "completed"
    STOPPED_EARLY = "stopped-early"
    NOT_TREATED = "not-treated"
    NO_SHOW = "no-show"
    CANCELLED_BY_PATIENT = "cancelled-by-patient"
    CANCELLED_LATE = "cancelled-late"
    CANCELLED_BY_CLINIC = "cancelled-by-clinic"
    ENTERED_IN_ERROR = "entered-in-error"
    RELEASED = "released"


S = Status
CANCELLED = frozenset({S.CANCELLED_BY_PATIENT, S.CANCELLED_LATE, S.CANCELLED_BY_CLINIC})
OCCUPIES = frozenset(
    {S.HELD, S.BOOKED, S.ARRIVED, S.CHECKED_IN, S.IN_PROGRESS, S.RECOVERY}
    | {S.COMPLETED, S.STOPPED_EARLY, S.NOT_TREATED}
)
PRESENT = frozenset({S.ARRIVED, S.CHECKED_IN, S.IN_PROGRESS, S.RECOVERY})
ENDED = frozenset({S.COMPLETED, S.STOPPED_EARLY, S.NOT_TREATED, S.NO_SHOW, S.ENTERED_IN_ERROR, S.RELEASED}) | CANCELLED

BOOK, CHECK_IN, CHART = Permission.BOOK, Permission.CHECK_IN, Permission.CHART

# from -> to -> the permission that the move needs. A move that is not here does not exist.
MOVES: dict[Status, dict[Status, Permission]] = {
    S.HELD: {S.BOOKED: BOOK, S.RELEASED: BOOK},
    S.BOOKED: {
        S.ARRIVED: CHECK_IN,
        S.NO_SHOW: BOOK,
        S.CANCELLED_BY_PATIENT: BOOK,
        S.CANCELLED_LATE: BOOK,
        S.CANCELLED_BY_CLINIC: BOOK,
        S.ENTERED_IN_ERROR: BOOK,
    },
    S.ARRIVED: {S.BOOKED: CHECK_IN, S.CHECKED_IN: CHECK_IN, S.CANCELLED_BY_CLINIC: BOOK, S.NOT_TREATED: CHART},
    S.CHECKED_IN: {S.ARRIVED: CHECK_IN, S.IN_PROGRESS: CHART, S.NOT_TREATED: CHART},
    # Back a step when the start, the end or the discharge that was charted is struck out.
    S.IN_PROGRESS: {S.RECOVERY: CHART, S.STOPPED_EARLY: CHART, S.CHECKED_IN: CHART},
    S.RECOVERY: {S.COMPLETED: CHART, S.STOPPED_EARLY: CHART, S.IN_PROGRESS: CHART},
    S.COMPLETED: {S.RECOVERY: CHART},
    S.STOPPED_EARLY: {},
    S.NOT_TREATED: {S.CHECKED_IN: CHART},
    S.NO_SHOW: {S.BOOKED: BOOK},
    S.CANCELLED_BY_PATIENT: {S.BOOKED: BOOK},
    S.CANCELLED_LATE: {S.BOOKED: BOOK},
    S.CANCELLED_BY_CLINIC: {S.BOOKED: BOOK},
    S.ENTERED_IN_ERROR: {S.BOOKED: BOOK},
    S.RELEASED: {},
}
NEEDS_REASON = CANCELLED | {S.NO_SHOW, S.NOT_TREATED, S.STOPPED_EARLY, S.ENTERED_IN_ERROR}

# What undo goes back to.
WAY_BACK: dict[Status, Status] = {
    S.ARRIVED: S.BOOKED,
    S.CHECKED_IN: S.ARRIVED,
    S.NOT_TREATED: S.CHECKED_IN,
    S.NO_SHOW: S.BOOKED,
    S.CANCELLED_BY_PATIENT: S.BOOKED,
    S.CANCELLED_LATE: S.BOOKED,
    S.CANCELLED_BY_CLINIC: S.BOOKED,
    S.ENTERED_IN_ERROR: S.BOOKED,
}
