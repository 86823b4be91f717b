"""The chain of days agrees with trying every chain."""

from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import bits
from scheduling.chain import Gaps, between, earliest, reaches

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


@settings(max_examples=200, deadline=None)
@given(days_sets, days_sets, st.integers(1, 4), gaps())
def test_the_earliest_chain_is_found_if_there_is_one(possible, first, count, gaps):
    found = earliest(possible=as_bits(possible), first=as_bits(first), count=count, gaps=gaps, size=SIZE)
    assert found == min(every_chain(possible, first, count, gaps), default=None)


@settings(max_examples=100, deadline=None)
@given(days_sets, days_sets, st.integers(1, 4), gaps())
def test_where_it_breaks_is_where_no_chain_goes_on(possible, first, count, gaps):
    reached = reaches(possible=as_bits(possible), first=as_bits(first), count=count, gaps=gaps, size=SIZE)
    for nth, days in enumerate(reached):
        assert list(bits.each(days)) == sorted({chain[-1] for chain in every_chain(possible, first, nth + 1, gaps)})


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
