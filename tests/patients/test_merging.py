"""Two records of one person become one, a death is taken back, and the search says who comes when."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from config.refusals import Clash, Invalid
from config.staff.permissions import Role
from patients import allergies, intake, tasks
from patients.models import Patient, Task, TaskKind
from patients.register import merge, record_death, register
from scheduling import booking
from tests.infusions.ordering import opened

pytestmark = pytest.mark.django_db
ADA = {"family_name": "Okafor", "given_name": "Ada", "birth_date": date(1978, 3, 14), "mobile": "213 555 0142"}


@pytest.fixture
def ada(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **ADA)


@pytest.fixture
def twin(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **ADA | {"birth_date": date(1979, 3, 14), "city": "Burbank"})


@pytest.fixture
def visit(clinic, ana, nils, vera, twin):
    """`twin` has a consult next week."""
    opened(clinic, nurse=nils, by=vera)
    now = timezone.now()
    here = now.astimezone(clinic.tz)
    day = here + timedelta(days=9 - here.weekday())  # the Wednesday of the week after
    start = day.replace(hour=10, minute=0, second=0, microsecond=0)
    return booking.book(patient=twin, clinic=clinic, start=start, minutes=60, by=ana, now=now)


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_offers_who_looks_alike_and_finds_others(page_as, ana, clinic, ada, twin, now):
    client = page_as(ana)
    other = register(clinic=clinic, by=ana, now=now, family_name="Páez", given_name="Manuela")
    page = text_of(client, f"/patients/{ada.pk}/merge/")
    assert twin.record_number in page
    assert other.record_number not in page
    found = client.post(f"/patients/{ada.pk}/merge/", {"q": "paez"}).content.decode()
    assert other.record_number in found
    assert f"?with={other.pk}" in found
    assert f"?with={ada.pk}" not in client.post(f"/patients/{ada.pk}/merge/", {"q": "okafor"}).content.decode()


def test_both_stand_side_by_side_and_none_is_chosen(page_as, ana, nils, ada, twin, now):
    allergies.add(patient_id=twin.pk, substance="Latex", by=nils, now=now)
    page = text_of(page_as(ana), f"/patients/{ada.pk}/merge/?with={twin.pk}")
    for words in ("14 Mar 1978", "14 Mar 1979", "Burbank", "Latex", "Not asked", ada.record_number, twin.record_number):
        assert words in page
    assert not re.search(r'name="stays"[^>]*checked', page)
    assert page.count('name="stays"') == 2
    assert "<title>AO" in page


def test_merging_moves_what_it_says_and_leads_to_the_one_that_stays(page_as, ana, nils, clinic, ada, twin, now):
    asked = intake.receive(clinic=clinic, source="phone", by=ana, now=now, **ADA)
    intake.link(request_id=asked.pk, patient_id=twin.pk, by=ana)
    task = tasks.raise_task(clinic=clinic, patient=twin, kind=TaskKind.CALL_BACK, words="Call.", by=ana, now=now)
    done = tasks.raise_task(clinic=clinic, patient=twin, kind=TaskKind.OTHER, words="Was done.", by=ana, now=now)
    tasks.finish(done.pk, note="", by=ana, now=now)
    allergies.add(patient_id=twin.pk, substance="Latex", by=nils, now=now)
    client = page_as(ana)
    typed = {"with": str(twin.pk), "stays": str(ada.pk), "reason": "same person, year mistyped"}
    answer = client.post(f"/patients/{ada.pk}/merge/", typed)
    assert (answer.status_code, answer["Location"]) == (302, f"/patients/{ada.pk}/")
    for row in (asked, task, done, twin):
        row.refresh_from_db()
    assert (asked.patient, task.patient, done.patient, twin.merged_into) == (ada, ada, twin, ada)
    assert twin.history.order_by("-history_id")[0].history_change_reason == "same person, year mistyped"
    nurse = Task.objects.get(for_role=Role.NURSE)
    assert (nurse.patient, nurse.about) == (ada, twin.pk)
    assert "Latex" not in nurse.words
    assert client.get(f"/patients/{twin.pk}/merge/")["Location"] == f"/patients/{ada.pk}/"


@pytest.mark.parametrize(("wrong", "words"), [({"stays": ""}, "stays"), ({"reason": " "}, "reason")])
def test_what_is_missing_is_said_and_what_was_typed_stays(page_as, ana, ada, twin, wrong, words):
    typed = {"with": str(twin.pk), "stays": str(ada.pk), "reason": "year mistyped"} | wrong
    answer = page_as(ana).post(f"/patients/{ada.pk}/merge/", typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'href="#id_{words}"' in page
    assert ("year mistyped" in page) == (words == "stays")
    assert not Patient.objects.filter(merged_into__isnull=False).exists()


def test_a_record_with_a_visit_to_come_cannot_go_and_can_stay(page_as, ana, ada, twin, visit):
    with pytest.raises(Clash, match=r"visits to come or under way \(1\)"):
        merge(patient_id=twin.pk, into_id=ada.pk, by=ana, reason="one person")
    answer = page_as(ana).post(
        f"/patients/{ada.pk}/merge/", {"with": str(twin.pk), "stays": str(ada.pk), "reason": "one person"}
    )
    assert answer.status_code == 422
    assert "let this record stay" in answer.content.decode()
    assert merge(patient_id=ada.pk, into_id=twin.pk, by=ana, reason="one person") == twin


def test_another_clinics_record_is_not_there(page_as, api_as, ana, zoe, other_clinic, ada, now):
    theirs = register(clinic=other_clinic, by=zoe, now=now, **ADA)
    assert page_as(ana).get(f"/patients/{ada.pk}/merge/?with={theirs.pk}").status_code == 404
    assert page_as(ana).get(f"/patients/{ada.pk}/merge/?with=x").status_code == 400
    answer = api_as(ana).post(f"/api/v1/patients/{ada.pk}/merge/", {"into": str(theirs.pk), "reason": "x"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["into"])


def test_by_api(api_as, ana, ada, twin):
    answer = api_as(ana).post(f"/api/v1/patients/{twin.pk}/merge/", {"into": str(ada.pk), "reason": "year mistyped"})
    assert (answer.status_code, answer.json()["id"]) == (200, str(ada.pk))
    again = api_as(ana).post(f"/api/v1/patients/{twin.pk}/merge/", {"into": str(ada.pk), "reason": "again"})
    assert again.status_code == 409


def test_a_death_is_taken_back_with_a_reason(page_as, ana, ada, now):
    client, at = page_as(ana), f"/patients/{ada.pk}/death/take-back/"
    assert "No death is recorded" in text_of(client, at)
    assert client.post(at, {"reason": "why not"}).status_code == 422
    record_death(patient_id=ada.pk, on=date(2026, 5, 2), by=ana, now=now)
    assert at in text_of(client, f"/patients/{ada.pk}/edit/")
    assert client.post(at, {"reason": " "}).status_code == 422
    assert client.post(at, {"reason": "another person of this name"}).status_code == 302
    ada.refresh_from_db()
    assert (ada.deceased, ada.deceased_on) == (False, None)
    assert "another person of this name" in text_of(client, f"/patients/{ada.pk}/history/")


def test_a_death_by_api_and_its_taking_back(api_as, ana, ada):
    api, at = api_as(ana), f"/api/v1/patients/{ada.pk}/death/"
    early = api.post(at, {"on": "1970-01-01"})
    assert (early.status_code, list(early.json()["errors"])) == (400, ["on"])
    assert api.post(at, {"on": "2999-01-01"}).status_code == 400
    assert api.post(at, {"day": "2026-05-02"}).status_code == 400
    gone = api.post(at, {"on": "2026-05-02"}).json()
    assert (gone["deceased"], gone["deceased_on"]) == (True, "2026-05-02")
    assert api.post(f"{at}take-back/", {}).status_code == 400
    back = api.post(f"{at}take-back/", {"reason": "another person"}).json()
    assert (back["deceased"], back["deceased_on"]) == (False, None)
    assert api.post(f"{at}take-back/", {"reason": "again"}).status_code == 409


def test_nobody_dies_tomorrow(ana, ada, clinic, now):
    with pytest.raises(Invalid, match="not come yet"):
        record_death(patient_id=ada.pk, on=clinic.today(now) + timedelta(days=1), by=ana, now=now)


def test_the_search_says_who_comes_when(page_as, api_as, ana, clinic, ada, twin, visit):
    start = visit.start.astimezone(clinic.tz)
    words = f"{start:%a} {start.day} {start:%b}, 10:00"
    client = page_as(ana)
    hits = client.post("/patients/search/", {"q": "okafor"}, headers={"HX-Request": "true"}).content.decode()
    assert hits.count(words) == 1
    assert words in text_of(client, "/patients/")
    assert words in client.post("/patients/search/", {"q": "okafor"}).content.decode()
    found = api_as(ana).post("/api/v1/patients/search/", {"q": "okafor"}).json()["results"]
    assert {row["id"]: bool(row["next_visit"]) for row in found} == {str(ada.pk): False, str(twin.pk): True}


def test_the_list_costs_one_query_for_all_its_visits(page_as, ana, ada, twin, django_assert_max_num_queries):
    client = page_as(ana)
    client.get("/patients/")
    with django_assert_max_num_queries(8):
        client.get("/patients/")
