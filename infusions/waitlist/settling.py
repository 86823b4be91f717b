"""How an offer and an entry end. Every end passes here, so that what was held for it is given back.

Whoever calls has opened the transaction. Locks are taken in one order by everybody: the patient's standing, series and
visit, the clinic's places (by booking), then entries, then offers, then what is held.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from config.audit.acting import Actor, SystemJob
from config.staff.permissions import Permission, can
from infusions.models import WaitlistEntry, WaitlistOffer
from infusions.models.waitlist import Answer, Closed
from infusions.waitlist.live import holds_of
from patients.models import TaskKind
from patients.tasks import withdraw_about
from scheduling import holding
from scheduling.models import Appointment
from scheduling.states import Status

CALL_TASK = TaskKind.CALL_BACK


def close(entry: WaitlistEntry, reason: Closed, *, by: Actor, now: datetime) -> None:
    """They no longer wait. What they were offered is no longer theirs to take."""
    entry.closed_at, entry.closed_reason = now, reason
    entry.save()
    offers = list(WaitlistOffer.objects.select_for_update().filter(entry=entry, answer="").order_by("pk"))
    for offer in offers:
        settle(offer, Answer.WITHDRAWN if offer.expires_at > now else Answer.EXPIRED, by=by, now=now)
    give_back({offer.round for offer in offers}, by=by, now=now)


def settle(offer: WaitlistOffer, answer: Answer, *, by: Actor, now: datetime, visit: Appointment | None = None) -> None:
    """Write what came of an offer; nobody needs to call about it any more."""
    offer.answer, offer.answered_at, offer.visit = answer, now, visit
    offer.save()
    withdraw_about(kind=CALL_TASK, about=offer.pk, by=by, now=now)


def give_back(rounds: Iterable[UUID], *, by: Actor, now: datetime) -> None:
    """Let go of what is held for places that nobody is offered any more."""
    for place in sorted(rounds):
        if not WaitlistOffer.objects.filter(round=place, answer="").exists():
            release_hold(place, by=by, now=now)


def release_hold(place: UUID, *, by: Actor, now: datetime) -> None:
    """Let go of the place of a round, if it is still held. A prescriber who ends an order may not book, the job may."""
    actor = by if can(by, Permission.BOOK) else SystemJob.HOLDS
    for hold in holds_of([place]):
        # Run out and swept in this moment: given back already.
        if Appointment.locked(hold).status == Status.HELD:
            holding.release(appointment_id=hold, by=actor, now=now)
