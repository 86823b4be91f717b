"""What the last look holds back, and until when: the switch, the hour, the number, too many texts."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from config.audit.acting import SystemJob
from config.refusals import Invalid, NotAllowed
from notifications.claims import claim
from notifications.handing_over import TOO_LATE
from notifications.inbound import receive, settle
from notifications.models import Message, SendingSwitch
from notifications.outbox import batches_due, send_batch
from notifications.planner import plan
from notifications.sending import SWITCH, state, switch
from patients.numbers import say_of_number
from patients.register import amend
from tests.notifications.providers import sent_to
from tests.notifications.story import on_the_wall, one, send_claimed, send_texts, taken_on, text_of, visit_of

pytestmark = pytest.mark.django_db
ROSAS = "+12135550142"


def opt_out(at, **more):
    said = {"kind": "opt-out", "holds": True, "how": "reply", "by": SystemJob.REMINDERS, **more}
    say_of_number(number=ROSAS, at=at, **said)


# --- the number ---


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("opt-out", "This number has opted out of text messages."),
        ("wrong-person", "This number belongs to somebody else."),
        ("no-texts", "This number cannot get text messages."),
    ],
)
def test_nothing_goes_to_a_number_that_wants_or_can_get_none(friday, thursday, outbox_dir, kind, reason):
    claimed = claim(channel="sms", now=thursday)
    opt_out(thursday, kind=kind)
    send_claimed(claimed, thursday)
    assert (text_of(friday).state, text_of(friday).reason) == ("suppressed", reason)
    assert sent_to(outbox_dir) == []


def test_an_opt_out_stops_what_is_planned_and_a_lift_brings_it_back(friday, now):
    plan(now=now)
    opt_out(now)
    plan(now=now)
    assert (text_of(friday).state, one(friday, "email").state) == ("suppressed", "planned")
    opt_out(now + timedelta(minutes=1), holds=False)
    plan(now=now)
    assert text_of(friday).state == "planned"


def test_an_opt_out_of_another_purpose_stops_no_reminder(friday, thursday):
    opt_out(thursday, scope="surveys")
    send_texts(thursday)
    assert text_of(friday).state == "accepted"


def test_a_number_that_was_changed_meanwhile_is_looked_at_anew(friday, thursday, ana, outbox_dir):
    claimed = claim(channel="sms", now=thursday)
    amend(patient_id=friday.patient_id, version=None, by=ana, mobile="+12135550177")
    send_claimed(claimed, thursday)
    send_texts(thursday)
    assert (text_of(friday).state, text_of(friday).to) == ("accepted", "+12135550177")


@pytest.mark.django_db(transaction=True)
def test_an_opt_out_and_a_text_never_pass_each_other(friday, thursday):
    """Whichever commits first decides: after the opt-out nothing is handed over."""
    claimed = claim(channel="sms", now=thursday)

    def send() -> None:
        send_claimed(claimed, thursday)
        connection.close()

    with transaction.atomic():
        opt_out(thursday)
        sender = Thread(target=send)
        sender.start()
        sender.join(timeout=0.5)
        assert sender.is_alive(), "the sender waits for the opt-out"
    sender.join()
    assert text_of(friday).state == "suppressed"


# --- an answer that nobody has read ---


def test_texts_wait_until_an_answer_has_been_read(friday, thursday, ana, outbox_dir):
    said, _ = receive(provider_id="SM1", number=ROSAS, text="please don't text me", now=thursday)
    send_texts(thursday)
    held = text_of(friday)
    assert (held.state, held.reason) == ("deferred", "Waits until somebody has read what came from this number.")
    send_texts(held.due_at)
    assert text_of(friday).state == "deferred"
    settle(reply_id=said.pk, note="She means the email", by=ana, now=thursday)
    send_texts(text_of(friday).due_at)
    assert text_of(friday).state == "accepted"


def test_an_answer_holds_texts_and_no_email(friday, thursday):
    receive(provider_id="SM1", number=ROSAS, text="hm?", now=thursday)
    send_batch(channel="email", now=thursday)
    assert one(friday, "email").state == "accepted"


# --- how many ---


def due_visit(rosa, ana, now, *wall):
    visit = visit_of(rosa, on_the_wall(rosa.clinic, *wall), now=now, by=ana)
    plan(now=now)
    return visit


def test_at_most_one_reminder_text_a_day(rosa, friday, thursday, ana, now):
    evening = due_visit(rosa, ana, now, 2026, 11, 27, 17, 0)
    send_texts(on_the_wall(rosa.clinic, 2026, 11, 26, 17, 0))
    states = {text_of(friday).state, text_of(evening).state}
    assert states == {"accepted", "deferred"}
    waiting = next(text for text in (text_of(friday), text_of(evening)) if text.state == "deferred")
    assert waiting.reason == "Waits for tomorrow: at most one reminder text a day."
    assert waiting.due_at == on_the_wall(rosa.clinic, 2026, 11, 27, 8, 0)
    send_texts(on_the_wall(rosa.clinic, 2026, 11, 27, 8, 0))
    assert {text_of(friday).state, text_of(evening).state} == {"accepted"} or TOO_LATE in waiting.reason


def test_at_most_three_reminder_texts_a_week(rosa, ana, now):
    visits = [due_visit(rosa, ana, now, 2026, 12, day, 9, 0) for day in (1, 3, 5, 7)]
    goes = [on_the_wall(rosa.clinic, 2026, 11, 28 + offset, 9, 0) for offset in (0, 2)]
    for day in range(28, 37):
        send_texts(on_the_wall(rosa.clinic, 2026, 11, 28, 9, 0) + timedelta(days=day - 28, minutes=1))
    sent = Message.objects.filter(channel="sms", submitted_at__isnull=False).order_by("submitted_at")
    at = list(sent.values_list("submitted_at", flat=True))
    assert len(at) >= 3
    assert goes
    assert visits
    for number, instant in enumerate(at):
        assert sum(instant - timedelta(days=7) < other <= instant for other in at[: number + 1]) <= 3
    held = Message.objects.filter(channel="sms", reason__contains="three reminder texts a week")
    assert held.exists()


def test_the_limits_are_each_patients_own(rosa, friday, thursday, ana, now, harbour):
    ivo = taken_on(harbour, now=now, given_name="Ivo", mobile="+12135550150", email="ivo@example.com")
    other = due_visit(ivo, ana, now, 2026, 11, 27, 9, 0)
    send_texts(thursday)
    assert {text_of(friday).state, text_of(other).state} == {"accepted"}


def test_a_text_that_would_come_too_late_is_not_sent_and_says_both_reasons(rosa, friday, ana, now):
    early = due_visit(rosa, ana, now, 2026, 11, 27, 8, 0)
    send_texts(on_the_wall(rosa.clinic, 2026, 11, 26, 9, 0))
    assert {text_of(friday).state, text_of(early).state} == {"accepted", "suppressed"}
    stopped = next(text for text in (text_of(friday), text_of(early)) if text.state == "suppressed")
    assert stopped.reason == f"{TOO_LATE} Waits for tomorrow: at most one reminder text a day."


# --- the hour ---


def test_an_email_goes_at_night_rather_than_not_at_all(rosa, ana, now):
    visit = due_visit(rosa, ana, now, 2026, 11, 27, 9, 0)
    night = on_the_wall(rosa.clinic, 2026, 11, 26, 23, 30)
    for channel in ("email", "sms"):
        send_batch(channel=channel, now=night)
    assert one(visit, "email").state == "accepted"
    assert (text_of(visit).state, TOO_LATE in text_of(visit).reason) == ("suppressed", True)


def test_an_email_waits_for_the_morning_when_there_is_time(rosa, ana, now):
    visit = due_visit(rosa, ana, now, 2026, 11, 27, 15, 0)
    send_batch(channel="email", now=on_the_wall(rosa.clinic, 2026, 11, 26, 23, 30))
    assert one(visit, "email").due_at == on_the_wall(rosa.clinic, 2026, 11, 27, 8, 0)


# --- the switch ---


def test_nothing_goes_out_while_the_switch_is_off(friday, thursday, vera, outbox_dir):
    assert batches_due(now=thursday)
    switch(clinic=friday.clinic, on=False, reason="The provider sends rubbish", by=vera, now=thursday)
    assert batches_due(now=thursday) == {}
    send_texts(thursday)
    assert (text_of(friday).state, sent_to(outbox_dir)) == ("planned", [])
    switch(clinic=friday.clinic, on=True, by=vera, now=thursday)
    send_texts(thursday)
    assert text_of(friday).state == "accepted"
    assert state(friday.clinic).reason == ""


def test_what_was_claimed_before_is_kept_back_too(friday, thursday, vera, outbox_dir):
    claimed = claim(channel="sms", now=thursday)
    switch(clinic=friday.clinic, on=False, reason="Rubbish", by=vera, now=thursday)
    send_claimed(claimed, thursday)
    assert (text_of(friday).state, text_of(friday).reason) == ("deferred", "Sending is switched off.")
    assert sent_to(outbox_dir) == []


def test_another_clinics_messages_go_on(friday, thursday, vera):
    switch(clinic=friday.clinic, on=False, reason="Rubbish", by=vera, now=thursday)
    SendingSwitch.objects.get(clinic=friday.clinic, on=False)
    assert SendingSwitch.objects.count() == 1


def test_what_waited_too_long_is_not_sent_afterwards(friday, thursday, vera, outbox_dir):
    switch(clinic=friday.clinic, on=False, reason="Rubbish", by=vera, now=thursday)
    late = friday.start - timedelta(hours=1)
    switch(clinic=friday.clinic, on=True, by=vera, now=late)
    send_texts(late)
    assert (text_of(friday).state, sent_to(outbox_dir)) == ("suppressed", [])


@pytest.mark.django_db(transaction=True)
def test_the_switch_waits_for_what_is_being_handed_over(friday, thursday, vera):
    def off() -> None:
        switch(clinic=friday.clinic, on=False, reason="Rubbish", by=vera, now=thursday)
        connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SWITCH])
        other = Thread(target=off)
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive()
    other.join()
    assert not state(friday.clinic).on


def test_only_a_manager_turns_it_and_says_why(friday, ana, vera, now):
    with pytest.raises(NotAllowed):
        switch(clinic=friday.clinic, on=False, reason="Rubbish", by=ana, now=now)
    with pytest.raises(Invalid):
        switch(clinic=friday.clinic, on=False, reason=" ", by=vera, now=now)


def test_the_database_wants_the_reason_too(friday, vera, now):
    row = switch(clinic=friday.clinic, on=False, reason="Rubbish", by=vera, now=now)
    with pytest.raises(IntegrityError, match="switch_off_says_why"), transaction.atomic():
        SendingSwitch.objects.filter(pk=row.pk).update(reason="")
