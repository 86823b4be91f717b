"""What one press at the planner came to, as plain values between the view and its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from infusions.planning import NOTHING, Choice, Plan
from infusions.readiness import Obstacle
from scheduling.wall_clock import day_words


@dataclass(frozen=True)
class DayWish:
    """A day of the desk's choice for one visit: the start found there, or why not. `ask`: a prescriber may allow it."""

    number: int
    day: date | None
    choice: Choice | None = None
    refusal: str = ""
    ask: bool = False

    @property
    def day_words(self) -> str:
        return day_words(self.day) if self.day else ""


@dataclass(frozen=True)
class Shown:
    """What one press came to. `kept`: the plan before, when `failure` says why there is no new one."""

    plan: Plan = NOTHING
    obstacles: Sequence[Obstacle] = ()
    failure: str = ""
    failed: int | None = None
    refusal: str = ""
    kept: Plan = NOTHING
    day: DayWish | None = None
    asked: str = ""
