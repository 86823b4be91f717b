"""Providers that misbehave, at real workers: what becomes of the row, how often it is tried, and who else suffers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from config.audit.acting import recorded
from config.staff.models import Clinic, User
from notifications.clock import database_now
from notifications.models import Message, MessageTemplate
from notifications.outbox import MAX_TRIES
from notifications.planner import plan
from patients.models import Task
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import Desk, Running, until
from tests.notifications.faults.sms_provider import RETRY_AFTER
from tests.notifications.faults.world import (
    BY,
    booked_long_ago,
    due_by,
    guest,
    ids,
    no_lie,
    noon_clinic,
    row_of,
    states,
    time_passes,
)

OTHERS = 3


@pytest.fixture(scope="module")
def sms_worker(shared_desk: Desk) -> Iterator[Running]:
    with shared_desk.worker(queues="sms") as running:
        yield running


@pytest.fixture(scope="module")
def email_worker(shared_desk: Desk) -> Iterator[Running]:
    with shared_desk.worker(queues="default,email") as running:
        yield running


@pytest.fixture
def two(desk: Desk, sms_worker: Running, email_worker: Running) -> Desk:
    """Texts and emails have a worker each."""
    return desk


def _address(row: Message) -> str:
    return str(row.patient.mobile.as_e164 if row.channel == "sms" else row.patient.email)


# What a provider does to one message, what its row becomes, and words of the reason.
WHAT_HAPPENS = [
    ("sms", How.REFUSES, "failed-permanent", "cannot get text messages"),
    ("sms", How.FAILS, "unknown", "failed (answer 500). It may have gone out."),
    ("sms", How.BUSY, "failed-temporary", "busy (answer 429). Try 2 of 5 follows."),
    ("sms", How.RESETS, "unknown", "gave no answer. It may have gone out."),
    ("sms", How.SILENT_BEFORE, "unknown", "gave no answer. It may have gone out."),
    ("sms", How.SILENT, "unknown", "gave no answer. It may have gone out."),
    ("sms", How.DROPS, "unknown", "gave no answer. It may have gone out."),
    ("sms", How.DRIPS, "accepted", ""),
    ("sms", How.DRIPS_ON, "unknown", "SoftTimeLimitExceeded"),
    ("email", How.REFUSES, "failed-permanent", "refused it for good (answer 550)"),
    ("email", How.FAILS, "failed-permanent", "refused it for good (answer 554)"),
    ("email", How.BUSY, "failed-temporary", "just now (answer 451). Try 2 of 5 follows."),
    ("email", How.RESETS, "failed-temporary", "the connection broke off. Try 2 of 5 follows."),
    ("email", How.SILENT_BEFORE, "failed-temporary", "the connection broke off. Try 2 of 5 follows."),
    ("email", How.SILENT, "unknown", "gave no answer after it got the text. It may have gone out."),
    ("email", How.DROPS, "unknown", "gave no answer after it got the text. It may have gone out."),
    ("email", How.DRIPS, "accepted", ""),
    ("email", How.DRIPS_ON, "unknown", "SoftTimeLimitExceeded"),
]


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_what_a_provider_does_to_one_message_is_that_messages_alone(two, here, channel):
    """All faults in one batch, between good recipients. Nothing is called sent that was not taken, the good ones go,
    and sweeps after it send nothing of it again."""
    faults = [fault for fault in WHAT_HAPPENS if fault[0] == channel]
    provider = two.sms if channel == "sms" else two.mail
    good = due_by(channel, here, OTHERS)
    bad = due_by(channel, here, len(faults))
    last = due_by(channel, here, OTHERS)
    plan(now=database_now())
    rows = [row_of(visit, channel) for visit in bad]
    for row, (_, how, _, _) in zip(rows, faults, strict=True):
        provider.how_to[_address(row)] = how
    two.sweep()
    until(lambda: not {"planned", "claimed", "submitted"} & set(states()), lambda: (states(), provider.taken))
    for row, (_, how, state, words) in zip(rows, faults, strict=True):
        row.refresh_from_db()
        assert (how, row.state) == (how, state), row.reason
        assert words in row.reason
        assert (how, provider.ids().count(str(row.pk))) == (how, 1 if state == "accepted" or how in TOOK else 0)
    assert {row_of(visit, channel).state for visit in good + last} == {"accepted"}
    once = provider.ids()
    two.sweep()
    two.task("recover")
    two.sweep()
    until(lambda: provider.ids() == once and not {"claimed", "submitted"} & set(states()))
    assert len(once) == len(set(once))


# It has the message, whatever its answer.
TOOK = {How.SILENT, How.DROPS, How.DRIPS_ON}


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_provider_that_stays_busy_is_left_alone_after_five_tries(two, here, channel):
    """Then somebody at the desk is asked to call, where no other channel says the same."""
    provider = two.sms if channel == "sms" else two.mail
    provider.usually = How.BUSY
    [visit] = due_by(channel, here, 1)
    plan(now=database_now())
    for tries in range(1, MAX_TRIES + 1):
        two.sweep()
        until(lambda tries=tries: row_of(visit, channel).attempts == tries, states)
        until(lambda: row_of(visit, channel).state.startswith("failed"), states)
        time_passes()
    assert row_of(visit, channel).state == "failed-permanent"
    assert row_of(visit, channel).reason.endswith("Tried 5 times.")
    asked = provider.asked.total()
    time_passes()
    two.sweep()
    two.task("send_batch", channel, queue=channel)
    [task] = Task.objects.open().filter(kind="call-back")
    assert task.about == visit.pk
    assert provider.asked.total() == asked == MAX_TRIES
    assert provider.taken == []


def test_retry_after_is_kept(two, here):
    two.sms.usually = How.BUSY
    [visit] = due_by("sms", here, 1)
    plan(now=database_now())
    before = database_now()
    two.sweep()
    until(lambda: row_of(visit).state == "failed-temporary", states)
    assert timedelta(seconds=RETRY_AFTER) <= row_of(visit).due_at - before < timedelta(seconds=RETRY_AFTER + 60)
    two.sms.usually = How.TAKES
    two.sweep()
    two.task("send_batch", "sms", queue="sms")
    assert two.sms.taken == []


def test_one_slow_provider_does_not_stop_the_other(two, here):
    """The provider of texts stands still with a text in hand; all emails go meanwhile."""
    texts, emails = due_by("sms", here, 2), due_by("email", here, 4)
    plan(now=database_now())
    two.sms.usually = How.HOLDS_AFTER
    two.sweep()
    two.sms.wait_for_sender()
    until(lambda: {row_of(visit, "email").state for visit in emails} == {"accepted"}, states)
    assert "accepted" not in {row_of(visit).state for visit in texts}
    two.sms.let_go()
    until(lambda: not {"planned", "claimed", "submitted"} & set(states()), states)
    no_lie(two.sms.ids() + two.mail.ids())


def test_a_text_that_nobody_answered_for_is_asked_for(two, here):
    """The provider took it and closed the connection. It is not sent again: the provider's list says what became of
    it."""
    two.sms.usually = How.DROPS
    [visit] = due_by("sms", here, 1)
    plan(now=database_now())
    two.sweep()
    until(lambda: row_of(visit).state == "unknown", states)
    two.sms.usually = How.TAKES
    two.sweep()
    two.task("find_out")
    until(lambda: row_of(visit).state == "accepted", states)
    assert row_of(visit).provider_id == "SM000000"
    assert two.sms.ids() == ids()


def test_a_row_and_a_template_that_cannot_be_written_stop_nobody(two, noon):
    """The clinic's Spanish words make a subject that is too long for the ledger, and one guest's clinic has lost its
    telephone. In one batch with good ones: those two end as failed, with the reason and a task; all others go."""
    clinic, boss = noon
    good = due_by("email", clinic, 2)
    spoilt = booked_long_ago(guest(clinic, language="es"))
    other, _ = noon_clinic(chairs=1, name="Clinic without a telephone")
    mute = booked_long_ago(guest(other))
    good += due_by("email", clinic, 2)
    _too_long(clinic, boss)
    with recorded(by=BY):
        other.phone = ""
        other.save()
    plan(now=database_now())
    two.sweep()
    until(lambda: not {"planned", "claimed", "submitted"} & set(states()), states)
    assert {row_of(visit, "email").state for visit in good} == {"accepted"}
    for visit in (spoilt, mute):
        row = row_of(visit, "email")
        assert (row.state, row.attempts) == ("failed-permanent", 0)
        assert row.reason.startswith("The message could not be written (")
        assert Task.objects.open().filter(kind="call-back", about=visit.pk).count() == 1
    no_lie(two.mail.ids())


def _too_long(clinic: Clinic, boss: User) -> None:
    """As an older version of the editor may have let through."""
    words = {"subject": "{date} " * 17, "text": "{clinic} {date} {time} {phone}"}
    made = {"purpose": "reminder", "channel": "email", "language": "es", "edition": 1}
    with recorded(by=boss):
        MessageTemplate(clinic=clinic, by=boss, at=database_now(), **made, **words).save(force_insert=True)
