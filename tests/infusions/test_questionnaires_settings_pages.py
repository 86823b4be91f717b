"""The settings of questionnaires: a manager switches on, types and rewords; nobody else."""

# ruff: noqa: F811  (the fixtures of the same pages)

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from config.staff.models import Clinic, User
from infusions import outcomes, questionnaires
from infusions.models import Questionnaire
from infusions.models.questionnaires import Kind
from patients.models import Patient
from tests.infusions.asking import answered, on, own, path
from tests.infusions.test_questionnaires_pages import Radios, ada, flashed  # noqa: F401
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

PageAs = Callable[[User], Client]
TYPED = {
    "title": "How you sleep",
    "instruction": "Think of the last week.",
    "items": "I sleep through the night\r\n\r\nCan you nap? | 0 No | 1 = Yes\r\nI wake up rested",
    "options": "0 Never\r\n1 Sometimes\r\n2: Always\r\n-1 I do not know",
}


def test_a_manager_switches_measures_on_and_off(page_as: PageAs, clinic: Clinic, vera: User) -> None:
    manager, listed = page_as(vera), reverse("settings-questionnaires")
    html = manager.get(listed).content.decode()
    assert html.count("Not in use") == 4
    saved = manager.post(reverse("settings-switch-on", args=["gad-7"]), follow=True)
    assert flashed(saved) == ["GAD-7 is in use."]
    [gad] = questionnaires.in_use(clinic=clinic)
    manager.post(reverse("settings-questionnaire-switch", args=[gad.pk, "off"]))
    assert questionnaires.in_use(clinic=clinic) == []
    manager.post(reverse("settings-questionnaire-switch", args=[gad.pk, "on"]))
    assert [one.pk for one in questionnaires.in_use(clinic=clinic)] == [gad.pk]


def test_phq_9_leads_to_its_path_first(page_as: PageAs, clinic: Clinic, mara: User, vera: User) -> None:
    manager = page_as(vera)
    sent_away = manager.post(reverse("settings-switch-on", args=["phq-9"]), follow=True)
    assert sent_away.redirect_chain == [(reverse("settings-path"), 302)]
    assert "Say first who reads" in flashed(sent_away)[0]
    assert Radios(sent_away.content.decode()).pressed == []
    url = reverse("settings-path")
    told_too_much = manager.post(url, {"role": "prescriber", "due": "same-day", "words": "PHQ-9 positive"})
    assert told_too_much.status_code == 422
    assert "PHQ-9 positive" in told_too_much.content.decode()
    assert manager.post(url, {"role": "prescriber", "due": "same-day", "words": "Read it."}).status_code == 302
    manager.post(reverse("settings-switch-on", args=["phq-9"]))
    assert [one.title for one in questionnaires.in_use(clinic=clinic)] == ["PHQ-9"]


def test_a_stale_path_shows_both(page_as: PageAs, mara: User, nils: User, vera: User) -> None:
    path(vera)
    manager, url = page_as(vera), reverse("settings-path")
    path(vera, due="next-day")
    stale = manager.post(url, {"role": "nurse", "due": "same-day", "words": "Read it.", "version": "1"})
    assert stale.status_code == 409
    html = stale.content.decode()
    assert "By the next day" in html
    again = re.findall(r'name="version" value="(\d+)"', html)
    assert again == ["2"]
    assert (
        manager.post(url, {"role": "nurse", "due": "same-day", "words": "Read it.", "version": "2"}).status_code == 302
    )


