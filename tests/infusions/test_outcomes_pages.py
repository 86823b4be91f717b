"""Answers beside the visits: raw numbers as a line and as a table, for those who see clinical records."""

# ruff: noqa: F811  (the fixtures of the same pages)

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff.models import Clinic, User
from infusions.models import Questionnaire
from infusions.models.questionnaires import Kind
from patients.models import Patient
from tests.infusions.asking import answered, by_link, on
from tests.infusions.test_questionnaire_item_nine import LOW
from tests.infusions.test_questionnaires_pages import ada, form_of, page_of, phq  # noqa: F401
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

PageAs = Callable[[User], Client]


def test_the_patient_page_draws_raw_numbers_and_the_table_has_the_same(
    page_as: PageAs, day: Day, vera: User, now: datetime
) -> None:
    visit = day.discharged()
    pain = on(Kind.NRS, vera, now)
    for hours, value in ((3, 8), (2, 0), (1, 5)):
        by_link(visit.patient, pain, [value], now - timedelta(hours=hours))
    html = page_as(day.nurse).get(reverse("patient", args=[visit.patient_id])).content.decode()
    card = html[html.index('id="outcomes"') :]
    dots = re.findall(r"<title>23 Nov 2026: (\d+)</title>", card)
    cells = re.findall(r'<td class="num">(\d+)</td>', card)
    assert dots == cells == ["8", "0", "5"]
    assert card.count('class="trend-mark"') == 1
    assert reverse("visit", args=[visit.pk]) in card
    assert card.count("<polyline") == 1


def test_a_gap_is_said_in_the_table_and_not_drawn(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    for hours, values in ((3, [*LOW, 0]), (2, LOW), (1, [*LOW, 0])):
        answered(ada, phq, values, nils, now - timedelta(hours=hours))
    html = page_as(nils).get(reverse("patient", args=[ada.pk])).content.decode()
    card = html[html.index('id="outcomes"') :]
    assert (card.count('class="trend-point"'), card.count("<polyline")) == (2, 0)
    assert "not complete, 8 of 9" in card


def test_the_desk_and_the_manager_see_nothing_of_it(
    page_as: PageAs, ada: Patient, nils: User, ana: User, vera: User, phq: Questionnaire, now: datetime
) -> None:
    response = answered(ada, phq, [*LOW, 0], nils, now)
    for person in (ana, vera):
        client = page_as(person)
        html = client.get(reverse("patient", args=[ada.pk])).content.decode()
        assert "PHQ-9" not in html
        assert 'id="outcomes"' not in html
        for url in (page_of(ada), form_of(ada, phq), reverse("questionnaire-response", args=[response.pk])):
            assert client.get(url).status_code == 403


def test_another_clinics_answers_are_not_there(
    page_as: PageAs, ada: Patient, nils: User, other_clinic: Clinic, phq: Questionnaire, now: datetime
) -> None:
    from tests.conftest import hired

    response = answered(ada, phq, [*LOW, 0], nils, now)
    stranger = page_as(hired(other_clinic, "yo", "Yo Hill", "nurse", "RN"))
    for url in (page_of(ada), form_of(ada, phq), reverse("questionnaire-response", args=[response.pk])):
        assert stranger.get(url).status_code == 404


def test_a_clinic_that_uses_none_says_who_switches_them_on(page_as: PageAs, ada: Patient, nils: User) -> None:
    html = page_as(nils).get(page_of(ada)).content.decode()
    assert "Your clinic uses no questionnaires yet" in html
    assert "Nothing answered yet" in html


def test_more_answers_cost_no_more_queries(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    nurse = page_as(nils)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert nurse.get(url).status_code == 200
        return len(asked)

    answered(ada, phq, [*LOW, 0], nils, now)
    before = [queries(page_of(ada)), queries(reverse("patient", args=[ada.pk]))]
    for hours in range(1, 6):
        answered(ada, phq, [*LOW, 0], nils, now - timedelta(hours=hours))
    assert [queries(page_of(ada)), queries(reverse("patient", args=[ada.pk]))] == before


def test_a_long_list_is_paged(page_as: PageAs, ada: Patient, nils: User, vera: User, now: datetime) -> None:
    pain = on(Kind.NRS, vera, now)
    for minutes in range(52):
        answered(ada, pain, [minutes % 11], nils, now - timedelta(minutes=minutes))
    nurse = page_as(nils)
    first = nurse.get(page_of(ada)).content.decode()
    [older] = re.findall(r'rel="next" href="([^"]+)"', first)
    assert nurse.get(older.replace("&amp;", "&")).content.decode().count('class="row-link"') == 2
