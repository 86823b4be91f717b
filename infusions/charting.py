"""The one door through which a row gets onto the flowsheet. `infusions.records` is the name to call it by."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.audit.models import STAMPS
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import Permission, require
from infusions.allergy_reviews import follow_review
from infusions.models import Administration, Visit, VisitNote
from infusions.models.entries import FlowsheetEntry
from infusions.models.flowsheet import AdverseEvent
from infusions.plausible import Doubt, check_believable, check_possible, doubt_about, said
from infusions.steps import check_step, follow_step
from scheduling.states import PRESENT, Status

E = TypeVar("E", bound=FlowsheetEntry)
# What a row gets when it is stored, so that a second sending cannot be held to it.
NOT_SENT = {"id", "entered_at", "confirmed_unusual", "supersedes", *STAMPS}
NAMED_BY_THE_DOOR: dict[type[FlowsheetEntry], set[str]] = {AdverseEvent: {"event"}, Administration: {"kind"}}
# Of what comes with a row's values, that which the values of the row are not.
ABOUT_THE_ROW = {"client_id", "supersedes", "correction_reason", "entered_in_error", "witness_password"}
CHARTABLE = PRESENT - {Status.ARRIVED} | {Status.COMPLETED, Status.STOPPED_EARLY, Status.NOT_TREATED}


def chart(
    *,
    visit_id: UUID,
    model: type[E],
    by: User,
    now: datetime,
    observed_at: datetime | None = None,
    client_id: UUID | None = None,
    supersedes: UUID | None = None,
    correction_reason: str = "",
    entered_in_error: bool = False,
    read_again: str = "",
    **values: Any,
) -> E:
    """Write one row of `model`, a subclass of `FlowsheetEntry`, exactly as typed; texts left blank are NULL.

    `observed_at` is when it was seen or done, else `now`. The same `client_id` again gives the first row back, and is
    refused (Clash, code "sent-otherwise") where that row says something else or is somebody else's.
    `supersedes` names the row that this one corrects, `entered_in_error` strikes it without another in its place; both
    need a `correction_reason`. What can hardly be is refused (Invalid, code "read-again") unless `read_again` is the
    `asked` of that refusal, which stands for exactly the values that were asked about.

    Raises NotAllowed, NotFound, Invalid with errors by field, Clash when the visit is signed or the step does not fit.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by, reason=correction_reason):
        visit = locked_visit(visit_id, by=by)
        about = {
            "client_id": client_id,
            "correction_reason": correction_reason.strip(),
            "entered_in_error": entered_in_error,
        }
        entry = model(
            visit=visit, author=by, entered_at=now, observed_at=observed_at or now, **about, **as_typed(values)
        )
        sent = _sent_before(entry, supersedes, dated=observed_at is not None)
        if sent is not None:
            return sent
        check_open(visit)
        _correct(entry, supersedes)
        _check(entry, visit, read_again=read_again)
        entry.save(force_insert=True)
        follow_step(entry, visit, by=by, now=now)
        follow_review(entry, visit, by=by, now=now)
    return entry


def locked_visit(visit_id: UUID, *, by: User) -> Visit:
    """The visit with its appointment, order and note, locked until the transaction ends. Raises NotFound."""
    mine = Visit.objects.filter(pk=visit_id, clinic=by.clinic_id)
    if not mine.select_for_update().values_list("pk"):
        raise NotFound("There is no such visit.")
    # Read only now: a join in the locking query would show the note as it was before the wait for the lock.
    return mine.select_related("appointment", "clinic", "order__standing", "note__author").get()


def note_of(visit: Visit) -> VisitNote | None:
    """The visit's note, if somebody began one. No query when the visit was read with it."""
    return getattr(visit, "note", None)


def is_signed(visit: Visit) -> bool:
    note = note_of(visit)
    return note is not None and note.is_signed


def check_open(visit: Visit) -> None:
    """Raise Clash when nothing can be charted any more, or the patient is not here."""
    if is_signed(visit):
        raise Clash("This visit is signed. Nothing can be added to it but an addendum.", code="signed")
    if visit.appointment.status not in CHARTABLE:
        raise Clash("The patient is not checked in, so there is nothing to chart.", code="not-here")


