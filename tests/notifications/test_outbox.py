"""What is due goes once; what may not go says why; what a provider does to one message does not reach the next."""

from datetime import timedelta
from importlib import import_module
from threading import Thread

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from config.audit.acting import SystemJob, recorded
from config.staff.permissions import Role
from notifications import outbox
from notifications.claims import LEASE, claim
from notifications.desk import retry
from notifications.models import Lease, Message
from notifications.outbox import MAX_TRIES, batches_due, recover, send_batch
from notifications.planner import plan
from tests.conftest import hired
from tests.notifications.providers import Late, sent_to
from tests.notifications.story import on_the_wall, one, opened, send_claimed, send_texts, taken_on, text_of, visit_of

pytestmark = pytest.mark.django_db
PROVIDERS = "tests.notifications.providers"


def test_a_due_reminder_goes_and_shows_exactly_what_was_sent(friday, thursday, outbox_dir):
    send_texts(thursday)
    row = text_of(friday)
    assert row.state == "accepted"
    assert row.to == "+12135550142"
    assert row.text.startswith("Harbour Clinic: reminder of your visit on Friday, November 27 at 9:00 AM.")
    assert row.provider_id == f"file-{row.pk}"
    assert row.submitted_at <= row.sent_at
    assert (row.attempts, row.reason) == (1, "")
    assert not Lease.objects.exists()
    assert str(row.pk) in sent_to(outbox_dir)


def test_an_email_goes_by_its_own_channel(friday, thursday, outbox_dir):
    send_batch(channel="email", now=thursday)
    row = one(friday, "email", 24)
    assert row.state == "accepted"
    written = (outbox_dir / f"{row.pk}.eml").read_text()
    assert f"Message-ID: <{row.pk}@example.com>" in written
    assert "Subject: Reminder of your visit on Friday, November 27" in written
    assert text_of(friday).state == "planned"


def test_it_does_not_go_a_moment_too_early(friday, thursday, outbox_dir):
    send_texts(thursday - timedelta(seconds=1))
    assert text_of(friday).state == "planned"


def test_it_does_not_go_twice(friday, thursday, outbox_dir):
    for minute in range(5):
        send_texts(thursday + timedelta(minutes=minute))
        plan(now=thursday + timedelta(minutes=minute))
    assert sent_to(outbox_dir).count(str(text_of(friday).pk)) == 1


def test_history_tells_its_life(friday, thursday):
    send_texts(thursday)
    connection.check_constraints()
    states = list(text_of(friday).history.order_by("history_id").values_list("state", flat=True))
    assert states == ["planned", "submitted", "accepted"]


# --- what providers do ---


def test_a_busy_provider_is_tried_again_later(friday, thursday, settings):
    settings.SMS_CHANNEL = f"{PROVIDERS}.Busy"
    send_texts(thursday)
    row = text_of(friday)
    assert (row.state, row.attempts, row.submitted_at) == ("failed-temporary", 1, None)
    assert row.reason == f"The provider is busy. Try 2 of {MAX_TRIES} follows."
    assert timedelta(minutes=1) <= row.due_at - thursday <= timedelta(minutes=2)
    settings.SMS_CHANNEL = "notifications.channels.file.FileSms"
    send_texts(row.due_at)
    assert (text_of(friday).state, text_of(friday).attempts) == ("accepted", 2)


def test_a_provider_that_stays_busy_ends_as_failed(friday, thursday, settings):
    settings.SMS_CHANNEL = f"{PROVIDERS}.Busy"
    at = thursday
    for tries in range(1, MAX_TRIES + 1):
        send_texts(at)
        assert text_of(friday).attempts == tries
        at = text_of(friday).due_at
    assert text_of(friday).state == "failed-permanent"
    assert text_of(friday).reason == "The provider is busy. Tried 5 times."


def test_a_provider_that_says_when_is_taken_at_its_word(friday, thursday, settings):
    settings.SMS_CHANNEL = f"{PROVIDERS}.BusyForAnHour"
    send_texts(thursday)
    assert text_of(friday).due_at >= thursday + timedelta(hours=1)


def test_no_other_try_when_there_is_no_time_for_it(rosa, ana, now, settings):
    visit = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 27, 12, 0), now=now, by=ana)
    plan(now=now)
    settings.SMS_CHANNEL = f"{PROVIDERS}.BusyForAnHour"
    send_texts(on_the_wall(rosa.clinic, 2026, 11, 27, 9, 15))
    assert one(visit).state == "failed-permanent"
    assert one(visit).reason == "The provider is busy. There was no time for another try."


