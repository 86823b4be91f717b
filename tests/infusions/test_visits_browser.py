"""The live visit in a real browser, on a tablet both ways round: one press stamps, one saves, nothing typed is lost."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from infusions import records
from infusions.models import AdverseEvent, Visit, VitalsSet
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import Watched, grave, watched

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"lying": (1180, 820), "upright": (820, 1180), "telephone": (375, 812)}


@pytest.fixture
def now():
    """The browser asks the real clock; the story begins when today's clinic day does, or an hour ago."""
    from datetime import timedelta

    return timezone.now() - timedelta(minutes=55)


@pytest.fixture
def visit(day: Day) -> Visit:
    """An infusion under way, with an interval in its order."""
    order = day.order(day.patient(), vitals_during_minutes=15, rate="2", rate_unit="spoons an hour")
    return day.started(day.opened(day.booked(order)))


@pytest.fixture
def tablet(browser: Browser, live_server, day: Day) -> Iterator:
    """`tablet("upright")`: the nurse's, signed in."""
    client = Client()
    client.force_login(day.nurse)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    opened = []

    def hold(way: str, theme: str = "light", *, bypass_csp: bool = False) -> Watched:
        width, height = SIZES[way]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            has_touch=True,
            base_url=live_server.url,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        opened.append(context)
        return watched(context.new_page())

    yield hold
    for context in opened:
        # What the page still asks for would meet the emptying of the tables.
        for page in context.pages:
            page.wait_for_load_state("networkidle")
        context.close()


def type_set(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"#vitals-form [name={name}]").fill(value)


def test_a_set_of_vital_signs_is_one_press_to_save_and_the_form_is_empty_again(tablet, visit: Visit) -> None:
    held = tablet("lying")
    page = held.page
    page.goto(f"/visits/{visit.pk}/")
    expect(page.locator("#vitals-form [name=stamp]")).to_have_value("")
    type_set(page, systolic="128", diastolic="80", heart_rate="76")
    expect(page.locator("#vitals-form [name=stamp]")).not_to_have_value("")
    page.get_by_role("button", name="Save vital signs").tap()
    expect(page.locator("tr.row-vitals")).to_contain_text("128/80")
    for field in page.locator("#vitals-form input:visible").all():
        expect(field).to_have_value("")
    assert VitalsSet.objects.get().systolic == 128
    assert held.violations() == []
    assert held.complaints == []


def test_the_first_tap_stamps_the_time_and_leaving_it_empty_takes_it_back(tablet, visit: Visit) -> None:
    page = tablet("lying").page
    page.goto(f"/visits/{visit.pk}/")
    stamp, clock = page.locator("#vitals-form [name=stamp]"), page.locator("#vitals-form [data-stamp-shown]")
    page.locator("#vitals-form [name=systolic]").tap()
    expect(stamp).not_to_have_value("")
    expect(clock).to_have_class(re.compile("is-stamped"))
    first = stamp.input_value()
    page.locator("#vitals-form [name=diastolic]").tap()
    page.keyboard.type("80")
    expect(stamp).to_have_value(first)
    page.locator("#vitals-form [name=diastolic]").fill("")
    page.locator("h1").tap()
    page.locator("#vitals-form [name=diastolic]").blur()
    expect(stamp).to_have_value("")
    expect(clock).to_have_attribute("data-clock", "wall")


def test_a_poll_that_brings_anothers_row_leaves_what_is_being_typed(tablet, visit: Visit, day: Day) -> None:
    page = tablet("upright").page
    page.goto(f"/visits/{visit.pk}/")
    type_set(page, systolic="128")
    day.vitals(visit, pain=4, spo2=93, now=timezone.now())
    page.locator("#visit-sheet").evaluate(
        "sheet => htmx.ajax('GET', sheet.getAttribute('hx-get'), {target: sheet, swap: 'outerHTML'})"
    )
    expect(page.locator("tr.row-vitals")).to_contain_text("93")
    expect(page.locator("#vitals-form [name=systolic]")).to_have_value("128")


