"""What staff may do with a message, and what not any more."""

from datetime import timedelta

import pytest

from config.refusals import Clash, Invalid, NotAllowed, NotFound, Stale
from notifications.desk import mark_received, retry, withdraw
from notifications.handing_over import hand_over
from notifications.models import Message
from notifications.outbox import send_batch
from notifications.planner import plan
from scheduling.booking import cancel, move
from scheduling.states import Status
from tests.notifications.providers import sent_to
from tests.notifications.story import claimed, on_the_wall, one, send_claimed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(friday, now) -> Message:
    plan(now=now)
    return one(friday)


@pytest.fixture
def thursday(friday):
    return on_the_wall(friday.clinic, 2026, 11, 26, 9, 0)


def ended(friday, thursday, settings, provider: str) -> Message:
    settings.SMS_CHANNEL = f"tests.notifications.providers.{provider}"
    send_batch(channel="sms", now=thursday)
    settings.SMS_CHANNEL = "notifications.channels.file.FileSms"
    return one(friday)


def test_what_is_withdrawn_does_not_go_and_stays_withdrawn(waiting, friday, thursday, ana, outbox_dir):
    withdraw(message_id=waiting.pk, reason="Told her by phone", by=ana)
    plan(now=thursday - timedelta(hours=1))
    send_batch(channel="sms", now=thursday)
    row = one(friday)
    assert (row.state, row.reason, row.withdrawn_by) == ("voided", "Told her by phone", ana)
    assert str(row.pk) not in sent_to(outbox_dir)
    assert row.history.first().history_user == ana


def test_what_was_withdrawn_may_go_after_all(waiting, friday, thursday, ana, now):
    withdraw(message_id=waiting.pk, reason="Wrong one", by=ana)
    retry(message_id=waiting.pk, by=ana, now=thursday)
    assert (one(friday).state, one(friday).withdrawn_by) == ("planned", None)
    send_batch(channel="sms", now=thursday)
    assert one(friday).state == "accepted"


def test_a_reason_and_a_role_are_needed(waiting, ana, nils, olu):
    with pytest.raises(Invalid) as refusal:
        withdraw(message_id=waiting.pk, reason="  ", by=ana)
    assert refusal.value.field == "reason"
    for person in (nils, olu):
        with pytest.raises(NotAllowed):
            withdraw(message_id=waiting.pk, reason="No", by=person)
        with pytest.raises(NotAllowed):
            retry(message_id=waiting.pk, by=person, now=waiting.due_at)
    with pytest.raises(Stale):
        withdraw(message_id=waiting.pk, reason="No", by=ana, version=9)
    with pytest.raises(NotFound):
        withdraw(message_id=waiting.patient_id, reason="No", by=ana)


def test_what_is_going_out_or_gone_is_not_withdrawn(waiting, friday, thursday, ana):
    assert hand_over(claims=claimed(thursday, hours=24), now=thursday)
    with pytest.raises(Clash, match="going out at this moment"):
        withdraw(message_id=waiting.pk, reason="No", by=ana)


def test_what_a_sender_has_in_hand_is_withdrawn_before_it_leaves(waiting, friday, thursday, ana, outbox_dir):
    claims = claimed(thursday, hours=24)
    withdraw(message_id=waiting.pk, reason="Rosa called", by=ana)
    send_claimed(claims, thursday)
    assert text_of(friday).state == "voided"
    assert sent_to(outbox_dir) == []


def test_what_was_sent_is_neither_withdrawn_nor_repeated(waiting, friday, thursday, ana):
    send_batch(channel="sms", now=thursday)
    with pytest.raises(Clash, match="has been sent"):
        withdraw(message_id=waiting.pk, reason="No", by=ana)
    with pytest.raises(Clash, match="nothing to try again"):
        retry(message_id=waiting.pk, by=ana, now=thursday)


def test_a_failed_one_is_tried_again(waiting, friday, thursday, ana, settings, outbox_dir):
    assert ended(friday, thursday, settings, "Refusing").state == "failed-permanent"
    retry(message_id=waiting.pk, by=ana, now=thursday + timedelta(minutes=5))
    send_batch(channel="sms", now=thursday + timedelta(minutes=5))
    assert one(friday).state == "accepted"
    assert sent_to(outbox_dir) == [str(waiting.pk)]


@pytest.mark.parametrize("change", ["cancel", "move"])
def test_no_other_try_about_a_visit_that_changed(waiting, friday, thursday, ana, settings, change):
    ended(friday, thursday, settings, "Refusing")
    if change == "cancel":
        cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=thursday)
    else:
        move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2026, 12, 4, 9, 0), by=ana, now=thursday)
    with pytest.raises(Clash, match="would be wrong"):
        retry(message_id=waiting.pk, by=ana, now=thursday)


def test_an_unknown_one_is_settled_by_asking_the_patient(waiting, friday, thursday, ana, settings):
    assert ended(friday, thursday, settings, "Silent").state == "unknown"
    mark_received(message_id=waiting.pk, by=ana, now=thursday)
    row = one(friday)
    assert (row.state, row.reason, row.sent_at) == ("delivered", "", row.submitted_at)
    assert row.receipt_at == thursday
    with pytest.raises(Clash):
        mark_received(message_id=waiting.pk, by=ana, now=thursday)


def test_an_unknown_one_may_be_sent_again_by_decision(waiting, friday, thursday, ana, settings, outbox_dir):
    ended(friday, thursday, settings, "Silent")
    retry(message_id=waiting.pk, by=ana, now=thursday)
    send_batch(channel="sms", now=thursday)
    assert one(friday).state == "accepted"
    assert sent_to(outbox_dir) == [str(waiting.pk)] * 2
