"""What patients have to be told of what the desk did: a visit was booked, has another time, or does not take place.

It compares what a patient was last told by a channel with what stands now. So an undone move brings no news if nobody
heard of it, and a correction if somebody did. News waits a minute for the desk to think again. What was done at once to
several visits is told at once: the earliest visit's message speaks for the others, which bear `told_with`.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q

from notifications import ledger
from notifications.models import NEWS, Message, Purpose
from notifications.purposes import OFF, Switches
from notifications.states import WAITING, MessageState
from notifications.timetable import LAST_CALL
from patients.contact import Reach, reach
from patients.models import Channel
from scheduling.models import Appointment
from scheduling.states import CANCELLED, Status

S = MessageState
BATCH = 1000
UNDO_WINDOW = timedelta(seconds=60)
# Whoever was booked longer ago knows by now, or was called.
RECENT = timedelta(days=1)
GONE = CANCELLED | {Status.ENTERED_IN_ERROR}
# They left us for the patient, as far as we know.
TOLD = frozenset({S.SUBMITTED, S.ACCEPTED, S.DELIVERED, S.UNKNOWN})
# It has not left yet, or is leaving at this moment.
IN_HAND = WAITING | {S.SUBMITTED}
UNDONE = "Undone before it went out."


class Wanted(NamedTuple):
    """News that ought to go to a patient by a channel."""

    visit: Appointment
    way: Reach
    purpose: Purpose
    nth: int


def plan_news(switches: Switches, now: datetime) -> int:
    """Bring the news in the ledger up to date, inside the planner's transaction. Returns how many rows it wrote."""
    return sum(_bring_up_to_date(visits, switches, now) for visits in _touched(switches, now))


def _touched(switches: Switches, now: datetime) -> Iterator[list[Appointment]]:
    """The coming visits about which there may be something to tell, or that still has to be told, in batches."""
    booked = Appointment.objects.filter(start__gt=now, status=Status.BOOKED, booked_at__gt=now - RECENT)
    confirmed = booked.filter(clinic__in=switches.where_on(Purpose.CONFIRMATION)).order_by()
    about = Message.objects.filter(appointment__start__gt=now).order_by()
    changed = Q(appointment__status__in=GONE) | ~Q(placing=F("appointment__placing")) | Q(purpose=Purpose.CANCELLED)
    told = about.filter(changed, Q(submitted_at__isnull=False) | Q(told_with__isnull=False))
    told = told.filter(clinic__in=switches.where_on(Purpose.MOVED) | switches.where_on(Purpose.CANCELLED))
    waits = about.filter(purpose__in=NEWS, state__in=WAITING)
    found = list(waits.values_list("appointment").union(told.values_list("appointment"), confirmed.values_list("pk")))
    for first in range(0, len(found), BATCH):
        visits = Appointment.objects.filter(pk__in=[pk for (pk,) in found[first : first + BATCH]])
        yield list(visits.select_related("patient", "clinic"))


def _bring_up_to_date(visits: list[Appointment], switches: Switches, now: datetime) -> int:
    ways = reach(patients=[visit.patient for visit in visits])
    rows: dict[tuple[UUID, str], list[Message]] = defaultdict(list)
    about = Message.objects.filter(appointment__in=visits).select_related("told_with")
    for row in about:
        rows[row.appointment_id, row.channel].append(row)
    wanted: list[Wanted] = []
    stale: dict[UUID, str] = {}
    for visit in visits:
        for way in ways[visit.patient_id]:
            there = rows[visit.pk, way.channel]
            purpose = _wanted(visit, way.channel, there, switches, now)
            waiting = [row for row in there if row.purpose in NEWS and _carrier(row).state in IN_HAND]
            stale |= {row.pk: _why(row, visit, switches) for row in waiting if not _says(row, purpose, visit)}
            if purpose and not any(_says(row, purpose, visit) for row in waiting) and _is_new(purpose, visit, there):
                wanted.append(Wanted(visit, way, purpose, max((row.nth for row in there), default=0) + 1))
    return _take_back(stale) + ledger.enter(list(_told_together(wanted, now)))


