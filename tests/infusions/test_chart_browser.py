"""The chart of a visit in a real browser: one axis, the clinic's time, rates as typed, the numbers of the table."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from infusions.models import Visit
from tests.infusions.chairside import (
    running,  # noqa: F401
    save_set,
    shown,
    taken,  # noqa: F401
    until,
)
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import Watched, grave

pytestmark = pytest.mark.django_db(transaction=True)
# What is written onto a canvas and in which colours its lines are drawn.
LISTEN = """
    window.written = []; window.inks = new Set();
    const { fillText, stroke } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
        window.written.push(text);
        return fillText.call(this, text, ...where);
    };
    CanvasRenderingContext2D.prototype.stroke = function (...path) {
        window.inks.add(this.strokeStyle);
        return stroke.apply(this, path);
    };
"""


@pytest.fixture(name="now")
def earlier() -> datetime:
    return timezone.now() - timedelta(minutes=75)


@pytest.fixture
def chart(tablet, visit: Visit, day: Day) -> Iterator[Any]:
    """`chart()`: the visit after three quarters of an hour, on a tablet whose canvases are listened to."""
    day.vitals(visit, systolic=134, diastolic=84, heart_rate=82, spo2=98, pain=7)
    day.now(20)
    day.vitals(visit, systolic=128, diastolic=80, spo2=97, pain=4)
    day.step(visit, "rate-change", rate="3", rate_unit="spoons an hour")
    day.now(20)
    day.vitals(visit, systolic=124, diastolic=76, heart_rate=70, spo2=97, pain=3)

    def show(**look: Any) -> Watched:
        held = tablet(**look)
        held.add_init_script(LISTEN)
        found = shown(held, visit)
        expect(found.page.locator("#visit-chart canvas")).to_have_count(2)
        return found

    return show


def written(page: Page) -> list[str]:
    return list(page.evaluate("window.written"))


def bands(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".step-band").all_inner_texts()]


def test_one_axis_for_the_readings_one_for_the_pain_and_times_of_the_clinic(chart, visit: Visit, day: Day) -> None:
    found = chart(timezone_id="Asia/Tokyo")
    for plot in ("vitals", "pain"):
        # One for the time, one for the values.
        assert found.page.locator(f"[data-plot-of={plot}] .u-axis").count() == 2
    texts = written(found.page)
    assert {"0", "5", "10"} <= set(texts)
    assert any(text.isdecimal() and int(text) >= 100 for text in texts), "pressures have an axis of their own"
    times = {text for text in texts if re.fullmatch(r"\d\d:\d\d", text)}
    hour = visit.opened_at.astimezone(day.clinic.tz) + timedelta(minutes=20)
    assert times
    assert {text[:2] for text in times} <= {f"{hour + timedelta(hours=step):%H}" for step in (-1, 0, 1)}
    assert (found.violations(), found.complaints) == ([], [])


def test_the_numbers_are_those_of_the_table_below(chart) -> None:
    page = chart().page
    drawn = page.evaluate("JSON.parse(document.querySelector('#visit-plot').dataset.plot).vitals")
    told = [[f"{one['systolic']}/{one['diastolic']}", str(one["heart_rate"] or ""), str(one["spo2"])] for one in drawn]
    table = [[cell.inner_text() for cell in row.locator("td").all()[:3]] for row in page.locator("tr.row-vitals").all()]
    assert told == table[::-1]
    page.get_by_role("link", name="The same numbers, in the flowsheet").tap()
    assert page.url.endswith("#visit-sheet")


def test_rates_stand_below_as_they_were_typed(chart) -> None:
    page = chart().page
    assert bands(page) == ["2 spoons an hour", "3 spoons an hour"]


@pytest.mark.parametrize("width", [375, 820, 1180])
def test_no_rate_is_ever_cut_short(chart, visit: Visit, day: Day, width: int) -> None:
    day.step(visit, "rate-change", rate="12.5", rate_unit="very small spoons an hour")
    day.step(visit, "pause")
    day.step(visit, "resume")
    page = chart(viewport={"width": width, "height": 1000}).page
    shown_bands = bands(page)
    key = [text.split(" ", 1) for text in page.locator(".rate-key li").all_inner_texts()]
    whole = {"2 spoons an hour", "3 spoons an hour", "12.5 very small spoons an hour", "paused"}
    letters = dict(key)
    read = [letters.get(text, text) for text in shown_bands]
    assert whole <= set(read)
    # After a pause nobody carries a rate on.
    assert read[-1] == "resumed, no rate written"
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.step-band:not(.is-letter)')]"
        ".filter((b) => b.scrollWidth > b.clientWidth)"
        ".length"
    )
    assert cut == 0
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_new_set_is_drawn_into_the_same_chart(chart, visit: Visit, day: Day) -> None:
    page = chart().page
    page.evaluate("document.querySelector('#visit-chart').dataset.mine = ''; window.written.length = 0")
    save_set(page, systolic="182", diastolic="80")
    expect(page.locator("tr.row-vitals")).to_have_count(4)
    until(page, "window.written.some((text) => Number(text) >= 182)")
    expect(page.locator("#visit-chart[data-mine] canvas")).to_have_count(2)
    page.evaluate("window.written.length = 0; htmx.trigger(document.body, 'desk:entries-sent')")
    page.wait_for_timeout(500)
    assert written(page) == []
    day.vitals(visit, systolic=222, diastolic=80, now=timezone.now())
    page.evaluate("htmx.trigger(document.body, 'desk:entries-sent')")
    until(page, "window.written.length > 0")
    expect(page.locator("tr.row-vitals")).to_have_count(5)


def test_nothing_is_drawn_while_there_is_nothing(tablet, day: Day) -> None:
    visit = day.opened()
    page = shown(tablet(), visit).page
    expect(page.locator("#visit-chart")).to_be_hidden()
    save_set(page, respiratory_rate="14")
    expect(page.locator("tr.row-vitals")).to_have_count(1)
    expect(page.locator("#visit-chart")).to_be_hidden()
    save_set(page, systolic="128", diastolic="80")
    expect(page.locator("#visit-chart canvas")).to_have_count(1)


def test_a_turned_tablet_draws_anew_in_its_width(chart) -> None:
    page = chart().page
    page.set_viewport_size({"width": 820, "height": 1180})
    wide = "document.querySelector('[data-plot-of=vitals] canvas').getBoundingClientRect().width"
    until(page, f"Math.abs({wide} - document.querySelector('[data-plot-of=vitals]').clientWidth) < 2")
    assert page.evaluate("document.documentElement.scrollWidth") == 820


def test_each_theme_and_paper_have_colours_of_their_own(chart) -> None:
    page = chart(color_scheme="dark").page
    dark = set(page.evaluate("[...window.inks]"))
    page.evaluate("window.inks.clear()")
    page.emulate_media(media="print")
    until(page, "window.inks.size > 3")
    paper = set(page.evaluate("[...window.inks]"))
    assert dark.isdisjoint(paper)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chart_has_no_grave_barriers(chart, theme: str) -> None:
    page = chart(color_scheme=theme, bypass_csp=True).page
    assert grave(page, "#visit-chart") == []


@pytest.mark.usefixtures("chart")
def test_the_end_at_the_right_edge_of_a_telephone_is_read_whole(tablet, visit: Visit, day: Day) -> None:
    day.discharged(day.ended(visit))
    page = tablet(viewport={"width": 375, "height": 812}).new_page()
    page.goto(f"/visits/{visit.pk}/")
    mark = page.locator(".step-mark > span", has_text="end")
    expect(mark).to_be_visible()
    left, right = (f"(element) => element.getBoundingClientRect().{side}" for side in ("left", "right"))
    edge = page.locator("[data-plot-of=steps]").evaluate(right)
    assert mark.locator("xpath=..").evaluate(left) > edge - 40
    assert mark.evaluate(right) <= edge
