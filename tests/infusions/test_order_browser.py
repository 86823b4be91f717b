"""An order written, read back and signed, and its series planned, in a real browser, with the presses counted."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from config.staff.models import Clinic, User
from infusions import fulfilment
from infusions.models import Order
from infusions.protocol import LABELS
from scheduling import booking
from scheduling.models import Chair
from tests.conftest import PASSWORD
from tests.infusions.ordering import accepted, bookable, known_patient, opened
from tests.web.browsing import Watched, watched

READY = "html[data-desk-ready]"


@pytest.fixture
def opened_by(browser: Browser, live_server: Any) -> Callable[..., Watched]:
    """`opened_by(mara, "order-new", patient.pk)`: that page in a browser of hers."""

    def open_page(person: User, name: str, *args: object) -> Watched:
        client = Client()
        client.force_login(person)
        context = browser.new_context()
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        found = watched(context.new_page())
        found.page.goto(live_server.url + reverse(name, args=args))
        found.page.wait_for_selector(READY, state="attached")
        return found

    return open_page


def values(page: Page) -> dict[str, str]:
    """What the browser itself holds in the order's fields, whatever the HTML said."""
    script = "names => Object.fromEntries(names.map(n => [n, document.querySelector(`[name=${n}]`).value]))"
    return {name: value for name, value in page.evaluate(script, list(LABELS)).items() if value}


def test_written_kept_read_back_and_signed(opened_by: Callable, clinic: Clinic, mara: User) -> None:
    now = timezone.now()
    ada = known_patient(clinic, now)
    accepted(ada, mara, now)
    found = opened_by(mara, "order-new", ada.pk)
    page = found.page
    assert values(page) == {}
    page.get_by_label("Drug", exact=True).fill("Examplamine")
    page.get_by_role("textbox", name="Dose", exact=True).fill(".5")
    expect(page.locator("[data-autosave-line]")).to_contain_text("Type a digit before the point", timeout=8000)
    page.get_by_role("textbox", name="Dose", exact=True).fill("0.5")
    page.get_by_label("Dose unit").fill("spoons")
    expect(page.locator("[data-autosave-line]")).to_contain_text("Saved", timeout=8000)
    page.reload()
    assert values(page) == {"agent": "Examplamine", "dose": "0.5", "dose_unit": "spoons"}
    page.get_by_role("button", name="Review").click()
    expect(page.locator("[data-read-back=dose]")).to_contain_text("zero point five spoons")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign order").click()
    expect(page.get_by_role("main")).to_contain_text("signed by Mara Santos, MD")
    assert Order.objects.get().dose == "0.5"
    # The one complaint is the browser's own, about the answer to the unclear number.
    assert (found.violations(), [line for line in found.complaints if "422" not in line]) == ([], [])


def test_on_a_telephone_no_word_of_what_is_read_back_is_broken(opened_by: Callable, clinic: Clinic, mara: User) -> None:
    now = timezone.now()
    order = bookable(known_patient(clinic, now), mara, now, chair_minutes=120, planned_minutes=45)
    page = opened_by(mara, "order", order.pk).page
    page.set_viewport_size({"width": 375, "height": 812})
    written = page.locator("[data-read-back=chair_minutes] .order-written")
    expect(written).to_have_text("120 minutes")
    lines = (
        "(cell) => { const text = document.createRange(); text.selectNodeContents(cell); return text.getClientRects() }"
    )
    assert written.evaluate(f"(cell) => ({lines})(cell).length") == 1
    spelt = page.locator(".order-read .order-written").evaluate_all("(all) => all.map((one) => one.clientWidth)")
    assert min(spelt) > 250


def test_a_clean_series_is_booked_in_one_press(
    opened_by: Callable, clinic: Clinic, mara: User, ana: User, nils: User, vera: User
) -> None:
    now = timezone.now()
    opened(clinic, nurse=nils, by=vera)
    order = bookable(known_patient(clinic, now), mara, now)
    found = opened_by(ana, "series-plan", order.pk)
    page = found.page
    first = page.locator("tbody tr").first.locator("th").inner_text()
    page.get_by_label("Not before").fill("13:00")
    page.get_by_label("Not before").blur()
    expect(page.locator("tbody tr").first.locator("th")).not_to_have_text(first)
    expect(page.locator("tbody tr").first.locator("th")).to_have_text(re.compile("13:00"))
    page.get_by_role("button", name="Book 3 visits").click()
    expect(page.get_by_role("main")).to_contain_text("3 visits booked.")
    assert len(fulfilment.visits_of(order)) == 3
    assert (found.violations(), found.complaints) == ([], [])


def test_a_lost_visit_costs_one_press_more(
    opened_by: Callable, clinic: Clinic, mara: User, ana: User, nils: User, vera: User
) -> None:
    now = timezone.now()
    opened(clinic, nurse=nils, by=vera)
    order = bookable(known_patient(clinic, now), mara, now)
    found = opened_by(ana, "series-plan", order.pk)
    page = found.page
    sent = page.locator("input[name=visit]").nth(1).get_attribute("value") or ""
    gone = datetime.fromisoformat(sent.partition("|")[0])
    for chair, name in zip(Chair.objects.all(), ("Reed", "Vale"), strict=True):
        other = known_patient(clinic, now, name)
        booking.book(patient=other, clinic=clinic, start=gone, minutes=90, by=vera, now=now, chair=chair)
    page.get_by_role("button", name="Book 3 visits").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was booked")
    expect(page.get_by_role("button", name="Book 3 visits")).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Visit 2 on")).first.click()
    page.get_by_role("button", name="Book 3 visits").click()
    expect(page.get_by_role("main")).to_contain_text("3 visits booked.")
    assert len(fulfilment.visits_of(order)) == 3
    assert found.violations() == []
