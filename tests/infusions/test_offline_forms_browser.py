"""Every form of the chairside without a network, and what the clinic does not take when the network is back."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from infusions.models import Administration, AdverseEvent, Visit, VitalsSet
from tests.infusions.chairside import (
    an_hour_ago,  # noqa: F401
    expect_nothing_kept,
    expect_waiting,
    kept,
    running,  # noqa: F401
    save_set,
    shown,
    taken,  # noqa: F401
)
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import grave

pytestmark = pytest.mark.django_db(transaction=True)


def cut(held: BrowserContext, visit: Visit) -> Page:
    """The live visit on a tablet whose network went a moment ago."""
    page = shown(held, visit).page
    held.set_offline(True)
    return page


def press(page: Page, name: str) -> None:
    page.locator("#visit-acts").get_by_role("button", name=name, exact=True).tap()


def steps() -> list[str]:
    """The steps after the start, in the order in which they were done."""
    return list(Administration.objects.exclude(kind="start").order_by("observed_at").values_list("kind", flat=True))


def test_a_rate_change_opens_empty_waits_and_is_stored_as_typed(tablet, visit: Visit) -> None:
    held = tablet()
    page = cut(held, visit)
    page.get_by_role("link", name="Rate change").tap()
    drawer = page.locator("#drawer")
    for field in drawer.locator("input:visible").all():
        expect(field).to_have_value("")
    drawer.locator("[name=rate]").fill("3")
    drawer.locator("[name=rate_unit]").fill("spoons an hour")
    drawer.locator("button[type=submit]").tap()
    expect(drawer).to_be_hidden()
    expect_waiting(page, 1)
    page.get_by_role("link", name="Rate change").tap()
    expect(drawer.locator("[name=rate]")).to_have_value("")
    expect(page.locator("#drawer[data-open]")).to_be_visible()
    page.keyboard.press("Escape")
    held.set_offline(False)
    expect(page.locator("tr.row-administrations")).to_have_count(2)
    changed = Administration.objects.get(kind="rate-change")
    assert (changed.rate, changed.rate_unit) == ("3", "spoons an hour")


def test_pause_resume_and_end_follow_each_other_without_the_server(tablet, visit: Visit) -> None:
    held = tablet()
    page = cut(held, visit)
    press(page, "Pause")
    expect_waiting(page, 1)
    press(page, "Resume")
    expect_waiting(page, 2)
    press(page, "Pause")
    expect_waiting(page, 3)
    press(page, "Resume")
    page.get_by_role("link", name="End", exact=True).tap()
    page.locator("#drawer button[type=submit]").tap()
    expect_waiting(page, 5)
    expect(page.locator("#visit-acts")).to_contain_text("Discharge")
    held.set_offline(False)
    expect_waiting(page, 0)
    expect(page.locator("#visit-clocks")).to_contain_text("Recovery")
    assert steps() == ["pause", "resume", "pause", "resume", "end"]


def test_an_adverse_event_is_opened_and_described_without_a_network(tablet, visit: Visit) -> None:
    held = tablet()
    page = cut(held, visit)
    page.get_by_role("button", name="Adverse event").tap()
    drawer = page.locator("#drawer")
    drawer.locator("[name=description]").fill("Saw colours.")
    drawer.locator("[name=outcome]").fill("Passed.")
    drawer.locator("button[type=submit]").tap()
    expect_waiting(page, 2)
    page.get_by_role("button", name="Adverse event").tap()
    expect(page.locator("#drawer[data-open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect_waiting(page, 3)
    held.set_offline(False)
    expect_waiting(page, 0)
    told = AdverseEvent.objects.order_by("recorded_at")
    assert [row.description for row in told] == [None, "Saw colours.", None]
    assert told[0].event == told[1].event != told[2].event
    expect(page.locator(".event-open")).to_have_count(1)


def test_a_second_event_in_one_sitting_is_a_second_event(tablet, visit: Visit) -> None:
    page = shown(tablet(), visit).page
    for count in (1, 2):
        page.get_by_role("button", name="Adverse event").tap()
        expect(page.locator("#drawer[data-open]")).to_contain_text("stays open until its outcome")
        page.keyboard.press("Escape")
        expect(page.locator("#drawer")).to_be_hidden()
        expect(page.locator(".event-open")).to_have_count(count)
    assert AdverseEvent.objects.values("event").distinct().count() == 2


def test_what_adds_to_an_event_waits_until_the_event_is_stored(tablet, visit: Visit) -> None:
    held = tablet()
    page = cut(held, visit)
    page.get_by_role("button", name="Adverse event").tap()
    page.locator("#drawer [name=description]").fill("Saw colours.")
    page.locator("#drawer button[type=submit]").tap()
    save_set(page, systolic="121")
    expect_waiting(page, 3)
    page.route("**/event/", lambda route: route.fulfill(status=409, body="<div data-refusal>Not now.</div>"))
    held.set_offline(False)
    expect(page.locator("tr.row-vitals")).to_have_count(1)
    expect_waiting(page, 2)
    expect(page.locator(".waiting-row").first).to_contain_text("Not now.")
    assert AdverseEvent.objects.count() == 0
    page.unroute("**/event/")
    page.get_by_role("button", name="Send again").tap()
    expect_waiting(page, 0)
    assert AdverseEvent.objects.count() == 2


def test_an_event_that_is_discarded_takes_along_what_adds_to_it(tablet, visit: Visit) -> None:
    held = tablet()
    page = cut(held, visit)
    page.get_by_role("button", name="Adverse event").tap()
    page.locator("#drawer [name=description]").fill("Saw colours.")
    page.locator("#drawer button[type=submit]").tap()
    save_set(page, systolic="121")
    expect_waiting(page, 3)
    row = page.locator(".waiting-row").first
    row.get_by_role("button", name="Discard").tap()
    expect(page.locator("#ask-discard h2")).to_have_text(re.compile(r"Discard this entry\? Adverse event, \d\d:\d\d"))
    page.get_by_role("button", name="Keep it").tap()
    expect_waiting(page, 3)
    row.get_by_role("button", name="Discard").tap()
    page.get_by_role("button", name="Discard it").tap()
    expect_waiting(page, 1)
    held.set_offline(False)
    expect_waiting(page, 0)
    assert (AdverseEvent.objects.count(), VitalsSet.objects.count()) == (0, 1)


def test_what_has_to_be_read_again_stops_alone_and_is_corrected_where_it_is(tablet, visit: Visit) -> None:
    held = tablet()
    page = cut(held, visit)
    save_set(page, spo2="130")
    expect_waiting(page, 1)
    save_set(page, systolic="121")
    expect_waiting(page, 2)
    held.set_offline(False)
    expect(page.locator("tr.row-vitals")).to_have_count(1)
    expect_waiting(page, 1)
    row = page.locator(".waiting-row")
    expect(row).to_contain_text("not taken by the clinic")
    expect(row).to_contain_text("A saturation of 130 % cannot be. Read it again.")
    row.get_by_role("button", name="Correct and send").tap()
    drawer = page.locator("#drawer")
    expect(drawer.locator("[data-error-summary]")).to_be_focused()
    expect(drawer.locator("[name=spo2]")).to_have_value("130")
    drawer.locator("[name=spo2]").fill("140")
    drawer.locator("button[type=submit]").tap()
    expect(row).to_contain_text("A saturation of 140 % cannot be.")
    [entry] = kept(page)
    assert entry["state"] == "refused"
    drawer.get_by_text("I have read it again").tap()
    drawer.locator("button[type=submit]").tap()
    expect(page.locator("tr.row-vitals")).to_have_count(2)
    expect_waiting(page, 0)
    confirmed = VitalsSet.objects.get(spo2=140)
    assert confirmed.observed_at < VitalsSet.objects.get(systolic=121).observed_at
    expect_nothing_kept(page)


def test_a_pause_that_another_tablet_charted_before_is_told_and_discarded(tablet, visit: Visit, day: Day) -> None:
    held = tablet()
    page = cut(held, visit)
    press(page, "Pause")
    expect_waiting(page, 1)
    day.step(
        visit,
        "pause",
        now=timezone.now(),
        observed_at=visit.opened_at.replace(microsecond=0) + (timezone.now() - visit.opened_at) / 2,
    )
    held.set_offline(False)
    row = page.locator(".waiting-row")
    expect(row).to_contain_text("The infusion is paused already.")
    row.get_by_role("button", name="Discard").tap()
    page.get_by_role("button", name="Discard it").tap()
    expect_waiting(page, 0)
    assert steps() == ["pause"]


def test_no_password_is_kept_on_the_device(tablet, visit: Visit, day: Day) -> None:
    day.ended(visit)
    page = shown(tablet(), visit).page
    page.get_by_role("link", name="Amounts").tap()
    page.locator("#drawer [name=given]").fill("3")
    page.locator("#drawer [name=given_unit]").fill("spoons")
    page.locator("#drawer [name=witness_password]").fill("only for her eyes")

    def nobody(route: Route) -> None:
        route.abort("internetdisconnected")

    page.route("**/quantities/", nobody)
    page.locator("#drawer button[type=submit]").tap()
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#drawer [name=given]")).to_have_value("3")
    assert kept(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_waiting_rows_are_large_enough_and_without_grave_barriers(tablet, visit: Visit, theme: str) -> None:
    look = {"color_scheme": theme, "reduced_motion": "reduce", "viewport": {"width": 820, "height": 1180}}
    held = tablet(bypass_csp=True, **look)
    page = cut(held, visit)
    save_set(page, spo2="130")
    press(page, "Pause")
    expect_waiting(page, 2)
    page.locator(".waiting-row summary").first.tap()
    assert grave(page) == []
    heights = page.evaluate(
        "() => [...document.querySelectorAll('.waiting .btn')].filter((e) => e.checkVisibility())"
        ".map((e) => e.getBoundingClientRect().height)"
    )
    assert len(heights) == 3
    assert min(heights) >= 51.5
    assert page.evaluate("document.documentElement.scrollWidth") == 820
