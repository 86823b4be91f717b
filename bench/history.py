"""The history of one patient among two million rows of history, and the last page of a much changed record."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client

from bench.filling import without_triggers
from bench.place import NOW, build, patient
from bench.table import Row, in_turn
from config.audit.reading import SIZE, story
from config.audit.strands import Strand
from config.audit.triggers import history_of
from patients.histories import of_patient
from patients.models import Patient
from patients.register import amend
from scheduling.models import Chair

RECORDS, CHANGES, OFTEN = 100_000, 20, 50_000
EMPTY = "/accounts/password/change/"
INDEXED = """
    SELECT * FROM patients_historicalpatient
    WHERE id = %s ORDER BY history_date DESC, history_id DESC LIMIT %s
"""


def rows() -> Iterator[Row]:
    """The reading against the one query that it cannot do without, the page, and the page far down."""
    built = build(name="Bench History", chairs=1)
    who = patient(built.clinic, built.desk, 1)
    for number in range(1, CHANGES):
        later = NOW + timedelta(hours=number)
        amend(patient_id=who.pk, version=None, by=built.desk, now=later, preferred_name=f"Name {number}", city="Bergen")
    many = _copied(Patient, who.pk, records=RECORDS, changes=CHANGES)
    client = Client(SERVER_NAME="localhost")
    client.force_login(built.desk)
    read, page, bare, empty = in_turn(
        lambda _: story(of_patient(who, built.desk)),
        lambda _: _opened(client, f"/patients/{who.pk}/history/"),
        lambda _: _fetched(INDEXED, who.pk, SIZE + 1),
        lambda _: _opened(client, EMPTY),
        times=40,
    )
    what = f"history page of a patient among {many:,} history rows"
    yield Row(what, read, bare, "the single indexed query", 10)
    yield Row("the same, as a page", page, bare + empty, "that query plus an empty page", 10)
    yield from _far_down(Chair.objects.get(clinic=built.clinic).pk)


def _far_down(chair: UUID) -> Iterator[Row]:
    _copied(Chair, chair, records=1, changes=OFTEN)
    kept = [Strand(Chair, "id", _id_of(1))]
    oldest = _fetched(
        "SELECT history_id FROM scheduling_historicalchair WHERE id = %s ORDER BY history_id OFFSET %s LIMIT 1",
        _id_of(1),
        SIZE + 10,
    )[0][0]
    last, first = in_turn(lambda _: story(kept, before=f"chair-{oldest}"), lambda _: story(kept), times=40)
    yield Row(f"the last page of {OFTEN:,} changes of one record", last, first, "the first page", 2)


def _id_of(number: int) -> UUID:
    return _fetched("SELECT md5(%s::text)::uuid", number)[0][0]  # type: ignore[no-any-return]


def _copied(model: type[Any], pk: UUID, *, records: int, changes: int) -> int:
    """Rows of history for that many invented records, each like the given one; how many rows there are then."""
    table = history_of(model)._meta.db_table
    own = {"id": "md5(n::text)::uuid", "version": "k", "history_date": "h.history_date + k * interval '1 hour'"}
    own["history_type"] = "CASE k WHEN 1 THEN '+' ELSE '~' END"
    names = [str(field.column) for field in history_of(model)._meta.concrete_fields if field.name != "history_id"]
    copy = f"""
        INSERT INTO {table} ({", ".join(f'"{name}"' for name in names)})
        SELECT {", ".join(own.get(name, f'h."{name}"') for name in names)}
        FROM (SELECT * FROM {table} WHERE id = %s ORDER BY history_id LIMIT 1) h,
             generate_series(1, %s) k, generate_series(1, %s) n
    """
    with without_triggers(table) as cursor:
        cursor.execute(copy, [pk, changes, records])
        cursor.execute(f"ANALYZE {table}")
    return int(_fetched(f"SELECT count(*) FROM {table}")[0][0])


def _fetched(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _opened(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}: nothing to measure")
