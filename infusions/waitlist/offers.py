"""Offering a freed place: held while it is offered, to one or to several; the first yes has it.

Every door here first takes what a booking takes, in the same order, so that of two desks and two answers at once one
comes after the other and the second is told what the first did.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import QuerySet

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotFound, Refused
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions import fulfilment, rescheduling
from infusions.elsewhere import why_no_offer
from infusions.models import OrderStanding, WaitlistEntry, WaitlistOffer
from infusions.models.waitlist import Answer, Closed, How
from infusions.waitlist import by_message
from infusions.waitlist.entries import check_open, own
from infusions.waitlist.live import SHOWN, holds_of, offers_of
from infusions.waitlist.matching import RELATED, judged
from infusions.waitlist.places import Place
from infusions.waitlist.settling import CALL_TASK, give_back, release_hold, settle
from patients.tasks import raise_task
from scheduling import booking, placing
from scheduling.models import Appointment, Series
from scheduling.series import PlannedVisit
from scheduling.wall_clock import words

# How long a place waits for its answer unless whoever offers it says otherwise: a call now, one to be made, a message.
WAITS = {How.CALL: timedelta(minutes=30), How.TO_CALL: timedelta(hours=4), How.MESSAGE: timedelta(hours=4)}
LONGEST = timedelta(days=7)
SWEEP_AT_ONCE = 200


def offer(
    *,
    entry_id: UUID,
    place: Place,
    start: datetime,
    how: How,
    by: User,
    now: datetime,
    expires_at: datetime | None = None,
) -> WaitlistOffer:
    """Offer a place, from `start` on, to somebody in line, until `expires_at` (half an hour for a call now).

    The place is held for them; a place that is offered to somebody already is offered to this one too, and all of its
    offers then last as long as the longest. Raises Clash in words when they no longer fit or the place is taken.
    """
    require(by, Permission.BOOK)
    until = _until(how, start, expires_at, now)
    with recorded(by=by), _taken_in_hand(_entry(entry_id, by), None) as entry:
        check_open(entry)
        _expire(WaitlistOffer.objects.filter(entry=entry), now)
        others = offers_of(place, now=now)
        made = WaitlistOffer(
            entry=entry,
            round=others[0].round if others else uuid4(),
            chair=place.chair,
            start=start,
            minutes=_minutes_or_clash(entry, place, start, now, others),
            how=how,
            made_at=now,
            made_by=by,
            expires_at=_longest(others, until, start),
        )
        made.save()
        _keep_held(made, others, by, now)
        if how == How.TO_CALL:
            _ask_to_call(made, by, now)
        elif how == How.MESSAGE:
            by_message.check(made, why_no_offer(entry.patient, made.hold.visit_type_id if made.hold else None))
    return made


def _until(how: How, start: datetime, expires_at: datetime | None, now: datetime) -> datetime:
    if how not in set(How):
        raise Invalid("Say whether you call now, somebody is to call, or a message goes.", field="how")
    until = min(now + WAITS[How(how)], start) if expires_at is None else expires_at
    if not now < until <= now + LONGEST:
        raise Invalid("An offer ends later than now, and within a week.", field="expires_at")
    if until > start:
        raise Invalid("An offer ends before the visit would begin.", field="expires_at")
    return until


def _minutes_or_clash(
    entry: WaitlistEntry, place: Place, start: datetime, now: datetime, others: list[WaitlistOffer]
) -> int:
    """How long their visit is, when it may begin then: judged as the list did, now that nothing can change."""
    at_start = Place(place.clinic, place.chair, start, max(place.end, start + timedelta(minutes=5)))
    holds = holds_of({other.round for other in others})
    [fit] = judged(at_start, [entry], now, holds=holds, exactly=True)
    if fit.hinders:
        raise Clash(" ".join(fit.hinders), field="start", code="does-not-fit")
    return fit.minutes


def _longest(others: list[WaitlistOffer], until: datetime, start: datetime) -> datetime:
    """All offers of a place last as long as the longest, and none beyond the beginning of a visit."""
    return min([max([until, *(other.expires_at for other in others)]), start, *(other.start for other in others)])


def _keep_held(made: WaitlistOffer, others: list[WaitlistOffer], by: User, now: datetime) -> None:
    """Hold the place for whoever was offered it first, for as long as anybody may answer."""
    shorter = [other for other in others if other.expires_at != made.expires_at]
    for other in shorter:
        other.expires_at = made.expires_at
        other.save()
    if shorter or not holds_of([made.round]):
        release_hold(made.round, by=by, now=now)
        _hold([*others, made][0], by, now)


def _hold(first: WaitlistOffer, by: User, now: datetime) -> None:
    """As long as a booking takes, in its chair; who answers has it released and their visit booked in one step."""
    entry = first.entry
    first.hold = booking.book(
        patient=entry.patient,
        clinic=entry.clinic,
        start=first.start,
        minutes=first.minutes,
        kind=entry.kind,
        visit_type=entry.appointment.visit_type_id if entry.appointment else None,
        chair=first.chair,
        by=by,
        now=now,
        held_until=first.expires_at,
    )
    first.save()


def _ask_to_call(made: WaitlistOffer, by: User, now: datetime) -> None:
    zone = made.entry.clinic.tz
    until = f"{made.expires_at.astimezone(zone):%H:%M}"
    if made.expires_at.astimezone(zone).date() != now.astimezone(zone).date():
        until = words(made.expires_at, zone)
    raise_task(
        clinic=made.entry.clinic,
        patient=made.entry.patient,
        kind=CALL_TASK,
        words=f"Offer {words(made.start, zone)} from the waitlist by telephone; it is held until {until}.",
        about=made.pk,
        about_kind="waitlist-offer",
        by=by,
        now=now,
    )


# The answer


def answer(*, offer_id: UUID, answer: Answer, by: User, now: datetime, version: int | None = None) -> WaitlistOffer:
    """They said yes, or no. A yes books the place, or moves their visit to it, and ends the other offers of it.

    Raises Clash when it was answered, taken or run out before, or cannot be booked any more; the hold then stands.
    Raises Stale when it is not as it was read.
    """
    require(by, Permission.BOOK)
    if answer not in (Answer.YES, Answer.NO):
        raise Invalid("The answer is yes or no.", field="answer")
    with _answering(offer_id, by, now, version) as asked:
        if answer == Answer.NO:
            _end(asked, Answer.NO, by, now)
        else:
            _accept(asked, by, now)
    return asked.offer


def take_back(*, offer_id: UUID, by: User, now: datetime, version: int | None = None) -> WaitlistOffer:
    """It is not offered to them any more, before they answered. Raises Clash, or Stale."""
    require(by, Permission.BOOK)
    with _answering(offer_id, by, now, version) as asked:
        _end(asked, Answer.WITHDRAWN, by, now)
    return asked.offer


@dataclass(frozen=True)
class _Asked:
    """An offer with its entry, locked, and the other open offers of the same place, the first one first."""

    offer: WaitlistOffer
    entry: WaitlistEntry
    others: list[WaitlistOffer]


@contextmanager
def _answering(offer_id: UUID, by: User, now: datetime, version: int | None) -> Iterator[_Asked]:
    found = WaitlistOffer.objects.select_related("entry").filter(pk=offer_id, entry__clinic=by.clinic_id).first()
    if found is None:
        raise NotFound("There is no such offer.")
    with recorded(by=by), _taken_in_hand(_entry(found.entry_id, by), found.round) as entry:
        round_of = WaitlistOffer.objects.select_related(*SHOWN).filter(round=found.round).order_by("made_at", "id")
        offers = list(round_of)
        mine = next(offer for offer in offers if offer.pk == offer_id)
        mine.as_read(version)
        _check_waits(mine, now)
        check_open(entry)
        mine.entry = entry
        yield _Asked(mine, entry, [one for one in offers if one.pk != offer_id and not one.is_answered])


SAID = {
    Answer.YES: "They said yes already: it is booked.",
    Answer.NO: "They said no already.",
    Answer.TAKEN: "Somebody else said yes first and has this place.",
    Answer.EXPIRED: "The offer has run out. Offer the place again if it is free.",
    Answer.WITHDRAWN: "This offer was taken back.",
}


def _check_waits(mine: WaitlistOffer, now: datetime) -> None:
    if mine.is_answered:
        raise Clash(SAID[Answer(mine.answer)], code=str(mine.answer))
    if mine.expires_at <= now:
        raise Clash(SAID[Answer.EXPIRED], code=str(Answer.EXPIRED))


def _accept(asked: _Asked, by: User, now: datetime) -> None:
    mine, entry = asked.offer, asked.entry
    release_hold(mine.round, by=by, now=now)
    # Closed before the booking tells of itself, or that would take their own offer back.
    entry.closed_at, entry.closed_reason = now, Closed.MOVED if entry.appointment_id else Closed.BOOKED
    entry.save()
    settle(mine, Answer.YES, by=by, now=now, visit=_booked(mine, entry, by, now))
    for other in asked.others:
        settle(other, Answer.TAKEN if other.expires_at > now else Answer.EXPIRED, by=by, now=now)


def _booked(mine: WaitlistOffer, entry: WaitlistEntry, by: User, now: datetime) -> Appointment:
    """Through the same doors as any booking: order, gaps, limits and places are checked once more."""
    if entry.appointment_id is not None:
        return rescheduling.move(
            appointment_id=entry.appointment_id, start=mine.start, chair=mine.chair, by=by, now=now
        )
    if entry.order_id is not None:
        visits = [PlannedVisit(mine.start, mine.chair_id)]
        series = fulfilment.book(order_id=entry.order_id, visits=visits, by=by, now=now)
        return series.appointments.filter(start=mine.start).latest("booked_at")
    return booking.book(
        patient=entry.patient,
        clinic=entry.clinic,
        start=mine.start,
        minutes=mine.minutes,
        chair=mine.chair,
        by=by,
        now=now,
    )


def _end(asked: _Asked, how: Answer, by: User, now: datetime) -> None:
    """Without a visit; the place is held on for whoever was offered it next."""
    held_theirs = asked.offer.hold_id in holds_of([asked.offer.round])
    settle(asked.offer, how, by=by, now=now)
    waiting = [other for other in asked.others if other.expires_at > now]
    if not waiting:
        give_back([asked.offer.round], by=by, now=now)
    elif held_theirs:
        release_hold(asked.offer.round, by=by, now=now)
        # If it cannot be held for them as they are now, they may still say yes: then it is booked, or refused in words.
        with suppress(Refused):
            _hold(waiting[0], by, now)


# Locks, and the end of time


def _entry(entry_id: UUID, by: User) -> WaitlistEntry:
    found = WaitlistEntry.objects.select_related("patient", "clinic", "appointment").filter(pk=entry_id).first()
    if found is None:
        raise NotFound("There is no such waitlist entry.")
    return own(found, by)


@contextmanager
def _taken_in_hand(seen: WaitlistEntry, place: UUID | None) -> Iterator[WaitlistEntry]:
    """The entry, with everything locked that a booking for it locks: standing, series, visit, the clinic's places; then
    the entry and the offers of the round."""
    list(OrderStanding.objects.select_for_update().filter(patient=seen.patient_id))
    visit = seen.appointment
    if visit is not None:
        if visit.series_id is not None:
            Series.locked(visit.series_id)
        Appointment.locked(visit.pk)
    placing.lock_for(patient=seen.patient, clinic=seen.clinic)
    list(WaitlistEntry.objects.select_for_update(of=("self",)).filter(pk=seen.pk))
    if place is not None:
        list(WaitlistOffer.objects.select_for_update(of=("self",)).filter(round=place).order_by("pk"))
    yield WaitlistEntry.objects.select_related(*RELATED).get(pk=seen.pk)


def _expire(offers: QuerySet[WaitlistOffer], now: datetime) -> int:
    """Write of these that they have run out, if they have; one that somebody has in hand just now is theirs."""
    late = offers.filter(answer="", expires_at__lte=now).order_by("pk")
    with recorded(by=SystemJob.HOLDS, reason="the offer ran out"):
        found = list(late.select_for_update(of=("self",), skip_locked=True)[:SWEEP_AT_ONCE])
        for one in found:
            settle(one, Answer.EXPIRED, by=SystemJob.HOLDS, now=now)
    return len(found)


def sweep(*, now: datetime) -> int:
    """Mark what has run out, at all clinics; harmless to run twice or never. What was held runs out by itself."""
    return _expire(WaitlistOffer.objects.all(), now)
