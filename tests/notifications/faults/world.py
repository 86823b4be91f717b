"""A clinic where it is about noon and whose messages may leave, with reminders due now by the database's clock."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from django.db import connection
from django.db.models import Q

from config.audit.acting import SystemJob, recorded
from config.staff.accounts import open_clinic
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from notifications.claims import LEASE
from notifications.clock import database_now
from notifications.models import NEWS, Lease, Message, Purpose
from notifications.outbox import recover
from notifications.purposes import switch_purpose
from notifications.registration import arm, record
from notifications.states import WAITING, MessageState
from patients.models import Patient
from scheduling.models import Appointment
from scheduling.opening import set_hours
from scheduling.places import MOST_WATCHED, add_chair, add_nurse
from tests.conftest import hired
from tests.notifications.story import OPEN, soon, taken_on, visit_of

S = MessageState
BY = SystemJob.SET_UP
TEXTS = {"reference": "C-1", "opt_in_text": "Yes?", "stop_text": "Stopped.", "help_text": "Call us."}
# Where a row may stand when all is over.
ENDED = {"accepted", "delivered", "unknown", "failed-permanent", "undelivered", "suppressed", "voided"}
_numbers = count(1)


def noon_clinic(*, chairs: int, name: str = "Noon Clinic") -> tuple[Clinic, User]:
    """A registered and armed clinic and its manager."""
    now = database_now()
    clinic = open_clinic(name=name, zone=f"Etc/GMT{now.hour - 12:+d}", phone="+12135550100", by=BY)
    for number in range(1, chairs + 1):
        add_chair(clinic=clinic, name=f"Chair {number}", by=BY, position=number)
    for number in range(0, chairs, MOST_WATCHED):
        nurse = hired(clinic, f"nurse {number} {name}", "Nils Berg", Role.NURSE, "RN")
        add_nurse(user=nurse, watch_lanes=min(MOST_WATCHED, chairs - number), by=BY)
    for weekday in range(7):
        set_hours(clinic=clinic, weekday=weekday, spans=[OPEN], by=BY)
    boss = hired(clinic, f"boss {name}", "Vera Lind", Role.MANAGER)
    ago = now - timedelta(days=3)
    record(clinic=clinic, kind="10dlc", registered_on=ago.date(), by=boss, now=ago, **TEXTS)
    arm(clinic=clinic, by=boss, now=ago)
    return clinic, boss


def telling_news(clinic: Clinic, boss: User) -> None:
    """What the desk does is told to patients."""
    for purpose in (Purpose.MOVED, Purpose.CANCELLED):
        switch_purpose(clinic=clinic, purpose=purpose, on=True, by=boss, now=database_now())


def guest(clinic: Clinic, *, agrees_to: tuple[str, ...] = ("email",), language: str = "") -> Patient:
    """Somebody with an address and a number of their own, who agreed two days ago."""
    number = next(_numbers)
    person = {
        "given_name": f"Guest{number}",
        "mobile": f"+1213{5560000 + number}",
        "email": f"guest{number}@example.com",
    }
    return taken_on(clinic, now=database_now() - timedelta(days=2), agrees_to=agrees_to, language=language, **person)


def booked_long_ago(patient: Patient, *, minutes_on: int = 0) -> Appointment:
    """A visit of tomorrow morning that was booked two days ago: the planner makes its reminder due at once."""
    now = database_now()
    start = soon(now, hours=21) + timedelta(minutes=minutes_on)
    return visit_of(patient, start, now=now - timedelta(days=2), by=BY, minutes=30)


def due_by(channel: str, clinic: Clinic, how_many: int) -> list[Appointment]:
    """So many visits whose reminder by this channel is due when the planner has run."""
    return [booked_long_ago(guest(clinic, agrees_to=(channel,))) for _ in range(how_many)]


def rows() -> Iterator[Message]:
    """The ledger without what was too late when it was planned: the reminders of three days before."""
    return Message.objects.exclude(state="suppressed", attempts=0, offset_hours=72).order_by("pk").iterator()


def ids() -> list[str]:
    return sorted(str(row.pk) for row in rows())


def states() -> dict[str, int]:
    """How many are in each state; "claimed" are those that wait and that a sender has in hand."""
    in_hand = held()
    return Counter("claimed" if row.state in WAITING and row.pk in in_hand else str(row.state) for row in rows())


def held() -> dict[UUID, datetime]:
    """What senders have in hand, and until when."""
    return dict(Lease.objects.filter(until__gt=database_now()).values_list("message", "until"))


def row_of(visit: Appointment, channel: str = "sms") -> Message:
    """The reminder of the day before."""
    return Message.objects.get(appointment=visit, channel=channel, offset_hours=24, purpose="reminder", placing=1)


def time_passes(*, all_of_it: bool = True) -> None:
    """What waits for later is due now: all, or what waits for another try and the minute before news goes."""
    waits = Q(state="failed-temporary") | Q(state="planned")
    soon_due = Q(state="failed-temporary") | Q(state="planned", purpose__in=sorted(NEWS))
    with recorded(by=BY):
        now = database_now()
        found = Message.objects.filter(waits if all_of_it else soon_due, due_at__gt=now)
        for row in found.select_for_update(skip_locked=True):
            row.due_at = now
            row.save()


def leases_end() -> int:
    """What a sweep does when the leases of now have run out. Returns how many messages were in hand."""
    in_hand = len(held())
    recover(now=database_now() + LEASE + timedelta(minutes=1))
    return in_hand


@contextmanager
def locked(statement: str) -> Iterator[None]:
    """Somebody else's transaction that holds a lock, so that a sender stands still at a known place."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(statement)
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def somebody_waits() -> bool:
    """Whether another session of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def no_lie(taken: list[str]) -> None:
    """Every row has ended, with a reason where it was not sent; what is called sent was taken; nothing was taken twice
    or without a row; what was taken is called sent or unknown."""
    known: dict[str, Message] = {str(row.pk): row for row in rows()}
    assert {row.state for row in known.values()} <= ENDED, states()
    for pk, row in known.items():
        sent = row.state in {"accepted", "delivered"}
        assert sent or row.reason, (pk, row.state)
        assert not sent or taken.count(pk) == 1, (pk, row.state, taken.count(pk))
        assert taken.count(pk) <= 1, f"{pk} went out twice"
        if pk in taken:
            assert row.state in {"accepted", "delivered", "unknown", "undelivered"}, (pk, row.state)
    assert set(taken) <= set(known)
