"""The acting person of a transaction. Without one, the database refuses every audited write."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction


class SystemJob(StrEnum):
    """What may write without a person: each is named, and none of them is a clinician."""

    WEB_FORM = "web-form"
    PATIENT_LINK = "patient-link"
    REMINDERS = "reminders"
    IMPORT = "import"
    SET_UP = "set-up"
    SIGN_IN = "sign-in"
    HOLDS = "holds"


Actor = AbstractBaseUser | SystemJob

# Who acts in this transaction, and why, as the database was told.
_acting: ContextVar[tuple[str, str] | None] = ContextVar("acting", default=None)


def label(by: Actor) -> str:
    """`user:<id>` or `job:<name>`: the form in which the database keeps who acted."""
    return f"job:{by}" if isinstance(by, SystemJob) else f"user:{by.pk}"


APART = "apart"


def _tell_database(actor: str, reason: str, *, using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('desk.actor', %s, true), set_config('desk.reason', %s, true)", [actor, reason]
        )


@contextmanager
def recorded(*, by: Actor, reason: str = "") -> Iterator[None]:
    """Open a transaction in which `by` acts; each change in it is kept in history under that name, with `reason`.

    May be nested: the inner person acts, for the inner reason, until the inner block ends. Raises whatever the block
    raises, after rolling back. The deferred history check runs when the outermost transaction commits.
    """
    before = _acting.get() if connection.in_atomic_block else None
    acting = (label(by), reason)
    with transaction.atomic():
        if acting != before:
            _tell_database(*acting)
        token = _acting.set(acting)
        try:
            yield
        finally:
            _acting.reset(token)
        if before and acting != before:
            _tell_database(*before)


@contextmanager
def recorded_apart(*, by: Actor) -> Iterator[str]:
    """As `recorded`, on a connection of its own: what is written there stays when the request's own work is undone.

    Yields the database's alias, for `using`. It sees nothing that the request has not committed yet, so it must touch
    no row that the request may have locked.
    """
    connections[APART] = connection.copy(APART)
    try:
        with transaction.atomic(using=APART):
            _tell_database(label(by), "", using=APART)
            yield APART
    finally:
        connections[APART].close()
        del connections[APART]
