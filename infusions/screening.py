"""Screening: the clinic's own list of what to find out, and each patient's answers. The one writer of both.

Answers are kept as they were answered. Nothing counts them up, weighs them or concludes anything from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound, Stale
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.models import ScreeningAnswer, ScreeningItem
from patients.models import Patient

MOST_ITEMS = 60
LONGEST = 300


@dataclass(frozen=True)
class Answered:
    """What somebody found out about one item: whether that settles it, and the words, if any."""

    item: UUID
    done: bool
    words: str = ""


@dataclass(frozen=True)
class Line:
    """One item and its answers, newest first."""

    item: ScreeningItem
    answers: list[ScreeningAnswer]

    @property
    def state(self) -> str:
        """`untouched` as long as nobody answered; then `open` or `done`, as the newest answer says."""
        if not self.answers:
            return "untouched"
        return "done" if self.answers[0].done else "open"


def items(*, clinic: Clinic) -> list[ScreeningItem]:
    """What the clinic asks now, in its order."""
    return list(ScreeningItem.objects.filter(clinic=clinic, retired_at__isnull=True).order_by("position", "id"))


def mark_of(listed: Sequence[ScreeningItem]) -> str:
    """A name for the list as it stands, by which a stale form is told."""
    return sha256("\n".join(item.wording for item in listed).encode()).hexdigest()[:16]


def put_items(
    *, clinic: Clinic, wordings: Sequence[str], by: User, now: datetime, seen: str | None = None
) -> list[ScreeningItem]:
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
        listed = items(clinic=clinic)
        if seen is not None and seen != mark_of(listed):
            raise Stale(
                "Somebody else changed the list in the meantime. Both are here; keep what is right and save again.",
                current=mark_of(listed),
                theirs=[item.wording for item in listed],
            )
        _put(clinic, lines, now)
    return items(clinic=clinic)


def add_item(*, clinic: Clinic, wording: str, by: User, now: datetime) -> ScreeningItem:
    """One more line at the end of the list. Raises as `put_items`."""
    if not wording.strip():
        raise Invalid("Write what is to be found out.", field="wording")
    with recorded(by=by):
        Clinic.locked(clinic.pk)
        put_items(clinic=clinic, wordings=[*_wordings(clinic), wording], by=by, now=now)
    return items(clinic=clinic)[-1]


def retire_item(*, item_id: UUID, by: User, now: datetime) -> ScreeningItem:
    """Ask this no more. Raises NotFound for an item that is not on the list of the person's clinic."""
    with recorded(by=by):
        clinic = Clinic.locked(by.clinic_id)
        listed = items(clinic=clinic)
        if item_id not in {item.pk for item in listed}:
            raise NotFound("There is no such item on the list.")
        rest = [item.wording for item in listed if item.pk != item_id]
        put_items(clinic=clinic, wordings=rest, by=by, now=now)
    return ScreeningItem.objects.get(pk=item_id)


def record(
    *, patient: Patient, answers: Sequence[Answered], by: User, now: datetime, client_id: UUID | None = None
) -> list[ScreeningAnswer]:
    """Write what was found out, all of it or nothing. Earlier answers stay; two people who answer at once both count.

    Sent again with the same `client_id`, an item's first answer is given back. Raises NotAllowed, NotFound, Invalid
    when there is nothing to write, Clash on a record that was merged away.
    """
    require(by, Permission.CHART)
    if patient.clinic_id != by.clinic_id:
        raise NotFound("There is no such patient.")
    if not answers:
        raise Invalid("Nothing was answered yet. Say of an item whether it is done or still open.")
    with in_words(), recorded(by=by):
        found = Patient.locked(patient.pk)
        if found.merged_into_id:
            raise Clash("This record was merged into another one; write there.")
        asked = {item.pk: item for item in ScreeningItem.objects.filter(clinic=by.clinic_id)}
        return [_record(patient, asked, answered, by=by, now=now, client_id=client_id) for answered in answers]


def sheet(*, patient: Patient) -> list[Line]:
    """What the clinic asks now, and whatever was asked and answered before, in the clinic's order. Two queries."""
    answers: dict[UUID, list[ScreeningAnswer]] = {}
    told = ScreeningAnswer.objects.filter(patient=patient).select_related("author").order_by("-recorded_at", "-id")
    for answer in told:
        answers.setdefault(answer.item_id, []).append(answer)
    known = ScreeningItem.objects.filter(clinic=patient.clinic_id).order_by("position", "id")
    shown = [item for item in known if item.retired_at is None or item.pk in answers]
    shown.sort(key=lambda item: item.retired_at is not None)
    return [Line(item, answers.get(item.pk, [])) for item in shown]


def _wordings(clinic: Clinic) -> list[str]:
    return [item.wording for item in items(clinic=clinic)]


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


def _put(clinic: Clinic, lines: Sequence[str], now: datetime) -> None:
    known = {item.wording: item for item in ScreeningItem.objects.filter(clinic=clinic)}
    for position, wording in enumerate(lines):
        item = known.pop(wording, None) or ScreeningItem(clinic=clinic, wording=wording)
        if (item.position, item.retired_at) != (position, None) or item._state.adding:
            item.position, item.retired_at = position, None
            item.save()
    for item in known.values():
        if item.retired_at is None:
            item.retired_at = now
            item.save()


def _record(
    patient: Patient,
    asked: Mapping[UUID, ScreeningItem],
    answered: Answered,
    *,
    by: User,
    now: datetime,
    client_id: UUID | None,
) -> ScreeningAnswer:
    item = asked.get(answered.item)
    if item is None:
        raise Invalid("There is no such item.", field="item")
    if client_id is not None:
        sent = ScreeningAnswer.objects.filter(patient=patient, item=item, client_id=client_id).first()
        if sent is not None:
            return sent
    written = ScreeningAnswer(patient=patient, item=item, author=by, entered_at=now, client_id=client_id)
    written.done, written.answer = answered.done, answered.words if answered.words.strip() else None
    written.save(force_insert=True)
    return written
