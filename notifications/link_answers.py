"""What patients say behind a link: they come, they need another time, who takes them home, what they are asked before
the visit, no more messages.

Each may be said twice: the second time changes nothing. What the visit cannot take any more is refused, and nothing of
it is kept. The history calls it the patient's.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid
from config.staff.permissions import Role
from notifications import elsewhere, links
from notifications.links import Standing
from notifications.models import ASKS, LinkAnswer, Purpose, VisitLink, consent_for
from patients.contact import has_refused, number_of, record_consent
from patients.models import Channel, NumberKind, Task, TaskKind
from patients.numbers import opted_out, say_of_number
from patients.person import tidy
from patients.tasks import raise_task, withdraw_about
from scheduling import booking, escorts, questions
from scheduling.models import Appointment, VisitKind
from scheduling.wall_clock import words

LINK = SystemJob.PATIENT_LINK
HOW = "link"
LONGEST_WISH = 300
# Behind these a visit is not answered about: one is over, the other is a time that is only held.
OTHER_PAGES = ASKS - {Purpose.QUESTIONS}
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


def answer_questions(*, link_id: UUID, said: Mapping[UUID, str], language: str, now: datetime) -> int:
    """What they answer before the visit, question by question, letter by letter. Returns how many answers are new.

    A clinician gets a task to read what is new. Raises Invalid by question, Clash when there is nothing to answer any
    more.
    """
    with recorded(by=LINK):
        visit = _open(link_id, now).message.appointment
        new = questions.answer(appointment_id=visit.pk, said=said, language=language, how=HOW, by=LINK, now=now)
        if any(answer.said for answer in new):
            _ask_to_read(visit, now)
    return len(new)


def answer_questionnaire(*, link_id: UUID, answers: elsewhere.Answers, now: datetime) -> int:
    """How they are, as they chose it. What a message asks is answered once: sent again, nothing changes. Returns how
    many questionnaires were answered.

    Raises Invalid where nothing was chosen or it was not offered, Clash when there is nothing to answer any more.
    """
    with recorded(by=LINK):
        link = links.locked(link_id)
        message = link.message
        if links.standing(link, now) != Standing.OPEN or message.purpose != Purpose.QUESTIONNAIRE:
            raise Clash("There is nothing to answer here any more.")
        return elsewhere.receive(visit=message.appointment, message_id=message.pk, answers=answers, now=now)


def answer_offer(*, link_id: UUID, wants: bool, now: datetime) -> None:
    """They would like the time that is offered to them, or not. Nothing is booked: the desk gets a task, and has the
    last word. Raises Clash when it is not offered any more."""
    with recorded(by=LINK):
        link = links.locked(link_id)
        if links.standing(link, now) != Standing.OPEN or link.message.purpose != Purpose.OFFER:
            raise Clash("This time is not offered any more.")
        elsewhere.say_of_offer(held=link.message.appointment_id, wants=wants, now=now)


def _ask_to_read(visit: Appointment, now: datetime) -> None:
    """Due on the day of the visit; who is with the patient reads it."""
    raise_task(
        clinic=visit.clinic,
        patient=visit.patient,
        kind=TaskKind.ANSWERS_TO_READ,
        words=f"Read what was answered before the visit of {words(visit.start, visit.clinic.tz)}.",
        about=visit.pk,
        about_kind="appointment",
        for_role=Role.NURSE if visit.kind == VisitKind.INFUSION else Role.PRESCRIBER,
        due_on=visit.start.astimezone(visit.clinic.tz).date(),
        by=LINK,
        now=now,
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
    if links.standing(link, now) != Standing.OPEN or link.message.purpose in OTHER_PAGES:
        raise Clash("There is nothing to answer here any more.")
    return link


def _answered(link: VisitLink, answer: LinkAnswer, now: datetime) -> None:
    if link.answer != answer:
        link.answer, link.answered_at = answer, now
        link.save()
