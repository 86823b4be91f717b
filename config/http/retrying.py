"""A request that lost a deadlock is run again: nothing of it was committed."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

from config.audit.guards import sqlstate

Answer = TypeVar("Answer")
TRIES = 3
LOST_A_RACE = {"40P01", "40001"}


def lost_a_race(error: BaseException) -> bool:
    """Whether the database ended this transaction in favour of another (deadlock, serialization failure)."""
    return isinstance(error, OperationalError) and sqlstate(error) in LOST_A_RACE


def retried(act: Callable[[], Answer]) -> Answer:
    """Call `act`, up to three times while it loses races. Inside a transaction, once: only the whole can be retried."""
    for last in [False] * (TRIES - 1) + [True]:
        try:
            return act()
        except OperationalError as error:
            if last or connection.in_atomic_block or not lost_a_race(error):
                raise
    raise AssertionError("unreachable")
