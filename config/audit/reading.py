"""History in words: what was done in one act, to which records, from what to what, by whom and why.

A story is told from strands (`config.audit.strands`), the newest act first, a page at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, UUIDField

from config.audit.marking import Part, is_long, marked
from config.audit.models import STAMPS
from config.audit.strands import CHANGED, CREATED, REMOVED, Line, Strand, read
from config.audit.wording import Names, in_words, linked

# What the machine keeps for itself, or what every record says. Nobody asks who changed it.
LEFT_OUT = STAMPS | {
    "id",
    "version",
    "clinic",
    "placing",
    "content_hash",
    "state_since",
    "about_kind",
    "entered_at",
    "entered_in_error",
    "supersedes",
    "correction_reason",
}
SOURCES = {"patient-link": "patient link", "web-form": "web form", "set-up": "set-up"}
# Whose hands it was, where it was nobody's of the staff.
OTHERS = {"patient-link": "The patient"}
SIZE = 50


@dataclass(frozen=True)
class Change:
    """One field of one act. `repeats` where it says again what is said as the reason."""

    field: str
    before: str
    after: str
    repeats: bool = False

    @cached_property
    def parts(self) -> list[Part]:
        """A long text with what went and what came marked; nothing for a value of a word or two."""
        return marked(self.before, self.after) if is_long(self.before, self.after) else []


@dataclass(frozen=True)
class Told:
    """What an act did to one record. `heading` says which and what; it is empty where the page is about that record
    and the changes say it all."""

    heading: str
    what: str
    act: str
    changes: list[Change] = field(default_factory=list)

    @property
    def shown(self) -> list[Change]:
        return [change for change in self.changes if not change.repeats]

    @property
    def is_text(self) -> bool:
        """Whether all that is shown are texts, which have no before and after side by side."""
        return all(change.parts for change in self.shown)


@dataclass(frozen=True)
class HistoryEntry:
    """One act. `source` is staff, or the named way in which nobody of the staff did it. `id` names its earliest row."""

    id: str
    at: datetime
    who: str
    source: str
    reason: str
    told: list[Told]

    @property
    def act(self) -> str:
        return self.told[0].act

    @property
    def changes(self) -> list[Change]:
        return [change for one in self.told for change in one.changes]


@dataclass(frozen=True)
class Story:
    """A page of acts, the newest first. `older` names where the next page begins, if there is one."""

    entries: list[HistoryEntry]
    older: str = ""


def entries(record: Model, *, size: int = SIZE) -> list[HistoryEntry]:
    """The newest acts on one record, newest first."""
    return story([Strand(type(record), "id", record.pk)], size=size).entries


def story(strands: Sequence[Strand], *, before: str = "", size: int = SIZE) -> Story:
    """The newest acts of all strands together; with `before`, an entry's id, those older than it.

    One query for the rows, one for each kind of thing that they name; nothing is counted. Raises NotFound for an id
    that is not of these strands.
    """
    lines = read(strands, before=before, most=size + 1)
    shown = _whole_acts(lines, size)
    names = _named(shown)
    told = [_entry(act, names) for act in _acts(shown)]
    return Story(told, older=told[-1].id if len(shown) < len(lines) else "")


def _whole_acts(lines: list[Line], size: int) -> list[Line]:
    """At most `size` lines, cut between two acts where that can be."""
    if len(lines) <= size:
        return lines
    after = lines[size]
    kept = _without_tail(lines[:size], lambda line: bool(after.txid) and line.txid == after.txid)
    # The next page begins by the moment at which this one ends.
    return _without_tail(kept, lambda line: line.at == after.at)


def _without_tail(lines: list[Line], belongs: Callable[[Line], bool]) -> list[Line]:
    """Without the last lines that belong to what comes next, unless nothing would be left."""
    cut = next((nth for nth in range(len(lines), 0, -1) if not belongs(lines[nth - 1])), 0)
    return lines[:cut] or lines


def _acts(lines: list[Line]) -> Iterator[list[Line]]:
    """What was written in one transaction by one hand, in the order of writing."""
    for (txid, _), together in groupby(lines, key=lambda line: (line.txid, line.actor)):
        act = list(together)[::-1]
        yield from [act] if txid else ([line] for line in act[::-1])


def _named(lines: list[Line]) -> Names:
    names = Names()
    for line in lines:
        names.want(get_user_model(), _person(line))
        for model_field, was, became in _different(line):
            if (link := linked(model_field)) is not None:
                names.want(link[0], was, became, by=link[1])
    names.read()
    for strand in {line.strand for line in lines if line.strand.holds and not line.strand.hides}:
        ids = {str(row["id"]) for line in lines if line.strand is strand for row in (line.stands, line.was) if row}
        names.held.update(strand.holds(ids) if strand.holds else {})
    return names


def _person(line: Line) -> str | None:
    kind, _, key = line.actor.partition(":")
    return key if kind == "user" else None


def _different(line: Line) -> Iterator[tuple[Any, Any, Any]]:
    """The fields in which the record differs from what it was, with both stored values."""
    strand, was = line.strand, line.was or {}
    if strand.hides or strand.says is not None or _is_told_by_its_name(line):
        return
    stands = {} if line.act == REMOVED else line.stands
    for model_field in strand.fields:
        old, new = was.get(str(model_field.column)), stands.get(str(model_field.column))
        if (
            old != new
            and not _of_no_use(model_field, strand)
            and not (line.act == CREATED and _unsaid(model_field, new))
        ):
            yield model_field, old, new


def _is_told_by_its_name(line: Line) -> bool:
    """What is gone and had a name needs no more words; a span of hours without one is told by what it said."""
    return line.act == REMOVED and bool(line.strand.what) and not line.strand.is_written_once


def _of_no_use(model_field: Any, strand: Strand) -> bool:
    """What the page says anyway, what nobody asks about, and ids that lead nowhere."""
    return (
        model_field.attname == strand.column
        or model_field.name in LEFT_OUT | strand.without
        or (isinstance(model_field, UUIDField) and linked(model_field) is None)
    )


def _unsaid(model_field: Any, value: Any) -> bool:
    """A box that nobody ticked; who wrote a draft, as long as nobody else took it over."""
    return model_field.name == "author" or (value is False and model_field.default is False)


def _entry(act: list[Line], names: Names) -> HistoryEntry:
    who, source = _who(act[0], names)
    reasons = dict.fromkeys(
        line.reason for line in act if line.reason and line.strand.reasons and not line.strand.hides
    )
    told = [_told(lines, names, reasons) for lines in _by_record(act)]
    return HistoryEntry(act[0].name, act[0].at, who, source, "; ".join(reasons), told)


def _by_record(act: list[Line]) -> list[list[Line]]:
    """The lines of each record together: saved twice in one act, it changed once."""
    found: dict[Any, list[Line]] = {}
    for line in act:
        alone = line.strand.says is not None or line.strand.is_written_once
        found.setdefault(line.name if alone else (line.strand.key, line.stands["id"]), []).append(line)
    return list(found.values())


def _told(lines: list[Line], names: Names, reasons: dict[str, None]) -> Told:
    first, last = lines[0], lines[-1]
    act = last.act if last.act == REMOVED else first.act
    whole = replace(last, act=act, was=first.was) if len(lines) > 1 else last
    what = _what(whole)
    changes = [_change(*one, names, reasons) for one in _different(whole)]
    changes += _held(whole, names)
    return Told(_heading(whole, what), what, act, [change for change in changes if change.before != change.after])


def _held(line: Line, names: Names) -> list[Change]:
    """What changed of what the record holds in another table."""
    was = names.held.get(str(line.was["id"]), {}) if line.was else {}
    stands = {} if line.act == REMOVED else names.held.get(str(line.stands["id"]), {})
    return [Change(label, was.get(label, ""), stands.get(label, "")) for label in {**was, **stands}]


def _what(line: Line) -> str:
    said = line.strand.says or line.strand.what
    return said if isinstance(said, str) else said(line.record)


def _heading(line: Line, what: str) -> str:
    if line.strand.says is not None:
        return what
    word = _act_word(line)
    return f"{what}: {word}" if what and word else what or word.capitalize()


def _act_word(line: Line) -> str:
    """What was done, where neither the fields nor the name of the record say it."""
    if line.strand.is_written_once and not line.strand.hides:
        is_row = any(one.name == "entered_in_error" for one in line.strand.model._meta.concrete_fields)
        return {CHANGED: "corrected" if is_row else "", REMOVED: "struck out"}.get(line.act, "")
    return line.act if line.act != CHANGED or line.strand.hides else ""


def _change(model_field: Any, was: Any, became: Any, names: Names, reasons: dict[str, None]) -> Change:
    link = linked(model_field)
    if link is None:
        old, new = (in_words(model_field, _value(model_field, value)) for value in (was, became))
    else:
        old, new = (names.of(link[0], value, by=link[1]) for value in (was, became))
        if old == new:
            # One nameless thing in place of another.
            new = f"another {link[0]._meta.verbose_name}"
    repeats = model_field.name.endswith("reason") and new in reasons
    return Change(str(model_field.verbose_name), old, new, repeats)


def _value(model_field: Any, value: Any) -> Any:
    return value if value is None or isinstance(value, list) else model_field.to_python(value)


def _who(line: Line, names: Names) -> tuple[str, str]:
    person = _person(line)
    if person is not None:
        return names.of(get_user_model(), person), "staff"
    job = line.actor.removeprefix("job:")
    return OTHERS.get(job, job.replace("-", " ").capitalize()), SOURCES.get(job, "system")
