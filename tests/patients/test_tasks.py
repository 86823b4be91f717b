"""The work list: raised once, taken by one, done by whoever may, closed when it resolves itself."""

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from config.audit.acting import SystemJob, recorded
from config.audit.reading import entries
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.permissions import Role
from patients import register, tasks
from patients.models import Task, TaskKind

pytestmark = pytest.mark.django_db
K = TaskKind


@pytest.fixture
def cleo(clinic, ana, now):
    return register.register(clinic=clinic, family_name="Demir", given_name="Cleo", by=ana, now=now)


@pytest.fixture
def ask(clinic, now):
    """`ask(by=..., ...)`: raise a task with whatever the test does not care about filled in."""

    def raised(*, by, **fields):
        wanted = {"patient": None, "kind": K.CALL_BACK, "words": "Call back about the visit."} | fields
        return tasks.raise_task(clinic=clinic, by=by, now=now, **wanted)

    return raised


def test_a_job_raises_a_task_for_the_desk(ask, cleo, now):
    task = ask(by=SystemJob.REMINDERS, patient=cleo, kind=K.MESSAGE_UNKNOWN, due_on=date(2026, 11, 24))
    task.refresh_from_db()
    assert (task.for_role, task.raised_by, task.raised_at, task.owner, task.is_open) == (
        Role.FRONT_DESK,
        None,
        now,
        None,
        True,
    )
    assert [entry.who for entry in entries(task)] == ["Reminders"]
    connection.check_constraints()


def test_the_same_is_not_raised_twice_while_it_is_open(ask, ana, mara, now):
    thing = uuid.uuid4()
    first = ask(by=ana, about=thing, about_kind="appointment")
    again = ask(by=mara, about=thing, about_kind="appointment", words="Other words.")
    other_kind = ask(by=ana, about=thing, kind=K.NEEDS_REPAIR)
    assert (again.pk, again.words) == (first.pk, "Call back about the visit.")
    assert other_kind.pk != first.pk
    tasks.finish(first.pk, note="", by=ana, now=now)
    assert ask(by=ana, about=thing).pk not in {first.pk, other_kind.pk}


def test_tasks_about_nothing_in_particular_stand_side_by_side(ask, ana):
    assert ask(by=ana).pk != ask(by=ana).pk


def test_many_are_raised_in_few_queries(clinic, ana, now, django_assert_max_num_queries):
    things = [uuid.uuid4() for _ in range(30)]
    wanted = [tasks.Wanted(None, K.VISIT_TOUCHED, "Call about a visit.", thing, "appointment") for thing in things]
    already = tasks.raise_tasks(clinic=clinic, wanted=wanted[:3], by=ana, now=now)
    with django_assert_max_num_queries(12):
        made = tasks.raise_tasks(clinic=clinic, wanted=[*wanted, wanted[4]], by=ana, now=now)
    assert [task.about for task in made] == [*things, things[4]]
    assert [task.pk for task in made[:3]] == [task.pk for task in already]
    assert made[-1].pk == made[4].pk
    assert Task.objects.count() == 30
    connection.check_constraints()


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"words": "  "}, "words"),
        ({"words": "w" * 201}, "words"),
        ({"kind": "sing"}, "kind"),
        ({"for_role": "cook"}, "for_role"),
    ],
)
def test_what_makes_no_task(ask, ana, fields, at):
    with pytest.raises(Invalid) as refused:
        ask(by=ana, **fields)
    assert list(refused.value.errors) == [at]


def test_a_task_is_never_about_another_clinics_patient(ask, other_clinic, zoe, ana, now):
    theirs = register.register(clinic=other_clinic, family_name="Ek", given_name="Ida", by=zoe, now=now)
    with pytest.raises(Invalid):
        ask(by=ana, patient=theirs)


def test_one_takes_it_and_the_other_is_told(ask, ana, vera):
    task = ask(by=ana)
    assert tasks.take(task.pk, by=ana).owner == ana
    assert tasks.take(task.pk, by=ana).version == 2, "taking what is mine already changes nothing"
    with pytest.raises(Clash, match="Ana Ortiz is on this already"):
        tasks.take(task.pk, by=vera)
    assert tasks.give_back(task.pk, by=vera).owner is None


def test_done_says_who_when_and_what_came_of_it(ask, ana, vera, now):
    task = ask(by=ana)
    done = tasks.finish(task.pk, note=" Left a  word on the machine. ", by=ana, now=now)
    assert (done.done_by, done.done_at, done.done_note) == (ana, now, "Left a word on the machine.")
    with pytest.raises(Clash, match="done already, by Ana Ortiz"):
        tasks.finish(task.pk, note="", by=vera, now=now)
    with pytest.raises(Clash):
        tasks.take(task.pk, by=vera)
    back = tasks.reopen(task.pk, by=ana)
    assert (back.is_open, back.done_by, back.done_note) == (True, None, "")
    connection.check_constraints()


