"""What patients say behind a link: they come, they need another time, who takes them home, no more messages.

Each may be said twice: the second time changes nothing. What the visit cannot take any more is refused, and nothing of
it is kept. The history calls it the patient's.
"""

from datetime import datetime
from uuid import UUID

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid
from notifications import links
from notifications.links import Standing
from notifications.models import LinkAnswer, VisitLink, consent_for
from patients.contact import has_refused, number_of, record_consent
from patients.models import Channel, NumberKind, Task, TaskKind
from patients.numbers import opted_out, say_of_number
from patients.person import tidy
from patients.tasks import raise_task, withdraw_about
from scheduling import booking, escorts
from scheduling.models import Appointment

LINK = SystemJob.PATIENT_LINK
HOW = "link"
LONGEST_WISH = 300
FIND_TIME = "Call about another time: they asked for one by the link in a message. The visit stands until you move it."


def come(*, link_id: UUID, now: datetime) -> None:
    """They will come, whatever they said before. Raises Clash when there is nothing to answer any more."""
    with recorded(by=LINK):
        link = _open(link_id, now)
        visit = link.message.appointment
        booking.confirm(appointment_id=visit.pk, by=LINK, now=now)
        if visit.wants_move_at is not None:
            withdraw_about(kind=TaskKind.CALL_BACK, about=visit.pk, by=LINK, now=now)
        _answered(link, LinkAnswer.COMES, now)


def need_another_time(*, link_id: UUID, wishes: str, now: datetime) -> Task | None:
    """They wish for another time: the visit stands, and the desk gets a task to call, which is returned if it is news.

    Raises Invalid for more than 300 letters, Clash when there is nothing to answer any more.
    """
    wishes = tidy(wishes)
    if len(wishes) > LONGEST_WISH:
        raise Invalid(f"At most {LONGEST_WISH} letters.", field="wishes")
    with recorded(by=LINK):
        link = _open(link_id, now)
        visit = link.message.appointment
        if visit.wants_move_at is not None and visit.wants_move_note == wishes:
            return None
        booking.ask_to_move(appointment_id=visit.pk, note=wishes, by=LINK, now=now)
        _answered(link, LinkAnswer.OTHER_TIME, now)
        return raise_task(
            clinic=visit.clinic,
            patient=visit.patient,
            kind=TaskKind.CALL_BACK,
            words=FIND_TIME,
            about=visit.pk,
            about_kind="appointment",
            by=LINK,
            now=now,
        )


def name_escort(*, link_id: UUID, name: str, phone: str, now: datetime) -> None:
    """Who takes them home. Raises Invalid by field, Clash when there is nothing to answer any more."""
    with recorded(by=LINK):
        link = _open(link_id, now)
        escorts.name_escort(
            appointment_id=link.message.appointment_id, name=name, phone=phone, how=HOW, by=LINK, now=now
        )


def stop(*, link_id: UUID, now: datetime) -> None:
    """No more messages of this kind by the channel and to the address that this link came by. The visit stands.

    It needs no birth date: whoever gets messages that are not for them must be able to end them. Raises Clash for a
    link that has ended.
    """
    with recorded(by=LINK):
        link = links.locked(link_id)
        if links.standing(link, now) == Standing.GONE:
            raise Clash("This link has ended.")
        if is_stopped(link):
            return
        about = consent_for(link.message.purpose)
        if _is_still_theirs(link):
            message = link.message
            patient = message.appointment.patient
            record_consent(
                patient=patient, channel=message.channel, granted=False, how=HOW, purpose=about, by=LINK, at=now
            )
        elif link.message.channel == Channel.SMS:
            kind, number = NumberKind.OPT_OUT, link.message.to
            say_of_number(number=number, kind=kind, scope=about, holds=True, how=HOW, by=LINK, at=now)


def is_stopped(link: VisitLink) -> bool:
    """Whether no more messages of this kind go where this link came from, for somebody said no. Read afresh."""
    message = link.message
    about = consent_for(message.purpose)
    if _is_still_theirs(link):
        return has_refused(patient_id=message.appointment.patient_id, channel=message.channel, purpose=about)
    return message.channel == Channel.EMAIL or opted_out(message.to, about)


def _is_still_theirs(link: VisitLink) -> bool:
    """Whether the patient still has the address to which the message went. An email address that is nobody's any more
    is written to no more."""
    patient = link.message.appointment.patient
    now_theirs = number_of(patient, required=False) if link.message.channel == Channel.SMS else patient.email
    return now_theirs == link.message.to


def _open(link_id: UUID, now: datetime) -> VisitLink:
    """The link and its visit, both locked: nobody moves the visit while it is answered about."""
    link = links.locked(link_id)
    link.message.appointment = Appointment.locked(link.message.appointment_id)
    if links.standing(link, now) != Standing.OPEN:
        raise Clash("There is nothing to answer here any more.")
    return link


def _answered(link: VisitLink, answer: LinkAnswer, now: datetime) -> None:
    if link.answer != answer:
        link.answer, link.answered_at = answer, now
        link.save()
