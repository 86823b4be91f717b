"""Two tablets and a desk at one visit: rows merge, a stale save shows both texts, nothing that was typed is lost."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from infusions.models import Visit, VisitNote, VitalsSet
from scheduling.models import Appointment
from scheduling.states import Status
from tests.infusions.chairside import (
    READY,
    an_hour_ago,  # noqa: F401
    expect_waiting,
    save_set,
    shown,
    taken,  # noqa: F401
)
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit(day: Day) -> Visit:
    """Opened, nothing given yet."""
    return day.opened(day.booked(day.order(day.patient(), rate="2", rate_unit="spoons an hour")))


def correct_pain(page: Page, row: VitalsSet, pain: str, reason: str) -> None:
    page.locator(f"#correct-{row.pk}").tap()
    page.locator("#drawer [name=pain]").fill(pain)
    page.locator("#drawer [name=correction_reason]").fill(reason)


def save(page: Page) -> None:
    page.locator("#drawer button[type=submit]").first.tap()


def test_rows_of_two_tablets_merge_while_one_of_them_is_offline(tablet, visit: Visit, day: Day) -> None:
    hers, his = tablet(day.prescriber), tablet()
    at_the_chair, at_the_door = shown(his, visit).page, shown(hers, visit).page
    his.set_offline(True)
    save_set(at_the_chair, systolic="121")
    expect_waiting(at_the_chair, 1)
    save_set(at_the_door, systolic="122")
    save_set(at_the_chair, systolic="123")
    expect_waiting(at_the_chair, 2)
    his.set_offline(False)
    for page in (at_the_chair, at_the_door):
        expect(page.locator("tr.row-vitals")).to_have_count(3, timeout=20_000)
        said = page.locator("tr.row-vitals td:first-of-type").all_inner_texts()
        assert [text.split("/")[0] for text in said] == ["123", "122", "121"]
    assert sorted(VitalsSet.objects.values_list("author__username", flat=True)) == ["mara", "nils", "nils"]


def test_two_corrections_of_one_row_end_with_both_on_record(tablet, visit: Visit, day: Day) -> None:
    row = day.vitals(visit, pain=6)
    hers, his = shown(tablet(day.prescriber), visit).page, shown(tablet(), visit).page
    correct_pain(hers, row, "5", "Said five")
    correct_pain(his, row, "4", "Said four")
    save(hers)
    expect(hers.locator("#drawer")).to_be_hidden()
    save(his)
    drawer = his.locator("#drawer")
    expect(drawer).to_contain_text("Somebody corrected this row already")
    expect(drawer.locator(".was-newer")).to_contain_text("Mara Santos")
    expect(drawer.locator(".was-newer")).to_contain_text("Said five")
    expect(drawer.locator("[name=pain]")).to_have_value("4")
    save(his)
    expect(drawer).to_be_hidden()
    assert sorted(VitalsSet.objects.values_list("pain", flat=True)) == [4, 5, 6]
    assert VitalsSet.objects.standing().get().pain == 4


def test_a_note_that_was_written_on_two_tablets_shows_both_texts(tablet, visit: Visit) -> None:
    first, second = tablet().new_page(), tablet().new_page()
    for page in (first, second):
        page.goto(f"/visits/{visit.pk}/note/")
        page.wait_for_selector(READY, state="attached")
    first.locator("main [name=text]").fill("Felt light.")
    first.get_by_role("button", name="Save", exact=True).tap()
    first.wait_for_url(f"**/visits/{visit.pk}/")
    second.locator("main [name=text]").fill("Slept.")
    second.get_by_role("button", name="Save", exact=True).tap()
    expect(second.locator("main .alert-warning")).to_contain_text("Felt light.")
    expect(second.locator("main [name=text]")).to_have_value("Slept.")
    second.locator("main [name=text]").fill("Felt light. Slept.")
    second.get_by_role("button", name="Save", exact=True).tap()
    second.wait_for_url(f"**/visits/{visit.pk}/")
    assert VisitNote.objects.get().text == "Felt light. Slept."


def test_the_desk_takes_nothing_back_that_went_on_at_the_chair(tablet, visit: Visit, day: Day) -> None:
    desk = tablet(day.desk).new_page()
    desk.goto(f"/appointments/{visit.appointment_id}/")
    desk.wait_for_selector(READY, state="attached")
    back = desk.get_by_role("button", name="Back to arrived")
    expect(back).to_be_visible()
    day.vitals(visit, systolic=128, diastolic=80)
    day.started(visit)
    back.tap()
    expect(desk.locator("body")).to_contain_text("changed")
    assert Appointment.objects.get(pk=visit.appointment_id).status == Status.IN_PROGRESS
    desk.goto(f"/appointments/{visit.appointment_id}/")
    assert "128/80" not in desk.content()
    assert desk.goto(f"/visits/{visit.pk}/").status == 403  # type: ignore[union-attr]
    nurse = shown(tablet(), visit).page
    expect(nurse.locator("tr.row-vitals")).to_contain_text("128/80")
    assert VitalsSet.objects.get().observed_at < timezone.now()
