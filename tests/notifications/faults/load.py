"""What a busy desk does while everything fails: books, moves, cancels, undoes, writes down who wants no messages."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from config.audit.acting import SystemJob
from config.refusals import Refused
from config.staff.models import Clinic, User
from notifications.clock import database_now
from patients.models import Patient
from patients.numbers import say_of_number
from scheduling import booking
from scheduling.models import Appointment
from scheduling.states import Status
from tests.notifications.faults.world import guest
from tests.notifications.story import says, soon

HOW = {Status.CANCELLED_BY_CLINIC: "Closed", Status.CANCELLED_BY_PATIENT: "Called"}
# How far ahead visits are whose reminder of the day before, or of three days before, is due at once.
NEAR, FAR = (20 * 60, 23 * 60 + 30), (69 * 60, 71 * 60 + 30)


@dataclass
class Load:
    """So many people at the desk; `told` counts what they did and what they were answered, `faults` is all else."""

    clinic: Clinic
    boss: User
    seed: int
    people: int = 3
    told: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __enter__(self) -> "Load":
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=[number]) for number in range(self.people)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        mind = Random(f"{self.seed}-{number}")
        while not self._over.is_set():
            act = mind.choice(ACTS)
            try:
                act(self, mind)
                self.told[act.__name__] += 1
            except Refused as refusal:
                self.told[f"{act.__name__} refused: {type(refusal).__name__}"] += 1
            except (OperationalError, InterfaceError):
                self.told["database away"] += 1
                connection.close()
                time.sleep(0.3)
            except Exception as error:  # noqa: BLE001  (a fault is what this is about)
                self.faults.append(f"{act.__name__}: {type(error).__name__}: {error}"[:300])
            self._over.wait(mind.uniform(0, 0.2))
        connection.close()

    def visit(self, mind: Random, *states: str) -> Appointment:
        found = list(
            Appointment.objects.filter(clinic=self.clinic, status__in=states, start__gt=database_now())
            .select_related("patient", "clinic")
            .order_by("-booked_at", "pk")[:200]
        )
        if not found:
            raise NothingThere("There is none yet.")
        return mind.choice(found)


class NothingThere(Refused):
    """Nobody has booked yet."""


def book(load: Load, mind: Random) -> None:
    """Two or four days ago, so that the planner, late by some hours, makes a reminder due at once."""
    now = database_now()
    ahead = mind.choice([NEAR, NEAR, FAR])
    start = soon(now, minutes=mind.randint(*ahead))
    agrees_to = mind.choice([("email",), ("sms",), ("email", "sms")])
    who = guest(load.clinic, agrees_to=agrees_to)
    long_ago = now - timedelta(days=2)
    booking.book(patient=who, clinic=load.clinic, start=start, minutes=30, by=load.boss, now=long_ago)


def book_now(load: Load, mind: Random) -> None:
    """Just now, for next week: that is confirmed."""
    now = database_now()
    start = soon(now, days=mind.randint(5, 9)) + timedelta(minutes=15 * mind.randint(0, 12))
    booking.book(patient=guest(load.clinic), clinic=load.clinic, start=start, minutes=30, by=load.boss, now=now)


def cancel(load: Load, mind: Random) -> None:
    visit = load.visit(mind, Status.BOOKED)
    how = mind.choice(list(HOW))
    booking.cancel(
        appointment_id=visit.pk, how=how, reason=HOW[how], by=load.boss, now=database_now(), version=visit.version
    )


def undo(load: Load, mind: Random) -> None:
    visit = load.visit(mind, *HOW)
    booking.undo(appointment_id=visit.pk, by=load.boss, now=database_now(), version=visit.version)


def move(load: Load, mind: Random) -> None:
    visit = load.visit(mind, Status.BOOKED)
    start = visit.start + timedelta(minutes=15 * mind.randint(1, 4))
    booking.move(appointment_id=visit.pk, start=start, by=load.boss, now=database_now(), version=visit.version)


def opt_out(load: Load, mind: Random) -> None:
    _say(load.visit(mind, Status.BOOKED).patient, holds=True)


def opt_in(load: Load, mind: Random) -> None:
    _say(load.visit(mind, Status.BOOKED).patient, holds=False)


def _say(patient: Patient, *, holds: bool) -> None:
    of: dict[str, Any] = {"number": patient.mobile.as_e164, "how": "reply", "by": SystemJob.REMINDERS}
    say_of_number(kind="opt-out", holds=holds, at=database_now(), **of)


def no_emails(load: Load, mind: Random) -> None:
    says(load.visit(mind, Status.BOOKED).patient, "email", granted=False, at=database_now())


def emails_again(load: Load, mind: Random) -> None:
    says(load.visit(mind, Status.BOOKED).patient, "email", granted=True, at=database_now())


# As often as they stand here.
ACTS = (*[book] * 8, book_now, *[cancel] * 3, undo, *[move] * 2, *[opt_out] * 2, opt_in, *[no_emails] * 2, emails_again)
