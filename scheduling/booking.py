"""The one door for visits: book, move, and every change of state. `series` books many through the same functions.

Each door opens a transaction in which `by` acts and takes `now` from its caller. A booking locks what it could take,
chooses under the lock and writes; the constraint `allocation_no_overlap` has the last word. Refusals are Clash (with
`taken`, `free_chairs` and `next_free`) when somebody else has the place, Invalid when the wish itself makes no sense.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from config.audit.acting import Actor, SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, can, require
from patients.models import Patient
from scheduling import form_holds, heeding, hours, placing, shape
from scheduling.as_booked import as_before, now_at
from scheduling.models import Appointment, Chair, Series
from scheduling.models.kinds import VisitKind
from scheduling.moving import Move, check_reasons, known, move_visits
from scheduling.rules import is_late, rules_of
from scheduling.states import CANCELLED, MOVES, NEEDS_REASON, OCCUPIES, WAY_BACK, Status
from scheduling.taking import Seat, Wanted
from scheduling.wall_clock import words
from scheduling.wording import spoken

__all__ = [
    "apply",
    "arrive",
    "ask_to_move",
    "book",
    "cancel",
    "confirm",
    "date_state",
    "known",
    "move",
    "no_show",
    "spoken",
    "undo",
]


def book(
    *,
    patient: Patient,
    clinic: Clinic,
    start: datetime,
    minutes: int,
    by: Actor,
    now: datetime,
    kind: VisitKind = VisitKind.CONSULT,
    visit_type: UUID | None = None,
    chair: Chair | None = None,
    nurse: User | None = None,
    clinician: User | None = None,
    series: Series | None = None,
    limits_reason: str = "",
    overbook_reason: str = "",
    held_until: datetime | None = None,
    form_hold: UUID | None = None,
) -> Appointment:
    """Book one visit of `minutes` at `start`; what is not named among chair, nurse and clinician is chosen.

    `limits_reason` books outside the patient's own days and hours; `overbook_reason`, a manager's, beside whoever has
    the chair already. With `held_until` the place is only held until then. `form_hold`: what `by` held while typing
    (`scheduling.form_holds`), which ends with this.
    Raises Invalid (field start, minutes, chair, nurse, clinician, visit_type or patient), NotAllowed, or Clash.
    """
    check_reasons(by, chair, limits_reason, overbook_reason)
    hours.check_length(minutes)
    wanted = placing.wanted_visit(
        start=start,
        shape=shape.load(clinic=clinic, kind=kind, minutes=minutes, visit_type=visit_type),
        chair=chair.pk if chair else None,
        nurse=nurse.pk if nurse else None,
        clinician=clinician.pk if clinician else None,
        overbook=bool(overbook_reason.strip()),
    )
    told = placing.told_what_is_free(wanted, clinic=clinic, patient=patient, now=now)
    with told, placing.last_word(), recorded(by=by, reason=overbook_reason.strip() or limits_reason.strip()):
        places = placing.lock_for(patient=patient, clinic=clinic)
        open_hours = placing.hours_for(wanted=[wanted], clinic=clinic)
        hours.check_visit(hours=open_hours, start=start, minutes=minutes, now=now)
        placing.check_limits(places=places, wanted=wanted, clinic=clinic, reason=limits_reason.strip())
        if form_hold is not None:
            wanted = replace(wanted, prefer=form_holds.set_aside(hold_id=form_hold, by=by, now=now))
        [found] = placing.find_seats(places=places, wanted=[wanted], open_hours=open_hours, now=now)
        seat = placing.seat_or_clash(found)
        visit = placing.new_visit(patient, clinic, wanted, seat, by, now)
        visit.kind, visit.series = kind, series
        visit.limits_reason, visit.overbook_reason = limits_reason.strip(), overbook_reason.strip()
        if held_until is not None:
            visit.status, visit.held_until = Status.HELD, held_until
        placing.write([visit], [seat])
        if held_until is None:
            heeding.booked([visit], by, now)
    return visit


def move(
    *,
    appointment_id: UUID,
    start: datetime,
    by: Actor,
    now: datetime,
    version: int | None = None,
    chair: Chair | None = None,
    minutes: int | None = None,
    reason: str = "",
    limits_reason: str = "",
) -> Appointment:
    """Give a visit another time, chair or length. Without `chair` it stays in its own if that is free, else any.

    A new time takes the patient's confirmation away and raises `placing`. Gaps of an order are not known here:
    `infusions.rescheduling.move` checks them first.
    """
    wish = Move(appointment_id, start, chair.pk if chair else None, version, minutes, limits_reason)
    [visit] = move_visits(moves=[wish], by=by, now=now, reason=reason)
    return visit


def apply(
    *,
    appointment_id: UUID,
    to: Status,
    by: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
    since: datetime | None = None,
) -> Appointment:
    """Carry out one move of the table MOVES: the only way in which a visit changes its state.

    A person needs the move's permission; a system job may only book back or cancel for the patient. States that
    need a reason refuse without. `since`: when it really entered the state, if that was before now.
    Going to a state that does not occupy frees the place, going back takes it again.
    """
    before = known(appointment_id)
    with _told_if_taken(before, to, now), placing.last_word(), recorded(by=by, reason=reason.strip()):
        visit = Appointment.locked(appointment_id, version=version)
        visit.clinic, visit.patient = before.clinic, before.patient
        _check_move(visit, to, by, now, reason.strip())
        heeding.ask(visit, to, by, now)
        occupied, was_held = visit.status in OCCUPIES, visit.status == Status.HELD
        seat: Seat | None = None
        _enter(visit, to, now, reason.strip())
        visit.state_since = None if to == Status.BOOKED else min(since or now, now)
        if occupied and to not in OCCUPIES:
            placing.free([visit])
        elif not occupied and to in OCCUPIES:
            seat = _seat_again(visit, by, now, reason.strip())
        elif was_held:
            _check_still_open(visit, now)
            placing.keep_for_good([visit])
        visit.save()
        if seat is not None:
            placing.take([visit], [seat])
        heeding.tell([visit], by, now)
        if to == Status.BOOKED and (was_held or not occupied):
            heeding.booked([visit], by, now)
    return visit


def _told_if_taken(before: Appointment, to: Status, now: datetime) -> AbstractContextManager[Any]:
    """Where the move takes the place again, a refusal says what is free instead. Every other one needs no room, also
    where the visit's type has become longer than the visit."""
    if before.status in OCCUPIES or to not in OCCUPIES:
        return nullcontext()
    return placing.told_what_is_free(as_before(before), clinic=before.clinic, patient=before.patient, now=now)


