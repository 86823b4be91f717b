"""Taking a move back: the visits stand again where they stood, as was agreed then. Their history says where."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from config.audit.acting import Actor, recorded
from config.refusals import Clash
from scheduling.models import Appointment
from scheduling.moving import Move, known, move_visits

MOST_ROWS = 20
PLACE = ("start", "end", "chair_id", "overbook_reason")
SAID = ("confirmed_at", "wants_move_at", "wants_move_note")


def move_back(*, versions: Mapping[UUID, int], by: Actor, now: datetime) -> list[Appointment]:
    """Undo the last move of each of these visits, all or none; `versions` are those that they have since.

    What was agreed for the place then, outside the patient's limits or beside somebody else, holds again; so does what
    the patient had answered. Raises Stale for a visit that changed since, Clash where the place is gone, the move is
    longer ago than `WITHIN`, or there was none.
    """
    with recorded(by=by, reason="undone"):
        were = {pk: _where_it_was(pk, version) for pk, version in versions.items()}
        moves = [_move(pk, was, versions[pk]) for pk, was in were.items()]
        visits = move_visits(moves=moves, by=by, now=now, reason="undone", agreed=True)
        _say_again(visits, were)
    return visits


def _where_it_was(pk: UUID, version: int) -> Any:
    """The newest row of the visit's history with another place than it has now."""
    visit = known(pk).as_read(version)
    rows = list(Appointment.history.filter(id=pk).order_by("-history_id")[:MOST_ROWS])  # type: ignore[attr-defined]
    was = next((row for row in rows if _place(row) != _place(visit)), None)
    if was is None:
        raise Clash("This visit was not moved.", code="no-such-move")
    return was


def _place(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in PLACE)


def _move(pk: UUID, was: Any, version: int) -> Move:
    minutes = (was.end - was.start) // timedelta(minutes=1)
    return Move(pk, was.start, was.chair_id, version, minutes, was.limits_reason, was.overbook_reason)


def _say_again(visits: Sequence[Appointment], were: Mapping[UUID, Any]) -> None:
    for visit in visits:
        said = {name: getattr(were[visit.pk], name) for name in SAID}
        if any(getattr(visit, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(visit, name, value)
            visit.save()
