"""Choosing what a visit takes among what is free, and saying what is in its way. Plain values: nothing is read here.

`booking` and `series` read under the lock (`resources`, `hours`), ask here, then write.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from config.refusals import Invalid
from scheduling.hours import Hours
from scheduling.models.kinds import What
from scheduling.resources import Place, Resources, Taken
from scheduling.shape import Need, Shape
from scheduling.wall_clock import at_words, check_day, span_words, words


@dataclass(frozen=True)
class Wanted:
    """A visit of a shape, and where it must be (`chair`, `nurse`, `clinician`) or would best be (`prefer`, ids).

    `overbook`: a chair that is taken will do, on purpose.
    """

    start: datetime
    shape: Shape
    chair: UUID | None = None
    nurse: UUID | None = None
    clinician: UUID | None = None
    prefer: frozenset[UUID] = frozenset()
    overbook: bool = False

    def __post_init__(self) -> None:
        check_day(self.start, field="start")

    @property
    def end(self) -> datetime:
        return self.after(self.shape.minutes)

    def during(self, need: Need) -> tuple[datetime, datetime]:
        return self.after(need.first), self.after(need.end)

    def after(self, minutes: int) -> datetime:
        """So many real minutes after the start: adding to a local time would be wrong across a clock change."""
        return self.start.astimezone(UTC) + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Take:
    """One lane of one resource, from one instant to another."""

    number: int
    lane: int
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Seat:
    """What a visit takes: a chair, and whoever and whatever its spans need."""

    chair: Place
    nurse: Place | None
    clinician: Place | None
    recovery: Place | None
    takes: tuple[Take, ...]


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
    """Raise Invalid for a chair, nurse or clinician that is not the clinic's, or takes no visits now."""
    for wanted_id, places, what in (
        (wanted.chair, resources.chairs, "chair"),
        (wanted.nurse, resources.nurses, "nurse"),
        (wanted.clinician, resources.clinicians, "clinician"),
    ):
        if wanted_id is None:
            continue
        place = next((place for place in places if place.id == wanted_id), None)
        if place is None:
            raise Invalid(f"There is no such {what}.", field=what)
        if not place.usable:
            why = "is out of service" if what == "chair" else "does not work here any more"
            raise Invalid(f"{place.name} {why}.", field=what)
        if what == "chair" and wanted.shape.chair_kind not in ("", place.chair_kind):
            raise Invalid(f"{place.name} is no {wanted.shape.chair_kind}, which this visit needs.", field=what)


def seats(
    *, resources: Resources, wanted: Sequence[Wanted], taken: Iterable[Taken], hours: Hours
) -> list[Seat | Conflict]:
    """For each wanted visit a seat, or what is in the way. The visits must not overlap each other."""
    by_visit: dict[int, list[Taken]] = defaultdict(list)
    for row in taken:
        by_visit[row.visit].append(row)
    return [_seat(_View(resources, visit, by_visit[nth], hours)) for nth, visit in enumerate(wanted)]


