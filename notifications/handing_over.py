"""The last look before messages leave: does the visit still stand, may the patient be reached, is it the time for it?

Everything is read afresh under the locks of the messages, of their patients, of the numbers and of the visits; whoever
opts out, cancels or moves a visit waits for this short transaction or comes before it. Several messages are looked at
together: the questions cost the same for one as for fifty. `outbox` keeps a group so small that it leaves at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from config.audit.acting import SystemJob, recorded
from config.http.masking import masked
from notifications import ledger, links, sending
from notifications.claims import Claim, held, release
from notifications.dry_run import why_kept_back
from notifications.invitation import invitation
from notifications.letter import Letter
from notifications.limits import Texts, wait_for
from notifications.models import ASKS, LINKED, NEWS, Message, Purpose, consent_for
from notifications.states import WAITING, MessageState
from notifications.visits import patient_zone, why_not
from notifications.writing import OwnWords, written
from patients.contact import Reach, number_of, ways_now
from patients.models import Channel, Patient
from patients.numbers import lock_numbers
from patients.record import hold_still
from scheduling.models import Appointment

S = MessageState
TOO_LATE = "Its time had passed before it could go out."
OFF = "Sending is switched off."
NO_LINK = "No link to the patient's page can be made, and without it there is nothing to answer."
# What a last look may change of a message.
COLUMNS = (
    *ledger.STATE,
    "due_at",
    "told_start",
    "to",
    "subject",
    "text",
    "language",
    "wording_version",
    "attempts",
    "submitted_at",
)


class Stamped(NamedTuple):
    """A message that was handed over, as its row says, and what leaves."""

    row: Message
    letter: Letter


class Going(NamedTuple):
    """A message that goes, with the secret of its link; "" where it has none."""

    row: Message
    letter: Letter
    token: str


@dataclass
class Look:
    """What is so at this moment, read under locks, and what followed from it."""

    now: datetime
    numbers: dict[UUID, str]
    told: dict[UUID, list[Message]]
    visits: dict[UUID, Appointment]
    ways: dict[str, dict[tuple[UUID, str], Reach | str]]
    off: set[UUID]
    texts: Texts
    own: OwnWords = field(default_factory=OwnWords)
    changed: list[Message] = field(default_factory=list)

    def ends(self, row: Message, to: MessageState, reason: str, **columns: Any) -> None:
        """It does not go now."""
        self.changed.append(ledger.moved(row, to, reason=reason, **columns))


def hand_over(*, claims: Sequence[Claim], now: datetime) -> list[Stamped]:
    """Stamp claimed messages as handed over, with their text, and return those that go, in the order asked for.

    What must not go is suppressed, voided or put off, with the reason; what is nobody's claim any more is left alone. A
    letter bears the link to the patient's page; the ledger keeps the text with the link's secret part masked.
    """
    with recorded(by=SystemJob.REMINDERS):
        rows = _still_ours(claims, now)
        if not rows:
            return []
        look = _look(rows, now)
        going = [one for row in rows if (one := _going(row, look))]
        ledger.rewrite(look.changed, COLUMNS)
        leave = {one.row.pk for one in going}
        release([claim for claim in claims if claim.pk not in leave])
        tokens = [links.Made(one.token, one.row, look.visits[one.row.appointment_id]) for one in going if one.token]
        links.keep_all(tokens, now=now)
    return [Stamped(one.row, one.letter) for one in going]


def _still_ours(claims: Sequence[Claim], now: datetime) -> list[Message]:
    """The rows, locked, whose claim still holds."""
    locked = Message.objects.filter(pk__in=[claim.pk for claim in claims]).select_for_update(of=("self",))
    found = {row.pk: row for row in locked.order_by("pk")}
    mine = held(claims, now)
    return [found[claim.pk] for claim in claims if claim.pk in mine and found[claim.pk].state in WAITING]


def _look(rows: list[Message], now: datetime) -> Look:
    """Read all that the decisions need. Locks are taken in one order by everybody: messages, the switch, patients,
    numbers, visits, each sorted. Whoever says a yes or a no of a patient locks that patient first."""
    off = sending.off_now()
    hold_still({row.patient_id for row in rows})
    numbers = _locked_numbers(rows)
    told = _told_with(rows)
    visits = _locked_visits([*rows, *(row for others in told.values() for row in others)])
    return Look(
        now=now,
        numbers=numbers,
        told=told,
        visits=visits,
        ways={
            purpose: ways_now(patients=[visit.patient for visit in visits.values()], purpose=purpose)
            for purpose in {consent_for(row.purpose) for row in rows}
        },
        off=off,
        texts=Texts.read(rows=rows, numbers=numbers.values(), now=now),
    )


def _locked_numbers(rows: list[Message]) -> dict[UUID, str]:
    """The number that each patient's texts go to, locked before the visit is, as whoever answers from it does."""
    by_text = {row.patient_id for row in rows if row.channel == Channel.SMS}
    people = Patient.objects.filter(pk__in=by_text) if by_text else []
    numbers = {person.pk: number for person in people if (number := number_of(person, required=False))}
    lock_numbers(set(numbers.values()))
    return numbers


