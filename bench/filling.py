"""Fills a clinic with visits of `bench.clinic`, straight into the tables: the doors would take an hour.

Our triggers are off while it writes, so there is no history; every constraint is on, so nothing overlaps.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, groupby
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from psycopg.types.range import TimestamptzRange

from bench.clinic import Booking, Filling, bookings
from bench.place import NOW, SET_UP_MINUTES, SIGN_OFF_MINUTES, Built, patient
from scheduling.models import Resource, Series
from scheduling.models.places import Kind

PATIENTS = 400
VISIT = "id version clinic_id patient_id series_id kind start end chair_id nurse_id placing status booked_at".split()
TAKEN = "id version appointment_id resource_id lane during active".split()
EMPTY_TEXT = ("status_reason", "overbook_reason", "limits_reason", "needs_repair", "wants_move_note")


def fill(built: Built, *, chairs: int, first: date, days: int, filling: Filling) -> int:
    """Book it up; how many visits."""
    writer = _Writer(built)
    many = 0
    every = bookings(chairs=chairs, first=first, days=days, filling=filling)
    with without_triggers("scheduling_appointment", "scheduling_allocation") as cursor:
        for _, month in groupby(every, key=lambda booking: (booking[1].year, booking[1].month)):
            visits, taken = writer.rows(month)
            _copy(cursor, "scheduling_appointment", [*VISIT, *EMPTY_TEXT], visits)
            _copy(cursor, "scheduling_allocation", TAKEN, taken)
            many += len(visits)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE scheduling_appointment, scheduling_allocation, scheduling_resource")
    return many


@contextmanager
def without_triggers(*tables: str) -> Iterator[Any]:
    """Our own triggers only; foreign keys are checked at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _copy(cursor: Any, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


class _Writer:
    """Gives each booking a nurse with a lane and hands free, a clinician at its end when one is free, and a patient."""

    def __init__(self, built: Built) -> None:
        self.clinic = built.clinic.pk
        rows = Resource.objects.filter(clinic=built.clinic).select_related("chair")
        self.chairs = sorted((row.chair.position, row.number, row.chair_id) for row in rows.filter(kind=Kind.CHAIR))
        self.nurses = list(rows.filter(kind=Kind.NURSE).values_list("number", "staff_id", "watch_lanes"))
        self.clinicians = list(rows.filter(kind=Kind.CLINICIAN).values_list("number", flat=True))
        self.patients = cycle(_patients(built))

    def rows(self, booked: Iterable[Booking]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        visits: list[tuple[Any, ...]] = []
        taken: list[tuple[Any, ...]] = []
        for day, of_day in groupby(booked, key=lambda booking: booking[1]):
            self.free_from: dict[tuple[int, int], int] = {}
            for chair, _, begin, end in sorted(of_day, key=lambda booking: booking[2]):
                visit, takes = self._visit(day, chair, begin, end)
                visits.append(visit)
                taken.extend(takes)
        return visits, taken

    def _visit(self, day: date, chair: int, begin: int, end: int) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
        pk, (patient, series, own), (_, number, chair_id) = uuid4(), next(self.patients), self.chairs[chair]
        periods = [(number, 0, begin, end), (own, 0, begin, end), *self._clinician(end)]
        nurse = None
        for row, staff, lanes in self.nurses:
            lane = next((n for n in range(1, lanes + 1) if self._free(row, n, begin)), None)
            if lane is not None and self._free(row, 0, begin):
                nurse = staff
                periods += [(row, 0, begin, begin + SET_UP_MINUTES), (row, lane, begin, end)]
                break
        for row, lane, _, until in periods:
            self.free_from[row, lane] = until
        moments = at(day, begin), at(day, end)
        visit = (pk, 1, self.clinic, patient, series, "infusion", *moments, chair_id, nurse, 1, "booked", NOW)
        return (*visit, *[""] * len(EMPTY_TEXT)), list(_taken(pk, day, periods))

    def _clinician(self, end: int) -> Iterator[tuple[int, int, int, int]]:
        begin = end - SIGN_OFF_MINUTES
        number = next((one for one in self.clinicians if self._free(one, 0, begin)), None)
        if number is not None:
            yield number, 0, begin, end

    def _free(self, number: int, lane: int, begin: int) -> bool:
        return self.free_from.get((number, lane), 0) <= begin


def _taken(pk: UUID, day: date, periods: Iterable[tuple[int, int, int, int]]) -> Iterator[tuple[Any, ...]]:
    for number, lane, begin, end in periods:
        yield uuid4(), 1, pk, number, lane, TimestamptzRange(at(day, begin), at(day, end), "[)"), True


def _patients(built: Built) -> list[tuple[UUID, UUID, int]]:
    """Each with the series that all of their visits are of, and the number of their row; the people made by the doors,
    some hundred for all visits."""
    people = [patient(built.clinic, built.desk, number) for number in range(PATIENTS)]
    with without_triggers("scheduling_resource", "scheduling_series"):
        series = Series.objects.bulk_create(Series(clinic=built.clinic, patient=person) for person in people)
        rows = [Resource(clinic=built.clinic, kind=Kind.PATIENT, patient=person) for person in people]
        Resource.objects.bulk_create(rows)
    numbers = dict(Resource.objects.filter(patient__in=people).values_list("patient_id", "number"))
    return [(one.patient_id, one.pk, numbers[one.patient_id]) for one in series]


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)
