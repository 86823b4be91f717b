"""What a visit can take, and what of it is taken: the reads under every booking and every search.

Chairs, nurses and the patient are rows of `resource`; a visit takes lanes of them for a period (`allocation`). These
are the only places with SQL of our own: integers and plain values, no records, one query each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from config.staff.models import Clinic
from patients.models import Patient
from scheduling.models import Resource
from scheduling.models.places import Kind
from scheduling.wall_clock import STEP_SECONDS


@dataclass(frozen=True)
class Place:
    """A chair, or a nurse with `lanes` patients watched at once. `usable`: new visits may be put there."""

    number: int
    id: UUID
    name: str
    usable: bool
    lanes: range = range(1)


@dataclass
class Resources:
    """All chairs and nurses of a clinic, and one patient's row (None until their first visit)."""

    chairs: list[Place] = field(default_factory=list)
    nurses: list[Place] = field(default_factory=list)
    patient: int | None = None
    patient_is_bookable: bool = True

    @property
    def patient_number(self) -> int:
        """The patient's number; `lock` always finds or makes one."""
        if self.patient is None:
            raise AssertionError("the patient's row is made under the lock")
        return self.patient

    def numbers(self) -> list[int]:
        """The numbers of everything that a visit of this patient could take."""
        known = [self.patient] if self.patient is not None else []
        return [place.number for place in (*self.chairs, *self.nurses)] + known


LOAD = """
    SELECT r.number, r.kind, r.watch_lanes, r.chair_id, c.name, c.in_service, c.position, r.staff_id, u.full_name,
           u.is_active, p.deceased OR p.merged_into_id IS NOT NULL
    FROM scheduling_resource r
    LEFT JOIN scheduling_chair c ON c.id = r.chair_id
    LEFT JOIN staff_user u ON u.id = r.staff_id
    LEFT JOIN patients_patient p ON p.id = r.patient_id
    WHERE r.clinic_id = %s AND (r.kind <> 'patient' OR r.patient_id = %s)
    ORDER BY r.number
"""
LOCK = f"{LOAD} FOR NO KEY UPDATE OF r"


def load(*, clinic: Clinic, patient: Patient | None) -> Resources:
    """Read what could be taken. One query, no lock: for searches."""
    return _sorted(_rows(LOAD, clinic, patient))


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
    found.patient, found.patient_is_bookable = made
    return found


def _rows(sql: str, clinic: Clinic, patient: Patient | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [clinic.pk, patient.pk if patient else None])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _sorted(rows: list[tuple[Any, ...]]) -> Resources:
    found = Resources()
    chairs = []
    for number, kind, lanes, chair, name, in_service, position, nurse, full_name, is_active, gone in rows:
        if kind == Kind.CHAIR:
            chairs.append(((position, name), Place(number, chair, name, in_service)))
        elif kind == Kind.NURSE:
            found.nurses.append(Place(number, nurse, full_name, is_active, range(1, lanes + 1)))
        else:
            found.patient, found.patient_is_bookable = number, not gone
    found.chairs = [chair for _, chair in sorted(chairs, key=lambda pair: pair[0])]
    return found


MAKE_PATIENT_ROW = """
    INSERT INTO scheduling_resource AS r (id, version, clinic_id, kind, patient_id, watch_lanes, by_rota)
    VALUES (%s, 1, %s, 'patient', %s, 0, false) ON CONFLICT (patient_id) DO NOTHING
    RETURNING r.number,
        (SELECT p.deceased OR p.merged_into_id IS NOT NULL FROM patients_patient p WHERE p.id = r.patient_id)
"""


def _make_patient_row(clinic: Clinic, patient: Patient) -> tuple[int, bool] | None:
    """The new row's number and whether visits may be booked on it; None when somebody else made it just now.

    Two first visits booked at once make one row: the second waits here for the first.
    """
    row = Resource(id=uuid4(), clinic=clinic, kind=Kind.PATIENT, patient=patient)
    with connection.cursor() as cursor:
        cursor.execute(MAKE_PATIENT_ROW, [row.pk, clinic.pk, patient.pk])
        made = cursor.fetchone()
    if made is None:
        return None
    row.number = made[0]
    Resource.history.bulk_history_create([row], default_change_reason=None)
    return row.number, not made[1]


@dataclass(frozen=True)
class Taken:
    """One lane of one resource, taken for a period that overlaps the `visit`-th period asked about."""

    visit: int
    number: int
    lane: int
    start: datetime
    end: datetime


# The second bound lets the index on the beginning be used: no allocation is longer than a day (a constraint).
OVERLAPPING = """
    SELECT w.nth - 1, a.resource_id, a.lane, lower(a.during), upper(a.during)
    FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS w(starts, ends, nth)
    JOIN scheduling_allocation a
      ON a.active AND lower(a.during) < w.ends AND lower(a.during) > w.starts - interval '1 day'
     AND upper(a.during) > w.starts
    WHERE a.resource_id = ANY(%s) AND a.appointment_id <> ALL(%s::uuid[])
    ORDER BY 1, 4, 2, 3
"""


def taken(
    *, numbers: Sequence[int], periods: Sequence[tuple[datetime, datetime]], except_for: Iterable[UUID] = ()
) -> list[Taken]:
    """What of these resources is taken in any of the periods, leaving out some visits' own. One query."""
    starts, ends = [start for start, _ in periods], [end for _, end in periods]
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPPING, [starts, ends, list(numbers), list(except_for)])
        return [Taken(*row) for row in cursor.fetchall()]


WINDOW = """
    SELECT a.resource_id, a.lane, (extract(epoch FROM lower(a.during)) / 300)::int,
           (extract(epoch FROM upper(a.during)) / 300)::int
    FROM scheduling_allocation a
    WHERE a.active AND lower(a.during) < to_timestamp(%s) AND lower(a.during) > to_timestamp(%s) - interval '1 day'
      AND a.resource_id = ANY(%s)
"""


def taken_steps(*, numbers: Sequence[int], first: int, end: int) -> list[tuple[int, int, int, int]]:
    """(resource, lane, first step, step after the last) of what is taken between two steps. One query of integers."""
    with connection.cursor() as cursor:
        cursor.execute(WINDOW, [end * STEP_SECONDS, first * STEP_SECONDS, list(numbers)])
        rows: list[tuple[int, int, int, int]] = cursor.fetchall()
    return rows
