"""Where numbers and marks lie on an axis of time. Pure arithmetic; the template draws, `desk.timed_trend` calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.web.templatetags.plot import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, Dot

# Above the numbers there is room for the marks.
TOP = 22
INSET = 20
APART = 58
A_YEAR_OF_DAYS = 366

Moment = Mapping[str, object]


@dataclass(frozen=True)
class TimedPlot:
    """`strokes` are runs of points without a gap; `marks` the places of the visits; `labels` the days below."""

    dots: list[Dot]
    strokes: list[str]
    marks: list[Dot]
    rules: list[tuple[float, str]]
    labels: list[tuple[float, str]]


def timed_plot(points: Sequence[Moment], marks: Sequence[Moment], low: float, high: float) -> TimedPlot:
    """Lays points (`at`, `label`, `value`, `apart`) and marks (`at`, `label`) out by time, on a scale from low to high.

    A point whose `value` is None is a gap in the line, and so is the step before one that is `apart`.
    """
    times = [_at(moment) for moment in (*points, *marks)]
    place = _Place(times)
    runs: list[list[Dot]] = [[]]
    for point in points:
        if point.get("value") is None or point.get("apart"):
            runs.append([])
        if point.get("value") is not None:
            value = float(str(point["value"]))
            words = f"{point['label']}: {point['value']}"
            runs[-1].append(Dot(place(_at(point)), _height(value, low, high), words))
    return TimedPlot(
        dots=[dot for run in runs for dot in run],
        strokes=[" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1],
        marks=[Dot(place(_at(mark)), TOP - 10, str(mark["label"])) for mark in marks],
        rules=[(_height(value, low, high), f"{value:g}") for value in (low, high)],
        labels=_labels(times, place),
    )


def _at(moment: Moment) -> datetime:
    at = moment["at"]
    if not isinstance(at, datetime):
        raise TypeError("A moment on the axis of time needs a datetime.")
    return at


class _Place:
    """From an instant to its place between the left and the right edge; one instant alone stands in the middle."""

    def __init__(self, times: Sequence[datetime]) -> None:
        self.first, self.last = min(times), max(times)

    def __call__(self, at: datetime) -> float:
        span = (self.last - self.first).total_seconds()
        part = (at - self.first).total_seconds() / span if span else 0.5
        return round(LEFT + INSET + (WIDTH - LEFT - RIGHT - 2 * INSET) * part, 1)


def _height(value: float, low: float, high: float) -> float:
    part = (value - low) / (high - low) if high > low else 0.5
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part, 1)


def _labels(times: Sequence[datetime], place: _Place) -> list[tuple[float, str]]:
    """The first and the last day, and as many between them as can be read."""
    years = (place.last - place.first).days > A_YEAR_OF_DAYS
    found: list[tuple[float, str]] = []
    end = place(place.last)
    for at in sorted(set(times)):
        x = place(at)
        free = not found or x - found[-1][0] >= APART
        if free and (x == end or end - x >= APART):
            found.append((x, f"{at:%b %Y}" if years else f"{at.day} {at:%b}"))
    return found
