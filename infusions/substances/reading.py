"""Reading the log: rows newest first, each with what took its place. Nothing is added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from infusions.models import StorageLocation, SubstanceLogEntry, Visit
from infusions.models.substances import SAYS, LogKind
from scheduling.wall_clock import day_period

# Told in columns of their own, or by who wrote the row.
NOT_IN_WORDS = frozenset({"visit", "witness"})
RELATED = ("substance", "author", "witness", "visit__patient", "location")


@dataclass(frozen=True)
class Line:
    """One row as it is read. `corrected_by` is the row that took its place, or that struck it."""

    entry: SubstanceLogEntry
    corrected_by: SubstanceLogEntry | None = None

    @property
    def struck(self) -> bool:
        """Whether it does not count any more."""
        return self.corrected_by is not None

    @property
    def words(self) -> list[tuple[str, str]]:
        """What a row of its kind says besides the stock, as (label, value), as typed."""
        names = [name for name in SAYS[LogKind(self.entry.kind)] if name not in NOT_IN_WORDS]
        told = [(label_of(name), value_of(self.entry, name)) for name in names]
        return [(label, value) for label, value in told if value]


def label_of(name: str) -> str:
    """The field's own name, as a person reads it."""
    label = str(SubstanceLogEntry._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def value_of(entry: SubstanceLogEntry, name: str) -> str:
    """What was typed, or the word of what was chosen."""
    shown = getattr(entry, f"get_{name}_display", None)
    value: Any = shown() if shown else getattr(entry, name)
    return "" if value is None else str(value)


def log(
    location: StorageLocation,
    *,
    kind: str = "",
    lot: str = "",
    substance: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[SubstanceLogEntry]:
    """The rows of a location; those that strike others are read with the rows that they strike. Days are the clinic's,
    both included; `lot` may be a part of one.
    """
    rows = SubstanceLogEntry.objects.filter(location=location, entered_in_error=False).select_related(*RELATED)
    if kind:
        rows = rows.filter(kind=kind)
    if lot:
        rows = rows.filter(lot__icontains=lot)
    if substance is not None:
        rows = rows.filter(substance=substance)
    return on_days(rows, location, first, last)


def on_days(
    rows: QuerySet[SubstanceLogEntry], location: StorageLocation, first: date | None, last: date | None
) -> QuerySet[SubstanceLogEntry]:
    """Those of the clinic's days from `first` to `last`; without a day, there is no end on that side."""
    zone = location.clinic.tz
    if first is not None:
        rows = rows.filter(observed_at__gte=day_period(first, zone)[0])
    if last is not None:
        rows = rows.filter(observed_at__lt=day_period(last, zone)[1])
    return rows


def counts(location: StorageLocation) -> QuerySet[SubstanceLogEntry]:
    """The counts of a location that stand."""
    standing = SubstanceLogEntry.objects.standing().filter(location=location, kind=LogKind.COUNTED)
    found: QuerySet[SubstanceLogEntry] = standing.select_related("substance", "author", "witness")
    return found


def lines_of(entries: Iterable[SubstanceLogEntry]) -> list[Line]:
    """The rows in the order given, each with what took its place. One query."""
    rows = list(entries)
    later = SubstanceLogEntry.objects.filter(supersedes__in=[row.pk for row in rows])
    by_corrected = {row.supersedes_id: row for row in later.select_related("author", "witness")}
    return [Line(row, by_corrected.get(row.pk)) for row in rows]


def of_visit(visit: Visit) -> list[Line]:
    """What the logs of all locations say of a visit, newest first. Two queries."""
    rows = SubstanceLogEntry.objects.filter(visit=visit).select_related(*RELATED)
    return lines_of(rows.order_by("-observed_at", "-id"))
