"""When people work: patterns from a day on, days that differ, time off."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from simple_history.utils import bulk_create_with_history

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound, Stale
from scheduling import hours, rotas
from scheduling.models import Resource, RotaDay, RotaShift, TimeOff
from tests.scheduling.conftest import MONDAY

pytestmark = pytest.mark.django_db
MORNING, LATE = [(time(8), time(12))], [(time(12), time(18))]
WEEK = timedelta(days=7)
TODAY = date(2026, 11, 23)


def duty(user, day: date) -> list[tuple[time, time]] | None:
    number = Resource.objects.get(staff=user).number
    return hours.load(clinic=user.clinic, first=day, last=day).duty(number, day)


def test_a_pattern_holds_from_its_day_and_the_past_stays(desk, nils, vera, now):
    assert duty(nils, MONDAY) is None
    rotas.set_rota(user=nils, first_day=MONDAY, week={0: MORNING}, by=vera, now=now)
    assert duty(nils, MONDAY) == MORNING
    assert duty(nils, MONDAY + timedelta(days=1)) == []
    assert duty(nils, TODAY) == [rotas.ALL_DAY], "until then, whenever the clinic is open"
    rotas.set_rota(user=nils, first_day=MONDAY + WEEK, week={0: LATE}, by=vera, now=now)
    assert (duty(nils, MONDAY), duty(nils, MONDAY + WEEK)) == (MORNING, LATE)
    connection.check_constraints()


def test_a_pattern_between_two_ends_where_the_next_begins(desk, nils, vera, now):
    rotas.set_rota(user=nils, first_day=MONDAY + 4 * WEEK, week={0: LATE}, by=vera, now=now)
    rotas.set_rota(user=nils, first_day=MONDAY + WEEK, week={0: MORNING}, by=vera, now=now)
    assert duty(nils, MONDAY + 3 * WEEK) == MORNING
    assert duty(nils, MONDAY + 4 * WEEK) == LATE
    rotas.set_rota(user=nils, first_day=MONDAY + WEEK, week={0: LATE}, by=vera, now=now)
    assert duty(nils, MONDAY + WEEK) == LATE
    connection.check_constraints()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"week": {7: MORNING}}, "weekday"),
        ({"week": {0: [(time(9), time(8))]}}, "spans"),
        ({"week": {0: [*MORNING, (time(11), time(13))]}}, "spans"),
        ({"first_day": TODAY - WEEK}, "first_day"),
    ],
)
def test_a_pattern_without_sense(desk, nils, vera, now, more, field):
    with pytest.raises(Invalid) as refused:
        rotas.set_rota(**{"user": nils, "first_day": MONDAY, "week": {}, "by": vera, "now": now, **more})
    assert refused.value.field == field


def test_a_pattern_over_a_newer_one(desk, nils, vera, now):
    seen = Resource.objects.get(staff=nils).version
    rotas.set_rota(user=nils, first_day=MONDAY, week={}, version=seen, by=vera, now=now)
    with pytest.raises(Stale):
        rotas.set_rota(user=nils, first_day=MONDAY, week={}, version=seen, by=vera, now=now)


def test_single_days_go_before_the_pattern_and_time_off_before_both(desk, nils, vera, now):
    rotas.set_rota(user=nils, first_day=MONDAY, week={0: MORNING}, by=vera, now=now)
    rotas.rota_exception(user=nils, day=MONDAY, spans=LATE, reason="Swap", by=vera, now=now)
    assert duty(nils, MONDAY) == LATE
    rotas.rota_exception(user=nils, day=MONDAY, spans=[], by=vera, now=now)
    assert duty(nils, MONDAY) == []
    rotas.drop_rota_exception(user=nils, day=MONDAY, by=vera, now=now)
    assert duty(nils, MONDAY) == MORNING
    off = rotas.time_off(user=nils, first=MONDAY, last=MONDAY, by=vera, now=now).record
    assert duty(nils, MONDAY) == []
    rotas.drop_time_off(time_off_id=off.pk, by=vera, now=now)
    assert duty(nils, MONDAY) == MORNING
    with pytest.raises(NotFound):
        rotas.drop_rota_exception(user=nils, day=MONDAY, by=vera, now=now)
    with pytest.raises(NotFound):
        rotas.drop_time_off(time_off_id=off.pk, by=vera, now=now)
    connection.check_constraints()


def test_time_off_without_sense(desk, nils, ana, vera, now):
    more = {"user": nils, "by": vera, "now": now}
    rotas.time_off(first=MONDAY, last=MONDAY + WEEK, **more)
    with pytest.raises(Clash, match="already"):
        rotas.time_off(first=MONDAY + WEEK, last=MONDAY + 2 * WEEK, **more)
    for first, last, field in ((MONDAY, MONDAY - WEEK, "last"), (TODAY - 2 * WEEK, TODAY - WEEK, "last")):
        with pytest.raises(Invalid) as refused:
            rotas.time_off(first=first, last=last, **more)
        assert refused.value.field == field
    with pytest.raises(NotFound, match="takes no visits"):
        rotas.time_off(**{**more, "user": ana}, first=MONDAY, last=MONDAY)


def test_retiring_ends_everything_and_a_new_rota_brings_back(desk, nils, vera, now):
    rotas.rota_exception(user=nils, day=MONDAY, spans=LATE, by=vera, now=now)
    rotas.retire_staff_place(user=nils, from_day=MONDAY, by=vera, now=now)
    assert (duty(nils, TODAY), duty(nils, MONDAY)) == ([rotas.ALL_DAY], [])
    rotas.set_rota(user=nils, first_day=MONDAY + WEEK, week={0: MORNING}, by=vera, now=now)
    assert (duty(nils, MONDAY), duty(nils, MONDAY + WEEK)) == ([], MORNING)
    rotas.follow_opening_hours(user=nils, by=vera, now=now)
    assert duty(nils, MONDAY + WEEK) is None
    connection.check_constraints()


def test_the_database_refuses_what_makes_no_sense(desk, nils, vera, now):
    resource = Resource.objects.get(staff=nils)
    rotas.set_rota(user=nils, first_day=MONDAY, week={0: MORNING}, by=vera, now=now)
    rotas.rota_exception(user=nils, day=MONDAY, spans=LATE, by=vera, now=now)
    rotas.time_off(user=nils, first=MONDAY, last=MONDAY + WEEK, by=vera, now=now)
    shift = {"resource": resource, "weekday": 0, "starts": time(8), "ends": time(9), "first_day": MONDAY}
    wrong = [
        (RotaShift(**shift), "shift_no_overlap"),
        (RotaShift(**{**shift, "weekday": 7}), "shift_weekday_known"),
        (RotaShift(**{**shift, "weekday": 2, "ends": time(7)}), "shift_starts_before_end"),
        (RotaShift(**{**shift, "weekday": 2}, last_day=TODAY), "shift_valid_forwards"),
        (RotaDay(resource=resource, day=MONDAY, starts=time(13), ends=time(14)), "rota_day_no_overlap"),
        (RotaDay(resource=resource, day=MONDAY, starts=time(13)), "rota_day_whole_stretch"),
        (TimeOff(resource=resource, first=MONDAY + WEEK, last=MONDAY + 2 * WEEK), "time_off_no_overlap"),
        (TimeOff(resource=resource, first=MONDAY - WEEK, last=MONDAY - 2 * WEEK), "time_off_forwards"),
    ]
    for row, constraint in wrong:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded(by=vera):
            bulk_create_with_history([row], type(row))
