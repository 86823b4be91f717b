"""History in words: what was changed in one act, from what to what, by whom and why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import ForeignKey, Model
from django.utils import timezone

Record = TypeVar("Record", bound=Model)
# What the machine keeps for itself. Nobody asks who changed it, and nobody could read it.
LEFT_OUT = {
    "id",
    "version",
    "history_id",
    "placing",
    "content_hash",
    "state_since",
    "submission",
    "about",
    "about_kind",
    "lease_until",
}
ACTS = {"+": "created", "~": "changed", "-": "removed"}
SOURCES = {"patient-link": "patient link", "web-form": "web form", "set-up": "set-up"}


@dataclass(frozen=True)
class Change:
    """One field of one act."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryEntry:
    """One act on one record. `source` is staff, or the named way in which nobody's hands did it."""

    at: datetime
    who: str
    source: str
    act: str
    reason: str
    changes: list[Change] = field(default_factory=list)


def in_words(model_field: Any, value: Any) -> str:
    """A stored value as a person would say it; a time is in the zone that is current."""
    if value is None or value == "":
        return ""
    if model_field.choices:
        return _chosen(model_field, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    return _named(value) if isinstance(value, Model) else str(value)


def _chosen(model_field: Any, value: Any) -> str:
    """The choice's own words; where the stored value is its only word, that one without hyphens."""
    words = str(dict(model_field.flatchoices).get(value, value))
    return words.replace("-", " ") if words == value else words


def _named(thing: Model) -> str:
    """Its name, if it has one; else what kind of thing it is, since an id tells nobody anything."""
    return str(thing) if type(thing).__str__ is not Model.__str__ else f"a {thing._meta.verbose_name}"


def _fields(record: Model) -> Iterator[Any]:
    for model_field in record.history.model.tracked_fields:  # type: ignore[attr-defined]
        if model_field.name not in LEFT_OUT:
            yield model_field


def _changes(record: Model, row: Any | None, before: Any | None) -> list[Change]:
    found = []
    for model_field in _fields(record):
        was, became = _value(before, model_field) if before else None, _value(row, model_field)
        old, new = in_words(model_field, was), in_words(model_field, became)
        if old == new and was != became:
            # One nameless thing in place of another.
            new = f"another {model_field.related_model._meta.verbose_name}" if model_field.related_model else new
        if old != new:
            found.append(Change(str(model_field.verbose_name), old, new))
    return found


def _value(row: Any, model_field: Any) -> Any:
    """What the row held; of a link, the thing itself, so that people read a name and not an id."""
    return getattr(row, model_field.name if isinstance(model_field, ForeignKey) else model_field.attname, None)


def _who(row: Any) -> tuple[str, str]:
    if row.history_user is not None:
        return row.history_user.full_name, "staff"
    job = row.actor.removeprefix("job:")
    return job.replace("-", " ").capitalize(), SOURCES.get(job, "system")


def entries(record: Model) -> list[HistoryEntry]:
    """All acts on the record, newest first. One query, whatever the number of acts."""
    return _told(record, list(_history(record, record.history)))  # type: ignore[attr-defined]


def entries_of(records: Iterable[Record]) -> list[tuple[Record, list[HistoryEntry]]]:
    """Several records of one model, each with all acts on it, newest first. One query, whatever their number."""
    wanted = list(records)
    if not wanted:
        return []
    rows: dict[Any, list[Any]] = {record.pk: [] for record in wanted}
    for row in _history(wanted[0], type(wanted[0]).history.filter(id__in=list(rows))):  # type: ignore[attr-defined]
        rows[row.id].append(row)
    return [(record, _told(record, rows[record.pk])) for record in wanted]


def entries_where(model: type[Model], column: str, value: Any) -> list[HistoryEntry]:
    """All acts on the rows whose column held the value, newest first, also on those that are gone. One query."""
    rows: dict[Any, list[Any]] = {}
    for row in _history(model(), model.history.filter(**{column: value})):  # type: ignore[attr-defined]
        rows.setdefault(row.id, []).append(row)
    found = [entry for acts in rows.values() for entry in _told(model(), acts)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _history(record: Model, rows: Any) -> Any:
    """Oldest first, with the names of what they link to."""
    links = [model_field.name for model_field in _fields(record) if isinstance(model_field, ForeignKey)]
    return rows.select_related("history_user", *links).order_by("history_id")


def _told(record: Model, rows: list[Any]) -> list[HistoryEntry]:
    found = []
    for before, row in zip([None, *rows], rows, strict=False):
        who, source = _who(row)
        changes = _changes(record, None if row.history_type == "-" else row, before)
        found.append(
            HistoryEntry(
                row.history_date, who, source, ACTS[row.history_type], row.history_change_reason or "", changes
            )
        )
    return found[::-1]


def acts_on(rows: Iterable[Any], says: Callable[[Any], str]) -> list[tuple[HistoryEntry, str]]:
    """Acts on many records at once, from their rows of history; `says` tells each row in a few words.

    For things that are replaced rather than changed, whose one record tells no story.
    """
    found = []
    for row in rows:
        who, source = _who(row)
        act = ACTS[row.history_type]
        found.append((HistoryEntry(row.history_date, who, source, act, row.history_change_reason or ""), says(row)))
    return found
