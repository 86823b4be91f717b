"""A freed place is offered by message: held for one patient, answered by their link, booked by the desk alone."""

# ruff: noqa: F811  (the fixtures of the same story)

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid
from infusions import waitlist
from infusions.models import WaitlistOffer
from infusions.models.waitlist import How
from notifications.models import Message, Purpose
from notifications.news import UNDO_WINDOW
from notifications.outbox import send_batch
from notifications.planner import plan
from notifications.purposes import switch_purpose
from patients.contact import record_consent
from patients.models import Task, TaskKind
from patients.register import amend
from scheduling.models import Appointment
from scheduling.states import Status
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)
from tests.infusions.test_waitlist import another, chair, freed, held, no, offered, waits, yes  # noqa: F401
from tests.notifications.story import link_in

pytestmark = pytest.mark.django_db
BORN = {"do": "born", "month": "3", "day": "14", "year": "1970"}
YES, NO = {"do": "offer", "wants": "yes"}, {"do": "offer", "wants": "no"}


@pytest.fixture
def reachable(waits, clinic, vera, ana, now, settings):
    """Ada agreed to texts about earlier places, and the clinic sends offers."""
    settings.PUBLIC_URL = "https://desk.example.com"
    switch_purpose(clinic=clinic, purpose=Purpose.OFFER, on=True, by=vera, now=now - timedelta(days=1))
    amend(patient_id=waits.patient_id, by=ana, version=None, now=now, mobile="+12135550142")
    agrees(waits.patient, now)
    waits.refresh_from_db()
    return waits


def agrees(patient, at, *, granted=True, purpose="offers"):
    said = {"how": "Spoken", "by": SystemJob.SET_UP, "at": at, "purpose": purpose, "granted": granted}
    record_consent(patient=patient, channel="sms", **said)


@pytest.fixture
def offer(reachable, freed, ana, now) -> WaitlistOffer:
    return offered(reachable, freed, ana, now, how=How.MESSAGE)


def rows():
    return list(Message.objects.filter(purpose=Purpose.OFFER))


@pytest.fixture
def sent(offer, now, outbox_dir):
    """When the message has left."""
    at = now + UNDO_WINDOW
    plan(now=now)
    send_batch(channel="sms", now=at)
    return at


@pytest.fixture
def opens(sent, outbox_dir) -> str:
    return link_in(outbox_dir)


@pytest.fixture
def phone(sent, opens):
    with time_machine.travel(sent + timedelta(minutes=1), tick=False):
        client = Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}")
        assert client.post(opens, BORN).status_code == 302
        yield client


def text_of(answer) -> str:
    return answer.content.decode()


def tasks():
    return list(Task.objects.open().filter(kind=TaskKind.CALL_BACK).values_list("words", "about", "about_kind"))


class TestOffering:
    def test_it_holds_the_place_and_goes_out_after_a_minute(self, offer, sent, now):
        [row] = rows()
        [hold] = held()
        assert offer.expires_at == hold.held_until == now + timedelta(hours=4)
        assert (row.appointment, row.patient, row.state, row.channel) == (hold, hold.patient, "accepted", "sms")
        assert row.due_at == now + UNDO_WINDOW
        assert "/v/•••/" in row.text
        assert "13:00" not in row.text
        assert "1:00 PM" in row.text

    def test_taken_back_within_the_minute_nothing_goes(self, offer, ana, now, outbox_dir):
        plan(now=now)
        waitlist.take_back(offer_id=offer.pk, by=ana, now=now + timedelta(seconds=30))
        send_batch(channel="sms", now=now + UNDO_WINDOW)
        assert [(row.state, row.reason) for row in rows()] == [
            ("voided", "This time is not held for the patient any more.")
        ]

    def test_an_offer_by_telephone_sends_nothing(self, reachable, freed, ana, now):
        offered(reachable, freed, ana, now)
        plan(now=now)
        assert rows() == []

    @pytest.mark.parametrize("purpose", ["visits", "surveys"])
    def test_not_to_whoever_agreed_to_something_else(self, reachable, freed, ana, now, purpose):
        agrees(reachable.patient, now, granted=False)
        agrees(reachable.patient, now, purpose=purpose)
        with pytest.raises(Invalid, match=r"opted out|does not want"):
            offered(reachable, freed, ana, now, how=How.MESSAGE)
        assert held() == []

    def test_not_where_the_clinic_sends_none(self, reachable, freed, ana, vera, now):
        switch_purpose(clinic=reachable.clinic, purpose=Purpose.OFFER, on=False, by=vera, now=now)
        with pytest.raises(Invalid, match="sends no offers"):
            offered(reachable, freed, ana, now, how=How.MESSAGE)

    def test_not_without_a_link(self, reachable, freed, ana, now, settings):
        settings.PUBLIC_URL = ""
        with pytest.raises(Invalid, match="No link"):
            offered(reachable, freed, ana, now, how=How.MESSAGE)

    def test_not_while_it_is_held_for_somebody_else(self, reachable, another, freed, ana, now):
        offered(another("Reed"), freed, ana, now)
        with pytest.raises(Clash, match="held for somebody else"):
            offered(reachable, freed, ana, now, how=How.MESSAGE)
        assert WaitlistOffer.objects.count() == 1

    def test_the_button_is_there_for_whoever_can_be_asked_so(self, reachable, another, freed, ana, now, page_as):
        another("Reed")
        with time_machine.travel(now, tick=False):
            client = page_as(ana)
            page = text_of(client.get(f"/appointments/{freed.pk}/freed/"))
            assert page.count('value="message"') == 1
            start = waitlist.freed_place(freed, now=now).start.isoformat()
            pressed = {"entry": str(reachable.pk), "start": start, "how": "message"}
            assert client.post(f"/appointments/{freed.pk}/freed/", pressed).status_code == 302
            assert "By message" in text_of(client.get(f"/appointments/{freed.pk}/freed/"))


