"""When patients are asked something by a message: questions before a visit, a questionnaire some days after one,
whether they would like a time that the desk offers them.

Like the rest of the plan it compares what ought to be asked with what the ledger holds, and writes the difference.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from notifications import elsewhere, ledger
from notifications.models import ASKS, Message, Purpose, consent_for
from notifications.news import UNDO_WINDOW
from notifications.purposes import OFF, Switches
from notifications.states import WAITING, MessageState
from notifications.timetable import LAST_CALL, wall_before, within_hours
from notifications.visits import QUESTIONNAIRE_LASTS, TOOK_PLACE, patient_zone
from patients.contact import Reach, may_reach, reach
from scheduling import questions
from scheduling.models import Appointment, VisitKind
from scheduling.states import Status

S = MessageState
# A night may put off what is due, so that somebody is asked of a visit a day earlier than the hours say.
A_DAY = timedelta(days=1)
NOTHING_TO_ASK = "There is nothing to ask any more: it was answered, or its time was changed."


class Key(NamedTuple):
    """What makes a question the same question."""

    appointment_id: UUID
    placing: int
    purpose: str
    channel: str
    offset_hours: int


class Ask(NamedTuple):
    """Something to ask about a visit: `at` by the clock on the clinic's wall, of use until `until`."""

    visit: Appointment
    purpose: Purpose
    offset_hours: int
    at: datetime
    until: datetime


class Wanted(NamedTuple):
    """A message that ought to be in the ledger."""

    ask: Ask
    way: Reach


def plan_asks(switches: Switches, now: datetime) -> int:
    """Bring what is asked up to date, inside the planner's transaction. Returns how many rows it wrote."""
    if not switches.ever_on(ASKS):
        return 0
    wanted = _by_key([*_questions(switches, now), *_questionnaires(switches, now), *_offers(switches, now)])
    there = {_key(row): row for row in _rows({key.appointment_id for key in wanted})}
    new = [_row(wish, now) for key, wish in wanted.items() if key not in there]
    changed = [row.pk for key, row in there.items() if _differs(row, wanted.get(key), now)]
    return ledger.enter(new) + sum(_correct(row, wanted.get(_key(row)), switches, now) for row in _locked(changed))


def _questions(switches: Switches, now: datetime) -> Iterator[Ask]:
    """The clinic's questions, once for each placing of a visit before which nothing was answered."""
    waiting = Message.objects.filter(purpose=Purpose.QUESTIONS, state__in=WAITING).order_by().values("appointment")
    for clinic in switches.where_on(Purpose.QUESTIONS) & questions.clinics_that_ask():
        hours = switches.hours_before(clinic)
        near = Q(start__lte=now + timedelta(hours=hours) + A_DAY) | Q(pk__in=waiting.filter(clinic=clinic))
        coming = Appointment.objects.filter(near, clinic=clinic, status=Status.BOOKED, start__gt=now)
        visits = [
            visit
            for visit in coming.select_related("patient", "clinic")
            if switches.is_on(clinic, visit.visit_type_id, Purpose.QUESTIONS)
        ]
        answered = questions.answered(visit.pk for visit in visits)
        for visit in visits:
            at = within_hours(wall_before(visit.start, hours, visit.clinic.tz), patient_zone(visit))
            until = visit.start - LAST_CALL
            if visit.pk not in answered and max(at, now + UNDO_WINDOW) < until:
                yield Ask(visit, Purpose.QUESTIONS, 0, at, until)


def _questionnaires(switches: Switches, now: datetime) -> Iterator[Ask]:
    """What a clinic asks some days after an infusion. Nobody is asked of what was due before it was switched on."""
    days_asked = elsewhere.days_asked()
    for clinic in switches.where_on(Purpose.QUESTIONNAIRE) & set(days_asked):
        for days in days_asked[clinic]:
            hours = days * 24
            over = now - timedelta(hours=hours)
            then = Appointment.objects.filter(start__gt=over - QUESTIONNAIRE_LASTS - A_DAY, start__lte=over + A_DAY)
            done = then.filter(clinic=clinic, kind=VisitKind.INFUSION, status__in=TOOK_PLACE)
            for visit in done.select_related("patient", "clinic"):
                at = within_hours(wall_before(visit.start, -hours, visit.clinic.tz), patient_zone(visit))
                ask = Ask(visit, Purpose.QUESTIONNAIRE, hours, at, at + QUESTIONNAIRE_LASTS)
                if _may_be_asked(ask, switches, now):
                    yield ask


