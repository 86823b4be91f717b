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


# By questionnaire, then the place of each item: the place of the chosen answer.
Answers = Mapping[UUID, Mapping[int, int]]
DaysAsked = Callable[[], Mapping[UUID, set[int]]]
Sheets = Callable[[Appointment, int, UUID], list[Sheet]]
Receive = Callable[[Appointment, UUID, Answers, datetime], int]


@dataclass
class _Told:
    days_asked: DaysAsked = dict
    sheets: Sheets = lambda visit, days, message: []  # noqa: ARG005
    receive: Receive = lambda visit, message, answers, now: 0  # noqa: ARG005


_told = _Told()


def tell(*, days_asked: DaysAsked, sheets: Sheets, receive: Receive) -> None:
    """Said once, by `config.web.apps`: who answers the questions below, and who does what is asked of it."""
    _told.days_asked, _told.sheets, _told.receive = days_asked, sheets, receive


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