@dataclass(frozen=True)
class _View:
    """One wanted visit and what is taken about that time."""

    resources: Resources
    wanted: Wanted
    taken: list[Taken]
    hours: Hours

    def at(self, number: int, takes: Iterable[Take], lanes: Iterable[int] | None = None) -> list[Taken]:
        """What of these lanes, or of any, is taken during any of the periods."""
        among, periods = None if lanes is None else set(lanes), list(takes)
        return [
            row
            for row in self.taken
            if row.number == number
            and (among is None or row.lane in among)
            and any(row.start < take.end and row.end > take.start for take in periods)
        ]

    def in_place(self, place: Place, what: What) -> list[Taken]:
        """Whoever is in this place when it is needed, in whichever of its lanes: one who was put beside another on
        purpose stays when that other is gone."""
        return self.at(place.number, self.takes(place, 0, what))

    def takes(self, place: Place, lane: int, *what: What) -> list[Take]:
        """The periods for which this lane is needed; the last one with the turnover after it."""
        needs = self.wanted.shape.of(*what)
        found = [Take(place.number, lane, *self.wanted.during(need)) for need in needs]
        if found and place.turnover:
            last = found[-1]
            found[-1] = Take(place.number, lane, last.start, last.end + timedelta(minutes=place.turnover))
        return found

    def works(self, person: Place, takes: Iterable[Take]) -> bool:
        return all(self.hours.works(person.number, take.start, take.end) for take in takes)

    def facts(self, what: str, name: str, rows: Iterable[Taken]) -> list[dict[str, str]]:
        return [{"what": what, "name": name, **self._times(row)} for row in rows]

    def _times(self, row: Taken) -> dict[str, str]:
        zone = self.hours.zone
        return {"start": row.start.astimezone(zone).isoformat(), "end": row.end.astimezone(zone).isoformat()}

    def spans(self, rows: Iterable[Taken]) -> str:
        return " and ".join(span_words(row.start, row.end, self.hours.zone) for row in rows)

    @property
    def when(self) -> str:
        zone = self.hours.zone
        return f"{words(self.wanted.start, zone)} to {at_words(self.wanted.end, zone)}"


def _seat(view: _View) -> Seat | Conflict:
    patient = view.resources.patient
    whole = Take(patient or 0, 0, view.wanted.start, view.wanted.end)
    own = view.at(patient, [whole]) if patient is not None else []
    if own:
        told = f"The patient has another visit then: {view.spans(own)}."
        return Conflict(told, view.facts("patient", "The patient", own))
    chosen: dict[str, tuple[Place, list[Take]] | None] = {}
    for what, choose in (("chair", _chair), ("nurse", _nurse), ("clinician", _clinician), ("recovery", _recovery)):
        found = choose(view)
        if isinstance(found, Conflict):
            return found
        chosen[what] = found
    return _whole(chosen, [whole] if patient is not None else [])


def _whole(chosen: dict[str, tuple[Place, list[Take]] | None], patient: list[Take]) -> Seat:
    places = {what: found[0] for what, found in chosen.items() if found}
    takes = [take for found in chosen.values() if found for take in found[1]]
    return Seat(
        places["chair"],
        places.get("nurse"),
        places.get("clinician"),
        places.get("recovery"),
        (*takes, *patient),
    )


_Found = tuple[Place, list[Take]] | Conflict | None


def _chair(view: _View) -> tuple[Place, list[Take]] | Conflict:
    free, wanted = _free_chairs(view), view.wanted.chair
    if wanted is None:
        return (free[0], view.takes(free[0], 0, What.CHAIR)) if free else _no_chair(view)
    chair = next(chair for chair in view.resources.chairs if chair.id == wanted)
    takes = view.takes(chair, 0, What.CHAIR)
    if chair in free:
        return chair, takes
    if view.wanted.overbook:
        return chair, view.takes(chair, _lane_beside(view, chair, takes), What.CHAIR)
    rows = view.in_place(chair, What.CHAIR)
    return Conflict(
        f"{chair.name} is taken {view.spans(rows)}." + _instead(free),
        view.facts("chair", chair.name, rows),
        [{"id": str(other.id), "name": other.name} for other in free],
    )


def _free_chairs(view: _View) -> list[Place]:
    kind = view.wanted.shape.chair_kind
    free = [
        chair
        for chair in view.resources.chairs
        if chair.usable and kind in ("", chair.chair_kind) and not view.in_place(chair, What.CHAIR)
    ]
    return sorted(free, key=lambda chair: chair.id not in view.wanted.prefer)


def _lane_beside(view: _View, chair: Place, takes: list[Take]) -> int:
    """The first lane of the chair that nobody is in then; its own, if whoever had that is gone."""
    busy = {row.lane for row in view.at(chair.number, takes)}
    return next(lane for lane in range(len(busy) + 1) if lane not in busy)


def _instead(free: list[Place]) -> str:
    return f" Free instead: {', '.join(place.name for place in free[:3])}." if free else ""


