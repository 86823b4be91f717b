"""What a clinic decides about its bookings, and when a patient can come."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction

from config.audit.acting import recorded
from config.refusals import Invalid, NotAllowed, Stale
from scheduling.models import BookingRules, PatientLimits
from scheduling.rules import change_rules, limits_of, rules_of, set_limits

pytestmark = pytest.mark.django_db


def test_a_clinic_that_decided_nothing_goes_by_the_defaults(clinic, vera):
    rules = rules_of(clinic)
    assert (rules.late_cancel_hours, rules.hold_series_hours, rules.hold_form_minutes) == (24, 24, 10)
    assert BookingRules.objects.count() == 0
    change_rules(clinic=clinic, late_cancel_hours=48, version=1, by=vera)
    assert rules_of(clinic).late_cancel_hours == 48
    change_rules(clinic=clinic, hold_form_minutes=5, version=1, by=vera)
    assert (rules_of(clinic).late_cancel_hours, rules_of(clinic).hold_form_minutes) == (48, 5)
    with pytest.raises(Stale):
        change_rules(clinic=clinic, hold_form_minutes=6, version=1, by=vera)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("late_cancel_hours", 337),
        ("late_cancel_hours", -1),
        ("hold_series_hours", 0),
        ("hold_series_hours", 169),
        ("hold_form_minutes", 0),
        ("hold_form_minutes", 121),
        ("hold_form_minutes", True),
        ("nonsense", 1),
    ],
)
def test_a_rule_without_sense(clinic, vera, name, value):
    with pytest.raises(Invalid) as refused:
        change_rules(clinic=clinic, by=vera, **{name: value})
    assert refused.value.field == name


def test_only_a_manager_decides(clinic, ana):
    with pytest.raises(NotAllowed):
        change_rules(clinic=clinic, late_cancel_hours=48, by=ana)


def test_the_database_refuses_a_rule_without_sense(clinic, vera):
    with (
        pytest.raises(IntegrityError, match="booking_rules_sensible"),
        transaction.atomic(),
        recorded(by=vera),
    ):
        BookingRules(clinic=clinic, hold_form_minutes=500).save()


def test_a_patients_limits(okafor, ana):
    assert limits_of(okafor).weekdays == []
    more = {"patient": okafor, "time_from": time(9), "time_until": time(15), "by": ana}
    set_limits(weekdays=[4, 0, 4], transport=" Bus  line 4 ", version=1, **more)
    found = limits_of(okafor)
    assert (found.weekdays, found.time_from, found.transport) == ([0, 4], time(9), "Bus line 4")
    set_limits(weekdays=[], transport="", version=1, **more)
    with pytest.raises(Stale):
        set_limits(weekdays=[], transport="", version=1, **more)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"weekdays": [7]}, "weekdays"),
        ({"time_from": time(15), "time_until": time(9)}, "time_until"),
        ({"time_from": time(9, 1)}, "time_from"),
        ({"transport": "x" * 201}, "transport"),
    ],
)
def test_limits_without_sense(okafor, ana, more, field):
    given = {"weekdays": [], "time_from": None, "time_until": None, "transport": "", **more}
    with pytest.raises(Invalid) as refused:
        set_limits(patient=okafor, by=ana, **given)
    assert refused.value.field == field


def test_whose_limits_one_may_write(okafor, nils, zoe):
    for somebody in (nils, zoe):
        with pytest.raises(NotAllowed):
            set_limits(patient=okafor, weekdays=[], time_from=None, time_until=None, transport="", by=somebody)


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({"weekdays": [7]}, "limits_weekdays_known"),
        ({"time_from": time(15), "time_until": time(9)}, "limits_from_before_until"),
    ],
)
def test_the_database_refuses_limits_without_sense(okafor, ana, more, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded(by=ana):
        PatientLimits(patient=okafor, **more).save()
