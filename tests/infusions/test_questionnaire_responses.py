"""Answers are kept as they were chosen: by whom, when, and never changed but by another row with a reason."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from config.audit.acting import SystemJob
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import Clinic, User
from infusions import outcomes, questionnaires, responses, signing
from infusions.models import Questionnaire, QuestionnaireAnswer, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients import register
from patients.models import Patient
from tests.infusions.asking import SLEEP, answered, by_link, chosen, on, own, told
from tests.infusions.ordering import known_patient
from tests.infusions.test_questionnaires import OTHER_WORDS
from tests.infusions.visiting import Day, open_day  # noqa: F401


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def sleep(vera: User, now: datetime) -> Questionnaire:
    return own(vera, now)


def standing(patient: Patient) -> list[list[int | None]]:
    return [told(response) for response in outcomes.of_patient(patient)]


# Entered by staff


def test_answers_are_kept_as_they_were_chosen(ada: Patient, nils: User, sleep: Questionnaire, now: datetime) -> None:
    response = answered(ada, sleep, [2, 0], nils, now, authored_at=now - timedelta(days=1))
    assert told(response) == [2, 0]
    assert (response.source, response.entered_by, response.entered_at) == ("staff", nils, now)
    assert (response.authored_at, response.identifier) == (now - timedelta(days=1), response.pk)
    assert (response.visit, response.appointment) == (None, None)
    connection.check_constraints()


def test_an_unanswered_item_is_null_and_never_zero(
    ada: Patient, nils: User, sleep: Questionnaire, now: datetime
) -> None:
    left_out = answered(ada, sleep, [2], nils, now)
    said_so = answered(ada, sleep, [None, 2], nils, now)
    assert [told(left_out), told(said_so)] == [[2, None], [None, 2]]
    assert QuestionnaireAnswer.objects.filter(option=None).count() == 2
    connection.check_constraints()


def test_nothing_answered_is_nothing_to_keep(ada: Patient, nils: User, sleep: Questionnaire, now: datetime) -> None:
    for values in ([], [None, None]):
        with pytest.raises(Invalid) as refused:
            answered(ada, sleep, values, nils, now)
        assert list(refused.value.errors) == ["answers"]
    assert not QuestionnaireResponse.objects.exists()


def test_only_what_was_offered_can_be_chosen(
    ada: Patient, nils: User, vera: User, sleep: Questionnaire, now: datetime
) -> None:
    [first, second] = sleep.items.all()
    other = on(Kind.NRS, vera, now)
    [pain] = other.items.all()
    for answers in (
        {first.pk: second.options.all()[0].pk},
        {first.pk: uuid4()},
        {uuid4(): first.options.all()[0].pk},
        {pain.pk: pain.options.all()[0].pk},
    ):
        with pytest.raises(Invalid) as refused:
            responses.record(patient=ada, questionnaire_id=sleep.pk, answers=answers, by=nils, now=now)
        assert list(refused.value.errors) == ["answers"]
    assert not QuestionnaireResponse.objects.exists()


def test_sent_twice_it_is_written_once(ada: Patient, nils: User, sleep: Questionnaire, now: datetime) -> None:
    client_id = uuid4()
    first = answered(ada, sleep, [1, 1], nils, now, client_id=client_id)
    assert answered(ada, sleep, [2, 2], nils, now, client_id=client_id) == first
    assert standing(ada) == [[1, 1]]


def test_it_was_answered_in_our_times_and_not_tomorrow(
    ada: Patient, nils: User, sleep: Questionnaire, now: datetime
) -> None:
    for at in (now + timedelta(hours=1), now.replace(year=1800)):
        with pytest.raises(Invalid) as refused:
            answered(ada, sleep, [1, 1], nils, now, authored_at=at)
        assert list(refused.value.errors) == ["authored_at"]


def test_only_clinicians_of_the_clinic_enter_answers(
    ada: Patient, ana: User, vera: User, olu: User, mara: User, other_clinic: Clinic, sleep: Questionnaire,
    now: datetime,
) -> None:  # fmt: skip
    for person in (ana, vera, olu):
        with pytest.raises(NotAllowed):
            answered(ada, sleep, [1, 1], person, now)
    with pytest.raises(NotFound):
        answered(known_patient(other_clinic, now), sleep, [1, 1], mara, now)
    assert answered(ada, sleep, [1, 1], mara, now).entered_by == mara


def test_what_is_not_in_use_is_not_answered(
    ada: Patient, nils: User, vera: User, sleep: Questionnaire, now: datetime
) -> None:
    questionnaires.put_in_use(questionnaire_id=sleep.pk, active=False, by=vera)
    with pytest.raises(Clash) as refused:
        answered(ada, sleep, [1, 1], nils, now)
    assert refused.value.code == "not-in-use"


def test_answers_to_words_that_were_replaced_meanwhile_keep_those_words(
    ada: Patient, nils: User, vera: User, sleep: Questionnaire, now: datetime
) -> None:
    questionnaires.revise(questionnaire_id=sleep.pk, measure=OTHER_WORDS, by=vera, now=now)
    response = answered(ada, sleep, [1, 2], nils, now)
    assert questionnaires.as_measure(response.questionnaire) == SLEEP
    assert told(response) == [1, 2]


def test_not_on_a_record_that_was_merged_away(ada: Patient, nils: User, sleep: Questionnaire, now: datetime) -> None:
    kept = known_patient(ada.clinic, now)
    register.merge(patient_id=ada.pk, into_id=kept.pk, by=SystemJob.SET_UP, reason="One person.")
    with pytest.raises(Clash):
        answered(ada, sleep, [1, 1], nils, now)
    with pytest.raises(Clash):
        by_link(ada, sleep, [1, 1], now)


# By the patient's own link


def test_a_patient_answers_by_their_link(day: Day, sleep: Questionnaire, now: datetime) -> None:
    appointment = day.booked(day.order(day.patient()))
    response = by_link(appointment.patient, sleep, [0, None], now, appointment_id=appointment.pk)
    assert (response.source, response.entered_by, response.actor) == ("patient-link", None, "job:patient-link")
    assert (response.appointment, response.visit) == (appointment, None)
    assert told(response) == [0, None]
    connection.check_constraints()


def test_the_link_passes_the_same_checks(ada: Patient, vera: User, sleep: Questionnaire, now: datetime) -> None:
    with pytest.raises(Invalid):
        by_link(ada, sleep, [None], now)
    with pytest.raises(NotFound):
        by_link(ada, sleep, [1], now, appointment_id=uuid4())
    client_id = uuid4()
    assert by_link(ada, sleep, [1], now, client_id=client_id) == by_link(ada, sleep, [2], now, client_id=client_id)
    questionnaires.put_in_use(questionnaire_id=sleep.pk, active=False, by=vera)
    with pytest.raises(Clash):
        by_link(ada, sleep, [1, 1], now)


def test_nobody_else_answers_for_the_patient(
    ada: Patient, nils: User, ana: User, sleep: Questionnaire, now: datetime
) -> None:
    for by in (SystemJob.IMPORT, SystemJob.WEB_FORM, SystemJob.REMINDERS, nils, ana):
        with pytest.raises(NotAllowed):
            responses.receive(patient=ada, questionnaire_id=sleep.pk, answers=chosen(sleep, [1, 1]), by=by, now=now)


def test_a_link_does_not_correct(ada: Patient, sleep: Questionnaire, now: datetime) -> None:
    response = by_link(ada, sleep, [1, 1], now)
    with pytest.raises(NotAllowed):
        responses.correct(
            response_id=response.pk, answers=chosen(sleep, [2]), reason="So.", by=SystemJob.PATIENT_LINK, now=now
        )


# Corrections


def test_a_correction_is_another_row_with_a_reason(
    ada: Patient, nils: User, mara: User, sleep: Questionnaire, now: datetime
) -> None:
    first = answered(ada, sleep, [1, 2], nils, now)
    later = now + timedelta(minutes=5)
    second = responses.correct(response_id=first.pk, answers=chosen(sleep, [0]), reason=" Misread ", by=mara, now=later)
    assert (told(first), told(second)) == ([1, 2], [0, 2])
    assert (second.supersedes, second.identifier, second.correction_reason) == (first, first.pk, "Misread")
    assert (second.authored_at, second.entered_by, second.entered_at) == (first.authored_at, mara, later)
    assert standing(ada) == [[0, 2]]
    assert outcomes.chain(first) == [second, first]
    connection.check_constraints()


def test_an_answer_can_be_taken_back_to_none(ada: Patient, nils: User, sleep: Questionnaire, now: datetime) -> None:
    first = by_link(ada, sleep, [1, 2], now)
    responses.correct(response_id=first.pk, answers=chosen(sleep, [None]), reason="Not said.", by=nils, now=now)
    assert standing(ada) == [[None, 2]]


def test_when_it_was_answered_can_be_corrected(ada: Patient, nils: User, sleep: Questionnaire, now: datetime) -> None:
    first = answered(ada, sleep, [1, 2], nils, now)
    before = now - timedelta(days=2)
    second = responses.correct(
        response_id=first.pk, answers={}, reason="On Saturday.", by=nils, now=now, authored_at=before
    )
    assert (second.authored_at, told(second)) == (before, [1, 2])


def test_a_correction_needs_a_reason_and_a_difference(
    ada: Patient, nils: User, sleep: Questionnaire, now: datetime
) -> None:
    first = answered(ada, sleep, [1, 2], nils, now)
    for answers, reason, field in (
        (chosen(sleep, [0]), "  ", "correction_reason"),
        (chosen(sleep, [0]), "x" * 201, "correction_reason"),
        (chosen(sleep, [1, 2]), "The same", "answers"),
        ({}, "Nothing", "answers"),
        (chosen(sleep, [None, None]), "All", "answers"),
    ):
        with pytest.raises(Invalid) as refused:
            responses.correct(response_id=first.pk, answers=answers, reason=reason, by=nils, now=now)
        assert list(refused.value.errors) == [field]
    assert QuestionnaireResponse.objects.count() == 1


def test_the_newest_is_corrected_once(ada: Patient, nils: User, sleep: Questionnaire, now: datetime) -> None:
    first = answered(ada, sleep, [1, 2], nils, now)
    act = {"response_id": first.pk, "by": nils, "now": now, "reason": "Misread"}
    sent = uuid4()
    second = responses.correct(answers=chosen(sleep, [0]), client_id=sent, **act)
    assert responses.correct(answers=chosen(sleep, [0]), client_id=sent, **act) == second
    with pytest.raises(Clash) as refused:
        responses.correct(answers=chosen(sleep, [2]), **act)
    assert refused.value.code == "corrected-already"
    responses.correct(**{**act, "response_id": second.pk}, answers=chosen(sleep, [2]))
    assert standing(ada) == [[2, 2]]


def test_answers_that_were_never_theirs_are_struck_and_stay(
    ada: Patient, nils: User, sleep: Questionnaire, now: datetime
) -> None:
    first = answered(ada, sleep, [1, 2], nils, now)
    struck = responses.strike(response_id=first.pk, reason="Another Ada's sheet", by=nils, now=now)
    assert (struck.entered_in_error, told(struck), told(first)) == (True, [], [1, 2])
    assert standing(ada) == []
    with pytest.raises(Clash):
        responses.correct(response_id=struck.pk, answers=chosen(sleep, [0]), reason="Back", by=nils, now=now)
    connection.check_constraints()


def test_corrections_are_the_clinics_own(
    ada: Patient, ana: User, vera: User, sleep: Questionnaire, other_clinic: Clinic, nils: User, now: datetime
) -> None:
    from tests.conftest import hired

    first = answered(ada, sleep, [1, 2], nils, now)
    for person in (ana, vera):
        with pytest.raises(NotAllowed):
            responses.strike(response_id=first.pk, reason="So", by=person, now=now)
    with pytest.raises(NotFound):
        responses.strike(response_id=first.pk, reason="So", by=hired(other_clinic, "yo", "Yo", "nurse", "RN"), now=now)


# In a visit


def test_answers_in_a_visit_are_part_of_its_record(day: Day, sleep: Questionnaire) -> None:
    visit = day.started()
    response = answered(visit.patient, sleep, [1, 2], day.nurse, day.now(), visit_id=visit.pk)
    assert (response.visit, response.appointment_id) == (visit, visit.appointment_id)
    assert outcomes.of_visit(visit) == [response]
    connection.check_constraints()


def test_of_another_patients_visit_there_is_none(day: Day, sleep: Questionnaire) -> None:
    visit = day.started()
    with pytest.raises(NotFound):
        answered(day.patient("Reed"), sleep, [1, 2], day.nurse, day.now(), visit_id=visit.pk)


def test_nothing_is_attached_to_a_signed_visit(day: Day, sleep: Questionnaire) -> None:
    visit = day.discharged()
    response = answered(visit.patient, sleep, [1, 2], day.nurse, day.now(), visit_id=visit.pk)
    day.signed(visit)
    more = {"by": day.nurse, "now": day.now()}
    for attempt in (
        lambda: answered(visit.patient, sleep, [2, 2], day.nurse, day.now(), visit_id=visit.pk),
        lambda: responses.correct(response_id=response.pk, answers=chosen(sleep, [0]), reason="So", **more),
        lambda: responses.strike(response_id=response.pk, reason="So", **more),
    ):
        with pytest.raises(Clash) as refused:
            attempt()
        assert refused.value.code == "signed"
    # What belongs to no record is as welcome as before.
    assert answered(visit.patient, sleep, [2, 2], day.nurse, day.now()).visit is None
    assert by_link(visit.patient, sleep, [2, 2], day.now(), appointment_id=visit.appointment_id).visit is None


def test_the_signature_covers_what_was_answered_in_the_visit(day: Day, sleep: Questionnaire) -> None:
    visit = day.discharged()
    response = answered(visit.patient, sleep, [1, None], day.nurse, day.now(), visit_id=visit.pk)
    note = day.signed(visit)
    [covered] = signing_content(note)["answers"].values()
    assert covered["told"] == [["I sleep through the night", "Sometimes", 1], ["I wake up rested", None, None]]
    assert list(signing.broken()) == []
    connection.check_constraints()
    with connection.cursor() as cursor:  # as the owner of the tables could, who may switch triggers off
        cursor.execute("ALTER TABLE infusions_questionnaireanswer DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE infusions_questionnaireanswer SET option_id = NULL WHERE response_id = %s", [response.pk]
        )
        connection.check_constraints()
        cursor.execute("ALTER TABLE infusions_questionnaireanswer ENABLE TRIGGER USER")
    assert list(signing.broken()) == [note]


def signing_content(note) -> dict:
    from infusions.notes import note_content

    return dict(note_content(note))


def test_answers_that_come_after_the_review_are_read_before_the_signature(day: Day, sleep: Questionnaire) -> None:
    from config.refusals import Stale
    from infusions import records
    from infusions.notes import record_fingerprint
    from tests.conftest import PASSWORD

    note = day.noted()
    reviewed = record_fingerprint(note)
    answered(note.visit.patient, sleep, [1, 2], day.nurse, day.now(), visit_id=note.visit_id)
    with pytest.raises(Stale):
        records.sign_note(
            visit_id=note.visit_id, by=day.nurse, now=day.now(), password=PASSWORD, version=note.version,
            reviewed=reviewed,
        )  # fmt: skip
