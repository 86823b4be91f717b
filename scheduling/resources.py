"""What a visit can take, and what of it is taken: the reads under every booking and every search.

Chairs, nurses and the patient are rows of `resource`; a visit takes lanes of them for a period (`allocation`). These
are the only places with SQL of our own: integers and plain values, no records, one query each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection

from config.staff.models import Clinic
from patients.models import Patient
from scheduling.models import Resource
from scheduling.models.places import Kind
from scheduling.wall_clock import STEP_SECONDS, at_step, step_of


@dataclass(frozen=True)
class Place:
    """A chair, a recovery place, or somebody on duty. `usable`: new visits may be put there.

    A nurse has `lanes` for patients watched at once. A chair is made ready for `turnover` minutes after each visit.
    """

    number: int
    id: UUID
    name: str
    usable: bool
    lanes: range = range(1)
    turnover: int = 0
    chair_kind: str = ""


@dataclass(frozen=True)
class Limits:
    """The days (Monday 0) and hours at which a patient can come; no weekdays: any day."""

    weekdays: frozenset[int]
    time_from: time | None
    time_until: time | None

    @property
    def stretch(self) -> tuple[time, time]:
        return self.time_from or time.min, self.time_until or time.max

    @property
    def days(self) -> frozenset[int]:
        return self.weekdays or frozenset(range(7))

    def allow(self, start: datetime, end: datetime) -> bool:
        """Whether a visit of these local times keeps them: all of it, also where the clock shows a time twice."""
        first, last = self.stretch
        moments = (at_step(step).astimezone(start.tzinfo) for step in range(step_of(start), step_of(end)))
        return all(moment.weekday() in self.days and first <= moment.time() < last for moment in moments)

    @property
    def words(self) -> str:
        """`on Tue, Thu from 09:00 until 12:00`: when the patient can come."""
        days = [f"on {', '.join(DAYS[day] for day in sorted(self.weekdays))}"] if self.weekdays else []
        hours = [f"from {self.time_from:%H:%M}"] if self.time_from else []
        hours += [f"until {self.time_until:%H:%M}"] if self.time_until else []
        return " ".join([*days, *hours])


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass
class Resources:
    """All that visits can take at a clinic, and one patient's row (None until their first visit)."""

    chairs: list[Place] = field(default_factory=list)
    nurses: list[Place] = field(default_factory=list)
    clinicians: list[Place] = field(default_factory=list)
    recovery: list[Place] = field(default_factory=list)
    patient: int | None = None
    patient_is_bookable: bool = True
    limits: Limits | None = None

    @property
    def patient_number(self) -> int:
        """The patient's number; `lock` always finds or makes one."""
        if self.patient is None:
            raise AssertionError("the patient's row is made under the lock")
        return self.patient

    @property
    def places(self) -> list[Place]:
        """Everything but the patient."""
        return [*self.chairs, *self.nurses, *self.clinicians, *self.recovery]

    def numbers(self) -> list[int]:
        """The numbers of everything that a visit of this patient could take."""
        known = [self.patient] if self.patient is not None else []
        return [place.number for place in self.places] + known


GONE = "SELECT id, deceased OR merged_into_id IS NOT NULL AS gone FROM patients_patient WHERE id = %(patient)s"
SELECTED = """
    SELECT r.number, r.kind, r.watch_lanes, r.chair_id, c.name, c.in_service, c.position, c.turnover_minutes, c.kind,
           r.staff_id, u.full_name, u.is_active, p.gone,
           l.weekdays, l.time_from, l.time_until
    FROM scheduling_resource r
    LEFT JOIN scheduling_patientlimits l ON l.patient_id = %(patient)s
    LEFT JOIN scheduling_chair c ON c.id = r.chair_id
    LEFT JOIN staff_user u ON u.id = r.staff_id
    LEFT JOIN ({whether_gone}) p ON p.id = r.patient_id
    WHERE r.clinic_id = %(clinic)s AND (r.kind <> 'patient' OR r.patient_id = %(patient)s)
    ORDER BY r.number
"""
LOAD = SELECTED.format(whether_gone=GONE)
# Whoever records a death or merges two records waits for the bookings under way, and is seen by all later ones.
LOCK = SELECTED.format(whether_gone=f"{GONE} FOR SHARE") + " FOR NO KEY UPDATE OF r"


def load(*, clinic: Clinic, patient: Patient | None) -> Resources:
    """Read what could be taken. One query, no lock: for searches."""
    return _sorted(_rows(LOAD, clinic, patient))


def lock_places(*, clinic: Clinic) -> Resources:
    """Lock all places and people of a clinic, as every booking does: whoever changes hours, rotas or chairs waits for
    the bookings under way, sees them, and is seen by all later ones. One query."""
    return _sorted(_rows(LOCK, clinic, None))


def lock(*, clinic: Clinic, patient: Patient) -> Resources:
    """Read and lock what could be taken, in the order of numbers, until the transaction ends.

    Whoever books in a clinic waits here for whoever booked a moment ago; nobody ever waits in a circle. A patient's
    row is made on their first visit. One query, or three.
    """
    found = _sorted(_rows(LOCK, clinic, patient))
    if found.patient is not None:
        return found
    made = _make_patient_row(clinic, patient)
    if made is None:
        return _sorted(_rows(LOCK, clinic, patient))
    found.patient, gone, weekdays, time_from, time_until = made
    found.patient_is_bookable = not gone
    found.limits = None if weekdays is None else Limits(frozenset(weekdays), time_from, time_until)
    return found


