"""The log of a period as it is handed to an inspector, on paper or as a file. That it was is written down first."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from config.audit.acting import recorded
from config.audit.disclosures import disclosed
from config.audit.guards import in_words
from config.audit.models import DisclosureKind
from config.refusals import Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, can, require
from infusions.models import StorageLocation, SubstanceLogEntry
from infusions.substances.reading import RELATED, Line, lines_of, on_days
from scheduling.wall_clock import check_day


@dataclass(frozen=True)
class Inspection:
    """Every row of the days from `first` to `last`, the oldest first, those that strike others included.

    `named`: whether patients stand there by name and address, because who takes it out may see clinical records; for
    everybody else they are record numbers.
    """

    location: StorageLocation
    first: date
    last: date
    lines: list[Line]
    by: User
    at: datetime
    named: bool


def inspected(
    *, location_id: UUID, first: date, last: date, how: DisclosureKind, by: User, now: datetime
) -> Inspection:
    """Take out the log of a location. Raises NotAllowed, NotFound, Invalid by field."""
    require(by, Permission.EXPORT_SUBSTANCES)
    location = StorageLocation.objects.select_related("clinic").filter(pk=location_id, clinic=by.clinic_id).first()
    if location is None:
        raise NotFound("There is no such storage location.")
    check_day(first, field="first")
    check_day(last, field="last")
    if first > last:
        raise Invalid("The last day lies before the first.", field="last")
    with in_words(), recorded(by=by):
        what = f"Controlled-substance log of {location.name}"
        disclosed(kind=how, what=what[:120], record=location.pk, period=(first, last), by=by)
        rows = SubstanceLogEntry.objects.filter(location=location).select_related(*RELATED, "supersedes")
        found = on_days(rows, location, first, last).order_by("observed_at", "recorded_at", "id")
        lines = lines_of(found)
    return Inspection(location, first, last, lines, by, now, can(by, Permission.SEE_CLINICAL))
