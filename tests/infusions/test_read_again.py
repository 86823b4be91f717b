"""What can hardly be: asked about once, with all else that is wrong, and believed for the values asked about alone."""

from datetime import timedelta

import pytest

from config.refusals import Invalid
from infusions.models import VitalsSet
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"spo2": 130}, "spo2"),
        ({"spo2": 0}, "spo2"),
        ({"systolic": 80, "diastolic": 80}, "diastolic"),
        ({"systolic": 120, "diastolic": 80, "mean_pressure": 130}, "mean_pressure"),
        ({"rate_on_pump": ".5", "rate_on_pump_unit": "spoons an hour"}, "rate_on_pump"),
    ],
)
def test_what_can_hardly_be_is_read_again_and_then_stored(day: Day, values: dict, field: str) -> None:
    visit = day.opened()
    with pytest.raises(Invalid) as asked:
        day.vitals(visit, **values)
    assert (asked.value.code, list(asked.value.errors)) == ("read-again", [field])
    sure = asked.value.facts["asked"]
    assert day.vitals(visit, **values, read_again=sure).confirmed_unusual
    assert not day.vitals(visit, pain=3, read_again=sure).confirmed_unusual


@pytest.mark.parametrize(
    ("asked_about", "typed_after"),
    [
        ({"spo2": 130}, {"spo2": 131}),
        ({"systolic": 80, "diastolic": 90}, {"systolic": 70, "diastolic": 90}),
        (
            {"systolic": 120, "diastolic": 80, "mean_pressure": 130},
            {"systolic": 120, "diastolic": 70, "mean_pressure": 130},
        ),
        ({"spo2": 130}, {"spo2": 130, "heart_rate": 0}),
        ({"rate_on_pump": ".5", "rate_on_pump_unit": "spoons"}, {"rate_on_pump": ".5", "rate_on_pump_unit": "cups"}),
    ],
)
def test_to_have_read_one_thing_again_says_nothing_of_another(day: Day, asked_about: dict, typed_after: dict) -> None:
    visit = day.opened()
    with pytest.raises(Invalid) as asked:
        day.vitals(visit, **asked_about)
    sure = asked.value.facts["asked"]
    with pytest.raises(Invalid) as again:
        day.vitals(visit, **typed_after, read_again=sure)
    assert again.value.code == "read-again"
    assert VitalsSet.objects.count() == 0
    assert day.vitals(visit, **asked_about, pain=3, read_again=sure).pain == 3, "what is not in doubt may be added"


def test_everything_that_is_wrong_is_said_at_once(day: Day) -> None:
    visit = day.opened()
    values = {"pain": 11, "spo2": 130, "rhythm": "x" * 61, "temperature": "37", "systolic": 80, "diastolic": 90}
    with pytest.raises(Invalid) as refused:
        day.vitals(visit, **values)
    assert set(refused.value.errors) == {"pain", "spo2", "rhythm", "temperature_unit", "diastolic"}
    right = values | {"pain": 1, "rhythm": "sinus", "temperature_unit": "°C"}
    stored = day.vitals(visit, **right, read_again=refused.value.facts["asked"])
    assert (stored.spo2, stored.confirmed_unusual) == (130, True)


def test_before_the_arrival_is_read_again(day: Day) -> None:
    visit = day.opened()
    early = visit.opened_at - timedelta(minutes=30)
    with pytest.raises(Invalid) as asked:
        day.vitals(visit, pain=3, observed_at=early)
    assert (asked.value.code, list(asked.value.errors)) == ("read-again", ["observed_at"])
    assert day.vitals(visit, pain=3, observed_at=early, read_again=asked.value.facts["asked"]).observed_at == early
