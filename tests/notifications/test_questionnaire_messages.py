"""A questionnaire some days after an infusion: sent to whoever agreed to questions, answered once, kept as chosen."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid, NotAllowed, NotFound
from infusions import by_link, questionnaires
from infusions.models import QuestionnaireAnswer, QuestionnaireResponse, QuestionnaireSchedule
from infusions.models.questionnaires import Kind
from notifications.models import Message, Purpose, VisitLink
from notifications.outbox import send_batch
from notifications.planner import plan
from notifications.purposes import switch_purpose
from patients.contact import record_consent
from patients.models import Task, TaskKind
from patients.register import amend
from scheduling.models import Appointment
from tests.infusions.asking import SLEEP, on, own, path
from tests.infusions.visiting import open_day  # noqa: F401  (the same day)
from tests.notifications.story import link_in

pytestmark = pytest.mark.django_db
BORN = {"do": "born", "month": "3", "day": "14", "year": "1970"}
ASKED = Purpose.QUESTIONNAIRE


@pytest.fixture
def asked(vera, mara, now):
    path(vera)
    return {"sleep": own(vera, now), "phq": on(Kind.PHQ_9, vera, now)}


@pytest.fixture
def visit(day, asked, vera, settings, now) -> Appointment:
    """Ada's infusion is over; the clinic asks both measures two days later, and Ada agreed to questions."""
    settings.PUBLIC_URL = "https://desk.example.com"
    switch_purpose(clinic=day.clinic, purpose=ASKED, on=True, by=vera, now=now - timedelta(days=30))
    for one in asked.values():
        by_link.ask_after(questionnaire_id=one.pk, days=2, by=vera)
    visit = day.discharged()
    amend(patient_id=visit.patient_id, by=day.desk, version=None, now=now, mobile="+12135550142")
    visit.patient.refresh_from_db()
    agrees(visit.patient, now)
    return Appointment.objects.get(pk=visit.appointment_id)


def agrees(patient, at, *, purpose="surveys", granted=True):
    said = {"how": "Spoken", "by": SystemJob.SET_UP, "at": at, "purpose": purpose, "granted": granted}
    record_consent(patient=patient, channel="sms", **said)


@pytest.fixture
def due(visit):
    return visit.start + timedelta(days=2)


def rows(visit):
    return list(Message.objects.filter(appointment=visit, purpose=ASKED))


@pytest.fixture
def link(visit, due, outbox_dir) -> VisitLink:
    plan(now=due - timedelta(hours=1))
    send_batch(channel="sms", now=due)
    return VisitLink.objects.get(message__purpose=ASKED)


@pytest.fixture
def opens(link, outbox_dir) -> str:
    return link_in(outbox_dir)


@pytest.fixture
def phone(due, opens):
    with time_machine.travel(due, tick=False):
        client = Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}")
        assert client.post(opens, BORN).status_code == 302
        yield client


def text_of(answer) -> str:
    return answer.content.decode()


def chosen(page: str, **places) -> dict[str, str]:
    """The form as a browser sends it, with these answers: `how_you_sleep=(1, None)` by the title's order of items."""
    sheets = dict(re.findall(r'name="sheet(\d)" value="([0-9a-f-]{36})"', page))
    sent = {"do": "how"} | {f"sheet{number}": pk for number, pk in sheets.items()}
    for sheet, answers in places.items():
        number = sheet.removeprefix("s")
        sent |= {f"a{number}-{item}": str(place) for item, place in enumerate(answers, 1) if place}
    return sent


class TestTheManager:
    def test_says_of_a_measure_when_it_is_sent(self, asked, vera, page_as):
        url = f"/settings/questionnaires/{asked['sleep'].pk}/"
        client = page_as(vera)
        assert client.post(url, {"days": "3"}).status_code == 302
        assert by_link.days_of(clinic=vera.clinic) == {asked["sleep"].canonical: 3}
        assert 'value="3"' in text_of(client.get(url))
        assert client.post(url, {"days": ""}).status_code == 302
        assert by_link.days_of(clinic=vera.clinic) == {}
        assert "Vera Lind" in text_of(client.get("/settings/questionnaires/history/"))

    @pytest.mark.parametrize("typed", ["0", "91", "soon", "-1"])
    def test_what_makes_no_sense_is_refused_and_stays_typed(self, asked, vera, page_as, typed):
        answer = page_as(vera).post(f"/settings/questionnaires/{asked['sleep'].pk}/", {"days": typed})
        assert answer.status_code == 422
        assert f'value="{typed}"' in text_of(answer)
        assert not QuestionnaireSchedule.objects.exists()

    def test_and_nobody_else(self, asked, ana, zoe):
        with pytest.raises(NotAllowed):
            by_link.ask_after(questionnaire_id=asked["sleep"].pk, days=2, by=ana)

    def test_of_another_clinics_there_is_none(self, asked, other_clinic, zoe, vera):
        with pytest.raises(NotFound):
            by_link.ask_after(questionnaire_id=uuid.uuid4(), days=2, by=vera)

    @pytest.mark.parametrize("columns", [{"days_after": 0}, {"days_after": 91}, {"canonical": uuid.uuid4()}])
    def test_the_database_refuses_the_same(self, asked, vera, columns):
        by_link.ask_after(questionnaire_id=asked["sleep"].pk, days=2, by=vera)
        with pytest.raises(IntegrityError), transaction.atomic():
            QuestionnaireSchedule.objects.update(**columns)


