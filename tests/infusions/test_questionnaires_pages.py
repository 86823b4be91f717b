"""Questionnaires as pages: nothing chosen at first, what was chosen is kept, raw numbers, and no verdict."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.staff.models import Clinic, User
from infusions import outcomes, questionnaires, responses
from infusions.models import Questionnaire, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients.models import Patient, Task
from tests.infusions.asking import answered, by_link, chosen, on, path, sent, told
from tests.infusions.ordering import known_patient
from tests.infusions.test_questionnaire_item_nine import LOW, POSITIVE
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

PageAs = Callable[[User], Client]


class Radios(HTMLParser):
    """The radio buttons of a page, by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[dict[str, str | None]]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        if tag == "input" and told.get("type") == "radio":
            self.found.setdefault(told["name"], []).append(told)

    @property
    def pressed(self) -> list[str]:
        return [name for name, all_of in self.found.items() for one in all_of if "checked" in one]


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def phq(vera: User, mara: User, now: datetime) -> Questionnaire:
    path(vera)
    return on(Kind.PHQ_9, vera, now)


def form_of(patient: Patient, asked: Questionnaire) -> str:
    return reverse("questionnaire-answer", args=[patient.pk, asked.pk])


def page_of(patient: Patient) -> str:
    return reverse("questionnaires", args=[patient.pk])


