"""The table that `make bench` prints."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One operation: `ours` and `limit` in milliseconds, or a count. The target bounds their ratio, or `ours` alone."""

    operation: str
    ours: float
    limit: float | None
    limit_name: str
    target: float

    @property
    def measured(self) -> float:
        return self.ours / self.limit if self.limit else self.ours

    @property
    def met(self) -> str:
        return "met" if self.measured <= self.target else "NOT MET"


def milliseconds(act: Callable[[int], object], times: int) -> float:
    """The median of `times` calls; each gets its number. The first is a rehearsal and does not count."""
    taken = []
    for number in range(times + 1):
        begin = perf_counter()
        act(number)
        taken.append((perf_counter() - begin) * 1000)
    return median(taken[1:])


def show(rows: Iterable[Row]) -> None:
    """One line a row, `met` or `NOT MET` last."""
    head = ("operation", "ours", "limit", "ratio", "target", "")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cells(row: Row) -> tuple[str, ...]:
    if row.limit is None:
        return (row.operation, f"{row.ours:g}", row.limit_name, "–", f"<= {row.target:g}", row.met)
    limit = f"{row.limit:.2f} ms ({row.limit_name})"
    return (row.operation, f"{row.ours:.2f} ms", limit, f"{row.measured:.1f}", f"<= {row.target:g}", row.met)
