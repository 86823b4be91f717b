"""Moving, cancelling and taking back the visits of an order: one, this and later, or the rest.

After any of it the gaps are looked at again (`repair.light_up`, told by `scheduling.heeding`): later visits that now
break the order light up, and nothing but the chosen visits changes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions import exceptions, repair
from infusions.course import coming, day_of, last_before, newest_for, visits_of
from infusions.framing import is_valid
from infusions.gaps import span
from infusions.models import ExceptionKind, Order, OrderStanding
from infusions.orders import active_order, signed_order
from infusions.readiness import require_ready
from infusions.repair import Plan
from scheduling import booking, holding, moving, moving_back
from scheduling.hours import check_start, check_visit, load
from scheduling.models import Appointment, Chair, Series
from scheduling.models.kinds import VisitKind
from scheduling.moving import Move
from scheduling.rules import is_late
from scheduling.series import Preferences
from scheduling.states import Status
from scheduling.wall_clock import day_words


class Scope(StrEnum):
    """Which visits are meant: this one, this and the later ones, or all that are still to come."""

    ONE = "one"
    LATER = "later"
    REST = "rest"


def order_of(visit: Appointment) -> Order | None:
    """The order whose limits hold for this visit now: the one in force for the patient."""
    order = active_order(patient=visit.patient)
    return signed_order(order.pk) if order else None


def move(
    *,
    appointment_id: UUID,
    start: datetime,
    by: User,
    now: datetime,
    version: int | None = None,
    chair: Chair | None = None,
    limits_reason: str = "",
    overbook_reason: str = "",
) -> Appointment:
    """Move one visit. An infusion keeps the order's gap to the visit before it, unless a signed exception names the
    day; later visits that it now crowds or leaves behind need repair. A consult moves freely.

    Raises Invalid (field start, code outside-gaps) with the days that would do, or what `scheduling.booking.move` does.
    """
    chair_id = chair.pk if chair else None
    wish = Move(appointment_id, start, chair_id, version, None, limits_reason.strip(), overbook_reason)
    [moved] = move_all(moves=[wish], by=by, now=now)
    return moved


def move_all(*, moves: Sequence[Move], by: User, now: datetime, reason: str = "") -> list[Appointment]:
    """Move several visits of one course, all or none; each keeps the gap to the visit before it as all stand then."""
    require(by, Permission.BOOK)
    if not moves:
        raise Invalid("Name at least one visit.", field="visits")
    with recorded(by=by, reason=reason):
        visits = _locked_with_neighbours([move.appointment for move in moves], by)
        shifted = {m.appointment: m.start for m in moves if visits[m.appointment].start != m.start}
        first = next(iter(visits.values()))
        if first.kind == VisitKind.INFUSION and shifted:
            _check_moves(first, shifted, now)
        _check_lengths(first, moves)
        moved = moving.move_visits(moves=moves, by=by, now=now, reason=reason)
        _compare(first, moved, by, now)
    return moved


def move_back(*, versions: Mapping[UUID, int], by: User, now: datetime) -> list[Appointment]:
    """Undo the move of these visits, all or none, as `scheduling.moving_back` does. They stood there, so no gap is
    asked about; whichever visit breaks one then needs repair."""
    require(by, Permission.BOOK)
    if not versions:
        raise Invalid("Name at least one visit.", field="visits")
    with recorded(by=by):
        first = next(iter(_locked_with_neighbours(list(versions), by).values()))
        moved = moving_back.move_back(versions=versions, by=by, now=now)
        _compare(first, moved, by, now)
    return moved


def _compare(visit: Appointment, moved: Sequence[Appointment], by: User, now: datetime) -> None:
    """Moved infusions use up exceptions, and make themselves and others keep or break the order. What is marked by that
    has another version: whoever takes the move back names it."""
    order = order_of(visit) if visit.kind == VisitKind.INFUSION else None
    if order is not None:
        exceptions.note_use(order, moved, by=by)
        lit = repair.light_up(patient=order.patient, by=by, now=now)
        for one in moved:
            if one.needs_repair != lit.get(one.pk, ""):
                one.refresh_from_db(fields=["version", "needs_repair"])


def _locked_with_neighbours(ids: Sequence[UUID], by: User) -> dict[UUID, Appointment]:
    """The visits, their patients' standings and series locked: two moves at once are judged one after the other."""
    found = Appointment.objects.filter(pk__in=ids, clinic=by.clinic).select_related("clinic", "patient")
    visits = {visit.pk: visit for visit in found}
    if len(visits) != len(set(ids)):
        raise NotFound("There is no such appointment.")
    list(OrderStanding.objects.select_for_update().filter(patient__in=[v.patient_id for v in visits.values()]))
    for series in sorted({visit.series_id for visit in visits.values() if visit.series_id}):
        Series.locked(series)
    return visits


