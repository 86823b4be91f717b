"""The acting person of a transaction. Without one, the database refuses every audited write."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction


class SystemJob(StrEnum):
    """What may write without a person: each is named, and none of them is a clinician."""

    WEB_FORM = "web-form"
    PATIENT_LINK = "patient-link"
    REMINDERS = "reminders"
    IMPORT = "import"
    SET_UP = "set-up"
    SIGN_IN = "sign-in"


Actor = AbstractBaseUser | SystemJob

_acting: ContextVar[str] = ContextVar("acting", default="")


def label(by: Actor) -> str:
    """`user:<id>` or `job:<name>`: the form in which the database keeps who acted."""
    return f"job:{by}" if isinstance(by, SystemJob) else f"user:{by.pk}"


def _tell_database(actor: str, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('desk.actor', %s, true), set_config('desk.reason', %s, true)", [actor, reason]
        )


@contextmanager
def recorded(*, by: Actor, reason: str = "") -> Iterator[None]:
    """Open a transaction in which `by` acts; each change in it is kept in history under that name, with `reason`.

    May be nested: the inner person acts until the inner block ends. Raises whatever the block raises, after rolling
    back. The deferred history check runs when the outermost transaction commits.
    """
    before = _acting.get() if connection.in_atomic_block else ""
    with transaction.atomic():
        _tell_database(label(by), reason)
        token = _acting.set(label(by))
        try:
            yield
        finally:
            _acting.reset(token)
        if before:
            _tell_database(before, "")
