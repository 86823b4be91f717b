"""What the floors above know about a patient. Nothing here may import them, so the roof tells us when it starts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.audit.strands import Strand
from config.staff.models import User


@dataclass(frozen=True)
class Held:
    """Something that hangs from a patient's record: "visits to come", 2. `hinders`: it must not be left behind."""

    words: str
    count: int
    hinders: bool = False


@dataclass(frozen=True)
class Standing:
    """Something of a patient's that has not ended, in words for every role: "Consult on Wed 2 Dec, 10:00".

    `url` is its page, if it has one. `to_come`: a visit that `release` gives up.
    """

    words: str
    url: str = ""
    to_come: bool = False


NextVisits = Callable[[Iterable[UUID], datetime], Mapping[UUID, datetime]]
Holds = Callable[[UUID, datetime], list[Held]]
Stands = Callable[[UUID, datetime], list[Standing]]
Release = Callable[[UUID, str, User, datetime], int]
Histories = Callable[[UUID, User], list[Strand]]


@dataclass
class _Told:
    next_visits: NextVisits = lambda patients, now: {}  # noqa: ARG005
    holds: Holds = lambda patient, now: []  # noqa: ARG005
    standing: Stands = lambda patient, now: []  # noqa: ARG005
    release: Release = lambda patient, reason, by, now: 0  # noqa: ARG005
    histories: Histories = lambda patient, person: []  # noqa: ARG005


_told = _Told()


def tell(*, next_visits: NextVisits, holds: Holds, standing: Stands, release: Release, histories: Histories) -> None:
    """Said once, by `config.web.apps`: who answers the questions below, and who does what is asked of it."""
    _told.next_visits, _told.holds, _told.histories = next_visits, holds, histories
    _told.standing, _told.release = standing, release


def next_visits(patients: Iterable[UUID], now: datetime) -> Mapping[UUID, datetime]:
    """When each of these patients comes next; whoever has nothing booked is not in it. One query."""
    return _told.next_visits(patients, now)


def holds(patient: UUID, now: datetime) -> list[Held]:
    """What hangs from this record in other rooms; nothing is left out because there is none of it."""
    return _told.holds(patient, now)


def standing(patient: UUID, now: datetime) -> list[Standing]:
    """What of this record has not ended: visits to come or under way, orders in force, places on the waitlist."""
    return _told.standing(patient, now)


def release(patient: UUID, *, reason: str, by: User, now: datetime) -> int:
    """Give up all visits to come, on the clinic's side, all or none. Returns how many."""
    return _told.release(patient, reason, by, now)


def histories(patient: UUID, person: User) -> list[Strand]:
    """The acts on this patient's records in other rooms, as far as `person` may see them."""
    return _told.histories(patient, person)
