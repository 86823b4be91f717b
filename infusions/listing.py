"""A list that a clinic keeps in its own words: screening, discharge. The one writer of their lines, whichever list."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Invalid, NotFound, Stale
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.models.screening import ClinicLine

Line = TypeVar("Line", bound=ClinicLine)
MOST_ITEMS = 60
LONGEST = 300


def items(model: type[Line], *, clinic: Clinic) -> list[Line]:
    """What the list says now, in the clinic's order."""
    in_use = model._default_manager.filter(clinic=clinic, retired_at__isnull=True)
    return list(in_use.order_by("position", "id"))


def mark_of(listed: Sequence[ClinicLine]) -> str:
    """A name for the list as it stands, by which a stale form is told."""
    return sha256("\n".join(item.wording for item in listed).encode()).hexdigest()[:16]


def put_items(
    model: type[Line], *, clinic: Clinic, wordings: Sequence[str], by: User, now: datetime, seen: str | None = None
) -> list[Line]:
    """Let the clinic's list be these lines, in this order. A line that is gone is retired and keeps its answers.

    `seen` is the `mark_of` the list that the manager had before them. Raises NotAllowed, Invalid (field `items`), and
    Stale, with `theirs`, when somebody changed the list in between.
    """
    require(by, Permission.MANAGE_CLINIC)
    lines = _lines(wordings)
    if clinic.pk != by.clinic_id:
        raise NotFound("There is no such clinic.")
    with in_words(), recorded(by=by):
        Clinic.locked(clinic.pk)
        listed = items(model, clinic=clinic)
        if seen is not None and seen != mark_of(listed):
            raise Stale(
                "Somebody else changed the list in the meantime. Both are here; keep what is right and save again.",
                current=mark_of(listed),
                theirs=[item.wording for item in listed],
            )
        _put(model, clinic, lines, now)
    return items(model, clinic=clinic)


def add_item(model: type[Line], *, clinic: Clinic, wording: str, by: User, now: datetime) -> Line:
    """One more line at the end of the list. Raises as `put_items`."""
    if not wording.strip():
        raise Invalid("Write what is to be found out.", field="wording")
    with recorded(by=by):
        Clinic.locked(clinic.pk)
        wordings = [item.wording for item in items(model, clinic=clinic)]
        return put_items(model, clinic=clinic, wordings=[*wordings, wording], by=by, now=now)[-1]


def retire_item(model: type[Line], *, item_id: UUID, by: User, now: datetime, version: int | None = None) -> Line:
    """Ask this no more. Raises NotFound for an item that is not on the list of the person's clinic, or Stale."""
    with recorded(by=by):
        clinic = Clinic.locked(by.clinic_id)
        listed = items(model, clinic=clinic)
        retired = next((item for item in listed if item.pk == item_id), None)
        if retired is None:
            raise NotFound("There is no such item on the list.")
        retired.as_read(version)
        rest = [item.wording for item in listed if item.pk != item_id]
        put_items(model, clinic=clinic, wordings=rest, by=by, now=now)
    return model._default_manager.get(pk=item_id)


def _lines(wordings: Sequence[str]) -> list[str]:
    lines = [" ".join(line.split()) for line in wordings]
    lines = [line for line in lines if line]
    if len(lines) > MOST_ITEMS:
        raise Invalid(f"At most {MOST_ITEMS} items.", field="items")
    if any(len(line) > LONGEST for line in lines):
        raise Invalid(f"At most {LONGEST} characters an item.", field="items")
    seen: set[str] = set()
    for line in lines:
        if line.casefold() in seen:
            raise Invalid(f"This is on the list twice: {line}", field="items")
        seen.add(line.casefold())
    return lines


def _put(model: type[Line], clinic: Clinic, lines: Sequence[str], now: datetime) -> None:
    known = {item.wording: item for item in model._default_manager.filter(clinic=clinic)}
    for position, wording in enumerate(lines):
        item = known.pop(wording, None) or model(clinic=clinic, wording=wording)
        if (item.position, item.retired_at) != (position, None) or item._state.adding:
            item.position, item.retired_at = position, None
            item.save()
    for item in known.values():
        if item.retired_at is None:
            item.retired_at = now
            item.save()
