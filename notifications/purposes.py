"""Which messages a clinic sends at all: by purpose, for all its visits or for one type of visit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from config.audit.acting import recorded
from config.refusals import Invalid
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from notifications.models import Purpose, PurposeSwitch
from notifications.models.switches import HOURS_BEFORE
from scheduling.models import VisitType

# Reminders went out before there was a switch. The rest a clinic takes up when it has looked at the words.
ON = frozenset({Purpose.REMINDER})
OFF = "The clinic does not send these any more."
# When questions are sent, where a clinic has not said it: two days before the visit.
USUAL_HOURS = 48


@dataclass(frozen=True)
class Switches:
    """All switches of the installation, read once."""

    rows: dict[tuple[UUID, UUID | None, str], PurposeSwitch]

    @classmethod
    def read(cls) -> Self:
        """As they stand. One query."""
        return cls({(row.clinic_id, row.visit_type_id, row.purpose): row for row in PurposeSwitch.objects.all()})

    def is_on(self, clinic_id: UUID, visit_type_id: UUID | None, purpose: str) -> bool:
        """Whether messages of this purpose go out about visits of this type."""
        row = self._counts(clinic_id, visit_type_id, purpose)
        return bool(row.on) if row else purpose in ON

    def since(self, clinic_id: UUID, visit_type_id: UUID | None, purpose: str) -> datetime | None:
        """Since when somebody decided so; None where nobody did."""
        row = self._counts(clinic_id, visit_type_id, purpose)
        return row.since if row else None

    def said(self, clinic_id: UUID, visit_type_id: UUID | None, purpose: str) -> bool | None:
        """What is said of just this type, or of the clinic; None for nothing."""
        row = self.rows.get((clinic_id, visit_type_id, purpose))
        return row.on if row else None

    def hours_before(self, clinic_id: UUID) -> int:
        """How many hours before a visit this clinic sends its questions."""
        row = self.rows.get((clinic_id, None, Purpose.QUESTIONS))
        return USUAL_HOURS if row is None or row.hours_before is None else row.hours_before

    def ever_on(self, purposes: Collection[str]) -> bool:
        """Whether somebody, somewhere, ever decided anything about one of these."""
        return any(purpose in purposes for _, _, purpose in self.rows)

    def where_on(self, purpose: str) -> set[UUID]:
        """The clinics in which somebody switched messages of this purpose on, for all visits or for a type."""
        return {clinic for (clinic, _, kind), row in self.rows.items() if kind == purpose and row.on}

    def _counts(self, clinic_id: UUID, visit_type_id: UUID | None, purpose: str) -> PurposeSwitch | None:
        own = self.rows.get((clinic_id, visit_type_id, purpose))
        if own is not None and own.on is not None:
            return own
        return self.rows.get((clinic_id, None, purpose))


def switch_purpose(
    *, clinic: Clinic, purpose: str, on: bool | None, visit_type: VisitType | None = None, by: User, now: datetime
) -> PurposeSwitch:
    """Let messages of a purpose go out or not. For a type of visit `on` may be None: as for all of the clinic's.

    Raises Invalid for a purpose or a type that the clinic does not have.
    """
    require(by, Permission.MANAGE_CLINIC)
    if purpose not in set(Purpose):
        raise Invalid("There is no such purpose.", field="purpose")
    if visit_type is not None and visit_type.clinic_id != clinic.pk:
        raise Invalid("There is no such type of visit at this clinic.", field="visit_type")
    if visit_type is None and on is None:
        raise Invalid("Say whether it is on or off.", field="on")
    with recorded(by=by):
        row = _row(clinic, visit_type, purpose)
        if row._state.adding or row.on != on:
            row.on, row.since, row.by = on, now, by
            row.save()
    return row


def ask_before(*, clinic: Clinic, hours: int, by: User, now: datetime) -> PurposeSwitch:
    """Send the questions so many hours before a visit, by the clock on the clinic's wall. Raises Invalid (`hours`)."""
    require(by, Permission.MANAGE_CLINIC)
    least, most = HOURS_BEFORE
    if not least <= hours <= most:
        raise Invalid(f"From {least} to {most} hours before the visit.", field="hours")
    with recorded(by=by):
        row = _row(clinic, None, Purpose.QUESTIONS)
        if row._state.adding:
            row.on, row.since, row.by = False, now, by
        if row._state.adding or row.hours_before != hours:
            row.hours_before = hours
            row.save()
    return row


def _row(clinic: Clinic, visit_type: VisitType | None, purpose: str) -> PurposeSwitch:
    """What stands of this, or a new row for it; nobody else writes one at the same time."""
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    same = {"clinic": clinic, "visit_type": visit_type, "purpose": purpose}
    return PurposeSwitch.objects.filter(**same).first() or PurposeSwitch(**same)
