"""The work list: what has to be done, by which role, and who did it. Every write of a task passes here.

Whoever finds that something needs a person raises a task about it; raising it again while it is open changes nothing.
Its words carry no clinical detail, as every role with patients reads the list of its role.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid, NotAllowed
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from patients.elsewhere import standing
from patients.models import Patient, Task, TaskKind
from patients.person import tidy

ONCE = "task_open_once_about_a_thing"


@dataclass(frozen=True)
class Wanted:
    """A task to raise. `about` is the record's id, `about_kind` the URL name of its page ("appointment", "order")."""

    patient: Patient | None
    kind: TaskKind
    words: str
    about: UUID | None = None
    about_kind: str = ""
    for_role: Role = Role.FRONT_DESK
    due_on: date | None = None


def raise_task(
    *,
    clinic: Clinic,
    patient: Patient | None,
    kind: TaskKind,
    words: str,
    about: UUID | None = None,
    about_kind: str = "",
    for_role: Role = Role.FRONT_DESK,
    due_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Task:
    """Ask a role to do something. An open task of this kind about the same thing is returned as it stands.

    Raises Invalid without words, for an unknown kind or role, or for another clinic's patient.
    """
    wanted = Wanted(patient, kind, words, about, about_kind, for_role, due_on)
    return raise_tasks(clinic=clinic, wanted=[wanted], by=by, now=now)[0]


def raise_tasks(*, clinic: Clinic, wanted: Iterable[Wanted], by: Actor, now: datetime) -> list[Task]:
    """Many at once, in the order asked for: three queries however many, unless somebody raises the same meanwhile."""
    made = [_made(clinic, one, by, now) for one in wanted]
    with recorded(by=by):
        try:
            with transaction.atomic():
                return _raised(clinic, made)
        except IntegrityError as error:
            if ONCE not in str(error):
                raise
            return _raised(clinic, made)  # whoever was quicker has committed: theirs is found now


def take(task_id: UUID, *, by: User, version: int | None = None) -> Task:
    """I do this one. Raises Clash when somebody else does, or when it is done."""
    with recorded(by=by):
        task = _still_open(_allowed(Task.locked(task_id, version=version), by))
        if task.owner_id == by.pk:
            return task
        if task.owner is not None:
            raise Clash(f"{task.owner.full_name} is on this already.", owner=task.owner.full_name)
        task.owner = by
        task.save()
    return task


def give_back(task_id: UUID, *, by: User) -> Task:
    """Give it back to everybody of its role, whoever has it."""
    with recorded(by=by):
        task = _still_open(_allowed(Task.locked(task_id), by))
        if task.owner_id is not None:
            task.owner = None
            task.save()
    return task


def finish(task_id: UUID, *, note: str = "", by: User, now: datetime, version: int | None = None) -> Task:
    """It is done, with what came of it. Raises Clash when somebody else finished it first.

    A task to end what stands after a death needs a word while something does: Invalid otherwise.
    """
    note = tidy(note)
    if len(note) > 300:
        raise Invalid("A note has at most 300 characters.", field="note")
    with recorded(by=by):
        task = _still_open(_allowed(Task.locked(task_id, version=version), by))
        if task.kind == TaskKind.DEATH and task.about and not note and standing(task.about, now):
            raise Invalid("Something still stands. End it first, or say why it stays.", field="note")
        task.done_at, task.done_by, task.done_note = now, by, note
        task.save()
    return task


def reopen(task_id: UUID, *, by: User, version: int | None = None) -> Task:
    """It was not done after all. Raises Clash when the same has been raised again since."""
    with recorded(by=by):
        task = _allowed(Task.locked(task_id, version=version), by)
        if task.is_open:
            return task
        task.done_at, task.done_by, task.done_note, task.withdrawn = None, None, "", False
        try:
            with transaction.atomic():
                task.save()
        except IntegrityError as error:
            if ONCE not in str(error):
                raise
            raise Clash("The same was raised again since; that one is open.") from error
    return task


def withdraw_about(*, kind: TaskKind, about: UUID, by: Actor, now: datetime) -> int:
    """Close what has resolved itself: the open tasks of this kind about that thing. Returns how many there were."""
    with recorded(by=by):
        found = list(Task.objects.open().filter(kind=kind, about=about).select_for_update(of=("self",)))
        for task in found:
            task.done_at, task.withdrawn = now, True
            task.done_by = by if isinstance(by, User) else None
            task.save()
    return len(found)


def move_tasks(*, patient: Patient, to: Patient, by: Actor) -> None:
    """The open tasks of a record that was merged belong to the one that stays."""
    with recorded(by=by):
        for task in Task.objects.open().filter(patient=patient).select_for_update(of=("self",)):
            task.patient = to
            task.save()


def may_act(task: Task, person: User) -> bool:
    """Whether somebody has the role that it is for, took it on, or runs the clinic."""
    fits = person.role in {task.for_role, Role.MANAGER} or task.owner_id == person.pk
    return fits and person.clinic_id == task.clinic_id


def _made(clinic: Clinic, wanted: Wanted, by: Actor, now: datetime) -> Task:
    words = tidy(wanted.words)
    if not words or len(words) > 200:
        raise Invalid("Say in one sentence, of at most 200 characters, what has to be done.", field="words")
    if wanted.kind not in set(TaskKind):
        raise Invalid("There is no such kind of task.", field="kind")
    if wanted.for_role not in set(Role):
        raise Invalid("There is no such role.", field="for_role")
    if wanted.patient is not None and wanted.patient.clinic_id != clinic.pk:
        raise Invalid("This patient is another clinic's.", field="patient")
    return Task(
        clinic=clinic,
        patient=wanted.patient,
        kind=wanted.kind,
        words=words,
        about=wanted.about,
        about_kind=wanted.about_kind,
        for_role=wanted.for_role,
        due_on=wanted.due_on,
        raised_at=now,
        raised_by=by if isinstance(by, User) else None,
    )


def _raised(clinic: Clinic, made: list[Task]) -> list[Task]:
    """Write those that are not open yet; the same thing asked for twice is one task."""
    ids = {task.about for task in made if task.about}
    found = {_what(task): task for task in Task.objects.open().filter(clinic=clinic, about__in=ids)} if ids else {}
    fresh: list[Task] = []
    for task in made:
        if task.about is None or _what(task) not in found:
            fresh.append(task)
            found[_what(task)] = task
    if fresh:
        # In one order for everybody: two people raising the same tasks wait for each other, never in a circle.
        bulk_create_with_history(sorted(fresh, key=lambda task: (str(task.about), task.kind)), Task)
    return [task if task.about is None else found[_what(task)] for task in made]


def _what(task: Task) -> tuple[str, UUID | None]:
    return str(task.kind), task.about


def _allowed(task: Task, by: User) -> Task:
    if not may_act(task, by):
        raise NotAllowed(f"This is for the {Role(task.for_role).value.replace('-', ' ')}.")
    return task


def _still_open(task: Task) -> Task:
    if not task.is_open:
        whose = task.done_by.full_name if task.done_by else "the desk itself"
        raise Clash(f"This is done already, by {whose}.", done_by=whose)
    return task
