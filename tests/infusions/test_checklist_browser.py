"""The discharge checklist is ticked over a while, with other work between, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from infusions.models import Discharge, Visit
from tests.infusions.chairside import (
    READY,
    an_hour_ago,  # noqa: F401
    hand_to,
    running,  # noqa: F401
    taken,  # noqa: F401
)
from tests.infusions.visiting import ALL_MET, Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def list_of(page: Page, visit: Visit) -> None:
    page.goto(f"/visits/{visit.pk}/chart/discharge/")
    page.wait_for_selector(READY, state="attached")


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.locator(f"input[name={name}][value=yes]").check(force=True)


def ticked(page: Page) -> set[str]:
    names: list[str] = page.locator("input[type=radio]:checked").evaluate_all("(all) => all.map((one) => one.name)")
    return set(names)


def test_what_was_ticked_is_there_again_until_it_is_sent(tablet: Callable, visit: Visit, day: Day) -> None:
    day.ended(visit)
    page = tablet().new_page()
    list_of(page, visit)
    assert ticked(page) == set()
    tick(page, "oriented", "iv_removed")
    page.locator("[name=escort_name]").fill("Sam Quill")
    page.goto(f"/visits/{visit.pk}/")
    list_of(page, visit)
    assert ticked(page) == {"oriented", "iv_removed"}
    expect(page.locator("[name=escort_name]")).to_have_value("Sam Quill")
    tick(page, *ALL_MET, "escort_identified")
    page.get_by_role("button", name="Discharge", exact=True).tap()
    page.wait_for_url(f"**/visits/{visit.pk}/")
    sent = Discharge.objects.get()
    assert (sent.oriented, sent.escort_name) == (True, "Sam Quill")
    day.chart(visit, Discharge, supersedes=sent.pk, correction_reason="Another patient", entered_in_error=True)
    list_of(page, visit)
    assert ticked(page) == set()
    expect(page.locator("[name=escort_name]")).to_have_value("")


def test_nobody_else_on_the_device_is_given_it(tablet: Callable, visit: Visit, day: Day, live_server) -> None:
    day.ended(visit)
    device = tablet()
    page = device.new_page()
    list_of(page, visit)
    tick(page, "oriented")
    hand_to(device, day.prescriber, live_server.url)
    list_of(page, visit)
    assert ticked(page) == set()


def test_a_form_that_holds_a_drug_keeps_nothing(tablet: Callable, visit: Visit) -> None:
    page = tablet().new_page()
    page.goto(f"/visits/{visit.pk}/chart/preparations/")
    page.wait_for_selector(READY, state="attached")
    page.locator("[name=drug]").fill("Examplamine")
    page.locator("[name=lot]").fill("7")
    page.goto(f"/visits/{visit.pk}/chart/preparations/")
    page.wait_for_selector(READY, state="attached")
    expect(page.locator("main [name=lot]")).to_have_value("")
    expect(page.locator("main [name=drug]")).to_have_value("")
