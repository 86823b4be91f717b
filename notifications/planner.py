"""Which messages are due: compares what ought to be sent with what the ledger holds, and writes the difference.

It needs no events: whatever was booked, moved, cancelled, agreed or withdrawn since, the next run sets right, also
after hours without one. A run that finds nothing different writes nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
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
from notifications.timetable import HORIZON, Turn, turns
from notifications.visits import patient_zone, why_not
from patients.contact import Reach, may_reach, reach
from scheduling.models import Appointment
from scheduling.states import Status

S = MessageState
ONE_PLANNER = 7_301_001  # The advisory lock of this job; any number that nothing else takes.
BATCH = 1000
# A reminder whose time passed while no planner ran still goes when it is not later than this.
LATE = timedelta(hours=6)
PASSED = "Its time had passed when the visit was booked, moved or agreed to."


class Key(NamedTuple):
    """What makes a message the same message, besides its purpose."""

    appointment_id: UUID
    placing: int
    channel: str
    offset_hours: int


class Wanted(NamedTuple):
    """A message that ought to be in the ledger."""

    visit: Appointment
    way: Reach
    turn: Turn


def plan(*, now: datetime) -> int:
    """Bring the ledger up to date. Returns how many messages were planned, changed or taken back.

    A second planner waits for the first to commit and then finds nothing to do.
    """
    with recorded(by=SystemJob.REMINDERS):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_PLANNER])
        taken_back = _take_back(now)
        switches = Switches.read()
        reminders = sum(_bring_up_to_date(visits, switches, now) for visits in _coming(now))
        return taken_back + reminders + plan_news(switches, now) + plan_asks(switches, now)


def _coming(now: datetime) -> Iterator[list[Appointment]]:
    """The booked visits of the horizon, in batches: one query each."""
    visits = Appointment.objects.filter(status=Status.BOOKED, start__gt=now, start__lte=now + HORIZON)
    visits = visits.select_related("patient", "clinic").order_by("pk")
    found = list(visits[:BATCH])
    while found:
        yield found
        found = list(visits.filter(pk__gt=found[-1].pk)[:BATCH]) if len(found) == BATCH else []


def _take_back(now: datetime) -> int:
    """Void what waits for a visit that does not stand any more as it did."""
    gone = ~Q(appointment__status=Status.BOOKED) | Q(appointment__start__lte=now)
    waiting = Message.objects.filter(gone | ~Q(placing=F("appointment__placing")), state__in=WAITING)
    by_reason: dict[str, list[Message]] = {}
    for message in waiting.select_related("appointment").select_for_update(of=("self",), skip_locked=True):
        by_reason.setdefault(why_not(message, message.appointment, now), []).append(message)
    by_reason.pop("", None)
    return sum(ledger.move_all(found, S.VOIDED, reason=reason) for reason, found in by_reason.items())


def _bring_up_to_date(visits: list[Appointment], switches: Switches, now: datetime) -> int:
    on = [visit for visit in visits if switches.is_on(visit.clinic_id, visit.visit_type_id, Purpose.REMINDER)]
    wanted = _wanted(on)
    there = {_key(row): row for row in Message.objects.filter(appointment__in=visits, purpose=Purpose.REMINDER)}
    new = [_row(wish, now) for key, wish in wanted.items() if key not in there]
    changed = [row.pk for key, row in there.items() if _differs(row, wanted.get(key), now)]
    is_on = {visit.pk for visit in on}
    corrected = (
        _correct(row, wanted.get(_key(row)), now, is_on=row.appointment_id in is_on) for row in _locked(changed)
    )
    return ledger.enter(new) + sum(corrected)


def _wanted(visits: list[Appointment]) -> dict[Key, Wanted]:
    ways = reach(patients=[visit.patient for visit in visits])
    return {
        Key(visit.pk, visit.placing, way.channel, turn.offset_hours): Wanted(visit, way, turn)
        for visit in visits
        for turn in turns(start=visit.start, clinic_tz=visit.clinic.tz, patient_tz=patient_zone(visit))
        for way in ways[visit.patient_id]
    }


def _key(row: Message) -> Key:
    return Key(row.appointment_id, row.placing, row.channel, row.offset_hours)


def _row(wish: Wanted, now: datetime) -> Message:
    """A new row: to be sent, or with the reason why it is too late for it."""
    visit, turn = wish.visit, wish.turn
    goes = turn.at > now or _still_useful(wish, now)
    return Message(
        clinic=visit.clinic,
        patient=visit.patient,
        appointment=visit,
        placing=visit.placing,
        purpose=Purpose.REMINDER,
        channel=wish.way.channel,
        offset_hours=turn.offset_hours,
        planned_for=turn.at,
        due_at=max(turn.at, now) if goes else turn.at,
        useful_until=turn.until,
        state=S.PLANNED if goes else S.SUPPRESSED,
        reason="" if goes else PASSED,
        language=wish.way.language,
    )


def _still_useful(wish: Wanted, now: datetime) -> bool:
    """Whether it was only the planner that was late. After a move it is the visit that came nearer."""
    visit, turn = wish.visit, wish.turn
    in_time = visit.placing == 1 and visit.booked_at <= turn.at
    return in_time and now < min(turn.until, turn.at + LATE)


def _differs(row: Message, wish: Wanted | None, now: datetime) -> bool:
    """Whether the row of a visit that stands says something else than it ought to."""
    if row.state in WAITING:
        return wish is None or row.planned_for != wish.turn.at
    # Taken back by a rule that does not hold any more; what a person withdrew stays withdrawn.
    taken_back = row.state in {S.SUPPRESSED, S.VOIDED} and row.withdrawn_by_id is None
    return taken_back and wish is not None and wish.turn.at > now


def _locked(pks: list[UUID]) -> list[Message]:
    """These rows for changing; one that a sender holds is left to the next run."""
    if not pks:
        return []
    return list(Message.objects.select_for_update(skip_locked=True).filter(pk__in=pks).order_by("pk"))


def _correct(row: Message, wish: Wanted | None, now: datetime, *, is_on: bool) -> int:
    """Set one row right, under its lock. Returns 1 when it was changed."""
    if not _differs(row, wish, now):
        return 0
    if wish is None:
        return _stop(row, is_on=is_on)
    row.planned_for = row.due_at = wish.turn.at
    row.useful_until = wish.turn.until
    if row.state == S.PLANNED:
        row.save()
    else:
        ledger.move(row, S.PLANNED)
    return 1


def _stop(row: Message, *, is_on: bool) -> int:
    """No wish for a visit that stands: the patient is not reached this way any more, or nobody is."""
    if not is_on:
        ledger.move(row, S.SUPPRESSED, reason=OFF)
        return 1
    way = may_reach(patient_id=row.patient_id, channel=row.channel)
    reason = way if isinstance(way, str) else "The times of reminders were changed."
    ledger.move(row, S.SUPPRESSED, reason=reason)
    return 1
