"""Birth dates as people say and type them: 14 Mar 1978, 3/14/78, 1978-03-14, 14.3.1978, 03141978."""

import re
from collections.abc import Iterator
from datetime import date

from config.refusals import Invalid

OLDEST = 1900
# Three letters tell the months apart in English and Spanish.
MONTHS = {
    **dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True)),
    "ene": 1,
    "abr": 4,
    "ago": 8,
    "set": 9,
    "dic": 12,
}
YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
DIGITS = re.compile(r"\d{8}")
DAY_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th|º)?[-/. ]*(?:de )?([a-z]{3,10})[-/., ]+(?:de )?(\d{4}|\d{2})")
WORD_DAY = re.compile(r"([a-z]{3,10})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4}|\d{2})")
WORD_YEARS = re.compile(r"(\d{4})[-/. ]([a-z]{3,10})[-/. ](\d{1,2})")
Parts = tuple[str, int, int]


def readings(text: str, *, today: date, day_first: bool | None = None) -> list[date]:
    """Every past date that the text may mean, in no order; empty when it is no date.

    With `day_first` None, 3/4/78 is both the 3rd of April and the 4th of March. Two digits of a year are every
    century in which somebody alive may have been born.
    """
    clean = " ".join(text.lower().replace(",", " ").split())
    found: list[date] = []
    for year, month, day in _parts(clean, day_first=day_first):
        for full in _years(year, today):
            when = _date(full, month, day)
            if when is not None and when <= today and when not in found:
                found.append(when)
    return found


def read_birth_date(text: str, *, today: date) -> date | None:
    """The one birth date that was typed; None for an empty text.

    Raises Invalid, in words, when it is no date, or when it may be several: those are its `choices`.
    """
    if not text.strip():
        return None
    found = readings(text, today=today)
    if not found:
        raise Invalid("This is not a date in the past. Write it like 14 Mar 1978 or 3/14/1978.", field="birth_date")
    if len(found) > 1:
        meant = " or ".join(date_words(day) for day in found)
        raise Invalid(
            f"This may be {meant}. Choose the one that is meant.", field="birth_date", code="which-date", choices=found
        )
    return found[0]


def date_words(day: date) -> str:
    """`4 Mar 1978`, which nobody reads in two ways."""
    return f"{day.day} {day:%b} {day.year}"


def _parts(text: str, *, day_first: bool | None) -> Iterator[Parts]:
    """(year as typed, month, day) for every way to read the text."""
    if match := YEAR_FIRST.fullmatch(text):
        yield match[1], int(match[2]), int(match[3])
    elif match := YEAR_LAST.fullmatch(text):
        yield from _both(match[3], int(match[1]), int(match[2]), day_first=day_first)
    elif DIGITS.fullmatch(text):
        yield text[:4], int(text[4:6]), int(text[6:])
        yield from _both(text[4:], int(text[:2]), int(text[2:4]), day_first=day_first)
    else:
        yield from _worded(text)


def _both(year: str, first: int, second: int, *, day_first: bool | None) -> Iterator[Parts]:
    if day_first is not True:
        yield year, first, second
    if day_first is not False:
        yield year, second, first


def _worded(text: str) -> Iterator[Parts]:
    if match := DAY_WORD.fullmatch(text):
        year, word, day = match[3], match[2], match[1]
    elif match := WORD_DAY.fullmatch(text):
        year, word, day = match[3], match[1], match[2]
    elif match := WORD_YEARS.fullmatch(text):
        year, word, day = match[1], match[2], match[3]
    else:
        return
    if word[:3] in MONTHS:
        yield year, MONTHS[word[:3]], int(day)


def _years(typed: str, today: date) -> list[int]:
    if len(typed) == 4:
        return [int(typed)]
    century = today.year // 100 * 100
    return [century - 100 + int(typed), century + int(typed)]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= OLDEST else None
    except ValueError:
        return None
