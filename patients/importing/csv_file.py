"""People from a CSV file: one header line, one person a line. Comma, semicolon or tab; UTF-8.

A line that is no CSV, or that opens a quote and never closes it, is one bad row; the lines after it are read.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from patients.dates import readings
from patients.importing.clinical_names import clinical_columns, words
from patients.importing.rows import BadRow, File, Row, Unreadable
from patients.models import Sex

# A field of ours, and the names that other systems give its column.
COLUMNS = {
    "record_number": ("record number", "mrn", "medical record number", "record"),
    "family_name": ("family name", "last name", "surname"),
    "given_name": ("given name", "first name", "given names"),
    "preferred_name": ("preferred name",),
    "birth_date": ("birth date", "date of birth", "dob", "birthdate"),
    "sex": ("sex", "gender"),
    "pronouns": ("pronouns",),
    "mobile": ("mobile", "phone", "mobile phone", "cell", "cell phone", "telephone", "phone number"),
    "email": ("email", "e mail", "email address"),
    "address": ("address", "street", "address line"),
    "city": ("city", "town"),
    "region": ("state", "region", "province", "state or region"),
    "postal_code": ("postal code", "zip", "zip code", "postcode"),
    "language": ("language", "preferred language"),
    "payer": ("payer", "insurance"),
    "emergency_contact_name": ("emergency contact name", "emergency contact"),
    "emergency_contact_phone": ("emergency contact phone",),
    "referrer_name": ("referring clinician", "referrer name", "referrer"),
    "deceased": ("deceased", "dead"),
    "deceased_on": ("deceased on", "date of death", "death date", "deceased date"),
    "allergies": ("allergies", "allergy"),
}
NAMES = {name: field for field, names in COLUMNS.items() for name in names}
SEXES = {"f": Sex.FEMALE, "m": Sex.MALE, "o": Sex.OTHER, "u": Sex.UNKNOWN, **{sex.value: sex for sex in Sex}}
# An address in quotes may span lines. A quote that is open for longer was never meant to be one.
MOST_LINES = 20
YES, NO = {"1", "true", "yes", "y", "t"}, {"", "0", "false", "no", "n", "f"}


def read(text: str, *, today: date) -> File:
    """Raises Unreadable for a file without the columns that tell people apart, or with clinical ones."""
    header = text.lstrip("\n\r").split("\n", 1)[0]
    records = _records(text, delimiter=max(",;\t|", key=header.count))
    first = next(records, _Record("line 1", []))
    if first.problem:
        raise Unreadable(f"The header, {first.place}, {first.problem}.")
    columns = first.cells
    found = _fields(columns)
    rows = [_row(record, columns, found, today) for record in records]
    return File(rows, [f"column {name!r} is not read" for name, field in zip(columns, found, strict=True) if not field])


def _fields(columns: list[str]) -> list[str]:
    """For each column the field that it fills, or an empty text."""
    clinical = clinical_columns(columns)
    if clinical:
        raise Unreadable(
            f"The file has columns that only a clinician fills: {', '.join(clinical)}. Nothing was imported. "
            "Take these columns out; a prescriber types the order anew."
        )
    found = [NAMES.get(" ".join(words(name)), "") for name in columns]
    missing = {"record_number", "family_name", "given_name"} - set(found)
    if missing:
        raise Unreadable(f"The file has no column for: {', '.join(sorted(missing))}.")
    twice = {field for field in found if field and found.count(field) > 1}
    if twice:
        raise Unreadable(f"The file has two columns for: {', '.join(sorted(twice))}.")
    return found


@dataclass(frozen=True)
class _Record:
    """One record, the line that it begins on, or why it cannot be read."""

    place: str
    cells: list[str]
    problem: str = ""


def _records(text: str, *, delimiter: str) -> Iterator[_Record]:
    """All records that say something."""
    lines = io.StringIO(text, newline="").readlines()
    at, expected = 0, 0
    while at < len(lines):
        place = f"line {at + 1}"
        try:
            cells, used = _record(lines, at, delimiter, expected)
        except csv.Error as error:
            yield _Record(place, [], f"is not CSV: {error}")
            used = 1
        else:
            if any(cell.strip() for cell in cells):
                expected = expected or len(cells)
                yield _Record(place, cells)
        at += used


def _record(lines: list[str], at: int, delimiter: str, expected: int) -> tuple[list[str], int]:
    """The record that begins on this line, and how many lines it takes. Raises csv.Error."""
    for used in range(1, MOST_LINES + 1):
        part = "".join(lines[at : at + used])
        try:
            cells = next(csv.reader(io.StringIO(part, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            is_open = "unexpected end" in str(error)
            if is_open and at + used < len(lines):
                continue
            if is_open or used > 1:
                break
            raise
        if used > 1 and expected and len(cells) != expected:
            break  # the quote swallowed a row of somebody else's
        return cells, used
    raise csv.Error("a quote is opened and not closed")


def _row(record: _Record, columns: list[str], fields: list[str], today: date) -> Row:
    row, cells = Row(record.place, problem=record.problem), record.cells
    if record.problem:
        return row
    try:
        if len(cells) != len(columns):
            raise BadRow(f"has {len(cells)} cells where the header has {len(columns)}")
        _fill(row, {field: cell.strip() for field, cell in zip(fields, cells, strict=True) if field}, today)
    except BadRow as problem:
        row.problem = str(problem)
    return row


def _fill(row: Row, said: dict[str, str], today: date) -> None:
    row.record_number = said.pop("record_number")
    row.deceased_on = _date(said.pop("deceased_on", ""), "deceased_on", today)
    row.deceased = _flag(said.pop("deceased", "")) or row.deceased_on is not None
    for substance in said.pop("allergies", "").split(";"):
        row.add_allergy(substance)
    row.person = {name: value for name, value in said.items() if value}
    if "birth_date" in row.person:
        row.person["birth_date"] = _date(said["birth_date"], "birth_date", today)
    if "sex" in row.person:
        row.person["sex"] = _sex(said["sex"])


def _date(text: str, field: str, today: date) -> date | None:
    if not text:
        return None
    found = readings(text, today=today)
    if len(found) != 1:
        what = "may be two dates" if found else "is not a date in the past"
        raise BadRow(f"{field} {what}; write it like 1978-03-14")
    return found[0]


def _flag(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise BadRow("deceased is neither yes nor no")
    return text.lower() in YES


def _sex(text: str) -> Sex:
    if text.lower() not in SEXES:
        raise BadRow("sex is none of female, male, other, unknown")
    return SEXES[text.lower()]
