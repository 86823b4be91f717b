"""The database's own refusals, read back into words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from config.refusals import Clash, NotAllowed, Refused

REFUSALS: dict[str, tuple[type[Refused], str, str]] = {
    "DK001": (NotAllowed, "no-acting-person", "Nobody is named as the one who acts, so nothing was written."),
    "DK002": (Clash, "no-history", "A change without its history was refused, so nothing was written."),
    "DK003": (Clash, "written-once", "This record is written once; nothing in it can be changed or removed."),
    "DK004": (NotAllowed, "clinicians-only", "Only a clinician writes this, under their own name."),
    "DK005": (Clash, "signed", "This is signed; nothing in it can be changed."),
}


def sqlstate(error: BaseException) -> str:
    """The five-character SQLSTATE behind a Django database error, or an empty string."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def refusal_of(error: DatabaseError) -> Refused | None:
    """The readable refusal for an SQLSTATE of ours; None for any other error."""
    found = REFUSALS.get(sqlstate(error))
    if found is None:
        return None
    kind, code, message = found
    return kind(message, code=code)


@contextmanager
def in_words() -> Iterator[None]:
    """Run a block; a refusal by the database leaves it as a `Refused`."""
    try:
        yield
    except DatabaseError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
