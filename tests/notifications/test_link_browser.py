"""The patient's page in a real browser: no script, 320 px, large letters, light and dark, axe; small and alone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from notifications.clock import database_now
from notifications.outbox import send_batch
from notifications.planner import plan
from notifications.purposes import switch_purpose
from patients.register import amend
from scheduling import questions
from scheduling.booking import book
from scheduling.models import Appointment, VisitKind
from scheduling.questions import Words
from tests.notifications.story import link_in, opened, soon, taken_on
from tests.web.browsing import grave, watched

pytestmark = pytest.mark.django_db(transaction=True)
WEIGHS_AT_MOST = 30 * 1024


@pytest.fixture(params=["en", "es"])
def language(request) -> str:
    return request.param


@pytest.fixture
def visit(clinic, nils, ana, language) -> Appointment:
    """Rosa comes for an infusion in some hours, and her reminder has gone out."""
    now = database_now()
    rosa = taken_on(opened(clinic, nils), now=now - timedelta(days=2))
    amend(patient_id=rosa.pk, by=ana, version=None, now=now, language=language)
    start = soon(now, hours=5)
    return book(
        patient=rosa,
        clinic=clinic,
        start=start,
        minutes=60,
        kind=VisitKind.INFUSION,
        by=ana,
        now=now - timedelta(days=2),
    )


@pytest.fixture
def address(live_server, visit, settings, outbox_dir: Path) -> str:
    settings.PUBLIC_URL = "https://desk.example.com"
    # One address opens all of these pages.
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"visit-link": "100000/min"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    now = database_now()
    plan(now=now - timedelta(hours=25))
    send_batch(channel="email", now=now)
    return f"{live_server.url}{link_in(outbox_dir)}"


@pytest.fixture(params=["light", "dark"])
def old_phone(browser: Browser, request) -> Iterator[Page]:
    """Narrow, without script."""
    context = browser.new_context(
        viewport={"width": 320, "height": 568}, java_script_enabled=False, color_scheme=request.param
    )
    yield context.new_page()
    context.close()


def prove(page: Page) -> None:
    for name, value in {"month": "4", "day": "2", "year": "1971"}.items():
        page.locator(f"input[name={name}]").fill(value)
    page.locator("button[type=submit]").first.click()


def test_from_the_link_to_an_answer_without_script(old_phone: Page, address: str, visit, language):
    weight: list[int] = []
    foreign: list[str] = []
    old_phone.on("response", lambda answer: weight.append(len(answer.body()) if answer.ok else 0))
    old_phone.on("request", lambda asked: asked.url.startswith(address.split("/v/")[0]) or foreign.append(asked.url))
    old_phone.goto(address)
    expect(old_phone.locator("main")).to_contain_text("RI")
    assert sum(weight) < WEIGHS_AT_MOST
    prove(old_phone)
    old_phone.locator("button[value=come]").click()
    thanks = {"en": "You said that you will come.", "es": "Nos dijo que vendrá."}[language]
    expect(old_phone.locator(".p-done")).to_contain_text(thanks)
    visit.refresh_from_db()
    assert visit.confirmed_at is not None
    old_phone.go_back()
    assert foreign == []


def test_it_asks_for_another_time_and_names_an_escort(old_phone: Page, address: str, visit):
    old_phone.goto(address)
    prove(old_phone)
    for number, words in ((0, {"wishes": "Mondays"}), (1, {"name": "Marta Ruiz", "phone": "(213) 555-0199"})):
        more = old_phone.locator("details").nth(number)
        more.locator("summary").click()
        for name, value in words.items():
            more.locator(f"[name={name}]").fill(value)
        more.locator("button").click()
    visit.refresh_from_db()
    assert visit.wants_move_note == "Mondays"
    old_phone.locator("details").nth(1).locator("summary").click()
    expect(old_phone.locator("main")).to_contain_text("Marta Ruiz, (213) 555-0199")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_hinders_anybody(browser: Browser, address: str, theme, width):
    context = browser.new_context(
        bypass_csp=True, color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    found = watched(page)
    page.goto(address)
    assert (grave(page), found.scrolls_sideways()) == ([], False)
    prove(page)
    page.evaluate("document.querySelectorAll('details').forEach((more) => { more.open = true })")
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert (grave(page), found.scrolls_sideways()) == ([], False)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.locator("details").nth(1).locator("button").click()
    assert grave(page) == []
    page.goto(re.sub(r"/v/[^/]+/", "/v/nobodys/", address))
    assert grave(page) == []
    context.close()


def test_the_browser_blocks_nothing_of_it(browser: Browser, address: str):
    context = browser.new_context()
    page = context.new_page()
    found = watched(page)
    page.goto(address)
    prove(page)
    assert (found.complaints, found.violations()) == ([], [])
    page.wait_for_load_state()
    with page.expect_download() as saved:
        page.locator("a[href$='visit.ics']").click()
    assert saved.value.suggested_filename == "visit.ics"
    context.close()


QUESTION = {"en": "Has anything changed since your last visit?", "es": "¿Ha cambiado algo desde su última visita?"}


@pytest.fixture
def asks(clinic, vera, visit) -> None:
    """The clinic asks something before a visit."""
    now = database_now()
    questions.ask(clinic=clinic, questions=[Words(QUESTION["en"], QUESTION["es"])], by=vera, now=now)
    switch_purpose(clinic=clinic, purpose="pre-visit-questions", on=True, by=vera, now=now)


def test_what_is_asked_before_a_visit_is_answered(old_phone: Page, asks, address: str, visit, language):
    old_phone.goto(address)
    prove(old_phone)
    more = old_phone.locator("#questions")
    more.locator("summary").click()
    more.get_by_label(QUESTION[language]).fill("Fever on Monday,\n38.5 °C")
    more.locator("button").click()
    expect(old_phone.locator("#questions")).to_contain_text({"en": "We have your answers.", "es": "Tenemos"}[language])
    assert [told.answer.said for told in questions.of_visit(visit)] == ["Fever on Monday,\n38.5 °C"]
    old_phone.locator("#questions summary").click()
    assert old_phone.locator("#questions textarea").input_value() == "Fever on Monday,\n38.5 °C"
    assert not old_phone.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_hinders_anybody_who_is_asked(browser: Browser, asks, address: str, theme):
    context = browser.new_context(bypass_csp=True, color_scheme=theme, viewport={"width": 320, "height": 900})
    page = context.new_page()
    found = watched(page)
    page.goto(address)
    prove(page)
    page.evaluate("document.querySelectorAll('details').forEach((more) => { more.open = true })")
    assert (grave(page), found.scrolls_sideways()) == ([], False)
    # An old browser does not know how much a box takes.
    page.locator("#questions textarea").evaluate("(box) => box.removeAttribute('maxlength')")
    page.locator("#questions textarea").fill("x" * 1001)
    page.locator("#questions button").click()
    assert page.locator("#questions").get_attribute("open") is not None
    assert (grave(page), found.scrolls_sideways()) == ([], False)
    context.close()
