"""The chain of days agrees with trying every chain."""

from itertools import pairwise, product
from operator import contains

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import bits
from scheduling.chain import NEVER, Gaps, between, cheapest, is_possible, reaches

SIZE = 14
days_sets = st.sets(st.integers(0, SIZE - 1))


def as_bits(days):
    return sum(1 << day for day in days)


def every_chain(possible, first, count, gaps):
    for days in product(sorted(possible), repeat=count):
        steps = pairwise(days)
        if days[0] in first and all(gaps.least <= b - a <= gaps.most for a, b in steps):
            yield list(days)


@st.composite
def gaps(draw):
    least = draw(st.integers(1, 6))
    return Gaps(least, least + draw(st.integers(0, 5)))


@st.composite
def tables(draw):
    """For each visit the cost of each day; NEVER where it cannot be."""
    cost = st.one_of(st.just(NEVER), st.integers(0, 5))
    count = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(cost, min_size=SIZE, max_size=SIZE), min_size=count, max_size=count))


@settings(max_examples=200, deadline=None)
@given(tables(), days_sets, gaps())
def test_the_cheapest_chain_is_found_if_there_is_one(costs, first, gaps):
    found = cheapest(costs=costs, first=as_bits(first), gaps=gaps)
    days = [day for day in range(SIZE) if any(row[day] != NEVER for row in costs)]
    every = [
        (sum(row[day] for row, day in zip(costs, chain, strict=True)), chain)
        for chain in every_chain(days, first, len(costs), gaps)
        if all(row[day] != NEVER for row, day in zip(costs, chain, strict=True))
    ]
    assert found == (min(every) if every else None)


@settings(max_examples=100, deadline=None)
@given(days_sets, days_sets, st.integers(1, 4), gaps())
def test_where_it_breaks_is_where_no_chain_goes_on(possible, first, count, gaps):
    reached = reaches(possible=[as_bits(possible)] * count, first=as_bits(first), gaps=gaps, size=SIZE)
    for nth, days in enumerate(reached):
        assert list(bits.each(days)) == sorted({chain[-1] for chain in every_chain(possible, first, nth + 1, gaps)})


@settings(max_examples=100, deadline=None)
@given(st.lists(days_sets, min_size=1, max_size=4), days_sets, gaps())
def test_whether_there_is_any_chain(possible, first, gaps):
    found = is_possible(possible=[as_bits(days) for days in possible], first=as_bits(first), gaps=gaps, size=SIZE)
    every = every_chain(range(SIZE), first, len(possible), gaps)
    assert found == any(all(map(contains, possible, chain)) for chain in every)


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(8, 12)), max_size=9))
def test_sets_joined_one_after_the_other(parts):
    whole, at = 0, 0
    for members, size in parts:
        whole |= members << at
        at += size
    assert bits.joined(parts) == whole


@given(days_sets, st.integers(0, SIZE))
def test_the_nearest(days, to):
    assert bits.nearest(as_bits(days), to) == min(days, key=lambda day: (abs(day - to), day), default=None)


@given(st.integers(0, SIZE - 1), gaps())
def test_between_two_neighbours(day, gaps):
    allowed = set(bits.each(between(before=day, after=day + gaps.least + gaps.most, gaps=gaps, first=0, size=40)))
    ends = day + gaps.least + gaps.most
    plain = {n for n in range(40) if gaps.least <= n - day <= gaps.most and gaps.least <= ends - n <= gaps.most}
    assert allowed == plain


@given(days_sets, st.integers(1, 6))
def test_runs(days, length):
    plain = [day for day in range(SIZE) if all(day + n in days for n in range(length))]
    assert list(bits.each(bits.starts(as_bits(days), length))) == plain
