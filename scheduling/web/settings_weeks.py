"""A week as it will be: each day's hours with what makes it differ, and who works when. Clock changes are said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from config.http.pages import StaffRequest
from scheduling import hours
from scheduling.hours import Hours
from scheduling.models import Resource
from scheduling.rotas import ALL_DAY
from scheduling.stretches import stretches_words
from scheduling.wall_clock import STEP, at_step, dated, day_start, day_words, step_of

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class DayShown:
    """One day: `spans` in words (empty: closed), why it differs, what the clocks do, how long it is open in truth."""

    day: date
    name: str
    spans: str
    note: str
    clocks: str
    is_today: bool
    is_past: bool


def week_shown(request: StaffRequest, today: date, tab: str) -> dict[str, Any]:
    """The week that `?week=` asks for, else this one: its days, and the addresses of its neighbours."""
    monday = _monday(request.GET.get("week", ""), today)
    url = reverse(tab)
    read = hours.load(clinic=request.user.clinic, first=monday, last=monday + 6 * DAY)
    return {
        "week_of": dated(monday),
        "week_days": [_shown(read, monday + n * DAY, today) for n in range(7)],
        "week_before": f"{url}?week={monday - WEEK}",
        "week_after": f"{url}?week={monday + WEEK}",
        "this_week": "" if monday <= today < monday + WEEK else url,
        "hours": read,
    }


def _monday(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        return today - timedelta(days=today.weekday())


def _shown(read: Hours, day: date, today: date) -> DayShown:
    spans, clocks = read.stretches(day), clock_words(day, read.zone)
    note = ""
    if day in read.closures:
        note = read.closures[day]
    elif day in read.open_days:
        note = "Hours of its own"
    if clocks and spans:
        clocks += f" Open for {_length(read.mask(day))}."
    return DayShown(day, day_words(day), stretches_words(spans), note, clocks, day == today, day < today)


def _length(mask: int) -> str:
    """`10 h`, `9 h 30 min`"""
    whole, minutes = divmod(mask.bit_count() * 5, 60)
    return f"{whole} h {minutes} min" if minutes else f"{whole} h"


def clock_words(day: date, zone: ZoneInfo) -> str:
    """What the clocks do on that day; empty on all days but two of the year, if at all."""
    first, last = step_of(day_start(day, zone)), step_of(day_start(day + DAY, zone))
    offsets = [at_step(step).astimezone(zone).utcoffset() for step in (first, last)]
    if offsets[0] == offsets[1]:
        return ""
    turn = next(step for step in range(first + 1, last + 1) if at_step(step).astimezone(zone).utcoffset() != offsets[0])
    before = (at_step(turn - 1) + STEP).astimezone(zone)
    shown = (at_step(turn - 1).astimezone(zone).replace(tzinfo=None) + STEP).time()
    way = "forward" if (offsets[1] or timedelta()) > (offsets[0] or timedelta()) else "back"
    return f"The clocks go {way} at {shown:%H:%M} to {before:%H:%M}."


def rota_rows(read: Hours, people: Sequence[Resource], days: Sequence[DayShown]) -> list[dict[str, Any]]:
    """Who works when in a week: for each person a cell a day."""
    return [
        {
            "person": person,
            "url": reverse("settings-person", args=[person.staff_id]),
            "cells": _cells(read, person, days),
        }
        for person in people
    ]


def _cells(read: Hours, person: Resource, days: Sequence[DayShown]) -> list[dict[str, str]]:
    return [_cell(read, person, shown.day) for shown in days]


def _cell(read: Hours, person: Resource, day: date) -> dict[str, str]:
    rota = read.rotas.get(person.number)
    spans = read.duty(person.number, day)
    if rota and any(first <= day <= last for first, last in rota.off):
        return {"words": "Time off", "look": "off"}
    if spans is None or spans == [ALL_DAY]:
        return {"words": "Open hours" if read.stretches(day) else "", "look": "open"}
    differs = rota is not None and day in rota.days
    return {"words": stretches_words(spans) or "Off", "look": "differs" if differs else ""}
