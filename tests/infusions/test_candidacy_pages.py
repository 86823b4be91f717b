"""The candidacy page: nothing typed is lost, and what the desk is asked reaches its list."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.staff.models import User
from infusions.models import CandidacyDecision
from patients.models import Patient, Task
from tests.conftest import PASSWORD
from tests.infusions.ordering import known_patient

DECISION = {"outcome": "more-information-needed", "reason": "A letter is missing.", "password": PASSWORD}


@pytest.fixture
def ada(mara: User) -> Patient:
    return known_patient(mara.clinic, timezone.now())


def test_more_information_asks_what_and_by_when_and_keeps_what_was_typed(
    page_as: Callable[[User], Client], ada: Patient, mara: User
) -> None:
    prescriber, url = page_as(mara), reverse("candidacy", args=[ada.pk])
    refused = prescriber.post(url, DECISION)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "what the desk asks for" in html
    assert "by when the desk should have it" in html
    assert "A letter is missing." in html
    due = mara.clinic.today(timezone.now()) + timedelta(days=5)
    sent = {**DECISION, "ask_for": "Ask for the letter.", "information_due": due.isoformat()}
    assert prescriber.post(url, sent).status_code == 302
    assert Task.objects.get().words == "Ask for the letter."
    assert b"Asked of the desk" in prescriber.get(url).content


def test_the_same_by_api_and_the_desk_reads_only_its_part(
    api_as: Callable, ada: Patient, mara: User, ana: User
) -> None:
    due = (mara.clinic.today(timezone.now()) + timedelta(days=5)).isoformat()
    sent = {**DECISION, "patient": str(ada.pk)}
    refused = api_as(mara).post("/api/v1/candidacy-decisions/", sent)
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"ask_for", "information_due"})
    made = api_as(mara).post(
        "/api/v1/candidacy-decisions/", {**sent, "ask_for": "Ask for the letter.", "information_due": due}
    )
    assert made.status_code == 201
    read = api_as(ana).get(f"/api/v1/candidacy-decisions/{CandidacyDecision.objects.get().pk}/").data
    assert (read["ask_for"], read["information_due"]) == ("Ask for the letter.", due)
    assert "reason" not in read
