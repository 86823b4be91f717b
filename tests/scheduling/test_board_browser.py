"""The board in a real browser: nothing is blocked, nobody is locked out, one tap checks in and one takes it back."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect

from config.audit.acting import SystemJob
from scheduling import booking
from scheduling.models import Appointment, FormHold
from scheduling.opening import set_hours
from scheduling.places import add_nurse
from tests.scheduling.conftest import register
from tests.web.browsing import grave, watched

pytestmark = pytest.mark.django_db(transaction=True)
DRAWN = ".board:not([aria-busy])"


@pytest.fixture
def day(clinic, chairs, nils, ana):
    """Two visits of today: open around the clock, so that the test may run at any hour."""
    for weekday in range(7):
        set_hours(clinic=clinic, weekday=weekday, spans=[(time(0), time(23, 55))], by=SystemJob.SET_UP)
    add_nurse(user=nils, watch_lanes=4, by=SystemJob.SET_UP)
    midnight = timezone.now().astimezone(clinic.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    for hour, name in ((9, "Okafor"), (13, "Petrov")):
        start = midnight.replace(hour=hour)
        wish = {"patient": register(clinic, name), "clinic": clinic, "start": start, "minutes": 90}
        booking.book(by=ana, now=midnight - timedelta(days=3), **wish)
    return midnight.date()


def signed_in(browser: Browser, live_server: Any, person: Any, **more: Any) -> BrowserContext:
    client = Client()
    client.force_login(person)
    context = browser.new_context(reduced_motion="reduce", **more)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    return context


def test_check_in_and_back_in_the_table_and_in_the_drawer(live_server, browser, day, ana):
    context = signed_in(browser, live_server, ana, viewport={"width": 1440, "height": 900})
    seen = watched(context.new_page())
    page = seen.page
    page.goto(f"{live_server.url}/board/?view=list")
    row = page.locator("tr", has_text="OKAFOR")
    row.get_by_role("button", name="Check in").click()
    expect(row.locator(".state:visible")).to_contain_text("Arrived")
    page.locator("#undo").get_by_role("button", name="Undo").click()
    expect(row.locator(".state:visible")).not_to_contain_text("Arrived")

    page.goto(f"{live_server.url}/board/")
    page.wait_for_selector(DRAWN, state="attached")
    page.locator(".ec-event", has_text="Petrov").click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("button", name="Check in").click()
    expect(drawer.locator(".state")).to_contain_text("Arrived")
    expect(page.locator(".ec-event", has_text="Petrov")).to_contain_text("Arrived")
    drawer.get_by_role("button", name="Undo check-in").click()
    expect(drawer.get_by_role("button", name="Check in")).to_be_visible()
    drawer.get_by_role("link", name="Cancel visit").click()
    drawer.get_by_label("The clinic cancels").check()
    drawer.get_by_label("Why").fill("Pump is broken")
    drawer.get_by_role("button", name="Cancel visit").click()
    expect(drawer.locator(".state")).to_contain_text("Cancelled by clinic")
    expect(page.locator(".ec-event", has_text="Petrov")).to_have_count(0)
    assert Appointment.objects.get(status="cancelled-by-clinic").status_reason == "Pump is broken"
    assert (seen.violations(), seen.complaints) == ([], [])
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_barrier_and_no_sideways_scroll(live_server, browser, day, ana, theme):
    visit = Appointment.objects.order_by("start").first()
    places = ("/board/", "/board/?view=list", "/appointments/new/", f"/appointments/{visit.pk}/cancel/")
    wrong = []
    for width in (1440, 820, 375):
        context = signed_in(
            browser, live_server, ana, viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True
        )
        seen = watched(context.new_page())
        for place in places:
            seen.page.goto(live_server.url + place)
            seen.page.wait_for_selector("html[data-desk-ready]", state="attached")
            # The page's own content; the shell around it is tried with the parts page.
            wrong += [f"{width} {place} {found}" for found in grave(seen.page, "main")]
            wrong += [f"{width} {place} scrolls sideways"] if seen.scrolls_sideways() else []
        context.close()
    assert wrong == []


def test_a_time_that_is_chosen_is_held_until_the_form_is_left_or_sent(live_server, browser, day, clinic, ana):
    """By script: choosing holds, another choice holds that instead; closing the drawer or leaving gives it back."""
    late = timezone.now().astimezone(clinic.tz) + timedelta(days=1)
    context = signed_in(browser, live_server, ana, viewport={"width": 1280, "height": 900})
    seen = watched(context.new_page())
    page = seen.page

    def held() -> list[str]:
        standing = FormHold.objects.filter(ended_at__isnull=True)
        return [f"{one.start.astimezone(clinic.tz):%H:%M}" for one in standing]

    def choose(clock: str) -> None:
        page.get_by_label("Day", exact=True).fill(f"{late:%Y-%m-%d}")
        page.get_by_label("Time", exact=True).fill(clock)
        page.get_by_label("How long", exact=True).select_option("30")
        expect(page.locator("#consult-held")).to_contain_text("is held for you until")

    page.goto(f"{live_server.url}/board/{late:%Y-%m-%d}/")
    page.wait_for_selector(DRAWN, state="attached")
    page.get_by_role("link", name="Book a consult").click()
    choose("09:00")
    assert held() == ["09:00"]
    expect(page.locator(".ec-event", has_text="Being booked")).to_contain_text("by Ana Ortiz")
    for clock in ("09:30", "10:00", "10:30"):
        page.get_by_label("Time", exact=True).fill(clock)
    expect(page.locator(".ec-event", has_text="Being booked")).to_contain_text("10:30")
    assert held() == ["10:30"]
    with page.expect_response("**/let-go/"):
        page.keyboard.press("Escape")
    assert held() == []
    expect(page.locator(".ec-event", has_text="Being booked")).to_have_count(0)

    page.goto(f"{live_server.url}/appointments/new/")
    choose("11:00")
    page.get_by_label("Who comes").press_sequentially("okafor")
    page.locator("#consult-people label").first.click()
    assert held() == ["11:00"]
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url("**/appointments/*-*/")
    assert held() == []
    assert Appointment.objects.filter(start__gte=late.replace(hour=0, minute=0)).count() == 1

    page.goto(f"{live_server.url}/appointments/new/")
    choose("14:00")
    page.goto(f"{live_server.url}/board/")
    page.wait_for_selector(DRAWN, state="attached")
    assert held() == []
    assert (seen.violations(), seen.complaints) == ([], [])
    context.close()
