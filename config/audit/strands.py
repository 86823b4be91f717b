"""Where acts are read from: rows of history, and rows that are written once. One query, however many kinds of rows."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model

from config.audit.models import AppendOnly
from config.audit.triggers import history_of
from config.refusals import NotFound

CREATED, CHANGED, REMOVED = "created", "changed", "removed"
# Of each record by its id, what it holds in rows of another table: labels and words. An id may be left out.
Holds = Callable[[set[str]], Mapping[str, Mapping[str, str]]]
# Names a row in an address. What it is sorted by, a time, stays out of addresses.
PLACE = re.compile(r"(?P<model>[a-z]{1,60})-(?P<place>[0-9]{1,18}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
# Of a row that is written once, the first of these columns that it has says why it was written.
WHY = ("correction_reason", "reason")


@dataclass(frozen=True, eq=False)
class Strand:
    """Rows of one table that belong to a story: those whose `column` holds `value`, or one of several.

    `model` is tracked or append-only. `what` names the record in words, given one of its rows; nothing, where the page
    is about that record. `says` tells the whole act in place of fields. `only` names the fields that the reader may
    see, `without` those that are of no use here; `reasons` is whether the reader may see why. A strand that `hides`
    tells who, when and of what kind alone. `holds` reads what the records hold in another table, for a page at once.
    """

    model: type[Model]
    column: str
    value: Any
    what: str | Callable[[Any], str] = ""
    says: Callable[[Any], str] | None = None
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    reasons: bool = True
    hides: bool = False
    holds: Holds | None = None

    @property
    def key(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def values(self) -> list[Any]:
        several = isinstance(self.value, Iterable) and not isinstance(self.value, str)
        return list(self.value) if several else [self.value]

    @property
    def is_written_once(self) -> bool:
        return issubclass(self.model, AppendOnly)

    @cached_property
    def table(self) -> type[Model]:
        """The model of the rows themselves: history's, for a tracked model."""
        return self.model if self.is_written_once else history_of(self.model)

    @cached_property
    def fields(self) -> list[Any]:
        """What a record of this kind says of itself."""
        told = self.model._meta.concrete_fields if self.is_written_once else self.table.tracked_fields  # type: ignore[attr-defined]
        return [one for one in told if self.only is None or one.name in self.only]


@dataclass(frozen=True, eq=False)
class Line:
    """One row: the record as it stood after the act, and as it was before. Values as JSON has them, by column."""

    strand: Strand
    place: str
    at: datetime
    txid: int
    actor: str
    act: str
    reason: str
    stands: dict[str, Any] = field(repr=False)
    was: dict[str, Any] | None = field(repr=False)

    @property
    def name(self) -> str:
        """Which row this is, for an address."""
        return f"{self.strand.key}-{self.place}"

    @cached_property
    def record(self) -> Any:
        """The row as an instance of its model."""
        columns = self.strand.table._meta.concrete_fields
        values = [column.to_python(self.stands[str(column.column)]) for column in columns]
        return self.strand.table.from_db(connection.alias, [column.attname for column in columns], values)


def read(strands: Sequence[Strand], *, before: str = "", most: int) -> list[Line]:
    """The newest lines of all strands together, `most` of them; with `before`, those older than the line of that name.

    Raises NotFound where `before` names no line of these strands. One query, and a small one to find that line.
    """
    if not strands:
        return []
    until = _moment_of(strands, before) if before else None
    queries, values = [], []
    for number, strand in enumerate(strands):
        sql, given = _rows(number, strand, until, most)
        queries.append(f"({sql})")
        values += given
    every = " UNION ALL ".join(queries)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({every}) rows ORDER BY at DESC, strand, place DESC LIMIT %s", [*values, most])  # noqa: S608
        return [_line(strands, row) for row in cursor.fetchall()]


def _line(strands: Sequence[Strand], row: tuple[Any, ...]) -> Line:
    number, place, at, txid, actor, act, reason, stands, was = row
    return Line(
        strands[number], place, at, txid, actor, act, reason, json.loads(stands), json.loads(was) if was else None
    )


def _rows(number: int, strand: Strand, until: datetime | None, most: int) -> tuple[str, list[Any]]:
    """One strand's query. The row before is looked up by the index that leads to the rows themselves."""
    told = _written(strand) if strand.is_written_once else TRACKED
    column = f"t.{connection.ops.quote_name(strand.column)}"
    where, values = (
        (f"{column} = %s", [*strand.values]) if len(strand.values) == 1 else (f"{column} = ANY(%s)", [strand.values])
    )
    if until is not None:
        where, values = f"{where} AND t.{told.moment} < %s", [*values, until]
    table = connection.ops.quote_name(strand.table._meta.db_table)
    sql = (
        f"SELECT {number} AS strand, t.{told.key}::text AS place, t.{told.moment} AS at, t.txid, t.actor,"  # noqa: S608
        f" {told.act} AS act, COALESCE({told.reason}, '') AS reason, to_jsonb(t)::text AS stands,"
        f" (SELECT to_jsonb(b)::text FROM {table} b WHERE {told.before}) AS was"
        f" FROM {table} t WHERE {where} ORDER BY t.{told.moment} DESC, t.{told.key} DESC LIMIT %s"
    )
    return sql, [*values, most]


@dataclass(frozen=True)
class _Told:
    """In which columns a table tells when and which, and by what expressions the act, the reason and the row before."""

    moment: str
    key: str
    act: str
    reason: str
    before: str


TRACKED = _Told(
    moment="history_date",
    key="history_id",
    act=f"CASE t.history_type WHEN '+' THEN '{CREATED}' WHEN '-' THEN '{REMOVED}' ELSE '{CHANGED}' END",
    reason="t.history_change_reason",
    before="b.id = t.id AND (b.history_date, b.history_id) < (t.history_date, t.history_id)"
    " ORDER BY b.history_date DESC, b.history_id DESC LIMIT 1",
)


def _written(strand: Strand) -> _Told:
    columns = {one.name for one in strand.model._meta.concrete_fields}
    cases = [
        f"WHEN t.entered_in_error THEN '{REMOVED}'" if "entered_in_error" in columns else "",
        f"WHEN t.supersedes_id IS NOT NULL THEN '{CHANGED}'" if "supersedes" in columns else "",
    ]
    act = f"CASE {' '.join(cases)} ELSE '{CREATED}' END" if any(cases) else f"'{CREATED}'"
    why = next((f"t.{name}" for name in WHY if name in columns), "''")
    before = "b.id = t.supersedes_id" if "supersedes" in columns else "false"
    return _Told("recorded_at", "id", act, why, before)


def _moment_of(strands: Sequence[Strand], name: str) -> datetime:
    """When the line of this name was written; it has to belong to one of the strands."""
    named = PLACE.fullmatch(name)
    for strand in strands:
        if named and strand.key == named["model"] and strand.is_written_once == ("-" in named["place"]):
            told = _written(strand) if strand.is_written_once else TRACKED
            rows = strand.table._base_manager.filter(**{f"{strand.column}__in": strand.values}, pk=named["place"])
            moment: datetime | None = rows.values_list(told.moment, flat=True).first()
            if moment is not None:
                return moment
    raise NotFound("There is no such entry of this history.")
