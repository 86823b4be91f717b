"""Consents and the readiness strip in a real browser: a paper goes in, the strip follows what is charted."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from config.staff.models import User
from infusions.models import ConsentWording, PreVisitCheck, TreatmentConsent, Visit
from patients import allergies
from tests.infusions.consenting import PDF, agreed, wording
from tests.infusions.visiting import CHECKED, Day, open_day  # noqa: F401
from tests.web.browsing import Watched, grave, watched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    """The browser asks the real clock; the story begins an hour ago."""
    return timezone.now() - timedelta(minutes=55)


@pytest.fixture
def words(day: Day) -> ConsentWording:
    return wording(day.clinic, day.clock, text="I agree to sit still.\nFor an hour.")


@pytest.fixture
def visit(day: Day) -> Visit:
    """Checked in, nothing charted yet."""
    return day.opened()


@pytest.fixture
def seen_by(browser: Browser, live_server) -> Iterator[Callable[..., Watched]]:
    """`seen_by(nurse)`: a page of that person's, signed in."""
    opened = []

    def look(person: User, *, theme: str = "light", width: int = 1180, bypass_csp: bool = False) -> Watched:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(
            viewport={"width": width, "height": 820},
            color_scheme=theme,
            base_url=live_server.url,
            bypass_csp=bypass_csp,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        opened.append(context)
        return watched(context.new_page())

    yield look
    for context in opened:
        context.close()


def point(page: Page, name: str) -> str:
    return page.locator(f'#visit-strip [data-point="{name}"]').get_attribute("data-found") or ""


def test_a_paper_goes_in_and_comes_out_as_a_file(seen_by, day: Day, words, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(PDF)
    held = seen_by(day.nurse)
    page = held.page
    page.goto(f"/patients/{visit.patient_id}/treatment-consents/")
    page.locator("summary", has_text="Having an infusion, edition 1").click()
    expect(page.get_by_text("I agree to sit still.")).to_be_visible()
    page.get_by_label("What was agreed to").select_option(label="Having an infusion, edition 1")
    page.get_by_label("Given on").fill(day.clinic.today(timezone.now()).isoformat())
    page.get_by_label("Taken by").select_option(label="Mara Santos")
    page.get_by_label("The signed paper, scanned").set_input_files(tmp_path / "scan.pdf")
    page.get_by_role("button", name="Record the consent").click()
    expect(page.get_by_text("Consent recorded")).to_be_visible()
    expect(page.get_by_label("Given on")).to_have_value("")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Paper").click()
    assert Path(saved.value.path()).read_bytes() == PDF
    assert saved.value.suggested_filename == f"consent-{TreatmentConsent.objects.get().given_on}.pdf"
    assert held.violations() == []
    assert held.complaints == []


def test_the_strip_follows_what_is_charted_and_folds_with_the_start(seen_by, day: Day, words, visit: Visit) -> None:
    allergies.confirm_none(patient_id=visit.patient_id, by=day.nurse, now=day.now())
    held = seen_by(day.nurse)
    page = held.page
    page.goto(f"/visits/{visit.pk}/")
    assert point(page, "pain") == "missing"
    page.locator('#visit-strip [data-point="pain"] a').click()
    check = page.locator("#drawer form")
    check.locator("[name=pain]").fill("7")
    check.locator("[name=mood]").fill("calm")
    for name in ("identity_name_checked", "identity_birth_date_checked", "allergies_reviewed"):
        check.locator(f"label.pick-choice:has([name={name}][value=yes])").click()
    check.get_by_role("button", name="Save the check").click()
    expect(page.locator('#visit-strip [data-point="pain"]')).to_have_attribute("data-found", "recorded")
    assert [point(page, name) for name in ("identity", "mood", "allergies", "weight")] == ["recorded"] * 3 + ["missing"]

    page.get_by_role("link", name="Start the infusion").click()
    start = page.locator("#drawer form")
    expect(start.get_by_text("No consent in date")).to_be_visible()
    start.get_by_role("button", name="Start the infusion").click()
    expect(page.locator("#drawer [data-error-summary]")).to_be_focused()
    start.get_by_label("Why it starts without a consent in date").fill("Signed before my eyes.")
    start.get_by_role("button", name="Start the infusion").click()
    expect(page.locator("#visit-strip details")).to_be_visible()
    expect(page.locator("#visit-sheet")).to_contain_text("Signed before my eyes.")
    page.locator("#visit-strip summary").click()
    expect(page.locator('#visit-strip [data-point="mood"]')).to_contain_text("calm")
    page.locator("#vitals-form [name=pain]").fill("6")
    page.get_by_role("button", name="Save vital signs").click()
    expect(page.locator("tr.row-vitals")).to_contain_text("6")
    expect(page.locator('#visit-strip [data-point="mood"]')).to_be_visible()
    assert held.violations() == []
    assert held.complaints == [
        "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
    ]


def test_a_second_tablet_sees_the_strip_move(seen_by, day: Day, visit: Visit) -> None:
    page = seen_by(day.prescriber).page
    page.goto(f"/visits/{visit.pk}/")
    day.chart(visit, PreVisitCheck, mood="calm", now=timezone.now())
    page.locator("#visit-sheet").evaluate(
        "sheet => htmx.ajax('GET', sheet.getAttribute('hx-get'), {target: sheet, swap: 'outerHTML'})"
    )
    expect(page.locator('#visit-strip [data-point="mood"]')).to_have_attribute("data-found", "recorded")


@pytest.mark.parametrize("width", [1180, 820, 375])
def test_nothing_scrolls_sideways_and_places_to_press_are_large(seen_by, day: Day, words, visit: Visit, width) -> None:
    agreed(visit.patient, words, day.nurse, day.clock, document=PDF, given_by="Ida Quill, who is her mother")
    held = seen_by(day.nurse, width=width)
    for address in (f"/visits/{visit.pk}/", f"/patients/{visit.patient_id}/treatment-consents/"):
        held.page.goto(address)
        assert not held.scrolls_sideways(), address
    held.page.goto(f"/visits/{visit.pk}/")
    heights = held.page.eval_on_selector_all(
        "#visit-strip a", "links => links.map((link) => link.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 51.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "place", ["consents", "ending", "wordings", "visit", "running", "start", "allergies", "beside"]
)
def test_no_grave_barriers(seen_by, day: Day, words, visit: Visit, vera, theme: str, place: str) -> None:
    given = agreed(visit.patient, words, day.nurse, day.clock, document=PDF)
    old = wording(day.clinic, day.clock, kind="Photographs", edition="May")
    wording(day.clinic, day.clock, kind="Photographs", edition="June")
    agreed(visit.patient, old, day.nurse, day.clock, expires_on=day.clinic.today(day.clock))
    allergies.confirm_none(patient_id=visit.patient_id, by=day.nurse, now=day.now())
    allergies.review(patient_id=visit.patient_id, by=day.nurse, now=day.now())
    wording(day.clinic, day.clock, kind="Sedation")
    if place == "running":
        day.chart(visit, PreVisitCheck, **CHECKED)
        day.step(visit, "start", without_consent_reason="Signed before my eyes.")
    address = {
        "consents": f"/patients/{visit.patient_id}/treatment-consents/",
        "ending": f"/treatment-consents/{given.pk}/end/",
        "wordings": "/consent-wordings/",
        "visit": f"/visits/{visit.pk}/",
        "running": f"/visits/{visit.pk}/",
        "start": f"/visits/{visit.pk}/chart/administrations/?kind=start",
        "allergies": f"/patients/{visit.patient_id}/allergies/",
        "beside": f"/appointments/{visit.appointment_id}/beside/",
    }[place]
    page = seen_by(vera if place == "wordings" else day.nurse, theme=theme, bypass_csp=True).page
    page.goto(address)
    assert grave(page) == []
