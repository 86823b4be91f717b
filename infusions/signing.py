"""Signatures: a printed name, a time, a meaning, and a hash that binds them to the exact content of one record.

Each module that signs registers its model here with the function that says what its signature covers; see `signs()`.
`manage.py verify_signatures` computes every hash again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from config.audit.models import STAMPS
from config.refusals import Invalid
from config.staff.models import User
from config.staff.passwords import confirmed
from infusions.clinical import entry_models

ContentOf = Callable[[Any], Mapping[str, Any]]

# Every model that carries a signature, and what its signature covers.
SIGNED: list[tuple[type[Model], ContentOf]] = []
# What a signature of an earlier release covered. It stays good for what was signed then, and for nothing later.
COVERED_BEFORE: dict[type[Model], ContentOf] = {}
# Stamped by the database or by the signature itself, so not part of what is signed.
NOT_CONTENT = {"id", "version", "content_hash", *STAMPS}


def check_password(*, by: User, password: str) -> None:
    """Refuse (Invalid, at the field `password`) unless it is this person's own; SlowDown after too many wrong ones."""
    if not confirmed(person=by, password=password, by=by):
        raise Invalid("That is not your password, so nothing was signed.", field="password", code="wrong-password")


def signature(by: User) -> str:
    """The name and licence as they are printed under what this person signs."""
    return by.signature_name


def content_of(record: Model) -> dict[str, Any]:
    """All that the record's own row says, its signature's name, time and meaning included. What was not written is
    left out, so that a column of a later release does not change what was signed before it.
    """
    fields = (field for field in record._meta.concrete_fields if field.name not in NOT_CONTENT)
    values = {field.attname: getattr(record, field.attname) for field in fields}
    return {name: value for name, value in values.items() if value not in (None, "")}


def content_hash(record_id: UUID, content: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the content as canonical JSON, bound to the record: moved to another one it no longer fits."""
    bound = {"record": record_id, "content": content}
    text = json.dumps(bound, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_canonical)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def signs(model: type[Model], content: ContentOf = content_of, *, before: ContentOf | None = None) -> None:
    """Say, once and at import, that this model's rows are signed, what the signature covers, and what it covered
    `before` it came to cover more."""
    SIGNED.append((model, content))
    if before is not None:
        COVERED_BEFORE[model] = before


def put_signature(record: Any, *, by: User, meaning: str, now: datetime, content: ContentOf = content_of) -> None:
    """Fill the record's signature columns and its hash. Does not save; the password was checked before."""
    record.signed_name, record.signed_meaning = signature(by), meaning
    if hasattr(record, "signed_at"):
        record.signed_at = now
    record.content_hash = content_hash(record.pk, content(record))


def unregistered() -> list[type[Model]]:
    """Models that have a hash and that nobody verifies. There must be none."""
    verified = {model for model, _ in SIGNED}
    return [model for model in entry_models() if hasattr(model, "content_hash") and model not in verified]


def is_intact(record: Any) -> bool:
    """Whether a signed record still says exactly what was signed."""
    model, content = next(one for one in SIGNED if isinstance(record, one[0]))
    if content_hash(record.pk, content(record)) == record.content_hash:
        return True
    before = COVERED_BEFORE.get(model)
    return before is not None and bool(content_hash(record.pk, before(record)) == record.content_hash)


def broken() -> Iterator[Model]:
    """Every signed record whose content is no longer what was signed."""
    for model, _ in SIGNED:
        for record in model._default_manager.exclude(content_hash="").iterator():
            if not is_intact(record):
                yield record