def flashed(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


# Answering


@pytest.mark.usefixtures("later_that_day")
def test_nothing_is_chosen_at_first_and_no_answer_is_a_choice(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire
) -> None:
    radios = Radios(page_as(nils).get(form_of(ada, phq)).content.decode())
    assert len(radios.found) == 9
    assert {len(all_of) for all_of in radios.found.values()} == {5}
    assert radios.pressed == []
    assert all(one["autocomplete"] == "off" for all_of in radios.found.values() for one in all_of)


@pytest.mark.usefixtures("later_that_day")
def test_a_whole_set_is_recorded(page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire) -> None:
    saved = page_as(nils).post(form_of(ada, phq), sent(phq, [*LOW, 0]), follow=True)
    assert saved.redirect_chain == [(page_of(ada), 302)]
    assert flashed(saved) == ["PHQ-9 is recorded."]
    [response] = outcomes.of_patient(ada)
    assert (told(response), response.entered_by, response.visit) == ([*LOW, 0], nils, None)
    assert b">2<" in saved.content  # the sum, in the list


@pytest.mark.usefixtures("later_that_day")
def test_what_is_left_unanswered_is_said_and_then_allowed(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire
) -> None:
    nurse, values = page_as(nils), [1, None, 2, 0, 0, 0, 0, 0, 0]
    typed = {key: value for key, value in sent(phq, values).items() if value != "none"}
    asked = nurse.post(form_of(ada, phq), typed)
    html = asked.content.decode()
    assert asked.status_code == 422
    assert "Item 2 has no answer" in html
    assert sorted(Radios(html).pressed) == sorted(typed)
    assert not QuestionnaireResponse.objects.exists()
    saved = nurse.post(form_of(ada, phq), {**typed, "left_open": "on"}, follow=True)
    assert [told(response) for response in outcomes.of_patient(ada)] == [values]
    assert "not complete, 8 of 9" in saved.content.decode()


@pytest.mark.usefixtures("later_that_day")
def test_no_answer_that_was_chosen_is_null_too(page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire) -> None:
    values = [1, *[None] * 8]
    page_as(nils).post(form_of(ada, phq), {**sent(phq, values), "left_open": "on"})
    assert [told(response) for response in outcomes.of_patient(ada)] == [values]


@pytest.mark.usefixtures("later_that_day")
def test_nothing_at_all_is_refused(page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire) -> None:
    refused = page_as(nils).post(form_of(ada, phq), {"left_open": "on"})
    assert refused.status_code == 422
    assert "Nothing was answered yet" in refused.content.decode()


@pytest.mark.usefixtures("later_that_day")
def test_a_form_sent_twice_is_recorded_once(page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire) -> None:
    nurse = page_as(nils)
    [client_id] = re.findall(r'name="client_id" value="([^"]+)"', nurse.get(form_of(ada, phq)).content.decode())
    for _ in range(2):
        assert nurse.post(form_of(ada, phq), {**sent(phq, POSITIVE), "client_id": client_id}).status_code == 302
    assert (QuestionnaireResponse.objects.count(), Task.objects.count()) == (1, 1)


@pytest.mark.usefixtures("later_that_day")
def test_another_time_is_typed_on_the_clinics_wall(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire
) -> None:
    nurse, values = page_as(nils), sent(phq, [*LOW, 0])
    refused = nurse.post(form_of(ada, phq), {**values, "on_day": "2026-11-22"})
    assert refused.status_code == 422
    assert "About what time?" in refused.content.decode()
    assert "cannot be still to come" in nurse.post(form_of(ada, phq), {**values, "at": "23:50"}).content.decode()
    nurse.post(form_of(ada, phq), {**values, "on_day": "2026-11-22", "at": "930"})
    [response] = outcomes.of_patient(ada)
    assert response.authored_at.astimezone(ada.clinic.tz).isoformat() == "2026-11-22T09:30:00-08:00"


@pytest.mark.usefixtures("later_that_day")
def test_a_positive_item_9_tells_who_was_asked(
    page_as: PageAs, ada: Patient, nils: User, mara: User, ana: User, phq: Questionnaire
) -> None:
    saved = page_as(nils).post(form_of(ada, phq), sent(phq, POSITIVE), follow=True)
    assert "a task to read these answers is open" in flashed(saved)[1]
    assert "Read the new answers of this patient." in page_as(mara).get(reverse("tasks")).content.decode()
    task = page_as(mara).get(reverse("task", args=[Task.objects.get().pk])).content.decode()
    [response] = outcomes.of_patient(ada)
    assert reverse("questionnaire-response", args=[response.pk]) in task
    assert "Read the new answers" not in page_as(ana).get(reverse("tasks")).content.decode()
    one = page_as(mara).get(reverse("questionnaire-response", args=[response.pk])).content.decode()
    assert "A task to read these answers is open" in one
    assert reverse("task", args=[Task.objects.get().pk]) in one


@pytest.mark.usefixtures("later_that_day")
def test_what_was_switched_off_meanwhile_is_refused_and_kept(
    page_as: PageAs, ada: Patient, nils: User, vera: User, phq: Questionnaire
) -> None:
    questionnaires.put_in_use(questionnaire_id=phq.pk, active=False, by=vera)
    refused = page_as(nils).post(form_of(ada, phq), sent(phq, [*LOW, 0]))
    assert refused.status_code == 409
    assert len(Radios(refused.content.decode()).pressed) == 9


# In a visit


@pytest.mark.usefixtures("later_that_day")
def test_in_a_visit_answers_become_part_of_its_record(page_as: PageAs, day: Day, phq: Questionnaire) -> None:
    visit, nurse = day.started(), page_as(day.nurse)
    listed = reverse("visit-questionnaires", args=[visit.pk])
    assert listed in nurse.get(reverse("visit", args=[visit.pk])).content.decode()
    form = reverse("visit-questionnaire", args=[visit.pk, phq.pk])
    assert form in nurse.get(listed).content.decode()
    saved = nurse.post(form, sent(phq, [*LOW, 0]), follow=True)
    assert saved.redirect_chain == [(listed, 302)]
    [response] = outcomes.of_visit(visit)
    assert reverse("questionnaire-response", args=[response.pk]) in saved.content.decode()
    printed = nurse.post(reverse("visit-print", args=[visit.pk])).content.decode()
    assert "PHQ-9" in printed
    assert "Little interest or pleasure in doing things" in printed
    assert "Several days (1)" in printed


@pytest.mark.usefixtures("later_that_day")
def test_a_signed_visit_takes_no_more(page_as: PageAs, day: Day, phq: Questionnaire) -> None:
    visit = day.discharged()
    response = answered(visit.patient, phq, [*LOW, 0], day.nurse, day.now(), visit_id=visit.pk)
    day.signed(visit)
    nurse = page_as(day.nurse)
    form = reverse("visit-questionnaire", args=[visit.pk, phq.pk])
    html = nurse.get(reverse("visit-questionnaires", args=[visit.pk])).content.decode()
    assert form not in html
    refused = nurse.post(form, sent(phq, [*LOW, 0]))
    assert refused.status_code == 409
    assert "nothing can be added to it but an addendum" in refused.content.decode().lower()
    one = reverse("questionnaire-response", args=[response.pk])
    assert "correct/" not in nurse.get(one).content.decode()
    assert nurse.post(f"{one}correct/", {**sent(phq, [3]), "correction_reason": "So"}).status_code == 409
    assert nurse.post(f"{one}strike/", {"correction_reason": "So"}).status_code == 409


def test_the_visit_pages_ask_no_more_for_the_link(page_as: PageAs, day: Day) -> None:
    visit, nurse = day.started(), page_as(day.nurse)
    with CaptureQueriesContext(connection) as asked:
        assert nurse.get(reverse("visit", args=[visit.pk])).status_code == 200
    assert len(asked) <= 10


# What was answered


def test_one_set_shows_every_answer_its_number_and_the_sum(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    response = answered(ada, phq, [3, 2, 1, 0, 0, 0, 0, 0, 0], nils, now)
    html = page_as(nils).get(reverse("questionnaire-response", args=[response.pk])).content.decode()
    assert "Nearly every day" in html
    assert "Sum of the 9 items" in html
    assert "<strong>6</strong>" in html
    assert "entered by Nils Berg" in html


def test_a_set_that_is_not_complete_has_no_sum_and_says_so(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    response = by_link(ada, phq, [3] * 8, now)
    html = page_as(nils).get(reverse("questionnaire-response", args=[response.pk])).content.decode()
    assert "Not complete: 8 of 9 answered, so there is no sum" in html
    assert "no answer" in html
    assert "by the patient" in html
    assert "<strong>24</strong>" not in html


@pytest.mark.parametrize("value", [0, 3])
def test_no_word_and_no_colour_depends_on_the_number(
    page_as: PageAs, ada: Patient, nils: User, vera: User, now: datetime, value: int
) -> None:
    """The pages of the lowest and of the highest sum differ in their numbers and labels alone."""
    gad = on(Kind.GAD_7, vera, now)
    response = answered(ada, gad, [value] * 7, nils, now)
    pages = [reverse("questionnaire-response", args=[response.pk]), page_of(ada), reverse("patient", args=[ada.pk])]
    for url in pages:
        html = page_as(nils).get(url).content.decode().lower()
        for verdict in ("mild", "moderate", "severe", "normal", "high", "low ", "improv", "worse", "respon der"):
            assert f" {verdict}" not in re.sub(r"<[^>]+>", " ", html), (url, verdict)
        shown = html.split('class="trend"')[-1]
        assert not set(re.findall(r"(?:look|text|bg)-(?:red|green|amber|danger|warning|success)", shown))


def test_history_shows_who_what_and_why(
    page_as: PageAs, ada: Patient, nils: User, mara: User, phq: Questionnaire, now: datetime
) -> None:
    first = by_link(ada, phq, [*LOW, 0], now)
    second = responses.correct(
        response_id=first.pk, answers=chosen(phq, [3]), reason="She said so aloud", by=mara, now=now
    )
    client = page_as(nils)
    for row in (first, second):  # the page of any row of the set is the page of the set
        html = client.get(reverse("questionnaire-response", args=[row.pk])).content.decode()
        assert "Mara Santos" in html
        assert "She said so aloud" in html
        assert "<del>Not at all</del>" in html
        assert "<ins>Nearly every day</ins>" in html
        assert "patient link" in html
        assert reverse("questionnaire-response-correct", args=[second.pk]) in html


def test_the_response_is_written_in_the_visits_note(page_as: PageAs, day: Day, phq: Questionnaire) -> None:
    visit = day.started()
    response = by_link(visit.patient, phq, [*LOW, 0], day.now(), appointment_id=visit.appointment_id)
    client = page_as(day.nurse)
    note = reverse("visit-note", args=[visit.pk])
    assert note in client.get(reverse("questionnaire-response", args=[response.pk])).content.decode()
    assert note in client.get(reverse("patient", args=[visit.patient_id])).content.decode()


# Correcting


@pytest.mark.usefixtures("later_that_day")
def test_a_correction_presses_nothing_and_shows_what_was(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    response = answered(ada, phq, [*LOW, None], nils, now)
    url = reverse("questionnaire-response-correct", args=[response.pk])
    nurse = page_as(nils)
    html = nurse.get(url).content.decode()
    assert Radios(html).pressed == []
    assert html.count("<strong>Not at all</strong>") == 6
    assert "<strong>no answer</strong>" in html
    nine = dict(list(sent(phq, POSITIVE).items())[8:])
    refused = nurse.post(url, nine)
    assert refused.status_code == 422
    assert len(Radios(refused.content.decode()).pressed) == 1
    saved = nurse.post(url, {**nine, "correction_reason": "Overlooked"}, follow=True)
    assert flashed(saved) == ["Corrected."]
    assert "A task to read these answers is open" in saved.content.decode()
    assert [told(row) for row in outcomes.of_patient(ada)] == [POSITIVE]
    assert Task.objects.count() == 1


@pytest.mark.usefixtures("later_that_day")
def test_an_older_row_leads_to_the_newest(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    first = answered(ada, phq, [*LOW, 0], nils, now)
    responses.correct(response_id=first.pk, answers=chosen(phq, [3]), reason="So", by=nils, now=now)
    url = reverse("questionnaire-response-correct", args=[first.pk])
    clash = page_as(nils).post(url, {**sent(phq, [2]), "correction_reason": "So"})
    assert clash.status_code == 409
    assert "corrected these answers already" in clash.content.decode()


@pytest.mark.usefixtures("later_that_day")
def test_answers_of_somebody_else_are_struck(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    response = answered(ada, phq, POSITIVE, nils, now)
    nurse, url = page_as(nils), reverse("questionnaire-response-strike", args=[response.pk])
    assert nurse.post(url, {}).status_code == 422
    saved = nurse.post(url, {"correction_reason": "Another sheet"}, follow=True)
    html = saved.content.decode()
    assert "These answers count no more" in html
    assert "A task to read these answers is open" in html
    assert outcomes.of_patient(ada).count() == 0
    assert "Nothing answered yet" in nurse.get(page_of(ada)).content.decode()


def test_titles_and_addresses_carry_no_names(
    page_as: PageAs, ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    response = answered(ada, phq, [*LOW, 0], nils, now)
    for url in (page_of(ada), form_of(ada, phq), reverse("questionnaire-response", args=[response.pk])):
        html = page_as(nils).get(url).content.decode()
        [title] = re.findall(r"<title>([^<]*)</title>", html.split("</head>")[0])
        assert "Quill" not in title
        assert "PHQ" not in title
        assert "quill" not in url


def test_now_is_the_clinics_now(page_as: PageAs, ada: Patient, nils: User, vera: User) -> None:
    pain = on(Kind.NRS, vera, timezone.now())
    page_as(nils).post(form_of(ada, pain), sent(pain, [4]))
    [response] = outcomes.of_patient(ada)
    assert abs(response.authored_at - timezone.now()) < timedelta(minutes=5)
