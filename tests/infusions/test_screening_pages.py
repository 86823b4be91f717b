"""Screening as a page and as API: empty inputs, kept input, and the clinic's own words."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff.models import Clinic, User
from infusions import listing, screening
from infusions.models import ScreeningAnswer, ScreeningItem
from infusions.screening import Answered
from patients.models import Patient
from tests.infusions.ordering import known_patient
from tests.infusions.test_visits_pages import assert_empty

ASKED = ["Glaucoma", "Pregnancy", "ECG seen"]


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def listed(clinic: Clinic, vera: User, now: datetime) -> list[ScreeningItem]:
    return listing.put_items(ScreeningItem, clinic=clinic, wordings=ASKED, by=vera, now=now)


def sheet(patient: Patient) -> str:
    return reverse("screening", args=[patient.pk])


def test_answers_are_recorded_and_inputs_are_empty_again(
    page_as: Callable[[User], Client], ada: Patient, nils: User, listed: list[ScreeningItem]
) -> None:
    nurse = page_as(nils)
    assert_empty(nurse.get(sheet(ada)).content.decode())
    sent = {
        f"done_{listed[0].pk}": "yes",
        f"words_{listed[0].pk}": "None known.",
        f"done_{listed[1].pk}": "no",
        "client_id": str(uuid4()),
    }
    saved = nurse.post(sheet(ada), sent, follow=True)
    html = saved.content.decode()
    assert "2 answers recorded" in html
    assert "None known." in html
    assert [html.count(f'data-state="{state}"') for state in ("done", "open", "untouched")] == [1, 1, 1]
    assert_empty(html)
    nurse.post(sheet(ada), sent)
    assert ScreeningAnswer.objects.count() == 2


def test_words_without_a_state_are_asked_about_and_kept(
    page_as: Callable[[User], Client], ada: Patient, nils: User, listed: list[ScreeningItem]
) -> None:
    refused = page_as(nils).post(sheet(ada), {f"words_{listed[0].pk}": "Waiting for a letter."})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Say whether this is done or still open." in html
    assert "Waiting for a letter." in html
    assert not ScreeningAnswer.objects.exists()
    assert "Nothing was answered yet" in page_as(nils).post(sheet(ada), {}).content.decode()


def test_candidacy_shows_the_answers(
    page_as: Callable[[User], Client], ada: Patient, mara: User, nils: User, listed: list[ScreeningItem], now: datetime
) -> None:
    screening.record(patient=ada, answers=[Answered(listed[0].pk, False, "Letter asked for.")], by=nils, now=now)
    html = page_as(mara).get(reverse("candidacy", args=[ada.pk])).content.decode()
    assert "Letter asked for." in html
    assert sheet(ada) in html


def test_without_a_list_the_pages_say_who_writes_it(
    page_as: Callable[[User], Client], ada: Patient, nils: User
) -> None:
    assert b"No screening list yet" in page_as(nils).get(sheet(ada)).content
    assert b"no screening list yet" in page_as(nils).get(reverse("candidacy", args=[ada.pk])).content


def test_the_sheet_asks_as_many_queries_for_one_answer_as_for_many(
    page_as: Callable[[User], Client], ada: Patient, nils: User, listed: list[ScreeningItem], now: datetime
) -> None:
    nurse = page_as(nils)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert nurse.get(sheet(ada)).status_code == 200
        return len(asked)

    screening.record(patient=ada, answers=[Answered(listed[0].pk, True, "One.")], by=nils, now=now)
    one = queries()
    for item in listed:
        screening.record(patient=ada, answers=[Answered(item.pk, True, "More.")], by=nils, now=now)
    assert queries() == one
    assert one <= 8


def test_a_manager_keeps_the_list(page_as: Callable[[User], Client], clinic: Clinic, vera: User) -> None:
    manager, url = page_as(vera), reverse("screening-list")
    assert b"Nothing on the list yet" in manager.get(url).content
    empty = listing.mark_of([])
    assert manager.post(url, {"items": "Glaucoma\r\nPregnancy", "seen": empty}).status_code == 302
    assert "Glaucoma\nPregnancy" in manager.get(url).content.decode()
    stale = manager.post(url, {"items": "Glaucoma\nThyroid", "seen": empty})
    assert stale.status_code == 409
    html = stale.content.decode()
    assert "Glaucoma\nThyroid" in html
    assert "<li>Pregnancy</li>" in html
    twice = manager.post(url, {"items": "Glaucoma\nglaucoma", "seen": listing.mark_of(screening.items(clinic=clinic))})
    assert twice.status_code == 422
    assert "twice" in twice.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_api_keeps_the_list(api_as: Callable, vera: User, ana: User, zoe: User) -> None:
    made = api_as(vera).post("/api/v1/screening-items/", {"wording": "Glaucoma"})
    assert (made.status_code, made.data["position"]) == (201, 0)
    url = f"/api/v1/screening-items/{made.data['id']}/"
    assert api_as(ana).get("/api/v1/screening-items/?in_use=true").data["results"][0]["wording"] == "Glaucoma"
    assert api_as(vera).post(f"{url}retire/").data["retired_at"]
    assert api_as(ana).get("/api/v1/screening-items/?in_use=true").data["results"] == []
    assert len(api_as(ana).get(f"{url}history/").data) == 2
    assert api_as(zoe).get(url).status_code == 404


def test_the_api_takes_answers(
    api_as: Callable, ada: Patient, nils: User, zoe: User, listed: list[ScreeningItem]
) -> None:
    sent = {"patient": str(ada.pk), "item": str(listed[0].pk), "done": False, "answer": " As told. "}
    nurse = api_as(nils)
    made = nurse.post("/api/v1/screening-answers/", sent)
    assert (made.status_code, made.data["answer"], made.data["done"]) == (201, " As told. ", False)
    found = nurse.get(f"/api/v1/screening-answers/?patient={ada.pk}").data["results"]
    assert [answer["id"] for answer in found] == [made.data["id"]]
    assert nurse.get(f"/api/v1/screening-answers/{made.data['id']}/").status_code == 200
    without = nurse.post("/api/v1/screening-answers/", {name: sent[name] for name in ("patient", "item")})
    assert (without.status_code, list(without.json()["errors"])) == (400, ["done"])
    scored = nurse.post("/api/v1/screening-answers/", sent | {"score": 3})
    assert list(scored.json()["errors"]) == ["score"]
    unknown = nurse.post("/api/v1/screening-answers/", sent | {"item": str(uuid4())})
    assert list(unknown.json()["errors"]) == ["item"]