def _no_chair(view: _View) -> Conflict:
    kind = view.wanted.shape.chair_kind
    usable = [chair for chair in view.resources.chairs if chair.usable and kind in ("", chair.chair_kind)]
    if not usable:
        return Conflict(f"No {kind or 'chair'} of this clinic is in service.")
    facts = [fact for chair in usable for fact in view.facts("chair", chair.name, view.in_place(chair, What.CHAIR))]
    which = f"All {len(usable)} {kind or 'chair'}s are taken" if len(usable) > 1 else f"{usable[0].name} is taken"
    return Conflict(f"{which} at some time during {view.when}.", facts)


def _nurse(view: _View) -> _Found:
    if not view.wanted.shape.of(What.HANDS, What.WATCH):
        return None
    wanted = view.wanted.nurse
    usable = [nurse for nurse in view.resources.nurses if nurse.usable and wanted in (None, nurse.id)]
    # The nurse of before first, then whoever watches the fewest at that time.
    for nurse in sorted(usable, key=lambda one: (one.id not in view.wanted.prefer, _load(view, one), one.name)):
        takes = _of_nurse(view, nurse)
        if takes is not None:
            return nurse, takes
    return _no_nurse(view, usable)


def _load(view: _View, nurse: Place) -> int:
    return sum(row.number == nurse.number for row in view.taken)


def _of_nurse(view: _View, nurse: Place) -> list[Take] | None:
    """Her hands when they are needed, and one lane for all of the watching; None when she has not all of it."""
    hands, watch = view.takes(nurse, 0, What.HANDS), view.takes(nurse, 0, What.WATCH)
    if not view.works(nurse, [*hands, *watch]) or view.at(nurse.number, hands, [0]):
        return None
    if not watch:
        return hands
    busy = {row.lane for row in view.at(nurse.number, watch, nurse.lanes)}
    lane = next((lane for lane in nurse.lanes if lane not in busy), None)
    return None if lane is None else [*hands, *view.takes(nurse, lane, What.WATCH)]


def _no_nurse(view: _View, usable: list[Place]) -> Conflict:
    if not usable:
        return Conflict("No nurse takes visits at this clinic yet. A manager adds them.")
    on_duty = [nurse for nurse in usable if view.works(nurse, view.takes(nurse, 0, What.HANDS, What.WATCH))]
    if not on_duty:
        who = f"{usable[0].name} is not" if len(usable) == 1 else "No nurse is"
        return Conflict(f"{who} on duty all through {view.when}.")
    facts = [
        fact
        for nurse in on_duty
        for fact in view.facts("nurse", nurse.name, [row for row in view.taken if row.number == nurse.number])
    ]
    who = f"{on_duty[0].name} has no" if len(on_duty) == 1 else f"None of the {len(on_duty)} nurses has"
    return Conflict(f"{who} room for another patient all through {view.when}.", facts)


def _clinician(view: _View) -> _Found:
    wanted = view.wanted.clinician
    people = [one for one in view.resources.clinicians if wanted in (None, one.id)]
    return _one_of(view, people, What.CLINICIAN, "clinician", "clinician")


def _recovery(view: _View) -> _Found:
    return _one_of(view, view.resources.recovery, What.RECOVERY, "recovery", "recovery place")


def _one_of(view: _View, places: Sequence[Place], need: What, what: str, spoken: str) -> _Found:
    if not view.wanted.shape.of(need):
        return None
    usable = [place for place in places if place.usable]
    facts = []
    for place in sorted(usable, key=lambda one: (one.id not in view.wanted.prefer, _load(view, one))):
        takes = view.takes(place, 0, need)
        busy = view.at(place.number, takes)
        if not busy and view.works(place, takes):
            return place, takes
        facts += view.facts(what, place.name, busy)
    if not usable:
        return Conflict(f"No {spoken} takes visits at this clinic yet. A manager adds them.")
    return Conflict(f"No {spoken} is free whenever this visit needs one, {view.when}.", facts)
