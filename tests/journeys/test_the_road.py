"""The main job in a real browser, as the people who do it: a call comes in, and a signed note ends it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from config.audit.acting import SystemJob
from config.demo.seed.place import mid_morning_zone
from config.staff.accounts import open_clinic
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions.models import Order, VisitNote
from notifications import outbox, planner
from notifications.models import Message
from patients.models import IntakeRequest, Patient
from scheduling.models import Allocation, Appointment
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_nurse
from scheduling.states import Status
from tests.conftest import PASSWORD, hired
from tests.web.browsing import Watched, watched

pytestmark = pytest.mark.django_db(transaction=True)
SET_UP = SystemJob.SET_UP


@pytest.fixture
def morning(db: None) -> Clinic:
    """A clinic where it is mid-morning now, with a chair or two and a nurse."""
    clinic = open_clinic(name="Road Clinic", zone=mid_morning_zone(timezone.now()), phone="+12135550100", by=SET_UP)
    for number in (1, 2):
        add_chair(clinic=clinic, name=f"Chair {number}", position=number, by=SET_UP)
    for weekday in range(7):
        set_hours(clinic=clinic, weekday=weekday, spans=[(time(6), time(22))], by=SET_UP)
    return clinic


@pytest.fixture
def staff(morning: Clinic) -> dict[str, User]:
    found = {
        "ana": hired(morning, "ana", "Ana Ortiz", Role.FRONT_DESK),
        "mara": hired(morning, "mara", "Mara Santos", Role.PRESCRIBER, "MD"),
        "nils": hired(morning, "nils", "Nils Berg", Role.NURSE, "RN"),
    }
    add_nurse(user=found["nils"], watch_lanes=2, by=SET_UP)
    return found


@pytest.fixture
def desk_of(browser: Browser, live_server, staff: dict[str, User]) -> Iterator[Callable[[str], Watched]]:
    """`desk_of("ana")`: her browser, signed in; whatever its console or the policy complains about fails the test."""
    opened: list[Watched] = []

    def sit_down(name: str) -> Watched:
        client = Client()
        client.force_login(staff[name])
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1180, "height": 900})
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        opened.append(watched(context.new_page()))
        return opened[-1]

    yield sit_down
    used = [found for found in opened if found.page.url != "about:blank"]
    complaints = [found.complaints + found.violations() for found in used]
    for found in opened:
        found.page.context.close()
    assert complaints == [[]] * len(used)


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}], #drawer [name={name}]").first.fill(value)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()
    page.wait_for_load_state("networkidle")


def follow(page: Page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).first.click()
    page.wait_for_load_state("networkidle")


def take_the_call(page: Page) -> Patient:
    """Front desk: the request, who it is, how they may be reached, and over to the prescriber."""
    page.goto("/intake/new/")
    page.locator("[name=source][value=phone]").check()
    fill(page, family_name="Zeller", given_name="Ida", mobile="+12135550177", email="ida@example.com")
    fill(page, birth_date="3 May 1980")
    press(page, "Save request")
    follow(page, "Register")
    press(page, "Register")
    patient = Patient.objects.get(family_name="Zeller")
    page.goto(f"/patients/{patient.pk}/consents/")
    for channel in ("sms", "email"):
        consent(page, channel)
    page.goto(f"/intake/{IntakeRequest.objects.get().pk}/")
    press(page, "Hand to a prescriber")
    return patient


def consent(page: Page, channel: str) -> None:
    for name, value in (("channel", channel), ("purpose", "visits"), ("granted", "yes"), ("how", "spoken")):
        page.locator(f"main [name={name}][value={value}]").check()
    page.locator("main form:has([name=granted]) button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def decide_and_order(page: Page, patient: Patient) -> Order:
    """Prescriber: a reason, an order on empty fields, read back in words, signed."""
    page.goto(f"/patients/{patient.pk}/candidacy/")
    page.get_by_label("Candidate", exact=True).check()
    fill(page, reason="Asked, examined, discussed.", password=PASSWORD)
    press(page, "Sign decision")
    page.goto(f"/patients/{patient.pk}/orders/new/")
    inputs = page.locator("main form input:not([type=hidden]), main form textarea")
    assert {inputs.nth(number).input_value() for number in range(inputs.count())} == {""}
    fill(page, indication="Told in the notes", agent="an agent", route="a route", dose="two", dose_unit="spoons")
    fill(page, visits="6", min_gap_days="3", max_gap_days="7", chair_minutes="60", vitals_during_minutes="15")
    press(page, "Review")
    expect(page.locator("main")).to_contain_text("six")
    fill(page, password=PASSWORD)
    press(page, "Sign order")
    return Order.objects.get(signed_at__isnull=False)


def book_the_series(page: Page, order: Order) -> list[Appointment]:
    """Front desk: what is ordered, as much as she may see of it; all six visits with one press."""
    page.goto(f"/orders/{order.pk}/")
    expect(page.locator("main")).not_to_contain_text("spoons")
    page.goto(f"/orders/{order.pk}/series/")
    press(page, "Book 6 visits")
    return list(Appointment.objects.order_by("start"))


def check_in(page: Page, visit: Appointment, day: str) -> None:
    """Front desk: one press in the list, taken back and pressed again."""
    page.goto(f"/board/{day}/?view=list")
    press(page, "Check in")
    assert Appointment.objects.get(pk=visit.pk).status == Status.ARRIVED
    page.locator("#undo").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Check in", exact=True)).to_be_visible()
    assert Appointment.objects.get(pk=visit.pk).status == Status.BOOKED
    press(page, "Check in")
    expect(page.get_by_role("button", name="Undo check-in")).to_be_visible()


def chart_the_visit(page: Page, visit: Appointment) -> None:
    """Nurse: open, vital signs, start, rate as read, end, discharge."""
    page.goto(f"/appointments/{visit.pk}/")
    press(page, "Open visit")
    page.wait_for_url(re.compile("/visits/"))
    address = page.url
    check_before(page)
    vitals(page, systolic="128", diastolic="80", heart_rate="72", spo2="97", pain="7")
    step(page, "#act-start", "Start the infusion")
    vitals(page, systolic="131", diastolic="82", spo2="96", rate_on_pump="as typed", rate_on_pump_unit="a unit")
    step(page, "#act-end", "End")
    follow(page, "Discharge")
    discharge(page)
    page.goto(address)


def vitals(page: Page, **values: str) -> None:
    rows = page.locator("#sheet tbody tr, .flowsheet tbody tr")
    before = rows.count()
    fill(page, **values)
    press(page, "Save vital signs")
    expect(rows).to_have_count(before + 1)
    assert page.locator("main [name=systolic]").first.input_value() == ""


def check_before(page: Page) -> None:
    """Two identifiers, pain as told, consent and allergies."""
    page.locator("#act-check").click()
    drawer = page.locator("#drawer")
    for name in ("identity_name_checked", "identity_birth_date_checked"):
        drawer.locator(f"[name={name}]").first.check()
    drawer.locator("[name=pain]").fill("7")
    drawer.locator("form button.btn-primary").click()
    expect(page.locator("#drawer form")).to_have_count(0)


def step(page: Page, opener: str, words: str) -> None:
    page.locator(opener).click()
    page.locator("#drawer form button.btn-primary").click()
    expect(page.locator(opener)).to_have_count(0)


def discharge(page: Page) -> None:
    for answer in ("Met", "Yes"):
        for box in page.get_by_label(answer, exact=True).all():
            box.check()
    fill(page, escort_name="Sam Quill", pain="4")
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state("networkidle")


def write_and_sign(page: Page) -> None:
    """Nurse: the note, read once more as it will stand, signed; then only an addendum."""
    follow(page, "Note")
    fill(page, text="Went as planned.")
    press(page, "Review")
    expect(page.locator("main")).to_contain_text("Went as planned.")
    fill(page, password=PASSWORD)
    press(page, "Sign the record")
    expect(page.locator("main")).to_contain_text("Nils Berg, RN")
    follow(page, "Add an addendum")
    fill(page, text="Called in the evening, all well.", reason="follow-up call", password=PASSWORD)
    press(page, "Sign the addendum")
    expect(page.locator("main")).to_contain_text("Called in the evening")


def test_from_the_call_to_the_signed_note(desk_of, morning, outbox_dir):
    ana, mara, nils = (desk_of(name).page for name in ("ana", "mara", "nils"))
    patient = take_the_call(ana)
    order = decide_and_order(mara, patient)
    visits = book_the_series(ana, order)
    assert [visit.status for visit in visits] == [Status.BOOKED] * 6
    assert Allocation.objects.filter(active=True).count() == 18

    planner.plan(now=timezone.now())
    assert {message.channel for message in Message.objects.all()} == {"sms", "email"}
    due = max(Message.objects.filter(state="planned").values_list("due_at", flat=True))
    assert outbox.send_batch(channel="email", now=due) >= 1

    first = visits[0]
    day = first.start.astimezone(morning.tz).date()
    if day != morning.today(timezone.now()):
        first = _today_instead(ana, first, morning)
    check_in(ana, first, morning.today(timezone.now()).isoformat())
    chart_the_visit(nils, first)
    write_and_sign(nils)
    note = VisitNote.objects.get()
    assert note.is_signed
    assert Appointment.objects.get(pk=first.pk).status == Status.COMPLETED

    ana.goto(f"/patients/{patient.pk}/")
    expect(ana.locator("main")).to_contain_text("1 of 6")
    nils.goto(f"/patients/{patient.pk}/")
    expect(nils.locator("svg.trend-svg")).to_be_visible()


def _today_instead(page: Page, visit: Appointment, clinic: Clinic) -> Appointment:
    raise AssertionError(f"the first proposal is on {visit.start:%d %b}, not today ({datetime.now(clinic.tz):%H:%M})")
