"""Offers that go out by a message with a link, and what patients say there. It books nothing: the desk answers."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid
from infusions.models import WaitlistOffer
from infusions.models.waitlist import How, Said
from infusions.waitlist.settling import CALL_TASK
from patients.tasks import raise_task, withdraw_about
from scheduling.states import Status
from scheduling.wall_clock import words

LINK = SystemJob.PATIENT_LINK
ASKS = {
    Said.WANTS: "They would like {when} from the waitlist. Book it: it is held until {until}.",
    Said.DECLINES: "They do not want {when} from the waitlist. Note the no, and offer it to the next.",
}


def open_by_message(now: datetime) -> QuerySet[WaitlistOffer]:
    """The offers by message that wait for an answer, each with its place still held for its patient."""
    waiting = WaitlistOffer.objects.filter(how=How.MESSAGE, answer="", expires_at__gt=now, hold__status=Status.HELD)
    return waiting.order_by("made_at", "id")


def of_hold(hold: UUID, now: datetime) -> WaitlistOffer | None:
    """The offer by message for which this is held."""
    return open_by_message(now).filter(hold=hold).first()


def say(*, hold: UUID, wants: bool, now: datetime) -> WaitlistOffer:
    """What the patient says by their link: a task for the desk to book it, or to offer it to the next. Said again,
    nothing changes; said otherwise, the task says so.

    Raises Clash when it is not theirs to answer any more: answered, taken or run out.
    """
    said = Said.WANTS if wants else Said.DECLINES
    with recorded(by=LINK):
        found = of_hold(hold, now)
        if found is None:
            raise Clash("This place is not offered any more.")
        offer = WaitlistOffer.locked(found.pk)
        if offer.is_answered or offer.expires_at <= now:
            raise Clash("This place is not offered any more.")
        if offer.said != said:
            offer.said, offer.said_at = said, now
            offer.save()
            _ask_to_act(offer, said, now)
    return offer


def _ask_to_act(offer: WaitlistOffer, said: Said, now: datetime) -> None:
    clinic = offer.entry.clinic
    withdraw_about(kind=CALL_TASK, about=offer.pk, by=LINK, now=now)
    raise_task(
        clinic=clinic,
        patient=offer.entry.patient,
        kind=CALL_TASK,
        words=ASKS[said].format(when=words(offer.start, clinic.tz), until=words(offer.expires_at, clinic.tz)),
        about=offer.pk,
        about_kind="waitlist-offer",
        due_on=clinic.today(now),
        by=LINK,
        now=now,
    )


def check(offer: WaitlistOffer, why_not: str) -> None:
    """Raise Clash, or Invalid (field how), where this offer cannot go out by message."""
    if why_not:
        raise Invalid(why_not, field="how")
    if offer.hold_id is None:
        raise Clash(
            "This place is held for somebody else. Offer it by telephone, or wait for their answer.", field="how"
        )
