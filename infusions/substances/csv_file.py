"""The log of a period as a file for spreadsheets: comma-separated, UTF-8, one row an entry."""

import csv
import io
from collections.abc import Callable
from datetime import datetime

from config.staff.permissions import Role
from infusions.substances.inspection import Inspection
from infusions.substances.reading import Line, value_of

# What a spreadsheet takes for the beginning of a formula, in either width, and what it skips before one.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
ESCAPED = "A value that begins with =, +, - or @ has an apostrophe before it, so that it is shown as text."
NUMBERS_ONLY = "by record number; whoever sees clinical records can export them by name and address"
AS_REGISTERED = "by record number, name and address as registered on the day of this export"

Column = tuple[str, Callable[[Line], str]]


def typed(name: str) -> Callable[[Line], str]:
    """A field as it was typed."""
    return lambda line: value_of(line.entry, name)


def described(name: str) -> Callable[[Line], str]:
    """A word of the substance's description."""
    return lambda line: str(getattr(line.entry.substance, name)) if line.entry.substance else ""


def as_text(value: str) -> str:
    """The value, so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(BEGINS_A_FORMULA) else value


def as_csv(taken: Inspection) -> str:
    """The file: what it is and who took it out, a blank line, the heads of the columns, the rows."""
    columns = _columns(taken)
    written = io.StringIO(newline="")
    sheet = csv.writer(written, lineterminator="\r\n")
    sheet.writerows([as_text(label), as_text(value)] for label, value in about(taken))
    sheet.writerow([])
    sheet.writerow([head for head, _ in columns])
    sheet.writerows([as_text(tell(line)) for _, tell in columns] for line in taken.lines)
    return written.getvalue()


def about(taken: Inspection) -> list[tuple[str, str]]:
    """What the file is, where it is of, who took it out and when."""
    place, clinic = taken.location, taken.location.clinic
    role = Role(taken.by.role).value.replace("-", " ")
    return [
        ("Controlled-substance log", place.name),
        ("Clinic", clinic.name),
        ("Address", place.address),
        ("Registration number", place.registration_number),
        ("Period", f"{taken.first.isoformat()} to {taken.last.isoformat()}, both days included"),
        ("Time zone", clinic.zone),
        ("Exported by", f"{taken.by.full_name}, {role}"),
        ("Exported at", _local(taken, taken.at)),
        ("Entries", str(len(taken.lines))),
        ("Patients", AS_REGISTERED if taken.named else NUMBERS_ONLY),
        ("Note", ESCAPED),
    ]


def _columns(taken: Inspection) -> list[Column]:
    named: list[Column] = [("Patient", _name), ("Patient's address", _address)] if taken.named else []
    return [
        ("Entry", lambda line: str(line.entry.pk)),
        ("Happened at", lambda line: _local(taken, line.entry.observed_at)),
        ("Written at", lambda line: _local(taken, line.entry.entered_at)),
        ("Kind", typed("kind")),
        ("Substance", described("name")),
        ("Form", described("form")),
        ("Strength", described("strength")),
        ("Strength unit", described("strength_unit")),
        ("Package", described("package")),
        ("Quantity", typed("quantity")),
        ("Unit", typed("quantity_unit")),
        ("Lot", typed("lot")),
        ("Expiry", typed("expiry")),
        ("Record number", lambda line: line.entry.visit.patient.record_number if line.entry.visit else ""),
        *named,
        ("Supplier", typed("supplier")),
        ("Supplier's address", typed("supplier_address")),
        ("Supplier's registration number", typed("supplier_registration")),
        ("Invoice", typed("invoice")),
        ("Recipient", typed("recipient")),
        ("Form number", typed("form_number")),
        ("Reason", typed("reason")),
        ("Counted at", typed("count_moment")),
        ("Remark", typed("remark")),
        ("Written by", lambda line: line.entry.author.signature_name),
        ("Witness", lambda line: line.entry.witness.signature_name if line.entry.witness else ""),
        ("State", _state),
        ("Corrects entry", lambda line: str(line.entry.supersedes_id or "")),
        ("Corrected because", lambda line: line.entry.correction_reason),
        ("Corrected by entry", lambda line: str(line.corrected_by.pk) if line.corrected_by else ""),
    ]


def _local(taken: Inspection, moment: datetime) -> str:
    """On the clinic's wall, with the offset, so that an hour that comes twice is told apart."""
    return moment.astimezone(taken.location.clinic.tz).isoformat(sep=" ", timespec="seconds")


def _state(line: Line) -> str:
    if line.entry.entered_in_error:
        return "strikes an entry"
    if line.corrected_by is None:
        return "stands"
    return "struck" if line.corrected_by.entered_in_error else "corrected"


def _name(line: Line) -> str:
    return line.entry.visit.patient.listed_name if line.entry.visit else ""


def _address(line: Line) -> str:
    return " ".join(line.entry.visit.patient.address.split()) if line.entry.visit else ""
