"""Which kind of file it is, and its text."""

from datetime import datetime

from config.staff.models import Clinic
from patients.importing import csv_file, fhir_file
from patients.importing.rows import File, Unreadable

KINDS = ("csv", "fhir")


def read(content: bytes, *, kind: str | None, clinic: Clinic, now: datetime) -> File:
    """The people of a file. Without `kind`, what begins like JSON is FHIR. Raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"Line {line} is not UTF-8. In a spreadsheet, save the file as “CSV UTF-8”.") from error
    if not text.strip():
        raise Unreadable("The file is empty.")
    if "\x00" in text:
        raise Unreadable("The file holds zero bytes, so it is neither CSV nor FHIR.")
    if (kind or _sniffed(text)) == "fhir":
        return fhir_file.read(text, zone=clinic.tz)
    return csv_file.read(text, today=clinic.today(now))


def _sniffed(text: str) -> str:
    return "fhir" if text.lstrip()[:1] in {"{", "["} else "csv"
