"""Why a visit of a proposal is not on the wished day or at the wished time: in words, from the same bits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from scheduling.bits import each, ones, starts
from scheduling.shape import Shape
from scheduling.wall_clock import day_words
from scheduling.window import Window

Find = Callable[[], int]


@dataclass(frozen=True)
class Asked:
    """A window and what was wished in it: the steps inside the days and hours `wished`, and the patient's `own`."""

    window: Window
    shape: Shape
    wished: int
    own: int
    weekdays: frozenset[int]
    at: time | None
    now: datetime

    def _whole(self, bits: int) -> int:
        """Starts at which all of the visit lies within."""
        return starts(bits, self.shape.minutes // 5)

    @property
    def within(self) -> int:
        """The steps that may be used."""
        return self.wished & self.own

    @property
    def inside(self) -> int:
        """Starts to come at which the visit lies within opening hours and all limits."""
        return self.inside_of(self.within)

    def inside_of(self, steps: int) -> int:
        """Starts to come at which the visit lies within opening hours and these steps."""
        return self._whole(self.window.open & steps) & self.window.from_now(self.now)

    @property
    def hours(self) -> list[tuple[str, Find]]:
        """What the clock alone decides, in the order in which it is told."""
        window = self.window
        return [
            ("time left", lambda: window.from_now(self.now)),
            ("opening long enough", lambda: self._whole(window.open)),
            ("time within the hours asked for", lambda: self._whole(window.open & self.wished)),
            ("time when the patient can come", lambda: self._whole(window.open & self.within)),
        ]

    @property
    def needs(self) -> list[tuple[str, Find]]:
        """What a visit needs besides an open door, in the order in which it is told."""
        window, shape = self.window, self.shape
        return [
            ("chair", lambda: window.chair_starts(shape, window.open)),
            ("nurse lane", lambda: window.nurse_starts(shape)),
            ("clinician", lambda: window.clinician_starts(shape)),
            ("recovery place", lambda: window.recovery_starts(shape)),
        ]

    def patient(self) -> int:
        """Starts at which the patient has no other visit."""
        return self._whole(self.window.patient)


def verdict(asked: Asked, *, days: int, chosen: int, start: datetime) -> str:
    """What stood in the way of the wished day, then of the wished time; empty when the visit is as wished.

    `days` are those that keep the gaps, `chosen` the one it is on.
    """
    told = [_of_day(asked, days, chosen), _of_time(asked, chosen, start)]
    return "; ".join(filter(None, told))


def _of_day(asked: Asked, days: int, chosen: int) -> str:
    if not asked.weekdays:
        earlier = [day for day in each(days) if day < chosen]
        return why_not(asked, earlier[0]) if earlier else ""
    if asked.window.days[chosen].weekday() in asked.weekdays:
        return ""
    wished = [day for day in each(days) if asked.window.days[day].weekday() in asked.weekdays]
    if not wished:
        return "no such weekday within the gaps"
    return why_not(asked, min(wished, key=lambda day: abs(day - chosen)))


def why_not(asked: Asked, day: int) -> str:
    """Why nothing begins on that day; empty when something could."""
    window = asked.window
    on = day_words(window.days[day])

    def here(bits: int) -> int:
        return window.of_day(bits, day)

    if not window.hours.stretches(window.days[day]):
        return f"{on}: clinic closed"
    left = asked.inside
    for steps, told in (
        (-1, "not open long enough"),
        (asked.wished, "not open long enough at the times asked for"),
        (asked.within, "the patient cannot come then"),
    ):
        if not here(asked.inside_of(steps)):
            return f"{on}: {told}"
    for what, find in asked.needs:
        if not here(left & find()):
            return f"{on}: no {what}"
    if not here(left & asked.patient()):
        return f"{on}: the patient has another visit"
    return "" if here(window.starts(asked.shape, now=asked.now, within=asked.within)) else f"{on}: nothing at one time"


def _of_time(asked: Asked, day: int, start: datetime) -> str:
    if asked.at is None or (start.hour, start.minute) == (asked.at.hour, asked.at.minute):
        return ""
    step = asked.window.step_at(day, asked.at)
    if step is None:
        return f"{asked.at:%H:%M} does not exist that day"
    is_later = start.time() > asked.at
    for what, find in [*asked.hours, *asked.needs]:
        bits = find()
        if not bits >> step & 1:
            return _bound(asked, what, bits, day, step, is_later=is_later)
    if not asked.patient() >> step & 1:
        return f"the patient has another visit at {asked.at:%H:%M}"
    if asked.window.starts(asked.shape, now=asked.now, within=asked.within) >> step & 1:
        return ""
    return f"nothing free together at {asked.at:%H:%M}"


def _bound(asked: Asked, what: str, bits: int, day: int, step: int, *, is_later: bool) -> str:
    """`no chair until 10:30` or `no nurse lane after 14:00`: the nearest start on that side that has one."""
    window = asked.window
    first, end = window.bounds[day], window.bounds[day + 1]
    side = bits & (ones(step, end) if is_later else ones(first, step))
    found = list(window.instants(side, day))
    if not found:
        return f"no {what} at {asked.at:%H:%M}"
    return f"no {what} until {found[0]:%H:%M}" if is_later else f"no {what} after {found[-1]:%H:%M}"
