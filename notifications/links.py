"""The link in a message that leads a patient to the page of their visit: made, looked up, proven, ended.

Whoever has the link learns initials and the clinic's telephone number; for more they give the birth date. Nothing that
only reads changes anything here, however often a link is opened.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from config.audit.acting import SystemJob, recorded
from config.audit.bulk import create_all
from config.refusals import Clash, Invalid
from config.staff.models import User
from config.staff.permissions import Permission, require
from notifications.models import Message, Purpose, VisitLink
from notifications.visits import why_not
from notifications.wording import tells_too_much
from patients.models import Patient
from patients.person import tidy
from scheduling.models import Appointment
from scheduling.states import CANCELLED, Status

TOKEN_BYTES = 16
# As long as a token, for a message that is only looked at.
LOOKED_AT = "x" * 22
PATH = "/v/{token}/"
A_WEEK = timedelta(days=7)
TOO_OFTEN = "Five wrong birth dates."


class Standing(StrEnum):
    """What a link still opens. `gone`: nothing, and it tells nothing either. `changed`: the visit is cancelled or at
    another time. `begun`: there is nothing more to answer."""

    OPEN = "open"
    BEGUN = "begun"
    CHANGED = "changed"
    GONE = "gone"


def token_for(visit: Appointment) -> str:
    """A new token, or "" where no link can be made. Nothing is kept yet."""
    return secrets.token_urlsafe(TOKEN_BYTES) if can_be_made(visit) else ""


def can_be_made(visit: Appointment) -> bool:
    """Whether a link to the page of this visit can be made."""
    return can_be_made_for(visit.patient)


def can_be_made_for(patient: Patient) -> bool:
    """Whether the world reaches us, by an address that tells nothing, and there is a birth date to ask for."""
    address = settings.PUBLIC_URL
    return bool(address) and not tells_too_much(address) and patient.birth_date is not None


def address(token: str) -> str:
    """The whole link, "" for no token."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{PATH.format(token=token)}" if token else ""


class Made(NamedTuple):
    """A token with the message that it goes out with and the visit that it opens."""

    token: str
    message: Message
    visit: Appointment


def keep_all(made: Iterable[Made], *, now: datetime) -> int:
    """Remember tokens by their hash, in the transaction that hands the messages over: until the end of the visit's day,
    or for a week where it asks how somebody is since. Returns how many."""
    return create_all(
        [
            VisitLink(message=one.message, token_hash=hashed(one.token), made_at=now, expires_at=_ends(one, now))
            for one in made
        ]
    )


def _ends(made: Made, now: datetime) -> datetime:
    return now + A_WEEK if made.message.purpose == Purpose.QUESTIONNAIRE else end_of_day(made.visit)


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def end_of_day(visit: Appointment) -> datetime:
    """The midnight after the visit, by the clinic's clock."""
    tz = visit.clinic.tz
    return datetime.combine(visit.start.astimezone(tz).date() + timedelta(days=1), time(), tzinfo=tz)


def found(token: str) -> VisitLink | None:
    """The link behind a token with its visit; None for a token of nobody's. One query."""
    return _with_visit().filter(token_hash=hashed(token)).first()


def of_message(message: Message) -> QuerySet[VisitLink]:
    """The links that went out with a message, the newest first."""
    return VisitLink.objects.filter(message=message).select_related("ended_by").order_by("-made_at")


def standing(link: VisitLink, now: datetime) -> Standing:
    """What the link opens at this instant. `link` is as `found` gives it."""
    visit = link.message.appointment
    if link.ended_at is not None or now >= link.expires_at or visit.patient.deceased:
        return Standing.GONE
    if link.message.purpose in (Purpose.QUESTIONNAIRE, Purpose.OFFER):
        return Standing.CHANGED if why_not(link.message, visit, now) else Standing.OPEN
    if visit.placing != link.message.placing or visit.status in CANCELLED | {Status.ENTERED_IN_ERROR, Status.RELEASED}:
        return Standing.CHANGED
    return Standing.OPEN if visit.status == Status.BOOKED and visit.start > now else Standing.BEGUN


def prove(*, link_id: UUID, born: date, now: datetime) -> VisitLink:
    """Whether whoever has the link knows the birth date. A wrong one counts; the fifth ends the link for good.

    Raises Clash when the link opens nothing any more, Invalid for a wrong birth date, which has been counted by then.
    """
    with recorded(by=SystemJob.PATIENT_LINK):
        link = locked(link_id)
        if standing(link, now) == Standing.GONE:
            raise Clash("This link has ended.")
        right = link.message.appointment.patient.birth_date == born
        if not right:
            _count(link, now)
    if not right:
        raise Invalid("This is not the birth date that we have.", field="born", left=link.tries_left)
    return link


def end(*, link_id: UUID, reason: str, by: User, now: datetime, version: int | None = None) -> VisitLink:
    """Let a link open nothing any more, for good. Raises Clash when it has ended, Invalid without a reason."""
    require(by, Permission.HANDLE_MESSAGES)
    reason = tidy(reason)
    if not reason or len(reason) > 200:
        raise Invalid("Say in at most 200 characters why it shall end.", field="reason")
    with recorded(by=by):
        link = VisitLink.locked(link_id, version=version)
        if link.ended_at is not None:
            raise Clash("This link has ended already.")
        link.ended_at, link.ended_by, link.ended_why = now, by, reason
        link.save()
    return link


def locked(link_id: UUID) -> VisitLink:
    """The link with its visit, locked until the transaction ends. Raises NotFound."""
    link = VisitLink.locked(link_id)
    link.message = Message.objects.select_related("appointment__patient", "appointment__clinic").get(pk=link.message_id)
    return link


def _count(link: VisitLink, now: datetime) -> None:
    link.wrong_tries += 1
    if link.wrong_tries >= VisitLink.TRIES:
        link.ended_at, link.ended_why = now, TOO_OFTEN
    link.save()


def _with_visit() -> QuerySet[VisitLink]:
    return VisitLink.objects.select_related("message__appointment__patient", "message__appointment__clinic")