@pytest.mark.parametrize(
    ("provider", "state", "reason"),
    [
        ("Refusing", "failed-permanent", "The number does not exist."),
        ("Silent", "unknown", "No answer within 10 seconds. It may have gone out."),
        ("Broken", "unknown", "The channel failed (ZeroDivisionError). It may have gone out."),
    ],
)
def test_a_failed_send_is_never_marked_sent(friday, thursday, settings, provider, state, reason):
    settings.SMS_CHANNEL = f"{PROVIDERS}.{provider}"
    send_texts(thursday)
    row = text_of(friday)
    assert (row.state, row.reason, row.sent_at) == (state, reason, None)


def test_an_unknown_outcome_is_not_sent_again(friday, thursday, settings, outbox_dir):
    settings.SMS_CHANNEL = f"{PROVIDERS}.Silent"
    for minute in range(0, 600, 60):
        at = thursday + timedelta(minutes=minute)
        send_texts(at)
        recover(now=at)
        plan(now=at)
    assert sent_to(outbox_dir) == [str(text_of(friday).pk)]
    assert text_of(friday).state == "unknown"


@pytest.fixture
def three_visits(harbour, friday, ana, now):
    """Rosa, and two others on the same day."""
    found = [friday]
    for number, name in enumerate(["Ivo", "Zoë"]):
        guest = taken_on(
            harbour, now=now, given_name=name, mobile=f"+1213555015{number}", email=f"g{number}@example.com"
        )
        found.append(visit_of(guest, on_the_wall(harbour, 2026, 11, 27, 9, 0), now=now, by=ana))
    plan(now=now)
    return found


def test_one_bad_recipient_stops_nobody(three_visits, settings):
    settings.SMS_CHANNEL = f"{PROVIDERS}.RefusesRosa"
    send_texts(on_the_wall(three_visits[0].clinic, 2026, 11, 26, 9, 0))
    assert [text_of(visit).state for visit in three_visits] == ["failed-permanent", "accepted", "accepted"]


def test_one_message_that_cannot_be_written_stops_nobody(three_visits, other_clinic, mara, zoe, now):
    """The other clinic lost its phone number, without which no message is written. Its message stands first in line."""
    nurse = hired(other_clinic, "noor", "Noor Haddad", Role.NURSE, "RN")
    guest = taken_on(opened(other_clinic, nurse), now=now, mobile="+442079460100")
    theirs = visit_of(guest, on_the_wall(other_clinic, 2026, 11, 27, 16, 0), now=now, by=zoe)
    other_clinic.phone = ""
    with recorded(by=SystemJob.SET_UP):
        other_clinic.save()
    plan(now=now)
    send_texts(on_the_wall(three_visits[0].clinic, 2026, 11, 26, 9, 0))
    assert [text_of(visit).state for visit in three_visits] == ["accepted", "accepted", "accepted"]
    assert text_of(theirs).state == "failed-permanent"
    assert text_of(theirs).reason.startswith("The message could not be written (")


def test_what_the_budget_does_not_cover_goes_back(three_visits, monkeypatch):
    monkeypatch.setattr(outbox, "BUDGET", timedelta(0))
    thursday = on_the_wall(three_visits[0].clinic, 2026, 11, 26, 9, 0)
    send_texts(thursday)
    assert {text_of(visit).state for visit in three_visits} == {"planned"}


# --- claims and leases ---


def test_a_claimed_message_is_nobody_elses(friday, thursday):
    assert len(claim(channel="sms", now=thursday)) == 2
    assert claim(channel="sms", now=thursday) == []


def test_a_sender_that_died_before_handing_over_loses_nothing(friday, thursday, outbox_dir):
    claim(channel="sms", now=thursday)
    send_texts(thursday + LEASE - timedelta(seconds=1))
    assert text_of(friday).state == "planned"
    assert recover(now=thursday + LEASE + timedelta(seconds=1)) == 0
    send_texts(thursday + LEASE)
    assert text_of(friday).state == "accepted"


def test_a_sender_that_died_after_handing_over_repeats_nothing(friday, thursday, settings, outbox_dir):
    settings.SMS_CHANNEL = f"{PROVIDERS}.Late"
    Late.meanwhile = [_die]
    with pytest.raises(KeyboardInterrupt):
        send_texts(thursday)
    Late.meanwhile = []
    assert text_of(friday).state == "submitted"
    assert recover(now=thursday + timedelta(minutes=6)) == 1
    assert text_of(friday).state == "unknown"
    assert text_of(friday).reason == "The sender stopped before the provider answered; it may have gone out."
    send_texts(thursday + timedelta(minutes=7))
    assert sent_to(outbox_dir) == []


