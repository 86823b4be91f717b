"""Saving a set of vital signs against the bare insert of the same audited row, and the page of a long visit."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.table import Row, in_turn
from config.audit.acting import recorded
from config.demo.seed.courses import booked_course, weekly_places
from config.demo.seed.people import people
from config.demo.seed.place import House, furnish
from config.demo.seed.visits import Charting
from infusions import records
from infusions.models import Visit, VitalsSet
from scheduling.models import Chair

TIMES, LONG = 40, 40
READ: dict[str, Any] = {"phase": "infusion", "systolic": 128, "diastolic": 80, "heart_rate": 71, "spo2": 97, "pain": 4}
TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def rows() -> Iterator[Row]:
    """One set through the door against one insert with its history; then how many queries set and page take."""
    now = timezone.now()
    house = furnish(now)
    saved, plain = _running(house, 0, now), _running(house, 1, now)
    ours, bare = in_turn(lambda n: _save(saved, n), lambda n: _insert(plain, n), times=TIMES)
    yield Row("save a set of vital signs", ours, bare, "bare insert of the audited row", 3)
    with CaptureQueriesContext(connection) as queries:
        _save(saved, TIMES + 1)
    yield Row("save a set of vital signs: queries", _counted(queries), None, "", 8)
    client = Client(SERVER_NAME="localhost")
    client.force_login(saved.nurse)
    address = f"/visits/{saved.visit.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != 200 or answer.content.count(b"row-vitals") < LONG:
        raise RuntimeError(f"{address} answered {answer.status_code} without its rows: nothing to measure")
    yield Row(f"page of a visit of {LONG} sets: queries", _counted(queries), None, "", 10)


def _running(house: House, number: int, now: datetime) -> Charting:
    """A visit of last week, its infusion begun."""
    rng, today = Random(number), house.clinic.today(now)
    invented = list(zip(range(number + 1), people(rng, today), strict=False))[-1][1]
    place = weekly_places(list(Chair.objects.filter(clinic=house.clinic)), rng)[0][number]
    course = booked_course(house, invented, place, first_day=today - timedelta(days=7))
    return Charting(house, course.visits[0], rng).arrive().open().start()


def _save(charting: Charting, number: int) -> None:
    at = charting.clock + timedelta(minutes=number)
    records.chart(visit_id=charting.visit.pk, model=VitalsSet, by=charting.nurse, now=at, observed_at=at, **READ)


def _insert(charting: Charting, number: int) -> None:
    at, visit = charting.clock + timedelta(minutes=number), Visit(pk=charting.visit.pk)
    with transaction.atomic(), recorded(by=charting.nurse):
        VitalsSet(visit=visit, author=charting.nurse, entered_at=at, observed_at=at, **READ).save(force_insert=True)


def _counted(queries: CaptureQueriesContext) -> int:
    return len([query for query in queries if not query["sql"].startswith(TRANSACTION)])
