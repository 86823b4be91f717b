"""Questionnaires of the demo: what the clinic switched on and what some patients answered. All of it is invented."""

from datetime import datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from config.audit.acting import SystemJob
from config.demo.seed.courses import Course
from config.demo.seed.place import House
from config.staff.permissions import Role
from infusions import follow_up, questionnaires, responses
from infusions.models import Questionnaire, Visit
from infusions.models.questionnaires import Due, Kind
from scheduling.states import Status

IN_USE = (Kind.NRS, Kind.PHQ_9, Kind.GAD_7)
SINCE = timedelta(days=400)
THE_EVENING_BEFORE, THAT_MORNING = timedelta(hours=18), timedelta(hours=1)
WHO_ANSWER = 6
TASK = "Read the new answers of this patient and follow the clinic's procedure."


def switch_on(house: House, now: datetime) -> list[Questionnaire]:
    """The measures that the clinic uses; who reads a positive item 9 was said first."""
    follow_up.set_path(role=Role.PRESCRIBER, due=Due.SAME_DAY, words=TASK, by=house.manager)
    since = now - SINCE
    return [questionnaires.switch_on(kind=kind, by=house.manager, now=since) for kind in IN_USE]


def answers(house: House, asked: list[Questionnaire], courses: list[Course], now: datetime) -> None:
    """Some patients answer by their link before each visit; one answer of this morning waits to be read."""
    rng = Random(len(courses))  # noqa: S311  (invented answers, not secrets)
    under_way = [course for course in courses if course.visits[0].start < now - timedelta(days=6)]
    for number, course in enumerate(islice(under_way, WHO_ANSWER)):
        pain = rng.randrange(6, 9)
        for visit in course.visits:
            worried = number == 1 and visit.start > now - timedelta(days=1)
            at = visit.start - (THAT_MORNING if worried else THE_EVENING_BEFORE)
            if at < now:
                pain = max(pain - rng.randrange(0, 3), 1)
                for one in asked:
                    _by_link(course, one, _invented(one, pain, rng, worried=worried), visit.pk, at)
    _in_a_visit(house, asked[0], now)


def _invented(asked: Questionnaire, pain: int, rng: Random, *, worried: bool) -> list[int | None]:
    """Numbers for every item; now and then one is left out. Item 9 of PHQ-9 is zero but for one person, once."""
    if asked.kind == Kind.NRS:
        return [pain]
    count = asked.items.count()
    values: list[int | None] = [min(rng.randrange(0, 3), max(pain - 2, 0)) for _ in range(count)]
    if asked.kind == Kind.PHQ_9:
        values[8] = 1 if worried else 0
    if rng.random() < 0.1:
        values[rng.randrange(count - 2)] = None
    return values if any(values) else [1, *values[1:]]


def _chosen(asked: Questionnaire, values: list[int | None]) -> dict[UUID, UUID | None]:
    found: dict[UUID, UUID | None] = {}
    for item, value in zip(asked.items.all(), values, strict=True):
        offered = {option.value: option.pk for option in item.options.all()}
        found[item.pk] = None if value is None else offered[value]
    return found


def _by_link(
    course: Course, asked: Questionnaire, values: list[int | None], appointment_id: UUID, at: datetime
) -> None:
    responses.receive(
        patient=course.patient,
        questionnaire_id=asked.pk,
        answers=_chosen(asked, values),
        appointment_id=appointment_id,
        by=SystemJob.PATIENT_LINK,
        now=at,
    )


def _in_a_visit(house: House, pain: Questionnaire, now: datetime) -> None:
    """The nurse asks one patient in the chair."""
    visit = Visit.objects.filter(appointment__status=Status.IN_PROGRESS).order_by("opened_at").first()
    if visit is not None:
        responses.record(
            patient=visit.patient,
            questionnaire_id=pain.pk,
            answers=_chosen(pain, [4]),
            visit_id=visit.pk,
            by=house.nurses[0],
            now=now,
        )
