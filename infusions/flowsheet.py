"""Reading a visit's flowsheet: one sheet, newest first, with corrections struck through and clocks read from it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from infusions.gathering import gather
from infusions.models import Addendum, Administration, AdverseEvent, NewerOrder, NoteHandover, Visit, VitalsSet
from infusions.models.entries import FlowsheetEntry
from infusions.models.flowsheet import FLOWSHEET, AdministrationKind
from infusions.plausible import said
from infusions.steps import is_paused
from infusions.vitals_clock import Stand, next_due

# A row that was entered this much after it was seen is marked as late.
LATE = timedelta(minutes=5)
K = AdministrationKind
UNITS = {
    "rate": "rate_unit",
    "amount": "amount_unit",
    "given": "given_unit",
    "wasted": "wasted_unit",
    "rate_on_pump": "rate_on_pump_unit",
    "temperature": "temperature_unit",
    "weight": "weight_unit",
}
# Shown in columns or in the row's own heading.
NOT_IN_WORDS = frozenset({*UNITS.values(), "kind", "event", "clinic_items"})
# How a line of the clinic's own list stands.
HOW_FAR = {True: "yes", False: "no", None: "not looked at"}
COLUMNS = frozenset({"systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "pain"})


@dataclass(frozen=True)
class Row:
    """One entry as it is read. `struck` says that it does not count: corrected, or entered in error.

    `words` are (label, value) pairs of what was written, in the order of the form; values as typed.
    """

    kind: str
    entry: Any
    words: list[tuple[str, str]]
    late: bool
    struck: bool
    corrected_by: Any = None

    @property
    def at(self) -> datetime:
        """When it was seen or done."""
        found: datetime = self.entry.observed_at
        return found

    @property
    def entered(self) -> str:
        """When it was written down, as the clinic's clock said; with the day if that was another one."""
        zone = self.entry.visit.clinic.tz
        written, seen = self.entry.entered_at.astimezone(zone), self.at.astimezone(zone)
        return f"{written:%H:%M}" if written.date() == seen.date() else f"{written:%-d %b, %H:%M}"

    @property
    def is_vitals(self) -> bool:
        return isinstance(self.entry, VitalsSet)

    @property
    def title(self) -> str:
        """What the row is, in a word or two."""
        if isinstance(self.entry, Administration):
            return str(self.entry.get_kind_display())
        return TITLES[self.kind]

    @property
    def numbers(self) -> list[str]:
        """Pressure, pulse, saturation, breaths and pain of a set of vital signs, each as it was read."""
        read = self.entry
        pressure = [read.systolic, read.diastolic]
        both = "" if pressure == [None, None] else "/".join("–" if value is None else str(value) for value in pressure)
        single = (read.heart_rate, read.spo2, read.respiratory_rate, read.pain)
        return [both, *("" if value is None else str(value) for value in single)]

    @property
    def beside(self) -> list[tuple[str, str]]:
        """What a set of vital signs says besides the numbers that have columns of their own."""
        return words(self.entry, without=COLUMNS)


TITLES = {
    "pre-visit-checks": "Pre-visit check",
    "iv-access": "IV access",
    "preparations": "Preparation",
    "vitals": "Vital signs",
    "administrations": "Infusion",
    "quantities": "Amounts",
    "adverse-events": "Adverse event",
    "discharge": "Discharge",
    "remarks": "Remark",
}
KINDS = {model: kind for kind, model in FLOWSHEET.items()}


@dataclass
class Event:
    """One adverse event, put together from its rows: of each field, what was written last."""

    id: UUID
    began_at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return "outcome" not in self.facts

    @property
    def name(self) -> str:
        """The kind of event in words; what it is called before anybody said."""
        typed = [dict(row.words).get("Event type") for row in self.rows]
        return next((word for word in reversed(typed) if word), "Adverse event")


