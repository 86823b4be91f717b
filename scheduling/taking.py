"""Choosing what a visit takes among what is free, and saying what is in its way. Plain values: nothing is read here.

`booking` and `series` read under the lock (`resources`), ask here, then write.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from config.refusals import Invalid
from scheduling.resources import Place, Resources, Taken
from scheduling.wall_clock import span_words, words


@dataclass(frozen=True)
class Wanted:
    """A period, and where it must be (`chair`, `nurse`) or would best be (`prefer`, ids)."""

    start: datetime
    end: datetime
    chair: UUID | None = None
    nurse: UUID | None = None
    prefer: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Seat:
    """What a visit takes: a chair, and one lane of a nurse."""

    chair: Place
    nurse: Place
    lane: int


@dataclass(frozen=True)
class Conflict:
    """Why a visit has no place. `taken` names resources and times, never patients; `free_chairs` would do instead."""

    words: str
    taken: list[dict[str, str]] = field(default_factory=list)
    free_chairs: list[dict[str, str]] = field(default_factory=list)

    @property
    def facts(self) -> dict[str, Any]:
        return {"taken": self.taken, "free_chairs": self.free_chairs}


def check_known(resources: Resources, wanted: Wanted) -> None:
    """Raise Invalid for a chair or nurse that is not the clinic's, or takes no visits now."""
    for wanted_id, places, what, field_name in (
        (wanted.chair, resources.chairs, "chair", "chair"),
        (wanted.nurse, resources.nurses, "nurse", "nurse"),
    ):
        if wanted_id is None:
            continue
        place = next((place for place in places if place.id == wanted_id), None)
        if place is None:
            raise Invalid(f"There is no such {what}.", field=field_name)
        if not place.usable:
            why = "is out of service" if what == "chair" else "does not work here any more"
            raise Invalid(f"{place.name} {why}.", field=field_name)


def seats(
    *, resources: Resources, wanted: Sequence[Wanted], taken: Iterable[Taken], zone: ZoneInfo
) -> list[Seat | Conflict]:
    """For each wanted visit a seat, or what is in the way. The visits must not overlap each other."""
    by_visit: dict[int, list[Taken]] = defaultdict(list)
    for row in taken:
        by_visit[row.visit].append(row)
    return [_seat(_View(resources, visit, by_visit[nth], zone)) for nth, visit in enumerate(wanted)]


@dataclass(frozen=True)
class _View:
    """One wanted visit and what is taken during it."""

    resources: Resources
    wanted: Wanted
    taken: list[Taken]
    zone: ZoneInfo

    def at(self, place: Place) -> list[Taken]:
        return [row for row in self.taken if row.number == place.number]

    def free_chairs(self) -> list[Place]:
        free = [chair for chair in self.resources.chairs if chair.usable and not self.at(chair)]
        return sorted(free, key=lambda chair: chair.id not in self.wanted.prefer)

    def free_lane(self, nurse: Place) -> int | None:
        busy = {row.lane for row in self.at(nurse)}
        return next((lane for lane in nurse.lanes if lane not in busy), None)

    def facts(self, what: str, name: str, rows: Iterable[Taken]) -> list[dict[str, str]]:
        return [{"what": what, "name": name, **self._times(row)} for row in rows]

    def _times(self, row: Taken) -> dict[str, str]:
        return {
            "start": row.start.astimezone(self.zone).isoformat(),
            "end": row.end.astimezone(self.zone).isoformat(),
        }

    @property
    def when(self) -> str:
        return f"{words(self.wanted.start, self.zone)} to {self.wanted.end.astimezone(self.zone):%H:%M}"


def _seat(view: _View) -> Seat | Conflict:
    own = [row for row in view.taken if row.number == view.resources.patient]
    if own:
        spans = " and ".join(span_words(row.start, row.end, view.zone) for row in own)
        return Conflict(f"The patient has another visit then: {spans}.", view.facts("patient", "The patient", own))
    chair = _chair(view)
    if isinstance(chair, Conflict):
        return chair
    return _nurse(view, chair)


def _chair(view: _View) -> Place | Conflict:
    free = view.free_chairs()
    wanted = view.wanted.chair
    if wanted is None:
        return free[0] if free else _no_chair(view)
    chair = next(chair for chair in view.resources.chairs if chair.id == wanted)
    if chair in free:
        return chair
    rows = view.at(chair)
    spans = " and ".join(span_words(row.start, row.end, view.zone) for row in rows)
    return Conflict(
        f"{chair.name} is taken {spans}." + _instead(free),
        view.facts("chair", chair.name, rows),
        [{"id": str(other.id), "name": other.name} for other in free],
    )


def _instead(free: list[Place]) -> str:
    return f" Free instead: {', '.join(place.name for place in free[:3])}." if free else ""


def _no_chair(view: _View) -> Conflict:
    usable = [chair for chair in view.resources.chairs if chair.usable]
    if not usable:
        return Conflict("No chair of this clinic is in service.")
    facts = [fact for chair in usable for fact in view.facts("chair", chair.name, view.at(chair))]
    which = f"All {len(usable)} chairs are taken" if len(usable) > 1 else f"{usable[0].name} is taken"
    return Conflict(f"{which} at some time during {view.when}.", facts)


def _nurse(view: _View, chair: Place) -> Seat | Conflict:
    wanted = view.wanted.nurse
    usable = [n for n in view.resources.nurses if n.usable and wanted in (None, n.id)]
    # The nurse of before first, then whoever watches the fewest at that time.
    for nurse in sorted(usable, key=lambda n: (n.id not in view.wanted.prefer, len(view.at(n)), n.name)):
        lane = view.free_lane(nurse)
        if lane is not None:
            return Seat(chair, nurse, lane)
    if not usable:
        return Conflict("No nurse takes visits at this clinic yet. A manager adds them.")
    facts = [fact for nurse in usable for fact in view.facts("nurse", nurse.name, view.at(nurse))]
    who = f"{usable[0].name} has no" if len(usable) == 1 else f"None of the {len(usable)} nurses has"
    return Conflict(f"{who} room for another patient all through {view.when}.", facts)
