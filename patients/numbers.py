"""What stands about a telephone number: opted out, of another person, unable to get texts. The one door for all three.

It belongs to the number and covers everybody who shares it. Whoever is about to text a number, and whoever says
something about it, takes its lock first: after the commit of an opt-out no text is handed over.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Model, OuterRef, QuerySet, Subquery

from config.audit.acting import Actor, recorded
from config.refusals import Invalid
from config.staff.models import User
from patients.models import EVERYTHING, ContactPurpose, NumberKind, NumberStatement
from patients.person import tidy

WHY = {
    NumberKind.OPT_OUT: "This number has opted out of text messages.",
    NumberKind.WRONG_PERSON: "This number belongs to somebody else.",
    NumberKind.NO_TEXTS: "This number cannot get text messages.",
}


def say_of_number(
    *, number: str, kind: str, holds: bool, how: str, by: Actor, at: datetime, scope: str = EVERYTHING
) -> NumberStatement:
    """Keep that it is so of a number in E.164, or is so no more.

    Raises Invalid for a kind, a scope or a `how` that makes no sense.
    """
    how = tidy(how)
    if kind not in set(NumberKind):
        raise Invalid("There is no such statement about a number.", field="kind")
    if scope != EVERYTHING and (kind != NumberKind.OPT_OUT or scope not in set(ContactPurpose)):
        raise Invalid("This does not go by purpose, or there is no such purpose.", field="scope")
    if not how or len(how) > 40:
        raise Invalid("Say in a few words how you know.", field="how")
    said = NumberStatement(number=number, kind=kind, scope=scope, holds=holds, how=how, at=at)
    said.by = by if isinstance(by, User) else None
    with recorded(by=by):
        lock_number(number)
        said.save(force_insert=True)
    return said


def lock_number(number: str) -> None:
    """Wait for whoever says something about this number or is handing a text to it, until the transaction ends."""
    lock_numbers([number])


def lock_numbers(numbers: Iterable[str]) -> None:
    """The same for many, in one order for everybody, so that nobody waits in a circle."""
    found = [f"number:{number}" for number in sorted(set(numbers))]
    if found:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(number, 0)) FROM unnest(%s::text[]) number", [found]
            )


def why_not_text(*, number: str, purpose: str) -> str:
    """Why no text for this purpose may go to the number, or "". Read afresh: one query."""
    newest = _about(purpose).filter(number=number).order_by("kind", "-at", "-recorded_at").distinct("kind")
    holding = {said.kind for said in newest if said.holds}
    return next((words for kind, words in WHY.items() if kind in holding), "")


def opted_out(number: str, purpose: str) -> bool:
    """Whether the number has opted out of texts for this purpose."""
    about = _about(purpose).filter(number=number, kind=NumberKind.OPT_OUT).order_by("-at", "-recorded_at")
    return bool(about.values_list("holds", flat=True).first())


def standing(number: OuterRef, purpose: str) -> dict[str, Subquery]:
    """The same beside the rows of another query, whose number this is: a column for each kind, see `why_of`."""
    newest = _about(purpose).filter(number=number).order_by("-at", "-recorded_at")
    return {_column(kind): Subquery(newest.filter(kind=kind).values("holds")[:1]) for kind in NumberKind}


def why_of(row: Model) -> str:
    """Why no text may go to the number of a row that has the columns of `standing`, or ""."""
    return next((words for kind, words in WHY.items() if getattr(row, _column(kind))), "")


def said_of(number: str) -> QuerySet[NumberStatement]:
    """All that was said about a number, newest first."""
    return NumberStatement.objects.filter(number=number).select_related("by").order_by("-at", "-recorded_at")


def _about(purpose: str) -> QuerySet[NumberStatement]:
    return NumberStatement.objects.filter(scope__in=[EVERYTHING, purpose])


def _column(kind: NumberKind) -> str:
    return f"number_{kind.name.lower()}"
