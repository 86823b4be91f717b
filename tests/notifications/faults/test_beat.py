"""Two beats at once, and none for two hours."""

from datetime import timedelta

from notifications.clock import database_now
from notifications.handing_over import TOO_LATE
from notifications.models import Message, Purpose
from notifications.outbox import recover
from notifications.planner import plan
from notifications.purposes import switch_purpose
from tests.notifications.faults.running import until
from tests.notifications.faults.world import BY, due_by, guest, ids, no_lie, states
from tests.notifications.story import soon, visit_of


def test_two_beats_at_once(desk, here):
    """Each asks for everything; two workers do it twice over. Every message is planned once and goes once."""
    due_by("email", here, 10)
    due_by("sms", here, 6)
    first, second, one, other = desk.beat(), desk.beat(), desk.worker(processes=2), desk.worker(processes=2)
    with first, second, one, other:
        until(lambda: states() == {"accepted": 16}, lambda: (states(), one.told()))
        due_by("email", here, 4)
        until(lambda: states() == {"accepted": 20}, lambda: (states(), one.told()))
        until(lambda: one.count("send_due") > 10)
    assert sorted(desk.mail.ids() + desk.sms.ids()) == ids()


def test_no_beat_for_two_hours(desk, noon):
    """What the ledger planned for these two hours, and what nobody planned at all. With the next round the one goes and
    the other is planned and goes, as long as it is of use; what is not any more says so."""
    clinic, boss = noon
    now = database_now()
    before = now - timedelta(hours=2)
    switch_purpose(clinic=clinic, purpose=Purpose.CONFIRMATION, on=True, by=boss, now=now - timedelta(days=3))
    # Known to the ledger: due an hour and a half ago, and news that had to be told before an hour ago.
    known = visit_of(guest(clinic), soon(now, hours=22, minutes=30), now=now - timedelta(days=2), by=BY, minutes=30)
    told_too_late = visit_of(guest(clinic), soon(now, hours=1), now=before - timedelta(minutes=20), by=BY, minutes=30)
    plan(now=before - timedelta(minutes=15))
    late = Message.objects.get(appointment=told_too_late, purpose="confirmation")
    assert late.useful_until < now
    # Not known: booked yesterday, its reminder due an hour ago, with nobody to plan it.
    unknown = visit_of(guest(clinic), soon(now, hours=23), now=now - timedelta(hours=30), by=BY, minutes=30)
    beat, worker = desk.beat(), desk.worker()
    with beat, worker:
        until(
            lambda: {"planned", "claimed", "submitted"}.isdisjoint(_states(known, unknown, told_too_late)), worker.told
        )
    for visit in (known, unknown):
        assert Message.objects.get(appointment=visit, purpose="reminder", offset_hours=24).state == "accepted"
    late.refresh_from_db()
    assert (late.state, late.reason) == ("suppressed", TOO_LATE)
    assert recover(now=database_now()) == 0
    no_lie(desk.mail.ids())
    assert str(late.pk) not in desk.mail.ids()


def _states(*visits) -> set[str]:
    found = {row.state for row in Message.objects.filter(appointment__in=visits)}
    planned = {row.appointment_id for row in Message.objects.filter(appointment__in=visits)}
    return found if len(planned) == len(visits) else {"planned"}
