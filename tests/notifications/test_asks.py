"""When questions before a visit are sent: once for each placing, by the clock on the wall, to whoever agreed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.audit.acting import SystemJob
from notifications.desk import withdraw
from notifications.models import Message, Purpose
from notifications.news import UNDO_WINDOW
from notifications.planner import plan
from notifications.purposes import ask_before, switch_purpose
from scheduling import questions
from scheduling.booking import cancel, move
from scheduling.questions import Words
from scheduling.states import Status
from tests.notifications.providers import sent_to
from tests.notifications.story import on_the_wall, says, send_texts, taken_on, visit_of

pytestmark = pytest.mark.django_db
ASKED, LINK = Purpose.QUESTIONS, SystemJob.PATIENT_LINK


@pytest.fixture
def now(now):
    """Tuesday noon: the questions of Friday's visit are near enough to be planned."""
    return now + timedelta(days=1)


@pytest.fixture
def asks(harbour, vera, now, reached):
    questions.ask(clinic=harbour, questions=[Words("Has anything changed?")], by=vera, now=now)
    switch_purpose(clinic=harbour, purpose=ASKED, on=True, by=vera, now=now)
    ask_before(clinic=harbour, hours=48, by=vera, now=now)


def rows(visit, channel="sms"):
    return list(Message.objects.filter(appointment=visit, purpose=ASKED, channel=channel).order_by("placing"))


def states(visit, channel="sms"):
    return [str(row.state) for row in rows(visit, channel)]


def test_two_days_before_by_the_wall_and_once_by_each_channel(asks, friday, now):
    for _ in range(2):
        plan(now=now)
    assert (states(friday), states(friday, "email")) == (["planned"], ["planned"])
    assert rows(friday)[0].due_at == on_the_wall(friday.clinic, 2026, 11, 25, 9, 0)


def test_it_goes_out_with_its_own_link(asks, friday, now, outbox_dir):
    plan(now=now)
    due = on_the_wall(friday.clinic, 2026, 11, 25, 9, 0)
    send_texts(due)
    [row] = rows(friday)
    assert row.state == "accepted"
    assert "/v/•••/" in row.text
    assert row.links.get().message_id == row.pk
    assert str(row.pk) in sent_to(outbox_dir)


@pytest.mark.parametrize("off", ["switch", "questions"])
def test_without_a_switch_or_without_questions_nobody_is_asked(asks, harbour, friday, vera, now, off):
    if off == "switch":
        switch_purpose(clinic=harbour, purpose=ASKED, on=False, by=vera, now=now)
    else:
        questions.ask(clinic=harbour, questions=[], by=vera, now=now)
    plan(now=now)
    assert states(friday) == []


def test_switched_off_later_what_waits_is_not_sent_and_on_again_it_is(asks, harbour, friday, vera, now):
    plan(now=now)
    switch_purpose(clinic=harbour, purpose=ASKED, on=False, by=vera, now=now)
    plan(now=now)
    assert [(row.state, row.reason) for row in rows(friday)] == [
        ("suppressed", "The clinic does not send these any more.")
    ]
    switch_purpose(clinic=harbour, purpose=ASKED, on=True, by=vera, now=now)
    plan(now=now)
    assert states(friday) == ["planned"]


def test_the_hours_are_the_clinics_and_what_waits_follows_them(asks, harbour, friday, vera, now):
    plan(now=now)
    ask_before(clinic=harbour, hours=24, by=vera, now=now)
    plan(now=now)
    [row] = rows(friday)
    assert (row.state, row.due_at) == ("planned", on_the_wall(friday.clinic, 2026, 11, 26, 9, 0))


def test_whoever_is_booked_late_is_asked_when_the_desk_had_its_minute(asks, rosa, ana, now):
    tomorrow = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 25, 9, 0), now=now, by=ana)
    plan(now=now)
    assert rows(tomorrow)[0].due_at == now + UNDO_WINDOW
    plan(now=now + timedelta(seconds=5))
    assert rows(tomorrow)[0].due_at == now + UNDO_WINDOW


def test_whoever_answered_already_is_not_asked_again(asks, friday, now, harbour):
    plan(now=now)
    [question] = questions.asked(harbour)
    said = {question.pk: "No"}
    questions.answer(appointment_id=friday.pk, said=said, language="en", how="link", by=LINK, now=now)
    plan(now=now)
    assert states(friday) == ["suppressed"]
    assert "answered" in rows(friday)[0].reason


def test_moved_they_are_asked_for_the_new_time_alone(asks, friday, ana, now):
    plan(now=now)
    move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2026, 11, 27, 11, 0), by=ana, now=now)
    plan(now=now)
    assert states(friday) == ["voided", "planned"]
    assert rows(friday)[1].due_at == on_the_wall(friday.clinic, 2026, 11, 25, 11, 0)


def test_cancelled_they_are_not_asked(asks, friday, ana, now):
    plan(now=now)
    cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill", by=ana, now=now)
    plan(now=now)
    assert states(friday) == ["voided"]


def test_without_consent_nobody_is_asked_and_the_reason_stands(asks, friday, rosa, now):
    plan(now=now)
    says(rosa, "sms", granted=False, at=now)
    plan(now=now)
    assert [(row.state, row.reason) for row in rows(friday)] == [
        ("suppressed", "The patient does not want messages by this channel.")
    ]
    assert states(friday, "email") == ["planned"]


def test_what_a_person_withdrew_stays_withdrawn(asks, friday, ana, now):
    plan(now=now)
    withdraw(message_id=rows(friday)[0].pk, reason="Was asked by phone", by=ana)
    plan(now=now)
    assert states(friday) == ["voided"]


def test_three_visits_cost_no_more_queries_than_one(asks, harbour, friday, ana, now):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            plan(now=now)
        return len(counted)

    plan(now=now)
    one = queries()
    for number in range(2):
        other = taken_on(harbour, now=now, given_name=f"Ada {number}", mobile=f"+1213555017{number}")
        visit_of(other, on_the_wall(harbour, 2026, 11, 27, 11 + number, 0), now=now, by=ana)
    plan(now=now)
    assert queries() == one
