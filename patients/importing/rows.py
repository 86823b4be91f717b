"""One person of a file, read but not yet written."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

NONE_KNOWN = frozenset(
    {"none", "none known", "nka", "nkda", "no known allergy", "no known allergies", "no known drug allergies", "no"}
)


class Unreadable(Exception):
    """The file as a whole cannot or must not be read; the message says why."""


class BadRow(Exception):
    """One row makes no sense; the rest goes on."""


@dataclass
class Row:
    """`place` is where it stands in the file ("line 12"). `person` holds the particulars that the file speaks of."""

    place: str
    record_number: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    deceased: bool = False
    deceased_on: date | None = None
    allergies: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str = ""

    def add_allergy(self, substance: str, reaction: str = "") -> None:
        """Nobody's none is confirmed by a file: a nurse asks."""
        if substance.strip().lower() in NONE_KNOWN:
            self.notes.append("says that no allergy is known; a nurse asks and confirms that")
        elif substance.strip():
            self.allergies.append((substance.strip(), reaction.strip()))


@dataclass
class File:
    """All of a file that can be read, and what in it is left aside."""

    rows: list[Row]
    aside: list[str] = field(default_factory=list)
