"""A series while it is being planned: chosen starts with their alternatives, swapped and pinned by a press.

Plain values that travel through the page and back. Nothing here is booked; booking checks all of it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from infusions.orders import Limits
from scheduling.series import PlannedVisit, Proposal, ProposedVisit

MOST_ALTERNATIVES = 3


@dataclass(frozen=True)
class Choice:
    """One start, in the clinic's zone, and its chair and nurse if they are meant."""

    start: datetime
    chair_id: UUID | None = None
    nurse_id: UUID | None = None


@dataclass(frozen=True)
class Row:
    """One visit of the plan. `lost` says why its place is gone, `verdict` why it is not as wished; empty while all is
    well. A pinned one stays when the wishes change."""

    number: int
    chosen: Choice
    alternatives: tuple[Choice, ...] = ()
    gap_days: int | None = None
    fits: bool = True
    lost: str = ""
    verdict: str = ""
    is_pinned: bool = False
    is_changed: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Plan:
    """All visits of a proposal as they stand on the page, in the order of their numbers."""

    rows: tuple[Row, ...]

    @property
    def visits(self) -> list[PlannedVisit]:
        """As booking takes them."""
        return [PlannedVisit(row.chosen.start, row.chosen.chair_id, row.chosen.nurse_id) for row in self.rows]

    @property
    def can_be_booked(self) -> bool:
        return bool(self.rows) and all(row.fits and not row.lost for row in self.rows)

    @property
    def pinned(self) -> dict[int, datetime]:
        """The starts that stay, by visit."""
        return {row.number: row.chosen.start for row in self.rows if row.is_pinned}

    @property
    def standing(self) -> dict[int, datetime]:
        """The starts of all visits whose place is not known to be gone, by visit."""
        return {row.number: row.chosen.start for row in self.rows if not row.lost}


NOTHING = Plan(())


def plan_of(proposal: Proposal, before: Plan = NOTHING) -> Plan:
    """A proposal as a plan: the first choices, each with its alternatives; what is not as it was `before` is marked.

    What stays where it was keeps its pin and its verdict.
    """
    were = {row.number: row for row in before.rows}
    return Plan(tuple(_row(visit, were.get(visit.number)) for visit in proposal.visits))


def _row(visit: ProposedVisit, was: Row | None) -> Row:
    has_moved = was is not None and was.chosen.start != visit.start
    stays = was is not None and not has_moved
    return Row(
        visit.number,
        Choice(visit.start, visit.chair_id, visit.nurse_id),
        tuple(Choice(other.start, other.chair_id) for other in visit.alternatives),
        visit.gap_days,
        verdict=visit.verdict or (was.verdict if was and stays else ""),
        is_pinned=bool(was and stays and was.is_pinned),
        is_changed=has_moved or bool(was and was.is_changed),
    )


def picked(plan: Plan, *, number: int, nth: int) -> Plan:
    """The plan with visit `number` at its `nth` alternative (from 0), pinned there; what it was becomes an alternative.

    An unknown visit or alternative changes nothing.
    """
    return _with(plan, number, lambda row: _swapped(row, nth) if nth < len(row.alternatives) else row)


def placed(plan: Plan, *, number: int, choice: Choice) -> Plan:
    """The plan with visit `number` at a start of its own, pinned there."""
    return _with(plan, number, lambda row: _at(row, choice))


def pin_turned(plan: Plan, *, number: int) -> Plan:
    """The plan with visit `number` pinned where it is, or let go."""
    return _with(plan, number, lambda row: replace(row, is_pinned=not row.is_pinned))


def _with(plan: Plan, number: int, change: Callable[[Row], Row]) -> Plan:
    return Plan(tuple(change(row) if row.number == number else row for row in plan.rows))


def _swapped(row: Row, nth: int) -> Row:
    others = [*row.alternatives[:nth], *row.alternatives[nth + 1 :]]
    if not row.lost:
        others.append(row.chosen)
    ordered = tuple(sorted(others, key=lambda choice: choice.start))
    return replace(_at(row, row.alternatives[nth]), alternatives=ordered)


def _at(row: Row, choice: Choice) -> Row:
    return replace(row, chosen=choice, lost="", verdict="", is_pinned=True, is_changed=True)


def judged(plan: Plan, *, limits: Limits, zone: ZoneInfo) -> Plan:
    """The plan with each gap counted in clinic days, and without alternatives that no longer keep the gaps."""
    rows: list[Row] = []
    for nth, row in enumerate(plan.rows):
        before = plan.rows[nth - 1].chosen if nth else None
        after = plan.rows[nth + 1].chosen if nth + 1 < len(plan.rows) else None
        near = _Neighbours(before, after, limits, zone)
        keep = tuple(choice for choice in row.alternatives if near.fit(choice))
        gap = near.days(before, row.chosen) if before else None
        rows.append(replace(row, gap_days=gap, fits=near.fit_before(row.chosen), alternatives=keep))
    return Plan(tuple(rows))


def lost(plan: Plan, *, conflicts: Sequence[dict[str, Any]], limits: Limits, zone: ZoneInfo) -> Plan:
    """The plan after a clash: what is gone is marked with its reason and offers the starts that are free instead."""
    told = {conflict["visit"]: conflict for conflict in conflicts}
    by_time = sorted(plan.rows, key=lambda row: row.chosen.start)
    rows = [_lost(row, told[number]) if number in told else row for number, row in enumerate(by_time, start=1)]
    kept = judged(Plan(tuple(rows)), limits=limits, zone=zone)
    return Plan(tuple(_few(row) for row in kept.rows))


def _lost(row: Row, conflict: dict[str, Any]) -> Row:
    """Starts that are free this moment come first; of the older offers only those on other days are worth a try."""
    free = [Choice(datetime.fromisoformat(start)) for start in conflict.get("next_free", [])]
    others = [choice for choice in row.alternatives if choice.start.date() != row.chosen.start.date()]
    return replace(row, alternatives=(*free, *others), lost=conflict["words"])


def _few(row: Row) -> Row:
    first = row.alternatives[:MOST_ALTERNATIVES]
    return replace(row, alternatives=tuple(sorted(first, key=lambda choice: choice.start)))


@dataclass(frozen=True)
class _Neighbours:
    before: Choice | None
    after: Choice | None
    limits: Limits
    zone: ZoneInfo

    def days(self, one: Choice, other: Choice) -> int:
        return (other.start.astimezone(self.zone).date() - one.start.astimezone(self.zone).date()).days

    def fit_before(self, choice: Choice) -> bool:
        return self.before is None or self._within(self.days(self.before, choice))

    def fit(self, choice: Choice) -> bool:
        return self.fit_before(choice) and (self.after is None or self._within(self.days(choice, self.after)))

    def _within(self, gap: int) -> bool:
        least, most = self.limits.min_gap_days, self.limits.max_gap_days
        return least is not None and most is not None and least <= gap <= most
