"""Addresses of pages that live on floors above: linked by name, and left out where they do not exist."""

from datetime import date

from django.urls import NoReverseMatch, reverse

from scheduling.wall_clock import FIRST_YEAR, LAST_YEAR

MOVE, OPEN_VISIT, PATIENT = "appointment-move", "visit-open", "patient"
CANCEL, BESIDE = "appointment-cancel", "appointment-beside"
FREED, WAIT = "freed-place", "waitlist-join"
BLANK_SHEETS = "blank-sheets"


def address(name: str, *args: object) -> str:
    """The address under that name, or nothing."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class DayConverter:
    """A clinic day in an address: `2026-11-23`. There is no page for a year that no clinic plans for."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(value)
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()
