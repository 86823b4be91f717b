"""One answer to who may be reached: the set that the planner compares with, and the sentence for one patient."""

from datetime import timedelta
from random import Random

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.audit.acting import SystemJob, recorded
from patients.addresses import say_it_bounced
from patients.contact import Reach, record_consent, ways_now
from patients.models import BouncedAddress, Channel, ContactPurpose, NumberKind, Patient
from patients.numbers import say_of_number
from patients.reachable import REACHABLE
from patients.register import record_death, register

pytestmark = pytest.mark.django_db
BY = SystemJob.SET_UP
NUMBERS = ["+12135550142", "+12135550143", "+12135550144", ""]
ADDRESSES = ["ada@example.com", "ADA@example.com", "bo.peña@example.com", "BO.PEÑA@example.com", "cy@example.com", ""]
EVERYBODY = "(SELECT id AS patient_id FROM patients_patient) everybody"


def as_a_set(purpose):
    with connection.cursor() as cursor:
        cursor.execute(REACHABLE.format(visit=EVERYBODY), {"purpose": purpose})
        return {(pk, channel, language) for pk, channel, language in cursor.fetchall()}


def one_by_one(purpose):
    found = ways_now(patients=Patient.objects.all(), purpose=purpose)
    return {(pk, channel, way.language) for (pk, channel), way in found.items() if isinstance(way, Reach)}


def something_is_said(dice, people, now):
    """Of a patient, a number or an address, at any time of the day before or after."""
    at = now + timedelta(minutes=dice.randint(-9, 9))
    what, purpose = dice.choice(["consent", "consent", "number", "address"]), dice.choice(list(ContactPurpose))
    if what == "consent":
        channel, yes = dice.choice(list(Channel)), dice.random() < 0.8
        person = dice.choice(people)
        record_consent(patient=person, channel=channel, granted=yes, how="said", by=BY, at=at, purpose=purpose)
    elif what == "number":
        kind = dice.choice(list(NumberKind))
        scope = dice.choice(["all", purpose]) if kind == NumberKind.OPT_OUT else "all"
        number, holds = dice.choice(NUMBERS[:3]), dice.random() < 0.4
        say_of_number(number=number, kind=kind, holds=holds, how="said", by=BY, at=at, scope=scope)
    elif dice.random() < 0.2:
        say_it_bounced(address=dice.choice(ADDRESSES[:5]), by=BY, at=at)


@pytest.mark.parametrize("seed", range(5))
def test_the_set_and_the_sentences_say_the_same(clinic, now, seed):
    dice = Random(seed)
    people: list[Patient] = []
    for nth in range(8):
        person = register(
            clinic=clinic,
            by=BY,
            now=now,
            given_name=f"Ada{nth}",
            family_name="Peña",
            mobile=dice.choice(NUMBERS),
            email=dice.choice(ADDRESSES),
            language=dice.choice(["en", "es", ""]),
            not_duplicates=[other.pk for other in people],
        )
        people.append(person)
    seen = set()
    for _ in range(6):
        for _ in range(10):
            something_is_said(dice, people, now)
        for purpose in ContactPurpose:
            assert as_a_set(purpose) == one_by_one(purpose)
            seen |= one_by_one(purpose)
    assert {channel for _, channel, _ in seen} == set(Channel), "somebody is reached by each"
    dead = dice.choice(people)
    record_death(patient_id=dead.pk, on=None, by=BY, now=now)
    for purpose in ContactPurpose:
        assert as_a_set(purpose) == one_by_one(purpose)
        assert dead.pk not in {pk for pk, _, _ in as_a_set(purpose)}


def test_an_address_bounces_once_whatever_its_capitals(now):
    for address in ("Ada@example.com", "ada@EXAMPLE.com"):
        say_it_bounced(address=address, code="5.1.1", by=BY, at=now)
    [said] = BouncedAddress.objects.all()
    assert (said.address, said.code, said.actor) == ("Ada@example.com", "5.1.1", "job:set-up")
    with pytest.raises(IntegrityError, match="bounced_address_once"), recorded(by=BY):
        BouncedAddress.objects.create(address="ADA@example.com", at=now)


@pytest.mark.parametrize("address", ["", "ada", "ada @example.com", "@"])
def test_only_an_address_bounces(now, address):
    with pytest.raises(IntegrityError, match="bounced_address_of_a_mailbox"), recorded(by=BY):
        BouncedAddress.objects.create(address=address, at=now)


def test_what_was_said_of_an_address_stays(now):
    say_it_bounced(address="ada@example.com", by=BY, at=now)
    for change in (lambda rows: rows.update(code="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(BouncedAddress.objects.all())
