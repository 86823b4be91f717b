"""A series in real browsers: planned with conflicts, raced for, moved, cancelled, repaired, and excepted from."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from config.staff.models import Clinic, User
from infusions import fulfilment
from infusions.models import Order
from scheduling import booking
from scheduling.models import Appointment, Chair, Series
from scheduling.series import PlannedVisit
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.infusions.ordering import bookable, known_patient, opened
from tests.web.browsing import Watched, watched

pytestmark = pytest.mark.django_db(transaction=True)
READY = "html[data-desk-ready]"
# One is told that it booked, the other that nothing was.
ANSWERED = re.compile("6 visits booked|Nothing was booked")
# What a clash is answered with is an error in the browser's own eyes.
EXPECTED = ("409", "422")


@pytest.fixture
def order(clinic: Clinic, nils: User, vera: User, mara: User) -> Order:
    """Six visits, two to seven days apart."""
    now = timezone.now()
    opened(clinic, nurse=nils, by=vera)
    return bookable(known_patient(clinic, now), mara, now, visits=6)


@pytest.fixture
def desk_of(browser: Browser, live_server) -> Iterator[Callable[[User], Watched]]:
    """`desk_of(ana)`: her browser, signed in; whatever its console or the policy complains about fails the test."""
    seats: list[Watched] = []

    def sit_down(person: User) -> Watched:
        client = Client()
        client.force_login(person)
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1180, "height": 900})
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        seats.append(watched(context.new_page()))
        return seats[-1]

    yield sit_down
    complaints = [
        [line for line in found.complaints if not any(code in line for code in EXPECTED)] + found.violations()
        for found in seats
    ]
    for found in seats:
        found.page.context.close()
    assert complaints == [[]] * len(seats)


class Presses:
    """A page whose presses are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, role: str, name: str, nth: int = 0) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name).nth(nth).click()  # type: ignore[arg-type]


def open_page(page: Page, name: str, *args: object) -> None:
    page.goto(reverse(name, args=args))
    page.wait_for_selector(READY, state="attached")


def weekday(ahead: int) -> date:
    """A Monday some weeks ahead, and days after it."""
    today = timezone.now().date()
    monday = today + timedelta(days=7 - today.weekday())
    return monday + timedelta(days=ahead)


def booked(order: Order, by: User, days: tuple[int, ...]) -> list[Appointment]:
    zone = order.clinic.tz
    visits = [PlannedVisit(datetime.combine(weekday(day), time(9), tzinfo=zone)) for day in days]
    fulfilment.book(order_id=order.pk, visits=visits, by=by, now=timezone.now())
    return fulfilment.visits_of(order)


def test_six_visits_with_two_conflicts_in_six_presses(desk_of: Callable, order: Order, ana: User, vera: User) -> None:
    page = desk_of(ana).page
    open_page(page, "patient", order.patient_id)
    hand = Presses(page)
    hand.press("link", "Plan visits")
    page.wait_for_selector(READY, state="attached")
    starts = [
        datetime.fromisoformat((page.locator("input[name=visit]").nth(nth).get_attribute("value") or "").split("|")[0])
        for nth in (2, 4)
    ]
    for chair in Chair.objects.all():
        for start in starts:
            other = known_patient(order.clinic, timezone.now(), f"Reed{chair.name}{start:%d}")
            booking.book(
                patient=other, clinic=order.clinic, start=start, minutes=90, by=vera, now=timezone.now(), chair=chair
            )
    hand.press("button", "Book 6 visits")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was booked")
    assert not Appointment.objects.filter(patient=order.patient).exists()
    hand.press("button", "Visit 3 on")
    expect(page.locator("#plan-3")).to_contain_text("changed")
    if page.locator("#plan-5").get_by_text("Free").count() == 0:
        hand.press("button", "Visit 5 on")
    expect(page.get_by_role("button", name="Book 6 visits")).to_be_enabled()
    hand.press("button", "Book 6 visits")
    expect(page.get_by_role("main")).to_contain_text("6 visits booked.")
    assert hand.count <= 6
    assert [visit.status for visit in fulfilment.visits_of(order)] == [Status.BOOKED] * 6


def test_of_two_browsers_one_books(desk_of: Callable, order: Order, ana: User, vera: User) -> None:
    pages = [desk_of(ana).page, desk_of(vera).page]
    for page in pages:
        open_page(page, "series-plan", order.pk)
    for page in pages:
        page.evaluate("document.querySelector('[name=book]').click()")
    for page in pages:
        expect(page.get_by_role("main")).to_contain_text(ANSWERED, timeout=20_000)
    won = [page for page in pages if "6 visits booked." in page.get_by_role("main").inner_text()]
    assert len(won) == 1
    assert Series.objects.count() == 1
    assert Appointment.objects.count() == 6


