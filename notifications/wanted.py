"""What ought to be in the ledger and is not, or is there and ought to be otherwise: one comparison of whole sets.

The times come from `timetable`, which knows clocks on walls: it is asked once for each start and zone that occurs, some
hundred times for a hundred thousand visits, and the database does the rest.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from notifications.models import Purpose
from notifications.reminder_times import all_hours
from notifications.states import WAITING, MessageState
from notifications.timetable import HORIZON, OFFSETS, turns, zone_of
from patients.reachable import REACHABLE

PORTION = 5000

# A table for the while, so that the database knows how many rows it holds before it plans the comparison: without that
# it takes a hundred thousand visits for one and compares each with each.
COMING = """
CREATE TEMPORARY TABLE coming_visit ON COMMIT DROP AS
SELECT visit.id, visit.placing, visit.start, visit.booked_at, visit.clinic_id, visit.patient_id,
       clinic.zone AS clinic_zone, patient.zone AS patient_zone, COALESCE(own."on", whole."on", true) AS is_on
FROM scheduling_appointment visit
JOIN staff_clinic clinic ON clinic.id = visit.clinic_id
JOIN patients_patient patient ON patient.id = visit.patient_id
LEFT JOIN notifications_purposeswitch own
    ON own.clinic_id = visit.clinic_id AND own.visit_type_id = visit.visit_type_id AND own.purpose = %(about)s
LEFT JOIN notifications_purposeswitch whole
    ON whole.clinic_id = visit.clinic_id AND whole.visit_type_id IS NULL AND whole.purpose = %(about)s
WHERE visit.status = 'booked' AND visit.start > %(now)s AND visit.start <= %(horizon)s
"""

STARTS = "SELECT DISTINCT start, clinic_id, clinic_zone, patient_zone FROM coming_visit"

DIFFERENCE = f"""
WITH turn AS MATERIALIZED (
    SELECT * FROM unnest(%(starts)s::timestamptz[], %(clinics)s::uuid[], %(patient_zones)s::text[],
                         %(hours)s::smallint[], %(at)s::timestamptz[], %(until)s::timestamptz[])
        AS turn(start, clinic_id, patient_zone, hours, at, until)
),
way AS MATERIALIZED ({REACHABLE.format(visit="coming_visit")}),
wanted AS (
    SELECT visit.*, way.channel, way.language, turn.hours, turn.at, turn.until
    FROM coming_visit visit JOIN way USING (patient_id) JOIN turn USING (start, clinic_id, patient_zone)
    WHERE visit.is_on
),
there AS (
    SELECT row.id, row.appointment_id, row.placing, row.channel, row.offset_hours, row.state, row.planned_for,
           row.withdrawn_by_id, visit.is_on
    FROM notifications_message row
    JOIN coming_visit visit ON visit.id = row.appointment_id AND visit.placing = row.placing
    WHERE row.purpose = %(about)s
)
SELECT there.id AS row_id, there.is_on, wanted.id AS appointment_id, wanted.placing, wanted.clinic_id,
       wanted.patient_id, wanted.booked_at, wanted.channel, wanted.language, wanted.hours, wanted.at, wanted.until
FROM wanted
FULL JOIN there ON there.appointment_id = wanted.id AND there.placing = wanted.placing
    AND there.channel = wanted.channel AND there.offset_hours = wanted.hours
WHERE there.id IS NULL
   OR (there.state = ANY(%(waiting)s) AND (wanted.id IS NULL OR there.planned_for <> wanted.at))
   OR (there.state = ANY(%(taken_back)s) AND there.withdrawn_by_id IS NULL AND wanted.at > %(now)s)
"""  # noqa: S608  (no value is put in)


class Wish(NamedTuple):
    """A reminder that ought to be in the ledger."""

    appointment_id: UUID
    placing: int
    clinic_id: UUID
    patient_id: UUID
    booked_at: datetime
    channel: str
    language: str
    hours: int
    at: datetime
    until: datetime


class Difference(NamedTuple):
    """Where the ledger and what ought to be differ: no row, a row that nobody wishes for, or one at another time.

    `is_on`: of a row, whether the clinic sends reminders about visits of its type at all.
    """

    row_id: UUID | None
    wish: Wish | None
    is_on: bool


def differences(*, now: datetime) -> Iterator[list[Difference]]:
    """All differences about reminders of the coming visits, in portions. Six statements, however many visits."""
    asked: dict[str, Any] = {"about": Purpose.REMINDER.value, "now": now, "horizon": now + HORIZON}
    states: dict[str, Any] = {
        "waiting": sorted(WAITING),
        "taken_back": [MessageState.SUPPRESSED.value, MessageState.VOIDED.value],
        "purpose": "visits",
    }
    with connection.cursor() as cursor:
        cursor.execute(COMING, asked)
        cursor.execute("ANALYZE coming_visit")
        cursor.execute(STARTS)
        cursor.execute(DIFFERENCE, {**asked, **states, **_turns(cursor.fetchall())})
        while rows := cursor.fetchmany(PORTION):
            yield [_difference(row) for row in rows]
        cursor.execute("DROP TABLE coming_visit")


def _turns(starts: list[tuple[datetime, UUID, str, str]]) -> dict[str, Any]:
    """The timetable of these starts, column by column."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("starts", "clinics", "patient_zones", "hours", "at", "until")
    }
    own = all_hours()
    for start, clinic, clinic_zone, patient_zone in starts:
        clinic_tz = zone_of(clinic_zone)
        patient_tz, offsets = zone_of(patient_zone, clinic_tz), own.get(clinic, OFFSETS)
        for turn in turns(start=start, clinic_tz=clinic_tz, patient_tz=patient_tz, offsets=offsets):
            row = (start, clinic, patient_zone, turn.offset_hours, turn.at, turn.until)
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns


def _difference(row: tuple[object, ...]) -> Difference:
    row_id, is_on, *wish = row
    return Difference(row_id, Wish(*wish) if wish[0] else None, is_on is not False)  # type: ignore[arg-type]