def test_what_was_raised_again_meanwhile_is_not_opened_twice(ask, ana, now):
    thing = uuid.uuid4()
    task = ask(by=ana, about=thing)
    tasks.finish(task.pk, note="", by=ana, now=now)
    ask(by=ana, about=thing)
    with pytest.raises(Clash, match="raised again"):
        tasks.reopen(task.pk, by=ana)


@pytest.mark.parametrize("verb", ["take", "give_back", "finish", "reopen"])
def test_only_its_role_its_owner_and_the_manager_act_on_it(ask, ana, nils, mara, vera, zoe, now, verb):
    task = ask(by=ana, for_role=Role.PRESCRIBER)
    more = {"note": "", "now": now} if verb == "finish" else {}
    for other in (ana, nils, zoe):
        with pytest.raises(NotAllowed):
            getattr(tasks, verb)(task.pk, by=other, **more)
    getattr(tasks, verb)(task.pk, by=mara, **more)
    with pytest.raises(NotFound):
        getattr(tasks, verb)(uuid.uuid4(), by=vera, **more)


@pytest.mark.parametrize("job", [True, False])
def test_what_resolved_itself_is_closed_by_whoever_saw_it(ask, ana, now, job):
    thing, later = uuid.uuid4(), now + timedelta(hours=1)
    task = ask(by=ana, about=thing, kind=K.NEEDS_REPAIR)
    other = ask(by=ana, about=thing, kind=K.CALL_BACK)
    by = SystemJob.REMINDERS if job else ana
    assert tasks.withdraw_about(kind=K.NEEDS_REPAIR, about=thing, by=by, now=later) == 1
    assert tasks.withdraw_about(kind=K.NEEDS_REPAIR, about=thing, by=by, now=later) == 0
    task.refresh_from_db()
    other.refresh_from_db()
    assert (task.done_at, task.done_by, task.withdrawn) == (later, None if job else ana, True)
    assert other.is_open
    connection.check_constraints()


def test_who_sees_what(ask, ana, mara, vera, zoe):
    desk, theirs = ask(by=ana), ask(by=ana, for_role=Role.PRESCRIBER)
    assert list(Task.objects.concerning(ana)) == [desk]
    assert list(Task.objects.concerning(mara)) == [theirs]
    assert set(Task.objects.concerning(vera)) == {desk, theirs}
    assert not Task.objects.concerning(zoe)


def test_the_list_stands_by_the_day_it_is_due_else_raised(ask, ana):
    late = ask(by=ana, due_on=date(2026, 11, 30))
    soon = ask(by=ana, due_on=date(2026, 11, 20))
    undated = ask(by=ana)
    assert list(Task.objects.order_by("stands_on")) == [soon, undated, late]
    assert soon.is_late(date(2026, 11, 21))
    assert not soon.is_late(date(2026, 11, 20))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("done_at = now()", "task_done_by_somebody"),
        ("done_by_id = raised_by_id", "task_done_by_somebody"),
        ("withdrawn = true", "task_done_by_somebody"),
        ("kind = 'sing'", "task_kind_known"),
        ("for_role = 'cook'", "task_role_known"),
        ("words = ''", "task_says_what_to_do"),
    ],
)
def test_the_database_refuses_half_a_task(ask, ana, change, name):
    task = ask(by=ana)
    with pytest.raises(DatabaseError, match=name), recorded(by=ana), connection.cursor() as cursor:
        cursor.execute(f"UPDATE patients_task SET {change} WHERE id = %s", [task.pk])


def test_the_database_refuses_the_same_open_task_twice(ask, ana):
    task = ask(by=ana, about=uuid.uuid4())
    task.pk, task._state.adding = uuid.uuid4(), True
    with pytest.raises(DatabaseError, match="task_open_once_about_a_thing"), recorded(by=ana):
        task.save()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_raise_one(clinic, ana, now):
    """Eight people and jobs find the same two things at the same moment."""
    things, found, start = [uuid.uuid4(), uuid.uuid4()], [], threading.Barrier(8)

    def find(number):
        wanted = [tasks.Wanted(None, K.VISIT_TOUCHED, "Call.", thing) for thing in things[:: (-1) ** number]]
        start.wait()
        try:
            with transaction.atomic():
                found.append({task.pk for task in tasks.raise_tasks(clinic=clinic, wanted=wanted, by=ana, now=now)})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=find, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert all(one == found[0] for one in found)
    assert Task.objects.count() == 2
