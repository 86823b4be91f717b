"""Nobody knows whether it went out: the provider is asked, then the desk, and nothing is sent again by itself."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.asking import ask, channels_to_ask
from notifications.channels.base import DeliveryError
from notifications.desk import mark_received, retry
from notifications.letter import Found, Receipt
from notifications.models import Message
from notifications.outbox import Outcome, Settling, recover, settle
from notifications.planner import plan
from notifications.receipts import take
from notifications.states import MessageState
from notifications.unanswered import LIMIT, hand_to_desk
from patients.models import Task, TaskKind
from patients.tasks import finish
from scheduling.booking import cancel, move
from scheduling.states import Status
from tests.notifications.providers import Knowing, sent_to
from tests.notifications.story import on_the_wall, send_texts, taken_on, text_of, visit_of

pytestmark = pytest.mark.django_db
PROVIDERS = "tests.notifications.providers"
LATE = LIMIT + timedelta(minutes=1)


@pytest.fixture
def unknown(friday, thursday, settings, outbox_dir) -> Message:
    """Thursday's text was handed over at nine, and no answer came."""
    settings.SMS_CHANNEL = f"{PROVIDERS}.Knowing"
    Knowing.knows, Knowing.asked = [], []
    send_texts(thursday)
    return text_of(friday)


def open_tasks() -> list[Task]:
    return list(Task.objects.open().filter(kind=TaskKind.MESSAGE_UNKNOWN))


# --- the provider ---


@pytest.mark.parametrize(
    ("receipt", "state"), [(Receipt.TAKEN, "accepted"), (Receipt.ARRIVED, "delivered"), (Receipt.LOST, "undelivered")]
)
def test_the_provider_is_asked_and_what_it_says_holds(unknown, thursday, friday, outbox_dir, receipt, state):
    Knowing.knows = [Found("SM1", receipt, "30003")]
    later = thursday + timedelta(minutes=5)
    assert channels_to_ask(now=later) == ["sms"]
    assert ask(channel="sms", now=later) == 1
    row = text_of(friday)
    assert (row.state, row.provider_id, row.error_code) == (state, "SM1", "30003")
    [asked] = Knowing.asked
    assert (asked.reference, asked.to, asked.text, asked.at) == (row.pk, row.to, row.text, unknown.submitted_at)
    assert ask(channel="sms", now=later) == 0
    assert sent_to(outbox_dir) == [str(row.pk)]


def test_what_it_does_not_know_stays_unknown_and_is_not_sent_again(unknown, thursday, friday, outbox_dir):
    for minute in range(0, 600, 30):
        at = thursday + timedelta(minutes=minute)
        ask(channel="sms", now=at)
        hand_to_desk(now=at)
        recover(now=at)
        plan(now=at)
        send_texts(at)
    assert text_of(friday).state == "unknown"
    assert sent_to(outbox_dir) == [str(unknown.pk)]
    assert len(Knowing.asked) == 1 + LIMIT // timedelta(minutes=30)


@pytest.mark.parametrize("problem", [DeliveryError("It is busy."), ZeroDivisionError()])
def test_one_that_cannot_be_asked_about_stops_nothing(unknown, thursday, friday, problem):
    Knowing.knows = [problem]
    assert ask(channel="sms", now=thursday) == 0
    assert text_of(friday).state == "unknown"


def test_a_provider_without_a_memory_is_not_asked(unknown, thursday, settings):
    settings.SMS_CHANNEL = f"{PROVIDERS}.Silent"
    assert channels_to_ask(now=thursday) == []
    assert ask(channel="sms", now=thursday) == 0


def test_two_that_say_the_same_to_one_number_are_not_guessed_between(unknown, thursday, friday, rosa, ana, now):
    """Her sister has the same telephone and comes at the same time."""
    sister = taken_on(rosa.clinic, now=now, given_name="Alma")
    hers = visit_of(sister, friday.start, now=now, by=ana)
    plan(now=now)
    send_texts(thursday)
    assert (text_of(hers).state, text_of(hers).text) == ("unknown", unknown.text)
    Knowing.knows = [Found("SM1", Receipt.ARRIVED)]
    assert ask(channel="sms", now=thursday) == 0
    take(message_id=unknown.pk, provider_id="SM1", receipt=Receipt.ARRIVED, now=thursday)
    Knowing.knows.append(Found("SM2", Receipt.TAKEN))
    assert ask(channel="sms", now=thursday) == 1
    assert (text_of(hers).state, text_of(hers).provider_id) == ("accepted", "SM2")


def test_an_answer_about_an_earlier_handing_over_changes_nothing(unknown, thursday, friday, ana):
    before = unknown.submitted_at
    later = thursday + timedelta(minutes=9)
    retry(message_id=unknown.pk, by=ana, now=later)
    send_texts(later)
    told = take(message_id=unknown.pk, provider_id="SM1", receipt=Receipt.ARRIVED, handed_over_at=before, now=later)
    assert told is None
    assert text_of(friday).state == "unknown"


# --- the desk ---


