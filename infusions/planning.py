"""A series while it is being planned: chosen starts with their alternatives, swapped by a press, judged by the gaps.

Plain values that travel through the page and back. Nothing here is booked; booking checks all of it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from infusions.orders import Limits
from scheduling.series import PlannedVisit, Proposal

MOST_ALTERNATIVES = 3


@dataclass(frozen=True)
class Choice:
    """One start, in the clinic's zone, and its chair if one is meant."""

    start: datetime
    chair_id: UUID | None = None


@dataclass(frozen=True)
class Row:
    """One visit of the plan. `lost` says why its place is gone, empty while it stands."""

    number: int
    chosen: Choice
    alternatives: tuple[Choice, ...] = ()
    gap_days: int | None = None
    fits: bool = True
    lost: str = ""
    is_changed: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Plan:
    """All visits of a proposal as they stand on the page, in the order of their numbers."""

    rows: tuple[Row, ...]

    @property
    def visits(self) -> list[PlannedVisit]:
        """As booking takes them."""
        return [PlannedVisit(row.chosen.start, row.chosen.chair_id) for row in self.rows]

    @property
    def can_be_booked(self) -> bool:
        return bool(self.rows) and all(row.fits and not row.lost for row in self.rows)


def plan_of(proposal: Proposal) -> Plan:
    """A proposal as a plan: the first choices, each with its alternatives."""
    rows = [
        Row(
            visit.number,
            Choice(visit.start, visit.chair_id),
            tuple(Choice(other.start, other.chair_id) for other in visit.alternatives),
            visit.gap_days,
        )
        for visit in proposal.visits
    ]
    return Plan(tuple(rows))


def picked(plan: Plan, *, number: int, nth: int, limits: Limits, zone: ZoneInfo) -> Plan:
    """The plan with visit `number` at its `nth` alternative (from 0); what it was becomes an alternative.

    An unknown visit or alternative changes nothing.
    """
    rows = [_swapped(row, nth) if row.number == number and nth < len(row.alternatives) else row for row in plan.rows]
    return judged(Plan(tuple(rows)), limits=limits, zone=zone)


def _swapped(row: Row, nth: int) -> Row:
    others = [*row.alternatives[:nth], *row.alternatives[nth + 1 :]]
    if not row.lost:
        others.append(row.chosen)
    ordered = tuple(sorted(others, key=lambda choice: choice.start))
    return replace(row, chosen=row.alternatives[nth], alternatives=ordered, lost="", is_changed=True)


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
