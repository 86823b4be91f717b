"""Asked twice, two records, a death: the pages in a real browser, in both themes and on three widths."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from infusions import fulfilment
from infusions.fulfilment import PlannedVisit
from patients import allergies, asked_twice, contact, intake
from patients.models import IntakeRequest, Task, TaskKind
from patients.register import merge, record_death, register
from scheduling import booking
from scheduling.models import Appointment
from tests.infusions.ordering import bookable, opened
from tests.web.browsing import grave, watched

THEMES = ["light", "dark"]
READY = "html[data-desk-ready]"
ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142", "email": "ada@example.com"}
OTTO = {"family_name": "Brandt", "given_name": "Otto", "mobile": "213 555 0151"}
# Where somebody wants to look at the pages with their own eyes: PICTURES=folder pytest ...
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def world(transactional_db, clinic, ana, nils, mara, vera):
    now = timezone.now()
    opened(clinic, nurse=nils, by=vera)
    ada, twin = (register(clinic=clinic, by=ana, now=now, **ADA) for _ in range(2))
    wednesday = (now.astimezone(clinic.tz) + timedelta(days=9 - now.astimezone(clinic.tz).weekday())).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    consult = booking.book(patient=twin, clinic=clinic, start=wednesday, minutes=60, by=ana, now=now)
    booking.cancel(appointment_id=consult.pk, how="cancelled-by-patient", reason="ill", by=ana, now=now)
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    allergies.add(patient_id=twin.pk, substance="Nuts", reaction="throat swells", by=nils, now=now)
    contact.record_consent(patient=twin, channel="sms", granted=False, how="on paper", by=vera, at=now)
    contact.record_consent(patient=ada, channel="sms", granted=True, how="spoken", by=ana, at=now)
    merge(patient_id=twin.pk, into_id=ada.pk, by=ana, reason="one person, year mistyped")
    otto = register(clinic=clinic, by=ana, now=now, **OTTO)
    order = bookable(otto, mara, now)
    fulfilment.book(
        order_id=order.pk, visits=[PlannedVisit(wednesday + timedelta(days=n), None) for n in (0, 2)], by=ana, now=now
    )
    record_death(patient_id=otto.pk, on=None, by=ana)
    first, third = (
        intake.receive(clinic=clinic, source=source, by=ana, now=now - timedelta(minutes=ago), **person)
        for source, ago, person in (
            ("phone", 300, ADA),
            ("email", 400, {"given_name": "A.", "family_name": "Okafor", "email": "ADA@example.com"}),
        )
    )
    intake.amend(request_id=third.pk, by=ana, now=now, message="Do you treat pain in the foot after an accident?")
    asked_twice.same_as(request_id=third.pk, other_id=first.pk, by=ana)
    second = intake.receive_form(
        clinic=clinic, submission=uuid4(), now=now, message="Nobody called me yet.", preferred_contact="phone", **ADA
    )
    return {
        "ada": ada,
        "twin": twin,
        "otto": otto,
        "first": first,
        "second": second,
        "third": third,
        "task": Task.objects.get(kind=TaskKind.DEATH),
    }


@pytest.fixture
def window(browser, live_server, world):
    """`window(user, theme, width)`: a browser page, signed in."""
    contexts = []

    def open_as(user, theme="light", width=1280, **options):
        context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        client = Client()
        client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        return watched(context.new_page())

    yield open_as
    for context in contexts:
        context.close()


def pages_of(world):
    ada, twin, otto = (f"/patients/{world[name].pk}/" for name in ("ada", "twin", "otto"))
    return {
        "asked-again": f"/intake/{world['second'].pk}/",
        "goes-on": f"/intake/{world['first'].pk}/?ended={world['third'].pk}&was=new",
        "the-same": f"/intake/{world['third'].pk}/",
        "stays": ada,
        "stays-allergies": f"{ada}allergies/",
        "stays-consents": f"{ada}consents/",
        "gone": twin,
        "gone-allergies": f"{twin}allergies/",
        "gone-consents": f"{twin}consents/",
        "died": otto,
        "died-task": f"/tasks/{world['task'].pk}/",
    }


def picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_blocked_and_nobody_is_locked_out(window, live_server, world, ana, nils, theme):
    strict, lenient = window(ana, theme), window(ana, theme, 820, bypass_csp=True)
    for name, address in pages_of(world).items():
        for seen in (strict, lenient):
            seen.page.goto(live_server.url + address)
            seen.page.wait_for_selector(READY, state="attached")
            assert not seen.scrolls_sideways(), name
        assert (strict.violations(), strict.complaints) == ([], []), name
        picture(strict.page, f"{name}-{theme}-1280")
        picture(lenient.page, f"{name}-{theme}-820")
        assert grave(lenient.page) == [], name
        lenient.page.set_viewport_size({"width": 375, "height": 800})
        assert not lenient.scrolls_sideways(), name
        picture(lenient.page, f"{name}-{theme}-375")
        lenient.page.set_viewport_size({"width": 820, "height": 900})
    nurse = window(nils, theme)
    nurse.page.goto(live_server.url + pages_of(world)["stays-allergies"])
    picture(nurse.page, f"stays-allergies-nurse-{theme}")


def test_who_asks_again_is_one_press_and_one_press_back(window, live_server, world, ana):
    seen = window(ana)
    page, second = seen.page, world["second"]
    page.goto(f"{live_server.url}/intake/{second.pk}/")
    page.wait_for_selector(READY, state="attached")
    page.get_by_role("button", name="Same as that request").click()
    page.wait_for_url(f"**/intake/{world['first'].pk}/?ended=*")
    expect(page.get_by_role("heading", name="They asked more than once")).to_be_visible()
    expect(page.get_by_text("Nobody called me yet.")).to_be_visible()
    page.locator("#undo .bar").get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**/intake/{second.pk}/")
    expect(page.get_by_role("heading", name="Has this person asked already?")).to_be_visible()
    assert IntakeRequest.objects.get(pk=second.pk).is_open
    assert (seen.violations(), seen.complaints) == ([], [])


@pytest.mark.parametrize("theme", THEMES)
def test_whoever_registers_is_shown_who_is_there_and_goes_on(window, live_server, world, ana, theme):
    seen = window(ana, theme, bypass_csp=True)
    page = seen.page
    page.goto(f"{live_server.url}/patients/new/?request={world['second'].pk}")
    page.get_by_label("Birth date").fill("14 Mar 1978")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", name="Is it one of these people?")).to_be_visible()
    assert grave(page) == []
    picture(page, f"registering-{theme}-1280")
    page.set_viewport_size({"width": 375, "height": 800})
    assert not seen.scrolls_sideways()
    picture(page, f"registering-{theme}-375")
    page.get_by_role("button", name="Somebody else, register").click()
    expect(page.get_by_text("Registered as R-")).to_be_visible()


def test_in_the_drawer_the_visits_go_with_one_press_and_the_task_wants_a_word(window, live_server, world, ana):
    seen = window(ana)
    page = seen.page
    page.goto(f"{live_server.url}/tasks/")
    page.wait_for_selector(READY, state="attached")
    page.get_by_role("link", name="This patient has died.").first.click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_text("Something still stands. End it first, or say why it stays.").first).to_be_visible()
    picture(page, "died-task-refused")
    page.get_by_role("button", name="Cancel the 2 visits to come").click()
    expect(page.get_by_text("2 visits cancelled.")).to_be_visible()
    picture(page, "died-task-released")
    assert not Appointment.objects.filter(patient=world["otto"], status="booked").exists()
    page.get_by_label("What came of it").fill("Dr Santos ends the order.")
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.locator("#undo .bar")).to_contain_text("Task done")
    assert (seen.violations(), [line for line in seen.complaints if "422" not in line]) == ([], [])
