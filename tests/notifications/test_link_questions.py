"""Questions before a visit on the patient's page: read and answered behind the birth date, kept whatever goes wrong."""

from datetime import timedelta

import pytest
import time_machine

from config.audit.acting import SystemJob, recorded
from notifications.models import Purpose
from notifications.purposes import switch_purpose
from patients.models import Task, TaskKind
from patients.tasks import finish
from scheduling import questions
from scheduling.booking import arrive
from scheduling.models import VisitAnswer
from scheduling.questions import Words
from tests.notifications.story import BORN
from tests.notifications.test_link_page import everything, text_of

pytestmark = pytest.mark.django_db
CHANGED = Words("Has anything changed since your last visit?", "¿Ha cambiado algo desde su última visita?")
KNOW = Words("Is there anything we should know?")
WORDS = "Fever <on> Monday,\r\n38.5 °C"


@pytest.fixture
def asked(harbour, vera, now):
    switch_purpose(clinic=harbour, purpose=Purpose.QUESTIONS, on=True, by=vera, now=now)
    return questions.ask(clinic=harbour, questions=[CHANGED, KNOW], by=vera, now=now)


def typed(asked, *said):
    """The whole form as a browser sends it."""
    return {"do": "answers"} | {f"q-{one.pk}": text for one, text in zip(asked, said, strict=True)}


def tasks():
    return list(Task.objects.open().filter(kind=TaskKind.ANSWERS_TO_READ).values_list("for_role", "about"))


def test_they_are_shown_behind_the_birth_date_alone(asked, phone, opens):
    assert CHANGED.english not in text_of(phone.get(opens))
    phone.post(opens, BORN)
    page = text_of(phone.get(opens))
    assert CHANGED.english in page
    assert "call 911" in page
    assert len(page.encode()) < 30 * 1024


@pytest.mark.parametrize("off", ["switch", "questions"])
def test_a_clinic_that_asks_nothing_shows_nothing(asked, proven, opens, harbour, vera, thursday, off):
    if off == "switch":
        switch_purpose(clinic=harbour, purpose=Purpose.QUESTIONS, on=False, by=vera, now=thursday)
    else:
        questions.ask(clinic=harbour, questions=[], by=vera, now=thursday)
    assert "Before your visit" not in text_of(proven.get(opens))
    assert proven.post(opens, typed(asked, "A cold", "")).status_code == 409
    assert not VisitAnswer.objects.exists()


def test_answers_are_kept_letter_by_letter_and_somebody_reads_them(asked, proven, opens, friday):
    assert proven.post(opens, typed(asked, WORDS, "")).status_code == 302
    [row] = VisitAnswer.objects.all()
    assert (row.said, row.actor) == (WORDS.replace("\r\n", "\n"), "job:patient-link")
    assert tasks() == [("prescriber", friday.pk)]
    page = text_of(proven.get(opens))
    assert "We have your answers." in page
    assert "Fever &lt;on&gt; Monday" in page


def test_sent_twice_it_is_once(asked, proven, opens):
    for _ in range(2):
        assert proven.post(opens, typed(asked, WORDS, "")).status_code == 302
    before = everything()
    proven.post(opens, typed(asked, WORDS, ""))
    assert everything() == before


def test_what_is_new_after_it_was_read_is_read_again(asked, proven, opens, mara, thursday):
    proven.post(opens, typed(asked, "A cold", ""))
    finish(Task.objects.open().get(kind=TaskKind.ANSWERS_TO_READ).pk, by=mara, now=thursday)
    proven.post(opens, typed(asked, "A cold", ""))
    assert tasks() == []
    proven.post(opens, typed(asked, "A cold and a fever", ""))
    assert len(tasks()) == 1


def test_a_long_answer_is_refused_and_nothing_typed_is_lost(asked, proven, opens):
    answer = proven.post(opens, typed(asked, "x" * 1001, "Two steps at the door"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "At most 1000 letters." in page
    assert "x" * 1001 in page
    assert "Two steps at the door" in page
    assert not VisitAnswer.objects.exists()


def test_when_the_half_hour_is_over_what_was_typed_is_taken_with_the_birth_date(asked, proven, opens, thursday):
    with time_machine.travel(thursday + timedelta(minutes=31), tick=False):
        proven.cookies.clear()
        page = text_of(proven.post(opens, typed(asked, WORDS, "No")))
        assert "What you wrote is kept." in page
        assert not VisitAnswer.objects.exists()
        kept = {name: value for name, value in typed(asked, WORDS, "No").items() if name != "do"}
        assert all(f'name="{name}"' in page for name in kept)
        again = proven.post(opens, BORN | kept | {"then": "answers", "day": "3"})
        assert again.status_code == 422
        assert "Fever &lt;on&gt; Monday" in text_of(again)
        done = proven.post(opens, BORN | kept | {"then": "answers"})
        assert (done.status_code, "visit" in done.cookies) == (302, True)
    assert VisitAnswer.objects.count() == 2


def test_what_comes_along_with_the_birth_date_is_nothing_but_answers(asked, phone, opens, friday):
    phone.post(opens, BORN | {"then": "come"})
    friday.refresh_from_db()
    assert friday.confirmed_at is None


def test_once_the_patient_is_here_they_are_told_so_and_keep_their_words(asked, proven, opens, friday, ana):
    at = friday.start - timedelta(hours=1)
    arrive(appointment_id=friday.pk, by=ana, now=at)
    with time_machine.travel(at, tick=False):
        proven.post(opens, BORN)
        answer = proven.post(opens, typed(asked, "A cold", ""))
    assert answer.status_code == 409
    assert not VisitAnswer.objects.exists()


def test_opening_changes_nothing(asked, proven, opens):
    proven.post(opens, typed(asked, "A cold", ""))
    before = everything()
    for ask in (proven.get, proven.head):
        assert ask(f"{opens}?sent=1").status_code == 200
    assert everything() == before


def test_in_spanish_where_the_clinic_wrote_it_so(asked, proven, opens, link):
    with recorded(by=SystemJob.REMINDERS):
        link.message.language = "es"
        link.message.save()
    page = text_of(proven.get(opens))
    assert CHANGED.spanish in page
    assert KNOW.english in page
    assert "Antes de su visita" in page
    proven.post(opens, typed(asked, "Nada", ""))
    assert VisitAnswer.objects.get().language == "es"
