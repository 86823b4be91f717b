"""How a set of answers is written: the row, each item's answer, and the task that a positive item 9 makes.

`infusions.responses` is the door; it says who may.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from config.audit.acting import Actor
from config.refusals import Clash, Invalid
from config.staff.permissions import Role
from infusions.follow_up import due_on, path_of
from infusions.models import AnswerOption, QuestionnaireAnswer, QuestionnaireItem, QuestionnaireResponse
from infusions.models.questionnaires import ITEM_NINE, Kind
from patients.models import Task, TaskKind
from patients.tasks import raise_task

# The chosen option of each item, by id; None where the patient gave no answer.
Chosen = Mapping[UUID, UUID | None]
PAGE = "questionnaire-response"


def write(row: QuestionnaireResponse, answers: Chosen, *, by: Actor, now: datetime) -> QuestionnaireResponse:
    """The row, an answer for every item of it, and the task that a positive item 9 makes: all of it or nothing."""
    items = list(row.questionnaire.items.prefetch_related("options"))
    chosen = _chosen(items, answers)
    row.save(force_insert=True)
    QuestionnaireAnswer.objects.bulk_create(
        QuestionnaireAnswer(response=row, item=item, option=chosen[item.pk]) for item in items
    )
    nine = next((item for item in items if item.position == ITEM_NINE), None)
    if row.questionnaire.kind == Kind.PHQ_9 and nine is not None:
        answer = chosen[nine.pk]
        if answer is not None and answer.value > 0:
            _ask_to_read(row, by=by, now=now)
    return row


def _chosen(items: list[QuestionnaireItem], answers: Chosen) -> dict[UUID, AnswerOption | None]:
    """Each item's option, None where there is no answer. Raises Invalid for an item or option that was not offered."""
    if set(answers) - {item.pk for item in items}:
        raise Invalid("There is no such item in this questionnaire.", field="answers")
    found: dict[UUID, AnswerOption | None] = {}
    for item in items:
        offered = {option.pk: option for option in item.options.all()}
        wanted = answers.get(item.pk)
        if wanted is not None and wanted not in offered:
            raise Invalid(f"Item {item.position}: there is no such answer to choose.", field="answers")
        found[item.pk] = None if wanted is None else offered[wanted]
    if not any(found.values()):
        raise Invalid("Nothing was answered yet.", field="answers")
    return found


def _ask_to_read(row: QuestionnaireResponse, *, by: Actor, now: datetime) -> None:
    """Somebody reads this by the clinic's path. An open task about these answers stands; nobody ends it meanwhile."""
    path = path_of(row.patient.clinic_id)
    if path is None:
        raise Clash("The clinic has not said who reads this. A manager sets the path.", code="path-first")
    clinic = row.patient.clinic
    wanted: dict[str, Any] = {
        "clinic": clinic,
        "patient": row.patient,
        "kind": TaskKind.ANSWERS_TO_READ,
        "words": path.words,
        "about": row.identifier,
        "about_kind": PAGE,
        "for_role": Role(path.role),
        "due_on": due_on(path, today=clinic.today(now)),
        "by": by,
        "now": now,
    }
    # Whoever finishes the open one at this moment waits, or has finished it: then it is asked for again.
    if not Task.locked(raise_task(**wanted).pk).is_open:
        raise_task(**wanted)
