"""What a protocol order consists of: its items as they are written and read, and how each is checked.

The items carry names and labels only. No item has a value of its own: no default, no choice, no limit of what is usual.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from config.refusals import Invalid
from infusions.clear_writing import unclear
from infusions.models.course import TEXTS, Order

Kind = Literal["text", "long", "whole", "date"]
MOST = 32767  # what the column holds


@dataclass(frozen=True)
class Item:
    """One thing that an order says. `unit` names the field that holds its unit; `unit_text` is a fixed word."""

    name: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    unit_text: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    items: tuple[Item, ...]


SECTIONS = (
    Section("Treatment", (Item("agent", "Drug"), Item("route", "Route"), Item("indication", "Indication", "long"))),
    Section("Dose", (Item("dose", "Dose", unit="dose_unit"),)),
    Section("Rate", (Item("rate", "Rate", unit="rate_unit"),)),
    Section(
        "How it is given",
        (
            Item("diluent", "Diluent"),
            Item("planned_minutes", "Planned duration", "whole", unit_text="minutes"),
            Item("bolus", "Bolus, if any", "long"),
            Item("titration", "Titration rules", "long"),
        ),
    ),
    Section(
        "Visits",
        (
            Item("visits", "Number of visits", "whole", unit_text="visits"),
            Item("chair_minutes", "Chair time, arrival to discharge", "whole", unit_text="minutes"),
            Item("min_gap_days", "Smallest gap between visits", "whole", unit_text="days"),
            Item("max_gap_days", "Largest gap between visits", "whole", unit_text="days"),
            Item("first_visit_from", "First visit not before", "date"),
            Item("first_visit_until", "First visit not after", "date"),
        ),
    ),
    Section(
        "Watching",
        (
            Item("vitals_before_minutes", "Vital signs before, every", "whole", unit_text="minutes"),
            Item("vitals_during_minutes", "Vital signs during, every", "whole", unit_text="minutes"),
            Item("vitals_after_minutes", "Vital signs after, every", "whole", unit_text="minutes"),
            Item("items_to_record", "What to record", "long"),
        ),
    ),
    Section(
        "Other drugs",
        (
            Item("premedication", "Premedication allowed", "long"),
            Item("rescue_drugs", "Rescue drugs allowed", "long"),
        ),
    ),
    Section(
        "Before, stopping, and going home",
        (
            Item("fasting_instructions", "Fasting instructions", "long"),
            Item("escort_instructions", "Escort instructions", "long"),
            Item("stop_criteria", "Hold or stop criteria", "long"),
            Item("discharge_criteria", "Discharge criteria or scale", "long"),
            Item("minimum_stay", "Minimum stay"),
            Item("labs_needed", "Laboratory tests needed", "long"),
        ),
    ),
    Section(
        "Validity",
        (Item("valid_from", "Valid from", "date"), Item("valid_until", "Valid until, that day included", "date")),
    ),
)


def items() -> Iterator[Item]:
    """All items, in reading order."""
    for section in SECTIONS:
        yield from section.items


NUMBERS = frozenset(item.name for item in items() if item.kind == "whole")
DATES = frozenset(item.name for item in items() if item.kind == "date")
PROSE = frozenset(item.name for item in items() if item.kind == "long")
FIELDS = frozenset(TEXTS) | NUMBERS | DATES
UNITS = {item.unit: item for item in items() if item.unit}
LABELS = {item.name: item.label for item in items()} | {name: f"{item.label} unit" for name, item in UNITS.items()}
PAIRS = (
    ("min_gap_days", "max_gap_days", "The largest gap is smaller than the smallest."),
    ("first_visit_from", "first_visit_until", "This day lies before the other one."),
    ("valid_from", "valid_until", "This day lies before the other one."),
)
AT_LEAST_ONE = frozenset({"visits", "chair_minutes", "min_gap_days", "max_gap_days"})


def checked(fields: dict[str, Any]) -> dict[str, Any]:
    """The values as they will be stored: exactly as typed, blank as None. Raises Invalid with all errors by field.

    Only the fields that are given come back; those that are not are left alone by whoever asked.
    """
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name, value in fields.items():
        values[name] = None if isinstance(value, str) and not value.strip() else value
        problem = _problem(name, values[name])
        if problem:
            errors[name] = [problem]
    if errors:
        raise Invalid("Some values have to be typed again.", errors=errors)
    return values


def check_pairs(order: Order) -> None:
    """Raise Invalid where a smallest is larger than its largest, or a first day later than its last."""
    errors = {}
    for first, last, words in PAIRS:
        low, high = getattr(order, first), getattr(order, last)
        if low is not None and high is not None and low > high:
            errors[last] = [words]
    if errors:
        raise Invalid("Some values contradict each other.", errors=errors)


def check_complete(order: Order) -> None:
    """Raise Invalid where what is written cannot be read safely: no drug, or an amount and no unit, or the reverse."""
    errors = {}
    if order.agent is None:
        errors["agent"] = ["Name the drug."]
    for unit, item in UNITS.items():
        amount, named = getattr(order, item.name), getattr(order, unit)
        if (amount is None) != (named is None):
            errors[item.name] = [f"{item.label} and its unit belong together; one of them is not written."]
    if errors:
        raise Invalid("This cannot be signed as it stands.", errors=errors)


# Days that, once past, leave nothing to be done on an order, and what that means.
ENDS = {
    "valid_until": "no visit can be booked or opened on it",
    "first_visit_until": "no first visit can be booked on it",
}


def days_past(order: Order, today: date) -> list[str]:
    """In words, each day of the order that was its last for something and is past. The order may be signed all the
    same: the prescriber is told, and no day is ever changed."""
    dated = [(item, getattr(order, item.name)) for item in items() if item.name in ENDS]
    return [
        f"{item.label}: {day:%-d %B %Y}. That day is past, so {ENDS[item.name]}."
        for item, day in dated
        if day is not None and day < today
    ]


def loses_nothing(order: Order, fields: dict[str, Any]) -> bool:
    """Whether what stands in the draft is what these fields say, or less: a blank, or the beginning of the same prose.

    That is how an author's own save arrives when it overtakes the answer to an autosave. A number or an amount that
    differs is never taken for the beginning of another.
    """
    return all(_continues(name, getattr(order, name), value) for name, value in checked(fields).items())


def _continues(name: str, stands: Any, wanted: Any) -> bool:
    if stands is None or stands == wanted:
        return True
    return name in PROSE and isinstance(wanted, str) and wanted.startswith(stands)


def says_the_same(order: Order, fields: dict[str, Any]) -> bool:
    """Whether saving these fields would change nothing."""
    return all(getattr(order, name) == value for name, value in checked(fields).items())


def _problem(name: str, value: Any) -> str:
    if name not in FIELDS:
        return "An order has no such field."
    if value is None:
        return ""
    if name in NUMBERS:
        return _number_problem(name, value)
    if name in DATES:
        return "" if isinstance(value, date) else "That is not a date."
    return _text_problem(name, value)


def _number_problem(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "Type a whole number."
    if value < (1 if name in AT_LEAST_ONE else 0):
        return "This is too small to mean anything. Leave it empty if you do not want to say."
    return "" if value <= MOST else "This number is too large to be stored."


def longest_of(name: str) -> int | None:
    """How many characters the field holds; None for those without a limit."""
    longest: int | None = getattr(Order._meta.get_field(name), "max_length", None)
    return longest


def _text_problem(name: str, value: Any) -> str:
    if not isinstance(value, str):
        return "Type this as text."
    longest = longest_of(name)
    if longest is not None and len(value) > longest:
        return f"This is longer than the {longest} characters that fit here."
    return unclear(value, prose=name in PROSE)
