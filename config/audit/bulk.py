"""Many rows of one tracked model at once, each with its history: two statements, however many rows.

`bulk_create_with_history` and `bulk_update_with_history` of django-simple-history do the same by way of an object for
each row of history and a CASE for each column, which takes longer than all the rest of a batch.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field

from config.audit.models import Tracked
from config.audit.triggers import history_of

BATCH = 1000


def create_all(rows: Sequence[Tracked]) -> int:
    """Write new rows of one model, inside the caller's `recorded`. Returns how many."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
        _keep(rows, "+")
    return len(rows)


def save_all(rows: Sequence[Tracked], columns: Iterable[str]) -> int:
    """Save these fields of many rows, which the caller has locked, and raise their version. Returns how many.

    No field may hold a list: the values of a column travel as an array.
    """
    if rows:
        for row in rows:
            row.version += 1
        _rewrite(rows, _fields(type(rows[0]), [*dict.fromkeys(columns), "version"]))
        _keep(rows, "~")
    return len(rows)


def _fields(model: type[Tracked], names: Iterable[str]) -> list["Field[Any, Any]"]:
    return [model._meta.get_field(name) for name in names]  # type: ignore[misc]


def _rewrite(rows: Sequence[Tracked], fields: Sequence["Field[Any, Any]"]) -> None:
    names = [_quoted(field) for field in fields]
    sets = ", ".join(f"{name} = v.{name}" for name in names)
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_table(type(rows[0]))} t SET {sets} "  # noqa: S608  (names of our own columns)
            f"FROM unnest(%s::uuid[], {arrays}) AS v(id, {', '.join(names)}) WHERE t.id = v.id",
            [[row.pk for row in rows], *values],
        )


def _keep(rows: Sequence[Tracked], how: str) -> None:
    """The history of rows as they stand. Who, when and in which transaction is stamped by the database."""
    model = type(rows[0])
    kept = history_of(model)
    there = {field.attname for field in kept._meta.fields}
    names = ", ".join(_quoted(field) for field in model._meta.fields if field.attname in there)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(kept)} ({names}, history_type, history_date, actor, txid) "  # noqa: S608
            f"SELECT {names}, %s, clock_timestamp(), '', 0 FROM {_table(model)} WHERE id = ANY(%s)",
            [how, [row.pk for row in rows]],
        )


def _type(field: "Field[Any, Any]") -> str:
    """`varchar` for `varchar(40)`: an array of the column's type, which the column itself bounds."""
    return str(field.db_type(connection)).partition("(")[0]


def _quoted(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _table(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)
