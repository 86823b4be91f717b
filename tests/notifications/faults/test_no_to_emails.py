"""An email and its patient's no at the same moment: one of the two comes first, and nothing goes after the no."""

from threading import Thread

from django.db import connection

from notifications.clock import database_now
from notifications.planner import plan
from tests.notifications.faults.running import until
from tests.notifications.faults.world import due_by, locked, somebody_waits, states
from tests.notifications.story import says

VISITS = "SELECT 1 FROM scheduling_appointment FOR NO KEY UPDATE"
HISTORY = "LOCK TABLE notifications_historicalmessage IN SHARE MODE"


def test_a_no_waits_until_the_stamp_is_committed(desk, here):
    """The sender has looked at the patient and cannot write its stamp yet; the no comes in between."""
    [visit] = due_by("email", here, 1)
    plan(now=database_now())
    said: list[str] = []

    def say() -> None:
        try:
            says(visit.patient, "email", granted=False, at=database_now())
            said.append("no")
        finally:
            connection.close()

    saying = Thread(target=say)
    with desk.worker():
        with locked(HISTORY):
            with locked(VISITS):
                desk.sweep()
                until(lambda: states() == {"claimed": 1} and somebody_waits(), states)
            until(somebody_waits, states)
            saying.start()
            saying.join(2)
            said_before_the_stamp = list(said)
        saying.join()
        until(lambda: not {"claimed", "submitted"} & set(states()), states)
    assert said_before_the_stamp == []
    assert said == ["no"]
    assert states() == {"accepted": 1}
    assert len(desk.mail.ids()) == 1
