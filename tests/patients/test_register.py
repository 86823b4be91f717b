"""Registering, amending and merging patients."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, connections

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound, Stale
from patients.duplicates import possible_duplicates
from patients.models import Patient
from patients.register import (
    amend,
    merge,
    next_record_number,
    record_death,
    register,
    take_back_death,
)

ADA = {"family_name": "Okafor", "given_name": "Ada", "birth_date": date(1978, 3, 14), "mobile": "213 555 0142"}


@pytest.fixture
def ada(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, email="Ada@Example.com", **ADA)


def test_each_gets_the_next_number_that_nobody_has(clinic, ana, now):
    upcoming = int(next_record_number(clinic)[2:]) + 1
    register(clinic=clinic, by=ana, now=now, record_number=f"R-{upcoming:06d}", **ADA)
    assert register(clinic=clinic, by=ana, now=now, **ADA).record_number == f"R-{upcoming + 1:06d}"


def test_a_number_given_twice_is_refused_in_words(clinic, other_clinic, ana, now, ada):
    with pytest.raises(Clash, match="somebody else's") as refusal:
        register(clinic=clinic, by=ana, now=now, record_number=ada.record_number, **ADA)
    assert refusal.value.field == "record_number"
    assert register(clinic=other_clinic, by=ana, now=now, record_number=ada.record_number, **ADA).pk
    with pytest.raises(Invalid):
        register(clinic=clinic, by=ana, now=now, record_number="9" * 21, **ADA)


def test_names_are_made_tidy(clinic, ana, now):
    made = register(clinic=clinic, by=ana, now=now, family_name="  Pen\u0303a\u200b  Ruiz ", given_name="Ana\tLuz")
    assert (made.family_name, made.given_name) == ("Peña Ruiz", "Ana Luz")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("family_name", " "),
        ("family_name", "x" * 121),
        ("birth_date", date(2026, 11, 24)),
        ("birth_date", date(1899, 12, 31)),
        ("mobile", "555"),
        ("mobile", "not a number"),
        ("email", "ada@"),
        ("email", "a da@example.com"),
        ("sex", "unsaid"),
        ("zone", "Mars/Olympus"),
        ("referrer_npi", "12345"),
        ("emergency_contact_phone", "1"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(clinic, ana, now, field, value):
    with pytest.raises(Invalid) as refusal:
        register(clinic=clinic, by=ana, now=now, **ADA | {field: value})
    assert field in refusal.value.errors
    assert not Patient.objects.exists()


def test_a_change_over_a_newer_one_is_refused(ana, ada):
    amend(patient_id=ada.pk, version=1, by=ana, city="Burbank")
    with pytest.raises(Stale) as refusal:
        amend(patient_id=ada.pk, version=1, by=ana, city="Pasadena")
    assert refusal.value.facts == {"current": 2}
    assert Patient.objects.get().city == "Burbank"


def test_a_change_cannot_take_the_name_away(ana, ada):
    with pytest.raises(Invalid):
        amend(patient_id=ada.pk, version=1, by=ana, family_name="")


def test_a_death_and_its_correction(ana, ada):
    with pytest.raises(Invalid):
        record_death(patient_id=ada.pk, on=date(1970, 1, 1), by=ana)
    assert record_death(patient_id=ada.pk, on=date(2026, 5, 2), by=ana).deceased
    with pytest.raises(Invalid):
        take_back_death(patient_id=ada.pk, by=ana, reason=" ")
    back = take_back_death(patient_id=ada.pk, by=ana, reason="another person of this name")
    assert (back.deceased, back.deceased_on) == (False, None)


@pytest.mark.parametrize(
    "said",
    [
        {"family_name": "OKAFOR", "given_name": "ada", "birth_date": date(1978, 3, 14)},
        {"family_name": "Ada", "given_name": "Okáfor", "birth_date": date(1978, 3, 14)},
        {"mobile": "(213) 555-0142"},
        {"email": "ADA@example.COM"},
    ],
)
def test_whom_it_may_be_already(clinic, ada, said):
    assert possible_duplicates(clinic=clinic, **said) == [ada]


@pytest.mark.parametrize(
    "said",
    [
        {"family_name": "Okafor", "given_name": "Ada", "birth_date": date(1991, 7, 2)},
        {"family_name": "Okafor", "given_name": "Ada"},
        {"mobile": "nonsense"},
        {"email": ""},
        {},
    ],
)
def test_whom_it_is_not(clinic, ada, said):
    assert possible_duplicates(clinic=clinic, **said) == []


def test_people_of_another_clinic_are_no_duplicates(other_clinic, ada):
    assert possible_duplicates(clinic=other_clinic, **ADA) == []


def test_two_records_of_one_person_become_one(clinic, ana, now, ada, zoe, other_clinic):
    from patients import intake

    twin = register(clinic=clinic, by=ana, now=now, **ADA | {"birth_date": date(1979, 3, 14)})
    asked = intake.receive(clinic=clinic, source="phone", by=ana, now=now, **ADA)
    intake.link(request_id=asked.pk, patient_id=twin.pk, by=ana)
    assert merge(patient_id=twin.pk, into_id=ada.pk, by=ana, reason="birth date mistyped") == ada
    asked.refresh_from_db()
    twin.refresh_from_db()
    assert (asked.patient, twin.merged_into, twin.may_be_contacted) == (ada, ada, False)
    with pytest.raises(Clash):
        amend(patient_id=twin.pk, version=None, by=ana, city="X")
    for one, other, kind in [(ada, ada, Invalid), (twin, ada, Clash), (ada, twin, Clash)]:
        with pytest.raises(kind):
            merge(patient_id=one.pk, into_id=other.pk, by=ana, reason="again")
    elsewhere = register(clinic=other_clinic, by=zoe, now=now, **ADA)
    with pytest.raises(NotFound):
        merge(patient_id=elsewhere.pk, into_id=ada.pk, by=ana, reason="same name")
    with pytest.raises(Invalid):
        merge(patient_id=elsewhere.pk, into_id=ada.pk, by=ana, reason=" ")


BAD_ROWS = {
    "patient_has_a_name": {"family_name": "", "given_name": ""},
    "patient_died_if_dated": {"deceased_on": date(2026, 1, 1)},
    "patient_no_allergies_said_by_somebody": {"allergy_state": "none-known"},
    "patient_allergy_state_known": {"allergy_state": "maybe"},
    "patient_sex_known": {"sex": "x"},
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_the_database_says_no_behind_the_door(ana, ada, name):
    with pytest.raises(IntegrityError, match=name), recorded(by=ana):
        Patient.objects.filter(pk=ada.pk).update(**BAD_ROWS[name])


def test_a_record_merged_into_itself_is_refused_by_the_database(ana, ada):
    with pytest.raises(IntegrityError, match="patient_not_merged_into_self"), recorded(by=ana):
        Patient.objects.filter(pk=ada.pk).update(merged_into=ada.pk)


def test_every_write_has_its_history(ana, ada):
    amend(patient_id=ada.pk, version=1, by=ana, city="Burbank")
    connection.check_constraints()
    assert [row.history_user for row in ada.history.all()] == [ana, ana]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_all_get_their_own_number(clinic, ana, now):
    start, numbers = Barrier(6), []

    def work(n):
        start.wait()
        numbers.append(register(clinic=clinic, by=ana, now=now, family_name="Many", given_name=str(n)).record_number)
        connections.close_all()

    threads = [Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 6
