"""A visit is cancelled or moved, a patient opts out, while the message about it is on its way."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from config.audit.acting import recorded
from notifications.clock import database_now
from notifications.models import Message
from notifications.planner import plan
from patients.numbers import WHY, say_of_number
from scheduling.booking import cancel, move
from scheduling.states import Status
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import until
from tests.notifications.faults.world import (
    BY,
    booked_long_ago,
    due_by,
    guest,
    no_lie,
    row_of,
    somebody_waits,
    states,
    telling_news,
    time_passes,
)
from tests.notifications.story import says


@pytest.fixture
def telling(desk, noon):
    """A clinic that tells patients of what is moved and cancelled."""
    telling_news(*noon)
    return noon


@pytest.fixture(scope="module")
def shared_worker(shared_desk):
    with shared_desk.worker() as running:
        yield running


@pytest.fixture
def worker(desk, shared_worker):
    shared_worker.begin_again()
    return shared_worker


def cancels(visit, boss):
    cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_CLINIC, reason="Closed", by=boss, now=database_now())


def moves(visit, boss):
    move(appointment_id=visit.pk, start=visit.start + timedelta(minutes=60), by=boss, now=database_now())


@pytest.mark.parametrize(("act", "news"), [(cancels, "cancelled"), (moves, "moved")])
def test_changed_before_it_leaves(desk, telling, worker, act, news):
    """The desk's transaction is open while a sender, with the message claimed, waits to look at the visit. When it has
    committed, the sender finds the change: nothing goes for the old time, and nobody has to be told of a change."""
    clinic, boss = telling
    [visit] = due_by("email", clinic, 1)
    plan(now=database_now())
    with recorded(by=boss):
        act(visit, boss)
        desk.sweep()
        until(_waits_apart, states)
    until(lambda: row_of(visit, "email").state == "voided", lambda: (states(), worker.told()))
    for _ in range(2):
        plan(now=database_now())
        time_passes()
        desk.task("send_batch", "email", queue="email")
    until(lambda: worker.count("send_batch") >= 4, worker.told)
    assert desk.mail.taken == []
    assert not Message.objects.filter(appointment=visit, purpose=news, state="accepted").exists()


def _waits_apart() -> bool:
    """Asked on another connection: this one is in the desk's transaction."""
    found: list[bool] = []

    def ask() -> None:
        found.append(somebody_waits())
        connection.close()

    asking = Thread(target=ask)
    asking.start()
    asking.join()
    return found[0]


@pytest.mark.parametrize(("act", "news"), [(cancels, "cancelled"), (moves, "moved")])
def test_changed_after_it_left(desk, telling, worker, act, news):
    """The provider has the call and has not answered. The desk is not kept waiting, the message slips through, and a
    correction follows it; nothing more about the old time."""
    clinic, boss = telling
    [visit] = due_by("email", clinic, 1)
    plan(now=database_now())
    desk.mail.usually = How.HOLDS_BEFORE
    desk.sweep()
    desk.mail.wait_for_sender()
    act(visit, boss)
    desk.mail.usually = How.TAKES
    desk.mail.let_go()
    until(lambda: row_of(visit, "email").state == "accepted", lambda: (states(), worker.told()))
    plan(now=database_now())
    correction = Message.objects.get(appointment=visit, purpose=news)
    assert correction.state == "planned"
    time_passes()
    desk.sweep()
    until(lambda: Message.objects.get(pk=correction.pk).state == "accepted", lambda: (states(), worker.told()))
    plan(now=database_now())
    time_passes()
    desk.sweep()
    desk.task("send_batch", "email", queue="email")
    until(lambda: worker.count("send_batch") >= 6, worker.told)
    assert [taken.message for taken in desk.mail.taken] == [str(row_of(visit, "email").pk), str(correction.pk)]


def test_a_patient_opts_out_while_the_sender_stands_before_the_number(desk, noon, worker):
    """After the commit of the opt-out nothing is handed over, neither to the number nor to who shares it."""
    clinic, _ = noon
    patient = guest(clinic, agrees_to=("sms",))
    visits = [booked_long_ago(patient), booked_long_ago(guest(clinic, agrees_to=("sms",)))]
    plan(now=database_now())
    with recorded(by=BY):
        say_of_number(number=patient.mobile.as_e164, kind="opt-out", holds=True, how="reply", by=BY, at=database_now())
        desk.sweep()
        until(_waits_apart, states)
    until(lambda: set(states()) == {"accepted", "suppressed"}, lambda: (states(), worker.told()))
    assert row_of(visits[0]).reason == WHY["opt-out"]
    assert desk.sms.ids() == [str(row_of(visits[1]).pk)]
    no_lie(desk.sms.ids())


def test_a_patient_takes_a_yes_back_between_claim_and_handing_over(desk, noon, worker):
    """Emails: the message is claimed behind one that its provider holds; meanwhile its patient says no."""
    clinic, _ = noon
    first, second = due_by("email", clinic, 2)
    plan(now=database_now())
    rows = {row_of(visit, "email").pk: visit for visit in (first, second)}
    desk.mail.usually = How.HOLDS_AFTER
    desk.sweep()
    desk.mail.wait_for_sender()
    stamped = {row.pk for row in Message.objects.filter(state="submitted")}
    waiting = [visit for pk, visit in rows.items() if pk not in stamped]
    for visit in waiting:
        says(visit.patient, "email", granted=False, at=database_now())
    desk.mail.usually = How.TAKES
    desk.mail.let_go()
    until(lambda: not {"claimed", "submitted", "planned"} & set(states()), lambda: (states(), worker.told()))
    assert {pk for pk in rows if str(pk) in desk.mail.ids()} == stamped
    assert {row_of(visit, "email").state for visit in waiting} <= {"suppressed"}