def _check_moves(visit: Appointment, shifted: dict[UUID, datetime], now: datetime) -> None:
    order = order_of(visit)
    if order is None:
        raise Clash("No order is in force for this patient, so an infusion cannot be moved. Ask a prescriber.")
    require_ready(order, now=now)
    for start in shifted.values():
        if not is_valid(order, start):
            raise Invalid("That day lies outside the days for which the order is valid.", field="start")
    days = [(shifted.get(other.pk, other.start), other.pk) for other in visits_of(order)]
    exempt = exceptions.open_days(order, kind=ExceptionKind.OUTSIDE_GAPS, moving=shifted.keys())
    before = last_before(order)
    # Of two on one day the one that comes is judged, whichever is earlier in it.
    for day, _, pk in sorted((day_of(order, start), pk in shifted, pk) for start, pk in days):
        if pk in shifted and day not in exempt:
            check_gap(order, before, day)
        before = day


def _check_lengths(visit: Appointment, moves: Sequence[Move]) -> None:
    """How long an infusion is, the order alone says."""
    order = order_of(visit) if any(move.minutes is not None for move in moves) else None
    if any(move.minutes is not None and (order is None or move.minutes != order.chair_minutes) for move in moves):
        raise Invalid("A visit is as long as the order in force says.", field="minutes")


def check_gap(order: Order, before: date | None, day: date) -> None:
    """Raise Invalid (start, outside-gaps) unless the order allows a visit on that day after the one `before`."""
    least, most = order.min_gap_days, order.max_gap_days
    if before is None:
        return _check_first(order, day)
    if least is None or most is None or least <= (day - before).days <= most:
        return None
    raise Invalid(
        f"The order asks for {least} to {most} days between visits; {day_words(day)} is {(day - before).days} days "
        f"after the visit before it. It may be {span(before + timedelta(least), before + timedelta(most))}. "
        "Another day needs the prescriber.",
        field="start",
        code="outside-gaps",
    )


def _check_first(order: Order, day: date) -> None:
    first, last = order.first_visit_from, order.first_visit_until
    if (first is not None and day < first) or (last is not None and day > last):
        raise Invalid(f"The order asks for the first visit {span(first, last)}.", field="start", code="outside-gaps")


def check_start_of(visit: Appointment, *, start: datetime, now: datetime) -> None:
    """Raise Invalid (start) where the clinic is closed then, or an infusion would lie outside the gap to the visit
    before it: what a move of it alone would say, without looking for a chair."""
    if start == visit.start:
        return
    check_hours_of(visit, start=start, now=now)
    if visit.kind == VisitKind.INFUSION:
        _check_moves(visit, {visit.pk: start}, now)


def check_hours_of(visit: Appointment, *, start: datetime, now: datetime) -> None:
    """Raise Invalid (start) where the clinic is not open for this visit then."""
    length, day = visit.length // timedelta(minutes=1), start.astimezone(visit.clinic.tz).date()
    check_visit(hours=load(clinic=visit.clinic, first=day, last=day), start=start, minutes=length, now=now)


def _check_first_of(order: Order, visits: list[Appointment], ahead: list[Appointment], start: datetime) -> None:
    """The gap of the first of those that move to the visit before them, which stays."""
    if not is_valid(order, start):
        raise Invalid("That day lies outside the days for which the order is valid.", field="start")
    day = day_of(order, start)
    if day not in exceptions.open_days(order, kind=ExceptionKind.OUTSIDE_GAPS, moving=[ahead[0].pk]):
        check_gap(order, repair.after_visits(order, visits, ahead), day)


