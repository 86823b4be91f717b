"""Taking over a note whose author does not sign it, and the list of visits whose record is not signed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, Stale
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.charting import locked_visit, note_of
from infusions.models import NoteHandover, Visit, VisitNote
from scheduling.states import ENDED


def take_over_note(*, visit_id: UUID, by: User, now: datetime, reason: str, version: int | None = None) -> VisitNote:
    """Become the author of a colleague's unsigned note, for a reason; the record names both from then on.

    The text stays as it is, and who wrote which words stays in history. Taking over one's own note changes nothing.
    `version`, when given, is the one that was read. Raises NotAllowed, NotFound, Invalid (reason), Clash, Stale.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by, reason=reason.strip()):
        visit = locked_visit(visit_id, by=by)
        note = note_of(visit)
        if note is None:
            raise Clash("There is no note to take over. Write it yourself.", code="no-note")
        if note.is_signed:
            raise Clash("The note is signed. Add an addendum instead.", code="signed")
        if note.author_id == by.pk:
            return note
        _check(reason, note, version)
        NoteHandover(visit=visit, began_by=note.author, author=by, entered_at=now, reason=reason.strip()).save(
            force_insert=True
        )
        note.author = by
        note.save()
    return note


def unsigned(*, clinic: Clinic) -> QuerySet[Visit]:
    """Visits that are over, or of which somebody began the note, and that nobody has signed."""
    visits = Visit.objects.filter(clinic=clinic, note__signed_at__isnull=True)
    found = visits.filter(Q(appointment__status__in=ENDED) | Q(note__isnull=False))
    return found.select_related("patient", "appointment", "note__author")


def _check(reason: str, note: VisitNote, version: int | None) -> None:
    if not reason.strip():
        raise Invalid("Say why you take this note over.", field="reason")
    if len(reason.strip()) > 200:
        raise Invalid("At most 200 characters.", field="reason")
    if version is not None and version != note.version:
        raise Stale(
            f"{note.author.full_name} saved this note in the meantime. Read it again before you take it over.",
            current=note.version,
        )
