"""Addresses of pages that live on floors above: linked by name, and left out where they do not exist."""

from datetime import date

from django.urls import NoReverseMatch, reverse

MOVE, OPEN_VISIT, PATIENT = "appointment-move", "visit-open", "patient"


def address(name: str, *args: object) -> str:
    """The address under that name, or nothing."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class DayConverter:
    """A clinic day in an address: `2026-11-23`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()
