"""Why a series cannot be: which visit has no place, what is in the way, and what would help. In words."""

from datetime import date
from typing import Protocol

from scheduling.availability import Window
from scheduling.bits import ones, shifted, starts
from scheduling.chain import Gaps, reaches
from scheduling.wall_clock import day_words


class Asked(Protocol):
    """What of a wish matters here."""

    @property
    def count(self) -> int: ...
    @property
    def gaps(self) -> Gaps: ...
    @property
    def minutes(self) -> int: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


def why_none(*, window: Window, within: int, wish: Asked, possible: int) -> str:
    """The first visit that has no place after all the places of those before it, and why."""
    size = len(window.days)
    first = ones(0, (wish.last - wish.first).days + 1)
    reached = reaches(possible=possible, first=first, count=wish.count, gaps=wish.gaps, size=size)
    nth = next(n for n, days in enumerate(reached) if not days)
    wanted = (
        shifted(reached[nth - 1], wish.gaps.least, wish.gaps.most) & ones(0, size) if nth else first & ones(0, size)
    )
    if not wanted:
        return f"Visit {nth + 1} would lie beyond the 26 weeks that can be planned. Plan fewer visits now."
    days = [day for n, day in enumerate(window.days) if wanted >> n & 1]
    span = day_words(days[0]) if len(days) == 1 else f"from {day_words(days[0])} to {day_words(days[-1])}"
    return f"Visit {nth + 1} of {wish.count} has no place {span}: {_reason(window, within, wish, wanted)} {HELP}"


HELP = "Other days or times, longer hours or another first date would help; a larger gap needs the prescriber."


def _reason(window: Window, within: int, wish: Asked, wanted: int) -> str:
    asked = sum(ones(window.bounds[n], window.bounds[n + 1]) for n in range(len(window.days)) if wanted >> n & 1)
    steps = wish.minutes // 5
    possible = window.open & within & asked
    if not window.open & asked:
        return "the clinic is closed then."
    if not starts(possible, steps):
        return f"the clinic is not open for {wish.minutes} minutes on the days and at the times asked for."
    if not window.chair_starts(wish.minutes, possible):
        return f"no chair is free for {wish.minutes} minutes."
    if not window.nurse_starts(wish.minutes) & starts(possible, steps):
        return "no nurse has room."
    if not starts(window.patient & possible, steps):
        return "the patient has other visits."
    return "no chair and nurse are free at the same time."
