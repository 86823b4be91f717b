"""The pages of patients and requests in a real browser: nothing blocked, nobody locked out, keys enough."""

import os
import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from config.audit.acting import SystemJob
from patients import allergies, contact, intake, tasks
from patients.models import IntakeRequest, TaskKind
from patients.register import record_death, register
from tests.web.browsing import grave, watched

THEMES = ["light", "dark"]
READY = "html[data-desk-ready]"
ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142", "birth_date": date(1978, 3, 14)}
# Where somebody wants to look at the pages with their own eyes: PICTURES=folder pytest ...
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def world(transactional_db, clinic, ana, nils):
    """A morning at the desk: four requests, four patients."""
    now = timezone.now()
    ada = register(clinic=clinic, by=ana, now=now, email="ada@example.com", **ADA)
    register(clinic=clinic, by=ana, now=now, **ADA | {"birth_date": date(1991, 7, 2), "mobile": "213 555 0150"})
    register(clinic=clinic, by=ana, now=now, family_name="Páez", given_name="Manuela", mobile="213 555 0144")
    allergies.add(patient_id=ada.pk, substance="Latex", reaction="rash", by=nils, now=now)
    contact.record_consent(patient=ada, channel="sms", granted=True, how="spoken", by=ana, at=now)
    rows = [
        ("phone", ADA, 300, {"preferred_contact": "phone", "preferred_times": "weekday mornings"}),
        ("web-form", {"family_name": "Kovács", "given_name": "Zsófia", "email": "zs@example.com"}, 95, {}),
        ("email", {"family_name": "Smith-Jones", "given_name": "José", "email": "jose@example.com"}, 40, {}),
        ("referral", {"family_name": "Haddad", "given_name": "Rami", "mobile": "213 555 0147"}, 12,
         {"needs_interpreter": True, "language": "ar", "transport": "brother drives"}),
    ]  # fmt: skip
    made = [
        intake.receive(clinic=clinic, source=source, by=ana, now=now - timedelta(minutes=ago), **person, **more)
        for source, person, ago, more in rows
    ]
    intake.amend(request_id=made[0].pk, by=ana, now=now, message="Burning pain in the foot since an accident.")
    intake.log_attempt(request_id=made[1].pk, channel="email", reached=True, by=ana, now=now, note="asked for a number")
    intake.take(request_id=made[1].pk, by=ana)
    wanted = [
        tasks.Wanted(ada, TaskKind.VISIT_TOUCHED, "Call about the visit on Tuesday: the chair is closed.", uuid4(),
                     "appointment", due_on=date(2020, 1, 6)),
        tasks.Wanted(ada, TaskKind.MORE_INFORMATION, "Ask for the referral letter.", due_on=clinic.today(now)),
        tasks.Wanted(None, TaskKind.OTHER, "Order more forms.", None),
    ]  # fmt: skip
    raised = tasks.raise_tasks(clinic=clinic, wanted=wanted, by=SystemJob.REMINDERS, now=now)
    tasks.take(raised[1].pk, by=ana)
    twin = register(clinic=clinic, by=ana, now=now, **ADA | {"birth_date": date(1978, 3, 4), "city": "Burbank"})
    dead = register(clinic=clinic, by=ana, now=now, family_name="Brandt", given_name="Otto", mobile="213 555 0151")
    record_death(patient_id=dead.pk, on=date(2026, 5, 2), by=ana)
    return {"ada": ada, "asked": made[0], "task": raised[0], "twin": twin, "dead": dead}


@pytest.fixture
def opened(browser, live_server, world):
    """`opened(user, theme, width)`: a browser page, signed in."""
    contexts = []

    def open_as(user, theme="light", width=1440, **options):
        context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        return watched(context.new_page())

    yield open_as
    for context in contexts:
        context.close()


def pages_of(world):
    ada, asked = world["ada"].pk, world["asked"].pk
    return {
        "intake": reverse("intake"),
        "intake-closed": reverse("intake") + "?tab=closed",
        "intake-request": reverse("intake-request", args=[asked]),
        "intake-new": reverse("intake-new"),
        "intake-edit": reverse("intake-edit", args=[asked]),
        "tasks": reverse("tasks"),
        "task": reverse("task", args=[world["task"].pk]),
        "patients": reverse("patients"),
        "patient-new": reverse("patient-new"),
        "patient-edit": reverse("patient-edit", args=[ada]),
        "merge-choose": reverse("patient-merge", args=[ada]),
        "merge": reverse("patient-merge", args=[ada]) + f"?with={world['twin'].pk}",
        "death-take-back": reverse("patient-death-take-back", args=[world["dead"].pk]),
        "patient-edit-dead": reverse("patient-edit", args=[world["dead"].pk]),
        "patient-consents": reverse("patient-consents", args=[ada]),
        "patient-allergies": reverse("patient-allergies", args=[ada]),
        "patient-history": reverse("patient-history", args=[ada]),
    }


def picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_blocked_and_nobody_is_locked_out(opened, live_server, world, ana, nils, theme):
    strict, lenient = opened(ana, theme), opened(ana, theme, 820, bypass_csp=True)
    for name, address in pages_of(world).items():
        for seen in (strict, lenient):
            seen.page.goto(live_server.url + address)
            seen.page.wait_for_selector(READY, state="attached")
            assert not seen.scrolls_sideways(), name
        assert (strict.violations(), strict.complaints) == ([], []), name
        picture(strict.page, f"{name}-{theme}")
        picture(lenient.page, f"{name}-{theme}-820")
        assert grave(lenient.page) == [], name
        lenient.page.set_viewport_size({"width": 375, "height": 800})
        assert not lenient.scrolls_sideways(), name
        picture(lenient.page, f"{name}-{theme}-375")
        lenient.page.set_viewport_size({"width": 820, "height": 900})
    nurse = opened(nils, theme)
    nurse.page.goto(live_server.url + pages_of(world)["patient-allergies"])
    picture(nurse.page, f"nurse-allergies-{theme}")


@pytest.mark.parametrize("theme", THEMES)
def test_the_public_form_on_an_old_phone_without_script(opened, live_server, clinic, theme):
    page = opened(None, theme, 320, java_script_enabled=False).page
    page.goto(f"{live_server.url}/request/")
    picture(page, f"public-{theme}")
    page.get_by_label("First name").fill("Zoë")
    page.get_by_label("Last name").fill("Petrov")
    for part, value in (("Month", "Mar"), ("Day", "14"), ("Year", "1978")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("Text me", exact=True).check()
    page.wait_for_timeout(3200)
    page.get_by_role("button", name="Check my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your phone number")
    picture(page, f"public-wrong-{theme}")
    page.get_by_label("Phone number").fill("213 555 0190")
    page.get_by_role("button", name="Check my answers").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    picture(page, f"public-check-{theme}")
    page.get_by_role("button", name="Change something").click()
    expect(page.get_by_label("Day", exact=True)).to_have_value("14")
    expect(page.get_by_label("Text me", exact=True)).to_be_checked()
    page.get_by_role("button", name="Check my answers").click()
    page.get_by_role("button", name="Send my request").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    picture(page, f"public-thanks-{theme}")
    assert re.fullmatch(rf"{live_server.url}/request/sent/[0-9a-f-]{{36}}/", page.url)
    assert str(IntakeRequest.objects.get(given_name="Zoë").birth_date) == "1978-03-14"
    page.reload()
    assert IntakeRequest.objects.filter(given_name="Zoë").count() == 1


@pytest.mark.parametrize("theme", THEMES)
def test_the_public_form_has_no_barrier(opened, live_server, world, theme):
    seen = opened(None, theme, 320, bypass_csp=True)
    seen.page.goto(f"{live_server.url}/request/")
    assert not seen.scrolls_sideways()
    assert grave(seen.page) == []


def test_a_call_is_written_down_by_keys_alone(opened, live_server, ana):
    page = opened(ana).page
    page.goto(live_server.url + reverse("intake-new"))
    page.wait_for_selector(READY, state="attached")
    for label, text in (("Family name", "Osei"), ("Given name", "Kofi"), ("Mobile", "213 555 0191")):
        page.get_by_label(label, exact=True).focus()
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="OSEI, Kofi")).to_be_visible()
    expect(page).to_have_title(re.compile("^KO, request"))


def test_a_killed_tab_loses_nothing(opened, live_server, ana):
    first = opened(ana)
    page = first.page
    page.goto(live_server.url + reverse("intake-new"))
    page.wait_for_selector(READY, state="attached")
    page.get_by_label("Family name", exact=True).press_sequentially("Osei")
    expect(page.locator("[data-autosave-line]")).to_contain_text("Saved")
    page.close()
    second = opened(ana).page
    second.context.add_cookies(first.page.context.cookies())
    second.goto(live_server.url + reverse("intake-new"))
    expect(second.get_by_label("Family name", exact=True)).to_have_value("")
    second.get_by_role("link", name="Go on with it").click()
    expect(second.get_by_label("Family name", exact=True)).to_have_value("Osei")