def _told_with(rows: list[Message]) -> dict[UUID, list[Message]]:
    """The rows that each message speaks for, locked."""
    news = [row.pk for row in rows if row.purpose in NEWS]
    found: dict[UUID, list[Message]] = defaultdict(list)
    if news:
        for row in Message.objects.filter(told_with__in=news).select_for_update(of=("self",)).order_by("pk"):
            if row.told_with_id:
                found[row.told_with_id].append(row)
    return found


def _locked_visits(rows: list[Message]) -> dict[UUID, Appointment]:
    """What these messages are about, locked."""
    found = Appointment.objects.filter(pk__in={row.appointment_id for row in rows}).order_by("pk")
    locked = found.select_related("patient", "clinic__sending").select_for_update(of=("self",), no_key=True)
    return {visit.pk: visit for visit in locked}


def _going(row: Message, look: Look) -> Going | None:
    """Stamp a message and write its letter, or write down why it does not go."""
    visit = look.visits[row.appointment_id]
    if row.due_at > look.now:
        return None  # the planner has given it another time since it was claimed
    way = _way(row, visit, look)
    if way is None or not _is_the_time(row, visit, way, look) or _is_dry_run(row, visit, look):
        return None
    going = _stamped(row, [visit, *_that_stand(row, look)], way, look)
    if going:
        look.texts.goes(row, look.now)
    return going


def _way(row: Message, visit: Appointment, look: Look) -> Reach | None:
    """How to reach the patient now."""
    way = look.ways[consent_for(row.purpose)][visit.patient_id, row.channel]
    if changed := why_not(row, visit, look.now):
        look.ends(row, S.VOIDED, changed)
    elif row.clinic_id in look.off:
        look.ends(row, S.DEFERRED, OFF)
    elif isinstance(way, str):
        look.ends(row, S.SUPPRESSED, way)
    elif row.channel == Channel.SMS and way.address != look.numbers.get(visit.patient_id):
        return None  # changed since: the next batch takes the lock of the new one
    else:
        return way
    return None


def _is_the_time(row: Message, visit: Appointment, way: Reach, look: Look) -> bool:
    if look.now >= row.useful_until:
        look.ends(row, S.SUPPRESSED, TOO_LATE)
        return False
    wait = wait_for(row, to=way.address, zone=patient_zone(visit), texts=look.texts, now=look.now)
    if wait and wait.until >= row.useful_until:
        look.ends(row, S.SUPPRESSED, f"{TOO_LATE} {wait.why}")
    elif wait:
        look.ends(row, S.DEFERRED, wait.why, due_at=wait.until)
    return wait is None


def _is_dry_run(row: Message, visit: Appointment, look: Look) -> bool:
    """The last of all: whatever else keeps a message back is told as it will be told in earnest."""
    why = why_kept_back(visit.clinic, row.channel)
    if why:
        look.ends(row, S.SUPPRESSED, why)
    return bool(why)


def _that_stand(row: Message, look: Look) -> list[Appointment]:
    """The other visits of the message, by time; one that changed in between is left out and told by itself."""
    found = []
    for other in look.told.get(row.pk, []):
        visit = look.visits[other.appointment_id]
        changed = why_not(other, visit, look.now)
        if changed:
            ledger.move(other, S.VOIDED, reason=changed, told_with=None)
        else:
            found.append(visit)
    return sorted(found, key=lambda visit: visit.start)


def _stamped(row: Message, visits: list[Appointment], way: Reach, look: Look) -> Going | None:
    visit = visits[0]
    token = links.token_for(visit) if row.purpose in LINKED else ""
    words = written(row, visits, language=way.language, link=links.address(token), own=look.own)
    if row.purpose in ASKS and (not token or token not in words.text):
        look.ends(row, S.SUPPRESSED, NO_LINK)
        return None
    row.told_start = visit.start
    row.to, row.subject, row.text = way.address, words.subject, masked(words.text)
    row.language, row.wording_version = words.language, words.version
    row.attempts += 1
    look.changed.append(ledger.moved(row, S.SUBMITTED, submitted_at=look.now))
    letter = Letter(
        reference=row.pk,
        to=row.to,
        sender_name=words.sender_name,
        reply_to=visit.clinic.email,
        subject=row.subject,
        text=words.text,
        language=row.language,
        calendar=_calendar(row, visits, look.now),
    )
    return Going(row, letter, token if token and token in words.text else "")


def _calendar(row: Message, visits: list[Appointment], now: datetime) -> str:
    """The file that goes with news by email; a reminder needs none."""
    if row.channel != Channel.EMAIL or row.purpose not in NEWS:
        return ""
    return invitation(visits, language=row.language, now=now, cancelled=row.purpose == Purpose.CANCELLED)
