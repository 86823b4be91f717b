"""When somebody who is in the house is to be looked at again. Scheduling knows no orders; the app that does registers
here, when it is ready, and decides who may see its clocks."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from config.staff.models import User

Clocks = Callable[[User, Collection[UUID]], dict[UUID, datetime]]

_clocks: list[Clocks] = []


def clocks_of(ask: Clocks) -> Clocks:
    """Ask this for the clocks of appointments."""
    _clocks.append(ask)
    return ask


def due(person: User, appointments: Collection[UUID]) -> dict[UUID, datetime]:
    """Of each appointment by id, when the next look is due, as far as this person may know. The earliest counts."""
    found: dict[UUID, datetime] = {}
    for ask in _clocks:
        for pk, at in ask(person, appointments).items():
            found[pk] = min(at, found.get(pk, at))
    return found
