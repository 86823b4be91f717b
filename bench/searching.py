"""Searching: every start of twelve weeks against a peer, a series of six against the raw read of its window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from bench import peer
from bench.clinic import Filling
from bench.filling import fill
from bench.place import NOW, Built, build, patient
from bench.table import Row, in_turn, milliseconds
from config.staff.models import Clinic
from infusions import candidacy, orders
from infusions.models import Order
from infusions.states import Outcome
from patients.models import Patient
from scheduling.availability import free_starts
from scheduling.proposing import propose
from scheduling.shape import plain

FIRST = NOW.date()
WEEKS_12, WEEKS_26 = 84, 182
# Some days of a chair are fuller than others, and its spare time lies in two places: else no long visit fits at all.
SPREAD, GAPS = 0.15, 2
RAW = """
    SELECT a.resource_id, a.lane, (extract(epoch FROM lower(a.during)) / 300)::int,
           (extract(epoch FROM upper(a.during)) / 300)::int
    FROM scheduling_allocation a
    WHERE a.active AND lower(a.during) >= %s AND lower(a.during) < %s AND a.resource_id = ANY(%s)
"""
NUMBERS = "SELECT array_agg(number) FROM scheduling_resource WHERE clinic_id = %s AND kind <> 'patient'"


@dataclass(frozen=True)
class Asking:
    """A series of six in exactly so many days: the gaps of 12 to 16 days leave the first visit its first days."""

    built: Built
    who: Patient
    minutes: int
    days: int = WEEKS_12

    def propose(self, _: int = 0) -> Any:
        return propose(
            clinic=self.built.clinic,
            patient=self.who,
            count=6,
            min_gap_days=12,
            max_gap_days=16,
            minutes=self.minutes,
            now=NOW,
            first_from=FIRST,
            first_until=FIRST + timedelta(days=self.days - 81),
        )

    def raw(self) -> Callable[[int], int]:
        """The same window read by a bare cursor; answers the number of rows."""
        numbers = _one(NUMBERS, self.built.clinic.pk)
        bounds = NOW.replace(hour=0), NOW.replace(hour=0) + timedelta(days=self.days)

        def read(_: int = 0) -> int:
            with connection.connection.cursor() as cursor:
                cursor.execute(RAW, [*bounds, numbers])
                return len(cursor.fetchall())

        return read


def _one(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def rows() -> Iterator[Row]:
    """All rows of searching but growth."""
    yield from _against_the_peer()
    for percent, minutes in ((70, 180), (95, 60)):
        yield from _series(percent, minutes)


def _against_the_peer() -> Iterator[Row]:
    built = build(name="Bench Ten", chairs=10)
    fill(built, chairs=10, first=FIRST, days=90, filling=Filling())
    ours = milliseconds(lambda _: _every_start(built.clinic), 20)
    name = "12 weeks, 10 chairs, every start"
    yield Row(f"{name}: queries", _queries(lambda: _every_start(built.clinic)), None, "", 4)
    other = peer.measure(chairs=10, first=FIRST, days=90, searched=WEEKS_12)
    if isinstance(other, str):
        yield Row(name, ours, None, f"NOT MEASURED against the peer: {other}", None)
        return
    again = milliseconds(lambda _: _every_start(built.clinic), 20)
    yield Row(name, max(ours, again), other.milliseconds, f"django-appointment, {other.queries} queries", 1 / 100)


def _every_start(clinic: Clinic) -> dict[date, list[datetime]]:
    return free_starts(clinic=clinic, shape=plain(60), first=FIRST, last=FIRST + timedelta(days=WEEKS_12 - 1), now=NOW)


def _series(percent: int, minutes: int) -> Iterator[Row]:
    built = build(name=f"Bench {percent}", chairs=40)
    fill(built, chairs=40, first=FIRST, days=90, filling=Filling(percent / 100, SPREAD, GAPS))
    asking = Asking(built, patient(built.clinic, built.desk, 9999), minutes)
    found = asking.propose()
    if not found.visits:
        raise RuntimeError(f"nothing to measure: {found.failure}")
    read = asking.raw()
    ours, raw = in_turn(asking.propose, read, times=15)
    name = f"series of six, 40 chairs, 12 weeks, {percent} %"
    yield Row(name, ours, raw, f"raw read of {read()} rows", 4)
    yield Row(f"{name}: queries", _queries(asking.propose), None, "service", 6)
    yield Row(f"{name}: queries", _api_queries(asking), None, "through the API", 10)


def _api_queries(asking: Asking) -> int:
    """Queries of one proposal over HTTP, sign-in and all; today is the machine's own."""
    order, client = _signed_order(asking), APIClient(SERVER_NAME="localhost")
    client.force_login(asking.built.desk)

    def ask() -> None:
        answer = client.post("/api/v1/series/propose/", {"order": str(order.pk)}, format="json")
        if answer.status_code != 200:
            raise RuntimeError(f"the API answered {answer.status_code}: {answer.json()}")

    ask()
    return _queries(ask)


def _signed_order(asking: Asking) -> Order:
    """Signed by the doors. Drug and numbers are nonsense; the limits are those of the series."""
    by = {"by": asking.built.prescriber, "now": timezone.now()}
    proof = {**by, "password": "bench"}
    candidacy.decide(patient=asking.who, outcome=Outcome.CANDIDATE, reason="As discussed.", **proof)
    limits = {"visits": 6, "min_gap_days": 12, "max_gap_days": 16, "chair_minutes": asking.minutes}
    written = {"agent": "Examplamine", "dose": "3", "dose_unit": "spoons"}
    draft = orders.draft(patient=asking.who, **written, **limits, **by)
    return orders.sign(order_id=draft.pk, version=draft.version, **proof)


def _queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)