def _wanted(visit: Appointment, channel: str, rows: list[Message], switches: Switches, now: datetime) -> Purpose | None:
    """What this patient still has to be told about the visit by this channel."""
    purpose = to_tell(visit, channel, _last_told(rows))
    if purpose is None or not switches.is_on(visit.clinic_id, visit.visit_type_id, purpose):
        return None
    if now + UNDO_WINDOW >= useful_until(visit, purpose):
        return None
    if purpose == Purpose.CONFIRMATION:
        since = switches.since(visit.clinic_id, visit.visit_type_id, purpose)
        recent = visit.booked_at > now - RECENT and (since is None or visit.booked_at >= since)
        return purpose if recent else None
    return purpose


def to_tell(visit: Appointment, channel: str, told: Message | None) -> Purpose | None:
    """What is news to somebody who was last told `told`; None for nothing. Pure."""
    if visit.status == Status.BOOKED:
        if told is None:
            return Purpose.CONFIRMATION
        is_same = told.placing == visit.placing if told.told_start is None else told.told_start == visit.start
        return None if is_same and told.purpose != Purpose.CANCELLED else Purpose.MOVED
    if visit.status not in GONE or told is None or told.purpose == Purpose.CANCELLED:
        return None
    # Whoever cancelled knows it; a calendar does not.
    by_clinic = visit.status in {Status.CANCELLED_BY_CLINIC, Status.ENTERED_IN_ERROR}
    return Purpose.CANCELLED if by_clinic or channel == Channel.EMAIL else None


def useful_until(visit: Appointment, purpose: Purpose) -> datetime:
    """From when on it is not worth sending: somebody on the way is told that it does not take place up to the start."""
    return visit.start if purpose == Purpose.CANCELLED else visit.start - LAST_CALL


def _carrier(row: Message) -> Message:
    """The message that tells it: another one's, or its own."""
    return row.told_with or row


def _last_told(rows: list[Message]) -> Message | None:
    told = [row for row in rows if _carrier(row).state in TOLD and _carrier(row).submitted_at]
    return max(told, key=lambda row: (_carrier(row).submitted_at, row.nth), default=None)


def _says(row: Message, purpose: Purpose | None, visit: Appointment) -> bool:
    return row.purpose == purpose and row.told_start == visit.start and row.placing == visit.placing


def _is_new(purpose: Purpose, visit: Appointment, rows: list[Message]) -> bool:
    """Whether the same has not been tried already: what a rule, a provider or a person ended is not begun again."""
    latest = max((row for row in rows if row.purpose in NEWS), key=lambda row: row.nth, default=None)
    if latest is None or not _says(latest, purpose, visit):
        return True
    ended = _carrier(latest)
    return ended.state == S.VOIDED and ended.withdrawn_by_id is None


def _why(row: Message, visit: Appointment, switches: Switches) -> str:
    return UNDONE if switches.is_on(visit.clinic_id, visit.visit_type_id, row.purpose) else OFF


def _take_back(stale: dict[UUID, str]) -> int:
    """Withdraw what is not true any more, but for what a sender has in hand: it looks again by itself.

    Whoever was to be told with one of them is planned anew by the next run.
    """
    if not stale:
        return 0
    rows = Message.objects.select_for_update(skip_locked=True).filter(pk__in=stale).order_by("pk")
    found = [row for row in rows if row.state in WAITING or row.told_with_id is not None]
    for row in found:
        ledger.move(row, S.VOIDED, reason=stale[row.pk], told_with=None)
    return len(found)


def _told_together(wanted: list[Wanted], now: datetime) -> Iterator[Message]:
    """Rows of the ledger: of what one patient is told of by one channel, the first speaks for all."""

    def told_at_once(news: Wanted) -> tuple[str, str, str]:
        return str(news.visit.patient_id), news.way.channel, news.purpose

    for _, group in groupby(sorted(wanted, key=told_at_once), key=told_at_once):
        first, *others = sorted(group, key=lambda news: news.visit.start)
        speaks = _row(first, now)
        yield speaks
        yield from (_row(news, now, told_with=speaks) for news in others)


def _row(news: Wanted, now: datetime, told_with: Message | None = None) -> Message:
    visit, due = news.visit, now + UNDO_WINDOW
    return Message(
        clinic=visit.clinic,
        patient=visit.patient,
        appointment=visit,
        placing=visit.placing,
        purpose=news.purpose,
        channel=news.way.channel,
        offset_hours=0,
        nth=news.nth,
        told_start=visit.start,
        told_with=told_with,
        planned_for=due,
        due_at=due,
        useful_until=useful_until(visit, news.purpose),
        state=S.PLANNED if told_with is None else S.SUPPRESSED,
        reason="" if told_with is None else "Told in one message with another visit.",
        language=news.way.language,
    )
