"""What a clinic asks before a visit and what patients answer: letter by letter, all of it kept, by their link alone."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed, Stale
from scheduling import questions
from scheduling.booking import arrive
from scheduling.models import VisitAnswer, VisitQuestion
from scheduling.questions import Words
from tests.notifications.story import opened, taken_on, visit_of

pytestmark = pytest.mark.django_db
LINK = SystemJob.PATIENT_LINK
CHANGED = Words("Has anything changed since your last visit?", "¿Ha cambiado algo desde su última visita?")
KNOW = Words("Is there anything we should know?")


@pytest.fixture
def visit(clinic, nils, ana, now):
    rosa = taken_on(opened(clinic, nils), now=now)
    start = (now + timedelta(days=3)).replace(hour=18, minute=0, second=0, microsecond=0)
    return visit_of(rosa, start, now=now, by=ana)


@pytest.fixture
def asked(clinic, vera, now):
    return questions.ask(clinic=clinic, questions=[CHANGED, KNOW], by=vera, now=now)


def says(visit, now, **said):
    """Answers by number of the question."""
    listed = questions.asked(visit.clinic)
    given = {listed[int(number.removeprefix("q"))].pk: text for number, text in said.items()}
    return questions.answer(appointment_id=visit.pk, said=given, language="en", how="link", by=LINK, now=now)


class TestTheList:
    def test_other_words_are_another_question_and_the_old_one_keeps_its_answers(self, visit, asked, clinic, vera, now):
        says(visit, now, q0="A cold")
        new = questions.ask(clinic=clinic, questions=[KNOW, Words("Any news?")], by=vera, now=now)
        assert [one.wording for one in new] == [KNOW.english, "Any news?"]
        assert VisitQuestion.objects.get(pk=asked[0].pk).retired_at == now
        assert [told.question for told in questions.of_visit(visit)] == [CHANGED.english]
        again = questions.ask(clinic=clinic, questions=[CHANGED], by=vera, now=now)
        assert again[0].pk == asked[0].pk

    def test_whoever_had_an_older_list_before_them_is_told(self, asked, clinic, vera, now):
        seen = questions.mark_of(asked)
        questions.ask(clinic=clinic, questions=[KNOW], by=vera, now=now, seen=seen)
        with pytest.raises(Stale):
            questions.ask(clinic=clinic, questions=[CHANGED], by=vera, now=now, seen=seen)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ([Words("x" * 201)], "english-1"),
            ([KNOW, Words("Other", "y" * 201)], "spanish-2"),
            ([Words("", "¿Algo?")], "english-1"),
            ([KNOW, Words(KNOW.english.upper())], "english-2"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_line(self, clinic, vera, now, wrong, field):
        with pytest.raises(Invalid) as refused:
            questions.ask(clinic=clinic, questions=wrong, by=vera, now=now)
        assert list(refused.value.errors) == [field]

    def test_there_is_an_end_of_questions(self, clinic, vera, now):
        with pytest.raises(Invalid):
            questions.ask(clinic=clinic, questions=[Words(f"Question {n}") for n in range(9)], by=vera, now=now)

    def test_only_managers_ask(self, clinic, ana, now):
        with pytest.raises(NotAllowed):
            questions.ask(clinic=clinic, questions=[KNOW], by=ana, now=now)

    @pytest.mark.parametrize("change", [{"wording": "Another"}, {"wording_es": "Otra"}])
    def test_the_database_lets_no_question_become_another(self, asked, vera, change):
        with pytest.raises(DatabaseError), transaction.atomic(), recorded(by=vera):
            VisitQuestion.objects.filter(pk=asked[0].pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic(), recorded(by=vera):
            VisitQuestion.objects.filter(pk=asked[0].pk).delete()

    def test_a_question_asks_something(self, clinic, vera):
        with pytest.raises(IntegrityError, match="visit_question_asks_something"), recorded(by=vera):
            VisitQuestion(clinic=clinic, wording=" ", position=0).save()


class TestAnswers:
    TYPED = "  Fever on Monday,\r\n38.5 °C — and <b>no</b> appetite \U0001f912 "

    def test_they_are_kept_letter_by_letter(self, visit, asked, now):
        [row] = says(visit, now, q0=self.TYPED, q1=" ")
        assert row.said == self.TYPED.replace("\r\n", "\n")
        row.refresh_from_db()
        assert (row.actor, row.how, row.placing) == ("job:patient-link", "link", 1)

    def test_the_same_twice_is_once_and_another_answer_is_another_row(self, visit, asked, now):
        says(visit, now, q0="A cold", q1="No")
        assert says(visit, now, q0="A cold", q1="No") == []
        says(visit, now + timedelta(minutes=1), q0="A cold and a cough", q1="No")
        says(visit, now + timedelta(minutes=2), q1="")
        told = questions.of_visit(visit)
        assert [(one.answer.said, one.earlier) for one in told] == [("A cold and a cough", 1), ("", 1)]
        assert VisitAnswer.objects.count() == 4

    def test_a_question_that_was_retired_meanwhile_is_answered_all_the_same(self, visit, asked, clinic, vera, now):
        questions.ask(clinic=clinic, questions=[KNOW], by=vera, now=now)
        said = {asked[0].pk: "A cold"}
        assert questions.answer(appointment_id=visit.pk, said=said, language="en", how="link", by=LINK, now=now)

    def test_a_long_one_is_refused_at_its_question_and_nothing_is_kept(self, visit, asked, now):
        with pytest.raises(Invalid) as refused:
            says(visit, now, q0="x" * 1001, q1="No")
        assert list(refused.value.errors) == [str(asked[0].pk)]
        assert not VisitAnswer.objects.exists()

    def test_of_another_clinics_question_nothing_is_kept(self, visit, other_clinic, now):
        with recorded(by=SystemJob.SET_UP):
            theirs = VisitQuestion(clinic=other_clinic, wording="Theirs?", position=0)
            theirs.save()
        said = {theirs.pk: "Yes"}
        assert questions.answer(appointment_id=visit.pk, said=said, language="en", how="link", by=LINK, now=now) == []

    def test_once_the_patient_is_here_it_is_too_late(self, visit, asked, ana, now):
        at = visit.start - timedelta(hours=1)
        arrive(appointment_id=visit.pk, by=ana, now=at)
        with pytest.raises(Clash):
            says(visit, at, q0="A cold")

    def test_which_visits_were_answered_before(self, visit, asked, now):
        assert questions.answered([visit.pk]) == set()
        says(visit, now, q0="A cold")
        assert questions.answered([visit.pk]) == {visit.pk}


class TestTheDatabase:
    def row(self, visit, asked, now, **columns):
        sent = {"appointment": visit, "placing": 1, "question": asked[0], "said": "A cold", "language": "en"}
        return VisitAnswer(**{**sent, "how": "link", "at": now, **columns})

    def test_nobody_but_the_link_answers_for_the_patient(self, visit, asked, ana, now):
        with pytest.raises(DatabaseError, match="only the patient's link"), recorded(by=ana):
            self.row(visit, asked, now).save(force_insert=True)

    def test_the_question_is_of_the_same_clinic(self, visit, asked, other_clinic, now):
        with recorded(by=SystemJob.SET_UP):
            theirs = VisitQuestion(clinic=other_clinic, wording="Theirs?", position=0)
            theirs.save()
        with pytest.raises(IntegrityError, match="another clinic"), recorded(by=LINK):
            self.row(visit, [theirs], now).save(force_insert=True)

    @pytest.mark.parametrize(
        ("column", "value", "constraint"),
        [
            ("said", "  ", "visit_answer_blank_is_empty"),
            ("language", "de", "visit_answer_language_known"),
            ("how", " ", "visit_answer_says_how"),
        ],
    )
    def test_each_constraint_holds(self, visit, asked, now, column, value, constraint):
        with pytest.raises(IntegrityError, match=constraint), recorded(by=LINK):
            self.row(visit, asked, now, **{column: value}).save(force_insert=True)

    def test_what_was_answered_stays(self, visit, asked, now):
        says(visit, now, q0="A cold")
        with pytest.raises(DatabaseError), transaction.atomic(), recorded(by=LINK):
            VisitAnswer.objects.update(said="Nothing")
        with pytest.raises(DatabaseError), transaction.atomic(), recorded(by=LINK):
            VisitAnswer.objects.all().delete()


def test_staff_read_the_answers_by_the_api_and_with_the_visit(visit, asked, ana, now, api_as, page_as):
    says(visit, now, q0="A cold\nsince Monday")
    says(visit, now + timedelta(minutes=1), q0="Better")
    answer = api_as(ana).get(f"/api/v1/appointments/{visit.pk}/answers/")
    assert answer.status_code == 200
    assert [(one["asked"], one["said"]) for one in answer.json()] == [
        (CHANGED.english, "Better"),
        (CHANGED.english, "A cold\nsince Monday"),
    ]
    page = page_as(ana).get(f"/appointments/{visit.pk}/").content.decode()
    assert f"{CHANGED.english} “Better” (by link" in page
    assert "since Monday" not in page
    told = page_as(ana).get(f"/appointments/{visit.pk}/history/").content.decode()
    assert "since Monday" in told
