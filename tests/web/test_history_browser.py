"""The history drawer in a real browser: long texts marked in words too, older acts by a press, no barrier."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from config.staff.models import User
from infusions import records
from infusions.models import Visit
from patients import register
from tests.infusions.ordering import known_patient
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import Watched, grave, watched

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = "Calm from the start. Slept through most of it. Woke clear and asked for water. Went home with her brother."
THEN = FIRST.replace("Slept through most", "Dozed through half") + " Pain four on leaving."
Signed = Callable[..., Watched]


@pytest.fixture
def now():
    """The browser asks the real clock; the story begins an hour ago."""
    from datetime import timedelta

    return timezone.now() - timedelta(minutes=55)


@pytest.fixture
def visit(day: Day) -> Visit:
    """Vital signs that were corrected, and a note that was written twice."""
    found = day.started()
    wrong = day.vitals(found, systolic=182, diastolic=80)
    day.vitals(found, systolic=128, diastolic=80, supersedes=wrong.pk, correction_reason="Typed the wrong digit")
    note = records.write_note(visit_id=found.pk, by=day.nurse, now=day.now(), text=FIRST)
    records.write_note(visit_id=found.pk, by=day.nurse, now=day.now(), version=note.version, text=THEN)
    return found


@pytest.fixture
def browse(browser: Browser, live_server) -> Iterator[Signed]:
    """`browse(nils, theme="dark")`: a page, signed in."""
    opened = []

    def sign_in(person: User, *, theme: str = "light", width: int = 1280, bypass_csp: bool = False) -> Watched:
        client = Client()
        client.force_login(person)
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            base_url=live_server.url,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        opened.append(context)
        return watched(context.new_page())

    yield sign_in
    for context in opened:
        context.close()


def test_a_visit_s_acts_stand_in_its_drawer_and_focus_goes_back(browse: Signed, visit: Visit, nils: User) -> None:
    held = browse(nils)
    page = held.page
    page.goto(f"/visits/{visit.pk}/")
    page.locator("#visit-history").click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="History of the visit")).to_be_focused()
    corrected = drawer.locator("li", has_text="Vital signs: corrected")
    expect(corrected).to_contain_text("Typed the wrong digit")
    expect(corrected.locator("del").last).to_have_text("182")
    expect(corrected.locator("ins").last).to_have_text("128")
    page.keyboard.press("Escape")
    expect(page.locator("#visit-history")).to_be_focused()
    assert held.violations() == []
    assert held.complaints == []


def test_what_went_and_what_came_is_said_to_those_who_do_not_see_it(browse: Signed, visit: Visit, nils: User) -> None:
    page = browse(nils).page
    page.goto(f"/visits/{visit.pk}/history/")
    text = page.locator(".history-text", has=page.locator("del")).first
    expect(text.locator("del").first).to_contain_text("removed: Slept ")
    expect(text.locator("ins").last).to_contain_text("Pain four on leaving.")
    expect(text.locator("ins").last).to_contain_text("added:")


def test_older_acts_come_into_the_drawer_by_a_press(browse: Signed, clinic, ana: User, now) -> None:
    patient = known_patient(clinic, now)
    for number in range(60):
        register.amend(patient_id=patient.pk, version=None, by=ana, now=now, preferred_name=f"Name {number}")
    page = browse(ana).page
    page.goto(f"/patients/{patient.pk}/")
    page.locator("#patient-history").click()
    drawer = page.locator("#drawer")
    expect(drawer.locator(".history > li")).to_have_count(50)
    drawer.get_by_role("link", name="Older").click()
    expect(drawer.locator(".history > li")).to_have_count(11)
    expect(drawer.locator(".history > li").last).to_contain_text("Created")
    expect(drawer.get_by_role("link", name="Older")).to_have_count(0)
    drawer.get_by_role("link", name="Newest").click()
    expect(drawer.locator(".history > li").first).to_contain_text("Name 59")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_no_grave_barriers(browse: Signed, visit: Visit, nils: User, theme: str, width: int) -> None:
    held = browse(nils, theme=theme, width=width, bypass_csp=True)
    page = held.page
    page.goto(f"/visits/{visit.pk}/")
    page.locator("#visit-history").click()
    expect(page.locator("#drawer .history")).to_be_visible()
    assert grave(page) == []
    assert not held.scrolls_sideways()


def test_as_a_page_it_says_whose_history_it_is(visit: Visit, page_as: Callable[[User], Client], mara: User) -> None:
    client, patient = page_as(mara), visit.patient
    for address in ("patient", patient.pk), ("order", visit.order_id), ("visit", visit.pk):
        shown = client.get(reverse(f"{address[0]}-history", args=[address[1]])).content.decode()
        banner = shown.partition('<section class="patient-banner"')[2].partition("</section>")[0]
        assert patient.family_name.upper() in banner
        assert patient.record_number in banner