class TestWhenItIsSent:
    def test_so_many_days_later_in_one_message_for_all_that_is_due_then(self, visit, due, outbox_dir):
        for _ in range(2):
            plan(now=due - timedelta(hours=2))
        [row] = rows(visit)
        assert (row.state, row.offset_hours, row.planned_for) == ("planned", 48, due)
        send_batch(channel="sms", now=due)
        [row] = rows(visit)
        assert row.state == "accepted"
        assert "/v/•••/" in row.text

    @pytest.mark.parametrize("purpose", ["visits", "offers"])
    def test_only_to_whoever_agreed_to_questions(self, visit, due, purpose):
        agrees(visit.patient, due, granted=False)
        agrees(visit.patient, due, purpose=purpose)
        plan(now=due)
        assert rows(visit) == []

    def test_a_no_in_between_keeps_it_back(self, visit, due, outbox_dir):
        plan(now=due - timedelta(hours=2))
        agrees(visit.patient, due - timedelta(hours=1), granted=False)
        send_batch(channel="sms", now=due)
        assert [row.state for row in rows(visit)] == ["suppressed"]

    def test_switched_off_nothing_is_asked(self, visit, due, vera):
        switch_purpose(clinic=visit.clinic, purpose=ASKED, on=False, by=vera, now=due)
        plan(now=due)
        assert rows(visit) == []

    def test_what_was_due_before_it_was_switched_on_is_not_made_up_for(self, visit, due, vera):
        for on_now in (False, True):
            switch_purpose(clinic=visit.clinic, purpose=ASKED, on=on_now, by=vera, now=due + timedelta(hours=1))
        plan(now=due + timedelta(hours=2))
        assert rows(visit) == []

    def test_of_a_visit_that_did_not_take_place_nobody_is_asked(self, day, asked, visit, due):
        other = day.booked(day.order(day.patient("Reed")), hours=6)
        plan(now=due)
        assert rows(other) == []

    def test_a_measure_that_is_not_in_use_any_more_is_not_asked(self, visit, due, asked, vera):
        plan(now=due - timedelta(hours=2))
        for one in asked.values():
            questionnaires.put_in_use(questionnaire_id=one.pk, active=False, by=vera)
        plan(now=due - timedelta(hours=1))
        assert [row.state for row in rows(visit)] == ["suppressed"]


