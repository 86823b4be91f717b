"""Published plain sums, of whole sets of answers alone; and lines of raw numbers beside the visits."""

import ast
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.audit.acting import SystemJob
from config.audit.models import STAMPS
from config.staff.models import Clinic, User
from infusions import outcomes, questionnaires, responses
from infusions.models import Questionnaire, QuestionnaireAnswer, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from infusions.scoring import plain_sum, read
from patients import register
from patients.models import Patient
from tests.infusions.asking import SLEEP, answered, by_link, chosen, on, own, path
from tests.infusions.ordering import known_patient
from tests.infusions.test_questionnaires import OTHER_WORDS
from tests.infusions.visiting import Day, open_day  # noqa: F401

HOUSE = Path(__file__).parents[2]
often = st.sampled_from([0, 1, 2, 3])
maybe = st.one_of(st.none(), often)


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def phq(vera: User, mara: User, now: datetime) -> Questionnaire:
    path(vera)
    return on(Kind.PHQ_9, vera, now)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(maybe, max_size=12))
def test_a_sum_is_there_only_when_nothing_is_missing(values: list[int | None]) -> None:
    found = plain_sum(values)
    if values and None not in values:
        assert found == len([1 for value in values for _ in range(value or 0)])
    else:
        assert found is None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(values=st.lists(maybe, min_size=9, max_size=9).filter(any), extra=st.lists(maybe, min_size=7, max_size=7))
def test_what_is_read_back_is_the_sum_of_what_was_chosen(
    ada: Patient, nils: User, vera: User, phq: Questionnaire, now: datetime, values: list, extra: list
) -> None:
    """The oracle counts from the paper; the code from the database."""
    gad = on(Kind.GAD_7, vera, now)
    for asked, paper in ((phq, values), (gad, [extra[0] or 0, *extra[1:]])):
        response = answered(ada, asked, paper, nils, now)
        found = read(QuestionnaireResponse.objects.with_answers().get(pk=response.pk))
        whole = all(value is not None for value in paper)
        assert found.number == (sum(paper) if whole else None)
        assert (found.answered, found.asked) == (sum(value is not None for value in paper), len(paper))


@pytest.mark.parametrize("missing", range(9))
def test_one_missing_item_gives_no_score(
    ada: Patient, nils: User, phq: Questionnaire, now: datetime, missing: int
) -> None:
    values: list[int | None] = [2] * 9
    values[missing] = None
    found = read(QuestionnaireResponse.objects.with_answers().get(pk=answered(ada, phq, values, nils, now).pk))
    assert (found.number, found.answered, found.is_complete) == (None, 8, False)


def test_the_least_and_the_most(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    for value, total in ((0, 0), (3, 27)):
        response = answered(ada, phq, [value] * 9, nils, now)
        assert read(QuestionnaireResponse.objects.with_answers().get(pk=response.pk)).number == total


def test_one_item_is_its_own_number(ada: Patient, nils: User, vera: User, now: datetime) -> None:
    for kind, value in ((Kind.NRS, 0), (Kind.NRS, 10), (Kind.PGIC, 7)):
        response = answered(ada, on(kind, vera, now), [value], nils, now)
        assert read(QuestionnaireResponse.objects.with_answers().get(pk=response.pk)).number == value


def test_a_clinics_own_has_no_sum_unless_its_manager_said_so(
    ada: Patient, nils: User, vera: User, now: datetime
) -> None:
    from dataclasses import replace

    for plain, number in ((False, None), (True, 3)):
        asked = own(vera, now, replace(SLEEP, title=f"Sleep {plain}", plain_sum=plain))
        response = answered(ada, asked, [1, 2], nils, now)
        assert read(QuestionnaireResponse.objects.with_answers().get(pk=response.pk)).number == number


def test_no_column_holds_a_score() -> None:
    numbers = (models.IntegerField, models.FloatField, models.DecimalField)
    for model in (QuestionnaireResponse, QuestionnaireAnswer):
        own = [field for field in model._meta.concrete_fields if field.name not in STAMPS]
        assert not [field.name for field in own if isinstance(field, numbers)]


def test_nothing_compares_a_number_with_another_one() -> None:
    """No threshold: neither the sum nor the line knows a number of its own but the ends of the scale."""
    for name in ("scoring.py", "outcomes.py"):
        tree = ast.parse((HOUSE / "infusions" / name).read_text())
        found = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare)
            for side in node.comparators
            if isinstance(side, ast.Constant) and isinstance(side.value, int) and side.value != 1
        ]
        assert found == [], name