def _offers(switches: Switches, now: datetime) -> Iterator[Ask]:
    """The times that the desk holds for somebody and offers by message, when it had its minute to undo that."""
    offered = {one.appointment_id: one for one in elsewhere.offers(now)} if switches.ever_on({Purpose.OFFER}) else {}
    if not offered:
        return
    held = Appointment.objects.filter(pk__in=offered, status=Status.HELD)
    for visit in held.select_related("patient", "clinic"):
        at, until = offered[visit.pk].at + UNDO_WINDOW, offered[visit.pk].until
        if switches.is_on(visit.clinic_id, visit.visit_type_id, Purpose.OFFER) and max(at, now) < until:
            yield Ask(visit, Purpose.OFFER, 0, at, until)


def _may_be_asked(ask: Ask, switches: Switches, now: datetime) -> bool:
    visit = ask.visit
    if not switches.is_on(visit.clinic_id, visit.visit_type_id, ask.purpose):
        return False
    since = switches.since(visit.clinic_id, visit.visit_type_id, ask.purpose)
    return now + UNDO_WINDOW < ask.until and (since is None or since <= ask.at)


def _by_key(asks: Iterable[Ask]) -> dict[Key, Wanted]:
    """Each with every way in which its patient may be asked that. One query a purpose."""
    by_purpose: dict[Purpose, list[Ask]] = {}
    for ask in asks:
        by_purpose.setdefault(ask.purpose, []).append(ask)
    found: dict[Key, Wanted] = {}
    for purpose, several in by_purpose.items():
        ways = reach(patients=[ask.visit.patient for ask in several], purpose=consent_for(purpose))
        for ask in several:
            for way in ways[ask.visit.patient_id]:
                key = Key(ask.visit.pk, ask.visit.placing, purpose, way.channel, ask.offset_hours)
                found[key] = Wanted(ask, way)
    return found


def _rows(visits: set[UUID]) -> Iterable[Message]:
    """What the ledger holds about these visits, and whatever of it waits about others."""
    return Message.objects.filter(Q(appointment__in=visits) | Q(state__in=WAITING), purpose__in=ASKS)


def _key(row: Message) -> Key:
    return Key(row.appointment_id, row.placing, row.purpose, row.channel, row.offset_hours)


def _row(wish: Wanted, now: datetime) -> Message:
    """Whoever is booked, or could be asked, only after its time is asked when the desk has had its minute."""
    ask = wish.ask
    return Message(
        clinic=ask.visit.clinic,
        patient=ask.visit.patient,
        appointment=ask.visit,
        placing=ask.visit.placing,
        purpose=ask.purpose,
        channel=wish.way.channel,
        offset_hours=ask.offset_hours,
        planned_for=ask.at,
        due_at=_due(ask, now),
        useful_until=ask.until,
        language=wish.way.language,
    )


def _due(ask: Ask, now: datetime) -> datetime:
    """When it goes out. An offer has had its minute when its time has come; the rest waits one from now on."""
    return max(ask.at, now if ask.purpose == Purpose.OFFER else now + UNDO_WINDOW)


def _differs(row: Message, wish: Wanted | None, now: datetime) -> bool:
    """Whether a row says something else than it ought to."""
    if row.state in WAITING:
        return wish is None or (row.planned_for, row.useful_until) != (wish.ask.at, wish.ask.until)
    # Taken back by a rule that does not hold any more; what a person withdrew stays withdrawn.
    taken_back = row.state in {S.SUPPRESSED, S.VOIDED} and row.withdrawn_by_id is None
    return taken_back and wish is not None and wish.ask.at > now


def _locked(pks: list[UUID]) -> list[Message]:
    """These rows for changing; one that a sender holds is left to the next run."""
    if not pks:
        return []
    rows = Message.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=pks)
    return list(rows.select_related("appointment").order_by("pk"))


def _correct(row: Message, wish: Wanted | None, switches: Switches, now: datetime) -> int:
    """Set one row right, under its lock. Returns 1 when it was changed."""
    if not _differs(row, wish, now):
        return 0
    if wish is None:
        ledger.move(row, S.SUPPRESSED, reason=_why(row, switches))
        return 1
    row.planned_for, row.useful_until = wish.ask.at, wish.ask.until
    row.due_at = _due(wish.ask, now)
    if row.state == S.PLANNED:
        row.save()
    else:
        ledger.move(row, S.PLANNED)
    return 1


def _why(row: Message, switches: Switches) -> str:
    """No wish for a row that waits: it is switched off, the patient is not reached any more, or all is answered."""
    if not switches.is_on(row.clinic_id, row.appointment.visit_type_id, row.purpose):
        return OFF
    way = may_reach(patient_id=row.patient_id, channel=row.channel, purpose=consent_for(row.purpose))
    return way if isinstance(way, str) else NOTHING_TO_ASK
