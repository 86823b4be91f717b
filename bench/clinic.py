"""The bookings of an invented clinic, the same for everybody who is measured. Plain values, no database.

Open Monday to Saturday, 08:00 to 18:00. Each chair is booked by visits of mixed length until `fill` of its day is
taken; what is left lies between them in steps of five minutes, cut at random. The same arguments give the same clinic.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

OPENS, CLOSES, FIVE = 8 * 60, 18 * 60, 5
LENGTHS = (30, 45, 60, 90, 120, 180, 240)
SUNDAY = 6

Booking = tuple[int, date, int, int]


@dataclass(frozen=True)
class Filling:
    """How full: the share of a chair's day that is taken, how much that differs between days (a standard deviation),
    and in how many places at most the spare time of a chair's day lies (None: between all visits)."""

    share: float = 0.7
    spread: float = 0.0
    gaps: int | None = None


def bookings(*, chairs: int, first: date, days: int, filling: Filling, seed: int = 1) -> Iterator[Booking]:
    """(chair from 0, day, beginning, end), both in minutes of the day; by day, then by chair."""
    chance = random.Random(seed)
    for day in (first + timedelta(days=n) for n in range(days)):
        if day.weekday() == SUNDAY:
            continue
        for chair in range(chairs):
            for begin, end in _day(chance, filling):
                yield chair, day, begin, end


def _day(chance: random.Random, filling: Filling) -> Iterator[tuple[int, int]]:
    share = min(1.0, max(0.0, chance.gauss(filling.share, filling.spread)))
    lengths = list(_lengths(chance, round(share * (CLOSES - OPENS) / FIVE) * FIVE))
    at = OPENS
    for length, spare in zip(lengths, _spare(chance, lengths, filling.gaps), strict=False):
        yield at + spare, at + spare + length
        at += spare + length


def _spare(chance: random.Random, lengths: list[int], gaps: int | None) -> list[int]:
    """The minutes before each visit and after the last one: the day's spare time, cut at random."""
    steps, count = (CLOSES - OPENS - sum(lengths)) // FIVE, len(lengths) + 1
    where = sorted(chance.sample(range(count), min(gaps or count, count)))
    cuts = [0, *sorted(chance.randint(0, steps) for _ in where[1:]), steps]
    found = [0] * count
    for place, before, after in zip(where, cuts, cuts[1:], strict=False):
        found[place] = (after - before) * FIVE
    return found


def _lengths(chance: random.Random, wanted: int) -> Iterator[int]:
    while wanted >= LENGTHS[0]:
        length = chance.choice([one for one in LENGTHS if one <= wanted])
        yield length
        wanted -= length
