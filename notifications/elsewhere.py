"""What the rooms beside us ask patients by our messages. Nothing here may import them, so the roof tells us when it
starts; only plain values come over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from scheduling.models import Appointment


class Item(NamedTuple):
    """One thing that is asked, and the answers to choose from, by their places."""

    position: int
    wording: str
    options: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Sheet:
    """A questionnaire as a patient reads it, in the words that the clinic published."""

    id: UUID
    title: str
    instruction: str
    source: str
    items: tuple[Item, ...]
    answered: bool


class Offered(NamedTuple):
    """A time that is held for a patient (`appointment_id`) and offered to them by message: since when, until when."""

    appointment_id: UUID
    at: datetime
    until: datetime


# By questionnaire, then the place of each item: the place of the chosen answer.
Answers = Mapping[UUID, Mapping[int, int]]
DaysAsked = Callable[[], Mapping[UUID, set[int]]]
Sheets = Callable[[Appointment, int, UUID], list[Sheet]]
Receive = Callable[[Appointment, UUID, Answers, datetime], int]
Offers = Callable[[datetime], list[Offered]]
Said = Callable[[UUID, datetime], bool | None]
SayOfOffer = Callable[[UUID, bool, datetime], None]


@dataclass
class _Told:
    days_asked: DaysAsked = dict
    sheets: Sheets = lambda visit, days, message: []  # noqa: ARG005
    receive: Receive = lambda visit, message, answers, now: 0  # noqa: ARG005
    offers: Offers = lambda now: []  # noqa: ARG005
    said_of_offer: Said = lambda held, now: None  # noqa: ARG005
    say_of_offer: SayOfOffer = lambda held, wants, now: None  # noqa: ARG005


_told = _Told()


def tell(
    *,
    days_asked: DaysAsked,
    sheets: Sheets,
    receive: Receive,
    offers: Offers,
    said_of_offer: Said,
    say_of_offer: SayOfOffer,
) -> None:
    """Said once, by `config.web.apps`: who answers the questions below, and who does what is asked of it."""
    _told.days_asked, _told.sheets, _told.receive = days_asked, sheets, receive
    _told.offers, _told.said_of_offer, _told.say_of_offer = offers, said_of_offer, say_of_offer


def days_asked() -> Mapping[UUID, set[int]]:
    """Of each clinic the days after an infusion on which it asks how the patient is. One query."""
    return _told.days_asked()


def sheets(*, visit: Appointment, days: int, message_id: UUID) -> list[Sheet]:
    """What a message so many days after this visit asks."""
    return _told.sheets(visit, days, message_id)


def receive(*, visit: Appointment, message_id: UUID, answers: Answers, now: datetime) -> int:
    """Keep what the patient chose; the same message's answers once. Returns how many questionnaires were answered.

    Raises Invalid where nothing was chosen or it was not offered, Clash where it cannot be taken any more.
    """
    return _told.receive(visit, message_id, answers, now)


def offers(now: datetime) -> list[Offered]:
    """The times that the desk offers by message now. One query."""
    return _told.offers(now)


def said_of_offer(held: UUID, now: datetime) -> bool | None:
    """Whether the patient said by a link that they would like what is held for them; None: they said nothing yet."""
    return _told.said_of_offer(held, now)


def say_of_offer(*, held: UUID, wants: bool, now: datetime) -> None:
    """Keep that the patient would like it, or not: a task for the desk. Raises Clash when it is offered no more."""
    _told.say_of_offer(held, wants, now)
