"""Tablets at the chair for browser tests: signed in, with a network that can be cut, and a store that can be read."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from config.staff.models import User
from infusions.models import Visit, VitalsSet
from tests.infusions.visiting import Day
from tests.web.browsing import Watched, watched

BLANKS = "html[data-blanks-ready]"
READY = "html[data-desk-ready]"
TABLET = {"width": 1180, "height": 820}
STORE = """
    () => new Promise((resolve) => {
        const asked = indexedDB.open("desk.entries");
        asked.onsuccess = () => {
            if (!asked.result.objectStoreNames.length) return resolve([]);
            asked.result.transaction("entries").objectStore("entries").getAll().onsuccess = ({ target }) => {
                asked.result.close();
                resolve(target.result);
            };
        };
    })
"""


@pytest.fixture(name="now")
def an_hour_ago() -> datetime:
    """The browser asks the real clock; the story begins an hour ago."""
    return timezone.now() - timedelta(minutes=55)


@pytest.fixture(name="visit")
def running(day: Day) -> Visit:
    """An infusion under way."""
    order = day.order(day.patient(), rate="2", rate_unit="spoons an hour")
    return day.started(day.opened(day.booked(order)))


@pytest.fixture(name="tablet")
def taken(browser: Browser, live_server: Any, day: Day) -> Iterator[Callable[..., BrowserContext]]:
    """`tablet()`: one that belongs to the clinic, with the nurse signed in on it."""
    held = []

    def take(person: User | None = None, **look: Any) -> BrowserContext:
        shape = {"viewport": TABLET, "has_touch": True, "reduced_motion": "reduce", **look}
        context = browser.new_context(base_url=live_server.url, **shape)
        held.append(context)
        hand_to(context, person or day.nurse, live_server.url)
        return context

    yield take
    for context in held:
        context.close()


def hand_to(context: BrowserContext, person: User, url: str) -> None:
    """Signed in without the page for it."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


def shown(context: BrowserContext, visit: Visit) -> Watched:
    """The live visit in a tab of the tablet, with its empty forms fetched."""
    found = watched(context.new_page())
    found.page.goto(f"/visits/{visit.pk}/")
    found.page.wait_for_selector(BLANKS, state="attached")
    return found


def type_set(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"#vitals-form [name={name}]").fill(value)


def save_set(page: Page, **values: str) -> None:
    """Typed and saved, and the form is the nurse's again."""
    type_set(page, **values)
    page.get_by_role("button", name="Save vital signs").tap()
    page.wait_for_selector("#vitals-form:not([inert])")


def expect_waiting(page: Page, count: int) -> None:
    """The line says how many wait, and each has a row."""
    if count == 0:
        # Where no event says that the server is back, the next poll or the next try finds out.
        expect(page.locator("#visit-waiting")).to_be_hidden(timeout=20_000)
        return
    words = "1 entry waits on this device, not sent" if count == 1 else f"{count} entries wait on this device, not sent"
    expect(page.locator("#visit-waiting h2")).to_have_text(words)
    expect(page.locator(".waiting-row")).to_have_count(count)


def kept(page: Page) -> list[dict[str, Any]]:
    """What the device holds, read from its store."""
    found: list[dict[str, Any]] = page.evaluate(STORE)
    return found


def expect_nothing_kept(page: Page) -> None:
    """The receipt comes a moment after the row; an entry whose page was closed is taken up after eighteen seconds."""
    for _ in range(300):
        if not kept(page):
            return
        page.wait_for_timeout(100)
    assert kept(page) == []


def systolic_in_order() -> list[int]:
    return list(VitalsSet.objects.order_by("observed_at").values_list("systolic", flat=True))


def until(page: Page, expression: str) -> None:
    """Waits until it is true. The page's policy lets nobody wait by a text that is code."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)
