"""How patients fare: their own numbers over the visits, as charted or answered. Nothing is labelled or judged.

A set of answers is one number only where its published scoring is a plain sum, or where one thing is asked.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from infusions.models import (
    Administration,
    AnswerOption,
    Discharge,
    PreVisitCheck,
    QuestionnaireResponse,
    Visit,
    VitalsSet,
)
from infusions.models.flowsheet import AdministrationKind
from infusions.scoring import Reading, has_number, read
from patients.models import Patient, Task, TaskKind

MOST_ON_A_LINE = 200


@dataclass(frozen=True)
class Point:
    """One set of answers, as a number if it has one. `other_words`: the point before was asked in another edition."""

    response: QuestionnaireResponse
    reading: Reading
    other_words: bool


@dataclass
class Line:
    """The sets of answers to one measure, oldest first, on the scale of its answers; no scale, no line."""

    title: str
    low: int | None = None
    high: int | None = None
    points: list[Point] = field(default_factory=list)


def of_patient(patient: Patient) -> Any:
    """The sets of answers that count, newest first, with every answer. Two queries.

    What was answered on records that were merged into the patient's counts too.
    """
    found = QuestionnaireResponse.objects.filter(_of(patient)).standing().with_answers()
    return found.order_by("-authored_at", "-id")


def of_visit(visit: Visit) -> list[QuestionnaireResponse]:
    """The sets of answers that belong to the visit's record and count, oldest first. Two queries."""
    found = QuestionnaireResponse.objects.filter(visit=visit).standing().with_answers()
    return list(found.order_by("authored_at", "id"))


def chain(response: QuestionnaireResponse) -> list[QuestionnaireResponse]:
    """The set of answers as it was given and corrected, newest first, with every answer. Two queries."""
    rows = QuestionnaireResponse.objects.filter(identifier=response.identifier).with_answers()
    return sorted(rows, key=lambda row: (row.recorded_at, str(row.pk)), reverse=True)


def task_to_read(response: QuestionnaireResponse) -> Task | None:
    """The open task to read this set of answers, if there is one."""
    return Task.objects.open().filter(about=response.identifier, kind=TaskKind.ANSWERS_TO_READ).first()


def lines(*, patient: Patient) -> list[Line]:
    """What the patient answered over time, by measure, in the order of their titles. Three queries, or one for none."""
    newest = list(of_patient(patient)[:MOST_ON_A_LINE])
    found: dict[UUID, Line] = {}
    for response in reversed(newest):
        asked = response.questionnaire
        line = found.setdefault(asked.canonical, Line(asked.title))
        before = line.points[-1].response if line.points else None
        apart = before is not None and before.questionnaire_id != asked.pk
        line.title = asked.title
        line.points.append(Point(response, read(response), apart))
    _put_on_scale(found.values())
    return sorted(found.values(), key=lambda line: line.title)


def visits_of(patient: Patient) -> list[Visit]:
    """The patient's visits with their appointments, oldest first: what the lines stand beside. One query."""
    return list(Visit.objects.filter(_of(patient)).select_related("appointment").order_by("appointment__start"))


def _of(patient: Patient) -> models.Q:
    return models.Q(patient=patient) | models.Q(patient__merged_into=patient)


def _put_on_scale(found: Any) -> None:
    """The least and the most that the answers of each line can say."""
    asked = {point.response.questionnaire_id for line in found for point in line.points}
    scales = _scales(asked) if asked else {}
    for line in found:
        known = [
            scales[point.response.questionnaire_id]
            for point in line.points
            if has_number(point.response.questionnaire, point.reading.asked)
        ]
        if known:
            line.low, line.high = min(low for low, _ in known), max(high for _, high in known)


def _scales(questionnaires: set[UUID]) -> dict[UUID, tuple[int, int]]:
    options = AnswerOption.objects.filter(item__questionnaire__in=questionnaires).order_by()
    by_item = options.values("item__questionnaire", "item").annotate(
        least=models.Min("value"), most=models.Max("value")
    )
    found: dict[UUID, tuple[int, int]] = {}
    for row in by_item:
        low, high = found.get(row["item__questionnaire"], (0, 0))
        found[row["item__questionnaire"]] = (low + row["least"], high + row["most"])
    return found


def pain_course(*, patient: Patient) -> list[tuple[date, int | None, int | None]]:
    """(day of the visit at the clinic, pain before, pain after) of each visit with either, oldest first; 0 to 10.

    Before is the pre-visit check's, else the first vital signs' before the start. After is the discharge's, else the
    last vital signs' since the end of the infusion. None where nobody wrote it. What was charted on records that were
    merged into the patient's counts too. Five queries, however many visits.
    """
    theirs = Visit.objects.filter(_of(patient))
    visits = theirs.select_related("appointment", "clinic")
    of_patient = models.Q(visit__patient=patient) | models.Q(visit__patient__merged_into=patient)
    checks = _pain(PreVisitCheck.objects.standing().filter(of_patient))
    vitals = _pain(VitalsSet.objects.standing().filter(of_patient))
    leaving = _pain(Discharge.objects.standing().filter(of_patient))
    steps = _steps(of_patient)
    course = []
    for visit in visits.order_by("appointment__start"):
        start, end = (steps.get((visit.pk, kind)) for kind in (AdministrationKind.START, AdministrationKind.END))
        taken = vitals[visit.pk]
        before = checks[visit.pk][-1:] or [(at, pain) for at, pain in taken if start is None or at <= start][:1]
        after = leaving[visit.pk][-1:] or [(at, pain) for at, pain in taken if end is not None and at >= end][-1:]
        day = visit.appointment.start.astimezone(visit.clinic.tz).date()
        course.append((day, _only(before), _only(after)))
    return [point for point in course if point[1] is not None or point[2] is not None]


def _steps(of_patient: models.Q) -> dict[tuple[UUID, str], datetime]:
    """When the infusion of each visit began and ended."""
    both = Administration.objects.standing().filter(
        of_patient, kind__in=[AdministrationKind.START, AdministrationKind.END]
    )
    return {(visit, kind): at for visit, kind, at in both.values_list("visit", "kind", "observed_at")}


def _only(found: list[tuple[datetime, int]]) -> int | None:
    return found[0][1] if found else None


def _pain(rows: models.QuerySet[Any]) -> dict[UUID, list[tuple[datetime, int]]]:
    found: dict[UUID, list[tuple[datetime, int]]] = defaultdict(list)
    written = rows.filter(pain__isnull=False).order_by("observed_at", "entered_at")
    for visit, at, pain in written.values_list("visit", "observed_at", "pain"):
        found[visit].append((at, pain))
    return found
