"""Whose entries wait on a tablet that goes from hand to hand: sign-out asks, a lost session keeps, no other sends."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from config.staff.models import User
from infusions.models import Visit, VitalsSet
from tests.conftest import PASSWORD
from tests.infusions.chairside import (
    BLANKS,
    READY,
    an_hour_ago,  # noqa: F401
    expect_nothing_kept,
    expect_waiting,
    kept,
    running,  # noqa: F401
    save_set,
    shown,
    taken,  # noqa: F401
    type_set,
)
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(tablet: Callable[..., BrowserContext], visit: Visit) -> Page:
    """The nurse's tablet with two sets that were not sent; the network is back, the clinic's server is not."""
    held = tablet()
    page = shown(held, visit).page
    held.route("**/chart/vitals/", lambda route: route.abort())
    save_set(page, systolic="121")
    expect_waiting(page, 1)
    save_set(page, systolic="122")
    expect_waiting(page, 2)
    return page


def server_back(page: Page) -> None:
    page.context.unroute("**/chart/vitals/")


def sign_out(page: Page) -> None:
    page.locator(".topbar details.menu > summary").tap()
    page.locator("form[data-signout] button").tap()


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    page.wait_for_selector(READY, state="attached")


def test_signing_out_asks_and_staying_keeps_everything(waiting: Page) -> None:
    sign_out(waiting)
    expect(waiting.locator("#ask-signout h2")).to_have_text("2 entries were not sent")
    waiting.get_by_role("button", name="Stay").tap()
    assert len(kept(waiting)) == 2
    server_back(waiting)
    expect_waiting(waiting, 0)
    assert VitalsSet.objects.count() == 2


def test_signing_out_all_the_same_deletes_them_from_the_device(waiting: Page) -> None:
    sign_out(waiting)
    waiting.get_by_role("button", name="Sign out and lose them").tap()
    waiting.wait_for_url("**/accounts/login/**")
    assert kept(waiting) == []
    server_back(waiting)
    sign_in(waiting, "nils")
    assert VitalsSet.objects.count() == 0


def test_the_page_of_signing_out_asks_too(waiting: Page) -> None:
    waiting.goto("/accounts/logout/")
    waiting.wait_for_selector(READY, state="attached")
    waiting.get_by_role("button", name="Sign out", exact=True).tap()
    expect(waiting.locator("#ask-signout h2")).to_have_text("2 entries were not sent")
    waiting.get_by_role("button", name="Stay").tap()
    assert len(kept(waiting)) == 2


def test_with_nothing_waiting_signing_out_asks_nothing(tablet, visit: Visit) -> None:
    page = shown(tablet(), visit).page
    sign_out(page)
    page.wait_for_url("**/accounts/login/**")


def test_a_session_that_ended_keeps_them_and_signing_in_again_sends_them(tablet, visit: Visit) -> None:
    page = shown(tablet(), visit).page
    Session.objects.all().delete()
    save_set(page, systolic="121")
    expect_waiting(page, 1)
    expect(page.locator("#problem")).to_contain_text("sent as soon as you have signed in")
    with page.context.expect_page() as opened:
        page.locator("[data-problem-link]").tap()
    sign_in(opened.value, "nils")
    opened.value.close()
    page.bring_to_front()
    expect(page.locator("tr.row-vitals")).to_have_count(1, timeout=30_000)
    expect_nothing_kept(page)


def test_whoever_signs_in_next_neither_sees_nor_sends_them(waiting: Page, visit: Visit, mara: User) -> None:
    page = waiting
    Session.objects.all().delete()
    page.goto(f"/visits/{visit.pk}/")
    sign_in(page, "mara")
    page.wait_for_selector(BLANKS, state="attached")
    server_back(page)
    expect_waiting(page, 0)
    expect(page.locator("#waiting")).to_be_hidden()
    page.wait_for_timeout(3000)
    assert VitalsSet.objects.count() == 0
    sign_out(page)
    page.wait_for_url("**/accounts/login/**")
    assert len(kept(page)) == 2
    sign_in(page, "nils")
    page.goto(f"/visits/{visit.pk}/")
    expect(page.locator("tr.row-vitals")).to_have_count(2)
    assert {row.author.username for row in VitalsSet.objects.all()} == {"nils"}


def test_a_page_that_was_left_open_charts_nothing_under_the_next_persons_name(tablet, visit: Visit, mara: User) -> None:
    held = tablet()
    left_open = shown(held, visit).page
    type_set(left_open, systolic="121")
    Session.objects.all().delete()
    hers = held.new_page()
    hers.goto("/accounts/login/")
    sign_in(hers, "mara")
    left_open.bring_to_front()
    left_open.get_by_role("button", name="Save vital signs").tap()
    expect_waiting(left_open, 1)
    expect(left_open.locator("#problem")).to_contain_text("not signed in on this page any more")
    left_open.wait_for_timeout(3000)
    assert VitalsSet.objects.count() == 0
    [entry] = kept(left_open)
    assert entry["person"] == str(visit.opened_by_id)


def test_on_other_pages_a_bar_says_that_entries_wait_and_leads_to_them(waiting: Page, visit: Visit) -> None:
    waiting.goto("/")
    expect(waiting.locator("#waiting")).to_contain_text("2 entries wait on this device, not sent")
    waiting.locator("#waiting a").tap()
    waiting.wait_for_url(f"**/visits/{visit.pk}/#visit-waiting")
    expect_waiting(waiting, 2)
    expect(waiting.locator("#waiting")).to_be_hidden()
