"""Questionnaires on a tablet and on a telephone: large enough to press, by keyboard too, and no barriers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from config.staff.models import User
from infusions import outcomes, responses
from infusions.models import Questionnaire, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients.models import Patient, Task
from tests.infusions.asking import answered, by_link, chosen, on, own, path, told
from tests.infusions.test_questionnaire_item_nine import LOW, POSITIVE
from tests.infusions.visiting import Day, open_day  # noqa: F401
from tests.web.browsing import Watched, grave, watched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now():
    return timezone.now() - timedelta(minutes=55)


@pytest.fixture
def asked(day: Day, vera: User) -> dict[str, Questionnaire]:
    path(vera)
    return {kind.value: on(kind, vera, day.clock) for kind in (Kind.NRS, Kind.PHQ_9)} | {"own": own(vera, day.clock)}


@pytest.fixture
def ada(day: Day, asked: dict[str, Questionnaire]) -> Patient:
    """With a visit, and answers of several days."""
    visit = day.started()
    ada, phq = visit.patient, asked["phq-9"]
    for days, value in ((9, 8), (6, 6), (2, 3)):
        at = day.clock - timedelta(days=days)
        by_link(ada, asked["nrs"], [value], at)
        answered(ada, phq, [1] * 8 if days == 6 else [1, 2, *[1] * 6, 0], day.nurse, at)
    answered(ada, asked["own"], [1, 2], day.nurse, day.clock)
    return ada


@pytest.fixture
def hold(browser: Browser, live_server) -> Iterator:
    """`hold(nils, 820)`: a page of somebody's, signed in."""
    opened = []

    def signed_in(person: User, width: int, theme: str = "light", *, bypass_csp: bool = False) -> Watched:
        client = Client()
        client.force_login(person)
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            has_touch=True,
            base_url=live_server.url,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        opened.append(context)
        return watched(context.new_page())

    yield signed_in
    for context in opened:
        context.close()


def choose(page: Page, item: int, label: str) -> None:
    page.locator(".ask").nth(item - 1).get_by_label(label, exact=True).tap()


def test_nine_presses_and_one_to_save(hold, day: Day, asked, ada: Patient) -> None:
    held = hold(day.nurse, 820)
    page = held.page
    page.goto(f"/patients/{ada.pk}/questionnaires/")
    page.get_by_role("link", name="PHQ-9").first.tap()
    expect(page.locator(".ask").first).to_be_visible()
    assert page.locator(".ask input:checked").count() == 0
    for item in range(1, 9):
        choose(page, item, "Not at all")
    choose(page, 9, "Several days")
    choose(page, 1, "Nearly every day")
    page.get_by_role("button", name="Record answers").tap()
    expect(page.get_by_text("PHQ-9 is recorded.")).to_be_visible()
    expect(page.get_by_text("a task to read these answers is open")).to_be_visible()
    newest = outcomes.of_patient(ada).order_by("-entered_at").first()
    assert told(newest) == [3, 0, 0, 0, 0, 0, 0, 0, 1]
    assert Task.objects.filter(kind="answers-to-read").count() == 1
    assert held.violations() == []
    assert held.complaints == []


def test_what_is_missing_is_said_and_a_slip_can_be_taken_back(hold, day: Day, asked, ada: Patient) -> None:
    page = hold(day.nurse, 820).page
    before = QuestionnaireResponse.objects.count()
    page.goto(f"/patients/{ada.pk}/questionnaires/{asked['phq-9'].pk}/")
    choose(page, 1, "Several days")
    choose(page, 2, "Several days")
    choose(page, 2, "No answer")
    page.get_by_role("button", name="Record answers").tap()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("Items 2, 3, 4, 5, 6, 7, 8, 9 have no answer")
    assert page.locator("input[type=radio]:checked").count() == 2
    assert page.locator(".ask-missing").count() == 8
    assert QuestionnaireResponse.objects.count() == before
    page.get_by_label("Save it with these left unanswered").tap()
    page.get_by_role("button", name="Record answers").tap()
    expect(page.get_by_text("PHQ-9 is recorded.")).to_be_visible()
    assert told(outcomes.of_patient(ada).order_by("-entered_at").first()) == [1] + [None] * 8


def test_by_keyboard_alone(hold, day: Day, asked, ada: Patient) -> None:
    page = hold(day.nurse, 1280).page
    page.goto(f"/patients/{ada.pk}/questionnaires/{asked['nrs'].pk}/")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    ring = page.evaluate("getComputedStyle(document.activeElement.nextElementSibling).outlineWidth")
    assert ring == "3px"
    page.keyboard.press("Enter")
    expect(page.get_by_text("is recorded.")).to_be_visible()
    assert told(outcomes.of_patient(ada).order_by("-entered_at").first()) == [4]


