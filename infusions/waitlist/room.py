"""The free stretch that a place belongs to, and who has room in it: exact, through `scheduling.availability`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from infusions.models import WaitlistEntry
from infusions.waitlist.places import Place
from scheduling.availability import load
from scheduling.bits import nearest, ones, starts
from scheduling.resources import Limits
from scheduling.shape import Shape
from scheduling.wall_clock import at_step, step_of
from scheduling.window import Window


@dataclass(frozen=True)
class Room:
    """The clinic day of a place, its one chair and everybody on duty. Steps are the window's."""

    place: Place
    window: Window
    now: datetime
    exactly: bool = False

    @classmethod
    def read(cls, place: Place, now: datetime, but: Iterable[UUID]) -> "Room":
        """Three queries. `but`: visits that are not in the way."""
        day = place.start.astimezone(place.clinic.tz).date()
        window = load(clinic=place.clinic, first=day, last=day, now=now, only=[place.chair.pk], except_for=but)
        return cls(place, window, now)

    def possible(self, limits: Limits | None, visits: Sequence[tuple[datetime, datetime]]) -> int:
        """The steps inside a patient's own days and hours at which they have no other visit."""
        free = self.window.within(limits.stretch, limits.days) if limits else ones(0, self.window.size)
        for start, end in visits:
            free &= ~ones(max(0, step_of(start) - self.window.base), max(0, step_of(end) - self.window.base))
        return free

    def best_start(self, shape: Shape, when: int, entry: WaitlistEntry) -> datetime | str:
        """The start nearest to the place's own that takes some of its time, a wished one if there is any; or why there
        is none."""
        near = self._near(shape)
        found = self.window.starts(shape, now=self.now, within=when) & near
        if not found:
            return self._why_not(shape, when, near)
        wished = found & starts(self._wished(entry), shape.minutes // 5)
        step = nearest(wished or found, step_of(self.place.start) - self.window.base)
        return at_step(self.window.base + (step or 0)).astimezone(self.place.clinic.tz)

    def _near(self, shape: Shape) -> int:
        """Starts of a visit that would take some of the freed time; or the place's own alone."""
        first, end = (step_of(moment) - self.window.base for moment in (self.place.start, self.place.end))
        return ones(first, first + 1) if self.exactly else ones(max(0, first - shape.minutes // 5 + 1), end)

    def _wished(self, entry: WaitlistEntry) -> int:
        wished = Limits(frozenset(entry.weekdays), entry.time_from, entry.time_until)
        return self.window.within(wished.stretch, wished.days)

    def _why_not(self, shape: Shape, when: int, near: int) -> str:
        window, steps = self.window, shape.minutes // 5
        if shape.chair_kind not in ("", self.place.chair.kind):
            return f"Needs a {shape.chair_kind}; {self.place.chair.name} is none."
        if not window.chair_starts(shape, window.open) & near & window.from_now(self.now):
            return f"Needs {shape.minutes} minutes; {self._free_minutes()} are free."
        if not window.chair_starts(shape, window.open & when) & near & starts(when, steps):
            return "Cannot come then: their own days and hours, or another visit of theirs."
        if not window.nurse_starts(shape) & near:
            return "No nurse has room then."
        return "Somebody or something else that this visit needs is not free then."

    def _free_minutes(self) -> int:
        """How long the chair is free around the beginning of the place, while the clinic is open."""
        free = self.window.open & self.window.from_now(self.now)
        for chair in self.window.chairs:
            free &= chair.free
        at = step_of(self.place.start) - self.window.base
        if not free >> at & 1:
            return 0
        before = at - (~free & ones(0, at)).bit_length()
        after = ~(free >> at)
        return 5 * (before + (after & -after).bit_length() - 1)
