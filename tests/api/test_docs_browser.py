"""The page that describes the API, in a real browser under the policy that every page has."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlparse

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from config.staff.models import User
from tests.web.browsing import Watched, watched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser: Browser, live_server: Any, ana: User) -> Iterator[Watched]:
    client = Client()
    client.force_login(ana)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    yield watched(context.new_page())
    context.close()


def test_the_operations_can_be_read_and_nothing_is_asked_of_another_host(desk: Watched, live_server: Any) -> None:
    hosts = set()
    desk.page.on("request", lambda sent: hosts.add(urlparse(sent.url).netloc))
    desk.page.goto("/api/docs/")
    first = desk.page.locator("#operations-appointments-appointments_list")
    expect(first).to_be_visible(timeout=60_000)
    first.locator(".opblock-summary-control").click()
    expect(first.locator(".opblock-body")).to_contain_text("cursor", timeout=30_000)
    expect(desk.page).to_have_title("Infusion Desk API")
    assert desk.violations() == []
    assert desk.complaints == []
    assert hosts - {""} == {urlparse(live_server.url).netloc}


def test_a_request_can_be_tried_from_the_page(desk: Watched) -> None:
    desk.page.goto("/api/docs/#/staff/staff_list")
    staff = desk.page.locator("#operations-staff-staff_list")
    staff.get_by_role("button", name="Try it out").click(timeout=60_000)
    staff.get_by_role("button", name="Execute").click()
    expect(staff.locator(".live-responses-table")).to_contain_text("Ana Ortiz", timeout=30_000)
    assert desk.violations() == []