@pytest.mark.parametrize("width", [820, 375])
@pytest.mark.parametrize("kind", ["nrs", "phq-9", "own"])
def test_every_answer_is_large_enough_for_a_thumb(hold, day: Day, asked, ada: Patient, kind: str, width: int) -> None:
    held = hold(day.nurse, width)
    page = held.page
    page.goto(f"/patients/{ada.pk}/questionnaires/{asked[kind].pk}/")
    small = page.evaluate(
        """() => [...document.querySelectorAll(".ask-choice, .ask-when summary, .btn")]
            .filter((e) => e.checkVisibility())
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44).map(([words]) => words)"""
    )
    assert small == []
    assert not held.scrolls_sideways()


def pages_of(day: Day, ada: Patient, asked: dict[str, Questionnaire]) -> list[str]:
    """Every page of a clinician's: a correction, a task, an error, a struck set among them."""
    first = answered(ada, asked["phq-9"], POSITIVE, day.nurse, day.now())
    second = responses.correct(
        response_id=first.pk, answers=chosen(asked["phq-9"], [3]), reason="Misread", by=day.nurse, now=day.now()
    )
    struck = answered(ada, asked["phq-9"], [*LOW, 0], day.nurse, day.now())
    responses.strike(response_id=struck.pk, reason="Another's", by=day.nurse, now=day.now())
    [visit] = outcomes.visits_of(ada)
    answered(ada, asked["nrs"], [5], day.nurse, day.now(), visit_id=visit.pk)
    return [
        f"/patients/{ada.pk}/",
        f"/patients/{ada.pk}/questionnaires/",
        f"/patients/{ada.pk}/questionnaires/{asked['phq-9'].pk}/",
        f"/patients/{ada.pk}/questionnaires/{asked['nrs'].pk}/",
        f"/questionnaire-responses/{second.pk}/",
        f"/questionnaire-responses/{second.pk}/correct/",
        f"/questionnaire-responses/{second.pk}/strike/",
        f"/questionnaire-responses/{struck.pk}/",
        f"/visits/{visit.pk}/questionnaires/",
    ]


def barriers(page: Page, url: str) -> list[str]:
    page.goto(url)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    return [f"{url} {found}" for found in grave(page)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [820, 375])
def test_no_grave_barriers_for_clinicians(hold, day: Day, asked, ada: Patient, theme: str, width: int) -> None:
    held = hold(day.nurse, width, theme, bypass_csp=True)
    found = []
    for url in pages_of(day, ada, asked):
        found += barriers(held.page, url)
        assert not held.scrolls_sideways(), url
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [820, 375])
def test_no_grave_barriers_for_managers(hold, vera: User, asked, theme: str, width: int) -> None:
    held = hold(vera, width, theme, bypass_csp=True)
    settings_pages = "/settings/questionnaires/"
    urls = [
        settings_pages,
        f"{settings_pages}new/",
        f"{settings_pages}path/",
        f"{settings_pages}{asked['phq-9'].pk}/",
        f"{settings_pages}{asked['own'].pk}/",
        f"{settings_pages}{asked['own'].pk}/revise/",
    ]
    found = []
    for url in urls:
        found += barriers(held.page, url)
        assert not held.scrolls_sideways(), url
    assert found == []


def test_the_drawn_line_and_the_table_say_the_same(hold, day: Day, ada: Patient) -> None:
    page = hold(day.nurse, 1280).page
    page.goto(f"/patients/{ada.pk}/")
    figure = page.locator("#outcomes figure", has_text="Pain, 0 to 10 (NRS)")
    dots = [text.rsplit(": ", 1)[-1] for text in figure.locator("circle title").all_text_contents()]
    figure.locator("summary").click()
    cells = [text.strip() for text in figure.locator("td.num").all_inner_texts()]
    assert dots == ["8", "6", "3"]
    assert [text for text in cells if text != "Visit"] == dots
    assert figure.locator(".trend-mark").count() == 1


def test_a_manager_switches_a_measure_on_without_script(browser: Browser, live_server, vera: User, asked) -> None:
    client = Client()
    client.force_login(vera)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto("/settings/questionnaires/")
    page.get_by_role("button", name="Switch on PGIC").click()
    expect(page.get_by_text("Overall change (PGIC) is in use.")).to_be_visible()
    context.close()
