"""Reads the ledger, its history and the providers' books, and says what became of every message and what is wrong.

What came first is read from the times of commits (`track_commit_timestamp`): whoever cancels and whoever hands over
lock the same visit, whoever opts out and whoever texts lock the same number, so that one of the two was first.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from notifications.clock import database_now
from notifications.models import Message
from notifications.states import MESSAGE_MOVES, WAITING, MessageState

SENT, IN_HAND = {"accepted", "delivered"}, {"submitted"}
# Each handing over: the first row of history that bears its stamp, and when that was committed.
STAMPS = """stamps AS (
    SELECT DISTINCT ON (h.id, h.submitted_at) h.id, h.purpose, h.channel, h."to", h.appointment_id, h.patient_id,
           h.told_start, h.submitted_at, pg_xact_commit_timestamp(h.xmin) AS at
      FROM notifications_historicalmessage h WHERE h.submitted_at IS NOT NULL
     ORDER BY h.id, h.submitted_at, h.history_id)"""
# What must not have been handed over, each as the ids of messages.
TOO_LATE = {
    "handed over about a visit that did not stand so": """
        SELECT s.id FROM stamps s CROSS JOIN LATERAL (
            SELECT v.status, v.start FROM scheduling_historicalappointment v
             WHERE v.id = s.appointment_id AND pg_xact_commit_timestamp(v.xmin) < s.at
             ORDER BY v.history_id DESC LIMIT 1) v
         WHERE CASE WHEN s.purpose = 'cancelled' THEN v.status NOT LIKE 'cancelled-%' AND v.status <> 'entered-in-error'
                    ELSE v.status <> 'booked' OR v.start <> s.told_start END""",
    "texted to a number that had opted out": """
        SELECT s.id FROM stamps s CROSS JOIN LATERAL (
            SELECT n.holds FROM patients_numberstatement n
             WHERE n.number = s."to" AND n.kind = 'opt-out' AND pg_xact_commit_timestamp(n.xmin) < s.at
             ORDER BY n.at DESC, n.recorded_at DESC LIMIT 1) n
         WHERE s.channel = 'sms' AND n.holds""",
    "handed over to a patient who had said no": """
        SELECT s.id FROM stamps s CROSS JOIN LATERAL (
            SELECT c.granted FROM patients_contactconsent c
             WHERE c.patient_id = s.patient_id AND c.channel = s.channel AND c.purpose = 'visits'
               AND pg_xact_commit_timestamp(c.xmin) < s.at
             ORDER BY c.at DESC, c.recorded_at DESC LIMIT 1) c
         WHERE NOT c.granted""",
}
# One row of history for each change, and the last of them as the row stands.
TRACES = {
    "changes without a row of history, or more than one": """
        SELECT m.id FROM {table} m JOIN (SELECT id, count(*) AS rows FROM {history} GROUP BY id) h USING (id)
         WHERE h.rows <> m.version""",
    "without any history": "SELECT m.id FROM {table} m WHERE NOT EXISTS (SELECT FROM {history} h WHERE h.id = m.id)",
    "otherwise than its history tells": """
        SELECT m.id FROM {table} m CROSS JOIN LATERAL (
            SELECT h.{column}, h.version FROM {history} h WHERE h.id = m.id ORDER BY h.history_id DESC LIMIT 1) h
         WHERE (h.{column}, h.version) IS DISTINCT FROM (m.{column}, m.version)""",
}
TRACED = [
    ("notifications_message", "notifications_historicalmessage", "state"),
    ("scheduling_appointment", "scheduling_historicalappointment", "status"),
]


@dataclass
class Verdict:
    """What became of the messages that were due. `wrong` is in words, one each."""

    due: int = 0
    sent: int = 0
    unknown: int = 0
    failed: int = 0
    kept_back: int = 0
    lost: int = 0
    doubled: int = 0
    after: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.due} due: {self.sent} sent, {self.unknown} unknown, {self.failed} failed, "
            f"{self.kept_back} kept back for a reason; {self.lost} lost, {self.doubled} doubled, "
            f"{self.after} sent after cancel or opt-out"
        )


def verdict(taken: list[str]) -> Verdict:
    """`taken`: our ids of what the providers took, each as often as they took it."""
    found = Verdict()
    _ended(found, Counter(taken))
    with connection.cursor() as cursor:
        for what, statement in TOO_LATE.items():
            cursor.execute(f"WITH {STAMPS} {statement}")
            found.after += _note(found, what, [pk for (pk,) in cursor.fetchall()])
        for table, history, column in TRACED:
            for what, statement in TRACES.items():
                cursor.execute(statement.format(table=table, history=history, column=column))
                _note(found, f"{table}: {what}", [pk for (pk,) in cursor.fetchall()])
    _moves(found)
    return found


def _ended(found: Verdict, taken: Counter[str]) -> None:
    now = database_now()
    rows = {str(row.pk): row for row in Message.objects.all()}
    for pk, row in rows.items():
        _count(found, row, is_due=row.due_at <= now or row.submitted_at is not None)
        if row.state in {*WAITING, *IN_HAND} and (row.due_at <= now or row.state in IN_HAND):
            found.lost += _note(found, f"due and still {row.state}", [pk])
        if row.state in SENT and not taken[pk]:
            found.lost += _note(found, "called sent, and no provider has it", [pk])
        if taken[pk] and row.state not in {*SENT, "unknown", "undelivered"}:
            _note(found, f"a provider has it, and it is called {row.state}", [pk])
        if row.state not in {*SENT, *WAITING, *IN_HAND} and not row.reason:
            _note(found, f"{row.state} without a reason", [pk])
    found.lost += _note(found, "a provider has it, and the ledger does not", set(taken) - set(rows))
    twice = [pk for pk, times in taken.items() if times > 1]
    _note(found, "went out more than once", twice)
    found.doubled = sum(taken[pk] - 1 for pk in twice)


def _count(found: Verdict, row: Message, *, is_due: bool) -> None:
    if not is_due:
        return
    found.due += 1
    found.sent += row.state in SENT
    found.unknown += row.state == "unknown"
    found.failed += row.state in {"failed-permanent", "undelivered"}
    found.kept_back += row.state in {"suppressed", "voided"}


def _moves(found: Verdict) -> None:
    """Each change of state is one of the table."""
    before: dict[object, str] = {}
    history = Message.history.order_by("history_id").values_list("id", "state")  # type: ignore[attr-defined]
    for pk, state in history.iterator():
        was = before.get(pk, state)
        if state != was and MessageState(state) not in MESSAGE_MOVES[MessageState(was)]:
            _note(found, f"went from {was} to {state}", [pk])
        before[pk] = state


def _note(found: Verdict, what: str, ids: Iterable[object]) -> int:
    ids = [str(pk) for pk in ids]
    if ids:
        found.wrong.append(f"{what}: {len(ids)} ({', '.join(ids[:3])})")
    return len(ids)