def _check_still_open(visit: Appointment, now: datetime) -> None:
    """What is held is kept as a booking only where a booking could stand now: the day may have been closed since."""
    if visit.start < now:
        return
    minutes = visit.length // timedelta(minutes=1)
    open_hours = placing.hours_for(wanted=[Wanted(visit.start, shape.plain(minutes))], clinic=visit.clinic)
    with _as_clash():
        hours.check_visit(hours=open_hours, start=visit.start, minutes=minutes, now=now)


def _check_move(visit: Appointment, to: Status, by: Actor, now: datetime, reason: str) -> None:
    permission = MOVES[Status(visit.status)].get(to)
    if permission is None:
        raise Clash(f"A visit that is {spoken(visit.status)} cannot become {spoken(to)}.", code="no-such-move")
    if not isinstance(by, SystemJob):
        require(by, permission)
    elif to not in CANCELLED | {Status.RELEASED}:
        raise NotAllowed(f"Nobody but a person makes a visit {spoken(to)}.")
    if to in NEEDS_REASON and not reason:
        raise Invalid("Say why; it stays with the visit.", field="reason")
    if len(reason) > 200:
        raise Invalid("At most 200 characters.", field="reason")
    _check_time_of_move(visit, to, now)


def _check_time_of_move(visit: Appointment, to: Status, now: datetime) -> None:
    zone = visit.clinic.tz
    if to == Status.ARRIVED and visit.start.astimezone(zone).date() > now.astimezone(zone).date():
        raise Invalid("This visit is on a later day; nobody can have arrived for it.", code="not-before-the-day")
    if to == Status.NO_SHOW and now < visit.start:
        raise Invalid("This visit is still to come. Cancel it, or wait until it should have begun.", code="too-early")
    if to == Status.CANCELLED_LATE and not is_late(clinic=visit.clinic, start=visit.start, now=now):
        hours = rules_of(visit.clinic).late_cancel_hours
        raise Invalid(
            f"{words(visit.start, zone)} is more than {hours} hours ahead: not late. It is cancelled by the patient.",
            field="how",
            code="not-late",
        )


def _enter(visit: Appointment, to: Status, now: datetime, reason: str) -> None:
    if to == Status.ARRIVED and visit.status == Status.BOOKED:
        visit.arrived_at = now
    if to == Status.BOOKED:
        visit.arrived_at = None
    if to != Status.HELD:
        visit.held_until = None
    visit.status, visit.status_reason = to, reason if to in NEEDS_REASON else ""


def date_state(*, appointment_id: UUID, status: Status, since: datetime, by: Actor) -> None:
    """Correct the moment at which it entered the state that it stands in. Nothing if it has left that state."""
    with recorded(by=by):
        visit = Appointment.locked(appointment_id)
        if visit.status == status and visit.state_since != since:
            visit.state_since = since
            visit.save()


