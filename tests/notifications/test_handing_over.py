"""The last look before a message leaves: visit, consent, life and hour, as they are at that moment."""

import time
from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from notifications.claims import claim
from notifications.models import Message
from notifications.planner import plan
from patients.register import record_death
from scheduling.booking import arrive, cancel, move
from scheduling.states import Status
from tests.notifications.providers import sent_to
from tests.notifications.story import (
    claimed,
    on_the_wall,
    one,
    opened,
    says,
    send_claimed,
    send_texts,
    taken_on,
    text_of,
    visit_of,
)

pytestmark = pytest.mark.django_db


def test_a_reminder_that_waited_too_long_is_of_no_use(friday, thursday, outbox_dir):
    """Thursday nine: what was to go on Tuesday would now only say the same again."""
    send_texts(thursday)
    old = one(friday, "sms", 72)
    assert (old.state, old.reason) == ("suppressed", "Its time had passed before it could go out.")
    assert sent_to(outbox_dir) == [str(text_of(friday).pk)]


def test_cancelled_between_plan_and_claim(friday, thursday, ana, outbox_dir):
    cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=thursday)
    send_texts(thursday)
    assert (text_of(friday).state, text_of(friday).reason) == ("voided", "The visit was cancelled.")
    assert sent_to(outbox_dir) == []


def test_cancelled_between_claim_and_sending(friday, thursday, ana, outbox_dir):
    claims = claim(channel="sms", now=thursday)
    cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_CLINIC, reason="Nurse ill", by=ana, now=thursday)
    send_claimed(claims, thursday)
    assert text_of(friday).reason == "The visit was cancelled."
    assert sent_to(outbox_dir) == []


def test_moved_between_claim_and_sending(friday, thursday, ana, outbox_dir):
    claims = claim(channel="sms", now=thursday)
    move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2026, 12, 4, 14, 0), by=ana, now=thursday)
    send_claimed(claims, thursday)
    assert set(Message.objects.filter(channel="sms").values_list("state", "reason")) == {
        ("voided", "The visit was moved.")
    }
    assert sent_to(outbox_dir) == []


def test_the_patient_is_here_already(friday, thursday, ana, outbox_dir):
    at = friday.start - timedelta(hours=3)
    arrive(appointment_id=friday.pk, by=ana, now=at)
    send_texts(at)
    assert text_of(friday).reason == "The visit has begun or is over."
    assert sent_to(outbox_dir) == []


def test_consent_withdrawn_between_plan_and_sending(friday, rosa, thursday, outbox_dir):
    claims = claim(channel="sms", now=thursday)
    says(rosa, "sms", granted=False, at=thursday)
    send_claimed(claims, thursday)
    assert text_of(friday).state == "suppressed"
    assert text_of(friday).reason == "The patient does not want messages by this channel."
    assert sent_to(outbox_dir) == []


def test_the_patient_has_died(friday, rosa, thursday, ana, outbox_dir):
    record_death(patient_id=rosa.pk, on=date(2026, 11, 25), by=ana, now=thursday)
    send_texts(thursday)
    assert text_of(friday).reason == "The patient has died."
    assert sent_to(outbox_dir) == []


@pytest.mark.parametrize("wall", [(2026, 11, 26, 20, 0), (2026, 11, 26, 23, 30), (2026, 11, 27, 7, 59)])
def test_nobody_is_woken(rosa, ana, now, wall):
    visit = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 27, 12, 0), now=now, by=ana)
    plan(now=now)
    send_texts(on_the_wall(rosa.clinic, *wall))
    row = one(visit)
    assert (row.state, row.due_at) == ("deferred", on_the_wall(rosa.clinic, 2026, 11, 27, 8, 0))
    assert row.reason == "Waits for the morning: messages go between 8:00 and 20:00."
    send_texts(row.due_at)
    assert one(visit).state == "accepted"


def test_the_last_minute_of_the_day(friday, thursday):
    send_texts(on_the_wall(friday.clinic, 2026, 11, 26, 19, 59))
    assert text_of(friday).state == "accepted"


def test_in_the_morning_it_would_be_too_late(friday, thursday, outbox_dir):
    """The visit is at nine: at eight, when the night is over, nobody needs to be told any more."""
    send_texts(on_the_wall(friday.clinic, 2026, 11, 26, 20, 0))
    assert (text_of(friday).state, text_of(friday).reason) == (
        "suppressed",
        "Its time had passed before it could go out. Waits for the morning: messages go between 8:00 and 20:00.",
    )
    assert sent_to(outbox_dir) == []


def test_nobody_is_woken_in_the_night_of_the_clock_change(rosa, ana):
    at = on_the_wall(rosa.clinic, 2026, 10, 29, 12, 0)
    visit = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 1, 15, 0), now=at, by=ana)
    plan(now=at)
    send_texts(on_the_wall(rosa.clinic, 2026, 10, 31, 22, 0))
    assert one(visit).due_at == on_the_wall(rosa.clinic, 2026, 11, 1, 8, 0)
    send_texts(on_the_wall(rosa.clinic, 2026, 11, 1, 7, 59))
    assert one(visit).state == "deferred"
    send_texts(on_the_wall(rosa.clinic, 2026, 11, 1, 8, 0))
    assert one(visit).state == "accepted"


@pytest.mark.django_db(transaction=True)
def test_a_cancellation_that_is_being_written_is_waited_for(clinic, nils, ana, now, outbox_dir):
    """The sender comes to the last look while the cancellation has not been committed yet."""
    rosa = taken_on(opened(clinic, nils), now=now, agrees_to=("sms",))
    visit = visit_of(rosa, on_the_wall(clinic, 2026, 11, 27, 9, 0), now=now, by=ana)
    plan(now=now)
    at = on_the_wall(clinic, 2026, 11, 26, 9, 0)
    due = claimed(at, hours=24)
    sender = Thread(target=_in_its_own_connection, args=[lambda: send_claimed(due, at)])
    with transaction.atomic():
        cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=at)
        sender.start()
        _until_somebody_waits()
    sender.join()
    assert (text_of(visit).state, text_of(visit).reason) == ("voided", "The visit was cancelled.")
    assert sent_to(outbox_dir) == []


def _in_its_own_connection(act) -> None:
    try:
        act()
    finally:
        connection.close()


def _until_somebody_waits() -> None:
    deadline = time.monotonic() + 10
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    pytest.fail("The sender did not wait for the cancellation.")
