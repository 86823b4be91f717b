"""The table that `make bench` prints."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One operation: `ours` and `limit` in milliseconds, or a count. The target bounds their ratio, or `ours` alone.

    Without a target nothing was compared, and `limit_name` says why.
    """

    operation: str
    ours: float
    limit: float | None
    limit_name: str
    target: float | None

    @property
    def measured(self) -> float:
        return self.ours / self.limit if self.limit else self.ours

    @property
    def met(self) -> str:
        if self.target is None:
            return "NOT MEASURED"
        return "met" if self.measured <= self.target else "NOT MET"


def milliseconds(act: Callable[[int], object], times: int) -> float:
    """The median of `times` calls; each gets its number. The first is a rehearsal and does not count."""
    taken = []
    for number in range(times + 1):
        begin = perf_counter()
        act(number)
        taken.append((perf_counter() - begin) * 1000)
    return median(taken[1:])


def in_turn(*acts: Callable[[int], object], times: int) -> list[float]:
    """The medians of acts done in turn, so that a machine that slows down slows all of them."""
    taken: list[list[float]] = [[] for _ in acts]
    for number in range(times + 1):
        for kept, act in zip(taken, acts, strict=True):
            begin = perf_counter()
            act(number)
            kept.append((perf_counter() - begin) * 1000)
    return [median(kept[1:]) for kept in taken]


def show(rows: Iterable[Row]) -> None:
    """One line a row, `met` or `NOT MET` last."""
    head = ("operation", "ours", "limit", "ratio", "target", "")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cells(row: Row) -> tuple[str, ...]:
    if row.target is None:
        return (row.operation, f"{row.ours:.2f} ms", row.limit_name, "–", "–", row.met)
    target = f"<= {row.target:g}" if row.target >= 1 else f"<= 1/{1 / row.target:.0f}"
    if row.limit is None:
        return (row.operation, f"{row.ours:g}", row.limit_name, "–", target, row.met)
    limit = f"{row.limit:.2f} ms ({row.limit_name})"
    ratio = f"{row.measured:.2f}" if row.measured >= 0.1 else f"1/{1 / row.measured:.0f}"
    return (row.operation, f"{row.ours:.2f} ms", limit, ratio, target, row.met)
