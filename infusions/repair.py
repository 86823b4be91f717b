"""Visits that break their order's gaps after something else changed: found, lit up, and offered other dates.

A visit is judged by the gap to the one before it. Who stands on the day of a signed exception is not judged.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from config.audit.acting import Actor
from infusions import course, exceptions
from infusions.gaps import span
from infusions.models import Order
from infusions.orders import active_order, limits, signed_order
from patients.models import Patient, TaskKind
from patients.tasks import Wanted, raise_tasks, withdraw_about
from scheduling import moving
from scheduling import series as scheduling_series
from scheduling.as_booked import shape_of
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.moving import Move
from scheduling.series import Bounds, Preferences, Proposal
from scheduling.states import Status
from scheduling.wall_clock import day_words
from scheduling.wording import days_in_words

COMING = (Status.HELD, Status.BOOKED)
NOTHING: Mapping[UUID, int] = MappingProxyType({})


def broken(order: Order, visits: Sequence[Appointment], now: datetime) -> dict[UUID, str]:
    """Coming visits that break the order now, with what they break in words."""
    exempt = exceptions.covered(order)
    found: dict[UUID, str] = {}
    before = course.last_before(order)
    for visit in visits:
        day = course.day_of(order, visit.start)
        if visit.start > now and visit.pk not in exempt:
            words = _of_gap(order, before, day) or _of_validity(order, day)
            if words:
                found[visit.pk] = words
        before = day
    return found


def unfit(order: Order, visits: Sequence[Appointment], now: datetime) -> dict[UUID, str]:
    """Coming visits that no other date would make fit: too many, of another length, or under limits that are blank."""
    return _too_many(order, visits, now) | wrong_length(order, visits[: order.visits], now)


def _too_many(order: Order, visits: Sequence[Appointment], now: datetime) -> dict[UUID, str]:
    """Coming visits that the order has not, or on which it does not say enough: they are for the desk, or for who wrote
    the order."""
    found: dict[UUID, str] = {}
    missing = limits(order).missing
    for number, visit in enumerate(visits, start=1):
        if visit.start <= now or visit.status not in COMING:
            continue
        if order.visits is not None and number > order.visits:
            found[visit.pk] = f"the order has {order.visits} visits, and this is number {number}"
        elif missing:
            found[visit.pk] = f"the order does not say the {missing[0]}"
    return found


def wrong_length(order: Order, visits: Sequence[Appointment], now: datetime) -> dict[UUID, str]:
    """Coming visits of another length than the order says: they are given that length, where they stand if it fits."""
    if order.chair_minutes is None or limits(order).missing:
        return {}
    return {
        visit.pk: f"{_minutes(visit)} minutes long; the order says {order.chair_minutes}"
        for visit in course.coming(visits, now)
        if _minutes(visit) != order.chair_minutes
    }


def _minutes(visit: Appointment) -> int:
    return visit.length // timedelta(minutes=1)


def _of_gap(order: Order, before: date | None, day: date) -> str:
    least, most = order.min_gap_days, order.max_gap_days
    if before is None:
        return _of_first(order, day)
    if least is None or most is None or least <= (day - before).days <= most:
        return ""
    return f"{days_in_words((day - before).days)} after {day_words(before)}; the order says {least} to {most}"


def _of_first(order: Order, day: date) -> str:
    first, last = order.first_visit_from, order.first_visit_until
    if (first is None or first <= day) and (last is None or day <= last):
        return ""
    return f"the order asks for the first visit {span(first, last)}"


def _of_validity(order: Order, day: date) -> str:
    if order.valid_until is not None and day > order.valid_until:
        return f"after {day_words(order.valid_until)}, the last day of the order"
    return ""


def would_break(*, order: Order, moved: Mapping[UUID, datetime], now: datetime) -> list[Appointment]:
    """The coming visits that would break the order, and do not yet, were these moved so. Nothing is moved."""
    visits = course.visits_of(order)
    already = broken(order, visits, now)
    after = [copy(visit) for visit in visits]
    for visit in after:
        visit.start = moved.get(visit.pk, visit.start)
    after.sort(key=lambda visit: visit.start)
    fresh = broken(order, after, now)
    return [visit for visit in visits if visit.pk in fresh and visit.pk not in already and visit.pk not in moved]


def light_up(*, patient: Patient, by: Actor, now: datetime) -> dict[UUID, str]:
    """Compare a patient's coming visits with the order in force, mark what changed, and keep the desk's tasks true."""
    order = active_order(patient=patient)
    infusions = Appointment.objects.filter(patient=patient, kind=VisitKind.INFUSION)
    marked = dict(infusions.exclude(needs_repair="").values_list("pk", "needs_repair"))
    found: dict[UUID, str] = {}
    if order is not None:
        whole = signed_order(order.pk)
        visits = course.visits_of(whole)
        # What no other date would mend is said first: a new date for it would only move a patient for nothing.
        found = broken(whole, visits, now) | unfit(whole, visits, now)
    changed = {pk: found.get(pk, "") for pk in marked.keys() | found.keys() if marked.get(pk, "") != found.get(pk, "")}
    moving.mark(repairs=changed, by=by)
    _keep_tasks(patient, changed, by, now)
    return found


def _keep_tasks(patient: Patient, changed: dict[UUID, str], by: Actor, now: datetime) -> None:
    wanted = []
    for pk, words in sorted(changed.items()):
        withdraw_about(kind=TaskKind.NEEDS_REPAIR, about=pk, by=by, now=now)
        if words:
            told = f"A visit no longer keeps the order: {words}."
            wanted.append(Wanted(patient, TaskKind.NEEDS_REPAIR, told, about=pk, about_kind="appointment"))
    if wanted:
        raise_tasks(clinic=patient.clinic, wanted=wanted, by=by, now=now)


@dataclass(frozen=True)
class Plan:
    """New dates for the visits from one on: the visits in order, and what is proposed for them.

    `minutes`: how long the visits are from now on, where that is not as long as they are booked. `left`: visits that no
    other date makes fit, with what of the order they break.
    """

    visits: list[Appointment]
    proposal: Proposal
    minutes: Mapping[UUID, int] = field(default_factory=dict)
    left: list[tuple[Appointment, str]] = field(default_factory=list)

    @property
    def moves(self) -> list[Move]:
        """The visits that would go elsewhere, or take another length."""
        pairs = zip(self.visits, self.proposal.visits, strict=False)
        return [
            Move(v.pk, p.start, p.chair_id, v.version, self.minutes.get(v.pk))
            for v, p in pairs
            if v.start != p.start or v.pk in self.minutes
        ]


def plan(*, order: Order, now: datetime, prefer: Preferences | None = None) -> Plan:
    """New dates for the visits that break the order, as few as can be: those after the first broken one stay where they
    are if that is possible, else they follow, one more at a time. Nothing before it moves, and no visit that the order
    has not. A visit of another length gets the order's, where it stands if there is room."""
    every = course.visits_of(order)
    too_many = _too_many(order, every, now)
    left = [(visit, too_many[visit.pk]) for visit in every if visit.pk in too_many]
    visits = [visit for visit in every if visit.pk not in too_many]
    short = wrong_length(order, visits, now)
    lost = broken(order, visits, now)
    ahead = course.coming(visits, now)
    first = next((nth for nth, visit in enumerate(ahead) if visit.pk in lost or visit.pk in short), len(ahead))
    ahead, until = up_to_exception(order, ahead[first:])
    minutes = {visit.pk: order.chair_minutes or 0 for visit in ahead if visit.pk in short}
    found, free = Plan([], Proposal([]), left=left), set(lost)
    while ahead:
        proposal = _proposed(order, every, ahead, free, now, prefer, until, minutes)
        found = Plan(ahead, proposal, minutes, left)
        more = _one_more(ahead, free, short, proposal)
        if proposal.visits or more is None:
            break
        free.add(more)
    return found


