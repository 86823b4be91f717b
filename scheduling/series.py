"""Many visits that belong together: proposed (`scheduling.proposing`) and booked here, all or none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid
from config.staff.models import Clinic
from patients.models import Patient
from scheduling import availability, hours, placing
from scheduling.models import Appointment, Series
from scheduling.models.kinds import VisitKind
from scheduling.proposing import Alternative, Proposal, ProposedVisit, check_limits, propose
from scheduling.resources import Resources
from scheduling.taking import Conflict, Seat, Wanted
from scheduling.wall_clock import day_words

__all__ = [
    "Alternative",
    "PlannedVisit",
    "Proposal",
    "ProposedVisit",
    "book_series",
    "check_gaps",
    "propose",
    "visits_of",
]


@dataclass(frozen=True)
class PlannedVisit:
    """One visit to book: its start, and its chair if it matters."""

    start: datetime
    chair_id: UUID | None = None


def check_gaps(*, days: Sequence[date], min_gap_days: int, max_gap_days: int, after: date | None = None) -> None:
    """Raise Invalid, naming the visit, when days in order do not keep the gaps."""
    before = after
    for number, day in enumerate(days, start=1):
        if before is not None and not min_gap_days <= (day - before).days <= max_gap_days:
            raise Invalid(
                f"Visit {number}, {day_words(day)}, is {(day - before).days} days after the one before; "
                f"the order says {min_gap_days} to {max_gap_days}.",
                field="visits",
                code="outside-gaps",
                visit=number,
            )
        before = day


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
    after: date | None = None,
) -> Series:
    """Book all visits, or none: Clash with `conflicts`, one for each visit that has no place, and nothing is kept.

    Adds to `series` when one is given; `after` is then the day of its last visit before these. Raises Invalid for
    gaps that are not kept (field visits), limits that are missing, times that make no sense.
    """
    check_limits(count=len(visits), min_gap_days=min_gap_days, max_gap_days=max_gap_days, minutes=minutes)
    planned = sorted(visits, key=lambda visit: visit.start)
    wanted = [placing.wanted_visit(start=v.start, minutes=minutes, chair=v.chair_id) for v in planned]
    days = [visit.start.astimezone(clinic.tz).date() for visit in wanted]
    check_gaps(days=days, min_gap_days=min_gap_days, max_gap_days=max_gap_days, after=after)
    with _told_what_is_free(clinic, patient, minutes, now), placing.last_word(), recorded(by=by):
        places = placing.lock_for(patient=patient, clinic=clinic)
        seats = _seats_or_clash(places, wanted, clinic, now, days)
        if series is None:
            series = Series(clinic=clinic, patient=patient)
            series.save()
        rows = [placing.new_visit(patient, clinic, w, seat, by, now) for w, seat in zip(wanted, seats, strict=True)]
        for row in rows:
            row.series, row.kind = series, VisitKind.INFUSION
        placing.write(rows, seats, places)
    return series


def _seats_or_clash(
    places: Resources, wanted: Sequence[Wanted], clinic: Clinic, now: datetime, days: Sequence[date]
) -> list[Seat]:
    open_hours = hours.load(clinic=clinic, first=days[0], last=days[-1])
    found = placing.find_seats(places=places, wanted=wanted, clinic=clinic)
    conflicts, seats = [], []
    for number, (visit, seat) in enumerate(zip(wanted, found, strict=True), start=1):
        told = _closed(visit, open_hours, now, number) or seat
        if isinstance(told, Conflict):
            local = visit.start.astimezone(clinic.tz).isoformat()
            conflicts.append({"visit": number, "start": local, "words": told.words, **told.facts})
        else:
            seats.append(told)
    if conflicts:
        which = ", ".join(str(conflict["visit"]) for conflict in conflicts)
        raise Clash(
            f"Nothing was booked: visit {which} has no place. {conflicts[0]['words']}",
            field="visits",
            conflicts=conflicts,
            taken=[fact for conflict in conflicts for fact in conflict["taken"]],
        )
    return seats


def _closed(visit: Wanted, open_hours: hours.Hours, now: datetime, number: int) -> Conflict | None:
    """A day that was closed since the proposal is a conflict; a start that could never be booked is Invalid."""
    try:
        minutes = (visit.end - visit.start) // timedelta(minutes=1)
        hours.check_visit(hours=open_hours, start=visit.start, minutes=minutes, now=now)
    except Invalid as refusal:
        if refusal.code in {"closed", "outside-hours"}:
            return Conflict(refusal.message)
        raise Invalid(f"Visit {number}: {refusal.message}", field="visits", visit=number) from refusal
    return None


@contextmanager
def _told_what_is_free(clinic: Clinic, patient: Patient, minutes: int, now: datetime) -> Iterator[None]:
    """Add to each conflict the next free starts, after the transaction is gone."""
    try:
        yield
    except Clash as clash:
        for conflict in clash.facts.get("conflicts", []):
            conflict["next_free"] = availability.next_free(
                clinic=clinic,
                minutes=minutes,
                after=datetime.fromisoformat(conflict["start"]),
                now=now,
                patient=patient,
            )
        clash.facts["next_free"] = [start for c in clash.facts.get("conflicts", [])[:1] for start in c["next_free"]]
        raise


def visits_of(series: Series) -> list[Appointment]:
    """A series' visits in the order of their times, cancelled ones included."""
    return list(series.appointments.select_related("chair").order_by("start"))