def _seat_again(visit: Appointment, by: Actor, now: datetime, reason: str) -> Seat:
    """The same chair, for the same time; whoever of the others has room. A visit to come needs the clinic open as any
    booking does. Beside somebody else only by whoever may book beside others, and only where that was agreed before,
    as who is there now may be another, or the visit is over."""
    places = placing.lock_for(patient=visit.patient, clinic=visit.clinic)
    may_beside = can(by, Permission.OVERBOOK)
    beside = bool(visit.overbook_reason) and may_beside
    wanted = replace(as_before(visit), chair=visit.chair_id, prefer=now_at(visit), overbook=beside)
    open_hours = placing.hours_for(wanted=[wanted], clinic=visit.clinic)
    with _as_clash():
        if visit.start >= now:
            hours.check_visit(hours=open_hours, start=visit.start, minutes=wanted.shape.minutes, now=now)
        for wish in _wishes(visit, wanted, now, may_beside=may_beside):
            [found] = placing.find_seats(places=places, wanted=[wish], open_hours=open_hours, now=now)
            if isinstance(found, Seat):
                break
    seat = placing.seat_or_clash(found)
    if wish.overbook and not visit.overbook_reason:
        visit.overbook_reason = reason
    placing.seated(visit, wanted, seat)
    return seat


def _wishes(visit: Appointment, wanted: Wanted, now: datetime, *, may_beside: bool) -> list[Wanted]:
    """Its own chair; once it has begun any other as well: the patient is here, whoever was given the chair since. What
    is over, and is only written down now, a manager puts beside whoever was there."""
    wishes = [wanted]
    if visit.start < now:
        wishes.append(replace(wanted, chair=None))
    if visit.end <= now and may_beside:
        wishes.append(replace(wanted, overbook=True))
    return wishes


@contextmanager
def _as_clash() -> Iterator[None]:
    """What a new booking would call invalid is, for something that stood there before, a change that came between."""
    try:
        yield
    except Invalid as refusal:
        raise Clash(refusal.message, code=refusal.code, field="start", taken=[]) from refusal


def arrive(*, appointment_id: UUID, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """Check somebody in. Not before the day of the visit."""
    return apply(appointment_id=appointment_id, to=Status.ARRIVED, by=by, now=now, version=version)


def cancel(
    *, appointment_id: UUID, how: Status, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Appointment:
    """Cancel a visit: `how` says by whom, or that it was late. Its place is free at once.

    Late it is only from the clinic's own limit on; within it a person still decides whether it was. Raises Invalid
    (how, code not-late) before.
    """
    if how not in CANCELLED:
        raise Invalid("Say whether the patient or the clinic cancels, or that it was late.", field="how")
    return apply(appointment_id=appointment_id, to=how, by=by, now=now, reason=reason, version=version)


def no_show(*, appointment_id: UUID, reason: str, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """Say that somebody did not come. Only a person says so, and only once the visit should have begun."""
    return apply(appointment_id=appointment_id, to=Status.NO_SHOW, by=by, now=now, reason=reason, version=version)


def undo(
    *, appointment_id: UUID, by: Actor, now: datetime, version: int | None = None, reason: str = ""
) -> Appointment:
    """Back to the state before: arrived, no-show and cancelled visits are booked again. Clash if the place is gone."""
    before = known(appointment_id).as_read(version)
    back = WAY_BACK.get(Status(before.status))
    if back is None:
        raise Clash(f"A visit that is {spoken(before.status)} has no way back.", code="no-such-move")
    # The version makes sure that what is undone is what was seen here.
    seen = version if version is not None else before.version
    return apply(
        appointment_id=appointment_id, to=back, by=by, now=now, version=seen, reason=reason.strip() or "undone"
    )


def confirm(*, appointment_id: UUID, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """The patient says that they will come, by phone or by link. Saying so twice changes nothing."""
    with recorded(by=by):
        visit = Appointment.locked(appointment_id, version=version)
        _check_expected(visit)
        if visit.confirmed_at is None:
            visit.confirmed_at, visit.wants_move_at, visit.wants_move_note = now, None, ""
            visit.save()
    return visit


def ask_to_move(*, appointment_id: UUID, note: str, by: Actor, now: datetime) -> Appointment:
    """The patient wants another time. The visit stays booked until the desk moves it."""
    if len(note) > 300:
        raise Invalid("At most 300 characters.", field="note")
    with recorded(by=by):
        visit = Appointment.locked(appointment_id)
        _check_expected(visit)
        visit.confirmed_at, visit.wants_move_at, visit.wants_move_note = None, now, note.strip()
        visit.save()
    return visit


def _check_expected(visit: Appointment) -> None:
    if visit.status != Status.BOOKED:
        raise Clash(f"This visit is {spoken(visit.status)}; there is nothing to confirm.", code="no-such-move")
