"""How the search for a series of six grows: with years of the past, with chairs, with weeks; and the picture of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.clinic import Filling
from bench.filling import fill
from bench.place import build, patient
from bench.searching import FIRST, GAPS, SPREAD, WEEKS_26, Asking
from bench.table import Row, in_turn, milliseconds

PICTURE = Path("docs/img/growth.svg")
YEARS_5 = 1825
TIMES = 9


def rows() -> Iterator[Row]:
    """Three ratios, and `docs/img/growth.svg` drawn anew."""
    ten, past, hundred = (_asking(*size) for size in ((10, 0), (10, YEARS_5), (100, 0)))
    longer = Asking(ten.built, ten.who, ten.minutes, WEEKS_26)
    with_past, without = in_turn(past.propose, ten.propose, times=TIMES)
    yield Row("series, five years of the past", with_past, without, "none", 1.3)
    wide, narrow = in_turn(hundred.propose, ten.propose, times=TIMES)
    yield Row("series, 100 chairs", wide, narrow, "10 chairs", 12)
    long, short = in_turn(longer.propose, ten.propose, times=TIMES)
    yield Row("series, 26 weeks", long, short, "12 weeks", 2.6)
    draw(_points(ten, past, hundred))


def _asking(chairs: int, past: int) -> Asking:
    filling = Filling(0.7, SPREAD, GAPS)
    built = build(name=f"Bench {chairs} after {past}", chairs=chairs)
    fill(built, chairs=chairs, first=FIRST - timedelta(days=past), days=past + WEEKS_26, filling=filling)
    return Asking(built, patient(built.clinic, built.desk, 9999), 120)


def _points(ten: Asking, past: Asking, hundred: Asking) -> dict[str, list[tuple[int, float]]]:
    """Milliseconds by weeks of the window."""
    named = {"10 chairs": ten, "10 chairs, 5 years": past, "100 chairs": hundred}
    weeks = (12, 16, 20, 26)
    return {
        name: [(n, milliseconds(Asking(one.built, one.who, one.minutes, 7 * n).propose, TIMES)) for n in weeks]
        for name, one in named.items()
    }


WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 340, 64, 34, 160, 300
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #3b4452 }
  .title { font-weight: 600; fill: #1d2430 } .axis { stroke: #8a94a3 } .line { stroke: #8a94a3; stroke-opacity: .25 }
  .s0 { stroke: #1f6feb; fill: #1f6feb } .s1 { stroke: #b7791f; fill: #b7791f } .s2 { stroke: #1a7f5a; fill: #1a7f5a }
  polyline { fill: none !important; stroke-width: 2 } .s1 polyline { stroke-dasharray: 6 4 } text.name { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #b9c2cf } .title { fill: #eef2f7 }
    .s0 { stroke: #6ea8fe; fill: #6ea8fe } .s1 { stroke: #e3b063; fill: #e3b063 } .s2 { stroke: #5cc79b; fill: #5cc79b }
  }
"""


def draw(series: dict[str, list[tuple[int, float]]]) -> None:
    """The lines by hand: no ground of its own, so that it reads on a light page and on a dark one."""
    highest = _round_up(max(taken for points in series.values() for _, taken in points))
    first, last = (edge(week for points in series.values() for week, _ in points) for edge in (min, max))

    def across(week: int) -> float:
        return LEFT + (week - first) / (last - first) * (WIDTH - RIGHT - LEFT)

    def down(taken: float) -> float:
        return BOTTOM - taken / highest * (BOTTOM - TOP)

    parts = [f'<text class="title" x="{LEFT}" y="18">Series of six: milliseconds by weeks of the window</text>']
    for taken in (highest * n / 4 for n in range(5)):
        y = down(taken)
        parts.append(f'<line class="line" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{taken:g}</text>')
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{BOTTOM}" y2="{BOTTOM}"/>')
    weeks = sorted({week for points in series.values() for week, _ in points})
    parts += [f'<text x="{across(n):.1f}" y="{BOTTOM + 20}" text-anchor="middle">{n}</text>' for n in weeks]
    labels = _apart([down(points[-1][1]) + 4 for points in series.values()])
    for nth, ((name, points), y) in enumerate(zip(series.items(), labels, strict=True)):
        line = " ".join(f"{across(week):.1f},{down(taken):.1f}" for week, taken in points)
        dots = "".join(f'<circle cx="{across(week):.1f}" cy="{down(taken):.1f}" r="3"/>' for week, taken in points)
        label = f'<text class="name" x="{WIDTH - RIGHT + 10}" y="{y:.1f}">{name}</text>'
        parts.append(f'<g class="s{nth}"><polyline points="{line}"/>{dots}{label}</g>')
    told = "; ".join(f"{name} {points[0][1]:.0f} to {points[-1][1]:.0f} ms" for name, points in series.items())
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{told}">'
    PICTURE.write_text("\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>", ""]))


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 8 or 10 times a power of ten."""
    power = 10.0 ** (len(str(int(value))) - 1)
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= value)


def _apart(places: list[float], least: float = 16) -> list[float]:
    """Labels moved so that none lies on another; the lowest on the page stays."""
    found = list(places)
    for nth in sorted(range(len(found)), key=lambda one: -found[one])[1:]:
        below = min(found[other] for other in range(len(found)) if other != nth and places[other] > places[nth])
        found[nth] = min(found[nth], below - least)
    return found
