"""What a row or a description can say at all, told by field before the database is asked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from infusions.clear_writing import unclear
from infusions.models import SubstanceLogEntry
from infusions.models.entries import CLOCK_SKEW, OUR_TIMES
from infusions.models.substances import NEEDS, OF_STOCK, SAYS, LogKind

Errors = dict[str, list[str]]
ASKED = {
    "substance": "Choose what it is.",
    "quantity": "Write the quantity.",
    "quantity_unit": "Write the unit as well.",
    "visit": "Choose the visit in which it was given.",
    "supplier": "Write who supplied it.",
    "reason": "Write why.",
    "recipient": "Write to whom it went.",
    "count_moment": "Say when in the day it was counted.",
    "witness": "Waste needs a witness, who is somebody else.",
}
NOT_OF_KIND = "A row of this kind does not say this."


def problems_of(entry: SubstanceLogEntry) -> Errors:
    """What has to be typed again in a row, by field; empty when it can stand."""
    if entry.entered_in_error:
        needed: tuple[str, ...] = ("witness",) if entry.kind == LogKind.WASTED else ()
        return _missing(entry, needed) | _not_of(entry, {"witness"} if needed else set())
    needed = ("substance", "quantity", "quantity_unit", *NEEDS[LogKind(entry.kind)])
    wrong = unclear_in(entry, ("quantity", "quantity_unit")) | longer_than_fits(entry) | _time(entry)
    return _missing(entry, needed) | _not_of(entry, {*OF_STOCK, *SAYS[LogKind(entry.kind)]}) | wrong


def unclear_in(record: models.Model, names: Iterable[str], *, prose: bool = False) -> Errors:
    """Which of these texts are easily misread, with the words that ask to type them again."""
    texts = {name: getattr(record, name) for name in names}
    found = {name: unclear(text, prose=prose) for name, text in texts.items() if text is not None}
    return {name: [words] for name, words in found.items() if words}


def longer_than_fits(record: models.Model) -> Errors:
    """Texts that are too long for their columns, and choices that there are not."""
    own = [field for field in record._meta.concrete_fields if not field.is_relation]
    blank = {field.name for field in own if getattr(record, field.attname) in (None, "")}
    related = {field.name for field in record._meta.concrete_fields if field.is_relation}
    try:
        record.clean_fields(exclude=blank | related)
    except ValidationError as error:
        return {name: list(words) for name, words in error.message_dict.items()}
    return {}


def _missing(entry: SubstanceLogEntry, names: Iterable[str]) -> Errors:
    return {name: [ASKED[name]] for name in names if _said(entry, name) is None}


def _not_of(entry: SubstanceLogEntry, own: set[str]) -> Errors:
    others = {*OF_STOCK, *(name for names in SAYS.values() for name in names)} - own
    return {name: [NOT_OF_KIND] for name in sorted(others) if _said(entry, name) is not None}


def _said(entry: SubstanceLogEntry, name: str) -> Any:
    """What the column holds, so that no related record is read for it."""
    related = {"substance", "visit", "witness"}
    return getattr(entry, f"{name}_id" if name in related else name)


def _time(entry: SubstanceLogEntry) -> Errors:
    seen: datetime = entry.observed_at
    if not OUR_TIMES[0] <= seen < OUR_TIMES[1]:
        return {"observed_at": ["This time is years away. Type it again."]}
    return {"observed_at": ["This time has not come yet."]} if seen > entry.entered_at + CLOCK_SKEW else {}