class TestThePatient:
    def test_learns_the_time_behind_the_birth_date_alone(self, phone, opens, sent):
        with time_machine.travel(sent, tick=False):
            before = text_of(Client(REMOTE_ADDR="2001:db8::beef").get(opens))
        assert "1:00 PM" not in before
        page = text_of(phone.get(opens))
        assert "Wednesday, November 25<br>1:00 PM" in page
        assert "We keep it for you until" in page
        assert "Your visit" not in page.partition("<main")[2].partition("<details")[0]

    def test_a_yes_books_nothing_and_asks_the_desk(self, phone, opens, offer, ana, page_as):
        assert phone.post(opens, YES).status_code == 302
        offer.refresh_from_db()
        assert (offer.said, offer.answer) == ("wants", "")
        [(words, about, page)] = tasks()
        assert (about, page) == (offer.pk, "waitlist-offer")
        assert words.startswith("They would like Wed 25 Nov, 13:00 from the waitlist.")
        assert [visit.status for visit in Appointment.objects.filter(patient=offer.entry.patient)] == [Status.HELD]
        assert "You said that you would like it." in text_of(phone.get(opens))
        assert "They would like it" in text_of(page_as(ana).get(f"/waitlist/offers/{offer.pk}/"))

    def test_twice_is_once(self, phone, opens, offer):
        for _ in range(2):
            phone.post(opens, YES)
        assert len(tasks()) == 1
        assert offer.history.filter(said="wants").count() == 1

    def test_another_mind_is_another_task(self, phone, opens):
        phone.post(opens, YES)
        phone.post(opens, NO)
        [(words, _, _)] = tasks()
        assert "do not want" in words

    def test_the_desk_books_it_and_the_task_is_gone(self, phone, opens, offer, ana, now):
        phone.post(opens, YES)
        yes(offer, ana, now + timedelta(minutes=5))
        assert tasks() == []
        page = phone.get(opens)
        assert "This time is not free any more." in text_of(page)
        assert phone.post(opens, YES).status_code == 409

    def test_the_desk_notes_the_no(self, phone, opens, offer, ana, now):
        phone.post(opens, NO)
        no(offer, ana, now + timedelta(minutes=5))
        assert (tasks(), held()) == ([], [])

    def test_when_it_ran_out_it_is_too_late(self, phone, opens, offer):
        with time_machine.travel(offer.expires_at, tick=False):
            phone.post(opens, BORN)
            answer = phone.post(opens, YES)
            assert answer.status_code == 409
            assert "This time is not free any more." in text_of(answer)
        assert tasks() == []

    @pytest.mark.parametrize("press", ["come", "time", "escort", "answers", "how"])
    def test_what_is_held_is_no_visit_to_answer_about(self, phone, opens, press):
        [hold] = held()
        phone.post(opens, {"do": press, "wishes": "Mondays", "name": "Marta", "phone": "213 555 0199"})
        assert held()[0].version == hold.version

    @pytest.mark.parametrize("wants", ["", "perhaps"])
    def test_what_is_no_answer_changes_nothing(self, phone, opens, wants):
        assert phone.post(opens, {"do": "offer", "wants": wants}).status_code == 302
        assert tasks() == []


@pytest.mark.parametrize("columns", [{"said": "wants"}, {"said": "maybe", "said_at": None}])
def test_the_database_knows_when_it_was_said(offer, columns):
    with pytest.raises(IntegrityError, match="offer_said_when"), transaction.atomic():
        WaitlistOffer.objects.filter(pk=offer.pk).update(**columns)


def test_of_an_offer_by_telephone_nothing_is_said_by_link(reachable, freed, ana, now):
    made = offered(reachable, freed, ana, now)
    with pytest.raises(Clash):
        waitlist.say(hold=made.hold_id, wants=True, now=now)
    made.said, made.said_at = "wants", now
    with pytest.raises(IntegrityError, match="offer_said_when"), recorded(by=SystemJob.PATIENT_LINK):
        made.save()
