"""What the chart of a visit is drawn from: numbers as read, rates as typed, nothing that was struck."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from infusions.flowsheet import sheet
from infusions.models import Visit
from infusions.web.visit_plot import plotted
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


def chart(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(plotted(sheet(visit)))
    return found


def at(moment: datetime) -> float:
    return moment.timestamp()


def test_readings_stand_in_the_order_of_time_with_gaps_where_nothing_was_read(day: Day) -> None:
    visit = day.started()
    late = day.vitals(visit, systolic=128, diastolic=80, heart_rate=76, spo2=98)
    early = day.vitals(visit, spo2=97, observed_at=late.observed_at - timedelta(minutes=1))
    assert chart(visit)["vitals"] == [
        {"at": at(early.observed_at), "systolic": None, "diastolic": None, "heart_rate": None, "spo2": 97},
        {"at": at(late.observed_at), "systolic": 128, "diastolic": 80, "heart_rate": 76, "spo2": 98},
    ]


def test_a_set_without_any_of_them_draws_nothing(day: Day) -> None:
    visit = day.opened()
    day.vitals(visit, respiratory_rate=14)
    assert chart(visit) == {"vitals": [], "pain": [], "steps": []}


def test_only_rows_that_count_are_drawn(day: Day) -> None:
    visit = day.started()
    wrong = day.vitals(visit, systolic=218, diastolic=80, pain=9)
    right = day.vitals(visit, systolic=128, diastolic=80, pain=3, supersedes=wrong.pk, correction_reason="Misread")
    struck = day.vitals(visit, heart_rate=70)
    day.vitals(visit, entered_in_error=True, supersedes=struck.pk, correction_reason="Other patient")
    drawn = chart(visit)
    assert [(one["systolic"], one["heart_rate"]) for one in drawn["vitals"]] == [(128, None)]
    assert drawn["pain"][-1] == {"at": at(right.observed_at), "pain": 3}


def test_pain_is_drawn_wherever_it_was_said(day: Day) -> None:
    visit = day.started()
    day.vitals(visit, pain=5)
    assert [one["pain"] for one in chart(visit)["pain"]] == [7, 5]


def test_steps_carry_the_rate_as_typed_and_none_where_none_was_typed(day: Day) -> None:
    visit = day.opened()
    day.started(visit)
    day.step(visit, "rate-change", rate="2.5", rate_unit="spoons an hour")
    day.step(visit, "pause")
    day.step(visit, "resume")
    day.step(visit, "bolus", amount="1", amount_unit="spoon")
    day.step(visit, "end")
    assert [(one["kind"], one["text"]) for one in chart(visit)["steps"]] == [
        ("start", "2 spoons an hour"),
        ("rate-change", "2.5 spoons an hour"),
        ("pause", ""),
        ("resume", ""),
        ("bolus", "1 spoon"),
        ("end", ""),
    ]


def test_the_chart_comes_with_the_sheet_and_with_the_signed_record(day: Day, page_as) -> None:
    visit = day.ended()
    day.vitals(visit, systolic=128, diastolic=80)
    nurse = page_as(day.nurse)
    part = nurse.get(reverse("visit-sheet", args=[visit.pk]), HTTP_HX_REQUEST="true").content.decode()
    assert "&quot;systolic&quot;:128" in part
    day.signed(day.discharged(visit))
    page = nurse.get(reverse("visit", args=[visit.pk])).content.decode()
    assert 'id="visit-chart"' in page
    assert "&quot;systolic&quot;:128" in page


def test_the_record_on_paper_is_the_table_alone(day: Day, page_as) -> None:
    visit = day.ended()
    day.vitals(visit, systolic=128, diastolic=80)
    paper = page_as(day.nurse).post(reverse("visit-print", args=[visit.pk])).content.decode()
    assert "128/80" in paper
    assert "visit-chart" not in paper
