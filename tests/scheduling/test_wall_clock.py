"""From the clock on the wall to an instant: what does not exist is refused, what comes twice is asked about."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.http.read_in import read_in
from config.refusals import Invalid
from scheduling.wall_clock import (
    at_step,
    at_words,
    day_period,
    day_start,
    instant,
    on_grid,
    span_words,
    step_of,
    words,
)

LA = ZoneInfo("America/Los_Angeles")
SPRING, AUTUMN = date(2027, 3, 14), date(2026, 11, 1)


def test_a_time_that_does_not_exist_is_refused_in_words():
    with pytest.raises(Invalid, match=r"02:30 does not exist on Sun 14 Mar: the clocks go forward") as refused:
        instant(day=SPRING, at=time(2, 30), zone=LA)
    assert (refused.value.field, refused.value.code) == ("time", "no-such-time")
    for fold in (0, 1):
        with pytest.raises(Invalid):
            instant(day=SPRING, at=time(2, 0), zone=LA, fold=fold)


def test_the_edges_of_the_gap_exist():
    assert instant(day=SPRING, at=time(1, 55), zone=LA) == datetime(2027, 3, 14, 9, 55, tzinfo=UTC)
    assert instant(day=SPRING, at=time(3, 0), zone=LA) == datetime(2027, 3, 14, 10, 0, tzinfo=UTC)


def test_a_time_that_comes_twice_asks_which():
    with pytest.raises(Invalid, match="01:30 comes twice on Sun 1 Nov") as refused:
        instant(day=AUTUMN, at=time(1, 30), zone=LA)
    assert refused.value.facts["choices"] == [
        {"fold": 0, "start": "2026-11-01T01:30:00-07:00", "offset": "-0700"},
        {"fold": 1, "start": "2026-11-01T01:30:00-08:00", "offset": "-0800"},
    ]
    assert instant(day=AUTUMN, at=time(1, 30), zone=LA, fold=0) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert instant(day=AUTUMN, at=time(1, 30), zone=LA, fold=1) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def test_half_an_hour_on_lord_howe():
    howe = ZoneInfo("Australia/Lord_Howe")
    with pytest.raises(Invalid, match="does not exist"):
        instant(day=date(2026, 10, 4), at=time(2, 15), zone=howe)
    assert instant(day=date(2026, 10, 4), at=time(2, 30), zone=howe).astimezone(howe).time() == time(2, 30)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 2), 24)])
def test_a_days_real_length(day, hours):
    begins, ends = day_period(day, LA)
    assert (ends - begins).total_seconds() == hours * 3600


def test_a_day_whose_midnight_is_skipped_begins_at_one():
    santiago = ZoneInfo("America/Santiago")
    assert day_start(date(2026, 9, 6), santiago).astimezone(santiago).isoformat() == "2026-09-06T01:00:00-03:00"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_the_wall_shows_leads_back_to_the_instant(moment):
    local = moment.astimezone(LA)
    assert instant(day=local.date(), at=local.time().replace(fold=0), zone=LA, fold=local.fold) == moment


@given(st.integers(0, 10**7))
def test_steps(step):
    assert step_of(at_step(step)) == step
    assert on_grid(at_step(step))


def test_another_year_is_named_to_whoever_reads_in_this_one():
    moment = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)
    with read_in(2026):
        assert words(moment, LA) == "Mon 30 Nov, 09:05"
    with read_in(2027):
        assert words(moment, LA) == "Mon 30 Nov 2026, 09:05"


def test_a_time_that_the_wall_shows_twice_says_which():
    first = instant(day=AUTUMN, at=time(1), zone=LA, fold=0)
    second = instant(day=AUTUMN, at=time(1), zone=LA, fold=1)
    assert span_words(first, second, LA) == "01:00 PDT to 01:00 PST"
    assert words(second, LA) == "Sun 1 Nov, 01:00 PST"
    assert at_words(second + timedelta(hours=1), LA) == "02:00"
    assert at_words(instant(day=SPRING, at=time(3), zone=LA), LA) == "03:00"


def test_words():
    assert words(datetime(2026, 11, 30, 17, 5, tzinfo=UTC), LA) == "Mon 30 Nov, 09:05"
