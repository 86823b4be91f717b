"""Booking one visit and a series of six, against a raw insert under the same constraint."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext

from bench.place import NOW, build, patient, start
from bench.table import Row, in_turn
from config.staff.models import Clinic, User
from patients.models import Patient
from scheduling import booking, series
from scheduling.models import Resource
from scheduling.models.kinds import VisitKind

TIMES = 40
TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
RAW_TABLE = """
DROP TABLE IF EXISTS bench_allocation;
CREATE TABLE bench_allocation (LIKE scheduling_allocation INCLUDING DEFAULTS INCLUDING INDEXES);
ALTER TABLE bench_allocation ADD CONSTRAINT bench_no_overlap
    EXCLUDE USING gist (resource_id WITH =, lane WITH =, during WITH &&) WHERE (active);
"""
# What one infusion takes: a chair, a nurse's hands and one of her lanes, a clinician, the patient.
LANES = (0, 0, 1, 0, 0)
ONE_ROW = "(gen_random_uuid(), 1, gen_random_uuid(), %s, %s, %s, true)"
RAW_INSERT = f"""
INSERT INTO bench_allocation (id, version, appointment_id, resource_id, lane, during, active)
VALUES {", ".join([ONE_ROW] * len(LANES))}
"""


def rows() -> list[Row]:
    """One booking against the raw insert of its three allocations; six against one; and how many queries one takes."""
    built = build(name="Bench Booking", chairs=10)
    clinic, desk = built.clinic, built.desk
    people = [patient(clinic, desk, number) for number in range(3 * TIMES)]
    one, raw = in_turn(
        lambda n: _book(clinic, desk, people[n], start(1 + n % 30, 8 + n // 30)), _raw(clinic), times=TIMES
    )
    six, alone = in_turn(
        lambda n: _book_six(clinic, desk, people[TIMES + n + 1], 40 + n % 6, 9 + 2 * (n // 6)),
        lambda n: _book(clinic, desk, people[2 * TIMES + n], start(80 + n % 6, 8 + n // 6)),
        times=12,
    )
    with CaptureQueriesContext(connection) as queries:
        _book(clinic, desk, people[-1], start(120))
    statements = [query for query in queries if not query["sql"].startswith(TRANSACTION)]
    return [
        Row("book one visit", one, raw, "raw insert of its allocations", 25),
        Row("book one visit: queries", len(statements), None, "", 12),
        Row("book a series of six", six, alone, "one visit", 2.5),
    ]


def _book(clinic: Clinic, desk: User, who: Patient, at: datetime) -> None:
    booking.book(patient=who, clinic=clinic, start=at, minutes=60, by=desk, now=NOW, kind=VisitKind.INFUSION)


def _book_six(clinic: Clinic, desk: User, who: Patient, first: int, hour: int) -> None:
    visits = [series.PlannedVisit(start=start(first + 6 * week, hour)) for week in range(6)]
    series.book_series(
        clinic=clinic, patient=who, visits=visits, minutes=60, min_gap_days=5, max_gap_days=9, by=desk, now=NOW
    )


def _raw(clinic: Clinic) -> Callable[[int], None]:
    numbers = list(Resource.objects.filter(clinic=clinic).values_list("number", flat=True)[: len(LANES)])
    with connection.cursor() as cursor:
        cursor.execute(RAW_TABLE)

    def insert(number: int) -> None:
        at = start(number)
        during = DateTimeTZRange(at, at + timedelta(hours=1), "[)")
        values = [value for taken in zip(numbers, LANES, strict=True) for value in (*taken, during)]
        with connection.cursor() as cursor:
            cursor.execute(RAW_INSERT, values)

    return insert
