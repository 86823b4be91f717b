"""Reminders of many visits: planned, claimed and sent over SMTP, against what cannot be done without."""

import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from bench.clinic import Filling
from bench.filling import fill
from bench.place import BY, NOW, Built, build, manager
from bench.table import Row, in_turn
from notifications.channels.letters import as_email
from notifications.letter import Letter
from notifications.models import Message
from notifications.outbox import batches_due, claim, release, send_batch
from notifications.planner import plan
from notifications.registration import arm, record
from notifications.states import MessageState
from patients.contact import record_consent
from patients.models import Patient
from patients.register import amend

DAYS, CHAIRS, CLAIMED, LETTERS = 18, 60, 500, 300
LATER = timedelta(days=1, hours=4)
BARE_SCAN = """
    SELECT channel, count(*) FROM notifications_message
    WHERE state IN ('planned', 'deferred', 'failed-temporary') AND due_at <= %s GROUP BY channel
"""


def rows() -> Iterator[Row]:
    """The planner's two kinds of run, a scan with nothing due, claims, and letters against bare SMTP."""
    _busy()
    first = _took(lambda: plan(now=NOW))
    visits = Message.objects.values("appointment").distinct().count()
    [steady] = in_turn(lambda _: plan(now=NOW), times=3)
    share = 100_000 / visits
    yield Row(f"planner's first run over {visits:,} visits, for 100,000", first * share, None, "10 s", 10_000)
    yield Row(f"planner finds nothing new in {visits:,} visits, for 100,000", steady * share, None, "10 s", 10_000)
    scan, bare = in_turn(lambda _: batches_due(now=NOW), lambda _: _bare_scan(NOW), times=40)
    yield Row("a scan with nothing due", scan, bare, "the bare query", 5)
    claimed = _took(lambda: claim(channel="email", now=NOW + LATER, limit=CLAIMED))
    yield Row(f"claim of {CLAIMED} due messages, at 20,000 a second", claimed, None, "25 ms", 25)
    release(messages=list(Message.objects.filter(state=MessageState.CLAIMED)))
    yield from _over_smtp(NOW + LATER)


def _busy() -> Built:
    built = build(name="Bench Sending", chairs=CHAIRS)
    boss = manager(built.clinic)
    fill(built, chairs=CHAIRS, first=NOW.date(), days=DAYS, filling=Filling(share=0.8))
    for number, person in enumerate(Patient.objects.filter(clinic=built.clinic)):
        amend(patient_id=person.pk, version=None, by=built.desk, now=NOW, email=f"bench{number}@example.com")
        record_consent(patient=person, channel="email", granted=True, how="Spoken", by=BY, at=NOW)
    record(clinic=built.clinic, kind="emails", registered_on=NOW.date(), by=boss, now=NOW)
    arm(clinic=built.clinic, by=boss, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return built


def _took(act: Callable[[], object]) -> float:
    begin = perf_counter()
    act()
    return (perf_counter() - begin) * 1000


def _bare_scan(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE_SCAN, [now])
        cursor.fetchall()


def _over_smtp(now: datetime) -> Iterator[Row]:
    """The same letters once through the outbox and once over one bare connection, to the same server."""
    with (
        _mail_server() as port,
        override_settings(
            EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_CHANNEL="notifications.channels.smtp.SmtpEmail"
        ),
    ):
        ours = _took(lambda: send_batch(channel="email", now=now, limit=LETTERS))
        sent = list(Message.objects.filter(state=MessageState.ACCEPTED))
        if not sent:
            raise RuntimeError("nothing was sent: nothing to measure")
        bare = _took(lambda: _bare_smtp(sent, port))
    yield Row(f"{len(sent)} letters over SMTP, one worker", ours, bare, "one bare connection", 1.3)


def _bare_smtp(sent: list[Message], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for row in sent:
            letter = Letter(row.pk, row.to, "Bench", "", row.subject, row.text, row.language)
            server.send_message(as_email(letter), settings.DEFAULT_FROM_EMAIL, [row.to])


@contextmanager
def _mail_server() -> Iterator[int]:
    """A mail server of its own process that takes everything and keeps nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the mail server did not start")