def test_the_queue_waits_behind_its_bar(opened, live_server, world, clinic, ana, vera):
    page = opened(ana).page
    page.clock.install()
    page.goto(live_server.url + reverse("intake"))
    page.wait_for_selector(READY, state="attached")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    intake.receive(
        clinic=clinic, source="phone", by=vera, now=timezone.now(), family_name="Late", mobile="213 555 0148"
    )
    page.clock.run_for(16_000)
    bar = page.locator(".changes-bar")
    expect(bar).to_contain_text("1 change")
    expect(rows).to_have_count(4)
    bar.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(5)


def test_a_task_is_done_from_the_drawer_and_taken_back(opened, live_server, world, ana):
    seen = opened(ana)
    page = seen.page
    page.goto(live_server.url + reverse("tasks"))
    page.wait_for_selector(READY, state="attached")
    expect(page.locator(".mainnav .count")).to_contain_text("3")
    page.get_by_role("link", name="Call about the visit on Tuesday").first.click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("OKAFOR, Ada")
    picture(page, "task-drawer")
    drawer.get_by_label("What came of it").fill("Comes at 14:00 instead.")
    drawer.get_by_role("button", name="Done", exact=True).click()
    undo = page.locator("#undo .bar")
    expect(undo).to_contain_text("Task done")
    expect(page.locator(".mainnav .count")).to_contain_text("2")
    picture(page, "task-undo")
    undo.get_by_role("button", name="Undo").click()
    expect(page.locator(".mainnav .count")).to_contain_text("3")
    world["task"].refresh_from_db()
    assert world["task"].is_open
    assert (seen.violations(), seen.complaints) == ([], [])


def test_somebody_is_found_by_two_keys(opened, live_server, ana):
    page = opened(ana).page
    page.goto(live_server.url + reverse("intake"))
    page.wait_for_selector(READY, state="attached")
    page.keyboard.press("/")
    page.keyboard.type("paze")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))


def test_a_request_is_taken_closed_and_opened_again(opened, live_server, world, ana):
    page = opened(ana).page
    page.goto(live_server.url + reverse("intake-request", args=[world["asked"].pk]))
    page.wait_for_selector(READY, state="attached")
    page.get_by_role("button", name="Take", exact=True).click()
    expect(page.locator("#owner")).to_contain_text("You are on this")
    page.get_by_label("Why").fill("not for us")
    page.get_by_role("button", name="Close request").click()
    undo = page.locator("#undo .bar")
    expect(undo).to_contain_text("Request closed")
    picture(page, "intake-undo")
    undo.get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile("/intake/[0-9a-f-]{36}/$"))
    world["asked"].refresh_from_db()
    assert world["asked"].status == "new"


def test_the_list_is_filtered_while_typing(opened, live_server, ana):
    seen = opened(ana)
    page = seen.page
    page.goto(live_server.url + reverse("patients"))
    page.wait_for_selector(READY, state="attached")
    page.get_by_label("Name, birth date").press_sequentially("okafor")
    expect(page.locator("#patients tbody tr")).to_have_count(3)
    expect(page.locator("#patients")).to_contain_text("compare the birth dates")
    picture(page, "patients-filtered")
    assert seen.violations() == []
    assert "okafor" not in page.url


def test_two_letters_lead_to_the_work_list(opened, live_server, ana):
    seen = opened(ana)
    seen.page.goto(f"{live_server.url}/patients/")
    seen.page.wait_for_selector(READY, state="attached")
    seen.page.keyboard.press("g")
    seen.page.keyboard.press("c")
    seen.page.wait_for_url("**/tasks/")


def test_a_birth_date_that_may_be_two_takes_one_more_press(opened, live_server, ana):
    seen = opened(ana, width=375, bypass_csp=True)
    page = seen.page
    page.goto(f"{live_server.url}{reverse('intake-new')}")
    page.get_by_label("Family name").fill("Lindqvist")
    page.get_by_label("Mobile").first.fill("213 555 0148")
    page.get_by_label("Birth date").fill("3/4/80")
    page.get_by_role("button", name="Save request").click()
    expect(page.get_by_text("Which day is meant?")).to_be_visible()
    assert not seen.scrolls_sideways()
    assert grave(page) == []
    picture(page, "birth-date-asked")
    page.get_by_label("4 Mar 1980").check()
    page.get_by_role("button", name="Save request").click()
    page.wait_for_url("**/intake/*-*/")
    assert IntakeRequest.objects.get(family_name="Lindqvist").birth_date == date(1980, 3, 4)
