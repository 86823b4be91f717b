"""The broker forgets everything, is down for a minute, comes back empty: it is only the doorbell."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import redis

from config.staff.permissions import Role
from notifications.clock import database_now
from notifications.models import Message
from notifications.planner import plan
from scheduling.models import Appointment
from tests.conftest import hired
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import Desk, until
from tests.notifications.faults.servers import Own, own_valkey
from tests.notifications.faults.world import booked_long_ago, due_by, guest, ids, no_lie, states
from tests.notifications.story import soon

DOWN = 60


@pytest.fixture(scope="module")
def valkey() -> Iterator[Own]:
    with own_valkey() as own:
        yield own


@pytest.fixture
def on_its_own(desk: Desk, valkey: Own) -> Desk:
    """A desk whose broker is this file's own."""
    if not valkey.server.ready():
        valkey.start()
    return replace(desk, broker=valkey.server.url)


def test_flushall_in_the_middle(on_its_own, here):
    """While a batch is in hand and more are queued. The one in hand ends, the next sweep brings the rest."""
    due_by("email", here, 8)
    due_by("sms", here, 4)
    plan(now=database_now())
    on_its_own.mail.usually = How.HOLDS_AFTER
    with on_its_own.worker():
        on_its_own.task("send_batch", "email", queue="email")
        on_its_own.mail.wait_for_sender()
        on_its_own.sweep()  # lies in the queue: the only process is busy
        redis.Redis.from_url(on_its_own.broker).flushall()
        on_its_own.mail.usually = How.TAKES
        on_its_own.mail.let_go()
        until(lambda: states() == {"accepted": 8, "planned": 4}, states)
        on_its_own.sweep()
        until(lambda: states() == {"accepted": 12}, states)
    assert sorted(on_its_own.mail.ids() + on_its_own.sms.ids()) == ids()


def test_down_for_a_minute_while_the_desk_books(on_its_own, here, valkey, api_as, settings):
    """Worker and beat are left alone. Booking by the API works all the while; when the broker is back, beat's next
    rounds plan and send what was booked, each once, and nobody restarts anything."""
    ana = hired(here, "ana", "Ana Ortiz", Role.FRONT_DESK)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": on_its_own.broker}}
    due_by("email", here, 2)
    worker, beat = on_its_own.worker(), on_its_own.beat()
    with worker, beat:
        until(lambda: states() == {"accepted": 2}, worker.told)
        valkey.kill()
        down_until = time.monotonic() + DOWN
        due_by("sms", here, 2)
        later = _booked_by_api(api_as(ana), here, 3)
        plan_and_ledger = Message.objects.count()
        time.sleep(max(0.0, down_until - time.monotonic()))
        assert Message.objects.count() == plan_and_ledger
        assert worker.process.poll() is None
        assert beat.process.poll() is None
        valkey.start()
        until(lambda: states().get("accepted") == 4, lambda: (states(), worker.told(), beat.told()))
        until(lambda: Message.objects.filter(appointment__in=later).exists(), states)
    assert len(on_its_own.sms.ids()) == len(on_its_own.mail.ids()) == 2
    sent = on_its_own.mail.ids() + on_its_own.sms.ids()
    assert len(sent) == len(set(sent))
    assert set(sent) == {str(row.pk) for row in Message.objects.filter(state="accepted")}


def _booked_by_api(client, clinic, how_many) -> list[Appointment]:
    """Each answers in seconds: a broker that is not there stops no booking."""
    booked = []
    for number in range(how_many):
        start = soon(database_now(), days=5) + timedelta(minutes=30 * number)
        wish = {"patient": str(guest(clinic).pk), "start": start.isoformat(), "minutes": 30, "kind": "consult"}
        began = time.monotonic()
        answer = client.post("/api/v1/appointments/", wish)
        assert answer.status_code == 201, answer.content
        assert time.monotonic() - began < 10
        booked.append(Appointment.objects.get(pk=answer.json()["id"]))
    return booked


def test_a_broker_that_comes_back_without_its_memory(on_its_own, here, valkey):
    """Killed with tasks in it, its folder emptied."""
    [booked_long_ago(guest(here)) for _ in range(3)]
    plan(now=database_now())
    on_its_own.sweep()
    valkey.kill()
    for kept in (valkey.folder / "valkey" / "appendonlydir").glob("*"):
        kept.unlink()
    valkey.start()
    assert redis.Redis.from_url(on_its_own.broker).dbsize() == 0
    with on_its_own.worker():
        on_its_own.sweep()
        until(lambda: states() == {"accepted": 3}, states)
    no_lie(on_its_own.mail.ids())
