"""The note that closes a visit: a draft of its author's, signed once, then only added to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, Stale
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions import signing
from infusions.charting import as_typed, check_open, is_signed, locked_visit, note_of
from infusions.models import Addendum, QuestionnaireResponse, Visit, VisitNote
from infusions.models.flowsheet import FLOWSHEET, AdverseEvent
from scheduling.models.kinds import VisitKind
from scheduling.states import ENDED

TEXTS = ("response", "complications", "plan", "text")
AUTHOR = "author of the visit record"
ADDED = "author of the addendum"
CAME_LATER = frozenset({"remarks"})


def write_note(
    *, visit_id: UUID, by: User, now: datetime, version: int | None = None, **texts: str | None
) -> VisitNote:
    """Begin the visit's note, or change it while it is the author's own draft. Texts not named stay as they are.

    `version` is the one that the writer read, None when there was no note yet. Raises Stale with `theirs`, the texts as
    they stand, when it was saved in between; Clash when it is signed or another clinician's.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by):
        visit = locked_visit(visit_id, by=by)
        check_open(visit)
        note = note_of(visit)
        if note is None:
            note = VisitNote(visit=visit, author=by, entered_at=now)
        else:
            overtaken = (version or 0) == note.version - 1 and _loses_nothing(note, texts)
            _check_own_draft(note, by=by, version=note.version if overtaken else version)
        for name, text in as_typed(texts).items():
            setattr(note, name, text)
        note.save()
    return note


def sign_note(
    *, visit_id: UUID, by: User, now: datetime, password: str, version: int | None, reviewed: str = ""
) -> VisitNote:
    """Sign the note, and with it the whole record of the visit: nothing is added to it but addenda.

    `reviewed`, when given, is the fingerprint (`record_fingerprint`) of what the signer was shown.
    Raises Invalid (password; nothing written), Clash (not the author's, visit under way, an event without outcome),
    Stale when the note or the record changed since it was read.
    """
    require(by, Permission.CHART)
    signing.check_password(by=by, password=password)
    with in_words(), recorded(by=by):
        visit = locked_visit(visit_id, by=by)
        note = note_of(visit)
        if note is None:
            raise Clash("There is no note yet. Write it first.", code="no-note")
        check_open(visit)
        _check_own_draft(note, by=by, version=version)
        _check_complete(visit, note)
        if reviewed and reviewed != record_fingerprint(note):
            raise Stale("Something was charted since you read this. Read it again and sign.", current=note.version)
        signing.put_signature(note, by=by, meaning=AUTHOR, now=now, content=note_content)
        note.save()
    return note


def add_addendum(*, visit_id: UUID, by: User, now: datetime, password: str, text: str, reason: str) -> Addendum:
    """Add below a signed note, under one's own signature. Raises Clash before the note is signed."""
    require(by, Permission.CHART)
    signing.check_password(by=by, password=password)
    with in_words(), recorded(by=by, reason=reason):
        visit = locked_visit(visit_id, by=by)
        if not is_signed(visit):
            raise Clash("The note is not signed yet. Its author changes the note itself.", code="not-signed")
        for name, value in (("text", text), ("reason", reason)):
            if not value.strip():
                raise Invalid("Write this too.", field=name)
        added = Addendum(visit=visit, author=by, entered_at=now, text=text, reason=reason)
        signing.put_signature(added, by=by, meaning=ADDED, now=now, content=addendum_content)
        added.save(force_insert=True)
    return added


def note_content(note: VisitNote) -> Mapping[str, Any]:
    """What the note's signature covers: the note and all of the record that it closes."""
    return signing.content_of(note) | _record(note) | {"appointment": _booked(note.visit)}


def note_content_before(note: VisitNote) -> Mapping[str, Any]:
    """What it covered before the visit's time and state in the book were part of it."""
    return signing.content_of(note) | _record(note)


def _booked(visit: Visit) -> dict[str, Any]:
    """What the record says of its visit that stands in the book: when it was and how it ended."""
    booked = visit.appointment
    return {"start": booked.start, "arrived_at": booked.arrived_at, "kind": booked.kind, "status": booked.status}