def _one_more(ahead: Sequence[Appointment], free: set[UUID], short: Collection[UUID], found: Proposal) -> UUID | None:
    """Who follows next when the visits that are free to move have no dates: one that has no room for its new length
    where it stands, else the first of the others."""
    stuck = ahead[found.failed - 1].pk if found.failed and found.failed <= len(ahead) else None
    if stuck in short and stuck not in free:
        return stuck
    return next((visit.pk for visit in ahead if visit.pk not in free), None)


def up_to_exception(order: Order, ahead: list[Appointment]) -> tuple[list[Appointment], date | None]:
    """The visits before the next one that stands under a signed exception, and the last day that is left for them.

    That one stays, is not judged, and those after it are judged by it: they are looked at in their turn.
    """
    exempt = exceptions.covered(order)
    nth = next((nth for nth, visit in enumerate(ahead) if nth and visit.pk in exempt), None)
    if nth is None:
        return ahead, None
    return ahead[:nth], course.day_of(order, ahead[nth].start) - timedelta(days=1)


def _proposed(
    order: Order,
    visits: Sequence[Appointment],
    ahead: list[Appointment],
    free: set[UUID],
    now: datetime,
    prefer: Preferences | None,
    until: date | None,
    minutes: Mapping[UUID, int],
) -> Proposal:
    return proposal_for(
        order,
        ahead=ahead,
        after=after_visits(order, visits, ahead),
        pinned={nth: visit.start for nth, visit in enumerate(ahead, start=1) if visit.pk not in free},
        now=now,
        prefer=prefer or _as_they_are(order, ahead),
        until=until,
        minutes=minutes,
    )


def after_visits(order: Order, visits: Sequence[Appointment], ahead: Sequence[Appointment]) -> date | None:
    """The day of the last visit before those ahead."""
    own = {visit.pk for visit in ahead}
    begun = [visit for visit in visits if visit.pk not in own and (not ahead or visit.start < ahead[0].start)]
    return course.day_of(order, begun[-1].start) if begun else course.last_before(order)


def _as_they_are(order: Order, ahead: Sequence[Appointment]) -> Preferences:
    """The time of day that the next visit has now."""
    at = ahead[0].start.astimezone(order.clinic.tz).time() if ahead else None
    return Preferences(at=at)


def proposal_for(
    order: Order,
    *,
    ahead: Sequence[Appointment],
    after: date | None,
    pinned: dict[int, datetime],
    now: datetime,
    prefer: Preferences,
    first_from: date | None = None,
    until: date | None = None,
    minutes: Mapping[UUID, int] = NOTHING,
) -> Proposal:
    """Dates for visits that are booked already, their own places counted as free, and none after the day `until`;
    each as long as it is, or as `minutes` says."""
    ends = [day for day in (order.valid_until, until) if day is not None]
    # Each stays what it was booked as, also where the clinic offers that no longer.
    needs = [shape_of(visit, minutes.get(visit.pk)) for visit in ahead]
    return scheduling_series.propose(
        clinic=order.clinic,
        patient=order.patient,
        count=len(ahead),
        min_gap_days=order.min_gap_days,
        max_gap_days=order.max_gap_days,
        minutes=needs[0].minutes if needs else order.chair_minutes,
        needs=needs,
        now=now,
        first_from=first_from or order.clinic.today(now),
        bounds=Bounds(after=after, latest_end=min(ends, default=None)),
        prefer=prefer,
        pinned=pinned,
        except_for=[visit.pk for visit in ahead],
    )
