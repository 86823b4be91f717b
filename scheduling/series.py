"""Many visits that belong together: proposed (`scheduling.proposing`) and booked here, all or none."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid
from config.staff.models import Clinic
from patients.models import Patient
from scheduling import availability, heeding, hours, placing, shape
from scheduling.models import Appointment, Series
from scheduling.models.kinds import VisitKind
from scheduling.proposing import Proposal, propose
from scheduling.resources import Resources
from scheduling.searching import Alternative, ProposedVisit
from scheduling.shape import Shape
from scheduling.states import Status
from scheduling.taking import Conflict, Seat, Wanted
from scheduling.wall_clock import day_words
from scheduling.wish import Bounds, Preferences, check_limits
from scheduling.wording import days_in_words

__all__ = [
    "Alternative",
    "Bounds",
    "PlannedVisit",
    "Preferences",
    "Proposal",
    "ProposedVisit",
    "book_series",
    "check_gaps",
    "propose",
    "visits_of",
]


@dataclass(frozen=True)
class PlannedVisit:
    """One visit to book: its start, and its chair and nurse if they matter."""

    start: datetime
    chair_id: UUID | None = None
    nurse_id: UUID | None = None


def check_gaps(
    *,
    days: Sequence[date],
    min_gap_days: int,
    max_gap_days: int,
    others: Sequence[date] = (),
    free: Sequence[date] = (),
) -> None:
    """Raise Invalid, naming the visit, when new days do not keep the gaps to each other and to the days of `others`.

    Gaps between two others are not judged: they stand already. A day of `free` may have any gap before it.
    """
    new = {day: number for number, day in enumerate(sorted(days), start=1)}
    every = sorted([*new, *others])
    for before, after in pairwise(every):
        gap = (after - before).days
        told = days_in_words(gap)
        if (after not in new and before not in new) or after in free:
            continue
        if not min_gap_days <= gap <= max_gap_days:
            number = new.get(after) or new[before]
            raise Invalid(
                (
                    f"Visit {number}, {day_words(after)}, is {told} after the one before; "
                    if after in new
                    else f"Visit {number}, {day_words(before)}, is {told} before the one on {day_words(after)}; "
                )
                + f"the order says {min_gap_days} to {max_gap_days}.",
                field="visits",
                code="outside-gaps",
                visit=number,
            )


def book_series(
    *,
    clinic: Clinic,
    patient: Patient,
    visits: Sequence[PlannedVisit],
    minutes: int,
    min_gap_days: int,
    max_gap_days: int,
    by: Actor,
    now: datetime,
    series: Series | None = None,
    others: Sequence[date] = (),
    free: Sequence[date] = (),
    visit_type: UUID | None = None,
    limits_reason: str = "",
    held_until: datetime | None = None,
) -> Series:
    """Book all visits, or none: Clash with `conflicts`, one for each visit that has no place, and nothing is kept.

    Adds to `series` when one is given; `others` are then the days of its visits, `free` the days that somebody who may
    has exempted from the gaps. They are of `visit_type`, or the clinic's first. With `held_until` the places are only
    held. Raises Invalid for gaps that are not kept (field visits), limits that are missing, times that make no sense.
    """
    check_limits(count=len(visits), min_gap_days=min_gap_days, max_gap_days=max_gap_days, minutes=minutes)
    kind = VisitKind.INFUSION
    form = shape.load(clinic=clinic, kind=kind, minutes=minutes, visit_type=visit_type, offered=True)
    wanted = _wanted(visits, form)
    days = [visit.start.astimezone(clinic.tz).date() for visit in wanted]
    if len(set(days)) != len(days):
        raise Invalid("Two of these visits are on the same day.", field="visits", code="outside-gaps")
    with _told_what_is_free(clinic, patient, form, now), placing.last_word(), recorded(by=by, reason=limits_reason):
        _check_days(wanted, set(others), clinic)
        check_gaps(days=days, min_gap_days=min_gap_days, max_gap_days=max_gap_days, others=others, free=free)
        places = placing.lock_for(patient=patient, clinic=clinic)
        _check_nurses(places, visits)
        for visit in wanted:
            placing.check_limits(places=places, wanted=visit, clinic=clinic, reason=limits_reason)
        seats = _seats_or_clash(places, wanted, clinic, now)
        if series is None:
            series = Series(clinic=clinic, patient=patient)
            series.save()
        rows = [placing.new_visit(patient, clinic, w, seat, by, now) for w, seat in zip(wanted, seats, strict=True)]
        for row in rows:
            row.series, row.kind, row.limits_reason = series, kind, limits_reason
            if held_until is not None:
                row.status, row.held_until = Status.HELD, held_until
        placing.write(rows, seats)
        if held_until is None:
            heeding.booked(rows, by, now)
    return series


def _wanted(visits: Sequence[PlannedVisit], form: Shape) -> list[Wanted]:
    planned = sorted(visits, key=lambda visit: visit.start)
    return [
        placing.wanted_visit(
            start=visit.start,
            shape=form,
            chair=visit.chair_id,
            prefer=frozenset({visit.nurse_id} if visit.nurse_id else ()),
        )
        for visit in planned
    ]


def _check_days(wanted: Sequence[Wanted], stands: Collection[date], clinic: Clinic) -> None:
    """Raise Clash for a day on which a visit of the series stands: somebody else has booked it meanwhile."""
    conflicts = []
    for number, visit in enumerate(wanted, start=1):
        local = visit.start.astimezone(clinic.tz)
        if local.date() in stands:
            told = Conflict(f"A visit of this series stands on {day_words(local.date())} already.")
            conflicts.append({"visit": number, "start": local.isoformat(), "words": told.words, **told.facts})
    if conflicts:
        raise _clash(conflicts)


def _clash(conflicts: Sequence[dict[str, Any]]) -> Clash:
    which = ", ".join(str(conflict["visit"]) for conflict in conflicts)
    have = f"visit {which} has" if len(conflicts) == 1 else f"visits {which} have"
    return Clash(
        f"Nothing was booked: {have} no place. {conflicts[0]['words']}",
        field="visits",
        conflicts=conflicts,
        taken=[fact for conflict in conflicts for fact in conflict["taken"]],
    )


def _check_nurses(places: Resources, visits: Sequence[PlannedVisit]) -> None:
    """A nurse is only wished for, but it is somebody of the clinic."""
    if not {visit.nurse_id for visit in visits} <= {None, *(nurse.id for nurse in places.nurses)}:
        raise Invalid("There is no such nurse at this clinic.", field="nurse")


def _seats_or_clash(places: Resources, wanted: Sequence[Wanted], clinic: Clinic, now: datetime) -> list[Seat]:
    open_hours = placing.hours_for(wanted=wanted, clinic=clinic)
    found = placing.find_seats(places=places, wanted=wanted, open_hours=open_hours, now=now)
    conflicts, seats = [], []
    for number, (visit, seat) in enumerate(zip(wanted, found, strict=True), start=1):
        told = _closed(visit, open_hours, now, number) or seat
        if isinstance(told, Conflict):
            local = visit.start.astimezone(clinic.tz).isoformat()
            conflicts.append({"visit": number, "start": local, "words": told.words, **told.facts})
        else:
            seats.append(told)
    if conflicts:
        raise _clash(conflicts)
    return seats


def _closed(visit: Wanted, open_hours: hours.Hours, now: datetime, number: int) -> Conflict | None:
    """A day that was closed since the proposal is a conflict; a start that could never be booked is Invalid."""
    try:
        hours.check_visit(hours=open_hours, start=visit.start, minutes=visit.shape.minutes, now=now)
    except Invalid as refusal:
        if refusal.code in {"closed", "outside-hours"}:
            return Conflict(refusal.message)
        raise Invalid(f"Visit {number}: {refusal.message}", field="visits", visit=number) from refusal
    return None


@contextmanager
def _told_what_is_free(clinic: Clinic, patient: Patient, form: Shape, now: datetime) -> Iterator[None]:
    """Add to each conflict the next free starts, after the transaction is gone."""
    try:
        yield
    except Clash as clash:
        for conflict in clash.facts.get("conflicts", []):
            conflict["next_free"] = availability.next_free(
                clinic=clinic,
                shape=form,
                after=datetime.fromisoformat(conflict["start"]),
                now=now,
                patient=patient,
            )
        clash.facts["next_free"] = [start for c in clash.facts.get("conflicts", [])[:1] for start in c["next_free"]]
        raise


def visits_of(series: Series) -> list[Appointment]:
    """A series' visits in the order of their times, cancelled ones included."""
    return list(series.appointments.select_related("chair").order_by("start"))
