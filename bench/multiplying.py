"""Rows of whole tables copied under new ids, straight in the database, for sizes that no door makes in a minute.

Ids of copies follow from those of the originals, so that copies refer to copies.
"""

from collections.abc import Mapping

from django.db import connection
from django.db.models import Model

from bench.filling import without_triggers


def of(column: str) -> str:
    """The id of the nth copy of the record in a column."""
    return f"md5({column}::text || copy)::uuid"


def multiply(model: type[Model], *, times: int, changed: Mapping[str, str], where: str = "true") -> int:
    """Add so many copies of each row, with these columns given by SQL in which `copy` counts the copies. How many."""
    table, columns = model._meta.db_table, [str(field.column) for field in model._meta.fields]
    quoted = [connection.ops.quote_name(column) for column in columns]
    values = [changed.get(column, name) for column, name in zip(columns, quoted, strict=True)]
    with without_triggers(table) as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(quoted)}) SELECT {', '.join(values)} "
            f"FROM {table}, generate_series(1, {times}) copy WHERE {where}"
        )
        made = int(cursor.rowcount)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
    return made
