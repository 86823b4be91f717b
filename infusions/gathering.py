"""Everything that hangs from a visit, in two queries however many kinds of rows there are and however many rows.

A flowsheet has eight tables, and the page of a running visit is asked for again and again from several tablets.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from config.staff.models import User
from infusions.models import Addendum, NewerOrder, NoteHandover, Visit
from infusions.models.flowsheet import FLOWSHEET

KINDS: tuple[type[models.Model], ...] = (*FLOWSHEET.values(), Addendum, NoteHandover, NewerOrder)


def gather(visit: Visit) -> dict[type[models.Model], list[Any]]:
    """The visit's rows by model, as they were recorded one after the other, each with its people and its visit."""
    found: dict[type[models.Model], list[Any]] = {model: [] for model in KINDS}
    for number, text in _read(visit):
        model = KINDS[number]
        found[model].append(_instance(model, json.loads(text)))
    rows = [row for kind in found.values() for row in kind]
    for row in rows:
        row.visit = visit
    _name_people(rows)
    return found


def _read(visit: Visit) -> list[tuple[int, str]]:
    """Each row as JSON, which carries text, whole numbers, yes and no, times and ids unchanged."""
    parts = (
        f"SELECT {number} AS kind, to_jsonb(t)::text AS written, t.recorded_at, t.id"  # noqa: S608  (our own tables)
        f" FROM {model._meta.db_table} t WHERE t.visit_id = %s"
        for number, model in enumerate(KINDS)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, written FROM ({' UNION ALL '.join(parts)}) rows ORDER BY recorded_at, id",  # noqa: S608
            [visit.pk] * len(KINDS),
        )
        return list(cursor.fetchall())


def _instance(model: type[models.Model], written: dict[str, Any]) -> Any:
    columns = model._meta.concrete_fields
    values = [field.to_python(written[str(field.column)]) for field in columns]
    return model.from_db(connection.alias, [field.attname for field in columns], values)


def _name_people(rows: Iterable[Any]) -> None:
    """Give every row the people whom it names, each read once."""
    named = [(row, field) for row in rows for field in row._meta.concrete_fields if field.related_model is User]
    people = User.objects.in_bulk({getattr(row, field.attname) for row, field in named} - {None})
    for row, field in named:
        setattr(row, field.name, people.get(getattr(row, field.attname)))
