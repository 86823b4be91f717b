"""Reminders go by the clock on the clinic's wall, in hours in which people may be disturbed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.timetable import OFFSETS, turns, wall_before, within_hours, zone_of

LA = ZoneInfo("America/Los_Angeles")
PHOENIX = ZoneInfo("America/Phoenix")


def la(*wall: int, fold: int = 0) -> datetime:
    return datetime(*wall, tzinfo=LA, fold=fold)


@pytest.mark.parametrize(
    ("visit", "hours", "reminder"),
    [
        (la(2026, 11, 2, 9, 0), 24, la(2026, 11, 1, 9, 0)),  # the clock goes back in the night before: 24 real hours
        (la(2026, 11, 1, 9, 0), 24, la(2026, 10, 31, 9, 0)),  # ... between reminder and visit: 25 real hours
        (la(2026, 11, 3, 9, 0), 72, la(2026, 10, 31, 9, 0)),
        (la(2027, 3, 14, 9, 0), 24, la(2027, 3, 13, 9, 0)),  # the clock goes forward in between: 23 real hours
        (la(2027, 3, 15, 9, 0), 72, la(2027, 3, 12, 9, 0)),
    ],
)
def test_the_same_time_on_the_wall(visit, hours, reminder):
    found = wall_before(visit, hours, LA)
    assert found == reminder.astimezone(UTC)
    assert found.astimezone(LA).time() == visit.time()


def test_real_hours_differ_across_the_clock_change():
    autumn, spring = la(2026, 11, 1, 9, 0), la(2027, 3, 14, 9, 0)
    assert autumn.astimezone(UTC) - wall_before(autumn, 24, LA) == timedelta(hours=25)
    assert spring.astimezone(UTC) - wall_before(spring, 24, LA) == timedelta(hours=23)


def test_a_time_that_does_not_exist_goes_later_by_the_jump():
    found = wall_before(la(2027, 3, 15, 2, 30), 24, LA).astimezone(LA)
    assert (found.hour, found.minute) == (3, 30)


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    found = wall_before(la(2026, 11, 2, 1, 30), 24, LA)
    assert found == la(2026, 11, 1, 1, 30, fold=0).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (la(2026, 11, 24, 7, 59, 59), la(2026, 11, 24, 8, 0)),
        (la(2026, 11, 24, 8, 0), la(2026, 11, 24, 8, 0)),
        (la(2026, 11, 24, 19, 59, 59), la(2026, 11, 24, 19, 59, 59)),
        (la(2026, 11, 24, 20, 0), la(2026, 11, 25, 8, 0)),
        (la(2026, 10, 31, 23, 0), la(2026, 11, 1, 8, 0)),  # the night in which the clock goes back
        (la(2027, 3, 13, 23, 0), la(2027, 3, 14, 8, 0)),  # ... and forward
    ],
)
def test_the_hours_in_which_messages_go(at, goes):
    assert within_hours(at, LA) == goes


def test_each_reminder_is_of_use_until_the_next():
    three_days, one_day = turns(start=la(2026, 11, 27, 9, 0), clinic_tz=LA, patient_tz=LA)
    assert (three_days.offset_hours, one_day.offset_hours) == OFFSETS
    assert three_days.at == la(2026, 11, 24, 9, 0)
    assert three_days.until == one_day.at == la(2026, 11, 26, 9, 0)
    assert one_day.until == la(2026, 11, 27, 7, 0)


def test_the_patients_nights_are_kept_by_the_patients_clock():
    """In winter Phoenix is an hour ahead of Los Angeles: 19:30 there is 20:30 here."""
    _, one_day = turns(start=la(2026, 11, 27, 19, 30), clinic_tz=LA, patient_tz=PHOENIX)
    assert one_day.at == datetime(2026, 11, 27, 8, 0, tzinfo=PHOENIX)


def test_a_zone_that_nobody_knows_stops_no_reminder():
    assert zone_of("Mars/Olympus", LA) is LA
    assert zone_of("", LA) is LA
    assert zone_of("America/Phoenix", LA) == PHOENIX


@given(
    start=st.datetimes(min_value=la(2026, 1, 1).replace(tzinfo=None), max_value=la(2028, 1, 1).replace(tzinfo=None)),
    zone=st.sampled_from(["America/Los_Angeles", "America/St_Johns", "Europe/London", "Asia/Kathmandu"]),
    patients=st.sampled_from(["America/Los_Angeles", "Pacific/Auckland", "America/Havana"]),
)
def test_every_reminder_goes_by_day_and_before_the_visit(start, zone, patients):
    begins = start.replace(tzinfo=UTC)
    patient_tz = ZoneInfo(patients)
    for turn in turns(start=begins, clinic_tz=ZoneInfo(zone), patient_tz=patient_tz):
        assert 8 <= turn.at.astimezone(patient_tz).hour < 20
        assert turn.at < begins
        assert turn.at <= turn.until <= begins
