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
from bench.multiplying import multiply, of
from bench.place import BY, NOW, build, manager
from bench.table import Row, in_turn
from notifications.channels.letters import as_email
from notifications.claims import Claim, claim, release
from notifications.letter import Letter
from notifications.models import Message
from notifications.outbox import batches_due, send_batch
from notifications.planner import plan
from notifications.registration import arm, record
from notifications.states import MessageState
from patients.contact import record_consent
from patients.models import ContactConsent, Patient
from patients.register import amend
from scheduling.models import Appointment

DAYS, CHAIRS, COPIES = 18, 60, 19
LEDGER, LETTERS = 1_000_000, 3_000
LATER = timedelta(days=1, hours=4)
BARE_SCAN = """
    SELECT channel, count(*) FROM notifications_message
    WHERE state IN ('planned', 'deferred', 'failed-temporary') AND due_at <= %s GROUP BY channel
"""
SENDERS = 10


def rows() -> Iterator[Row]:
    """The planner's two kinds of run, a scan with nothing due, claims, and letters against bare SMTP."""
    _busy()
    first = _took(lambda: plan(now=NOW))
    visits = Message.objects.values("appointment").distinct().count()
    share = 100_000 / visits
    yield Row(f"planner's first run over {visits:,} visits, for 100,000", first * share, None, "no bar", None)
    _long_ledger()
    [steady] = in_turn(lambda _: plan(now=NOW), times=3)
    yield Row(f"planner finds nothing new in {visits:,} visits, for 100,000", steady * share, None, "10 s", 10_000)
    scan, bare = in_turn(lambda _: batches_due(now=NOW), lambda _: _bare_scan(NOW), times=40)
    yield Row("a scan with nothing due", scan, bare, "the bare query", 5)
    yield from _claims(NOW + timedelta(days=20))
    yield from _over_smtp(NOW + LATER)


def _busy() -> None:
    """A hundred thousand visits of some thousand patients who agreed to emails, at a clinic that may send."""
    built = build(name="Bench Sending", chairs=CHAIRS)
    boss = manager(built.clinic)
    fill(built, chairs=CHAIRS, first=NOW.date(), days=DAYS, filling=Filling(share=0.8))
    for number, person in enumerate(Patient.objects.filter(clinic=built.clinic)):
        amend(patient_id=person.pk, version=None, by=built.desk, now=NOW, email=f"bench{number}@example.com")
        record_consent(patient=person, channel="email", granted=True, how="Spoken", by=BY, at=NOW)
    record(clinic=built.clinic, kind="emails", registered_on=NOW.date(), by=boss, now=NOW)
    arm(clinic=built.clinic, by=boss, now=NOW)
    whose = {"id": of("id"), "patient_id": of("patient_id")}
    multiply(Patient, times=COPIES, changed={"id": of("id"), "record_number": "record_number || '-' || copy"})
    multiply(ContactConsent, times=COPIES, changed=whose)
    multiply(Appointment, times=COPIES, changed={**whose, "series_id": "NULL"}, where="status = 'booked'")


def _long_ledger() -> None:
    """Years of messages that have arrived."""
    there = Message.objects.count()
    gone = {
        "id": of("id"),
        "nth": "copy",
        "purpose": "'confirmation'",
        "told_start": "planned_for",
        "state": "'delivered'",
        "text": "'Hello'",
        **dict.fromkeys(("submitted_at", "sent_at", "receipt_at"), "planned_for"),
    }
    multiply(Message, times=max(1, LEDGER // there - 1), changed=gone)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_message")


def _claims(now: datetime) -> Iterator[Row]:
    """A batch for each of ten senders, none of which has settled anything yet, and given up again."""
    taken: list[Claim] = []

    def take_all() -> None:
        for _ in range(SENDERS):
            taken.extend(claim(channel="email", now=now))

    spent = _took(take_all)
    release(taken)
    bar = len(taken) / 20
    yield Row(
        f"claims of {len(taken):,} messages by {SENDERS} senders, at 20,000 a second", spent, None, f"{bar:.0f} ms", bar
    )


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
        ours = _took(lambda: _send(now))
        sent = list(Message.objects.filter(state=MessageState.ACCEPTED))
        if not sent:
            raise RuntimeError("nothing was sent: nothing to measure")
        bare = _took(lambda: _bare_smtp(sent, port))
    yield Row(f"{len(sent)} letters over SMTP, one worker", ours, bare, "one bare connection", 1.3)


def _send(now: datetime) -> None:
    sent = 0
    while sent < LETTERS and (batch := send_batch(channel="email", now=now)):
        sent += batch


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
