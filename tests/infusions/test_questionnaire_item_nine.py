"""A positive answer to item 9 of PHQ-9 and the task to read it, by the clinic's path: both are written, or neither."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from config.audit.acting import SystemJob, recorded
from config.staff.models import Clinic, User
from infusions import outcomes, responses
from infusions.models import Questionnaire, QuestionnaireAnswer, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients import tasks
from patients.models import Patient, Task, TaskKind
from tests.infusions.asking import READ_THEM, answered, by_link, chosen, on, path
from tests.infusions.ordering import known_patient
from tests.infusions.test_questionnaires import refused_by_database

LOW = [0, 1, 0, 1, 0, 0, 0, 0]
POSITIVE = [*LOW, 1]


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def phq(vera: User, mara: User, now: datetime) -> Questionnaire:
    path(vera)
    return on(Kind.PHQ_9, vera, now)


def raised() -> list[Task]:
    return list(Task.objects.filter(kind=TaskKind.ANSWERS_TO_READ))


@pytest.mark.parametrize("value", [1, 2, 3])
def test_above_zero_it_makes_a_task_by_the_clinics_path(
    ada: Patient, nils: User, phq: Questionnaire, now: datetime, value: int
) -> None:
    response = answered(ada, phq, [*LOW, value], nils, now)
    [task] = raised()
    assert (task.patient, task.for_role, task.words) == (ada, "prescriber", READ_THEM)
    assert (task.about, task.about_kind, task.raised_by) == (response.pk, "questionnaire-response", nils)
    assert task.due_on == ada.clinic.today(now)
    connection.check_constraints()


def test_the_next_day_is_the_clinics_next_day(
    ada: Patient, nils: User, vera: User, phq: Questionnaire, now: datetime
) -> None:
    path(vera, role="nurse", due="next-day")
    late = now.replace(hour=23) + timedelta(hours=8)  # 23:00 on the clinic's wall, tomorrow in Greenwich
    answered(ada, phq, POSITIVE, nils, late)
    [task] = raised()
    assert (task.for_role, task.due_on) == ("nurse", ada.clinic.today(late) + timedelta(days=1))


@pytest.mark.parametrize("values", [[*LOW, 0], [*LOW, None], LOW, [3] * 8])
def test_zero_or_no_answer_makes_none(
    ada: Patient, nils: User, phq: Questionnaire, now: datetime, values: list
) -> None:
    answered(ada, phq, values, nils, now)
    assert raised() == []


def test_item_9_alone_is_enough(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    answered(ada, phq, [None] * 8 + [1], nils, now)
    assert len(raised()) == 1


def test_no_other_measure_makes_one(ada: Patient, nils: User, vera: User, now: datetime) -> None:
    answered(ada, on(Kind.GAD_7, vera, now), [3] * 7, nils, now)
    assert raised() == []


def test_by_the_patients_link_too(ada: Patient, phq: Questionnaire, now: datetime) -> None:
    by_link(ada, phq, POSITIVE, now)
    [task] = raised()
    assert (task.raised_by, task.due_on) == (None, ada.clinic.today(now))
    connection.check_constraints()


def test_the_task_tells_nothing_clinical(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    answered(ada, phq, POSITIVE, nils, now)
    [task] = raised()
    shown = f"{task.words} {task.kind} {task.about_kind} {task.done_note}".lower()
    assert not [word for word in ("phq", "item 9", "hurt", "dead", "positive", "above") if word in shown]


# Corrections


def test_a_correction_that_takes_it_back_leaves_the_task(
    ada: Patient, nils: User, phq: Questionnaire, now: datetime
) -> None:
    first = answered(ada, phq, POSITIVE, nils, now)
    responses.correct(response_id=first.pk, answers=chosen(phq, [*LOW, 0]), reason="Misread", by=nils, now=now)
    [task] = raised()
    assert task.is_open
    assert outcomes.task_to_read(first) == task


def test_so_does_striking_the_answers(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    first = answered(ada, phq, POSITIVE, nils, now)
    responses.strike(response_id=first.pk, reason="Another's", by=nils, now=now)
    assert [task.is_open for task in raised()] == [True]


def test_a_correction_that_brings_it_makes_one(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    first = answered(ada, phq, [*LOW, 0], nils, now)
    nine = {list(phq.items.all())[8].pk: chosen(phq, POSITIVE)[list(phq.items.all())[8].pk]}
    second = responses.correct(response_id=first.pk, answers=nine, reason="Misread", by=nils, now=now)
    [task] = raised()
    assert task.about == first.pk == second.identifier
    connection.check_constraints()


def test_one_open_task_is_enough_and_one_that_is_done_is_not(
    ada: Patient, nils: User, mara: User, phq: Questionnaire, now: datetime
) -> None:
    first = answered(ada, phq, POSITIVE, nils, now)
    second = responses.correct(response_id=first.pk, answers=chosen(phq, [3]), reason="Misread", by=nils, now=now)
    [task] = raised()
    tasks.finish(task.pk, note="Called.", by=mara, now=now)
    responses.correct(response_id=second.pk, answers=chosen(phq, [2]), reason="Again", by=nils, now=now)
    assert sorted(task.is_open for task in raised()) == [False, True]
    connection.check_constraints()


# All or nothing


def test_if_the_answers_fall_the_task_falls(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    def interrupted() -> None:
        answered(ada, phq, POSITIVE, nils, now)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), recorded(by=nils):
        interrupted()
    assert not QuestionnaireResponse.objects.exists()
    assert raised() == []


def unasked(patient: Patient, asked: Questionnaire, by: User, now: datetime) -> QuestionnaireResponse:
    """A positive answer, written around the door and without its task."""
    row = QuestionnaireResponse(
        patient=patient, questionnaire=asked, source="staff", entered_by=by, authored_at=now, entered_at=now
    )
    row.identifier = row.pk
    row.save()
    answers = chosen(asked, POSITIVE)
    QuestionnaireAnswer.objects.bulk_create(
        QuestionnaireAnswer(response=row, item_id=item, option_id=option) for item, option in answers.items()
    )
    return row


@pytest.mark.parametrize("task", ["none", "of the desk", "done", "about something else"])
def test_around_the_door_there_are_no_answers_without_somebody_to_read_them(
    ada: Patient, nils: User, mara: User, phq: Questionnaire, now: datetime, task: str
) -> None:
    def write() -> None:
        row = unasked(ada, phq, nils, now)
        wanted = {
            "clinic": ada.clinic, "patient": ada, "kind": TaskKind.ANSWERS_TO_READ, "words": READ_THEM,
            "about": row.pk, "for_role": "prescriber", "by": nils, "now": now,
        }  # fmt: skip
        if task == "of the desk":
            tasks.raise_task(**{**wanted, "for_role": "front-desk"})
        if task == "done":
            tasks.finish(tasks.raise_task(**wanted).pk, by=mara, now=now)
        if task == "about something else":
            tasks.raise_task(**{**wanted, "about": ada.pk})
        connection.check_constraints()

    with pytest.raises(IntegrityError) as refused, recorded(by=nils):
        write()
    assert refused_by_database(refused.value) == "positive_item_has_its_task"


@pytest.mark.django_db(transaction=True)
def test_at_commit_nothing_stays_of_it(ada: Patient, nils: User, phq: Questionnaire, now: datetime) -> None:
    with pytest.raises(IntegrityError), recorded(by=nils):
        unasked(ada, phq, nils, now)
    assert not QuestionnaireResponse.objects.exists()
    assert not QuestionnaireAnswer.objects.exists()
    answered(ada, phq, POSITIVE, nils, now)
    assert (QuestionnaireResponse.objects.count(), len(raised())) == (1, 1)


def test_no_system_job_but_the_link_gets_this_far(ada: Patient, phq: Questionnaire, now: datetime) -> None:
    from config.refusals import NotAllowed

    for job in set(SystemJob) - {SystemJob.PATIENT_LINK}:
        with pytest.raises(NotAllowed):
            responses.receive(patient=ada, questionnaire_id=phq.pk, answers=chosen(phq, POSITIVE), by=job, now=now)
    assert raised() == []