def _rows(sql: str, clinic: Clinic, patient: Patient | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"clinic": clinic.pk, "patient": patient.pk if patient else None})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _sorted(rows: list[tuple[Any, ...]]) -> Resources:
    found = Resources()
    placed = []
    for row in map(_Row._make, rows):
        # The asked patient's limits stand in every row, as somebody without visits has no row of their own.
        if found.limits is None and row.weekdays is not None:
            found.limits = Limits(frozenset(row.weekdays), row.time_from, row.time_until)
        if row.kind == Kind.PATIENT:
            found.patient, found.patient_is_bookable = row.number, not row.gone
        elif row.kind == Kind.NURSE:
            found.nurses.append(Place(row.number, row.staff, row.full_name, row.active, range(1, row.lanes + 1)))
        elif row.kind == Kind.CLINICIAN:
            found.clinicians.append(Place(row.number, row.staff, row.full_name, row.active))
        else:
            placed.append(row)
    for row in sorted(placed, key=lambda one: (one.position, one.chair_name)):
        place = Place(
            row.number, row.chair, row.chair_name, row.in_service, turnover=row.turnover, chair_kind=row.chair_kind
        )
        (found.chairs if row.kind == Kind.CHAIR else found.recovery).append(place)
    return found


class _Row(NamedTuple):
    """A row of LOAD."""

    number: int
    kind: str
    lanes: int
    chair: UUID
    chair_name: str
    in_service: bool
    position: int
    turnover: int
    chair_kind: str
    staff: UUID
    full_name: str
    active: bool
    gone: bool
    weekdays: list[int] | None
    time_from: time | None
    time_until: time | None


MAKE_PATIENT_ROW = """
    WITH made AS (
        INSERT INTO scheduling_resource (id, version, clinic_id, kind, patient_id, watch_lanes, by_rota)
        VALUES (%(id)s, 1, %(clinic)s, 'patient', %(patient)s, 0, false)
        ON CONFLICT (patient_id) DO NOTHING RETURNING number, patient_id)
    SELECT made.number, p.gone, l.weekdays, l.time_from, l.time_until
    FROM made
    JOIN (SELECT id, deceased OR merged_into_id IS NOT NULL AS gone FROM patients_patient WHERE id = %(patient)s
          FOR SHARE) p ON p.id = made.patient_id
    LEFT JOIN scheduling_patientlimits l ON l.patient_id = made.patient_id
"""


def _make_patient_row(clinic: Clinic, patient: Patient) -> tuple[Any, ...] | None:
    """The new row's number, whether the patient is gone, and their limits; None when somebody else made it just now.

    Two first visits booked at once make one row: the second waits here for the first.
    """
    row = Resource(id=uuid4(), clinic=clinic, kind=Kind.PATIENT, patient=patient)
    with connection.cursor() as cursor:
        cursor.execute(MAKE_PATIENT_ROW, {"id": row.pk, "clinic": clinic.pk, "patient": patient.pk})
        made: tuple[Any, ...] | None = cursor.fetchone()
    if made is not None:
        row.number = made[0]
        Resource.history.bulk_history_create([row], default_change_reason=None)
    return made


@dataclass(frozen=True)
class Taken:
    """One lane of one resource, taken for a period that overlaps the `visit`-th period asked about. `expired_hold`: the
    visit or form that held it and ran out."""

    visit: int
    number: int
    lane: int
    start: datetime
    end: datetime
    expired_hold: UUID | None = None


# The second bound lets the index on the beginning be used: no allocation is longer than a day (a constraint).
OVERLAPPING = """
    SELECT w.nth - 1, a.resource_id, a.lane, lower(a.during), upper(a.during),
           CASE WHEN a.held_until <= %s THEN COALESCE(a.appointment_id, a.form_hold_id) END
    FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS w(starts, ends, nth)
    JOIN scheduling_allocation a
      ON a.active AND lower(a.during) < w.ends AND lower(a.during) > w.starts - interval '1 day'
     AND upper(a.during) > w.starts
    WHERE a.resource_id = ANY(%s) AND COALESCE(a.appointment_id, a.form_hold_id) <> ALL(%s::uuid[])
    ORDER BY 1, 4, 2, 3
"""


def taken(
    *,
    numbers: Sequence[int],
    periods: Sequence[tuple[datetime, datetime]],
    now: datetime,
    except_for: Iterable[UUID] = (),
) -> list[Taken]:
    """What of these resources is taken in any of the periods, leaving out some visits' own. One query.

    Holds that have run out are still there, marked: whoever takes their place releases them first.
    """
    starts, ends = [start for start, _ in periods], [end for _, end in periods]
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPPING, [now, starts, ends, list(numbers), list(except_for)])
        return [Taken(*row) for row in cursor.fetchall()]


WINDOW = """
    SELECT a.resource_id, a.lane, (extract(epoch FROM lower(a.during)) / 300)::int,
           (extract(epoch FROM upper(a.during)) / 300)::int
    FROM scheduling_allocation a
    WHERE a.active AND lower(a.during) < to_timestamp(%s) AND lower(a.during) > to_timestamp(%s) - interval '1 day'
      AND a.resource_id = ANY(%s) AND (a.held_until IS NULL OR a.held_until > %s)
      AND COALESCE(a.appointment_id, a.form_hold_id) <> ALL(%s::uuid[])
"""


def taken_steps(
    *, numbers: Sequence[int], first: int, end: int, now: datetime, except_for: Iterable[UUID] = ()
) -> list[tuple[int, int, int, int]]:
    """(resource, lane, first step, step after the last) of what is taken between two steps, leaving out some visits'
    own. One query of integers."""
    with connection.cursor() as cursor:
        cursor.execute(WINDOW, [end * STEP_SECONDS, first * STEP_SECONDS, list(numbers), now, list(except_for)])
        rows: list[tuple[int, int, int, int]] = cursor.fetchall()
    return rows
