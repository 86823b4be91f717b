"""The clinic's own lines of the discharge checklist, as they are kept with a discharge: in the words of that day."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from config.refusals import Invalid
from config.staff.models import Clinic
from infusions import listing
from infusions.models import DischargeItem


def answered(*, clinic: Clinic, met: Mapping[UUID, bool | None]) -> list[dict[str, Any]] | None:
    """Each line of the list as it stands, `met` True, False (open) or None (not looked at); None for an empty list.

    Raises Invalid (clinic_items) for a line that is not on the list.
    """
    lines = listing.items(DischargeItem, clinic=clinic)
    if set(met) - {line.pk for line in lines}:
        raise Invalid("There is no such line on the clinic's list. Look at the list again.", field="clinic_items")
    return [{"item": str(line.pk), "wording": line.wording, "met": met.get(line.pk)} for line in lines] or None