def test_an_adverse_event_opens_with_one_press_from_the_foot_of_the_page(tablet, visit: Visit) -> None:
    page = tablet("upright").page
    page.goto(f"/visits/{visit.pk}/")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="Adverse event").tap()
    expect(page.locator("#drawer")).to_contain_text("stays open until its outcome")
    assert AdverseEvent.objects.count() == 1
    page.locator("#drawer [name=outcome]").fill("Passed")
    page.locator("#drawer button[type=submit]").tap()
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator(".event-open")).to_have_count(0)


def test_a_second_adverse_event_is_another_one(tablet, visit: Visit) -> None:
    page = tablet("upright").page
    page.goto(f"/visits/{visit.pk}/")
    for opened in (1, 2):
        page.locator("#act-event").tap()
        expect(page.locator("#drawer")).to_contain_text("stays open until its outcome")
        assert AdverseEvent.objects.values("event").distinct().count() == opened
        page.locator("#drawer").get_by_role("button", name="Later").tap()
        expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator(".event-open")).to_have_count(2)


def test_what_is_asked_again_keeps_the_typed_and_takes_one_more_press(tablet, visit: Visit) -> None:
    page = tablet("lying").page
    page.goto(f"/visits/{visit.pk}/")
    type_set(page, spo2="130")
    page.get_by_role("button", name="Save vital signs").tap()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#vitals-form [name=spo2]")).to_have_value("130")
    page.get_by_text("I have read it again").tap()
    page.get_by_role("button", name="Save vital signs").tap()
    expect(page.locator("tr.row-vitals")).to_contain_text("read again and confirmed")


@pytest.mark.parametrize("way", SIZES)
def test_everything_to_press_or_type_into_is_large_enough_for_a_gloved_thumb(
    tablet, visit: Visit, day: Day, way
) -> None:
    day.vitals(visit)
    held = tablet(way)
    page = held.page
    page.goto(f"/visits/{visit.pk}/")
    small = page.evaluate(
        """() => [...document.querySelectorAll(".chairside .btn, .chairside .form-control, .chairside .form-select, "
            + ".chairside a.row-time, .chairside summary, .pick-choice, #act-event")]
            .filter((e) => e.checkVisibility()).map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
            .filter(([, height]) => height < 51.5)"""
    )
    assert small == []
    assert not held.scrolls_sideways()


@pytest.mark.parametrize("place", ["", "note/", "review/"])
def test_on_a_telephone_nothing_of_the_record_lies_out_of_sight(tablet, visit: Visit, day: Day, place: str) -> None:
    said = {"nausea": "a little, at the beginning", "rate_on_pump": "2", "rate_on_pump_unit": "spoons an hour"}
    day.vitals(visit, systolic=128, diastolic=80, heart_rate=76, spo2=97, respiratory_rate=14, pain=6, **said)
    records.write_note(visit_id=visit.pk, by=day.nurse, now=day.now(), text="Slept.")
    held = tablet("telephone")
    held.page.goto(f"/visits/{visit.pk}/{place}")
    assert not held.scrolls_sideways()
    beyond = (
        "[...document.querySelectorAll('main .table-wrap')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert held.page.evaluate(beyond) == 0


@pytest.mark.parametrize("way", SIZES)
def test_each_unit_is_named_above_its_own_box(tablet, visit: Visit, way: str) -> None:
    page = tablet(way).page
    page.goto(f"/visits/{visit.pk}/")
    left = "(element) => element.getBoundingClientRect().left"
    label = page.locator("#vitals-form .dosing-labels > label + label").evaluate(left)
    assert abs(label - page.locator("#vitals-form .dosing-unit").evaluate(left)) < 12


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["", "chart/discharge/", "note/", "chart/adverse-events/"])
def test_no_grave_barriers(tablet, visit: Visit, day: Day, theme: str, place: str) -> None:
    wrong = day.vitals(visit)
    day.vitals(visit, pain=3, supersedes=wrong.pk, correction_reason="Said three")
    day.chart(visit, AdverseEvent, event=None)
    page = tablet("upright", theme, bypass_csp=True).page
    page.goto(f"/visits/{visit.pk}/{place}")
    assert grave(page) == []
