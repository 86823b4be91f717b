"""Moving visits: one or many at once, all or none. Where each was before, it may go where another one of them was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from simple_history.utils import bulk_update_with_history

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.permissions import Permission, require
from scheduling import heeding, hours, placing
from scheduling.as_booked import now_at, shape_of
from scheduling.models import Appointment
from scheduling.states import PRESENT, Status
from scheduling.taking import Conflict, Seat, Wanted
from scheduling.wording import spoken


@dataclass(frozen=True)
class Move:
    """Where one visit goes. What is left out stays, or is chosen if that is taken. `overbook_reason`, a manager's, puts
    it beside whoever has the named chair already."""

    appointment: UUID
    start: datetime
    chair: UUID | None = None
    version: int | None = None
    minutes: int | None = None
    limits_reason: str = ""
    overbook_reason: str = ""


def known(appointment_id: UUID) -> Appointment:
    """The visit with its clinic and patient, not locked. Raises NotFound."""
    found = Appointment.objects.select_related("clinic", "patient").filter(pk=appointment_id).first()
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


def move_visits(
    *, moves: Sequence[Move], by: Actor, now: datetime, reason: str = "", agreed: bool = False
) -> list[Appointment]:
    """Give visits of one patient other times, all or none; answers them in the order of `moves`.

    `agreed`: the reasons are those that stood with these places before, whoever puts the visits back there. A new time
    takes the patient's confirmation away and raises `placing`. Raises Clash with `taken` for a single one, with
    `conflicts` for many; Invalid for a wish that makes no sense. Nothing but these visits is touched.
    """
    if len({move.appointment for move in moves}) != len(moves) or not moves:
        raise Invalid("Name each visit once.", field="visits")
    for move in moves if not agreed else ():
        check_reasons(by, move.chair, move.limits_reason, move.overbook_reason)
    before = {move.appointment: known(move.appointment) for move in moves}
    if len({visit.patient_id for visit in before.values()}) != 1:
        raise Invalid("Visits of one patient are moved at once.", field="visits")
    wanted = [_wanted(before[move.appointment], move) for move in moves]
    first = before[moves[0].appointment]
    told = placing.told_what_is_free(wanted[0], clinic=first.clinic, patient=first.patient, now=now)
    with told, placing.last_word(), recorded(by=by, reason=reason):
        visits = _locked(moves, before)
        places = placing.lock_for(patient=first.patient, clinic=first.clinic)
        open_hours = placing.hours_for(wanted=wanted, clinic=first.clinic)
        for visit, wish, move in zip(visits, wanted, moves, strict=True):
            _check_movable(visit, wish, open_hours, now)
            if (visit.start, visit.end) != (wish.start, wish.end):
                placing.check_limits(places=places, wanted=wish, clinic=first.clinic, reason=move.limits_reason)
        found = placing.find_seats(
            places=places,
            wanted=wanted,
            open_hours=open_hours,
            now=now,
            except_for=[visit.pk for visit in visits],
        )
        _place_anew(visits, wanted, _all_seats(found, wanted, first), moves)
        heeding.tell(visits, by, now)
    return visits


def check_reasons(by: Actor, chair: object, limits_reason: str, overbook_reason: str) -> None:
    """Raise NotAllowed or Invalid unless this person may book like that; only a manager gives a chair twice."""
    for field, reason in (("limits_reason", limits_reason), ("overbook_reason", overbook_reason)):
        if len(reason) > 200:
            raise Invalid("At most 200 characters.", field=field)
    if overbook_reason.strip():
        require(by, Permission.OVERBOOK)
        if chair is None:
            raise Invalid("Name the chair that is to be given twice.", field="chair")


def mark(*, repairs: Mapping[UUID, str], by: Actor) -> None:
    """Say of visits what of their order they break now; empty words: nothing any more."""
    if not repairs:
        return
    with recorded(by=by):
        visits = list(Appointment.objects.select_for_update().filter(pk__in=repairs).order_by("pk"))
        for visit in visits:
            visit.needs_repair = repairs[visit.pk]
            visit.version += 1
        bulk_update_with_history(visits, Appointment, ["needs_repair", "version"])


def _wanted(visit: Appointment, move: Move) -> Wanted:
    wish = placing.wanted_visit(
        start=move.start,
        shape=shape_of(visit, move.minutes),
        chair=move.chair,
        overbook=bool(move.overbook_reason.strip()),
    )
    return replace(wish, prefer=now_at(visit))


def _locked(moves: Sequence[Move], before: dict[UUID, Appointment]) -> list[Appointment]:
    """The visits under their locks, taken in one order whoever asks."""
    versions = {move.appointment: move.version for move in moves}
    locked = {pk: Appointment.locked(pk, version=versions[pk]) for pk in sorted(versions)}
    for pk, visit in locked.items():
        visit.clinic, visit.patient = before[pk].clinic, before[pk].patient
    return [locked[move.appointment] for move in moves]


def _check_movable(visit: Appointment, wanted: Wanted, open_hours: hours.Hours, now: datetime) -> None:
    same_time = (visit.start, visit.end) == (wanted.start, wanted.end)
    if visit.status in PRESENT and same_time:
        return
    if visit.status in PRESENT:
        raise Clash("The patient is here: only the chair can change now.")
    if visit.status not in (Status.BOOKED, Status.HELD):
        raise Clash(f"This visit is {spoken(visit.status)}; it cannot be moved.")
    if not same_time:
        hours.check_visit(hours=open_hours, start=wanted.start, minutes=wanted.shape.minutes, now=now)


def _all_seats(found: Sequence[Seat | Conflict], wanted: Sequence[Wanted], first: Appointment) -> list[Seat]:
    if len(found) == 1:
        return [placing.seat_or_clash(found[0])]
    conflicts: list[dict[str, Any]] = [
        {
            "visit": nth,
            "start": wish.start.astimezone(first.clinic.tz).isoformat(),
            "words": seat.words,
            **seat.facts,
        }
        for nth, (wish, seat) in enumerate(zip(wanted, found, strict=True), start=1)
        if isinstance(seat, Conflict)
    ]
    if conflicts:
        raise Clash(
            f"Nothing was moved: {len(conflicts)} of the {len(found)} visits have no place. {conflicts[0]['words']}",
            field="visits",
            conflicts=conflicts,
            taken=[fact for conflict in conflicts for fact in conflict["taken"]],
        )
    return [seat for seat in found if isinstance(seat, Seat)]


def _place_anew(
    visits: Sequence[Appointment], wanted: Sequence[Wanted], seats: Sequence[Seat], moves: Sequence[Move]
) -> None:
    for visit, wish, seat, move in zip(visits, wanted, seats, moves, strict=True):
        if (visit.start, visit.end) != (wish.start, wish.end):
            visit.placing += 1
            visit.confirmed_at = visit.wants_move_at = None
            visit.wants_move_note = ""
            visit.limits_reason = move.limits_reason
        _leave(visit, wish, seat)
        placing.seated(visit, wish, seat)
        visit.overbook_reason = move.overbook_reason.strip()
        visit.save()
    placing.take(visits, seats)


def _leave(visit: Appointment, wish: Wanted, seat: Seat) -> None:
    """Let the visit say which place it leaves: history would know, and is not asked."""
    if (visit.start, visit.end, visit.chair_id) != (wish.start, wish.end, seat.chair.id):
        visit.left_chair_id, visit.left_start, visit.left_end = visit.chair_id, visit.start, visit.end
