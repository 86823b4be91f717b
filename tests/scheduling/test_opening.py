"""When a clinic is open: its week, closed days, and days with hours of their own."""

from datetime import date, time

import pytest
from django.db import IntegrityError, connection, transaction
from simple_history.utils import bulk_create_with_history

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotFound, Stale
from scheduling import hours, opening
from scheduling.models import OpenDay, OpeningHours
from scheduling.opening import close_day, open_day, reopen_day, set_hours, set_week, week_of
from tests.scheduling.conftest import MONDAY

pytestmark = pytest.mark.django_db


def read(clinic, day: date = MONDAY) -> list[tuple[time, time]]:
    return hours.load(clinic=clinic, first=day, last=day).stretches(day)


def test_hours_replace_those_before(clinic, vera):
    set_hours(clinic=clinic, weekday=0, spans=[(time(8), time(12)), (time(13), time(18))], by=vera)
    set_hours(clinic=clinic, weekday=0, spans=[(time(9), time(12))], by=vera)
    assert read(clinic) == [(time(9), time(12))]
    connection.check_constraints()
    set_hours(clinic=clinic, weekday=0, spans=[], by=vera)
    closed = hours.load(clinic=clinic, first=MONDAY, last=MONDAY).closed_words(MONDAY)
    assert closed == "The clinic is not open on Mondays."


def test_a_weekday_that_stays_the_same_is_not_written_again(clinic, vera):
    week = {0: [(time(8), time(12))], 1: [(time(9), time(17))]}
    set_week(clinic=clinic, week=week, by=vera)
    before = set(OpeningHours.objects.values_list("pk", flat=True))
    changed = set_week(clinic=clinic, week={**week, 1: [(time(9), time(16))]}, by=vera)
    assert changed.record[1] == [(time(9), time(16))]
    assert len(before & set(OpeningHours.objects.values_list("pk", flat=True))) == 1


def test_somebody_else_changed_the_week_meanwhile(clinic, vera):
    seen = week_of(clinic)
    set_hours(clinic=clinic, weekday=0, spans=[(time(8), time(12))], by=vera)
    with pytest.raises(Stale):
        set_week(clinic=clinic, week={0: [(time(9), time(12))]}, seen=seen, by=vera)
    set_week(clinic=clinic, week={0: [(time(9), time(12))]}, seen=week_of(clinic), by=vera)
    assert read(clinic) == [(time(9), time(12))]


@pytest.mark.parametrize(
    ("weekday", "spans", "words"),
    [
        (7, [(time(8), time(9))], "Weekdays count"),
        (0, [(time(9), time(9))], "before closing"),
        (0, [(time(8, 2), time(9))], "steps of five"),
        (0, [(time(8), time(12)), (time(11), time(13))], "overlap"),
    ],
)
def test_hours_without_sense(clinic, vera, weekday, spans, words):
    with pytest.raises(Invalid, match=words):
        set_hours(clinic=clinic, weekday=weekday, spans=spans, by=vera)


@pytest.mark.parametrize(
    ("opens", "closes", "constraint"),
    [(time(11), time(13), "hours_no_overlap"), (time(13), time(12), "hours_open_before_close")],
)
def test_the_database_refuses_them_too(clinic, vera, opens, closes, constraint):
    set_hours(clinic=clinic, weekday=0, spans=[(time(8), time(12))], by=vera)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded(by=vera):
        bulk_create_with_history([OpeningHours(clinic=clinic, weekday=0, opens=opens, closes=closes)], OpeningHours)


def test_a_day_closes_once_with_a_reason_and_reopens(clinic, vera, now):
    set_hours(clinic=clinic, weekday=0, spans=[(time(8), time(12))], by=vera)
    for reason, field in ((" ", "reason"), ("x" * 121, "reason")):
        with pytest.raises(Invalid) as refused:
            close_day(clinic=clinic, day=MONDAY, reason=reason, by=vera)
        assert refused.value.field == field
    close_day(clinic=clinic, day=MONDAY, reason="Staff day", by=vera)
    with pytest.raises(Clash):
        close_day(clinic=clinic, day=MONDAY, reason="Again", by=vera)
    assert read(clinic) == []
    assert hours.next_open_day(clinic=clinic, after=MONDAY).isoformat() == "2026-12-07"
    reopen_day(clinic=clinic, day=MONDAY, by=vera)
    with pytest.raises(NotFound):
        reopen_day(clinic=clinic, day=MONDAY, by=SystemJob.SET_UP)
    with pytest.raises(Invalid, match="past"):
        close_day(clinic=clinic, day=date(2026, 11, 20), reason="Staff day", by=vera, now=now)
    connection.check_constraints()


def test_a_clinic_without_hours_has_no_next_open_day(clinic):
    assert hours.next_open_day(clinic=clinic, after=MONDAY) is None


def test_one_day_with_hours_of_its_own(clinic, vera, now):
    set_hours(clinic=clinic, weekday=0, spans=[(time(8), time(12))], by=vera)
    sunday = date(2026, 11, 29)
    open_day(clinic=clinic, day=sunday, spans=[(time(10), time(14))], by=vera, now=now)
    open_day(clinic=clinic, day=MONDAY, spans=[(time(10), time(14)), (time(15), time(16))], by=vera, now=now)
    assert read(clinic, sunday) == [(time(10), time(14))]
    assert read(clinic) == [(time(10), time(14)), (time(15), time(16))]
    opening.drop_open_day(clinic=clinic, day=MONDAY, by=vera, now=now)
    assert read(clinic) == [(time(8), time(12))]
    with pytest.raises(NotFound):
        opening.drop_open_day(clinic=clinic, day=MONDAY, by=vera, now=now)
    connection.check_constraints()


def test_a_one_day_opening_without_sense(clinic, vera, now):
    for spans in ([], [(time(9), time(9))], [(time(8), time(12)), (time(11), time(13))]):
        with pytest.raises(Invalid) as refused:
            open_day(clinic=clinic, day=MONDAY, spans=spans, by=vera, now=now)
        assert refused.value.field == "spans"
    close_day(clinic=clinic, day=MONDAY, reason="Staff day", by=vera, now=now)
    with pytest.raises(Clash, match="Take the closure back"):
        open_day(clinic=clinic, day=MONDAY, spans=[(time(9), time(10))], by=vera, now=now)


@pytest.mark.parametrize(
    ("opens", "closes", "constraint"),
    [(time(11), time(13), "open_day_no_overlap"), (time(13), time(12), "open_day_open_before_close")],
)
def test_the_database_refuses_it_too(clinic, vera, now, opens, closes, constraint):
    open_day(clinic=clinic, day=MONDAY, spans=[(time(8), time(12))], by=vera, now=now)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded(by=vera):
        bulk_create_with_history([OpenDay(clinic=clinic, day=MONDAY, opens=opens, closes=closes)], OpenDay)
