"""The day board: its queries, whatever the number of visits, and its time against the raw read and an empty page."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.clinic import Filling
from bench.filling import fill
from bench.place import NOW, Built, build
from bench.table import Row, in_turn
from scheduling import reading

CHAIRS, FULL, STORED = 40, 0.98, 100_000
EMPTY = "/accounts/password/change/"
RAW = """
    SELECT a.id, a.start, a."end", a.status, c.name, p.family_name
    FROM scheduling_appointment a
    JOIN scheduling_chair c ON c.id = a.chair_id
    JOIN patients_patient p ON p.id = a.patient_id
    WHERE a.clinic_id = %s AND a.start >= %s AND a.start < %s
    ORDER BY a.start
"""
BUSIEST = """
    SELECT start::date, count(*) FROM scheduling_appointment
    WHERE clinic_id = %s AND start >= %s GROUP BY 1 ORDER BY 2 DESC LIMIT 1
"""


def rows() -> Iterator[Row]:
    """The page and its feed on the busiest day to come, with a year and a half of visits stored."""
    built = build(name="Bench Board", chairs=CHAIRS)
    stored, past = 0, 0
    while stored < STORED:
        past += 90
        first = NOW.date() + timedelta(days=90 - past)
        stored += fill(built, chairs=CHAIRS, first=first, days=90, filling=Filling(FULL))
    day, visits = _fetched(BUSIEST, built.clinic.pk, NOW)[0]
    client = Client(SERVER_NAME="localhost")
    client.force_login(built.desk)
    what = f"{CHAIRS} chairs, {visits} visits of {stored:,}"
    yield Row(f"day board, {what}: queries", _queries(lambda: _opened(client, f"/board/{day}/")), None, "", 8)
    page, feed, read, raw, empty = in_turn(
        lambda _: _opened(client, f"/board/{day}/"),
        lambda _: _opened(client, f"/board/{day}/feed/"),
        lambda _: reading.day(clinic=built.clinic, day=day, now=NOW),
        lambda _: _raw(built, day),
        lambda _: _opened(client, EMPTY),
        times=12,
    )
    for name, ours in (("page", page), ("feed", feed), ("reading alone", read)):
        yield Row(f"day board, {name}", ours, raw + empty, "raw day read plus an empty page", 6)


def _raw(built: Built, day: date) -> list[tuple[Any, ...]]:
    begin = datetime.combine(day, time(), tzinfo=NOW.tzinfo)
    return _fetched(RAW, built.clinic.pk, begin, begin + timedelta(days=1))


def _fetched(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _opened(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}: nothing to measure")


def _queries(act: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)
