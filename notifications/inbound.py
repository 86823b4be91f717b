"""What a patient answers by text: it is kept as it came, understood by `replies.classify`, and acted on in one step.

An answer that comes twice is one answer. Whatever is not understood waits for a person, and so does every text to that
number until it has been read.
"""

import re
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from config.audit.acting import SystemJob, recorded
from config.http.masking import masked
from config.refusals import Clash, Invalid, Refused
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from notifications.dry_run import why_kept_back
from notifications.models import ASKS, InboundText, Message
from notifications.replies import Reply, asks_to_cancel, classify, is_from_somebody_else
from notifications.visits import why_not
from notifications.wording import answer_to
from patients.contact import agreed_to_texts
from patients.models import EVERYTHING, Channel, ContactPurpose, NumberKind, Patient, TaskKind
from patients.numbers import lock_number, opted_out, say_of_number
from patients.tasks import raise_task, withdraw_about
from scheduling.booking import confirm

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
CANCEL_WORDS = "Call: they answered CANCEL. It ended the texts; the visit still stands."
READ_WORDS = "Read an answer to a text message; no text goes to that number before."
WRONG_WORDS = "Ask for the right number: an answer says that it belongs to somebody else."
PAGE = "reply"


class Known(NamedTuple):
    """Whom a number belongs to, as far as we know, and the last message that went there."""

    clinic: Clinic
    patient: Patient | None
    last: Message | None

    @property
    def language(self) -> str:
        return self.patient.language if self.patient else ""


def receive(
    *, provider_id: str, number: str, text: str, now: datetime, provider_answered: bool = False
) -> tuple[InboundText, bool]:
    """Keep an answer and act on it. Returns it, and whether it is new: one that is known changes nothing.

    `answer` of a new one is what to send back, empty for nothing. `provider_answered`: the provider did that itself.
    """
    with recorded(by=SystemJob.REMINDERS):
        lock_number(number)
        known = InboundText.objects.filter(provider_id=provider_id).first()
        if known is not None:
            return known, False
        who = _known(number)
        # A telephone may send our own words back, with the link that they held.
        said = InboundText(provider_id=provider_id, number=number, text=masked(text), received_at=now)
        said.clinic, said.patient = who.clinic, who.patient
        said.appointment = who.last.appointment if who.last else None
        said.meant = classify(text)
        _act(said, who, now)
        if provider_answered:
            said.answer = ""
        said.save(force_insert=True)
        if said.needs_reading:
            _ask(said, WRONG_WORDS if is_from_somebody_else(text) else READ_WORDS, now)
    return said, True


def settle(
    *, reply_id: UUID, note: str = "", opt_out: bool = False, by: User, now: datetime, version: int | None = None
) -> InboundText:
    """Somebody has read it: texts go to the number again, unless they asked for none (`opt_out`).

    Raises Clash when somebody else has read it, Invalid without a word on what came of it.
    """
    require(by, Permission.HANDLE_MESSAGES)
    note = note.strip()
    if not note and not opt_out:
        raise Invalid("Say what came of it.", field="note")
    with recorded(by=by):
        number = InboundText.objects.values_list("number", flat=True).filter(pk=reply_id).first()
        lock_number(number or "")
        row = InboundText.locked(reply_id, version=version)
        if not row.is_open:
            raise Clash("This answer needs no reading any more.")
        if opt_out:
            opt_out_of = NumberKind.OPT_OUT
            say_of_number(number=row.number, kind=opt_out_of, holds=True, how="reply, read by us", by=by, at=now)
        row.read_at, row.read_by, row.read_note = now, by, note or "They want no texts."
        row.save()
        withdraw_about(kind=TaskKind.CALL_BACK, about=row.pk, by=by, now=now)
    return row


def of_clinic(clinic: Clinic) -> QuerySet[InboundText]:
    """The clinic's answers with whom and what they are about."""
    return InboundText.objects.filter(clinic=clinic).select_related("patient", "appointment", "read_by")