def test_after_the_limit_the_desk_gets_a_task_due_today(unknown, thursday, rosa):
    assert hand_to_desk(now=unknown.submitted_at + LIMIT - timedelta(seconds=1)) == 0
    assert hand_to_desk(now=unknown.submitted_at + LIMIT) == 1
    assert hand_to_desk(now=unknown.submitted_at + LIMIT) == 0
    [task] = open_tasks()
    assert (task.patient, task.about, task.about_kind, task.for_role) == (rosa, unknown.pk, "message", "front-desk")
    assert task.due_on == date(2026, 11, 26)
    assert task.words.startswith("Call about the visit: nobody knows whether the reminder went out.")


def test_when_the_visit_is_near_the_desk_does_not_wait_for_the_limit(unknown, friday):
    late = friday.start - LIMIT
    assert hand_to_desk(now=late) == 1
    [task] = open_tasks()
    assert task.due_on == date(2026, 11, 27)


@pytest.mark.parametrize("how", ["receipt", "late answer", "asked", "patient", "again"])
def test_the_task_is_taken_back_when_it_is_settled(unknown, friday, thursday, ana, how):
    later = thursday + LATE
    assert hand_to_desk(now=later) == 1
    settled = {
        "receipt": lambda: take(message_id=unknown.pk, provider_id="SM1", receipt=Receipt.TAKEN, now=later),
        "late answer": lambda: settle([Settling(unknown, Outcome(MessageState.ACCEPTED, later, provider_id="SM1"))]),
        "asked": lambda: (Knowing.knows.append(Found("SM1", Receipt.LOST)), ask(channel="sms", now=thursday)),
        "patient": lambda: mark_received(message_id=unknown.pk, by=ana, now=later),
        "again": lambda: retry(message_id=unknown.pk, by=ana, now=later),
    }
    settled[how]()
    assert text_of(friday).state != "unknown"
    assert open_tasks() == []
    assert Task.objects.get(kind=TaskKind.MESSAGE_UNKNOWN).withdrawn


@pytest.mark.parametrize("change", ["cancel", "move"])
def test_the_task_is_taken_back_when_the_visit_changes(unknown, friday, thursday, ana, change):
    later = thursday + LATE
    assert hand_to_desk(now=later) == 1
    if change == "cancel":
        cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=later)
    else:
        move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2026, 12, 4, 9, 0), by=ana, now=later)
    assert hand_to_desk(now=later) == 0
    assert open_tasks() == []


def test_what_the_desk_has_done_is_not_asked_of_it_again_unless_it_goes_out_again(unknown, thursday, ana):
    later = thursday + LATE
    hand_to_desk(now=later)
    finish(open_tasks()[0].pk, note="She knows", by=ana, now=later)
    assert hand_to_desk(now=later + timedelta(hours=1)) == 0
    retry(message_id=unknown.pk, by=ana, now=later + timedelta(hours=1))
    send_texts(later + timedelta(hours=1))
    assert hand_to_desk(now=later + timedelta(hours=2)) == 0
    assert hand_to_desk(now=later + timedelta(hours=1) + LATE) == 1


def test_a_late_answer_that_is_none_leaves_the_task(unknown, thursday):
    hand_to_desk(now=thursday + LATE)
    settle([Settling(unknown, Outcome(MessageState.UNKNOWN, thursday + LATE, "No answer."))])
    assert len(open_tasks()) == 1


def test_however_many_it_takes_the_same_queries(unknown, friday, rosa, ana, now, thursday, harbour):
    def counted(at):
        with CaptureQueriesContext(connection) as queries:
            found = hand_to_desk(now=at)
        return found, len(queries)

    first = counted(thursday + LATE)
    for number in range(4):
        other = taken_on(harbour, now=now, given_name=f"P{number}", mobile=f"+1213555016{number}")
        visit_of(other, friday.start + timedelta(hours=1 + number), now=now, by=ana)
    plan(now=now)
    send_texts(thursday + timedelta(hours=5))
    many = counted(thursday + timedelta(hours=5) + LATE)
    assert (first[0], many[0]) == (1, 4)
    assert many[1] == first[1]


@pytest.mark.django_db(transaction=True)
def test_a_receipt_in_the_middle_of_the_sweep_leaves_no_task_behind(unknown, friday, thursday):
    later = thursday + LATE

    def receipt():
        try:
            take(message_id=unknown.pk, provider_id="SM1", receipt=Receipt.TAKEN, now=later)
        finally:
            connection.close()

    beside = Thread(target=receipt)
    with transaction.atomic():
        assert hand_to_desk(now=later) == 1
        beside.start()
        beside.join(0.5)
        assert beside.is_alive()  # it waits for the message that the sweep has locked
    beside.join()
    assert text_of(friday).state == "accepted"
    assert open_tasks() == []


def test_the_task_leads_to_the_message(unknown, thursday, ana, page_as):
    hand_to_desk(now=thursday + LATE)
    [task] = open_tasks()
    shown = page_as(ana).get(reverse("task", args=[task.pk])).content.decode()
    assert reverse("message", args=[unknown.pk]) in shown
    assert "nobody knows whether the reminder went out" in shown
