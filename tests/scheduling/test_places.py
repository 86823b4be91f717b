"""Chairs, and the people who look after visits."""

import pytest
from django.db import IntegrityError, connection, transaction

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotFound, Stale
from scheduling.models import Chair, Resource
from scheduling.models.places import Kind, Purpose
from scheduling.places import add_chair, add_clinician, add_nurse, change_chair, change_nurse

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
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "sofa"}, "kind"),
        ({"pod": "x" * 41}, "pod"),
        ({"purpose": "storage"}, "purpose"),
        ({"turnover_minutes": 7}, "turnover_minutes"),
        ({"turnover_minutes": 125}, "turnover_minutes"),
        ({"turnover_minutes": -5}, "turnover_minutes"),
    ],
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


def test_only_prescribers_are_a_visits_clinician_and_nobody_is_two_things(clinic, nils, mara, vera):
    with pytest.raises(Invalid, match="Only a prescriber"):
        add_clinician(user=nils, by=vera)
    assert add_clinician(user=mara, by=vera).kind == Kind.CLINICIAN
    with pytest.raises(Clash):
        add_nurse(user=mara, watch_lanes=2, by=vera)


def test_a_recovery_place_is_another_kind_of_thing(clinic, vera):
    place = add_chair(clinic=clinic, name="Recovery 1", purpose=Purpose.RECOVERY, turnover_minutes=10, by=vera)
    assert Resource.objects.get(chair=place).kind == Kind.RECOVERY
    change_chair(chair_id=place.pk, purpose=Purpose.TREATMENT, by=vera)
    assert Resource.objects.get(chair=place).kind == Kind.CHAIR
    connection.check_constraints()


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({"purpose": "storage"}, "chair_purpose_known"),
        ({"turnover_minutes": 7}, "chair_turnover_in_fives"),
        ({"turnover_minutes": 125}, "chair_turnover_in_fives"),
    ],
)
def test_the_database_refuses_a_chair_without_sense(clinic, vera, more, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded(by=vera):
        Chair(clinic=clinic, name="Chair 1", **more).save()
