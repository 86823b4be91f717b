"""Who has to be asked before a visit changes its state, and told after visits were booked, or changed time or state.

Scheduling knows no orders and no records. The app that does registers here once, when it is ready, so that no door of
scheduling can forget it. Both run inside the change's own transaction: what they refuse or fail at undoes it all.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from config.audit.acting import Actor
from scheduling.models import Appointment
from scheduling.states import Status

Guard = Callable[[Appointment, Status, Actor, datetime], None]
Listener = Callable[[Sequence[Appointment], Actor, datetime], None]

_guards: list[Guard] = []
_listeners: list[Listener] = []
_of_bookings: list[Listener] = []


def ask_before(guard: Guard) -> Guard:
    """Ask this before a visit enters a state; it raises a Refused to say no."""
    _guards.append(guard)
    return guard


def tell_after(listener: Listener) -> Listener:
    """Tell this after visits changed their time or state."""
    _listeners.append(listener)
    return listener


def tell_of_booking(listener: Listener) -> Listener:
    """Tell this after visits were booked that were not: new, kept from a hold, or back after they were cancelled."""
    _of_bookings.append(listener)
    return listener


def ask(visit: Appointment, to: Status, by: Actor, now: datetime) -> None:
    """Raise what any guard raises."""
    for guard in _guards:
        guard(visit, to, by, now)


def tell(visits: Sequence[Appointment], by: Actor, now: datetime) -> None:
    """Let everybody heed a change."""
    for listener in _listeners:
        listener(visits, by, now)


def booked(visits: Sequence[Appointment], by: Actor, now: datetime) -> None:
    """Let everybody heed new bookings."""
    for listener in _of_bookings:
        listener(visits, by, now)
