"""The one door for when a clinic is open: its week, the days on which it is closed, and those on which it differs.

A closed day goes before a one-day opening, a one-day opening before the week. `now` None: by the clock, and days of
the past may be written, as the set-up of a clinic does.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from simple_history.utils import bulk_create_with_history

from config.audit.acting import Actor
from config.refusals import Clash, Invalid, NotFound, Stale
from config.staff.models import Clinic
from scheduling.hours import Stretch
from scheduling.models import Closure, OpenDay, OpeningHours
from scheduling.stretches import check_reason, check_stretches, check_to_come, check_weekday
from scheduling.touched import Changed, changing

Week = dict[int, list[Stretch]]


def week_of(clinic: Clinic) -> Week:
    """The stretches of each weekday, Monday 0; a day without any is closed."""
    found: Week = {weekday: [] for weekday in range(7)}
    for row in OpeningHours.objects.filter(clinic=clinic).order_by("weekday", "opens"):
        found[row.weekday].append((row.opens, row.closes))
    return found


def set_hours(
    *, clinic: Clinic, weekday: int, spans: Sequence[Stretch], by: Actor, now: datetime | None = None
) -> Changed[Week]:
    """The opening hours of one weekday (Monday 0) in clinic wall time, in place of those before. None: closed."""
    return set_week(clinic=clinic, week={weekday: spans}, by=by, now=now)


def set_week(
    *,
    clinic: Clinic,
    week: Mapping[int, Sequence[Stretch]],
    by: Actor,
    now: datetime | None = None,
    seen: Mapping[int, Sequence[Stretch]] | None = None,
) -> Changed[Week]:
    """The hours of the weekdays that are named. `seen`: the week as the sender read it; raises Stale if it changed."""
    wanted = _checked(week)
    with changing(clinic=clinic, by=by, now=now) as touched:
        Clinic.locked(clinic.pk)
        stands = week_of(clinic)
        if seen is not None and any(list(map(tuple, seen.get(day, []))) != stands[day] for day in stands):
            raise Stale("Somebody else changed the hours in the meantime. Look at both and save again.")
        changed = {weekday: spans for weekday, spans in wanted.items() if stands[weekday] != spans}
        OpeningHours.objects.filter(clinic=clinic, weekday__in=changed).delete()
        rows = [
            OpeningHours(clinic=clinic, weekday=weekday, opens=opens, closes=closes)
            for weekday, spans in changed.items()
            for opens, closes in spans
        ]
        bulk_create_with_history(rows, OpeningHours)
    return Changed({**stands, **changed}, touched)


def _checked(week: Mapping[int, Sequence[Stretch]]) -> Week:
    found: Week = {}
    for weekday, spans in week.items():
        check_weekday(weekday)
        found[weekday] = check_stretches(spans)
    return found


def close_day(*, clinic: Clinic, day: date, reason: str, by: Actor, now: datetime | None = None) -> Changed[Closure]:
    """Let nothing be booked on that day. Visits that are booked stay; each gets a task."""
    reason = check_reason(reason, why="Say why the clinic is closed; the board shows it.")
    _check_day(clinic, day, now)
    with changing(clinic=clinic, by=by, now=now, first=day, last=day) as touched:
        Clinic.locked(clinic.pk)
        if Closure.objects.filter(clinic=clinic, day=day).exists():
            raise Clash("The clinic is closed on that day already.", field="day")
        closure = Closure(clinic=clinic, day=day, reason=reason)
        closure.save()
    return Changed(closure, touched)


def reopen_day(*, clinic: Clinic, day: date, by: Actor, now: datetime | None = None, reason: str = "") -> Changed[None]:
    """Take a closure back; tasks about visits that fit again are withdrawn."""
    with changing(clinic=clinic, by=by, now=now, first=day, last=day, reason=reason) as touched:
        closure = Closure.objects.select_for_update().filter(clinic=clinic, day=day).first()
        if closure is None:
            raise NotFound("The clinic is not closed on that day.")
        closure.delete()
    return Changed(None, touched)


def open_day(
    *, clinic: Clinic, day: date, spans: Sequence[Stretch], by: Actor, now: datetime | None = None
) -> Changed[list[OpenDay]]:
    """Hours for that one day, in place of the weekday's. Raises Clash while the day is closed."""
    spans = check_stretches(spans)
    if not spans:
        raise Invalid("Give the hours of that day. To open not at all, close the day.", field="spans")
    _check_day(clinic, day, now)
    with changing(clinic=clinic, by=by, now=now, first=day, last=day) as touched:
        Clinic.locked(clinic.pk)
        if Closure.objects.filter(clinic=clinic, day=day).exists():
            raise Clash("The clinic is closed on that day. Take the closure back first.", field="day")
        OpenDay.objects.filter(clinic=clinic, day=day).delete()
        rows = [OpenDay(clinic=clinic, day=day, opens=opens, closes=closes) for opens, closes in spans]
        bulk_create_with_history(rows, OpenDay)
    return Changed(rows, touched)


def drop_open_day(*, clinic: Clinic, day: date, by: Actor, now: datetime | None = None) -> Changed[None]:
    """Back to the hours of the weekday."""
    with changing(clinic=clinic, by=by, now=now, first=day, last=day) as touched:
        Clinic.locked(clinic.pk)
        gone, _ = OpenDay.objects.filter(clinic=clinic, day=day).delete()
        if not gone:
            raise NotFound("That day has no hours of its own.")
    return Changed(None, touched)


def _check_day(clinic: Clinic, day: date, now: datetime | None) -> None:
    if now is not None:
        check_to_come(day, clinic.today(now))
