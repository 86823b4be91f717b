"""Write the people of a file. Each stands or falls alone; the same file again changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid, Refused
from config.staff.models import Clinic
from patients import allergies
from patients.importing.rows import Row
from patients.models import Patient
from patients.person import cleaned
from patients.register import amend, record_death, register

# A detail that makes no sense does not keep the person out: they are brought in without it, and it is reported.
MAY_BE_LEFT_OUT = ("email", "mobile", "emergency_contact_phone")
BY = SystemJob.IMPORT
Say = Callable[[str], None]


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class Report:
    """What became of all rows, and where the record numbers were first seen."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    first_seen: dict[str, str] = field(default_factory=dict)

    def summary(self) -> str:
        """One line, for people and for scripts."""
        return ", ".join(f"{self.counts[outcome]} {outcome}" for outcome in Outcome)


def bring_in(*, clinic: Clinic, rows: Iterable[Row], now: datetime, say: Say) -> Report:
    """Write all rows; `say` hears one line for each that was refused, or that lost a detail."""
    report = Report()
    for row in rows:
        outcome = _outcome(clinic, row, now, report, say)
        report.counts[outcome] += 1
    return report


def _outcome(clinic: Clinic, row: Row, now: datetime, report: Report, say: Say) -> Outcome:
    try:
        _known_once(row, report)
        with recorded(by=BY, reason="import"):
            outcome = _write(clinic, row, now)
    except Refused as refusal:
        say(f"{row.place}: refused: {_why(refusal)}")
        return Outcome.REFUSED
    for note in row.notes:
        say(f"{row.place}: {note}")
    return outcome


def _known_once(row: Row, report: Report) -> None:
    if row.problem:
        raise Invalid(row.problem)
    if not row.record_number:
        raise Invalid("no record number, which is what tells people apart the next time")
    first = report.first_seen.setdefault(row.record_number, row.place)
    if first != row.place:
        raise Invalid(f"the record number stands on {first} already")


def _write(clinic: Clinic, row: Row, now: datetime) -> Outcome:
    person = _usable(clinic, row, now)
    found = Patient.objects.select_for_update().filter(clinic=clinic, record_number=row.record_number).first()
    if found is None:
        found = register(clinic=clinic, by=BY, now=now, record_number=row.record_number, **person)
        outcome = Outcome.CREATED
    else:
        outcome = Outcome.UPDATED if _amended(found, person, now) else Outcome.UNCHANGED
    changed = _died(found, row)
    changed |= allergies.bring_in(patient=Patient.objects.get(pk=found.pk), entries=row.allergies) > 0
    return Outcome.UPDATED if changed and outcome == Outcome.UNCHANGED else outcome


def _usable(clinic: Clinic, row: Row, now: datetime) -> dict[str, Any]:
    """The particulars, without the details that make no sense."""
    person = dict(row.person)
    try:
        return cleaned(person, model=Patient, today=clinic.today(now))
    except Invalid as refusal:
        if set(refusal.errors) - set(MAY_BE_LEFT_OUT):
            raise
        for name, texts in refusal.errors.items():
            row.notes.append(f"{name} was left out: {' '.join(texts)}")
            del person[name]
        return cleaned(person, model=Patient, today=clinic.today(now))


def _amended(found: Patient, person: dict[str, Any], now: datetime) -> bool:
    """What the file does not say stays as it is."""
    if found.merged_into_id:
        raise Invalid("this record was merged into another one")
    changes = {
        name: value for name, value in person.items() if value not in ("", None) and getattr(found, name) != value
    }
    if changes:
        amend(patient_id=found.pk, version=None, by=BY, now=now, **changes)
    return bool(changes)


def _died(found: Patient, row: Row) -> bool:
    """A file may tell of a death; it never brings anybody back to life."""
    if not row.deceased or (found.deceased and (found.deceased_on or row.deceased_on is None)):
        return False
    record_death(patient_id=found.pk, on=row.deceased_on, by=BY)
    return True


def _why(refusal: Refused) -> str:
    if not refusal.errors:
        return refusal.message
    return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in refusal.errors.items())
