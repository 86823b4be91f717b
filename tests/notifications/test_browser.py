"""The page in a real browser: withdrawn in the drawer, seen in the list; nothing blocked, nobody locked out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from notifications.inbound import receive
from notifications.models import Message
from notifications.outbox import send_batch
from notifications.planner import plan
from tests.notifications.story import on_the_wall, opened, taken_on, visit_of
from tests.web.browsing import grave, watched

pytestmark = pytest.mark.django_db(transaction=True)
READY = "html[data-desk-ready]"


@pytest.fixture
def address(live_server, clinic, nils, ana, now, settings) -> str:
    """Rosa comes on Friday and on the Friday after; a text about the first visit failed."""
    rosa = taken_on(opened(clinic, nils), now=now)
    for day in (27, 34):
        start = on_the_wall(clinic, 2026, 11, 27, 9, 0) + timedelta(days=day - 27)
        visit_of(rosa, start, now=now, by=ana)
    plan(now=now)
    settings.SMS_CHANNEL = "tests.notifications.providers.Refusing"
    send_batch(channel="sms", now=on_the_wall(clinic, 2026, 11, 24, 9, 0))
    return f"{live_server.url}/messages/"


def signed_in(browser: Browser, user, address: str, **look) -> BrowserContext:
    client = Client()
    client.force_login(user)
    context = browser.new_context(**look)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    return context


@pytest.fixture
def anas_page(browser: Browser, address: str, ana) -> Iterator[Page]:
    context = signed_in(browser, ana, address, viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def test_withdrawing_in_the_drawer(anas_page: Page, address: str):
    found = watched(anas_page)
    anas_page.goto(address)
    anas_page.wait_for_selector(READY, state="attached")
    row = anas_page.locator("tbody tr").first
    row.get_by_role("link", name="Reminder").click()
    drawer = anas_page.locator("#drawer[data-open]")
    expect(drawer).to_contain_text("As it would go now")
    drawer.get_by_role("button", name="Withdraw message").click()
    expect(drawer.locator("input[name=reason][aria-invalid]")).to_have_count(1)
    drawer.get_by_label("Why it shall not go out").fill("Told by phone")
    drawer.get_by_role("button", name="Withdraw message").click()
    expect(drawer).to_contain_text("The message was withdrawn.")
    expect(row.locator("[data-state]")).to_have_text("Withdrawn")
    anas_page.keyboard.press("Escape")
    expect(anas_page.locator("#drawer[data-open]")).to_have_count(0)
    assert Message.objects.get(state="voided").reason == "Told by phone"
    unexpected = [line for line in found.complaints if "422" not in line]  # the answer to the empty reason
    assert (found.violations(), unexpected) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_locked_out(browser: Browser, address: str, ana, theme: str):
    context = signed_in(
        browser, ana, address, bypass_csp=True, color_scheme=theme, viewport={"width": 820, "height": 1180}
    )
    page = context.new_page()
    for tab in ("waiting", "failed"):
        page.goto(f"{address}?tab={tab}")
        page.wait_for_selector(READY, state="attached")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("tbody tr").first.get_by_role("link", name="Reminder").click()
        page.wait_for_selector("#drawer[data-open] h3")
        assert grave(page) == []
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_locked_out_of_the_answers(browser: Browser, address: str, ana, now, theme: str):
    said, _ = receive(provider_id="SM1", number="+12135550142", text="Could I come at ten?", now=now)
    context = signed_in(
        browser, ana, address, bypass_csp=True, color_scheme=theme, viewport={"width": 375, "height": 812}
    )
    page = context.new_page()
    for path in ("replies/", f"replies/{said.pk}/", f"../patients/{said.patient_id}/consents/"):
        page.goto(f"{address}{path}")
        page.wait_for_selector(READY, state="attached")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert grave(page) == []
    context.close()
