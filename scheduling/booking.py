"""The one door for visits: book, move, and every change of state. `series` books many through the same functions.

Each door opens a transaction in which `by` acts and takes `now` from its caller. A booking locks what it could take,
chooses under the lock and writes; the constraint `allocation_no_overlap` has the last word. Refusals are Clash (with
`taken`, `free_chairs` and `next_free`) when somebody else has the place, Invalid when the wish itself makes no sense.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from config.audit.acting import Actor, SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import require
from patients.models import Patient
from scheduling import hours, placing
from scheduling.models import Appointment, Chair, Series
from scheduling.models.kinds import VisitKind
from scheduling.resources import Resources
from scheduling.states import CANCELLED, MOVES, NEEDS_REASON, OCCUPIES, PRESENT, WAY_BACK, Status
from scheduling.taking import Seat, Wanted


def book(
    *,
    patient: Patient,
    clinic: Clinic,
    start: datetime,
    minutes: int,
    by: Actor,
    now: datetime,
    kind: VisitKind = VisitKind.CONSULT,
    chair: Chair | None = None,
    nurse: User | None = None,
    series: Series | None = None,
) -> Appointment:
    """Book one visit of `minutes` at `start`; a free chair and nurse are chosen when none is named.

    Raises Invalid (field start, minutes, chair, nurse or patient), or Clash.
    """
    wanted = placing.wanted_visit(
        start=start, minutes=minutes, chair=chair.pk if chair else None, nurse=nurse.pk if nurse else None
    )
    with (
        placing.told_what_is_free(clinic, minutes, start, now, patient, chair),
        placing.last_word(),
        recorded(by=by),
    ):
        places = placing.lock_for(patient=patient, clinic=clinic)
        day = start.astimezone(clinic.tz).date()
        open_hours = hours.load(clinic=clinic, first=day, last=day)
        hours.check_visit(hours=open_hours, start=start, minutes=minutes, now=now)
        [found] = placing.find_seats(places=places, wanted=[wanted], clinic=clinic)
        seat = placing.seat_or_clash(found)
        visit = placing.new_visit(patient, clinic, wanted, seat, by, now)
        visit.kind, visit.series = kind, series
        placing.write([visit], [seat], places)
    return visit


def known(appointment_id: UUID) -> Appointment:
    """The visit with its clinic and patient, not locked. Raises NotFound."""
    found = Appointment.objects.select_related("clinic", "patient").filter(pk=appointment_id).first()
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


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
) -> Appointment:
    """Give a visit another time, chair or length. Without `chair` it stays in its own if that is free, else any.

    A new time takes the patient's confirmation away and raises `placing`. Gaps of an order are not known here:
    `infusions.fulfilment.move` checks them first.
    """
    before = known(appointment_id)
    length = minutes if minutes is not None else before.length // timedelta(minutes=1)
    wanted = placing.wanted_visit(start=start, minutes=length, chair=chair.pk if chair else None)
    told = placing.told_what_is_free(before.clinic, length, start, now, before.patient, chair)
    with told, placing.last_word(), recorded(by=by, reason=reason):
        visit = Appointment.locked(appointment_id, version=version)
        visit.clinic, visit.patient = before.clinic, before.patient
        _check_movable(visit, wanted, now)
        places = placing.lock_for(patient=visit.patient, clinic=visit.clinic)
        wanted = replace(wanted, prefer=_now_at(visit))
        [seat] = placing.find_seats(places=places, wanted=[wanted], clinic=visit.clinic, except_for=[visit.pk])
        _place_anew(visit, wanted, placing.seat_or_clash(seat), places)
    return visit


def _now_at(visit: Appointment) -> frozenset[UUID]:
    return frozenset(place for place in (visit.chair_id, visit.nurse_id) if place is not None)


def _check_movable(visit: Appointment, wanted: Wanted, now: datetime) -> None:
    same_time = (visit.start, visit.end) == (wanted.start, wanted.end)
    if visit.status in PRESENT and same_time:
        return
    if visit.status in PRESENT:
        raise Clash("The patient is here: only the chair can change now.")
    if visit.status != Status.BOOKED:
        raise Clash(f"This visit is {spoken(visit.status)}; it cannot be moved.")
    if same_time:
        return
    day = wanted.start.astimezone(visit.clinic.tz).date()
    open_hours = hours.load(clinic=visit.clinic, first=day, last=day)
    minutes = (wanted.end - wanted.start) // timedelta(minutes=1)
    hours.check_visit(hours=open_hours, start=wanted.start, minutes=minutes, now=now)


def _place_anew(visit: Appointment, wanted: Wanted, seat: Seat, places: Resources) -> None:
    if (visit.start, visit.end) != (wanted.start, wanted.end):
        visit.placing += 1
        visit.confirmed_at = visit.wants_move_at = None
        visit.wants_move_note = ""
    visit.start, visit.end = wanted.start, wanted.end
    visit.chair_id, visit.nurse_id = seat.chair.id, seat.nurse.id
    visit.save()
    placing.take(visit, seat, places)


def apply(
    *,
    appointment_id: UUID,
    to: Status,
    by: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Appointment:
    """Carry out one move of the table MOVES: the only way in which a visit changes its state.

    A person needs the move's permission; a system job may only book back or cancel for the patient. States that
    need a reason refuse without. Going to a state that does not occupy frees the place, going back takes it again.
    """
    before = known(appointment_id)
    told = placing.told_what_is_free(
        before.clinic, before.length // timedelta(minutes=1), before.start, now, before.patient
    )
    with told, placing.last_word(), recorded(by=by, reason=reason.strip()):
        visit = Appointment.locked(appointment_id, version=version)
        visit.clinic, visit.patient = before.clinic, before.patient
        _check_move(visit, to, by, now, reason.strip())
        occupied = visit.status in OCCUPIES
        _enter(visit, to, now, reason.strip())
        if occupied and to not in OCCUPIES:
            placing.free(visit)
        elif not occupied and to in OCCUPIES:
            _take_again(visit)
        visit.save()
    return visit


def _check_move(visit: Appointment, to: Status, by: Actor, now: datetime, reason: str) -> None:
    permission = MOVES[Status(visit.status)].get(to)
    if permission is None:
        raise Clash(f"A visit that is {spoken(visit.status)} cannot become {spoken(to)}.", code="no-such-move")
    if not isinstance(by, SystemJob):
        require(by, permission)
    elif to not in CANCELLED:
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


def _enter(visit: Appointment, to: Status, now: datetime, reason: str) -> None:
    if to == Status.ARRIVED and visit.status == Status.BOOKED:
        visit.arrived_at = now
    if to == Status.BOOKED:
        visit.arrived_at = None
    if to != Status.HELD:
        visit.held_until = None
    visit.status, visit.status_reason = to, reason if to in NEEDS_REASON else ""


def _take_again(visit: Appointment) -> None:
    """The same chair, for the same time; any nurse with room."""
    places = placing.lock_for(patient=visit.patient, clinic=visit.clinic)
    wanted = Wanted(visit.start, visit.end, chair=visit.chair_id, prefer=_now_at(visit))
    [found] = placing.find_seats(places=places, wanted=[wanted], clinic=visit.clinic)
    seat = placing.seat_or_clash(found)
    visit.nurse_id = seat.nurse.id
    placing.take(visit, seat, places)


def spoken(status: str) -> str:
    """A state in words."""
    return status.replace("-", " ")


def arrive(*, appointment_id: UUID, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """Check somebody in. Not before the day of the visit."""
    return apply(appointment_id=appointment_id, to=Status.ARRIVED, by=by, now=now, version=version)


def cancel(
    *, appointment_id: UUID, how: Status, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Appointment:
    """Cancel a visit: `how` says by whom, or that it was late. Its place is free at once."""
    if how not in CANCELLED:
        raise Invalid("Say whether the patient or the clinic cancels, or that it was late.", field="how")
    return apply(appointment_id=appointment_id, to=how, by=by, now=now, reason=reason, version=version)


def no_show(*, appointment_id: UUID, reason: str, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """Say that somebody did not come. Only a person says so, and only once the visit should have begun."""
    return apply(appointment_id=appointment_id, to=Status.NO_SHOW, by=by, now=now, reason=reason, version=version)


def undo(*, appointment_id: UUID, by: Actor, now: datetime, version: int | None = None) -> Appointment:
    """Back to the state before: arrived, no-show and cancelled visits are booked again. Clash if the place is gone."""
    before = known(appointment_id)
    back = WAY_BACK.get(Status(before.status))
    if back is None:
        raise Clash(f"A visit that is {spoken(before.status)} has no way back.", code="no-such-move")
    # The version makes sure that what is undone is what was seen here.
    seen = version if version is not None else before.version
    return apply(appointment_id=appointment_id, to=back, by=by, now=now, version=seen, reason="undone")


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
