"""Screening: what the clinic finds out of each patient, and the answers. The one writer of answers.

Answers are kept as they were answered. Nothing counts them up, weighs them or concludes anything from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions import listing
from infusions.models import ScreeningAnswer, ScreeningItem
from patients.models import Patient


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
    return listing.items(ScreeningItem, clinic=clinic)


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
