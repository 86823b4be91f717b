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


NextVisits = Callable[[Iterable[UUID], datetime], Mapping[UUID, datetime]]
Holds = Callable[[UUID, datetime], list[Held]]
Histories = Callable[[UUID, User], list[Strand]]


@dataclass
class _Told:
    next_visits: NextVisits = lambda patients, now: {}  # noqa: ARG005
    holds: Holds = lambda patient, now: []  # noqa: ARG005
    histories: Histories = lambda patient, person: []  # noqa: ARG005


_told = _Told()


def tell(*, next_visits: NextVisits, holds: Holds, histories: Histories) -> None:
    """Said once, by `config.web.apps`: who answers the questions below."""
    _told.next_visits, _told.holds, _told.histories = next_visits, holds, histories


def next_visits(patients: Iterable[UUID], now: datetime) -> Mapping[UUID, datetime]:
    """When each of these patients comes next; whoever has nothing booked is not in it. One query."""
    return _told.next_visits(patients, now)


def holds(patient: UUID, now: datetime) -> list[Held]:
    """What hangs from this record in other rooms; nothing is left out because there is none of it."""
    return _told.holds(patient, now)


def histories(patient: UUID, person: User) -> list[Strand]:
    """The acts on this patient's records in other rooms, as far as `person` may see them."""
    return _told.histories(patient, person)
