"""How long before a visit a clinic reminds of it, by the hours on its wall. The one door for it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from config.audit.acting import recorded
from config.refusals import Invalid
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from notifications.models import ReminderTime
from notifications.timetable import OFFSETS

AT_MOST = 4


def hours_of(clinic: Clinic) -> tuple[int, ...]:
    """The hours before a visit, the longest first."""
    return tuple(ReminderTime.objects.filter(clinic=clinic).values_list("hours", flat=True)) or OFFSETS


def all_hours() -> dict[UUID, tuple[int, ...]]:
    """Those of the clinics that have said any. One query."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for clinic, hours in ReminderTime.objects.values_list("clinic", "hours"):
        found[clinic].append(hours)
    return {clinic: tuple(hours) for clinic, hours in found.items()}


def remind_at(*, clinic: Clinic, hours: Sequence[int], by: User) -> tuple[int, ...]:
    """Remind so many hours before each visit. What is planned for other times is taken back by the next run.

    Raises Invalid (`hours`) for none, more than four, or one beyond two weeks.
    """
    require(by, Permission.MANAGE_CLINIC)
    wanted = set(hours)
    if not wanted or len(wanted) > AT_MOST:
        raise Invalid(f"Say one to {AT_MOST} times.", field="hours")
    if not all(ReminderTime.LEAST <= one <= ReminderTime.MOST for one in wanted):
        raise Invalid(f"From {ReminderTime.LEAST} to {ReminderTime.MOST} hours before the visit.", field="hours")
    with recorded(by=by):
        Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
        there = {row.hours: row for row in ReminderTime.objects.filter(clinic=clinic)}
        for gone in there.keys() - wanted:
            there[gone].delete()
        for new in wanted - there.keys():
            ReminderTime(clinic=clinic, hours=new, by=by).save(force_insert=True)
    return tuple(sorted(wanted, reverse=True))
