"""The last look before a message leaves: does the visit still stand, may the patient be reached, is it the time for it?

Everything is read afresh under the locks of the message, of the number that it goes to and of its visit; whoever opts
out, cancels or moves the visit waits for this short transaction or comes before it.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from config.audit.acting import SystemJob, recorded
from config.http.masking import masked
from notifications import ledger, links, message_templates, sending
from notifications.asked_words import asked
from notifications.dry_run import why_kept_back
from notifications.invitation import invitation
from notifications.letter import Letter
from notifications.limits import wait_for
from notifications.models import ASKS, LINKED, NEWS, Message, Purpose, consent_for
from notifications.news_words import news
from notifications.segments import segments
from notifications.states import MessageState
from notifications.template_rules import values
from notifications.visits import patient_zone, why_not
from notifications.wording import Wording, language_of, reminder
from patients.contact import Reach, may_reach, number_of
from patients.models import Channel, Patient
from patients.numbers import lock_number
from scheduling.models import Appointment

S = MessageState
TOO_LATE = "Its time had passed before it could go out."
OFF = "Sending is switched off."
NO_LINK = "No link to the patient's page can be made, and without it there is nothing to answer."


def hand_over(*, message: Message, now: datetime) -> Letter | None:
    """Stamp a claimed message as handed over, with its text, and return it; None when it must not go now.

    The letter bears the link to the patient's page; the ledger keeps the text with the link's secret part masked.

    After the commit, `message` bears the stamp. What must not go is suppressed, voided or put off, with the reason.
    """
    with recorded(by=SystemJob.REMINDERS):
        row = Message.locked(message.pk)
        if row.state != S.CLAIMED or row.lease_until != message.lease_until or row.lease_ended(now):
            return None
        number = _locked_number(row)
        told = _told_with(row)
        visits = _visits([row, *told])
        visit = visits[row.appointment_id]
        way = _way(row, visit, number, now)
        if way is None or _is_dry_run(row, visit):
            return None
        stamped = _stamp(row, [visit, *_that_stand(told, visits, now)], way, now)
    message.submitted_at = row.submitted_at
    return stamped


def _told_with(row: Message) -> list[Message]:
    """The rows that this message speaks for, locked."""
    if row.purpose not in NEWS:
        return []
    return list(Message.objects.filter(told_with=row).select_for_update(of=("self",)).order_by("pk"))


def _visits(rows: list[Message]) -> dict[UUID, Appointment]:
    """What these messages are about, locked."""
    found = Appointment.objects.filter(pk__in=[row.appointment_id for row in rows]).order_by("pk")
    locked = found.select_related("patient", "clinic__sending").select_for_update(of=("self",), no_key=True)
    return {visit.pk: visit for visit in locked}


def _that_stand(told: list[Message], visits: dict[UUID, Appointment], now: datetime) -> list[Appointment]:
    """The other visits of the message, by time; one that changed in between is left out and told by itself."""
    found = []
    for row in told:
        visit = visits[row.appointment_id]
        changed = why_not(row, visit, now)
        if changed:
            ledger.move(row, S.VOIDED, reason=changed, told_with=None)
        else:
            found.append(visit)
    return sorted(found, key=lambda visit: visit.start)


def _locked_number(row: Message) -> str:
    """The number that a text goes to, locked before the visit is, as whoever answers from it does."""
    if row.channel != Channel.SMS:
        return ""
    number = number_of(Patient.objects.get(pk=row.patient_id), required=False)
    if number:
        lock_number(number)
    return number


def _way(row: Message, visit: Appointment, number: str, now: datetime) -> Reach | None:
    """How to reach the patient now; None after writing down why not."""
    changed = why_not(row, visit, now)
    if changed:
        ledger.move(row, S.VOIDED, reason=changed)
        return None
    if sending.is_off(row.clinic_id):
        ledger.move(row, S.DEFERRED, reason=OFF)
        return None
    way = may_reach(patient_id=visit.patient_id, channel=row.channel, purpose=consent_for(row.purpose))
    if isinstance(way, str):
        ledger.move(row, S.SUPPRESSED, reason=way)
        return None
    if number and way.address != number:
        ledger.move(row, S.PLANNED)  # changed since: the next batch takes the lock of the new one
        return None
    return way if _is_the_time(row, visit, way, now) else None


def _is_dry_run(row: Message, visit: Appointment) -> bool:
    """The last of all: whatever else keeps a message back is told as it will be told in earnest."""
    why = why_kept_back(visit.clinic, row.channel)
    if why:
        ledger.move(row, S.SUPPRESSED, reason=why)
    return bool(why)


def _is_the_time(row: Message, visit: Appointment, way: Reach, now: datetime) -> bool:
    wait = wait_for(row, to=way.address, zone=patient_zone(visit), now=now)
    if now >= row.useful_until:
        ledger.move(row, S.SUPPRESSED, reason=TOO_LATE)
    elif wait and wait.until >= row.useful_until:
        ledger.move(row, S.SUPPRESSED, reason=f"{TOO_LATE} {wait.why}")
    elif wait:
        ledger.move(row, S.DEFERRED, reason=wait.why, due_at=wait.until)
    return row.state == S.CLAIMED


def _stamp(row: Message, visits: list[Appointment], way: Reach, now: datetime) -> Letter | None:
    visit = visits[0]
    token = links.token_for(visit) if row.purpose in LINKED else ""
    written = _written(row, visits, language=way.language, link=links.address(token))
    if row.purpose in ASKS and (not token or token not in written.text):
        ledger.move(row, S.SUPPRESSED, reason=NO_LINK)
        return None
    row.told_start = visit.start
    row.to, row.subject, row.text = way.address, written.subject, masked(written.text)
    row.language, row.wording_version = written.language, written.version
    row.attempts += 1
    ledger.move(row, S.SUBMITTED, submitted_at=now, lease_until=row.lease_until)
    if token and token in written.text:
        links.keep(token=token, message=row, visit=visit, now=now)
    return Letter(
        reference=row.pk,
        to=row.to,
        sender_name=written.sender_name,
        reply_to=visit.clinic.email,
        subject=row.subject,
        text=written.text,
        language=row.language,
        calendar=_calendar(row, visits, now),
    )


def _own_words(row: Message, visits: list[Appointment], language: str, link: str) -> Wording | None:
    """The clinic's own words; None where those that come with the software are sent: there are none, they tell of
    several visits, or a name made a text longer than somebody said it may be."""
    visit, tongue = visits[0], language_of(language)
    if len(visits) > 1:
        return None
    what = message_templates.What(row.purpose, row.channel, tongue)
    template = message_templates.current(clinic_id=row.clinic_id, what=what)
    if template is None:
        return None
    patient, clinic = visit.patient, visit.clinic
    made = message_templates.as_sent(
        template,
        values(
            first_name=patient.preferred_name or patient.given_name,
            initials=patient.initials,
            sender_name=clinic.sender_name,
            phone=clinic.phone.as_national,
            start=visit.start,
            tz=clinic.tz,
            link=link,
            language=tongue,
        ),
    )
    is_long = row.channel == Channel.SMS and segments(made.text).segments > 1
    return None if is_long and not template.may_be_long else made


def _calendar(row: Message, visits: list[Appointment], now: datetime) -> str:
    """The file that goes with news by email; a reminder needs none."""
    if row.channel != Channel.EMAIL or row.purpose not in NEWS:
        return ""
    return invitation(visits, language=row.language, now=now, cancelled=row.purpose == Purpose.CANCELLED)


def as_it_would_go(row: Message) -> Wording:
    """The words of a waiting message, as they stand today. What was sent is in the row itself."""
    told = Message.objects.filter(told_with=row).values("appointment")
    about = Appointment.objects.filter(Q(pk=row.appointment_id) | Q(pk__in=told)).select_related("clinic", "patient")
    visits = list(about.order_by("start"))
    is_linked = row.purpose in LINKED and links.can_be_made(visits[0])
    link = links.address(links.LOOKED_AT) if is_linked else ""
    written = _written(row, visits, language=row.language, link=link)
    return replace(written, text=masked(written.text))


def _written(row: Message, visits: list[Appointment], *, language: str, link: str) -> Wording:
    """The words about these visits; reminders and what asks bear the link to the patient's page, if there is one."""
    clinic = visits[0].clinic
    own = _own_words(row, visits, language, link)
    if own is not None:
        return own
    if row.purpose in NEWS:
        return news(
            purpose=row.purpose,
            channel=row.channel,
            language=language,
            sender_name=clinic.sender_name,
            phone=clinic.phone.as_national,
            starts=[visit.start for visit in visits],
            tz=clinic.tz,
        )
    if row.purpose in ASKS:
        return asked(
            purpose=row.purpose,
            channel=row.channel,
            language=language,
            sender_name=clinic.sender_name,
            phone=clinic.phone.as_national,
            start=visits[0].start,
            tz=clinic.tz,
            link=link,
        )
    return reminder(
        channel=row.channel,
        language=language,
        sender_name=clinic.sender_name,
        phone=clinic.phone.as_national,
        start=visits[0].start,
        tz=clinic.tz,
        link=link,
    )
