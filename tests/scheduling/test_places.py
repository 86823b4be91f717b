"""Chairs, nurses' capacity, hours and closed days."""

from datetime import time

import pytest
from django.db import IntegrityError, connection, transaction
from simple_history.utils import bulk_create_with_history

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotFound, Stale
from scheduling import hours
from scheduling.models import Chair, OpeningHours, Resource
from scheduling.opening import close_day, reopen_day, set_hours
from scheduling.places import add_chair, add_nurse, change_chair, change_nurse
from tests.scheduling.conftest import MONDAY

pytestmark = pytest.mark.django_db


def test_a_chair_can_be_booked_at_once(clinic, vera):
    chair = add_chair(clinic=clinic, name=" Window ", pod="North", by=vera)
    assert chair.name == "Window"
    assert Resource.objects.get(chair=chair).watch_lanes == 0
    connection.check_constraints()


def test_a_chairs_name_is_taken_once_in_a_clinic_in_any_letter_case(clinic, other_clinic, vera):
    add_chair(clinic=clinic, name="Window", by=vera)
    with pytest.raises(Invalid, match="already") as refused:
        add_chair(clinic=clinic, name="WINDOW", by=vera)
    assert refused.value.field == "name"
    add_chair(clinic=other_clinic, name="Window", by=SystemJob.SET_UP)
    with pytest.raises(IntegrityError, match="chair_name_once"), recorded(by=vera):
        Chair(clinic=clinic, name="window").save()


@pytest.mark.parametrize(
    ("more", "field"), [({"name": ""}, "name"), ({"kind": "sofa"}, "kind"), ({"pod": "x" * 41}, "pod")]
)
def test_a_chair_without_sense(clinic, vera, more, field):
    with pytest.raises(Invalid) as refused:
        add_chair(**{"clinic": clinic, "name": "Chair 1", "by": vera, **more})
    assert field in refused.value.errors


def test_changing_a_chair_over_a_newer_version(clinic, vera):
    chair = add_chair(clinic=clinic, name="Window", by=vera)
    assert change_chair(chair_id=chair.pk, version=1, pod="South", by=vera).record.version == 2
    with pytest.raises(Stale):
        change_chair(chair_id=chair.pk, version=1, pod="North", by=vera)
    with pytest.raises(Invalid, match="no such field"):
        change_chair(chair_id=chair.pk, clinic_id=1, by=vera)


def test_only_clinicians_watch_patients(clinic, ana, nils, vera):
    with pytest.raises(Invalid, match="nurse or prescriber"):
        add_nurse(user=ana, watch_lanes=2, by=vera)
    with pytest.raises(Invalid, match="1 to 12") as refused:
        add_nurse(user=nils, watch_lanes=0, by=vera)
    assert refused.value.field == "watch_lanes"
    add_nurse(user=nils, watch_lanes=2, by=vera)
    with pytest.raises(Clash):
        add_nurse(user=nils, watch_lanes=2, by=vera)
    assert change_nurse(user=nils, watch_lanes=3, by=vera).watch_lanes == 3
    with pytest.raises(NotFound):
        change_nurse(user=nora(clinic), watch_lanes=3, by=vera)


def nora(clinic):
    from config.staff.permissions import Role
    from tests.conftest import hired

    return hired(clinic, "nora", "Nora", Role.NURSE, "RN")


def test_hours_replace_those_before(clinic, vera):
    set_hours(clinic=clinic, weekday=0, spans=[(time(8), time(12)), (time(13), time(18))], by=vera)
    set_hours(clinic=clinic, weekday=0, spans=[(time(9), time(12))], by=vera)
    assert hours.load(clinic=clinic, first=MONDAY, last=MONDAY).stretches(MONDAY) == [(time(9), time(12))]
    connection.check_constraints()
    set_hours(clinic=clinic, weekday=0, spans=[], by=vera)
    assert (
        hours.load(clinic=clinic, first=MONDAY, last=MONDAY).closed_words(MONDAY)
        == "The clinic is not open on Mondays."
    )


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


def test_a_day_closes_once_with_a_reason_and_reopens(clinic, vera):
    set_hours(clinic=clinic, weekday=0, spans=[(time(8), time(12))], by=vera)
    with pytest.raises(Invalid):
        close_day(clinic=clinic, day=MONDAY, reason=" ", by=vera)
    close_day(clinic=clinic, day=MONDAY, reason="Staff day", by=vera)
    with pytest.raises(Clash):
        close_day(clinic=clinic, day=MONDAY, reason="Again", by=vera)
    assert hours.load(clinic=clinic, first=MONDAY, last=MONDAY).stretches(MONDAY) == []
    assert hours.next_open_day(clinic=clinic, after=MONDAY).isoformat() == "2026-12-07"
    reopen_day(clinic=clinic, day=MONDAY, by=vera)
    with pytest.raises(NotFound):
        reopen_day(clinic=clinic, day=MONDAY, by=SystemJob.SET_UP)
    connection.check_constraints()


def test_a_clinic_without_hours_has_no_next_open_day(clinic):
    assert hours.next_open_day(clinic=clinic, after=MONDAY) is None
