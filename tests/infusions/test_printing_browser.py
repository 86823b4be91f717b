"""What comes out of a printer, read page by page: whose it is, which page of how many, when and by whom."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from config.audit.models import Disclosure
from config.staff.models import User
from infusions import orders
from infusions.models import Order, Visit
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import Watched, grave, watched

pytestmark = pytest.mark.django_db(transaction=True)
Seats = Callable[..., Watched]
# Width and height in points, as a printer has them.
PAPERS = {"A4": (595, 842), "Letter": (612, 792)}
LINE = "QUILL, Ada, born 14 Mar 1970, record "
FOOT = re.compile(r"Printed \d{1,2} \w{3} \d{4}, \d\d:\d\d \S+ by Nils Berg, nurse")


@pytest.fixture
def now() -> datetime:
    """The browser asks the real clock; the story began an hour ago."""
    return timezone.now() - timedelta(minutes=55)


@pytest.fixture
def order(day: Day) -> Order:
    return day.order(day.patient(), rate="2", rate_unit="spoons an hour", titration="Up by 1 while calm. " * 12)


@pytest.fixture
def seat(browser: Browser, live_server: Any) -> Iterator[Seats]:
    """`seat(nils)`: a browser in which somebody is signed in; it counts how often the dialog would have opened."""
    opened = []

    def sit(person: User, theme: Any = "light", *, bypass_csp: bool = False) -> Watched:
        client = Client()
        client.force_login(person)
        context = browser.new_context(
            color_scheme=theme, base_url=live_server.url, bypass_csp=bypass_csp, reduced_motion="reduce"
        )
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.add_init_script("window.dialogs = 0; window.print = () => { window.dialogs += 1; };")
        opened.append(context)
        return watched(context.new_page())

    yield sit
    for context in opened:
        context.close()


def long_record(day: Day, order: Order, rows: int = 50) -> Visit:
    """A visit with many sets of vital signs, signed."""
    visit = day.started(day.opened(day.booked(order)))
    for number in range(rows):
        day.vitals(visit, systolic=110 + number, diastolic=70, pain=4, now=day.clock)
    return day.signed(day.discharged(day.ended(visit))).visit


def press(page: Page, name: str) -> None:
    """Press a button that prints, and wait for the page that comes back."""
    page.get_by_role("button", name=name).first.click()
    page.wait_for_selector(".sheet")
    page.wait_for_load_state("networkidle")


def pages_of(page: Page, paper: str) -> list[str]:
    """The text of each page as it comes out on this paper."""
    printed = PdfReader(io.BytesIO(page.pdf(format=paper, prefer_css_page_size=True)))
    sizes = {(round(float(one.mediabox.width) - 0.5), round(float(one.mediabox.height) - 0.5)) for one in printed.pages}
    assert {(abs(w - PAPERS[paper][0]) <= 1, abs(h - PAPERS[paper][1]) <= 1) for w, h in sizes} == {(True, True)}
    return [" ".join(one.extract_text().split()) for one in printed.pages]


def numbers_on(pages: list[str]) -> list[tuple[str, str]]:
    return [re.findall(r"Page (\d+) of (\d+)", text)[-1] for text in pages]


def counted(pages: list[str]) -> list[tuple[str, str]]:
    return [(str(number), str(len(pages))) for number in range(1, len(pages) + 1)]


def test_each_page_of_a_long_record_says_whose_which_when_and_by_whom(seat: Seats, day: Day, order: Order) -> None:
    visit = long_record(day, order)
    seen = seat(day.nurse)
    seen.page.goto(f"/visits/{visit.pk}/")
    press(seen.page, "Print record")
    for paper in PAPERS:
        pages = pages_of(seen.page, paper)
        assert len(pages) >= 3
        assert numbers_on(pages) == counted(pages)
        assert [text for text in pages if LINE + visit.patient.record_number not in text] == []
        assert [text for text in pages if not FOOT.search(text)] == []
        assert [text for text in pages if "Day board" in text or "Back" in text] == [], "no navigation"
        whole = " ".join(pages)
        assert sum(f"{110 + number}/70" in whole for number in range(50)) == 50
        assert [text for text in pages[:3] if "Seen BP Pulse" not in text] == []
        assert "Nils Berg, RN, author of the visit record" in pages[-1]
        assert "the record is exactly what was signed" in pages[-1]
    assert (seen.violations(), seen.complaints) == ([], [])
    assert [row.record for row in Disclosure.objects.all()] == [visit.pk]


def test_the_dialog_opens_by_a_press_alone_and_the_way_back_is_there(seat: Seats, day: Day, order: Order) -> None:
    page = seat(day.nurse).page
    page.goto(f"/orders/{order.pk}/")
    press(page, "Print order")
    assert page.evaluate("window.dialogs") == 0
    page.get_by_role("button", name="Print", exact=True).click()
    assert page.evaluate("window.dialogs") == 1
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", name="Protocol order")).to_be_visible()
    assert page.url.endswith(f"/orders/{order.pk}/")


def test_an_order_that_was_stopped_says_so_on_each_page(seat: Seats, day: Day, order: Order) -> None:
    orders.stop(order_id=order.pk, by=day.prescriber, now=day.now(), reason="She moves away.")
    page = seat(day.nurse, "dark").page
    page.goto(f"/orders/{order.pk}/")
    press(page, "Print order")
    assert page.locator(".sheet").evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    for paper in PAPERS:
        pages = pages_of(page, paper)
        assert numbers_on(pages) == counted(pages)
        assert [text for text in pages if LINE not in text or not FOOT.search(text)] == []
        assert [text for text in pages if "Protocol order, stopped" not in text] == [], "a loose page says it too"
        whole = " ".join(pages)
        assert "Stopped for good: no longer in force." in whole
        assert "2 spoons an hour two spoons an hour" in whole
        assert order.content_hash in whole.replace(" ", "")


def test_the_sheets_of_a_day_each_begin_on_a_page_of_their_own(seat: Seats, day: Day, order: Order) -> None:
    day.booked(order)
    day.booked(day.order(day.patient("Marsh")), hours=2)
    seen = seat(day.nurse)
    page = seen.page
    page.goto(f"/board/{day.clinic.today(timezone.now()):%Y-%m-%d}/")
    page.locator("summary", has_text="Blank sheets").click()
    press(page, "Print ")
    page.get_by_role("button", name="Add the signed orders").click()
    expect(page.locator(".sheet")).to_have_count(4)
    for paper in PAPERS:
        pages = pages_of(page, paper)
        assert numbers_on(pages) == counted(pages)
        sheets = [re.findall(r"Sheet (\d) of 4", text) for text in pages]
        which = "".join(number for [number] in sheets)
        assert which == "".join(sorted(which))
        assert (which.count("1"), which.count("3")) == (2, 2), "a blank sheet fits on a leaf"
        names = ["QUILL" if number in "12" else "MARSH" for number in which]
        assert [re.findall(r"(QUILL|MARSH), Ada, born", text) for text in pages] == [[name] for name in names]
        assert [text for text in pages if not FOOT.search(text)] == []
        with_dose = {number for number, text in zip(which, pages, strict=True) if "spoons" in text}
        assert with_dose == {"2", "4"}, "the orders' own sheets"
    assert (seen.violations(), seen.complaints) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_to_print_keeps_anybody_out(seat: Seats, day: Day, order: Order, theme: str) -> None:
    visit = day.opened(day.booked(order))
    page = seat(day.nurse, theme, bypass_csp=True).page
    for address, name in (
        (f"/visits/{visit.pk}/", "Print record"),
        (f"/visits/{visit.pk}/", "Blank sheet"),
        (f"/orders/{order.pk}/", "Print order"),
        (f"/orders/{order.pk}/", "Print dates"),
    ):
        page.goto(address)
        press(page, name)
        assert grave(page) == [], name
