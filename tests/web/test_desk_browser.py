"""What every staff page does in a real browser: an ended session, a telephone, keys, going back."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from infusions.models import Visit
from patients import intake
from patients.models import IntakeRequest, Source
from tests.conftest import PASSWORD
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import Watched, watched

pytestmark = pytest.mark.django_db(transaction=True)
READY = "html[data-desk-ready]"
TELEPHONE = {"width": 375, "height": 812}


@pytest.fixture
def now():
    """The browser asks the real clock; the story begins an hour ago."""
    return timezone.now() - timedelta(minutes=55)


@pytest.fixture
def opened(browser: Browser, live_server, settings) -> Iterator[Callable[..., Watched]]:
    """`opened(ana, "/board/")`: the page as Ana sees it."""
    contexts = []

    def show(person, path: str, **look) -> Watched:
        client = Client()
        client.force_login(person)
        context = browser.new_context(base_url=live_server.url, **look)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        found = watched(context.new_page())
        found.page.goto(path)
        found.page.wait_for_selector(READY, state="attached")
        return found

    yield show
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(READY, state="attached")


def test_an_ended_session_puts_everything_back_into_the_form(opened, ana) -> None:
    found = opened(ana, "/intake/new/")
    page = found.page
    page.locator("main [name=family_name]").fill("Quill")
    page.locator("main [name=message]").fill("Burning feet.\nAsks for a Tuesday.")
    page.locator("main details", has=page.locator("[name=needs_interpreter]")).locator("summary").click()
    page.locator("main [name=needs_interpreter]").check()
    Session.objects.all().delete()
    page.locator("main form [type=submit]").first.click()
    sign_in(page, "ana")
    expect(page.locator("[data-kept-form]")).to_contain_text("What you typed is back in the form")
    expect(page.locator("main [name=family_name]")).to_have_value("Quill")
    expect(page.locator("main [name=message]")).to_have_value("Burning feet.\nAsks for a Tuesday.")
    expect(page.locator("main [name=needs_interpreter]")).to_be_checked()
    expect(page.locator("main [name=needs_interpreter]")).to_be_visible()
    assert IntakeRequest.objects.count() == 0
    assert (found.violations(), found.complaints) == ([], [])


def test_on_a_telephone_nothing_of_home_is_out_of_sight(opened, day: Day, ana) -> None:
    day.arrived(day.booked(day.order(day.patient("Featherstonehaugh-Montgomery"))))
    page = opened(ana, "/", viewport=TELEPHONE).page
    expect(page.locator("main [data-state=arrived]").first).to_be_visible()
    wide = "[...document.querySelectorAll('.table-wrap')].filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.evaluate(wide) == 0
    assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
    expect(page.locator(".mainnav .nav-word").first).to_be_visible()
    assert page.locator(".mainnav .nav-word").first.bounding_box()["width"] > 10


def test_the_list_of_keys_names_those_of_the_board_on_the_board(opened, clinic, ana) -> None:
    page = opened(ana, "/board/").page
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_contain_text("arrows choose time and chair")
    page.goto("/")
    page.wait_for_selector(READY, state="attached")
    page.keyboard.press("?")
    expect(page.locator("#keys-help [data-keys-places]")).to_be_visible()
    expect(page.locator("#keys-help [data-keys-board]")).to_be_hidden()


def test_going_back_to_a_form_with_errors_ends_on_a_page(opened, ana) -> None:
    page = opened(ana, "/intake/new/").page
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("main [data-error-summary]")).to_be_visible()
    page.get_by_role("link", name="Patients").first.click()
    page.wait_for_url("**/patients/")
    page.go_back()
    expect(page.locator("main [name=family_name]")).to_be_visible()


def test_a_search_that_gave_way_to_a_newer_one_is_no_error(opened, ana) -> None:
    found = opened(ana, "/")
    found.page.route("**/patients/search/", lambda route: None)
    for letter in "qu":
        with found.page.expect_request("**/patients/search/"):
            found.page.locator("#finder-input").press_sequentially(letter)
    assert found.complaints == []


def test_the_clocks_of_a_visit_write_their_units(opened, day: Day, nils) -> None:
    order = day.order(day.patient(), vitals_during_minutes=15)
    visit: Visit = day.started(day.opened(day.booked(order)))
    clocks = opened(nils, f"/visits/{visit.pk}/").page.locator("#visit-clocks")
    expect(clocks.locator("time[data-clock=elapsed]")).to_have_text(re.compile(r"^\d+ min$"))
    expect(clocks.locator("time[data-clock=left]")).to_have_text(re.compile(r"^overdue \d+ min$"))


ROOM = """(chip) => {
    const [word, cut] = [chip.getBoundingClientRect(), chip.closest(".card-more").getBoundingClientRect()];
    return { width: word.width, before: word.left - cut.left, after: cut.right - word.right };
}"""


@pytest.mark.parametrize("size", [(1440, 900), (1180, 820), (820, 1180)])
def test_overdue_vital_signs_are_said_whole_on_the_board(opened, day: Day, nils, size: tuple[int, int]) -> None:
    order = day.order(day.patient(), vitals_during_minutes=15)
    day.started(day.opened(day.booked(order)))
    page = opened(nils, "/board/", viewport={"width": size[0], "height": size[1]}).page
    page.wait_for_selector(".board:not([aria-busy])", state="attached")
    event = page.locator(".ec-event", has_text="Quill")
    chip = event.locator(".card-overdue")
    expect(chip.locator("svg.icon use")).to_have_attribute("href", re.compile(r"#activity-heartbeat$"))
    expect(chip).to_contain_text("overdue")
    seen = chip.evaluate(ROOM)
    assert seen["width"] > 40
    assert min(seen["before"], seen["after"]) >= 0, f"the word is cut: {seen}"
    spoken = event.locator(".visually-hidden").inner_text()
    assert re.search(r"vital signs overdue \d+ min$", spoken), spoken


def test_overdue_vital_signs_are_said_whole_on_a_telephone(opened, day: Day, nils) -> None:
    order = day.order(day.patient(), vitals_during_minutes=15)
    day.started(day.opened(day.booked(order)))
    page = opened(nils, "/board/", viewport=TELEPHONE).page
    due = page.locator(".vitals-due:visible")
    expect(due).to_have_text(re.compile(r"Vital signs\s+overdue \d+ min"))
    expect(due.locator("svg.icon")).to_be_visible()
    assert due.evaluate("(chip) => chip.scrollWidth <= chip.clientWidth + 1")


COVERED = """() => [...document.querySelectorAll(".mainnav a, .mainnav summary")].filter((link) => {
    if (!link.checkVisibility()) return false;
    const { left, right, top, bottom } = link.getBoundingClientRect();
    return [left + 4, (left + right) / 2, right - 4].some(
        (x) => !link.contains(document.elementFromPoint(x, (top + bottom) / 2)));
}).map((link) => link.textContent.trim())"""


@pytest.mark.parametrize("role", ["ana", "nils", "mara", "vera", "olu"])
def test_nothing_covers_a_place_of_the_navigation(opened, request, role: str) -> None:
    page = opened(request.getfixturevalue(role), "/").page
    for width in (1024, 1100, 1180, 1280, 1366, 1440, 1920, 820, 375):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(80)
        assert page.evaluate(COVERED) == [], width
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), width


OUT_OF_SIGHT = """() => [...document.querySelectorAll("main .table-wrap :is(a, button)")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
    .map((one) => one.textContent.trim())"""


def test_on_a_telephone_every_press_of_a_list_is_in_sight(opened, day: Day, clinic, ana, now) -> None:
    day.booked(day.order(day.patient("Featherstonehaugh-Montgomery")))
    asked = {"given_name": "Ada", "family_name": "Featherstonehaugh-Montgomery", "mobile": "213 555 0142"}
    intake.receive(clinic=clinic, source=Source.PHONE, by=ana, now=now, preferred_times="Weekday mornings", **asked)
    page = opened(ana, "/board/?view=list", viewport=TELEPHONE).page
    for path, press in (("/board/?view=list", "Check in"), ("/intake/", "Take"), ("/patients/", "")):
        page.goto(path)
        expect(page.locator("main .table-wrap").get_by_text(press).first).to_be_visible()
        assert page.evaluate(OUT_OF_SIGHT) == [], path
        wide = "[...document.querySelectorAll('.table-wrap')].filter((one) => one.scrollWidth > one.clientWidth).length"
        assert page.evaluate(wide) == 0, path


def test_on_a_telephone_what_is_looked_at_before_a_discharge_can_be_read(opened, day: Day, nils) -> None:
    visit = day.ended()
    day.vitals(visit, systolic=128, diastolic=80, pain=3)
    page = opened(nils, f"/visits/{visit.pk}/chart/discharge/", viewport=TELEPHONE).page
    expect(page.locator(".discharge aside dd").first).to_be_visible()
    widths = page.locator(".discharge aside dd").evaluate_all("found => found.map((one) => one.clientWidth)")
    assert min(widths) > 80
