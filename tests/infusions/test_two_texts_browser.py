"""One author, two pages: of two saves neither is overwritten by itself, in a real browser."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.staff.models import User
from infusions import records
from infusions.models import Order, Visit, VisitNote
from tests.infusions.chairside import (
    READY,
    an_hour_ago,  # noqa: F401
    running,  # noqa: F401
    taken,  # noqa: F401
)
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
# Longer than the pause after which a form saves itself.
QUIET = 2500


@pytest.fixture
def editor(tablet: Callable, visit: Visit) -> Page:
    page = tablet().new_page()
    return editing(page, visit)


def editing(page: Page, visit: Visit) -> Page:
    page.goto(f"/visits/{visit.pk}/note/")
    page.wait_for_selector(READY, state="attached")
    return page


def saved_elsewhere(visit: Visit, by: User, text: str) -> None:
    written = VisitNote.objects.filter(visit=visit).first()
    version = written.version if written is not None else None
    records.write_note(visit_id=visit.pk, by=by, now=timezone.now(), version=version, text=text)


def text_of(visit: Visit) -> str | None:
    return VisitNote.objects.get(visit=visit).text


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk.draft:'))")
    return found


def test_two_texts_wait_for_a_press(editor: Page, visit: Visit, day: Day) -> None:
    saved_elsewhere(visit, day.nurse, "Slept.")
    editor.get_by_label("Note", exact=True).fill("Woke.")
    editor.get_by_role("button", name="Save", exact=True).tap()
    expect(editor.get_by_text("Saved elsewhere in the meantime", exact=True)).to_be_visible()
    editor.wait_for_timeout(QUIET)
    assert text_of(visit) == "Slept."
    editor.get_by_label("Note", exact=True).fill("Slept, woke.")
    expect(editor.locator("[data-autosave-line]")).to_contain_text("Kept on this device, not sent", timeout=8000)
    assert text_of(visit) == "Slept."
    editor.get_by_role("button", name="Save", exact=True).tap()
    editor.wait_for_url(f"**/visits/{visit.pk}/")
    assert text_of(visit) == "Slept, woke."


def test_text_that_was_kept_does_not_pass_over_a_later_save(editor: Page, visit: Visit, day: Day) -> None:
    saved_elsewhere(visit, day.nurse, "Slept.")
    editing(editor, visit)
    editor.context.set_offline(True)
    editor.get_by_label("Note", exact=True).fill("Woke.")
    expect(editor.locator("[data-autosave-line]")).to_contain_text("Kept on this device", timeout=8000)
    saved_elsewhere(visit, day.nurse, "Slept well.")
    editor.context.set_offline(False)
    editing(editor, visit)
    expect(editor.get_by_label("Note", exact=True)).to_have_value("Woke.")
    expect(editor.locator("[data-autosave-line]")).to_have_text(
        "Saved elsewhere in the meantime. Save, and both texts are shown.", timeout=8000
    )
    assert text_of(visit) == "Slept well."
    editor.get_by_role("button", name="Save", exact=True).tap()
    expect(editor.locator(".note-words")).to_contain_text("Slept well.")
    expect(editor.get_by_label("Note", exact=True)).to_have_value("Woke.")


def test_what_was_saved_by_a_press_is_not_brought_back(editor: Page, visit: Visit, day: Day) -> None:
    editor.get_by_label("Note", exact=True).fill("Slept.")
    editor.get_by_role("button", name="Save", exact=True).tap()
    editor.wait_for_url(f"**/visits/{visit.pk}/")
    before = VisitNote.objects.get(visit=visit).version
    editing(editor, visit)
    editor.wait_for_timeout(QUIET)
    assert (kept(editor), VisitNote.objects.get(visit=visit).version) == ([], before)


def test_an_order_form_that_is_opened_saves_nothing(tablet: Callable, visit: Visit, day: Day) -> None:
    page = tablet(day.prescriber).new_page()
    address = f"/patients/{visit.patient_id}/orders/new/"
    page.goto(address)
    page.wait_for_selector(READY, state="attached")
    page.get_by_label("Drug", exact=True).fill("Examplamine")
    page.get_by_role("button", name="Review").tap()
    page.wait_for_url("**/review/")
    draft = Order.objects.get(signed_at=None)
    assert kept(page) == []
    page.goto(address)
    page.wait_for_selector(READY, state="attached")
    page.wait_for_timeout(QUIET)
    again = Order.objects.get(signed_at=None)
    assert (again.pk, again.version) == (draft.pk, draft.version)


def test_two_saves_of_an_order_wait_for_a_press(tablet: Callable, visit: Visit, day: Day) -> None:
    device = tablet(day.prescriber)
    address = f"/patients/{visit.patient_id}/orders/new/"
    first, second = device.new_page(), device.new_page()
    for page in (first, second):
        page.goto(address)
        page.wait_for_selector(READY, state="attached")
    second.get_by_label("Drug", exact=True).fill("Otheramine")
    second.get_by_role("button", name="Save draft").tap()
    expect(second.get_by_text("Draft saved")).to_be_visible()
    first.get_by_label("Drug", exact=True).fill("Examplamine")
    first.get_by_role("button", name="Save draft").tap()
    expect(first.get_by_text("You saved this draft from another page")).to_be_visible()
    first.wait_for_timeout(QUIET)
    assert Order.objects.get(signed_at=None).agent == "Otheramine"
    first.get_by_role("button", name="Save draft").tap()
    expect(first.get_by_text("Draft saved")).to_be_visible()
    assert Order.objects.get(signed_at=None).agent == "Examplamine"