class TestAnswering:
    def test_before_the_birth_date_it_tells_nothing(self, opens, due):
        with time_machine.travel(due, tick=False):
            page = text_of(Client(REMOTE_ADDR="2001:db8::aaaa").get(opens))
        for told in ("PHQ", "sleep", "Quill", "Little interest"):
            assert told not in page

    def test_as_chosen_it_stands_on_the_chart_as_the_patients_own(self, phone, opens, visit, asked, nils, page_as):
        page = text_of(phone.get(opens))
        assert "Think of the last week." in page
        assert len(page.encode()) < 30 * 1024
        sent = chosen(page, s1=(2, None))
        assert phone.post(opens, sent).status_code == 302
        [row] = QuestionnaireResponse.objects.all()
        assert (row.source, row.actor, row.entered_by, row.visit) == ("patient-link", "job:patient-link", None, None)
        assert row.appointment_id == visit.pk
        told = {answer.item.position: answer.option and answer.option.label for answer in row.answers.all()}
        assert told == {1: "Sometimes", 2: None}
        after = text_of(phone.get(f"{opens}?sent=1"))
        assert "PHQ-9" in after
        assert "Think of the last week." not in after
        chart = text_of(page_as(nils).get(f"/patients/{visit.patient_id}/questionnaires/"))
        assert "link" in chart

    def test_twice_is_once_and_what_came_first_stays(self, phone, opens):
        sent = chosen(text_of(phone.get(opens)), s1=(2, 1))
        for answers in (sent, sent | {"a1-1": "3"}):
            assert phone.post(opens, answers).status_code == 302
        [row] = QuestionnaireResponse.objects.all()
        assert row.answers.get(item__position=1).option.label == "Sometimes"

    def test_nothing_chosen_is_said_and_nothing_is_kept(self, phone, opens):
        answer = phone.post(opens, chosen(text_of(phone.get(opens))))
        assert answer.status_code == 422
        assert "Choose at least one answer." in text_of(answer)
        assert not QuestionnaireResponse.objects.exists()

    def test_what_was_not_offered_is_refused_and_the_rest_stays_chosen(self, phone, opens):
        sent = chosen(text_of(phone.get(opens)), s1=(2, 9))
        answer = phone.post(opens, sent)
        assert answer.status_code == 422
        assert 'name="a1-1" value="2" checked' in text_of(answer)
        assert not QuestionnaireResponse.objects.exists()

    @pytest.mark.parametrize("junk", [{"a1-1": "x"}, {"sheet1": "nobody"}, {"a99-999": "1"}, {"a1-1": "\x00"}])
    def test_whatever_is_sent(self, phone, opens, junk):
        answer = phone.post(opens, chosen(text_of(phone.get(opens))) | junk)
        assert answer.status_code == 422
        assert not QuestionnaireAnswer.objects.exists()

    def test_a_positive_item_nine_reaches_a_human(self, phone, opens, visit):
        sent = chosen(text_of(phone.get(opens)), s2=(1, 1, 1, 1, 1, 1, 1, 1, 2))
        assert phone.post(opens, sent).status_code == 302
        task = Task.objects.open().get(kind=TaskKind.ANSWERS_TO_READ)
        assert (task.patient_id, task.for_role) == (visit.patient_id, "prescriber")
        assert "988" in text_of(phone.get(f"{opens}?sent=1"))

    def test_a_form_that_was_open_while_the_words_changed_is_taken(self, phone, opens, asked, vera, now):
        sent = chosen(text_of(phone.get(opens)), s1=(2, 1))
        other = type(SLEEP)(title=SLEEP.title, items=SLEEP.items, instruction="Think of this week.")
        questionnaires.revise(questionnaire_id=asked["sleep"].pk, measure=other, by=vera, now=now)
        assert phone.post(opens, sent).status_code == 302
        assert QuestionnaireResponse.objects.get().questionnaire_id == asked["sleep"].pk
        assert "Think of this week." not in text_of(phone.get(opens))

    def test_when_the_half_hour_is_over_what_was_chosen_is_taken_with_the_birth_date(self, phone, opens, due):
        sent = chosen(text_of(phone.get(opens)), s1=(2, 1))
        phone.cookies.clear()
        page = text_of(phone.post(opens, sent))
        assert 'name="a1-1" value="2"' in page
        assert not QuestionnaireResponse.objects.exists()
        kept = {name: value for name, value in sent.items() if name != "do"} | {"then": "how"}
        assert phone.post(opens, BORN | kept).status_code == 302
        assert QuestionnaireResponse.objects.count() == 1

    @pytest.mark.parametrize("press", ["come", "time", "escort", "answers"])
    def test_the_visit_that_is_over_is_not_answered_about(self, phone, opens, visit, press):
        before = Appointment.objects.get(pk=visit.pk).version
        phone.post(opens, {"do": press, "wishes": "Mondays", "name": "Marta", "phone": "213 555 0199"})
        assert Appointment.objects.get(pk=visit.pk).version == before

    def test_after_a_week_the_link_opens_nothing(self, phone, opens, due):
        with time_machine.travel(due + timedelta(days=6), tick=False):
            assert phone.get(opens).status_code == 200
        with time_machine.travel(due + timedelta(days=7, minutes=1), tick=False):
            assert phone.get(opens).status_code == 404

    def test_nobody_but_the_link_answers_so(self, visit, asked, ana, now):
        with pytest.raises(Invalid):
            by_link.receive(visit=visit, message_id=uuid.uuid4(), answers={}, now=now)
        with pytest.raises(DatabaseError), transaction.atomic(), recorded(by=ana):
            QuestionnaireResponse(
                identifier=uuid.uuid4(), patient=visit.patient, questionnaire=asked["sleep"], authored_at=now,
                entered_at=now, source="patient-link",
            ).save(force_insert=True)  # fmt: skip
