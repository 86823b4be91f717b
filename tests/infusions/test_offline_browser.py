"""A tablet that loses its network at the chair: what was charted waits, goes out in order, none twice, none lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, Route, expect

from infusions.models import Visit, VitalsSet
from tests.infusions.chairside import (
    READY,
    TABLET,
    an_hour_ago,  # noqa: F401
    expect_nothing_kept,
    expect_waiting,
    hand_to,
    kept,
    running,  # noqa: F401
    save_set,
    shown,
    systolic_in_order,
    taken,  # noqa: F401
    type_set,
)
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
VITALS = "**/chart/vitals/"


def test_three_sets_that_were_typed_without_a_network_arrive_in_order_and_once(tablet, visit: Visit) -> None:
    held = tablet()
    found = shown(held, visit)
    page = found.page
    held.set_offline(True)
    for number, reading in enumerate(("121", "122", "123"), start=1):
        save_set(page, systolic=reading, diastolic="80")
        expect_waiting(page, number)
        expect(page.locator("#vitals-form [name=systolic]")).to_have_value("")
        expect(page.locator("#vitals-form [name=stamp]")).to_have_value("")
    assert not VitalsSet.objects.exists()
    assert [dict(entry["fields"])["systolic"] for entry in kept(page)] == ["121", "122", "123"]
    names = {entry["id"] for entry in kept(page)}
    held.set_offline(False)
    expect_waiting(page, 0)
    expect(page.locator("tr.row-vitals")).to_have_count(3)
    assert systolic_in_order() == [121, 122, 123]
    assert {str(one.client_id) for one in VitalsSet.objects.all()} == names
    expect_nothing_kept(page)
    assert found.violations() == []


def test_a_waiting_row_shows_what_of_when_and_what_was_typed(tablet, visit: Visit) -> None:
    held = tablet()
    page = shown(held, visit).page
    held.set_offline(True)
    type_set(page, systolic="121", rate_on_pump="2", rate_on_pump_unit="spoons")
    page.locator("#vitals-form [name=at]").fill("7:05")
    save_set(page, pain="3")
    expect_waiting(page, 1)
    row = page.locator(".waiting-row")
    expect(row.locator("time")).to_have_text("7:05")
    expect(row).to_contain_text("Vital signs waits, not sent")
    expect(row.locator("dl")).to_be_hidden()
    row.get_by_text("What was typed").tap()
    expect(row.locator("dl")).to_contain_text("Rate as read on the pump")
    expect(row.locator("dl")).to_contain_text("2 spoons")


def test_an_answer_that_was_lost_on_its_way_back_makes_no_second_row(tablet, visit: Visit) -> None:
    page = shown(tablet(), visit).page

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(VITALS, lose_the_answer, times=1)
    save_set(page, systolic="121")
    expect(page.locator("tr.row-vitals")).to_have_count(1)
    expect_waiting(page, 0)
    expect_nothing_kept(page)
    assert VitalsSet.objects.count() == 1


@pytest.mark.parametrize("status", [502, 503, 504, 200])
def test_what_a_proxy_answers_is_no_receipt(tablet, visit: Visit, status: int) -> None:
    page = shown(tablet(), visit).page
    page.route(VITALS, lambda route: route.fulfill(status=status, body="<p>Not now</p>", content_type="text/html"))
    save_set(page, systolic="121")
    expect_waiting(page, 1)
    expect(page.locator("#vitals-form [name=systolic]")).to_have_value("")
    page.unroute(VITALS)
    expect(page.locator("tr.row-vitals")).to_have_count(1)
    expect_waiting(page, 0)


def test_a_network_that_hangs_is_waited_for_six_seconds(tablet, visit: Visit) -> None:
    page = shown(tablet(), visit).page
    page.route(VITALS, lambda route: None)
    save_set(page, systolic="121")
    expect_waiting(page, 1)
    save_set(page, systolic="122")
    expect_waiting(page, 2)
    page.unroute(VITALS)
    expect(page.locator("tr.row-vitals")).to_have_count(2)
    assert systolic_in_order() == [121, 122]


def test_a_reload_finds_what_waits_and_puts_it_into_no_form(tablet, visit: Visit) -> None:
    held = tablet()
    page = shown(held, visit).page
    page.route(VITALS, lambda route: route.abort())
    save_set(page, systolic="121", pain="3")
    expect_waiting(page, 1)
    page.reload()
    expect_waiting(page, 1)
    for field in page.locator("#vitals-form input:visible").all():
        expect(field).to_have_value("")
    page.unroute(VITALS)
    expect(page.locator("tr.row-vitals")).to_have_count(1)


def test_a_browser_that_was_closed_sends_it_from_whichever_page_is_opened_next(
    browser_type, browser_type_launch_args, tmp_path, live_server, day: Day, visit: Visit
) -> None:
    def start():
        opened = browser_type.launch_persistent_context(
            tmp_path, **browser_type_launch_args, base_url=live_server.url, viewport=TABLET, has_touch=True
        )
        hand_to(opened, day.nurse, live_server.url)
        return opened

    held = start()
    page = shown(held, visit).page
    held.set_offline(True)
    save_set(page, systolic="121")
    expect_waiting(page, 1)
    held.close()
    held = start()
    page = held.new_page()
    page.goto("/")
    page.wait_for_selector(READY, state="attached")
    expect(page.locator("#waiting")).to_be_hidden()
    until_stored(page, 1)
    expect_nothing_kept(page)
    held.close()


def until_stored(page: Page, count: int) -> None:
    for _ in range(100):
        if VitalsSet.objects.count() == count:
            return
        page.wait_for_timeout(100)
    assert VitalsSet.objects.count() == count


def test_a_page_that_was_closed_while_it_sent_loses_nothing(tablet, visit: Visit) -> None:
    held = tablet()
    page = shown(held, visit).page
    page.route(VITALS, lambda route: None)
    type_set(page, systolic="121")
    with page.expect_request(VITALS):
        page.get_by_role("button", name="Save vital signs").tap()
    page.close()
    page = shown(held, visit).page
    [entry] = kept(page)
    assert entry["state"] == "sending"
    expect(page.locator("tr.row-vitals")).to_have_count(1, timeout=30_000)
    expect_nothing_kept(page)


def test_two_tabs_do_not_send_the_same_entry_twice(tablet, visit: Visit) -> None:
    held = tablet()
    first, second = shown(held, visit).page, shown(held, visit).page
    held.set_offline(True)
    for reading in ("121", "122", "123"):
        save_set(first, systolic=reading)
    expect_waiting(first, 3)
    expect_waiting(second, 3)
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(re.search("systolic=([0-9]+)", request.post_data or "")[1])  # type: ignore[index]

    held.on("request", note)
    held.set_offline(False)
    expect_waiting(first, 0)
    expect_waiting(second, 0)
    assert sent == ["121", "122", "123"]
    assert VitalsSet.objects.count() == 3


def test_a_late_row_says_when_it_was_entered_and_for_when(tablet, visit: Visit, day: Day) -> None:
    held = tablet()
    page = shown(held, visit).page
    held.set_offline(True)
    seen = (timezone.now() - timedelta(minutes=20)).astimezone(day.clinic.tz)
    page.locator("#vitals-form [name=at]").fill(f"{seen:%H:%M}")
    save_set(page, systolic="121")
    expect_waiting(page, 1)
    held.set_offline(False)
    expect(page.locator("tr.row-vitals .row-mark")).to_have_text(re.compile(rf"entered \d\d:\d\d for {seen:%H:%M}"))


def test_a_link_pressed_without_a_network_leaves_the_chart_where_it_is(tablet, visit: Visit) -> None:
    held = tablet()
    page = shown(held, visit).page
    held.set_offline(True)
    page.get_by_role("link", name="Note", exact=True).tap()
    expect(page.locator("#problem")).to_contain_text("no connection")
    assert page.url.endswith(f"/visits/{visit.pk}/")
    save_set(page, systolic="121")
    expect_waiting(page, 1)


def test_the_key_of_the_keypad_goes_on_and_sends_nothing(tablet, visit: Visit) -> None:
    page = shown(tablet(), visit).page
    page.locator("#vitals-form [name=systolic]").tap()
    for number in ("121", "80", "76"):
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    expect(page.locator("#vitals-form [name=spo2]")).to_be_focused()
    assert not VitalsSet.objects.exists()
    page.get_by_role("button", name="Save vital signs").tap()
    expect(page.locator("tr.row-vitals")).to_contain_text("121/80")
    expect(page.locator("tr.row-vitals")).to_contain_text("76")