def test_no_word_of_a_verdict_is_written_anywhere() -> None:
    """Severity words of the measures' manuals, and "responder", in no code, template or style of the desk."""
    verdicts = ("minimal depression", "mild", "moderate", "moderately severe", "severe", "responder", "remission")
    files = [*(HOUSE / "infusions" / "templates").rglob("*.html"), *(HOUSE / "infusions").glob("*.py")]
    names = {"outcome", "question", "answer", "response", "measure", "scoring", "follow_up"}
    about = [file for file in files if any(name in file.name for name in names)]
    assert len(about) > 8
    assert [(file.name, word) for file in about for word in verdicts if f" {word}" in file.read_text().lower()] == []


# Lines


def test_a_line_is_raw_numbers_in_the_order_of_time(ada: Patient, nils: User, vera: User, now: datetime) -> None:
    pain = on(Kind.NRS, vera, now)
    for days, value in ((1, 4), (5, 7), (3, 0)):
        answered(ada, pain, [value], nils, now, authored_at=now - timedelta(days=days))
    [line] = outcomes.lines(patient=ada)
    assert [point.reading.number for point in line.points] == [7, 0, 4]
    assert (line.title, line.low, line.high) == ("Pain, 0 to 10 (NRS)", 0, 10)
    assert all(a.response.authored_at < b.response.authored_at for a, b in pairwise(line.points))


def test_the_scale_is_what_the_answers_can_say(ada: Patient, nils: User, vera: User, phq, now: datetime) -> None:
    answered(ada, phq, [0] * 9, nils, now)
    by_link(ada, on(Kind.PGIC, vera, now), [4], now)
    answered(ada, own(vera, now), [1, 2], nils, now)
    scales = {line.title: (line.low, line.high) for line in outcomes.lines(patient=ada)}
    assert scales == {"PHQ-9": (0, 27), "Overall change (PGIC)": (1, 7), "How you sleep": (None, None)}


def test_what_is_not_complete_is_a_gap(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    answered(ada, phq, [1] * 8, nils, now)
    [line] = outcomes.lines(patient=ada)
    assert [(point.reading.number, point.reading.answered) for point in line.points] == [(None, 8)]


def test_corrected_numbers_count_struck_ones_do_not_and_nobody_elses(
    clinic: Clinic, ada: Patient, nils: User, vera: User, now: datetime
) -> None:
    pain = on(Kind.NRS, vera, now)
    wrong = answered(ada, pain, [9], nils, now)
    responses.correct(response_id=wrong.pk, answers=chosen(pain, [6]), reason="Said six", by=nils, now=now)
    theirs = answered(ada, pain, [1], nils, now)
    responses.strike(response_id=theirs.pk, reason="Another's", by=nils, now=now)
    answered(known_patient(clinic, now, "Reed"), pain, [2], nils, now)
    [line] = outcomes.lines(patient=ada)
    assert [point.reading.number for point in line.points] == [6]


def test_what_was_answered_on_a_merged_record_is_on_the_line_of_the_one_that_stays(
    clinic: Clinic, ada: Patient, nils: User, vera: User, now: datetime
) -> None:
    pain, twin = on(Kind.NRS, vera, now), known_patient(clinic, now)
    answered(twin, pain, [8], nils, now - timedelta(days=2))
    answered(ada, pain, [5], nils, now)
    register.merge(patient_id=twin.pk, into_id=ada.pk, by=SystemJob.SET_UP, reason="One person.")
    [line] = outcomes.lines(patient=ada)
    assert [point.reading.number for point in line.points] == [8, 5]


def test_other_words_begin_the_line_anew(ada: Patient, nils: User, vera: User, now: datetime) -> None:
    first = own(vera, now)
    answered(ada, first, [1, 2], nils, now - timedelta(days=2))
    second = questionnaires.revise(questionnaire_id=first.pk, measure=OTHER_WORDS, by=vera, now=now)
    for days in (1, 0):
        answered(ada, second, [1, 2, 0], nils, now - timedelta(days=days))
    [line] = outcomes.lines(patient=ada)
    assert [point.other_words for point in line.points] == [False, True, False]


def test_more_answers_cost_no_more_queries(
    ada: Patient, nils: User, vera: User, phq: Questionnaire, now: datetime, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert outcomes.lines(patient=ada) == []
    pain = on(Kind.NRS, vera, now)
    for days in range(4):
        answered(ada, phq, [days % 4] * 8, nils, now - timedelta(days=days))
        answered(ada, pain, [days], nils, now - timedelta(days=days))
    with django_assert_num_queries(3):
        assert [len(line.points) for line in outcomes.lines(patient=ada)] == [4, 4]
    connection.check_constraints()


def test_the_visits_stand_in_the_order_of_time(day: Day) -> None:
    first = day.discharged()
    day.clock += timedelta(days=3)
    second = day.opened(day.booked(first.order))
    assert outcomes.visits_of(first.patient) == [first, second]