def test_a_manager_types_the_clinics_own(page_as: PageAs, clinic: Clinic, vera: User) -> None:
    manager = page_as(vera)
    made = manager.post(reverse("settings-questionnaire-new"), TYPED, follow=True)
    [asked] = questionnaires.in_use(clinic=clinic)
    offered = {
        item.wording: [(option.value, option.label) for option in item.options.all()] for item in asked.items.all()
    }
    shared = [(0, "Never"), (1, "Sometimes"), (2, "Always"), (-1, "I do not know")]
    assert offered == {
        "I sleep through the night": shared,
        "Can you nap?": [(0, "No"), (1, "Yes")],
        "I wake up rested": shared,
    }
    assert made.redirect_chain == [(reverse("settings-questionnaire", args=[asked.pk]), 302)]
    assert "Not scored" in made.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"options": "Never\r\n1 Sometimes"}, "does not begin with a whole number"),
        ({"items": "So? | No | 1 Yes"}, "does not begin with a whole number"),
        ({"items": "", "title": ""}, "This field is required"),
        ({"options": ""}, "it needs from 2 to 21 answers"),
        ({"options": "0 Never\r\n1 never"}, "two of its answers have the same words"),
        ({"options": "1 1.5 hours\r\n1000 Days"}, "does not begin with a whole number"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(page_as: PageAs, vera: User, changes: dict, words: str) -> None:
    typed = {**TYPED, **changes}
    refused = page_as(vera).post(reverse("settings-questionnaire-new"), typed)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert words in html
    assert typed["instruction"] in html
    assert not Questionnaire.objects.exists()


def test_other_words_become_an_edition_and_answers_keep_theirs(
    page_as: PageAs, clinic: Clinic, ada: Patient, nils: User, vera: User, now: datetime
) -> None:
    first = own(vera, now)
    answered(ada, first, [1, 2], nils, now)
    manager, url = page_as(vera), reverse("settings-questionnaire-revise", args=[first.pk])
    shown = manager.get(url).content.decode()
    assert "Answered 1 time in these words" in shown
    assert "I sleep through the night\nI wake up rested" in shown
    assert "0 Never\n1 Sometimes\n2 Always" in shown
    saved = manager.post(url, {**TYPED, "seen": str(first.pk)}, follow=True)
    assert flashed(saved) == ["Edition 2 is published."]
    html = saved.content.decode()
    assert reverse("settings-questionnaire", args=[first.pk]) in html
    old = manager.get(reverse("settings-questionnaire", args=[first.pk])).content.decode()
    assert "Other words" not in old  # only the newest edition is revised
    assert re.findall(r'<td class="num">(\d+)</td>', old) == ["0", "1"]
    [response] = outcomes.of_patient(ada)
    one = page_as(nils).get(reverse("questionnaire-response", args=[response.pk])).content.decode()
    assert "I wake up rested" in one
    assert "Can you nap?" not in one


def test_a_stale_edition_shows_both_and_loses_neither(page_as: PageAs, vera: User, now: datetime) -> None:
    first = own(vera, now)
    manager, url = page_as(vera), reverse("settings-questionnaire-revise", args=[first.pk])
    manager.post(url, {**TYPED, "seen": str(first.pk)})
    stale = manager.post(url, {**TYPED, "title": "Nights", "seen": str(first.pk)})
    assert stale.status_code == 409
    html = stale.content.decode()
    assert "Published in the meantime" in html
    assert 'value="Nights"' in html
    [seen] = re.findall(r'name="seen" value="([^"]+)"', html)
    assert manager.post(url, {**TYPED, "title": "Nights", "seen": seen}).status_code == 302
    assert list(Questionnaire.objects.order_by("edition").values_list("title", "active")) == [
        ("How you sleep", False), ("How you sleep", False), ("Nights", True)
    ]  # fmt: skip


def test_the_text_of_a_questionnaire_comes_back_as_itself(vera: User, now: datetime, page_as: PageAs) -> None:
    manager = page_as(vera)
    manager.post(reverse("settings-questionnaire-new"), TYPED)
    asked = Questionnaire.objects.get()
    from infusions.web.questionnaire_forms import QuestionnaireForm, as_text

    measure = questionnaires.as_measure(questionnaires.whole(questionnaire_id=asked.pk, clinic=asked.clinic))
    form = QuestionnaireForm(as_text(measure))
    assert form.is_valid()
    assert form.cleaned_data["measure"] == measure


def test_history_says_who_switched_what(page_as: PageAs, mara: User, vera: User, now: datetime) -> None:
    path(vera)
    on(Kind.PHQ_9, vera, now)
    html = page_as(vera).get(reverse("settings-questionnaires-history")).content.decode()
    assert "PHQ-9, edition 1" in html
    assert "Path of a positive item 9" in html
    assert "Vera Lind" in html
