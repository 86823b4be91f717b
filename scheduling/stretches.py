"""Stretches of a day, from one time on the clinic's wall to another: what makes sense, and how they are said."""

from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise

from config.refusals import Invalid
from scheduling.hours import Stretch

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def check_weekday(weekday: object) -> None:
    """Raise Invalid unless it is a weekday's number, Monday 0."""
    if not isinstance(weekday, int) or not 0 <= weekday <= 6:
        raise Invalid("Weekdays count from 0, Monday, to 6.", field="weekday")


def check_stretches(spans: Sequence[Stretch], *, opens: str = "Opening", closes: str = "closing") -> list[Stretch]:
    """The stretches of one day in order. Raises Invalid (spans) when one is backwards, off the grid or overlaps."""
    for begin, end in spans:
        if begin >= end:
            raise Invalid(f"{opens} must come before {closes}.", field="spans")
        if any(at.minute % 5 or at.second or at.microsecond for at in (begin, end)):
            raise Invalid("Hours are given in steps of five minutes.", field="spans")
    ordered = sorted(spans)
    if any(after[0] < before[1] for before, after in pairwise(ordered)):
        raise Invalid("Two stretches of the same day overlap.", field="spans")
    return ordered


def check_reason(reason: str, *, why: str = "") -> str:
    """The reason without blanks around it. Raises Invalid (reason) when it is too long, or left out though `why`."""
    tidy = " ".join(reason.split())
    if why and not tidy:
        raise Invalid(why, field="reason")
    if len(tidy) > 120:
        raise Invalid("A reason has at most 120 characters.", field="reason")
    return tidy


def check_to_come(day: date, today: date, *, field: str = "day") -> None:
    """Raise Invalid for a day that is past."""
    if day < today:
        raise Invalid("That day is past; what was then stays as it was.", field=field)


def stretches_words(spans: Sequence[tuple[time, time]]) -> str:
    """`08:00 to 12:00 and 13:00 to 18:00`."""
    return " and ".join(f"{begin:%H:%M} to {end:%H:%M}" for begin, end in spans)