def unread(clinic: Clinic) -> QuerySet[InboundText]:
    """Those that wait to be read."""
    return of_clinic(clinic).filter(needs_reading=True, read_at=None)


def _known(number: str) -> Known:
    """By the last message that went there, else by whose number it is, else by no more than the house."""
    sent = Message.objects.filter(channel=Channel.SMS, to=number, submitted_at__isnull=False)
    last = sent.select_related("clinic", "patient", "appointment").order_by("-submitted_at").first()
    if last is not None:
        return Known(last.clinic, last.patient, last)
    people = _people(number)
    clinic = people[0].clinic if people else Clinic.objects.order_by("pk")[0]
    return Known(clinic, people[0] if len(people) == 1 else None, None)


def _people(number: str) -> list[Patient]:
    same = Patient.objects.filter(mobile=number, merged_into=None) if E164.fullmatch(number) else Patient.objects.none()
    return list(same.select_related("clinic").order_by("pk"))


def _act(said: InboundText, who: Known, now: datetime) -> None:
    """Do what the answer means. It says itself what to send back, and whether a person has to read it."""
    act = ACTS.get(Reply(said.meant)) if E164.fullmatch(said.number) else None
    said.needs_reading = act is None or not act(said, who, now)
    if E164.fullmatch(said.number) and is_from_somebody_else(said.text):
        _say(said.number, NumberKind.WRONG_PERSON, now)
        said.needs_reading = True


def _on_stop(said: InboundText, who: Known, now: datetime) -> bool:
    """Out of everything, with one confirmation: who has opted out already hears no more."""
    if not all(opted_out(said.number, purpose) for purpose in ContactPurpose):
        _say(said.number, NumberKind.OPT_OUT, now)
        said.answer = _answer(Reply.STOP, who)
    if asks_to_cancel(said.text):
        _ask(said, CANCEL_WORDS, now)
    return True


def _on_start(said: InboundText, who: Known, now: datetime) -> bool:
    """Only where somebody with this number has agreed to texts; else a person has to ask first."""
    agreed = agreed_to_texts(said.number)
    for purpose in sorted(agreed):
        if opted_out(said.number, purpose):
            _say(said.number, NumberKind.OPT_OUT, now, holds=False, scope=purpose)
    if agreed:
        said.answer = _answer(Reply.START, who)
    return bool(agreed)


def _on_help(said: InboundText, who: Known, now: datetime) -> bool:  # noqa: ARG001  (the acts share one shape)
    said.answer = _answer(Reply.HELP, who)
    return True


def _on_confirm(said: InboundText, who: Known, now: datetime) -> bool:
    """The visit that the last message was about, if it stands as that message said; else nobody knows which. A yes to
    what asked something else is for a person."""
    if who.last is not None and who.last.purpose in ASKS:
        return False
    if who.last is None or said.appointment is None or why_not(who.last, said.appointment, now):
        return False
    try:
        with transaction.atomic():
            confirm(appointment_id=said.appointment.pk, by=SystemJob.REMINDERS, now=now)
    except Refused:
        return False
    return True


def _answer(meant: Reply, who: Known) -> str:
    clinic = who.clinic
    if why_kept_back(clinic, Channel.SMS):
        return ""
    return answer_to(meant, sender_name=clinic.sender_name, phone=clinic.phone.as_national, language=who.language)


def _say(number: str, kind: NumberKind, now: datetime, *, holds: bool = True, scope: str = EVERYTHING) -> None:
    say_of_number(number=number, kind=kind, holds=holds, scope=scope, how="reply", by=SystemJob.REMINDERS, at=now)


def _ask(said: InboundText, words: str, now: datetime) -> None:
    raise_task(
        clinic=said.clinic,
        patient=said.patient,
        kind=TaskKind.CALL_BACK,
        words=words,
        about=said.pk,
        about_kind=PAGE,
        by=SystemJob.REMINDERS,
        now=now,
    )


ACTS = {Reply.STOP: _on_stop, Reply.START: _on_start, Reply.HELP: _on_help, Reply.CONFIRM: _on_confirm}