def plan_later(*, appointment_id: UUID, start: datetime, by: User, now: datetime) -> Plan:
    """This visit at its new start, and proposed dates for all later ones within the order's gaps. Nothing is moved.

    Raises Invalid (start) for one at which no visit can begin, or outside the gap to the visit before it.
    """
    visit = booking.known(appointment_id)
    if visit.clinic_id != by.clinic_id:
        raise NotFound("There is no such appointment.")
    order = order_of(visit)
    if order is None:
        raise Clash("No order is in force for this patient, so an infusion cannot be moved. Ask a prescriber.")
    check_start(start=start, zone=order.clinic.tz, now=now)
    visits = visits_of(order)
    ahead = [other for other in coming(visits, now) if other.start >= visit.start]
    if not ahead or ahead[0].pk != visit.pk:
        raise Clash("Only visits that are still to come are moved.", code="no-such-move")
    check_hours_of(visit, start=start, now=now)
    _check_first_of(order, visits, ahead, start)
    ahead, until = repair.up_to_exception(order, ahead)
    at = start.astimezone(order.clinic.tz).time()
    proposal = repair.proposal_for(
        order,
        ahead=ahead,
        after=repair.after_visits(order, visits, ahead),
        pinned={1: start},
        now=now,
        prefer=Preferences(at=at),
        until=until,
    )
    return Plan(ahead, proposal)


def cancel(
    *,
    appointment_id: UUID,
    scope: Scope,
    how: Status,
    reason: str,
    by: User,
    now: datetime,
    version: int | None = None,
) -> list[Appointment]:
    """Cancel this visit, this and the later ones, or all of its series that are still to come. All or none."""
    require(by, Permission.BOOK)
    with recorded(by=by, reason=reason):
        visits = _locked_with_neighbours([appointment_id], by)
        visit = visits[appointment_id]
        chosen = [visit, *(other for other in _scope(visit, scope, now) if other.pk != visit.pk)]
        own = _cancel_one(visit, how, reason, by, now, version=version)
        return [own, *(_cancel_one(one, _with_it(one, how, now), reason, by, now) for one in chosen[1:])]


def bring_back(*, versions: Mapping[UUID, int], by: User, now: datetime) -> list[Appointment]:
    """Undo the cancellation of several visits, all or none, the earliest first, so that each finds the one before it.
    `versions` are those that they have since. Raises what `booking.undo` does."""
    require(by, Permission.BOOK)
    if not versions:
        raise Invalid("Name at least one visit.", field="visits")
    with recorded(by=by, reason="undone"):
        visits = [booking.known(pk) for pk in versions]
        if {visit.clinic_id for visit in visits} != {by.clinic_id}:
            raise NotFound("There is no such appointment.")
        ordered = sorted(visits, key=lambda visit: visit.start)
        return [booking.undo(appointment_id=one.pk, by=by, now=now, version=versions[one.pk]) for one in ordered]


def _cancel_one(
    visit: Appointment, how: Status, reason: str, by: User, now: datetime, *, version: int | None = None
) -> Appointment:
    """A hold is given back."""
    if visit.status == Status.HELD:
        return holding.release(appointment_id=visit.pk, by=by, now=now, version=version)
    return booking.cancel(appointment_id=visit.pk, how=how, reason=reason, by=by, now=now, version=version)


def _with_it(visit: Appointment, how: Status, now: datetime) -> Status:
    """Late is the visit that is near; a later one that goes with it is simply cancelled by the patient."""
    is_late_too = is_late(clinic=visit.clinic, start=visit.start, now=now)
    return Status.CANCELLED_BY_PATIENT if how == Status.CANCELLED_LATE and not is_late_too else how


def _scope(visit: Appointment, scope: Scope, now: datetime) -> list[Appointment]:
    """The other visits of its course that are meant, by time."""
    if scope == Scope.ONE:
        return []
    rest = still_to_come(visit, now)
    return [other for other in rest if other.start >= visit.start] if scope == Scope.LATER else rest


def still_to_come(visit: Appointment, now: datetime) -> list[Appointment]:
    """The visits of its course that are booked or held and still to come, by time; none of a visit on its own. A course
    goes on under a newer version of its order."""
    order = (order_of(visit) or newest_for(visit)) if visit.series_id else None
    course = visits_of(order) if order is not None else []
    if visit.pk in {one.pk for one in course}:
        return coming(course, now)
    same = Appointment.objects.filter(series=visit.series_id, series__isnull=False, start__gt=now)
    return list(same.filter(status__in=(Status.BOOKED, Status.HELD)).order_by("start"))
