"""Whether visits can be booked on an order today, and if not: what is missing, and who can mend it."""

from dataclasses import dataclass
from datetime import date, datetime

from config.refusals import Clash, Invalid
from infusions import candidacy
from infusions.models import CandidacyDecision, Order
from infusions.orders import limits
from infusions.states import OrderStatus, Outcome
from scheduling.wall_clock import day_words

NEW_VERSION = "Only a prescriber can add it, in a new version of the order."


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way of booking, in words without clinical detail. `code` is for programs."""

    code: str
    words: str


def obstacles(order: Order, *, now: datetime) -> list[Obstacle]:
    """All that stands in the way; empty when visits can be booked."""
    return _in_the_way(order, candidacy.newest(patient=order.patient), now)


def _in_the_way(order: Order, decision: CandidacyDecision | None, now: datetime) -> list[Obstacle]:
    if not order.is_signed:
        return [Obstacle("not-signed", f"The order is a draft. {order.author.full_name} has to sign it first.")]
    today = order.clinic.today(now)
    return [*_standing(order), *_validity(order, today), *_limits(order), *_candidacy(decision, today)]


def require_ready(order: Order, *, now: datetime) -> CandidacyDecision | None:
    """Raise Clash with the words of every obstacle; Invalid (order) where nothing but blank limits is in the way.
    Answers the decision on candidacy that it rests on."""
    decision = candidacy.newest(patient=order.patient)
    found = _in_the_way(order, decision, now)
    if not found:
        return decision
    told = " ".join(obstacle.words for obstacle in found)
    missing = [{"code": obstacle.code, "words": obstacle.words} for obstacle in found]
    if {obstacle.code for obstacle in found} == {"no-limit"}:
        raise Invalid(told, field="order", code="no-limit", missing=missing)
    raise Clash(told, code=found[0].code, missing=missing)


def _standing(order: Order) -> list[Obstacle]:
    status, name = order.standing.status, order.signed_name
    words = {
        OrderStatus.ON_HOLD: "The order is on hold. A prescriber can resume it.",
        OrderStatus.SUPERSEDED: "A newer order has taken this one's place. Plan on the newer one.",
    }
    if status == OrderStatus.ACTIVE:
        return []
    ended = f"The order is {status.replace('-', ' ')}. Ask {name} whether there will be a new one."
    return [Obstacle(status, words.get(OrderStatus(status), ended))]


def _validity(order: Order, today: date) -> list[Obstacle]:
    if order.valid_until is not None and order.valid_until < today:
        words = f"The order was valid until {day_words(order.valid_until)}. A prescriber can write a new version."
        return [Obstacle("expired", words)]
    return []


def _limits(order: Order) -> list[Obstacle]:
    missing = limits(order).missing
    return [Obstacle("no-limit", f"The order does not say the {words}. {NEW_VERSION}") for words in missing]


def _candidacy(decision: CandidacyDecision | None, today: date) -> list[Obstacle]:
    if decision is None:
        return [Obstacle("no-candidacy", "Nobody has decided on candidacy yet. A prescriber decides.")]
    if not candidacy.holds(decision, on=today):
        return [Obstacle("candidacy-expired", f"{_decided(decision)} has run out. A prescriber can decide again.")]
    if not candidacy.is_accepted(decision):
        outcome = Outcome(decision.outcome).value.replace("-", " ")
        words = f"{_decided(decision)} says: {outcome}. A prescriber can decide again."
        return [Obstacle("not-accepted", words)]
    return []


def _decided(decision: CandidacyDecision) -> str:
    return f"The candidacy decision by {decision.signed_name}"
