"""The controlled-substance log in a real browser: one form, one press, nothing blocked, open to everybody, on paper."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from config.audit.models import Disclosure
from config.staff.models import User
from infusions.models import SubstanceLogEntry, Visit
from infusions.models.substances import LogKind
from tests.conftest import PASSWORD
from tests.infusions.stocking import Store, open_store  # noqa: F401
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import Watched, grave, watched

pytestmark = pytest.mark.django_db(transaction=True)
K = LogKind
Seats = Callable[..., Watched]


@pytest.fixture
def now() -> datetime:
    """The browser asks the real clock; the story began an hour ago."""
    return timezone.now() - timedelta(minutes=55)


@pytest.fixture
def visit(day: Day) -> Visit:
    return day.started()


@pytest.fixture
def full(store: Store, visit: Visit) -> Store:
    """A log with a row of each kind, one corrected and one struck."""
    store.write(lot="L-77", expiry="03/28", invoice="INV 9", supplier_address="1 Jar Lane")
    store.write(K.DRAWN, visit=visit, lot="L-77")
    store.write(K.GIVEN, visit=visit, lot="L-77")
    store.write(K.WASTED, visit=visit)
    store.correct(store.write(K.RETURNED), quantity="1")
    store.strike(store.write(K.LOST))
    store.write(K.COUNTED, quantity="9")
    store.write(K.COUNTED, quantity="8", count_moment="closing", witness=store.witness, witness_password=PASSWORD)
    return store


@pytest.fixture
def seat(browser: Browser, live_server: Any) -> Iterator[Seats]:
    """`seat(nils, 820, "dark")`: a browser in which somebody is signed in."""
    opened = []

    def sit(person: User, width: int = 1280, theme: Any = "light", *, bypass_csp: bool = False) -> Watched:
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

    yield sit
    for context in opened:
        context.close()


def addresses(store: Store, visit: Visit) -> dict[str, str]:
    """Every page of the log, by who sees it: a nurse, or a manager."""
    place = f"/substance-log/locations/{store.location.pk}/"
    row = SubstanceLogEntry.objects.standing().filter(kind=K.WASTED).get()
    counts = [str(count.pk) for count in SubstanceLogEntry.objects.filter(kind=K.COUNTED)]
    nurse = [
        "/substance-log/",
        place,
        f"{place}?kind=given",
        f"{place}?lot=nothing",
        f"{place}counts/?left={counts[0]}&right={counts[1]}",
        *(f"{place}write/{kind}/" for kind in LogKind),
        f"{place}write/given/?visit={visit.pk}",
        f"/substance-log/rows/{row.pk}/correct/",
        "/substance-log/substances/new/",
        f"/substance-log/substances/{store.substance.pk}/",
        f"/visits/{visit.pk}/substances/",
    ]
    manager = ["/substance-log/", place, "/substance-log/locations/new/", f"{place}edit/", f"{place}export/"]
    return {**dict.fromkeys(nurse, "nurse"), **dict.fromkeys(manager[2:], "manager")}


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (820, "dark"), (375, "light"), (375, "dark")])
def test_every_page_fits_and_is_open_to_all(
    seat: Seats, full: Store, visit: Visit, vera: User, width: int, theme: str
) -> None:
    seats = {"nurse": seat(full.nurse, width, theme, bypass_csp=True)}
    seats["manager"] = seat(vera, width, theme, bypass_csp=True)
    for path, who in addresses(full, visit).items():
        page = seats[who].page
        page.goto(path)
        assert not seats[who].scrolls_sideways(), path
        assert grave(page) == [], path


def test_a_manager_reaches_every_place_on_a_telephone(seat: Seats, store: Store, vera: User) -> None:
    """Five side by side with their words whole, the others one press further."""
    page = seat(vera, 375).page
    page.goto("/substance-log/")
    foot = page.get_by_role("navigation", name="Main")
    words = foot.locator(".nav-word:visible")
    assert words.all_inner_texts() == ["Today", "Day board", "Intake", "Patients", "Tasks", "More"]
    assert words.evaluate_all("found => found.filter((word) => word.scrollWidth > word.clientWidth).length") == 0
    foot.get_by_text("More").click()
    beyond = foot.locator(".menu-sheet a")
    assert beyond.all_inner_texts() == ["Waitlist", "Messages", "Drug log", "Settings"]
    edges = beyond.evaluate_all("found => found.map((a) => a.getBoundingClientRect().right)")
    assert max(edges) <= 375
    foot.get_by_role("link", name="Settings").click()
    page.wait_for_url("**/settings/")


def test_no_page_breaks_the_policy(seat: Seats, full: Store, visit: Visit, vera: User) -> None:
    seats = {"nurse": seat(full.nurse), "manager": seat(vera)}
    for path, who in addresses(full, visit).items():
        seats[who].page.goto(path)
        assert seats[who].violations() == [], path
    assert [one.complaints for one in seats.values()] == [[], []]


def test_waste_from_the_visit_with_the_witness_on_the_spot(seat: Seats, store: Store, visit: Visit) -> None:
    seen = seat(store.nurse, 820)
    page = seen.page
    page.goto(f"/visits/{visit.pk}/")
    page.locator("#visit-acts").get_by_role("link", name="Drug log").click()
    page.get_by_role("link", name="Wasted").click()
    page.get_by_label("Substance").select_option(str(store.substance.pk))
    page.get_by_role("textbox", name="Quantity").fill("1")
    page.get_by_role("textbox", name="Unit").fill("jar")
    page.get_by_role("textbox", name="Reason").fill("Left in the jar")
    page.get_by_role("button", name="Record the waste").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("Waste needs a witness")
    expect(page.get_by_role("textbox", name="Quantity")).to_have_value("1")
    page.get_by_label("Witness", exact=True).select_option(label="Mara Santos")
    page.get_by_label("The witness's own password").fill(PASSWORD)
    page.get_by_role("button", name="Record the waste").click()
    expect(page.locator(".substance-rows")).to_contain_text("witness Mara Santos")
    row = SubstanceLogEntry.objects.get()
    assert (row.visit, row.witness, row.quantity) == (visit, store.witness, "1")
    assert seen.violations() == []


def test_a_double_click_writes_one_row(seat: Seats, store: Store) -> None:
    page = seat(store.nurse).page
    page.goto(f"/substance-log/locations/{store.location.pk}/write/drawn/")
    page.get_by_label("Substance").select_option(str(store.substance.pk))
    page.get_by_role("textbox", name="Quantity").fill("1")
    page.get_by_role("textbox", name="Unit").fill("jar")
    page.get_by_role("button", name="Record what was drawn").dblclick()
    expect(page.locator(".substance-rows tbody tr")).to_have_count(1)
    assert SubstanceLogEntry.objects.count() == 1


def test_it_works_without_a_script(browser: Browser, live_server: Any, store: Store) -> None:
    client = Client()
    client.force_login(store.nurse)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/substance-log/locations/{store.location.pk}/")
    page.get_by_role("link", name="Received").click()
    page.get_by_label("Substance").select_option(str(store.substance.pk))
    page.get_by_role("textbox", name="Quantity").fill("12")
    page.get_by_role("textbox", name="Unit").fill("jars")
    page.get_by_label("Supplier", exact=True).fill("Acme Jars")
    page.get_by_role("button", name="Record what was received").click()
    expect(page.locator(".substance-rows")).to_contain_text("12 jars")
    context.close()


def test_the_manager_downloads_a_file_and_can_press_again(seat: Seats, full: Store, vera: User, tmp_path: Path) -> None:
    page = seat(vera).page
    page.goto(f"/substance-log/locations/{full.location.pk}/export/")
    today = f"{full.location.clinic.today(timezone.now()):%Y-%m-%d}"
    yesterday = f"{full.location.clinic.today(timezone.now()) - timedelta(days=1):%Y-%m-%d}"
    page.get_by_label("First day").fill(yesterday)
    page.get_by_label("Last day").fill(today)
    for number in range(2):
        with page.expect_download() as waited:
            page.get_by_role("button", name="Export as CSV").click()
        waited.value.save_as(tmp_path / f"{number}.csv")
    text = (tmp_path / "1.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) - rows.index([]) - 2 == SubstanceLogEntry.objects.count()
    assert Disclosure.objects.count() == 2


def test_the_sheet_repeats_what_it_is_on_each_page(seat: Seats, full: Store, vera: User, tmp_path: Path) -> None:
    page = seat(vera).page
    page.goto(f"/substance-log/locations/{full.location.pk}/export/")
    today = full.location.clinic.today(timezone.now())
    page.get_by_label("First day").fill(f"{today - timedelta(days=1):%Y-%m-%d}")
    page.get_by_label("Last day").fill(f"{today:%Y-%m-%d}")
    page.get_by_role("button", name="Show to print").click()
    expect(page.locator(".substance-print tbody tr")).to_have_count(9)
    expect(page.locator(".sheet thead").first).to_contain_text("Controlled-substance log, Cabinet A")
    expect(page.locator(".sheet-foot")).to_contain_text("Vera Lind")