@dataclass(frozen=True)
class Sheet:
    """A visit's rows, newest first, and what they say about where the infusion stands. Beside them, each in the order
    of time: what belongs to the note (its addenda, who took it over), and the newer orders under which it went on.
    """

    rows: list[Row]
    addenda: list[Addendum] = field(default_factory=list)
    handovers: list[NoteHandover] = field(default_factory=list)
    newer_orders: list[NewerOrder] = field(default_factory=list)

    def standing(self, model: type[FlowsheetEntry]) -> list[Any]:
        """The entries of one kind that count, newest first."""
        return [row.entry for row in self.rows if isinstance(row.entry, model) and not row.struck]

    def newest(self, model: type[FlowsheetEntry]) -> Any | None:
        return next(iter(self.standing(model)), None)

    def step(self, kind: AdministrationKind) -> Any | None:
        """The newest step of this kind that counts."""
        return next((entry for entry in self.standing(Administration) if entry.kind == kind), None)

    @property
    def started_at(self) -> datetime | None:
        return self._when(K.START)

    @property
    def ended_at(self) -> datetime | None:
        return self._when(K.END)

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def is_paused(self) -> bool:
        return self.is_running and is_paused(reversed(self.standing(Administration)))

    @property
    def last_rate(self) -> Any | None:
        """The newest step in which a rate was written, as it was written. For reading only."""
        return next((entry for entry in self.standing(Administration) if entry.rate is not None), None)

    @property
    def events(self) -> list[Event]:
        """The adverse events, newest first."""
        found: dict[UUID, Event] = {}
        for row in reversed(self.rows):
            if isinstance(row.entry, AdverseEvent) and not row.struck:
                event = found.setdefault(row.entry.event, Event(row.entry.event, row.at))
                event.rows.append(row)
                event.facts |= {name: getattr(row.entry, name) for name in said(row.entry) - {"event"}}
        return list(reversed(found.values()))

    def _when(self, kind: AdministrationKind) -> datetime | None:
        step = self.step(kind)
        return step.observed_at if step is not None else None


def sheet(visit: Visit) -> Sheet:
    """Every row of the visit, newest first. Two queries, however many rows."""
    found = gather(visit)
    entries: list[Any] = [entry for model in FLOWSHEET.values() for entry in found[model]]
    by_corrected = {entry.supersedes_id: entry for entry in entries if entry.supersedes_id}
    rows = [row_of(entry, by_corrected.get(entry.pk)) for entry in entries if not entry.entered_in_error]
    rows.sort(key=lambda row: (row.at, row.entry.entered_at, row.entry.recorded_at), reverse=True)
    beside = {"addenda": found[Addendum], "handovers": found[NoteHandover], "newer_orders": found[NewerOrder]}
    return Sheet(rows, **beside)


@dataclass(frozen=True)
class Reading:
    """The newest value of one measure, as it was read; `at` only where it is older than the newest set."""

    measure: str
    text: str
    at: datetime | None


MEASURES = (
    ("pressure", ("systolic", "diastolic")),
    ("heart_rate", ("heart_rate",)),
    ("spo2", ("spo2",)),
    ("pain", ("pain",)),
)


def last_readings(rows: Sheet) -> list[Reading]:
    """Of each measure what was read last: a set of the pulse alone does not hide the pressure before it."""
    sets, found = rows.standing(VitalsSet), []
    for measure, names in MEASURES:
        read = next((one for one in sets if any(getattr(one, name) is not None for name in names)), None)
        if read is not None:
            values = (getattr(read, name) for name in names)
            text = "/".join("–" if value is None else str(value) for value in values)
            found.append(Reading(measure, text, None if read is sets[0] else read.observed_at))
    return found


def row_of(entry: Any, corrected_by: Any | None = None) -> Row:
    """One entry as a row."""
    return Row(
        kind=KINDS[type(entry)],
        entry=entry,
        words=words(entry),
        late=entry.entered_at - entry.observed_at >= LATE,
        struck=corrected_by is not None,
        corrected_by=corrected_by,
    )


def words(entry: Any, *, without: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """What was written, as (label, value); a value with its unit, both as typed."""
    wanted = said(entry) - NOT_IN_WORDS - without
    names = [field.name for field in entry._meta.concrete_fields if field.name in wanted]
    lines = [(line["wording"], HOW_FAR[line["met"]]) for line in getattr(entry, "clinic_items", None) or []]
    return [(_label(entry, name), _value(entry, name)) for name in names] + lines


def vitals_due(visit: Visit, rows: Sheet) -> datetime | None:
    """When the next vital signs are due by the interval that the order's prescriber typed; None where none is typed."""
    last = rows.newest(VitalsSet)
    stand = Stand(visit.opened_at, rows.started_at, rows.ended_at, last.observed_at if last is not None else None)
    return next_due(visit.order, stand)


def _label(entry: Any, name: str) -> str:
    label = str(entry._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _value(entry: Any, name: str) -> str:
    value = getattr(entry, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(entry.visit.clinic.tz):%-d %b, %H:%M}"
    shown = getattr(entry, f"get_{name}_display", None)
    text = str(shown() if shown else value)
    unit = getattr(entry, UNITS[name]) if name in UNITS else None
    return f"{text} {unit}" if unit else text
