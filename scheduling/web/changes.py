"""Changes of a visit as the clinic says them: chairs by name, times as its clock shows them."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from config.audit.reading import Change, HistoryEntry
from config.staff.models import Clinic
from scheduling.models import Chair
from scheduling.wall_clock import words

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC")


def in_clinic_words(entries: list[HistoryEntry], clinic: Clinic) -> list[HistoryEntry]:
    """The same acts, retold. One query."""
    names = {str(chair.pk): chair.name for chair in Chair.objects.filter(clinic=clinic)}
    return [replace(entry, changes=[_told(change, names, clinic) for change in entry.changes]) for entry in entries]


def _told(change: Change, names: dict[str, str], clinic: Clinic) -> Change:
    before, after = (_said(value, names, clinic) for value in (change.before, change.after))
    return replace(change, before=before, after=after)


def _said(value: str, names: dict[str, str], clinic: Clinic) -> str:
    if INSTANT.fullmatch(value):
        moment = datetime.strptime(value, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
        return words(moment, clinic.tz)
    return names.get(value, value)