def _die() -> None:
    raise KeyboardInterrupt


def test_an_answer_after_the_lease_still_counts(friday, thursday, settings):
    settings.SMS_CHANNEL = f"{PROVIDERS}.Late"
    Late.meanwhile = [lambda: recover(now=thursday + timedelta(minutes=6))]
    send_texts(thursday)
    Late.meanwhile = []
    assert (text_of(friday).state, text_of(friday).reason) == ("accepted", "")


def test_an_answer_after_somebody_decided_otherwise_does_not(friday, thursday, settings, ana):
    settings.SMS_CHANNEL = f"{PROVIDERS}.Late"
    Late.meanwhile = [
        lambda: recover(now=thursday + timedelta(minutes=6)),
        lambda: retry(message_id=text_of(friday).pk, by=ana, now=thursday + timedelta(minutes=7)),
    ]
    send_texts(thursday)
    Late.meanwhile = []
    assert text_of(friday).state == "planned"


def test_a_sender_that_slept_past_its_lease_sends_nothing(friday, thursday, outbox_dir):
    send_claimed(claim(channel="sms", now=thursday), thursday + LEASE)
    assert sent_to(outbox_dir) == []


def test_batches_due(friday, thursday):
    assert batches_due(now=thursday) == {"sms": 1, "email": 1}
    assert batches_due(now=thursday - timedelta(days=3)) == {}


def test_the_number_of_queries_of_a_message_is_bounded(three_visits):
    thursday = on_the_wall(three_visits[0].clinic, 2026, 11, 26, 9, 0)
    with CaptureQueriesContext(connection) as claiming:
        claims = claim(channel="sms", now=thursday)
    of_the_day_before = set(Message.objects.filter(offset_hours=24).values_list("pk", flat=True))
    due = [one for one in claims if one.pk in of_the_day_before]
    with CaptureQueriesContext(connection) as sending_one:
        send_claimed(due[:1], thursday)
    with CaptureQueriesContext(connection) as sending_two:
        send_claimed(due[1:], thursday)
    assert len(claiming) <= 4
    assert len(sending_one) == len(sending_two) <= 27


def test_limits_fit_into_each_other():
    """A batch ends before its task is killed, the task before its claims end, those before the broker repeats it."""
    house = import_module("config.settings.base")
    seconds = [
        outbox.BUDGET.total_seconds() + house.EMAIL_TIMEOUT,
        house.CELERY_TASK_SOFT_TIME_LIMIT,
        house.CELERY_TASK_TIME_LIMIT,
        LEASE.total_seconds(),
        house.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"],
    ]
    assert seconds == sorted(set(seconds))


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_each_message_once(clinic, nils, ana, now, outbox_dir):
    opened(clinic, nils, chairs=6)
    start = on_the_wall(clinic, 2026, 11, 27, 9, 0)
    for number in range(24):
        guest = taken_on(clinic, now=now, given_name=f"Guest{number}", agrees_to=("sms",))
        visit_of(guest, start + timedelta(hours=number // 6), now=now, by=ana)
    plan(now=now)
    noon = on_the_wall(clinic, 2026, 11, 26, 12, 30)
    ended: list[int] = []

    def run() -> None:
        try:
            while send_batch(channel="sms", now=noon, limit=3):
                pass
            ended.append(1)
        finally:
            connection.close()

    senders = [Thread(target=run) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(ended) == 4
    sent = sent_to(outbox_dir)
    assert len(sent) == len(set(sent)) == 24
    assert Message.objects.filter(state="accepted").count() == 24


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_the_database_breaks_off_keeps_nothing_waiting(clinic, nils, ana, now, outbox_dir):
    opened(clinic, nils)
    rosa = taken_on(clinic, now=now, agrees_to=("sms",))
    visit_of(rosa, on_the_wall(clinic, 2026, 11, 27, 9, 0), now=now, by=ana)
    plan(now=now)
    noon = on_the_wall(clinic, 2026, 11, 26, 12, 30)
    other = connection.copy()
    try:
        with other.cursor() as busy, connection.cursor() as cursor:
            busy.execute("BEGIN")
            busy.execute("SELECT 1 FROM scheduling_appointment FOR UPDATE")
            cursor.execute("SET lock_timeout = '100ms'")
            with pytest.raises(OperationalError):
                send_batch(channel="sms", now=noon)
            cursor.execute("RESET lock_timeout")
    finally:
        other.close()
    assert not Lease.objects.exists()
    assert send_batch(channel="sms", now=noon) > 0
    assert len(sent_to(outbox_dir)) == 1
