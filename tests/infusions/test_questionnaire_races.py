"""Answers that arrive together, each in a connection of its own."""

import uuid

import pytest
from django.db import DatabaseError

from config.audit.acting import recorded
from config.audit.guards import sqlstate
from config.refusals import Clash
from config.staff.models import User
from infusions import questionnaires, responses, signing
from infusions.models import Questionnaire, QuestionnaireAnswer, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients import tasks
from patients.models import Task
from tests.infusions.asking import answered, by_link, chosen, on, own, path
from tests.infusions.test_questionnaire_item_nine import LOW, POSITIVE
from tests.infusions.test_visit_races import at_once
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phq(day: Day, vera: User) -> Questionnaire:
    path(vera)
    return on(Kind.PHQ_9, vera, day.clock)


def test_a_form_sent_four_times_is_one_set_of_answers_and_one_task(day: Day, phq: Questionnaire) -> None:
    ada, now, sent = day.patient(), day.now(), uuid.uuid4()
    rows = at_once(*[lambda: by_link(ada, phq, POSITIVE, now, client_id=sent) for _ in range(4)])
    assert {row.pk for row in rows} == {QuestionnaireResponse.objects.get().pk}
    assert Task.objects.count() == 1


def test_of_two_corrections_one_counts(day: Day, phq: Questionnaire) -> None:
    first = answered(day.patient(), phq, [*LOW, 0], day.nurse, day.now())
    now = day.now()
    act = {"response_id": first.pk, "reason": "Misread", "now": now}
    answers = at_once(
        *[
            lambda value=value, by=by: responses.correct(answers=chosen(phq, [value]), by=by, **act)
            for value, by in ((1, day.nurse), (2, day.prescriber), (3, day.nurse))
        ]
    )
    assert sum(isinstance(answer, Clash) for answer in answers) == 2
    assert QuestionnaireResponse.objects.count() == 2


def test_a_task_that_is_finished_while_it_is_asked_for_again(day: Day, phq: Questionnaire) -> None:
    """Whoever is quicker: at the end a positive answer has an open task, and nobody's work is lost."""
    first = answered(day.patient(), phq, POSITIVE, day.nurse, day.now())
    now = day.now()
    task = Task.objects.get()
    answers = at_once(
        lambda: tasks.finish(task.pk, by=day.prescriber, now=now),
        lambda: responses.correct(
            response_id=first.pk, answers=chosen(phq, [3]), reason="Misread", by=day.nurse, now=now
        ),
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    task.refresh_from_db()
    assert not task.is_open
    # Finished after the correction it was read with it; before, it was raised again.
    assert Task.objects.open().count() in {0, 1}


def test_a_signature_and_answers_do_not_pass_each_other(day: Day, vera: User) -> None:
    from infusions import records
    from tests.conftest import PASSWORD

    asked = own(vera, day.clock)
    visit = day.discharged()
    note = day.noted(visit)
    now = day.now()
    sign = {"visit_id": visit.pk, "by": day.nurse, "now": now, "password": PASSWORD, "version": note.version}
    answers = at_once(
        lambda: records.sign_note(**sign),
        *[lambda: answered(visit.patient, asked, [1, 2], day.nurse, now, visit_id=visit.pk) for _ in range(3)],
    )
    assert not [answer for answer in answers if isinstance(answer, DatabaseError)]
    assert list(signing.broken()) == []


def test_an_answer_is_added_to_no_set_of_an_earlier_transaction(day: Day, vera: User) -> None:
    asked = own(vera, day.clock)
    response = answered(day.patient(), asked, [1, 2], day.nurse, day.now())
    later = questionnaires.revise(
        questionnaire_id=asked.pk, measure=questionnaires.as_measure(asked), by=vera, now=day.now()
    )
    [item, _] = later.items.all()
    with pytest.raises(DatabaseError) as refused, recorded(by=day.nurse):
        QuestionnaireAnswer(response=response, item=item, option=None).save()
    assert sqlstate(refused.value) == "DK003"


def test_two_managers_who_publish_the_same_title(day: Day, vera: User) -> None:
    from config.refusals import Invalid

    made: list[object] = []

    def publish() -> object:
        try:
            return own(vera, day.clock)
        except Invalid as refused:
            return refused

    made = at_once(publish, publish, publish)
    assert sum(isinstance(one, Questionnaire) for one in made) == 1
    assert sum(isinstance(one, Invalid) for one in made) == 2