def test_wishes_and_a_pin(desk_of: Callable, order: Order, ana: User) -> None:
    page = desk_of(ana).page
    open_page(page, "series-plan", order.pk)
    kept = page.locator("#plan-1 th").inner_text()
    page.get_by_role("button", name="Keep visit 1 where it is").click()
    expect(page.get_by_role("button", name="Keep visit 1 where it is")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Best time").fill("13:30")
    page.get_by_label("Best time").blur()
    expect(page.locator("#plan-2 th")).to_contain_text("13:30")
    expect(page.locator("#plan-1 th")).to_have_text(kept)
    expect(page.locator("#plan-2")).to_contain_text("changed")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_role("main")).to_contain_text("held until")
    page.get_by_role("button", name="Keep 6 visits").click()
    expect(page.get_by_role("main")).to_contain_text("6 visits booked.")


def test_this_and_the_later_ones_are_moved_then_the_rest_is_cancelled(
    desk_of: Callable, order: Order, ana: User
) -> None:
    visits = booked(order, ana, (0, 3, 7))
    page = desk_of(ana).page
    open_page(page, "appointment-move", visits[1].pk)
    day = weekday(4)
    page.get_by_label("Day", exact=True).fill(day.isoformat())
    page.get_by_label("Time", exact=True).fill("11:00")
    page.get_by_label("This and the 1 later one").check()
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("button", name="Move 2 visits").click()
    expect(page.locator("#undo")).to_contain_text("2 visits moved")
    moved = fulfilment.visits_of(order)
    assert moved[0].start == visits[0].start
    assert moved[1].start == datetime.combine(day, time(11), tzinfo=order.clinic.tz)
    open_page(page, "appointment", visits[1].pk)
    page.get_by_role("link", name="Cancel visit").click()
    page.get_by_label("The patient cancels", exact=True).check()
    page.get_by_label("All 3 that are still to come").check()
    page.get_by_label("Why").fill("Moved away.")
    page.get_by_role("button", name="Cancel visit").click()
    expect(page.get_by_role("main")).to_contain_text("3 visits cancelled")
    assert set(Appointment.objects.values_list("status", flat=True)) == {"cancelled-by-patient"}


def test_a_prescriber_allows_one_visit_outside_the_gaps(desk_of: Callable, order: Order, ana: User, mara: User) -> None:
    visits = booked(order, ana, (0, 3, 7))
    theirs = desk_of(mara).page
    open_page(theirs, "order", order.pk)
    theirs.get_by_role("link", name="Allow one").click()
    theirs.get_by_label("One visit outside the gaps").check()
    theirs.get_by_label("On the day").fill(weekday(1).isoformat())
    theirs.get_by_label("Reason").fill("Seen well.")
    theirs.get_by_label("Your password").fill(PASSWORD)
    theirs.get_by_role("button", name="Sign the exception").click()
    expect(theirs.get_by_role("main")).to_contain_text("No visit uses it yet.")
    page = desk_of(ana).page
    open_page(page, "appointment-move", visits[1].pk)
    page.get_by_label("Day", exact=True).fill(weekday(1).isoformat())
    page.get_by_label("Time", exact=True).fill("09:00")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#undo")).to_contain_text("Moved to")
    open_page(page, "order", order.pk)
    expect(page.get_by_role("main")).to_contain_text("Used by")
    expect(page.get_by_role("main")).not_to_contain_text("Seen well.")


def test_a_hole_in_the_series_is_repaired_by_one_press(desk_of: Callable, order: Order, ana: User) -> None:
    visits = booked(order, ana, (0, 3, 9))
    booking.cancel(
        appointment_id=visits[1].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=timezone.now()
    )
    page = desk_of(ana).page
    open_page(page, "order", order.pk)
    expect(page.get_by_role("main")).to_contain_text("1 visit needs repair")
    page.get_by_role("link", name="See new dates").click()
    page.get_by_role("button", name="Repair 1 visit").click()
    expect(page.locator("#undo")).to_contain_text("1 visit repaired")
    expect(page.get_by_role("main")).not_to_contain_text("needs repair")
    gap = fulfilment.visits_of(order)[1].start - visits[0].start
    assert gap <= timedelta(days=8)
