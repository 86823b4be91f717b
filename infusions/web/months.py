"""Months as the planner draws them: each day shaded by its free chair-hours, with the visits on it."""

from calendar import Calendar, month_name
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.staff.models import Clinic
from scheduling.availability import HORIZON
from scheduling.room import Room, by_day
from scheduling.wall_clock import check_day

MOST_MONTHS = 4
MONDAY_FIRST = Calendar()


@dataclass(frozen=True)
class Cell:
    """One day: its room, None when it is past; the number of the planned visit; whether a booked one stands there."""

    day: date
    room: Room | None
    number: int | None
    is_booked: bool

    @property
    def look(self) -> str:
        """The class that shades it."""
        if self.room is None:
            return "is-past"
        return "is-closed" if self.room.is_closed else f"room-{self.room.level}"

    @property
    def words(self) -> str:
        """What the shade means, and what stands there."""
        if self.room is None:
            return ""
        told = ["closed" if self.room.is_closed else f"{self.room.hours} chair-hours free"]
        told += [f"visit {self.number} of this plan"] if self.number else []
        return ", ".join([*told, *["a booked visit"] * self.is_booked])


@dataclass(frozen=True)
class Month:
    """A month by weeks, Monday first; days of other months are None."""

    name: str
    weeks: list[list[Cell | None]]


def drawn(
    clinic: Clinic, first: date, last: date, *, planned: dict[date, int], stands: set[date], now: datetime
) -> list[Month]:
    """The months from `first` to `last`, four at most."""
    check_day(first)
    found: list[date] = []
    month = first.replace(day=1)
    while month <= last and len(found) < MOST_MONTHS:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    today = clinic.today(now)
    until = min(_end(found[-1]), today + HORIZON)
    rooms = {room.day: room for room in by_day(clinic=clinic, first=today, last=until, now=now)}

    def cell(day: date) -> Cell:
        return Cell(day, rooms.get(day), planned.get(day), day in stands)

    return [_month(begins, cell, today) for begins in found]


def _end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _month(begins: date, cell: Callable[[date], Cell], today: date) -> Month:
    """The month without the weeks that are over."""
    weeks = [week for week in MONDAY_FIRST.monthdatescalendar(begins.year, begins.month) if week[-1] >= today]
    shown = [[cell(day) if day.month == begins.month else None for day in week] for week in weeks]
    return Month(f"{month_name[begins.month]} {begins.year}", shown)
