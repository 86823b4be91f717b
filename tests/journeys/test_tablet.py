"""A nurse charts a whole visit on a tablet in at most sixty taps, the network gone for three sets in the middle."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from infusions.models import Administration, AdverseEvent, Visit, VisitNote, VitalsSet
from scheduling.models import Appointment
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.infusions.chairside import (
    BLANKS,
    expect_waiting,
    taken,  # noqa: F401
)
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import watched

pytestmark = pytest.mark.django_db(transaction=True)
MOST_TAPS = 60
READINGS = ("systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "pain")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@dataclass
class Finger:
    """The nurse's. Each touch of the page counts, a choice from a list as two; what is typed on the keypad, and its own
    key from one number to the next, is typing.
    """

    page: Page
    taps: int = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.tap()

    def choose(self, what: Locator, value: str) -> None:
        self.taps += 2
        what.select_option(value)

    def type_in(self, what: Locator, *texts: str) -> None:
        """One touch of the first box, then text after text."""
        self.tap(what)
        for place, text in enumerate(texts):
            if place:
                self.page.keyboard.press("Enter")
            self.page.keyboard.type(text)


@dataclass
class Clock:
    """The wall of the clinic: the server's time and the tablet's, moved on together."""

    wall: Any
    page: Page

    def minutes(self, number: int) -> None:
        self.wall.shift(timedelta(minutes=number))
        self.page.clock.fast_forward(number * 60_000)


def press(finger: Finger, name: str) -> None:
    finger.tap(finger.page.locator("main").get_by_role("button", name=name, exact=True))


def save(finger: Finger) -> None:
    finger.tap(finger.page.locator("#drawer button[type=submit]"))
    expect(finger.page.locator("#drawer")).to_be_hidden()


def vitals(finger: Finger, *readings: str) -> None:
    """One tap, the values, one tap."""
    page = finger.page
    before = finger.taps
    finger.type_in(page.locator("#vitals-form [name=systolic]"), *readings)
    typed = [page.locator(f"#vitals-form [name={name}]").input_value() for name in READINGS]
    assert typed[: len(readings)] == list(readings)
    press(finger, "Save vital signs")
    page.wait_for_selector("#vitals-form:not([inert])")
    assert finger.taps - before == 2


def check_before(finger: Finger) -> None:
    drawer = finger.page.locator("#drawer")
    finger.tap(finger.page.locator("#act-check"))
    for name in ("identity_name_checked", "identity_birth_date_checked"):
        finger.tap(drawer.locator(f"label:has([name={name}][value=yes])"))
    finger.type_in(drawer.locator("[name=pain]"), "7", "since last night", "", "Sam Quill", "0123", "brother")
    save(finger)


def with_rate(finger: Finger, opener: str, rate: str) -> None:
    finger.tap(finger.page.locator(opener))
    finger.type_in(finger.page.locator("#drawer [name=rate]"), rate, "spoons an hour")
    save(finger)


def adverse_event(finger: Finger) -> None:
    drawer = finger.page.locator("#drawer")
    finger.tap(finger.page.locator("#act-event"))
    finger.choose(drawer.locator("[name=event_type]"), "nausea-or-vomiting")
    finger.type_in(drawer.locator("[name=outcome]"), "Passed after a minute.")
    save(finger)


def discharge(finger: Finger) -> None:
    page = finger.page
    finger.tap(page.get_by_role("link", name="Discharge", exact=True))
    page.wait_for_url("**/chart/discharge/")
    for box in page.locator("main .pick-choice:first-child").all():
        finger.tap(box)
    press(finger, "Discharge")
    page.wait_for_url("**/visits/*/")


def write_and_sign(finger: Finger) -> None:
    page = finger.page
    finger.tap(page.get_by_role("link", name="Note", exact=True))
    finger.type_in(page.locator("main [name=text]"), "Slept, woke, went home.")
    press(finger, "Review")
    finger.type_in(page.locator("main [name=password]"), PASSWORD)
    press(finger, "Sign the record")
    expect(page.locator("main")).to_contain_text("Signed note")


def charted(finger: Finger, held: BrowserContext, clock: Clock) -> None:
    """Forty minutes of infusion, a set every five; the network is gone for those of minute 15, 20 and 25."""
    page = finger.page
    vitals(finger, "134", "84", "82", "98", "14", "7")
    with_rate(finger, "#act-start", "2")
    for minute in range(5, 45, 5):
        clock.minutes(5)
        if minute == 15:
            held.set_offline(True)
        vitals(finger, str(134 - minute // 5), str(84 - minute // 5), "76", "97", "13", "5")
        if minute == 20:
            with_rate(finger, "#act-rate", "3")
            press(finger, "Pause")
            clock.minutes(1)
            press(finger, "Resume")
        if minute == 25:
            expect_waiting(page, 6)
            held.set_offline(False)
            expect_waiting(page, 0)
        if minute == 35:
            adverse_event(finger)
    finger.tap(page.locator("#act-end"))
    save(finger)


def test_forty_minutes_in_sixty_taps_with_the_network_gone_for_three_sets(tablet, day: Day) -> None:
    order = day.order(day.patient(), rate="2", rate_unit="spoons an hour", vitals_during_minutes=5)
    appointment = day.arrived(day.booked(order))
    held = tablet(viewport={"width": 820, "height": 1180})
    with time_machine.travel(timezone.now() + timedelta(minutes=3)) as wall:
        found = watched(held.new_page())
        page, finger = found.page, Finger(found.page)
        page.clock.install(time=timezone.now())
        page.goto(f"/appointments/{appointment.pk}/")
        press(finger, "Open visit")
        page.wait_for_selector("#vitals-form")
        page.clock.fast_forward(1000)
        page.wait_for_selector(BLANKS, state="attached")
        check_before(finger)
        charted(finger, held, Clock(wall, page))
        Clock(wall, page).minutes(10)
        vitals(finger, "128", "80", "72", "98", "14", "3")
        discharge(finger)
        write_and_sign(finger)
    assert finger.taps <= MOST_TAPS, finger.taps
    assert_told_right(Visit.objects.get())
    assert found.violations() == []


def assert_told_right(visit: Visit) -> None:
    sets = list(VitalsSet.objects.order_by("observed_at"))
    assert [one.systolic for one in sets] == [134, 133, 132, 131, 130, 129, 128, 127, 126, 128]
    during = sets[1:9]
    gaps = [(later.observed_at - before.observed_at).total_seconds() / 60 for before, later in pairwise(during)]
    assert all(4.9 < gap < 6.9 for gap in gaps), gaps
    steps = Administration.objects.order_by("observed_at").values_list("kind", "rate")
    assert list(steps) == [
        ("start", "2"),
        ("rate-change", "3"),
        ("pause", None),
        ("resume", None),
        ("end", None),
    ]
    assert AdverseEvent.objects.filter(outcome="Passed after a minute.").count() == 1
    assert VisitNote.objects.get(visit=visit).is_signed
    assert Appointment.objects.get().status == Status.COMPLETED
