"""A clinic that asks its patients questions, for tests. Everything here passes the doors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from config.audit.acting import SystemJob
from config.staff.models import User
from infusions import follow_up, questionnaires, responses
from infusions.measures import Asked, Choice, Measure
from infusions.models import Questionnaire, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients.models import Patient

READ_THEM = "Read the new answers of this patient."
SCALE = (Choice("Never", 0), Choice("Sometimes", 1), Choice("Always", 2))
SLEEP = Measure(
    title="How you sleep",
    items=(Asked("I sleep through the night", SCALE), Asked("I wake up rested", SCALE)),
    instruction="Think of the last week.",
)


def path(manager: User, *, role: str = "prescriber", due: str = "same-day", words: str = READ_THEM) -> Any:
    return follow_up.set_path(role=role, due=due, words=words, by=manager)


def on(kind: Kind, manager: User, now: datetime) -> Questionnaire:
    """The shipped measure, in use."""
    found = questionnaires.switch_on(kind=kind, by=manager, now=now)
    return questionnaires.whole(questionnaire_id=found.pk, clinic=manager.clinic)


def own(manager: User, now: datetime, measure: Measure = SLEEP) -> Questionnaire:
    return questionnaires.publish(measure=measure, by=manager, now=now)


def chosen(asked: Questionnaire, values: Sequence[int | None]) -> dict[UUID, UUID | None]:
    """The options with these numbers, item by item from the first; None: not answered."""
    found: dict[UUID, UUID | None] = {}
    for item, value in zip(asked.items.all(), values, strict=False):
        offered = {option.value: option.pk for option in item.options.all()}
        found[item.pk] = None if value is None else offered[value]
    return found


def answered(
    patient: Patient, asked: Questionnaire, values: Sequence[int | None], by: User, now: datetime, **more: Any
) -> QuestionnaireResponse:
    """Entered by somebody of the staff."""
    return responses.record(
        patient=patient, questionnaire_id=asked.pk, answers=chosen(asked, values), by=by, now=now, **more
    )


def by_link(
    patient: Patient, asked: Questionnaire, values: Sequence[int | None], now: datetime, **more: Any
) -> QuestionnaireResponse:
    return responses.receive(
        patient=patient,
        questionnaire_id=asked.pk,
        answers=chosen(asked, values),
        by=SystemJob.PATIENT_LINK,
        now=now,
        **more,
    )


def told(response: QuestionnaireResponse) -> list[int | None]:
    """The numbers as they are stored, item by item."""
    rows = response.answers.select_related("option").order_by("item__position")
    return [row.option.value if row.option else None for row in rows]


def sent(asked: Questionnaire, values: Sequence[int | None]) -> Mapping[str, str]:
    """The same as a browser sends it."""
    return {f"item_{item}": "none" if option is None else str(option) for item, option in chosen(asked, values).items()}
