"""A first infusion needs a decision that holds; a consult needs none."""

from datetime import date, datetime, timedelta

import pytest

from config.refusals import Clash
from config.staff.models import User
from infusions import readiness
from infusions.models import CandidacyDecision
from infusions.states import Outcome
from patients.models import Patient
from tests.infusions.ordering import BOOKING, accepted, known_patient, signed
from tests.infusions.visiting import Day, open_day  # noqa: F401


@pytest.fixture
def ada(mara: User, now: datetime) -> Patient:
    return known_patient(mara.clinic, now)


def in_the_way(ada: Patient, mara: User, now: datetime, **more: object) -> list[str]:
    order = signed(ada, mara, now, **BOOKING)
    return [obstacle.code for obstacle in readiness.obstacles(order, now=now + timedelta(**more))]


def test_nobody_has_decided(ada: Patient, mara: User, now: datetime) -> None:
    assert in_the_way(ada, mara, now) == ["no-candidacy"]


def test_accepted_and_nothing_else_lets_visits_be_booked(ada: Patient, mara: User, now: datetime) -> None:
    accepted(ada, mara, now)
    assert in_the_way(ada, mara, now, days=400) == []


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": Outcome.NOT_A_CANDIDATE},
        {"outcome": Outcome.DEFERRED},
        {"outcome": Outcome.MORE_INFORMATION, "ask_for": "A letter.", "information_due": date(2026, 12, 1)},
    ],
    ids=lambda values: values["outcome"],
)
def test_a_later_decision_otherwise_takes_it_back(ada: Patient, mara: User, now: datetime, values: dict) -> None:
    accepted(ada, mara, now)
    accepted(ada, mara, now, **values)
    assert in_the_way(ada, mara, now) == ["not-accepted"]


def test_it_holds_through_the_last_day_that_was_typed_in_the_clinics_zone(
    ada: Patient, mara: User, now: datetime
) -> None:
    accepted(ada, mara, now, valid_until=date(2026, 11, 25))
    order = signed(ada, mara, now, **BOOKING)
    last_minute = datetime(2026, 11, 26, 7, 59, tzinfo=now.tzinfo)  # 23:59 in Los Angeles on the 25th
    assert readiness.obstacles(order, now=last_minute) == []
    with pytest.raises(Clash) as refused:
        readiness.require_ready(order, now=last_minute + timedelta(minutes=1))
    assert refused.value.code == "candidacy-expired"


def test_a_consult_needs_no_decision(day: Day) -> None:
    visit = day.opened(day.consult(day.patient()))
    assert not CandidacyDecision.objects.exists()
    assert (visit.order, day.status(visit)) == (None, "in-progress")
