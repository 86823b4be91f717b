"""What somebody who waits wishes: days, times of day, notice. Checked here, and put in words."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from config.refusals import Invalid
from infusions.models import WaitlistEntry
from patients.person import tidy
from scheduling.resources import DAYS
from scheduling.wall_clock import check_day, day_words, words

MOST_NOTICE = 336
WISHES = ("weekdays", "time_from", "time_until", "earliest", "latest", "notice_hours", "note")


def checked(wishes: dict[str, Any]) -> dict[str, Any]:
    """The wishes as they are kept. Raises Invalid by field."""
    unknown = set(wishes) - set(WISHES)
    if unknown:
        raise Invalid("There is no such wish.", field=min(unknown))
    first, last = wishes.get("time_from"), wishes.get("time_until")
    earliest, latest = wishes.get("earliest"), wishes.get("latest")
    _check_times(first, last)
    _check_days(earliest, latest)
    return {
        "weekdays": _weekdays(wishes.get("weekdays") or []),
        "time_from": first,
        "time_until": last,
        "earliest": earliest,
        "latest": latest,
        "notice_hours": _notice(wishes.get("notice_hours") or 0),
        "note": _note(wishes.get("note") or ""),
    }


def _weekdays(chosen: Sequence[int]) -> list[int]:
    if not set(chosen) <= set(range(7)):
        raise Invalid("Weekdays count from 0, Monday, to 6.", field="weekdays")
    return sorted(set(chosen))


def _check_times(first: time | None, last: time | None) -> None:
    for field, at in (("time_from", first), ("time_until", last)):
        if at and (at.minute % 5 or at.second or at.microsecond):
            raise Invalid("Give the time in steps of five minutes.", field=field)
    if first and last and first >= last:
        raise Invalid("The latest time must come after the earliest.", field="time_until")


def _check_days(earliest: date | None, latest: date | None) -> None:
    for field, day in (("earliest", earliest), ("latest", latest)):
        if day is not None:
            check_day(day, field=field)
    if earliest and latest and latest < earliest:
        raise Invalid("The last day comes before the first.", field="latest")


def _notice(hours: int) -> int:
    if not isinstance(hours, int) or isinstance(hours, bool) or not 0 <= hours <= MOST_NOTICE:
        raise Invalid(f"Notice is 0 to {MOST_NOTICE} whole hours.", field="notice_hours")
    return hours


def _note(text: str) -> str:
    note = tidy(text)
    if len(note) > 200:
        raise Invalid("At most 200 characters.", field="note")
    return note


def wish_words(entry: WaitlistEntry) -> list[str]:
    """What they wish, a few words each; nothing for somebody who takes any place."""
    said = [", ".join(DAYS[day] for day in entry.weekdays)] if entry.weekdays else []
    if entry.time_from:
        said.append(f"from {entry.time_from:%H:%M}")
    if entry.time_until:
        said.append(f"done by {entry.time_until:%H:%M}")
    if entry.earliest:
        said.append(f"not before {day_words(entry.earliest)}")
    if entry.latest:
        said.append(f"until {day_words(entry.latest)}")
    if entry.notice_hours:
        said.append(f"{entry.notice_hours} h notice")
    return said


def what_words(entry: WaitlistEntry) -> str:
    """What they wait for: `An infusion`, `A consult, 30 minutes`, `Earlier than Fri 27 Nov, 09:00`."""
    if entry.appointment is not None:
        return f"Earlier than {words(entry.appointment.start, entry.clinic.tz)}"
    return f"A consult, {entry.minutes} minutes" if entry.minutes else "An infusion"


def notice_ends(entry: WaitlistEntry, now: datetime) -> datetime:
    """The soonest start at which they could be told in time."""
    return now + timedelta(hours=entry.notice_hours)


def missed_wishes(entry: WaitlistEntry, start: datetime, end: datetime, now: datetime) -> list[str]:
    """The wishes that a visit at that time would not meet, in words."""
    first, last = start.astimezone(entry.clinic.tz), end.astimezone(entry.clinic.tz)
    missed = [f"wishes {', '.join(DAYS[day] for day in entry.weekdays)}"] if _is_other_day(entry, first) else []
    if entry.time_from and first.time() < entry.time_from:
        missed.append(f"wishes to come from {entry.time_from:%H:%M}")
    if entry.time_until and (last.time() > entry.time_until or last.date() != first.date()):
        missed.append(f"wishes to be done by {entry.time_until:%H:%M}")
    if entry.earliest and first.date() < entry.earliest:
        missed.append(f"not before {day_words(entry.earliest)}")
    if entry.latest and first.date() > entry.latest:
        missed.append(f"only until {day_words(entry.latest)}")
    if start < notice_ends(entry, now):
        missed.append(f"wants {entry.notice_hours} h notice")
    return missed


def _is_other_day(entry: WaitlistEntry, start: datetime) -> bool:
    return bool(entry.weekdays) and start.weekday() not in entry.weekdays
