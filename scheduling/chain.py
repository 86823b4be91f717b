"""Which days a series can have: exact, on sets of day numbers kept as bits. Knows nothing of clinics or orders."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.bits import ones, shifted


@dataclass(frozen=True)
class Gaps:
    """How many days lie between one visit and the next, at least and at most."""

    least: int
    most: int


NEVER = 1 << 62


def cheapest(*, costs: Sequence[Sequence[int]], first: int, gaps: Gaps) -> tuple[int, list[int]] | None:
    """The chain of days with the least sum of costs, the earliest of equals; with that sum. None when there is none.

    `costs[k][day]` is the cost of visit k on that day, NEVER where it cannot be; `first` are the days that the first
    visit may be on. Exact: a table over visits and days, each cell with the best that can follow it.
    """
    best = [list(costs[-1])]
    for own in reversed(costs[:-1]):
        later = best[-1]
        # min() of a slice runs outside Python's loop; a window minimum by hand would be slower.
        follow = [min(later[day + gaps.least : day + gaps.most + 1], default=NEVER) for day in range(len(own))]
        best.append([NEVER if NEVER in pair else sum(pair) for pair in zip(own, follow, strict=True)])
    best.reverse()
    begin = [cost if first >> day & 1 else NEVER for day, cost in enumerate(best[0])]
    least = min(begin, default=NEVER)
    if least == NEVER:
        return None
    days = [begin.index(least)]
    for row in best[1:]:
        at = days[-1] + gaps.least
        among = row[at : days[-1] + gaps.most + 1]
        days.append(at + among.index(min(among)))
    return least, days


def is_possible(*, possible: Sequence[int], first: int, gaps: Gaps, size: int) -> bool:
    """Whether there is any chain, visit k on one of the days `possible[k]`, that begins on one of `first`."""
    return bool(reaches(possible=possible, first=first, gaps=gaps, size=size)[-1])


def reaches(*, possible: Sequence[int], first: int, gaps: Gaps, size: int) -> list[int]:
    """For each visit the days that can be reached from the visits before; empty from the first that has none."""
    found = [possible[0] & first]
    for days in possible[1:]:
        found.append(days & follow(found[-1], gaps, size))
    return found


def follow(days: int, gaps: Gaps, size: int) -> int:
    """The days that keep the gaps to any of these."""
    return shifted(days, gaps.least, min(gaps.most, size)) & ones(0, size) if gaps.least <= size else 0


def leads_to(day: int, gaps: Gaps, size: int) -> int:
    """The days from which this one keeps the gaps."""
    return ones(max(0, day - gaps.most), max(0, day - gaps.least + 1)) & ones(0, size)


def between(*, before: int | None, after: int | None, gaps: Gaps, first: int, size: int) -> int:
    """The days that keep the gaps to both neighbours; `first` stands in for the neighbour before the first visit."""
    days = first if before is None else ones(before + gaps.least, before + gaps.most + 1)
    if after is not None:
        days &= ones(max(0, after - gaps.most), max(0, after - gaps.least + 1))
    return days & ones(0, size)
