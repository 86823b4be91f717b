"""Which messages are due: compares what ought to be sent with what the ledger holds, and writes the difference.

It needs no events: whatever was booked, moved, cancelled, agreed or withdrawn since, the next run sets right, also
after hours without one. A run that finds nothing different writes nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from config.audit.acting import SystemJob, recorded
from notifications import ledger
from notifications.asks import plan_asks
from notifications.models import Message, Purpose
from notifications.news import plan_news
from notifications.purposes import OFF, Switches
from notifications.states import WAITING, MessageState
from notifications.visits import why_not
from notifications.wanted import Difference, Wish, differences
from patients.contact import Reach, ways_now
from patients.models import Patient
from scheduling.states import Status

S = MessageState
ONE_PLANNER = 7_301_001  # The advisory lock of this job; any number that nothing else takes.
# A reminder whose time passed while no planner ran still goes when it is not later than this.
LATE = timedelta(hours=6)
PASSED = "Its time had passed when the visit was booked, moved or agreed to."
OTHER_TIMES = "The times of reminders were changed."
TIMES = (*ledger.STATE, "planned_for", "due_at", "useful_until")


def plan(*, now: datetime) -> int:
    """Bring the ledger up to date. Returns how many messages were planned, changed or taken back.

    A second planner waits for the first to commit and then finds nothing to do.
    """
    with recorded(by=SystemJob.REMINDERS):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_PLANNER])
        taken_back = _take_back(now)
        switches = Switches.read()
        reminders = sum(_set_right(portion, now) for portion in differences(now=now))
        return taken_back + reminders + plan_news(switches, now) + plan_asks(switches, now)


def _take_back(now: datetime) -> int:
    """Void what waits for a visit that does not stand any more as it did."""
    gone = ~Q(appointment__status=Status.BOOKED) | Q(appointment__start__lte=now)
    waiting = Message.objects.filter(gone | ~Q(placing=F("appointment__placing")), state__in=WAITING)
    by_reason: dict[str, list[Message]] = {}
    for message in waiting.select_related("appointment").select_for_update(of=("self",), skip_locked=True):
        by_reason.setdefault(why_not(message, message.appointment, now), []).append(message)
    by_reason.pop("", None)
    return sum(ledger.move_all(found, S.VOIDED, reason=reason) for reason, found in by_reason.items())


def _set_right(portion: list[Difference], now: datetime) -> int:
    new = [_row(one.wish, now) for one in portion if one.row_id is None and one.wish]
    return ledger.enter(new) + _correct({one.row_id: one for one in portion if one.row_id}, now)


def _row(wish: Wish, now: datetime) -> Message:
    """A new row: to be sent, or with the reason why it is too late for it."""
    goes = wish.at > now or _still_useful(wish, now)
    return Message(
        clinic_id=wish.clinic_id,
        patient_id=wish.patient_id,
        appointment_id=wish.appointment_id,
        placing=wish.placing,
        purpose=Purpose.REMINDER,
        channel=wish.channel,
        offset_hours=wish.hours,
        planned_for=wish.at,
        due_at=max(wish.at, now) if goes else wish.at,
        useful_until=wish.until,
        state=S.PLANNED if goes else S.SUPPRESSED,
        reason="" if goes else PASSED,
        language=wish.language,
    )


def _still_useful(wish: Wish, now: datetime) -> bool:
    """Whether it was only the planner that was late. After a move it is the visit that came nearer."""
    in_time = wish.placing == 1 and wish.booked_at <= wish.at
    return in_time and now < min(wish.until, wish.at + LATE)


def _correct(found: dict[UUID, Difference], now: datetime) -> int:
    """Set rows right, under their locks. One that a sender holds is left to the next run. Returns how many."""
    if not found:
        return 0
    locked = Message.objects.select_for_update(skip_locked=True).filter(pk__in=found).order_by("pk")
    rows = [row for row in locked if _differs(row, found[row.pk].wish, now)]
    unwished = [row for row in rows if found[row.pk].wish is None]
    ways = _ways([row.patient_id for row in unwished if found[row.pk].is_on])
    for row in unwished:
        reason = _why_unwished(ways[row.patient_id, row.channel]) if found[row.pk].is_on else OFF
        ledger.moved(row, S.SUPPRESSED, reason=reason)
    for row in rows:
        if wish := found[row.pk].wish:
            _at_its_time(row, wish)
    return ledger.rewrite(rows, TIMES)


def _differs(row: Message, wish: Wish | None, now: datetime) -> bool:
    """Whether the row of a visit that stands says something else than it ought to."""
    if row.state in WAITING:
        return wish is None or row.planned_for != wish.at
    # Taken back by a rule that does not hold any more; what a person withdrew stays withdrawn.
    taken_back = row.state in {S.SUPPRESSED, S.VOIDED} and row.withdrawn_by_id is None
    return taken_back and wish is not None and wish.at > now


def _at_its_time(row: Message, wish: Wish) -> None:
    row.planned_for = row.due_at = wish.at
    row.useful_until = wish.until
    if row.state != S.PLANNED:
        ledger.moved(row, S.PLANNED)


def _ways(patients: list[UUID]) -> dict[tuple[UUID, str], Reach | str]:
    return ways_now(patients=Patient.objects.filter(pk__in=patients)) if patients else {}


def _why_unwished(way: Reach | str) -> str:
    """No wish for a visit that stands: the patient is not reached this way any more, or nobody is at this time."""
    return way if isinstance(way, str) else OTHER_TIMES
