"""The readiness strip where it is shown: at the visit, in the drawer, on the home list, and by program."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infusions import records
from infusions.models import PreVisitCheck
from patients import allergies
from tests.infusions.consenting import INFUSION, agreed, wording
from tests.infusions.test_visits_pages import HTMX, chart, inputs
from tests.infusions.visiting import CHECKED, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
SAID = {"pain": 7, "mood": "hopeless", "drugs_today": "Examplamine", "escort_name": "Sam Quill"}


@pytest.fixture
def nurse(page_as: Callable, day: Day) -> Any:
    return page_as(day.nurse)


def strip_in(html: str) -> str:
    start = html.index('id="visit-strip"')
    return html[start : html.index("</section>", start)]


def test_it_is_open_until_the_start_and_folded_afterwards(nurse, day: Day) -> None:
    visit = day.opened()
    url = reverse("visit", args=[visit.pk])
    before = strip_in(nurse.get(url).content.decode())
    assert "<details" not in before
    assert 'data-missing="11"' in before
    assert chart(visit, "pre-visit-checks") in before
    day.started(visit)
    after = strip_in(nurse.get(url).content.decode())
    assert "<details>" in after
    assert "hx-trigger" not in after
    assert "<a " not in after
    assert inputs(before).found == []


def test_what_is_charted_redraws_it_and_a_running_visit_leaves_it_alone(nurse, day: Day) -> None:
    visit = day.opened()
    saved = nurse.post(chart(visit, "pre-visit-checks"), {"pain": "7"}, **HTMX).content.decode()
    assert 'data-missing="10"' in strip_in(saved)
    assert 'hx-swap-oob="true"' in strip_in(saved)
    started = nurse.post(chart(visit, "administrations"), {"kind": "start"}, **HTMX).content.decode()
    assert "<details>" in strip_in(started)
    vitals = nurse.post(chart(visit, "vitals"), {"pain": "6"}, **HTMX).content.decode()
    assert "visit-strip" not in vitals
    polled = nurse.get(reverse("visit-sheet", args=[visit.pk])).content.decode()
    assert "visit-strip" not in polled


def test_its_own_address_gives_it_alone(nurse, day: Day) -> None:
    visit = day.opened()
    html = nurse.get(reverse("visit-strip", args=[visit.pk])).content.decode()
    assert html.strip().startswith("<section")
    assert inputs(html).found == []
    consult = day.opened(day.consult(day.patient("Reed")))
    assert nurse.get(reverse("visit-strip", args=[consult.pk])).content.decode().strip() == ""
    assert "visit-strip" not in nurse.get(reverse("visit", args=[consult.pk])).content.decode()


def test_what_is_missing_leads_to_where_it_is_recorded(nurse, day: Day) -> None:
    wording(day.clinic, day.clock)
    visit = day.opened()
    url, check = reverse("visit", args=[visit.pk]), chart(visit, "pre-visit-checks")

    def leads(name: str) -> str:
        found = re.search(rf'data-point="{name}"[^>]*>\s*<a class="strip-place" href="([^"]+)"', strip_in(shown))
        return found.group(1) if found else ""

    shown = nurse.get(url).content.decode()
    assert [leads(name) for name in ("pain", "consent", "order", "vitals")] == [
        check, reverse("treatment-consents", args=[visit.patient_id]), "", "",
    ]  # fmt: skip
    assert leads("allergies") == reverse("patient-allergies", args=[visit.patient_id])
    allergies.confirm_none(patient_id=visit.patient_id, by=day.nurse, now=day.now())
    shown = nurse.get(url).content.decode()
    assert leads("allergies") == check


def test_a_signed_record_has_none(nurse, day: Day) -> None:
    visit = day.signed().visit
    assert "visit-strip" not in nurse.get(reverse("visit", args=[visit.pk])).content.decode()


def test_the_page_keeps_to_its_ten_questions(nurse, day: Day) -> None:
    wording(day.clinic, day.clock)
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    with CaptureQueriesContext(connection) as asked:
        assert INFUSION in nurse.get(reverse("visit", args=[visit.pk])).content.decode()
    assert len(asked) <= 10


def test_heading_and_strip_count_the_same_visits(nurse, day: Day) -> None:
    order = day.order(day.patient())
    first = day.opened(day.booked(order))
    records.not_treated(visit_id=first.pk, by=day.nurse, now=day.now(), reason="Ate an hour ago.")
    second = day.opened(day.booked(order, hours=3))
    html = nurse.get(reverse("visit", args=[second.pk])).content.decode()
    assert "Infusion, visit 1 of 3" in html
    assert "visit 1 of 3" in strip_in(html)
    assert "Infusion, visit 1 of 3" in nurse.post(reverse("visit-print", args=[second.pk])).content.decode()


def test_the_drawer_tells_clinicians_what_and_the_desk_whether(page_as: Callable, nurse, day: Day, vera) -> None:
    wording(day.clinic, day.clock)
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **SAID)
    url = reverse("appointment-beside", args=[visit.appointment_id])
    seen = nurse.get(url).content.decode()
    for words in ("hopeless", "Sam Quill", INFUSION, reverse("treatment-consents", args=[visit.patient_id])):
        assert words in seen, words
    for person in (day.desk, vera):
        desk = page_as(person).get(url).content.decode()
        assert "Before the start" in desk
        assert 'data-point="consent" data-found="missing"' in desk
        assert 'data-point="escort" data-found="missing"' in desk
        for words in ("hopeless", "Sam Quill", "Examplamine", INFUSION, 'data-point="pain"', "treatment-consents"):
            assert words not in desk, words


def test_the_home_list_says_how_many_are_missing_and_only_to_clinicians(page_as: Callable, nurse, day: Day) -> None:
    words = wording(day.clinic, day.clock)
    waiting = day.booked(day.order(day.patient()), hours=5)
    agreed(day.booked(day.order(day.patient("Reed")), hours=6).patient, words, day.nurse, day.clock)
    html = nurse.get("/").content.decode()
    assert html.count('data-missing="1"') == 1
    assert html.count('data-missing="0"') == 1
    assert waiting.patient.listed_name in html
    assert "data-missing" not in page_as(day.desk).get("/").content.decode()


def test_the_home_list_costs_the_same_for_one_visit_and_for_three(nurse, day: Day) -> None:
    wording(day.clinic, day.clock)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert nurse.get("/").status_code == 200
        return len(asked)

    day.booked(day.order(day.patient()), hours=5)
    one = queries()
    for number in range(2):
        day.booked(day.order(day.patient(f"Reed{number}")), hours=7 + 2 * number)
    assert queries() == one


def test_by_program_each_role_reads_its_own_part(api_as: Callable, day: Day, zoe) -> None:
    wording(day.clinic, day.clock)
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **SAID)
    url = f"/api/v1/appointments/{visit.appointment_id}/readiness/"
    whole = api_as(day.nurse).get(url).json()
    assert {"name": "mood", "label": "Mood before", "found": "recorded", "detail": "hopeless"} in whole["points"]
    part = api_as(day.desk).get(url).json()
    assert [point["name"] for point in part["points"]] == ["order", "visits", "candidacy", "consent", "escort"]
    assert {point["detail"] for point in part["points"]} == {""}
    assert part["missing"] == 2
    assert api_as(zoe).get(url).status_code == 404
    day.chart(visit, PreVisitCheck, **CHECKED)
    day.step(visit, "start", without_consent_reason="Signed before my eyes.")
    assert api_as(day.nurse).get(url).json() == {"points": [], "missing": 0}


def test_the_times_of_a_visit_late_in_the_evening_are_of_its_own_day(nurse, day: Day) -> None:
    """Eleven at night in Los Angeles is the next day in UTC: the consent of that evening is in date that evening."""
    from datetime import UTC, datetime

    day.clock = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    words, visit = wording(day.clinic, day.clock), day.opened()
    agreed(visit.patient, words, day.nurse, day.clock, expires_on=day.clinic.today(day.clock))
    with time_machine.travel(day.now()):
        html = strip_in(nurse.get(reverse("visit", args=[visit.pk])).content.decode())
    assert 'data-point="consent" data-found="recorded"' in html
