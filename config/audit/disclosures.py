"""What left the house on paper or as a file: the one door through which it is written down.

Whoever prints or exports records calls `disclosed` in the transaction in which they are read, so that nothing goes out
of which there is no trace. It is a write: an address that does it takes a POST.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from config.audit.acting import Actor, recorded
from config.audit.models import Disclosure, DisclosureKind
from config.audit.strands import Strand

SAID = {DisclosureKind.PRINT: "printed", DisclosureKind.EXPORT: "exported"}


def disclosed(
    *,
    kind: DisclosureKind,
    what: str,
    by: Actor,
    record: UUID | None = None,
    period: tuple[date, date] | None = None,
) -> Disclosure:
    """Write down that `by` prints or exports `what` now; `record` is the id of what it is of, `period` its days, both
    included. Whether they may is for the caller to ask first.
    """
    first, last = period or (None, None)
    row = Disclosure(kind=kind, what=what, record=record, first=first, last=last)
    with recorded(by=by):
        row.save(force_insert=True)
    return row


def each_disclosed(*, kind: DisclosureKind, what: str, by: Actor, records: Iterable[UUID]) -> list[Disclosure]:
    """The same of several records that go out together, a row for each. One query."""
    rows = [Disclosure(kind=kind, what=what, record=record) for record in records]
    with recorded(by=by):
        return Disclosure.objects.bulk_create(rows)


def disclosures_of(record: UUID) -> QuerySet[Disclosure]:
    """What of this record went out, newest first."""
    return Disclosure.objects.filter(record=record).order_by("-recorded_at", "-id")


def went_out(*records: UUID) -> Strand:
    """For a history: what of these records was printed or exported, by whom and when."""
    return Strand(Disclosure, "record", records, says=_in_words)


def _in_words(row: Any) -> str:
    return f"{row.what}: {SAID[DisclosureKind(row.kind)]}"
