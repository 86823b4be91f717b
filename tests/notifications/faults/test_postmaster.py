"""PostgreSQL's postmaster is killed with -9 while messages go out, and started again on what it left behind."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection

from notifications.clock import database_now
from notifications.models import Message
from notifications.planner import plan
from scheduling.models import Appointment
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import Desk, until
from tests.notifications.faults.servers import Own, copy_into, moved_to, own_postgres
from tests.notifications.faults.world import due_by, ids, leases_end, no_lie, noon_clinic, states

MANY = 10


@pytest.fixture
def postgres(desk: Desk) -> Iterator[Own]:
    with own_postgres() as own:
        copy_into(own)
        with moved_to(own):
            yield own


@pytest.mark.parametrize("how", [How.HOLDS_BEFORE, How.HOLDS_AFTER])
def test_postmaster_killed_in_the_middle_of_sending(desk, postgres, how):
    """Worker and beat stay up and find their way back by themselves. What was committed is kept, every message went
    once but for what was in hand; of that it is said that nobody knows."""
    clinic, _ = noon_clinic(chairs=MANY)
    visits = due_by("email", clinic, MANY)
    plan(now=database_now())
    due = ids()
    desk.mail.usually = how
    worker, beat = desk.worker(), desk.beat()
    with worker, beat:
        desk.mail.wait_for_sender()
        in_hand = _in_state("submitted")
        assert in_hand
        postgres.kill()
        desk.mail.usually = How.TAKES
        desk.mail.let_go()
        with pytest.raises(OperationalError):
            database_now()
        connection.close()
        postgres.start()
        assert (ids(), _in_state("submitted")) == (due, in_hand)
        assert Appointment.objects.filter(pk__in=[visit.pk for visit in visits], status="booked").count() == MANY
        leases_end()
        until(lambda: set(states()) == {"accepted", "unknown"}, lambda: (states(), worker.told(), beat.told()))
        assert worker.process.poll() is None
        assert beat.process.poll() is None
    taken = desk.mail.ids()
    no_lie(taken)
    assert _in_state("unknown") == in_hand
    assert set(due) - set(taken) <= set(in_hand)


def _in_state(state: str) -> list[str]:
    return sorted(str(pk) for pk in Message.objects.filter(state=state).values_list("pk", flat=True))
