"""Who may be there already: whoever registers somebody is told, by page and by API, and says that it is another."""

import re
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections

from config.refusals import Clash
from patients import intake
from patients.duplicates import possible_duplicates
from patients.models import Patient
from patients.register import register

pytestmark = pytest.mark.django_db
BORN = date(1978, 3, 14)
ADA = {"family_name": "Okafor", "given_name": "Ada", "birth_date": BORN, "mobile": "213 555 0142"}
JOSE = {"family_name": "Smith-Jones", "given_name": "José María", "preferred_name": "Pepe", "birth_date": BORN}
SENT = {**ADA, "birth_date": "1978-03-14"}


@pytest.fixture
def ada(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **ADA)


@pytest.fixture
def jose(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **JOSE)


@pytest.mark.parametrize(
    "said",
    [
        {"family_name": "Lind", "given_name": "José María"},
        {"family_name": "Lind", "given_name": "jose maria"},
        {"family_name": "Lind", "given_name": "José"},
        {"family_name": "Lind", "given_name": "José-María"},
        {"family_name": "Lind", "given_name": "Pepe"},
        {"family_name": "Lind", "given_name": "Joseph", "preferred_name": "José"},
        {"family_name": "José María", "given_name": "Smith-Jones"},
    ],
)
def test_a_birth_date_and_a_given_name_are_enough_whatever_the_surname_is_now(clinic, jose, said):
    assert possible_duplicates(clinic=clinic, birth_date=BORN, **said) == [jose]


@pytest.mark.parametrize(
    "said",
    [
        {"family_name": "Smith-Jones", "given_name": "Rosa", "birth_date": BORN},  # a twin sister
        {"family_name": "Lind", "given_name": "José María", "birth_date": date(1978, 3, 15)},
        {"family_name": "Lind", "given_name": "José María"},
        {"family_name": "Smith-Jones", "birth_date": BORN},
        {"given_name": " ", "birth_date": BORN},
    ],
)
def test_one_of_them_alone_is_not(clinic, jose, said):
    assert possible_duplicates(clinic=clinic, **said) == []


def test_the_door_asks_only_whoever_wants_to_be_asked(clinic, ana, now, ada):
    register(clinic=clinic, by=ana, now=now, **ADA)
    with pytest.raises(Clash) as refusal:
        register(clinic=clinic, by=ana, now=now, not_duplicates=[ada.pk], **ADA)
    assert refusal.value.code == "possible-duplicates"
    assert Patient.objects.count() == 2


def test_by_api_nobody_is_registered_twice_without_a_word(api_as, ana, clinic, ada, now):
    desk = api_as(ana)
    answer = desk.post("/api/v1/patients/", SENT)
    told = answer.json()
    assert (answer.status_code, told["type"]) == (409, "/problems/possible-duplicates")
    assert told["possible"] == [
        {"id": str(ada.pk), "record_number": ada.record_number, "name": "Ada Okafor", "birth_date": "1978-03-14"}
    ]
    other = register(clinic=clinic, by=ana, now=now, family_name="Adeyemi", given_name="Obi", mobile=ADA["mobile"])
    still = desk.post("/api/v1/patients/", SENT | {"not_duplicates": [str(ada.pk)]})
    assert [row["id"] for row in still.json()["possible"]] == [str(other.pk), str(ada.pk)], "all of them are shown"
    made = desk.post("/api/v1/patients/", SENT | {"not_duplicates": [str(ada.pk), str(other.pk)]})
    assert made.status_code == 201
    assert "not_duplicates" not in made.json()


def test_what_is_wrong_is_said_before_who_it_may_be(api_as, ana, ada):
    assert api_as(ana).post("/api/v1/patients/", SENT | {"email": "nobody"}).status_code == 400
    assert api_as(ana).post("/api/v1/patients/", SENT | {"not_duplicates": ["x"]}).status_code == 400


def test_a_refusal_takes_no_key_and_no_number(api_as, ana, ada):
    desk, key = api_as(ana), {"Idempotency-Key": "k1"}
    assert desk.post("/api/v1/patients/", SENT, headers=key).status_code == 409
    told = SENT | {"not_duplicates": [str(ada.pk)]}
    first, again = (desk.post("/api/v1/patients/", told, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())


def test_by_api_from_a_request_too(api_as, ana, clinic, ada, now):
    desk = api_as(ana)
    asked = intake.receive(clinic=clinic, source="phone", by=ana, now=now, **ADA)
    at = f"/api/v1/intake-requests/{asked.pk}/register/"
    answer = desk.post(at, {})
    assert (answer.status_code, [row["id"] for row in answer.json()["possible"]]) == (409, [str(ada.pk)])
    asked.refresh_from_db()
    assert (asked.patient, asked.status) == (None, "new")
    assert desk.post(at, {"not_duplicates": [str(ada.pk)]}).status_code == 201


def test_another_clinics_people_are_not_told_of(api_as, zoe, ada):
    assert api_as(zoe).post("/api/v1/patients/", SENT | {"mobile": "+12135550142"}).status_code == 201


def test_the_page_shows_whom_it_may_be_and_asks_again_when_there_is_another(page_as, clinic, ana, now, ada):
    desk, typed = page_as(ana), SENT | {"birth_date": "14 Mar 1978"}
    first = desk.post("/patients/new/", typed)
    page = first.content.decode()
    assert first.status_code == 409
    assert "Is it one of these people?" in page
    assert "Nobody is registered yet" in page
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    assert shown == str(ada.pk)
    twin = register(clinic=clinic, by=ana, now=now, **ADA | {"given_name": "Ada Rose"})
    again = desk.post("/patients/new/", typed | {"shown": shown})
    assert again.status_code == 409
    shown = re.search(r'name="shown" value="([^"]+)"', again.content.decode())[1]
    assert set(shown.split()) == {str(ada.pk), str(twin.pk)}
    assert desk.post("/patients/new/", typed | {"shown": f"{shown} nonsense"}).status_code == 302
    assert Patient.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_register_one_person_at_the_same_moment_make_one_record(clinic, ana, vera, now):
    start, became = Barrier(2), []

    def work(by):
        start.wait()
        try:
            became.append(register(clinic=clinic, by=by, now=now, not_duplicates=[], **ADA))
        except Clash as refusal:
            became.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(by,)) for by in (ana, vera)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Patient.objects.count() == 1
    assert "possible-duplicates" in became
