"""A seeded mix of all faults under load, and what became of every message. `make soak` runs it at length.

Two workers, two beats with quick rounds, a broker, a database and providers of its own; a desk that books, moves,
cancels and writes down opt-outs; and somebody who kills, stops, empties and restarts all of it. The seed says what is
done in which order; when exactly it meets what is left to the machine.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import redis
from django.db import InterfaceError, OperationalError, connection

from bench.soak import findings
from config.staff.models import Clinic, User
from notifications.clock import database_now
from notifications.models import Message, Purpose
from notifications.planner import plan
from notifications.purposes import switch_purpose
from notifications.states import WAITING, MessageState
from tests.notifications.faults.checker import Verdict, verdict
from tests.notifications.faults.load import Load
from tests.notifications.faults.mail_server import MailServer
from tests.notifications.faults.provider import How
from tests.notifications.faults.running import Desk, Running
from tests.notifications.faults.servers import copy_into, moved_to, own_postgres, own_valkey
from tests.notifications.faults.sms_provider import SmsProvider
from tests.notifications.faults.world import leases_end, noon_clinic, telling_news, time_passes

CHAIRS, CLOCKS = 48, (-600, -90, 0, 0, 90, 600)
MOODS = {
    "well": [*[How.TAKES] * 30, How.BUSY, How.DROPS, How.RESETS],
    "ill": [
        *[How.TAKES] * 10,
        *[How.BUSY] * 4,
        *[How.DROPS] * 2,
        *[How.RESETS] * 2,
        How.FAILS,
        How.REFUSES,
        How.SILENT,
    ],
    "slow": [*[How.TAKES] * 5, *[How.DRIPS] * 3, How.SILENT, How.SILENT_BEFORE],
}
SETTLING = 240


@dataclass
class Mix:
    """One run. `longest_outage`: seconds for which the broker may be away."""

    seed: int
    seconds: float
    folder: Path
    longest_outage: float = 6
    did: Counter[str] = field(default_factory=Counter)

    def run(self) -> tuple[Verdict, Load]:
        """On the database that this process is connected to there is nothing left of it."""
        self.mind = Random(self.seed)
        with MailServer() as mail, SmsProvider() as sms, own_valkey() as self.valkey, own_postgres() as self.postgres:
            self.desk = Desk(self.folder, mail, sms, broker=self.valkey.server.url)
            copy_into(self.postgres)
            with moved_to(self.postgres):
                return self._run()

    def _run(self) -> tuple[Verdict, Load]:
        clinic, boss = self._clinic()
        self._in_moods()
        self.workers = [self._worker(), self._worker()]
        self.beats = [self.desk.beat(), self.desk.beat()]
        try:
            with Load(clinic, boss, self.seed) as load:
                self._trouble()
            self._calm_down()
        finally:
            self.desk.end()
        found = verdict(self.desk.mail.ids() + self.desk.sms.ids())
        found.wrong += [*load.faults, *(f"{what}: {count}" for what, count in findings().items())]
        if plan(now=database_now()):
            found.wrong.append("the planner finds something that it ought to have found before")
        return found, load

    def _clinic(self) -> tuple[Clinic, User]:
        clinic, boss = noon_clinic(chairs=CHAIRS)
        telling_news(clinic, boss)
        switch_purpose(clinic=clinic, purpose=Purpose.CONFIRMATION, on=True, by=boss, now=database_now())
        return clinic, boss

    def _worker(self, *, clock: int = 0) -> Running:
        return self.desk.worker(processes=2, FAULTS_CLOCK=str(clock))

    # --- trouble ---

    def _trouble(self) -> None:
        """All of it in turn, in an order that the seed says, again and again."""
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            for act in self.mind.sample(TROUBLE, len(TROUBLE)):
                pause = self.mind.uniform(0.3, 2.5)
                if time.monotonic() + pause > until:
                    return
                time.sleep(pause)
                with _whatever_the_database_does():
                    time_passes(all_of_it=False)
                    act(self)
                self.did[act.__name__] += 1

    def kill_a_worker(self) -> None:
        """The next one may stand on a host whose clock is wrong."""
        victim = self.mind.randrange(len(self.workers))
        self.workers[victim].kill()
        self.workers[victim] = self._worker(clock=self.mind.choice(CLOCKS))

    def stop_a_worker(self) -> None:
        """SIGTERM, as a deployment does; the new one does not wait for the old one."""
        victim = self.mind.randrange(len(self.workers))
        old, self.workers[victim] = self.workers[victim], self._worker()
        with suppress(ProcessLookupError):
            os.kill(old.process.pid, signal.SIGTERM)
        self.workers.append(old)
        while len(self.workers) > 4:
            self.workers.pop(2).kill()

    def kill_a_beat(self) -> None:
        victim = self.mind.randrange(len(self.beats))
        self.beats[victim].kill()
        self.beats[victim] = self.desk.beat()

    def empty_the_broker(self) -> None:
        redis.Redis.from_url(self.desk.broker).flushall()

    def broker_away(self) -> None:
        self.valkey.kill()
        time.sleep(self.mind.uniform(0.5, self.longest_outage))
        self.valkey.start()

    def kill_the_database(self) -> None:
        self.postgres.kill()
        connection.close()
        time.sleep(self.mind.uniform(0, 1.5))
        self.postgres.start()

    def leases_end_early(self) -> None:
        """As if whoever holds something had been asleep for longer than its lease."""
        leases_end()

    def _in_moods(self) -> None:
        for provider in (self.desk.mail, self.desk.sms):
            mind = Random(self.mind.random())
            hows = MOODS[self.mind.choice(list(MOODS))]
            provider.chooses = lambda mind=mind, hows=hows: mind.choice(hows)

    def moods_change(self) -> None:
        self._in_moods()

    # --- and what comes after it ---

    def _calm_down(self) -> None:
        """Everybody works again; what is left goes its way."""
        for running in self.workers:
            running.kill()  # what they had in hand is nobody's from here on
        for provider in (self.desk.mail, self.desk.sms):
            provider.chooses = None
        self.workers = [self._worker(), self._worker()]
        for look in range(SETTLING):  # then the verdict says what still waits
            if look % 30 == 0:
                leases_end()
            if not self._something_is_left():
                return
            time.sleep(1)

    def _something_is_left(self) -> bool:
        """In this order: where a planner adds nothing, nothing comes between the looks."""
        changed = plan(now=database_now())
        time_passes(all_of_it=False)
        return bool(changed or _something_waits())


TROUBLE: list[Callable[[Mix], None]] = [
    Mix.kill_a_worker,
    Mix.kill_a_worker,
    Mix.stop_a_worker,
    Mix.kill_a_beat,
    Mix.empty_the_broker,
    Mix.broker_away,
    Mix.kill_the_database,
    Mix.leases_end_early,
    Mix.moods_change,
]


def _something_waits() -> bool:
    now = database_now()
    due = Message.objects.filter(state__in=WAITING, due_at__lte=now)
    return due.exists() or Message.objects.filter(state=MessageState.SUBMITTED).exists()


@contextmanager
def _whatever_the_database_does() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError):
        connection.close()
