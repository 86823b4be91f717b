"""Answers around their doors: what the database itself refuses."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.staff.models import Clinic, User
from infusions import questionnaires
from infusions.models import Questionnaire, QuestionnaireAnswer, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients.models import Patient
from tests.infusions.asking import answered, on, own
from tests.infusions.ordering import known_patient
from tests.infusions.test_questionnaires import refused_by_database
from tests.infusions.visiting import Day, open_day  # noqa: F401


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def sleep(vera: User, now: datetime) -> Questionnaire:
    return own(vera, now)


def test_not_even_around_the_door(day: Day, sleep: Questionnaire) -> None:
    visit = day.discharged()
    day.signed(visit)
    with pytest.raises(DatabaseError) as refused, recorded(by=day.nurse):
        bare(visit.patient, sleep, day, visit=visit, appointment=visit.appointment).save()
    assert sqlstate(refused.value) == "DK005"


def bare(patient: Patient, asked: Questionnaire, day: Day, **more) -> QuestionnaireResponse:
    """A row as somebody would write it without the door."""
    values = {"authored_at": day.clock, "entered_at": day.clock, "source": "staff", "entered_by": day.nurse, **more}
    row = QuestionnaireResponse(patient=patient, questionnaire=asked, **values)
    row.identifier = values.get("identifier", row.pk)
    return row


def test_the_database_lets_nobody_write_for_a_clinician_or_for_the_patient(
    day: Day, ada: Patient, vera: User, sleep: Questionnaire
) -> None:
    by_themselves = {"source": "patient-link", "entered_by": None}
    for person, more in (
        (day.desk, {}),
        (vera, {}),
        (day.desk, {"entered_by": day.desk}),
        (vera, {"entered_by": vera}),
        (day.prescriber, {}),
        (SystemJob.IMPORT, {}),
        (SystemJob.PATIENT_LINK, {}),
        (day.nurse, by_themselves),
        (day.desk, by_themselves),
        (SystemJob.IMPORT, by_themselves),
    ):
        for write in (lambda row: row.save(), lambda row: QuestionnaireResponse.objects.bulk_create([row])):
            with pytest.raises(DatabaseError) as refused, recorded(by=person):
                write(bare(ada, sleep, day, **more))
            assert sqlstate(refused.value) == "DK004"
    assert not QuestionnaireResponse.objects.exists()


def test_the_database_changes_and_removes_no_answer(day: Day, ada: Patient, sleep: Questionnaire) -> None:
    response = answered(ada, sleep, [1, 2], day.nurse, day.now())
    for attempt in (
        lambda: QuestionnaireResponse.objects.filter(pk=response.pk).update(authored_at=day.clock),
        lambda: QuestionnaireResponse.objects.filter(pk=response.pk)._raw_delete("default"),
        lambda: QuestionnaireAnswer.objects.filter(response=response).update(option=None),
        lambda: QuestionnaireAnswer.objects.filter(response=response).delete(),
    ):
        with pytest.raises(DatabaseError) as refused, recorded(by=day.nurse):
            attempt()
        assert sqlstate(refused.value) == "DK003"


def test_an_answer_is_to_an_item_that_was_asked_and_one_of_its_own(
    day: Day, ada: Patient, sleep: Questionnaire, vera: User
) -> None:
    [pain] = on(Kind.NRS, vera, day.clock).items.all()
    first, second = sleep.items.all()

    def write(item, option) -> None:
        row = bare(ada, sleep, day)
        row.save()
        QuestionnaireAnswer(response=row, item=item, option=option).save()

    for item, option in ((pain, pain.options.all()[3]), (first, second.options.all()[0])):
        with pytest.raises(IntegrityError) as refused, recorded(by=day.nurse):
            write(item, option)
        assert refused_by_database(refused.value) == "answer_fits_item"


def test_at_commit_every_item_has_its_row(day: Day, ada: Patient, sleep: Questionnaire) -> None:
    def write() -> None:
        row = bare(ada, sleep, day)
        row.save()
        first = sleep.items.all()[0]
        QuestionnaireAnswer(response=row, item=first, option=first.options.all()[0]).save()
        connection.check_constraints()

    with pytest.raises(IntegrityError) as refused, recorded(by=day.nurse):
        write()
    assert refused_by_database(refused.value) == "response_answers_every_item"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"entered_in_error": True}, "response_corrected_with_reason"),
        ({"correction_reason": "So"}, "response_corrected_with_reason"),
        ({"authored_at": datetime.fromisoformat("2027-01-01T00:00:00+00:00")}, "response_not_in_the_future"),
        ({"source": "post"}, "DK004"),
    ],
)
def test_the_database_says_what_a_response_is(
    day: Day, ada: Patient, sleep: Questionnaire, more: dict, name: str
) -> None:
    with pytest.raises(DatabaseError) as refused, recorded(by=day.nurse):
        bare(ada, sleep, day, **more).save()
    assert refused_by_database(refused.value) == name


def test_a_link_never_writes_into_a_record(day: Day, sleep: Questionnaire) -> None:
    visit = day.started()
    row = bare(
        visit.patient, sleep, day, visit=visit, appointment=visit.appointment, source="patient-link", entered_by=None
    )
    with pytest.raises(IntegrityError) as refused, recorded(by=SystemJob.PATIENT_LINK):
        row.save()
    assert refused_by_database(refused.value) == "response_by_staff_or_link"


def test_a_response_is_of_ones_own_clinic_visit_and_set(
    day: Day, ada: Patient, sleep: Questionnaire, other_clinic: Clinic, vera: User
) -> None:
    visit = day.started()
    first = answered(ada, sleep, [1, 2], day.nurse, day.now())
    theirs = known_patient(other_clinic, day.clock)
    again = {"supersedes": first, "correction_reason": "So"}
    for row, name in (
        (bare(theirs, sleep, day), "response_to_what_is_asked"),
        (bare(ada, sleep, day, visit=visit, appointment=visit.appointment), "response_of_own_visit"),
        (bare(ada, sleep, day, appointment=visit.appointment), "response_of_own_visit"),
        (bare(visit.patient, sleep, day, visit=visit), "response_of_own_visit"),
        (bare(ada, sleep, day, identifier=uuid4()), "response_corrects_its_own"),
        (bare(ada, sleep, day, **again), "response_corrects_its_own"),
        (bare(visit.patient, sleep, day, identifier=first.pk, **again), "response_corrects_its_own"),
    ):
        with pytest.raises(IntegrityError) as refused, recorded(by=day.nurse):
            row.save()
        assert refused_by_database(refused.value) == name
    questionnaires.put_in_use(questionnaire_id=sleep.pk, active=False, by=vera)
    with pytest.raises(IntegrityError) as refused, recorded(by=day.nurse):
        bare(ada, sleep, day).save()
    assert refused_by_database(refused.value) == "response_to_what_is_asked"
