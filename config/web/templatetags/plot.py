"""Where the points of a small chart lie. Pure arithmetic on plain numbers; the template draws, `desk.trend` calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 560, 168
LEFT, RIGHT, TOP, BOTTOM = 30, 14, 10, 26
MOST_LABELS = 8

Point = Mapping[str, object]


@dataclass(frozen=True)
class Dot:
    """A point of the drawing in its own units, and what it says when read out."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Series:
    """One line: `strokes` are runs of points without a gap, each the `points` attribute of a polyline."""

    name: str
    dots: list[Dot]
    strokes: list[str]


@dataclass(frozen=True)
class Plot:
    """All that the template needs: the lines, the horizontal rules and the labels below."""

    series: list[Series]
    rules: list[tuple[float, str]]
    labels: list[tuple[float, str]]


def names_of(points: Sequence[Point]) -> list[str]:
    """The names of the lines: every key but `label`, in the order first seen."""
    return list(dict.fromkeys(key for point in points for key in point if key != "label"))


def plot(points: Sequence[Point], low: float, high: float) -> Plot:
    """Lays `points` out from left to right, one step each, on a scale from `low` to `high`."""
    xs = _steps(len(points))
    return Plot(
        series=[_series(name, points, xs, low, high) for name in names_of(points)],
        rules=[(_height(value, low, high), f"{value:g}") for value in (low, (low + high) / 2, high)],
        labels=_labels(points, xs),
    )


def _steps(count: int) -> list[float]:
    span = WIDTH - LEFT - RIGHT - 24
    return [round(LEFT + 12 + span * (i / (count - 1) if count > 1 else 0.5), 1) for i in range(count)]


def _height(value: float, low: float, high: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low), 1)


def _labels(points: Sequence[Point], xs: list[float]) -> list[tuple[float, str]]:
    every = -(-len(points) // MOST_LABELS) or 1
    return [(x, str(point["label"])) for i, (x, point) in enumerate(zip(xs, points, strict=True)) if i % every == 0]


def _series(name: str, points: Sequence[Point], xs: list[float], low: float, high: float) -> Series:
    runs: list[list[Dot]] = [[]]
    for x, point in zip(xs, points, strict=True):
        value = point.get(name)
        if value is None:
            # A value that was not taken is a gap in the line, never a guess between its neighbours.
            runs.append([])
        else:
            runs[-1].append(Dot(x, _height(float(str(value)), low, high), f"{name}, {point['label']}: {value}"))
    strokes = [" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1]
    return Series(name, [dot for run in runs for dot in run], strokes)
