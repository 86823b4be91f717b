"""The parts page in a real browser: nothing is blocked, nobody is locked out, the small scripts do their work."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from config.web.styleguide.samples import bookings
from tests.web.browsing import Watched, barriers, watched

READY = "html[data-desk-ready]"
DRAWN = ".board:not([aria-busy])"
THEMES = ["light", "dark"]
WIDTHS = [1440, 820]


@pytest.fixture
def address(live_server: Any) -> str:
    return f"{live_server.url}/styleguide/"


@pytest.fixture
def parts(page: Page, address: str) -> Watched:
    """The parts page, open and alive."""
    found = watched(page)
    page.goto(address)
    page.wait_for_selector(READY, state="attached")
    return found


@pytest.fixture
def board(page: Page, address: str) -> Watched:
    """The board of the parts page, drawn."""
    found = watched(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}board/")
    page.wait_for_selector(DRAWN, state="attached")
    return found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_blocked_and_nobody_is_locked_out(browser: Browser, address: str, theme: str, width: int) -> None:
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
    found = watched(context.new_page())
    found.page.goto(address)
    found.page.wait_for_selector(READY, state="attached")
    assert found.page.get_attribute("html", "data-bs-theme") == theme
    assert (found.violations(), found.complaints, found.scrolls_sideways()) == ([], [], False)
    context.close()
    assert barriers(browser, address, theme=theme, width=width, ready=READY) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_board_has_no_barrier(browser: Browser, address: str, theme: str) -> None:
    assert barriers(browser, f"{address}board/", theme=theme, width=1440, ready=DRAWN) == []


@pytest.mark.parametrize("theme", THEMES)
def test_patient_pages_have_no_barrier(browser: Browser, address: str, theme: str) -> None:
    assert barriers(browser, f"{address}public/", theme=theme, width=375, ready="main") == []


@pytest.mark.parametrize("theme", THEMES)
def test_signing_in_has_no_barrier(browser: Browser, live_server: Any, theme: str) -> None:
    sign_in = f"{live_server.url}/accounts/login/"
    assert barriers(browser, sign_in, theme=theme, width=1440, ready=READY) == []


def test_patient_pages_are_light_and_need_no_script(page: Page, address: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{address}public/", wait_until="networkidle")
    assert page.locator("script").count() == 0
    assert sum(sizes) <= 30_000
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_theme_is_switched_and_kept(parts: Watched) -> None:
    page = parts.page
    page.locator("header summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_a_form_in_the_drawer_keeps_what_was_typed(parts: Watched) -> None:
    page, drawer = parts.page, parts.page.locator("#drawer")
    opener = page.get_by_role("button", name="Add a request")
    opener.click()
    expect(drawer.get_by_role("heading", name="Phone request")).to_be_focused()
    assert page.evaluate("document.querySelector('#shell').inert")
    drawer.get_by_label("Family name").fill("Okafor")
    drawer.get_by_role("button", name="Save request").click()
    expect(drawer.locator("[data-error-summary]")).to_be_focused()
    expect(drawer.get_by_label("Family name")).to_have_value("Okafor")
    drawer.get_by_role("link", name=re.compile("Given name")).click()
    expect(drawer.get_by_label("Given name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


def test_an_act_is_sent_with_its_token_and_can_be_taken_back(parts: Watched) -> None:
    page = parts.page
    page.get_by_role("button", name="Act and undo").click()
    expect(page.locator("#acted")).to_have_text("Ada Okafor checked in")
    undo = page.locator("#undo .bar")
    expect(undo).to_contain_text("Ada Okafor checked in")
    undo.get_by_role("button", name="Undo").click()
    expect(undo).to_have_count(0)
    assert (parts.violations(), parts.complaints) == ([], [])


def test_the_way_back_closes_after_twenty_seconds(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(address)
    page.wait_for_selector(READY, state="attached")
    page.get_by_role("button", name="Act and undo").click()
    undo = page.locator("#undo .bar")
    expect(undo).to_be_visible()
    page.mouse.move(0, 0)
    page.get_by_role("button", name="Act and undo").blur()
    page.clock.run_for(18_000)
    expect(undo).to_be_visible()
    page.clock.run_for(3_000)
    expect(undo).to_have_count(0)


@pytest.mark.parametrize(
    ("button", "words"), [("Refused", "Chair 3 is taken from 10:45."), ("Broken", "The server had a problem (500)")]
)
def test_a_refusal_is_said_in_words_and_changes_nothing(parts: Watched, button: str, words: str) -> None:
    page = parts.page
    page.get_by_role("button", name=button).click()
    expect(page.locator("#problem")).to_contain_text(words)
    expect(page.locator("#acted")).to_be_empty()


def test_a_lost_connection_is_said_and_heard_again(parts: Watched) -> None:
    page = parts.page
    page.context.set_offline(True)
    page.get_by_role("button", name="Act and undo").click()
    expect(page.locator("#offline")).to_contain_text("Connection lost")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()


def test_a_question_is_asked_before_what_cannot_be_undone(parts: Watched) -> None:
    page = parts.page
    page.get_by_role("button", name="Stop the course").click()
    question = page.get_by_role("dialog", name="Stop this course?")
    expect(question).to_be_visible()
    question.get_by_role("button", name="Go back").click()
    expect(question).to_be_hidden()


def test_a_patient_is_found_by_keys_alone(parts: Watched) -> None:
    page = parts.page
    page.keyboard.press("/")
    expect(page.locator("#finder-input")).to_be_focused()
    page.keyboard.type("okaf")
    hits = page.locator("#finder-results").get_by_role("option")
    expect(hits).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(hits).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("Kov")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#found-Kov*")
    assert "q=" not in page.url


def test_two_of_one_name_are_never_guessed_between(parts: Watched) -> None:
    page = parts.page
    page.keyboard.press("/")
    page.keyboard.type("okafor")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Two people have this name")).to_be_visible()
    expect(page.locator("#finder-results").get_by_role("option").first).to_have_attribute("aria-selected", "true")
    assert page.url.endswith("/styleguide/")


def test_letters_go_places_until_they_are_turned_off(parts: Watched) -> None:
    page = parts.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Day board")
    page.keyboard.press("Escape")
    page.locator("header summary").click()
    page.get_by_label("Single-letter keys").uncheck()
    page.locator("main h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_typing_is_saved_and_kept_while_the_line_is_down(parts: Watched) -> None:
    page = parts.page
    form, line = page.locator("#request"), page.locator("[data-autosave-line=request]")
    form.get_by_label("Family name").press_sequentially("Oka")
    expect(line).to_have_text("Not saved yet")
    expect(line).to_have_text("Saved 10:42:08")
    page.context.set_offline(True)
    form.get_by_label("Family name").press_sequentially("for")
    expect(line).to_have_text("Kept on this device, not sent.")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "Okafor" in kept
    assert "csrfmiddlewaretoken" not in kept
    page.context.set_offline(False)
    page.reload()
    expect(line).to_have_text("Saved 10:42:08")
    expect(form.get_by_label("Family name")).to_have_value("Okafor")
    assert "Okafor" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_form_that_is_sent_during_a_save_waits_for_its_answer(parts: Watched) -> None:
    page, held, sent = parts.page, [], []
    # A function of our own: the browser's driver looks for a name that a built-in one has not.
    page.route("**/styleguide/draft/", lambda route: held.append(route))
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url.split("/")[-2]))
    page.evaluate("document.getElementById('request').noValidate = true")
    with page.expect_request("**/styleguide/draft/"):
        page.locator("#request").get_by_label("Family name").press_sequentially("Oka")
    page.get_by_role("button", name="Save request").click()
    page.wait_for_timeout(400)
    assert sent == ["draft"]
    with page.expect_request(lambda request: request.method == "POST") as next_one:
        held[0].fulfill(json={"saved_at": "10:42:08", "version": 2})
    assert (sent[0], len(sent), next_one.value.is_navigation_request()) == ("draft", 2, True)


def test_the_day_is_drawn_and_a_visit_opens(board: Watched) -> None:
    page = board.page
    expect(page.locator(".board .ec-event")).to_have_count(len(bookings()))
    booking = page.locator(".booking-b8")
    booking.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(booking).to_be_focused()
    assert (board.violations(), board.complaints, board.scrolls_sideways()) == ([], [], False)


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).bounding_box()
    assert found
    return found


def test_the_slots_fill_the_width(board: Watched) -> None:
    slots = box(board.page, ".board .ec-slots >> nth=-1")
    frame = box(board.page, ".board")
    assert frame["x"] + frame["width"] - (slots["x"] + slots["width"]) < 12


def drag(page: Page, booking: str, chair: int) -> None:
    """Into the row of that chair, at the same time of day."""
    start = box(page, booking)
    row = box(page, f".board .ec-body .ec-row-head >> nth={chair}")
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 12, steps=3)
    page.mouse.move(x, row["y"] + row["height"] / 2, steps=6)
    page.mouse.up()


def test_a_drop_on_a_taken_chair_goes_back_and_says_why(board: Watched) -> None:
    page = board.page
    before = page.locator(".booking-b3").bounding_box()
    drag(page, ".booking-b3", 3)
    expect(page.locator("#problem")).to_contain_text("Chair 3 is taken from 10:45")
    assert page.locator(".booking-b3").bounding_box() == before


def test_a_drop_on_a_free_chair_is_sent_and_undoable(board: Watched) -> None:
    page = board.page
    with page.expect_request("**/board/move/3/") as sent:
        drag(page, ".booking-b3", 5)
    body = str(sent.value.post_data)
    assert "chair=c5" in body
    assert re.search(r"start=2026-11-23T12%3A30", body)
    assert "version=1" in body
    expect(page.locator("#undo .bar")).to_contain_text("Moved to another time")


def test_a_visit_is_moved_by_keys_within_five(board: Watched) -> None:
    page = board.page
    page.locator(".booking-b3").focus()
    with page.expect_request("**/board/move/3/") as sent:
        for key in ("m", "ArrowRight", "ArrowDown", "Enter"):
            page.keyboard.press(key)
            page.wait_for_timeout(60)
    assert "start=2026-11-23T12%3A45" in str(sent.value.post_data)
    assert "chair=c2" in str(sent.value.post_data)


def test_arrows_go_from_visit_to_visit(board: Watched) -> None:
    page = board.page
    page.locator(".booking-b0").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".booking-b1")).to_be_focused()


def test_columns_show_the_same_visits(board: Watched) -> None:
    page = board.page
    page.get_by_role("button", name="Columns").click()
    expect(page.locator(".ec-time-grid .ec-event")).to_have_count(len(bookings()))
    page.reload()
    page.wait_for_selector(".ec-time-grid")
