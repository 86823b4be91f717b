"""Taking a move back: the visits stand again where they stood, as was agreed then. Their history says where."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from config.audit.acting import Actor, recorded
from config.refusals import Clash
from config.staff.permissions import Permission, can
from scheduling.models import Appointment
from scheduling.moving import Move, known, move_visits
from scheduling.states import OCCUPIES

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
        were = {pk: _where_it_was(pk, version, by) for pk, version in versions.items()}
        moves = [_move(pk, was, versions[pk]) for pk, was in were.items()]
        visits = move_visits(moves=moves, by=by, now=now, reason="undone", agreed=True)
        _say_again(visits, were)
    return visits


def _where_it_was(pk: UUID, version: int, by: Actor) -> Any:
    """The newest row of the visit's history with another place than it has now."""
    visit = known(pk).as_read(version)
    rows = list(Appointment.history.filter(id=pk).order_by("-history_id")[:MOST_ROWS])  # type: ignore[attr-defined]
    nth = next((nth for nth, row in enumerate(rows) if _place(row) != _place(visit)), None)
    if nth is None:
        raise Clash("This visit was not moved.", code="no-such-move")
    was = rows[nth]
    if was.overbook_reason and not can(by, Permission.OVERBOOK) and not _same_company(was, rows[nth - 1].history_date):
        raise Clash("Somebody else is in that chair by now. A manager can put the visit beside them.", field="start")
    return was


def _same_company(was: Any, until: datetime) -> bool:
    """Whether all who are in that chair then were there already when the visit left it: a manager agreed to them."""
    there = Appointment.objects.filter(chair=was.chair_id, start__lt=was.end, end__gt=was.start, status__in=OCCUPIES)
    for other in there.exclude(pk=was.id):
        before = Appointment.history.filter(id=other.pk, history_date__lte=until)  # type: ignore[attr-defined]
        row = before.order_by("-history_id").first()
        if row is None or row.status not in OCCUPIES or _place(row) != _place(other):
            return False
    return True


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
