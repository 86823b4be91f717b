"""The settings in a real browser: few presses, nothing is blocked, no page scrolls sideways, nobody is locked out."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.audit.acting import SystemJob
from patients.models import Task
from scheduling import booking
from scheduling.models import Chair, Closure, TimeOff
from scheduling.models.kinds import What
from scheduling.places import add_nurse
from scheduling.visit_types import NeedSpec, SpanSpec, add_visit_type
from scheduling.wall_clock import instant
from tests.scheduling.conftest import open_week, register
from tests.scheduling.test_board_browser import signed_in
from tests.web.browsing import Watched, grave, watched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def monday(clinic, chairs, nils, ana) -> date:
    """A Monday to come with two visits."""
    open_week(clinic)
    add_nurse(user=nils, watch_lanes=4, by=SystemJob.SET_UP)
    spans = [SpanSpec("Infusion", None, [NeedSpec(What.CHAIR), NeedSpec(What.WATCH)])]
    add_visit_type(clinic=clinic, name="Infusion", kind="infusion", spans=spans, by=SystemJob.SET_UP)
    now = timezone.now()
    day = clinic.today(now) + timedelta(days=14)
    day -= timedelta(days=day.weekday())
    for hour, name in ((9, "Okafor"), (13, "Petrov")):
        start = instant(day=day, at=time(hour), zone=clinic.tz)
        booking.book(patient=register(clinic, name), clinic=clinic, start=start, minutes=60, by=ana, now=now)
    return day


class Presses:
    """Counts what is pressed on a page."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, role: Any, name: str) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name, exact=True).click()


@pytest.fixture
def opened(live_server, browser, vera):
    """`opened(path, width)`: a settings page as the manager sees it."""

    def at(path: str, width: int = 1440, scheme: Any = "light") -> Watched:
        size: Any = {"width": width, "height": 900}
        seen = watched(signed_in(browser, live_server, vera, viewport=size, color_scheme=scheme).new_page())
        seen.page.goto(live_server.url + path)
        return seen

    return at


def test_close_a_day_in_three_presses(opened, monday):
    seen = opened("/")
    press = Presses(seen.page)
    press.on("link", "Settings")
    seen.page.fill("#close-day", str(monday))
    seen.page.fill("#close-reason", "Burst pipe")
    press.on("button", "Close the day")
    expect(seen.page.get_by_role("heading", name="This touches 2 booked visits")).to_be_visible()
    press.on("button", f"Close Mon {monday.day} {monday:%b} and make 2 tasks")
    expect(seen.page.get_by_text("The desk has 2 tasks, one a visit.")).to_be_visible()
    assert press.count == 3
    assert (Closure.objects.count(), Task.objects.count()) == (1, 2)
    assert seen.complaints + seen.violations() == []


def test_time_off_in_three_presses_and_a_chair_in_two(opened, monday, nils):
    seen = opened("/settings/")
    press = Presses(seen.page)
    press.on("link", "People")
    seen.page.select_option("#off-user", str(nils.pk))
    seen.page.fill("#off-first", str(monday))
    press.on("button", "Record time off")
    press.on("button", "Record the time off and make 2 tasks")
    expect(seen.page.get_by_text("Time off: Nils Berg")).to_be_visible()
    assert (press.count, TimeOff.objects.count()) == (3, 1)
    press = Presses(seen.page)
    press.on("link", "Chairs")
    seen.page.get_by_label("Name").fill("Window")
    press.on("button", "Add the chair")
    expect(seen.page.get_by_text("Window can be booked now.")).to_be_visible()
    assert (press.count, Chair.objects.filter(name="Window").count()) == (2, 1)
    assert seen.complaints + seen.violations() == []


def paths(nils: Any) -> list[str]:
    chair, person = Chair.objects.earliest("position"), f"/settings/people/{nils.pk}/"
    pages = ["", "week/", "chairs/", "people/", "visit-types/", "visit-types/new/", "rules/"]
    return [f"/settings/{page}" for page in pages] + [f"/settings/chairs/{chair.pk}/", person, f"{person}rota/"]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (820, "dark"), (375, "light")])
def test_every_page_fits_and_is_open_to_all(opened, live_server, monday, nils, width, scheme):
    seen = opened("/settings/", width, scheme)
    for path in paths(nils):
        seen.page.goto(live_server.url + path)
        assert not seen.scrolls_sideways(), path
        assert grave(seen.page) == [], path
    assert seen.complaints + seen.violations() == []