def as_typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to the letter, except that a text of nothing but blanks is not written."""
    return {name: None if isinstance(value, str) and not value.strip() else value for name, value in values.items()}


def _sent_before(entry: E, supersedes: UUID | None, *, dated: bool) -> E | None:
    """The row that was stored when this one was sent before. Raises Clash when it is not the same."""
    if entry.client_id is None:
        return None
    rows = type(entry)._default_manager.filter(visit=entry.visit, client_id=entry.client_id)
    sent: Any = rows.first()
    if sent is None:
        return None
    left_out = NOT_SENT | (set() if dated else {"observed_at"}) | NAMED_BY_THE_DOOR.get(type(entry), set())
    same = all(
        getattr(entry, field.attname) == getattr(sent, field.attname)
        for field in entry._meta.concrete_fields
        if field.name not in left_out
    )
    if not same or sent.supersedes_id != supersedes:
        words = "This form was stored already, with other values or by somebody else. Look at the flowsheet; what is"
        raise Clash(f"{words} missing there is charted in a new form.", code="sent-otherwise", stored=str(sent.pk))
    return cast("E", sent)


def _correct(entry: FlowsheetEntry, supersedes: UUID | None) -> None:
    """Tie a correction to the row that it corrects, in the same visit, once, with a reason."""
    if supersedes is None:
        if entry.entered_in_error or entry.correction_reason:
            raise Invalid("Say which row this corrects.", field="supersedes")
        _name_event(entry, None)
        return
    rows: models.QuerySet[Any] = type(entry)._default_manager.filter(visit=entry.visit)
    corrected = rows.filter(pk=supersedes).first()
    if corrected is None:
        raise Invalid("There is no such row in this visit.", field="supersedes")
    if rows.filter(supersedes=corrected).exists():
        raise Clash("Somebody corrected this row already. Look at the newest one.", code="corrected-already")
    if not entry.correction_reason:
        raise Invalid("Say why this is corrected.", field="correction_reason")
    entry.supersedes = corrected
    _keep_kind(entry, corrected)
    _name_event(entry, corrected)


def _keep_kind(entry: Any, corrected: Any) -> None:
    """A correction is of the same kind of step as what it corrects."""
    kind = getattr(corrected, "kind", None)
    if kind is None:
        return
    if entry.kind is None or entry.entered_in_error:
        entry.kind = kind
    if entry.kind != kind:
        raise Invalid(
            "A step is corrected by the same kind of step; strike this one and chart the other.", field="kind"
        )


def _name_event(entry: FlowsheetEntry, corrected: Any) -> None:
    """Each row of an adverse event says which event it belongs to; the first one names it."""
    if not isinstance(entry, AdverseEvent):
        return
    named = corrected.event if corrected is not None else entry.event
    if named is None:
        entry.event = entry.pk
        return
    if not AdverseEvent.objects.filter(visit=entry.visit, event=named).exists():
        raise Invalid("There is no such event in this visit.", field="event")
    entry.event = named


def _check(entry: FlowsheetEntry, visit: Visit, *, read_again: str) -> None:
    if entry.entered_in_error:
        _check_says_nothing(entry)
        check_step(entry, visit)
        return
    doubt = what_is_wrong(entry, visit, read_again=read_again)
    check_step(entry, visit)
    check_believable(doubt)
    entry.confirmed_unusual = doubt.is_there


def look(
    *, visit: Visit, model: type[FlowsheetEntry], by: User, now: datetime, read_again: str = "", **values: Any
) -> None:
    """Raise Invalid for what of a row's values would have to be typed or read again. Nothing is written."""
    given = {name: value for name, value in as_typed(values).items() if name not in ABOUT_THE_ROW}
    seen = given.pop("observed_at", None) or now
    entry = model(visit=visit, author=by, entered_at=now, observed_at=seen, **given)
    check_believable(what_is_wrong(entry, visit, read_again=read_again))


def what_is_wrong(entry: FlowsheetEntry, visit: Visit, *, read_again: str = "") -> Doubt:
    """What of a row can hardly be. Raises Invalid, with everything at once that has to be typed or read again, where
    something cannot be at all."""
    columns = _columns(entry)
    sound = copy(entry)
    for name in columns:
        setattr(sound, name, None)
    doubt = doubt_about(sound, visit, read_again=read_again)
    check_possible(sound, doubt, columns)
    return doubt


def _columns(entry: FlowsheetEntry) -> dict[str, list[str]]:
    """Lengths, choices and ranges of the columns, as errors by field."""
    written = (field for field in entry._meta.concrete_fields if not field.is_relation)
    blank = {field.name for field in entry._meta.concrete_fields} - {
        field.name for field in written if getattr(entry, field.attname) not in (None, "")
    }
    try:
        entry.clean_fields(exclude=blank)
    except ValidationError as error:
        return error.message_dict
    return {}


def _check_says_nothing(entry: FlowsheetEntry) -> None:
    if said(entry) - {"kind", "event"}:
        raise Invalid("A row that is struck out says nothing itself. Correct it instead, or leave the values out.")
