"""Every way to write an order past its door, as everybody who may not."""

from datetime import datetime

import pytest
from celery import shared_task
from django.db import DatabaseError, connection, transaction

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.staff.accounts import deactivate
from config.staff.models import User
from infusions import orders
from infusions.models import Order
from patients.models import Patient
from tests.house.clinical_rule.ways import PATHS, WRITES_NO_ORDER, unsaved
from tests.infusions.ordering import drafted, known_patient, signed
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)


@pytest.mark.parametrize("role", WRITES_NO_ORDER)
@pytest.mark.parametrize("path", PATHS)
def test_s1_refused_under_ones_own_name(
    request: pytest.FixtureRequest, ada: Patient, now: datetime, role: str, path: str
) -> None:
    person = request.getfixturevalue(role)
    with pytest.raises(DatabaseError) as refused, recorded(by=person):
        PATHS[path](ada, person, now)
    assert sqlstate(refused.value) == "DK004"
    assert not Order.objects.exists()


@pytest.mark.parametrize("role", WRITES_NO_ORDER)
@pytest.mark.parametrize("path", PATHS)
def test_s1_refused_under_a_prescribers_name(
    request: pytest.FixtureRequest, ada: Patient, mara: User, now: datetime, role: str, path: str
) -> None:
    with pytest.raises(DatabaseError) as refused, recorded(by=request.getfixturevalue(role)):
        PATHS[path](ada, mara, now)
    assert sqlstate(refused.value) == "DK004"
    assert not Order.objects.exists()


@pytest.mark.parametrize("job", SystemJob)
@pytest.mark.parametrize("path", PATHS)
def test_s1_refused_to_every_system_job(ada: Patient, mara: User, now: datetime, job: SystemJob, path: str) -> None:
    with pytest.raises(DatabaseError) as refused, recorded(by=job):
        PATHS[path](ada, mara, now)
    assert sqlstate(refused.value) == "DK004"
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PATHS)
def test_s1_refused_in_a_shell_also_after_somebody_acted(ada: Patient, mara: User, now: datetime, path: str) -> None:
    """The acting person of an earlier transaction on the same connection counts for nothing."""
    drafted(known_patient(mara.clinic, now, "Reed"), mara, now)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        PATHS[path](ada, mara, now)
    assert sqlstate(refused.value) == "DK001"
    assert not Order.objects.filter(patient=ada).exists()


@shared_task(name="tests.write_an_order")
def write_an_order(patient: str, author: str) -> None:
    """What a task would have to do to write an order: it has no acting person."""
    person = User.objects.get(pk=author)
    unsaved(Patient.objects.get(pk=patient), person, person.local_now()).save()


@pytest.mark.django_db(transaction=True)
def test_s1_refused_to_a_celery_task(ada: Patient, mara: User) -> None:
    done = write_an_order.apply(args=[str(ada.pk), str(mara.pk)])
    assert done.failed()
    assert sqlstate(done.result) == "DK001"
    assert not Order.objects.exists()


def test_s1_refused_to_whoever_is_no_prescriber_any_more(ada: Patient, mara: User, vera: User, now: datetime) -> None:
    order = drafted(ada, mara, now)
    deactivate(person=mara, by=vera, reason="Left.")
    order.dose = "4"
    with pytest.raises(DatabaseError) as refused, recorded(by=mara):
        order.save()
    # Nobody who has left acts at all, whatever their role was.
    assert sqlstate(refused.value) == "DK001"


def test_what_was_signed_stays_after_its_author_has_gone(ada: Patient, mara: User, vera: User, now: datetime) -> None:
    order = signed(ada, mara, now)
    deactivate(person=mara, by=vera, reason="Left.")
    connection.check_constraints()
    assert orders.active_order(patient=ada) == order
