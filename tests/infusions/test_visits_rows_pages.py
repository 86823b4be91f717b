"""The rows of the flowsheet on the visit's page: what each says, and what they cost."""

# ruff: noqa: F811  (the fixtures of the same story)

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infusions.models import AdverseEvent
from tests.infusions.test_visits_pages import HTMX, chart, nurse, page  # noqa: F401  (the same story)
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


def test_a_sheet_of_thirty_rows_costs_what_one_does(nurse, day: Day) -> None:
    visit = day.started()

    def cost(url: str) -> int:
        press = nurse.post if url.endswith("/print/") else nurse.get
        with CaptureQueriesContext(connection) as seen:
            assert press(url).status_code == 200
        return len(seen)

    day.vitals(visit)
    urls = [page(visit), reverse("visit-sheet", args=[visit.pk]), reverse("visit-print", args=[visit.pk])]
    few = [cost(url) for url in urls]
    for _ in range(30):
        day.vitals(visit)
    day.chart(visit, AdverseEvent, event=None)
    assert [cost(url) for url in urls] == few


def test_the_last_set_shows_of_each_measure_what_was_read_last(nurse, day: Day) -> None:
    visit = day.started()
    first = day.vitals(visit, systolic=131, diastolic=82, pain=6)
    day.vitals(visit, heart_rate=71, pain=5)
    shown = nurse.get(page(visit)).content.decode()
    last = shown[shown.index('class="last-set"') :]
    text = " ".join(re.sub(r"<[^>]+>", " ", last[: last.index("</p>")].partition(">")[2]).split())
    at = f"{first.observed_at.astimezone(visit.clinic.tz):%H:%M}"
    assert text.endswith(f"131/82 ({at}) 71 /min pain 5")
    day.step(visit, "end")
    beside = dict(nurse.get(reverse("visit-chart", args=[visit.pk, "discharge"])).context["last_words"])
    pain = next(value for label, value in beside.items() if label.startswith("Pain"))
    assert (beside["Systolic"], beside["Heart rate"], pain) == (f"131 ({at})", "71", "5")


def test_an_empty_row_and_a_wrong_number_are_refused_in_plain_words(nurse, day: Day) -> None:
    visit = day.started()
    url = reverse("visit-chart", args=[visit.pk, "vitals"])
    empty = nurse.post(url, {"systolic": ""}, **HTMX)
    assert empty.context["form"].errors == {"__all__": ["Nothing was written."]}
    below = nurse.post(url, {"systolic": "-5", "pain": "x"}, **HTMX)
    assert below.context["form"].errors == {
        "systolic": ["A number below zero cannot be."],
        "pain": ["Type a whole number."],
    }


def test_each_row_says_when_it_was_seen_when_it_was_entered_and_by_whom(nurse, day: Day) -> None:
    visit = day.opened()
    seen = day.vitals(visit, pain=3, observed_at=day.clock, now=day.now(2))
    late = day.vitals(visit, pain=4, observed_at=day.clock, now=day.now(30), by=day.prescriber)
    sheet = nurse.get(page(visit)).content.decode()
    for row, who in ((seen, "Nils Berg"), (late, "Mara Santos")):
        [told] = re.findall(rf'<tr[^>]*id="row-{row.pk}">.*?</tr>', sheet, re.DOTALL)
        at, entered = (moment.astimezone(day.clinic.tz) for moment in (row.observed_at, row.entered_at))
        assert f"{at:%H:%M}</" in told
        assert f">{entered:%H:%M}</time>" in told
        assert f'title="{who}"' in told