def _record(note: VisitNote) -> dict[str, Any]:
    """The visit, every row of its flowsheet, what the patient answered in it, how it ended without a discharge, who
    took its note over, and the newer orders under which it went on."""
    covered = {"of": signing.content_of(note.visit), "rows": _rows(note)}
    taken = {str(one.pk): signing.content_of(one) for one in note.visit.handovers.all()}
    endings = {str(one.pk): signing.content_of(one) for one in note.visit.endings.all()}
    newer = {str(one.pk): signing.content_of(one) for one in note.visit.newer_orders.all()}
    # Left out where there is none, as it was in what was signed before there could be any.
    more = {"handovers": taken, "endings": endings, "newer_orders": newer, "answers": _answers(note)}
    return covered | {name: found for name, found in more.items() if found}


def addendum_content(added: Addendum) -> Mapping[str, Any]:
    """What an addendum's signature covers."""
    return signing.content_of(added)


def record_fingerprint(note: VisitNote) -> str:
    """A hash of the record as it would be signed now, to know later whether it is still the same."""
    texts = {name: getattr(note, name) for name in TEXTS}
    return signing.content_hash(note.pk, {"texts": texts, "appointment": _booked(note.visit), **_record(note)})


def _rows(note: VisitNote) -> dict[str, dict[str, Any]]:
    found = {
        kind: {str(row.pk): signing.content_of(row) for row in model._default_manager.filter(visit=note.visit_id)}
        for kind, model in FLOWSHEET.items()
    }
    # A kind of row that came later is left out where there is none, as it was in what was signed before.
    return {kind: rows for kind, rows in found.items() if rows or kind not in CAME_LATER}


def _answers(note: VisitNote) -> dict[str, dict[str, Any]]:
    """The sets of answers in the visit's record, each item in the words in which it was asked and answered."""
    rows = QuestionnaireResponse.objects.filter(visit=note.visit_id).with_answers()
    return {str(row.pk): signing.content_of(row) | {"told": _told(row)} for row in rows}


def _told(row: QuestionnaireResponse) -> list[list[Any]]:
    chosen = [(answer.item.wording, answer.option) for answer in row.answers.all()]
    return [[wording, option and option.label, option and option.value] for wording, option in chosen]


def _check_own_draft(note: VisitNote, *, by: User, version: int | None) -> None:
    if note.author_id != by.pk:
        raise Clash(f"This note is {note.author.full_name}'s, and only they change it.", code="not-your-draft")
    if version != note.version:
        raise Stale(
            "This note was saved elsewhere in the meantime. Both texts are here; keep what is right and save again.",
            current=note.version,
            theirs={name: getattr(note, name) for name in TEXTS},
        )


def _loses_nothing(note: VisitNote, texts: Mapping[str, str | None]) -> bool:
    """Whether what stands is the beginning of what is written now, so that saving it cannot lose a word.

    That is how an author's own save arrives when it overtakes the answer to an autosave, one version behind. Further
    behind, what was taken out in between would come back.
    """
    return all((text or "").startswith(getattr(note, name) or "") for name, text in texts.items())


def _check_complete(visit: Visit, note: VisitNote) -> None:
    if not any(getattr(note, name) for name in TEXTS):
        raise Invalid("There is nothing to sign yet. Write the note first.", field="text")
    if visit.appointment.status not in ENDED:
        consult = visit.appointment.kind == VisitKind.CONSULT
        words = "Finish the consult first." if consult else "The patient is still here. Chart the discharge first."
        raise Clash(f"{words} After the signature nothing can be charted.", code="visit-under-way")
    if open_events(visit):
        raise Clash("An adverse event has no outcome yet. Write it first.", code="open-adverse-event")


def open_events(visit: Visit) -> set[UUID]:
    """The adverse events of the visit of which no row gives the outcome."""
    rows = AdverseEvent.objects.standing().filter(visit=visit).values_list("event", "outcome")
    return {event for event, _ in rows} - {event for event, outcome in rows if outcome is not None}


signing.signs(VisitNote, note_content, before=note_content_before)
signing.signs(Addendum, addendum_content)
