"""An order read back as over the telephone: in words, each number also spelt, so that a slip is heard."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from infusions.models.course import Order
from infusions.protocol import SECTIONS, Item, items

ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# A number by itself, or one that a unit follows; not the digits of a name ("SpO2", "G20") or of "2nd".
NUMBER = re.compile(
    r"(?<![^\W_])(?<!\d\.)\d+(?:\.\d+)?(?!\.?\d)(?!(?:st|nd|rd|th)(?![^\W_]))(?P<unit>(?=[^\W\d_]))?", re.IGNORECASE
)
LONGEST_IN_WORDS = 3


@dataclass(frozen=True)
class Line:
    """One item: `text` as stored (empty if not written), `spelt` with its numbers in words (empty if it has none)."""

    name: str
    label: str
    text: str
    spelt: str

    @property
    def is_written(self) -> bool:
        return self.text != ""


@dataclass(frozen=True)
class Difference:
    """One item that reads otherwise than in the order before; an empty string means not written."""

    label: str
    before: str
    after: str


def spell(number: str) -> str:
    """A number in words, as typed: whole ones up to 999 as a number, longer ones and decimals digit by digit."""
    whole, point, decimals = number.partition(".")
    words = _whole_in_words(whole)
    return f"{words} point {_digits(decimals)}" if point else words


def spelt(text: str) -> str:
    """The text with every number in it spelt; empty when there is none."""
    return NUMBER.sub(_spelt, text) if NUMBER.search(text) else ""


def _spelt(found: re.Match[str]) -> str:
    return spell(found[0]) + (" " if found["unit"] is not None else "")


def read_back(order: Order) -> list[Line]:
    """Every item of the order, in reading order, the unwritten ones too."""
    return [_line(order, item) for item in items()]


def unwritten(order: Order) -> list[str]:
    """The labels of what the order does not say."""
    return [line.label for line in read_back(order) if not line.is_written]


def by_section(order: Order) -> list[tuple[str, list[Line]]]:
    """The same, under the headings of the order."""
    return [(section.title, [_line(order, item) for item in section.items]) for section in SECTIONS]


def changes(order: Order, before: Order) -> list[Difference]:
    """The items that read otherwise than in `before`."""
    pairs = zip(read_back(order), read_back(before), strict=True)
    return [Difference(new.label, old.text, new.text) for new, old in pairs if new.text != old.text]


def in_words(order: Order, item: Item) -> str:
    """One item's text with its unit; empty if it is not written."""
    value: Any = getattr(order, item.name)
    unit = getattr(order, item.unit) if item.unit else item.unit_text
    if value is None:
        return f"(no amount) {unit}" if item.unit and unit else ""
    shown = f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)
    return f"{shown} {unit}" if unit else shown


def _line(order: Order, item: Item) -> Line:
    text = in_words(order, item)
    return Line(item.name, item.label, text, "" if item.kind == "date" else spelt(text))


def _whole_in_words(digits: str) -> str:
    if len(digits) > LONGEST_IN_WORDS or (len(digits) > 1 and digits.startswith("0")):
        return _digits(digits)
    hundreds, rest = divmod(int(digits), 100)
    words = [f"{ONES[hundreds]} hundred"] if hundreds else []
    if rest or not hundreds:
        words.append(_below_hundred(rest))
    return " ".join(words)


def _below_hundred(number: int) -> str:
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens]}-{ONES[ones]}" if ones else TENS[tens]


def _digits(digits: str) -> str:
    return " ".join(ONES[int(digit)] for digit in digits)
