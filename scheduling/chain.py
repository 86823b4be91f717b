"""Which days a series can have: exact, on sets of day numbers kept as bits. Knows nothing of clinics or orders."""

from dataclasses import dataclass

from scheduling.bits import lowest, ones, shifted, shifted_back


@dataclass(frozen=True)
class Gaps:
    """How many days lie between one visit and the next, at least and at most."""

    least: int
    most: int


def earliest(*, possible: int, first: int, count: int, gaps: Gaps, size: int) -> list[int] | None:
    """The earliest chain of `count` days: each as early as it can be with all later ones still possible.

    `possible` are the days that have a start, `first` those that the first visit may be on, all below `size`.
    None when there is no such chain.
    """
    ends = endings(possible=possible, count=count, gaps=gaps, size=size)
    day = lowest(ends[0] & first)
    if day is None:
        return None
    chosen = [day]
    for left in ends[1:]:
        day = lowest(ones(day + gaps.least, day + gaps.most + 1) & left)
        if day is None:
            raise AssertionError("a day from which the rest is possible has a next one")
        chosen.append(day)
    return chosen


def endings(*, possible: int, count: int, gaps: Gaps, size: int) -> list[int]:
    """For each visit the days on which it can be so that all later ones can follow."""
    found = [possible]
    for _ in range(count - 1):
        found.append(possible & shifted_back(found[-1], gaps.least, gaps.most, size))
    return found[::-1]


def reaches(*, possible: int, first: int, count: int, gaps: Gaps, size: int) -> list[int]:
    """For each visit the days that can be reached from the visits before; empty from the first that has none."""
    found = [possible & first]
    for _ in range(count - 1):
        found.append(possible & shifted(found[-1], gaps.least, gaps.most) & ones(0, size))
    return found


def between(*, before: int | None, after: int | None, gaps: Gaps, first: int, size: int) -> int:
    """The days that keep the gaps to both neighbours; `first` stands in for the neighbour before the first visit."""
    days = first if before is None else ones(before + gaps.least, before + gaps.most + 1)
    if after is not None:
        days &= ones(max(0, after - gaps.most), max(0, after - gaps.least + 1))
    return days & ones(0, size)
