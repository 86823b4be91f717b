"""What a change of hours, people or chairs does to booked visits: shown before, a task each after, none moved."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.audit.acting import SystemJob
from config.refusals import Clash, Invalid, NotAllowed
from patients.models import Task, TaskKind
from scheduling import booking, holding, opening, places, rotas
from scheduling.models import Appointment, Closure
from scheduling.models.kinds import What
from scheduling.places import add_chair, add_nurse, change_chair
from scheduling.spans import NeedSpec, SpanSpec
from scheduling.states import Status
from scheduling.touched import agreed, preview, sign
from scheduling.visit_types import add_visit_type
from tests.scheduling.conftest import MONDAY, open_week, register
from tests.scheduling.test_races import crowd  # noqa: F401  (a fixture)

SET_UP = SystemJob.SET_UP
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def visit(desk, okafor, chairs, at, ana, now):
    """Okafor's visit on Monday, 09:00 to 11:00, in Chair 1 with Nils."""
    return booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=120, chair=chairs[0], by=ana, now=now)


def tasks() -> list[Task]:
    return list(Task.objects.open().filter(kind=TaskKind.VISIT_TOUCHED).order_by("words"))


def snapshot() -> list[dict]:
    return list(Appointment.objects.order_by("pk").values())


@pytest.mark.django_db
def test_closing_a_day_makes_a_task_for_each_of_its_visits_and_moves_none(desk, visit, petrov, at, ana, vera, now):
    booking.book(patient=petrov, clinic=desk, start=at("09:00", TUESDAY), minutes=60, by=ana, now=now)
    before = snapshot()
    changed = opening.close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)
    assert [one.appointment for one in changed.touched] == [visit]
    assert changed.touched[0].why == "The clinic is closed on Mon 30 Nov: Burst pipe"
    [task] = tasks()
    assert (task.about, task.about_kind, task.patient, task.due_on) == (visit.pk, "appointment", visit.patient, MONDAY)
    assert task.words == (
        "Visit on Mon 30 Nov, 09:00 no longer fits: The clinic is closed on Mon 30 Nov: Burst pipe. Move or cancel it."
    )
    assert snapshot() == before


@pytest.mark.django_db
def test_a_preview_shows_the_same_and_leaves_nothing(desk, visit, vera, now):
    def door():
        return opening.close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)

    shown = preview(door)
    assert (Closure.objects.count(), tasks()) == (0, [])
    assert door().touched == shown.touched


@pytest.mark.django_db
def test_a_change_that_touches_visits_stands_only_once_they_were_seen(desk, visit, petrov, at, ana, vera, now):
    def door():
        return opening.close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)

    shown, stands = agreed(door, seen="")
    assert (stands, Closure.objects.count()) == (False, 0)
    booking.book(patient=petrov, clinic=desk, start=at("14:00"), minutes=60, by=ana, now=now)
    again, stands = agreed(door, seen=sign(shown.touched))
    assert (stands, len(again.touched), Closure.objects.count()) == (False, 2, 0)
    _, stands = agreed(door, seen=sign(again.touched))
    assert (stands, len(tasks())) == (True, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([(time(10), time(18))], "The clinic is open 10:00 to 18:00 on that day"),
        ([(time(8), time(10)), (time(10, 30), time(18))], "The clinic is open 08:00 to 10:00 and 10:30 to 18:00"),
        ([], "The clinic is not open on Mondays"),
        ([(time(9), time(11))], ""),
    ],
)
def test_other_hours_of_the_weekday(desk, visit, vera, now, spans, words):
    changed = opening.set_hours(clinic=desk, weekday=0, spans=spans, by=vera, now=now)
    assert [one.why.startswith(words) for one in changed.touched] == ([True] if words else [])


@pytest.mark.django_db
def test_a_one_day_opening_that_is_shorter_than_the_week(desk, visit, vera, now):
    changed = opening.open_day(clinic=desk, day=MONDAY, spans=[(time(12), time(16))], by=vera, now=now)
    assert len(changed.touched) == len(tasks()) == 1
    back = opening.drop_open_day(clinic=desk, day=MONDAY, by=vera, now=now)
    assert (back.touched, tasks()) == ([], [])
    assert Task.objects.get().withdrawn


@pytest.mark.django_db
def test_reopening_a_day_withdraws_its_tasks(desk, visit, vera, now):
    opening.close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)
    opening.reopen_day(clinic=desk, day=MONDAY, by=vera, now=now)
    assert tasks() == []
    connection.check_constraints()


@pytest.mark.django_db
def test_a_visit_that_did_not_fit_before_is_not_touched_again(desk, visit, chairs, vera, now):
    change_chair(chair_id=chairs[0].pk, in_service=False, by=vera, now=now)
    again = change_chair(chair_id=chairs[0].pk, pod="North", by=vera, now=now)
    assert again.touched == []
    other = opening.close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)
    assert [one.why for one in other.touched] == ["The clinic is closed on Mon 30 Nov: Burst pipe"]
    assert len(tasks()) == 1, "one task about one visit, however many faults it has"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"in_service": False}, "Chair 1 is out of service"),
        ({"purpose": "recovery"}, "Chair 1 is a recovery place now"),
        ({"name": "Window", "kind": "bed", "pod": "South", "turnover_minutes": 30}, ""),
    ],
)
def test_a_chair_that_is_changed(desk, visit, chairs, vera, now, change, why):
    changed = change_chair(chair_id=chairs[0].pk, by=vera, now=now, **change)
    assert [one.why for one in changed.touched] == ([why] if why else [])


@pytest.fixture
def in_a_row(desk, visit, petrov, lindgren, chairs, at, ana, now):
    """After Okafor, in the same chair: Petrov at once, and Lindgren half an hour after her."""
    more = {"clinic": desk, "minutes": 60, "chair": chairs[0], "by": ana, "now": now}
    return [
        visit,
        booking.book(patient=petrov, start=at("11:00"), **more),
        booking.book(patient=lindgren, start=at("12:30"), **more),
    ]


@pytest.mark.django_db
def test_a_longer_turnover_touches_who_comes_before_the_chair_is_ready(in_a_row, chairs, vera, now):
    _, second, third = in_a_row
    changed = change_chair(chair_id=chairs[0].pk, turnover_minutes=30, by=vera, now=now)
    assert [(one.appointment.pk, one.why) for one in changed.touched] == [
        (second.pk, "Chair 1 is made ready until 11:30 after the visit before it")
    ]
    changed = change_chair(chair_id=chairs[0].pk, turnover_minutes=60, by=vera, now=now)
    assert [(one.appointment.pk, one.why) for one in changed.touched] == [
        (third.pk, "Chair 1 is made ready until 13:00 after the visit before it")
    ]
    assert [task.about for task in tasks()] == [second.pk, third.pk]
    assert change_chair(chair_id=chairs[0].pk, turnover_minutes=0, by=vera, now=now).touched == []
    assert tasks() == []
    connection.check_constraints()


@pytest.mark.django_db
def test_also_after_somebody_who_is_in_the_chair_now(in_a_row, chairs, ana, vera, at):
    first, second, third = in_a_row
    booking.arrive(appointment_id=first.pk, by=ana, now=at("09:00"))
    changed = change_chair(chair_id=chairs[0].pk, turnover_minutes=15, by=vera, now=at("10:00"))
    assert [one.appointment.pk for one in changed.touched] == [second.pk]
    changed = change_chair(chair_id=chairs[0].pk, turnover_minutes=120, by=vera, now=at("11:30"))
    assert [one.appointment.pk for one in changed.touched] == [third.pk], "who is under way is not moved any more"


@pytest.mark.django_db
def test_a_longer_turnover_does_not_touch_who_was_put_there_on_purpose(in_a_row, chairs, register_other, vera, now, at):
    _, second, _ = in_a_row
    beside = register_other(at("11:00"))
    changed = change_chair(chair_id=chairs[0].pk, turnover_minutes=15, by=vera, now=now)
    assert [one.appointment.pk for one in changed.touched] == [second.pk]
    assert beside.overbook_reason


@pytest.fixture
def register_other(desk, chairs, vera, now, nils):
    """Reed, put beside whoever is in Chair 1 then."""
    places.change_nurse(user=nils, watch_lanes=4, by=SET_UP)

    def booked(start):
        reed, more = register(desk, "Reed"), {"minutes": 30, "by": vera, "now": now, "overbook_reason": "A flush."}
        return booking.book(patient=reed, clinic=desk, start=start, chair=chairs[0], **more)

    return booked


@pytest.mark.django_db
def test_who_went_on_to_the_recovery_place_left_the_chair_before(desk, okafor, petrov, chairs, at, ana, vera, now):
    main, rest = NeedSpec(What.CHAIR), NeedSpec(What.RECOVERY)
    spans = [SpanSpec("Visit", None, [main]), SpanSpec("Rest", 30, [rest])]
    add_visit_type(clinic=desk, name="With rest", kind="consult", spans=spans, by=SET_UP)
    bay = add_chair(clinic=desk, name="Bay 1", purpose="recovery", by=SET_UP)
    more = {"clinic": desk, "minutes": 60, "chair": chairs[0], "by": ana, "now": now}
    booking.book(patient=okafor, start=at("09:00"), **more)
    booking.book(patient=petrov, start=at("09:30"), **more)
    changed = change_chair(chair_id=bay.pk, turnover_minutes=5, by=vera, now=now)
    assert [one.why for one in changed.touched] == ["Bay 1 is made ready until 10:05 after the visit before it"]
    changed = change_chair(chair_id=chairs[0].pk, turnover_minutes=5, by=vera, now=now)
    assert [one.why for one in changed.touched] == ["Chair 1 is made ready until 09:35 after the visit before it"]


@pytest.mark.django_db
def test_a_nurse_who_is_off(desk, visit, nils, vera, now):
    off = rotas.time_off(user=nils, first=MONDAY, last=TUESDAY, by=vera, now=now, reason="Private words")
    assert [one.why for one in off.touched] == ["Nils Berg does not work on that day"]
    assert "Private" not in tasks()[0].words
    rotas.drop_time_off(time_off_id=off.record.pk, by=vera, now=now)
    assert tasks() == []
    day = rotas.rota_exception(user=nils, day=MONDAY, spans=[(time(10), time(16))], by=vera, now=now)
    assert [one.why for one in day.touched] == ["Nils Berg works 10:00 to 16:00 on that day"]


@pytest.mark.django_db
def test_a_rota_that_leaves_the_visit_outside(desk, visit, nils, vera, now):
    week = {weekday: [(time(8), time(12))] for weekday in range(5)}
    assert rotas.set_rota(user=nils, first_day=MONDAY, week=week, by=vera, now=now).touched == []
    week[0] = [(time(9, 30), time(12))]
    touched = rotas.set_rota(user=nils, first_day=TUESDAY, week=week, by=vera, now=now).touched
    assert touched == [], "it begins after the visit"
    touched = rotas.set_rota(user=nils, first_day=MONDAY, week=week, by=vera, now=now).touched
    assert [one.appointment for one in touched] == [visit]
    assert rotas.retire_staff_place(user=nils, by=vera, now=now).touched == []
    assert [task.about for task in tasks()] == [visit.pk]


@pytest.mark.django_db
def test_visits_of_the_past_and_cancelled_ones_are_left_alone(desk, visit, vera, ana, at, now):
    assert opening.close_day(clinic=desk, day=MONDAY, reason="x", by=vera, now=at("09:05")).touched == []
    opening.reopen_day(clinic=desk, day=MONDAY, by=vera, now=at("09:05"))
    booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_CLINIC, reason="x", by=ana, now=now)
    assert opening.close_day(clinic=desk, day=MONDAY, reason="x", by=vera, now=now).touched == []


@pytest.mark.django_db
def test_only_a_manager_of_this_clinic_changes_what_visits_rely_on(desk, other_clinic, chairs, ana, nils, vera, now):
    doors = [
        lambda by: opening.close_day(clinic=desk, day=MONDAY, reason="x", by=by, now=now),
        lambda by: opening.set_hours(clinic=desk, weekday=0, spans=[], by=by, now=now),
        lambda by: rotas.time_off(user=nils, first=MONDAY, last=MONDAY, by=by, now=now),
        lambda by: change_chair(chair_id=chairs[0].pk, in_service=False, by=by, now=now),
        lambda by: add_chair(clinic=desk, name="Another", by=by),
        lambda by: places.change_nurse(user=nils, watch_lanes=3, by=by),
    ]
    for door in doors:
        with pytest.raises(NotAllowed):
            door(ana)
    with pytest.raises(NotAllowed, match="another clinic"):
        opening.close_day(clinic=other_clinic, day=MONDAY, reason="x", by=vera, now=now)


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_visits(desk, chairs, okafor, petrov, lindgren, at, ana, vera, now):
    def cost(day: date) -> int:
        with CaptureQueriesContext(connection) as seen:
            opening.close_day(clinic=desk, day=day, reason="x", by=vera, now=now)
        return len(seen)

    booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    for patient, clock in ((okafor, "08:00"), (petrov, "09:00"), (lindgren, "10:00")):
        booking.book(patient=patient, clinic=desk, start=at(clock, TUESDAY), minutes=60, by=ana, now=now)
    one, three = cost(MONDAY), cost(TUESDAY)
    assert len(tasks()) == 4
    assert three == one


@pytest.mark.django_db(transaction=True)
def test_closing_a_day_against_booking_it(crowd, clinic, nils, ana, vera, now, at):  # noqa: F811
    """Whoever comes first: a visit that stands on a closed day has a task, or it was refused."""
    open_week(clinic)
    for n in range(4):
        add_chair(clinic=clinic, name=f"Chair {n}", by=SET_UP)
    add_nurse(user=nils, watch_lanes=4, by=SET_UP)
    patients = [register(clinic, f"Client{n}") for n in range(4)]
    outcomes = set()

    def books(patient, start):
        return lambda: booking.book(patient=patient, clinic=clinic, start=start, minutes=60, by=ana, now=now)

    def closes(day):
        return lambda: opening.close_day(clinic=clinic, day=day, reason="Burst pipe", by=vera, now=now)

    for n in range(30):
        day = MONDAY + timedelta(days=7 * (n // 2) + n % 2)
        acts = [books(patient, at("09:00", day)) for patient in patients]
        acts.insert(n % 5, closes(day))
        results = crowd(acts)
        closed = results.pop(n % 5)
        booked = [result for result in results if isinstance(result, Appointment)]
        refused = [result for result in results if isinstance(result, Invalid | Clash)]
        assert len(booked) + len(refused) == 4, [repr(result) for result in results]
        about = set(Task.objects.open().filter(due_on=day).values_list("about", flat=True))
        assert about == {visit.pk for visit in booked} == {one.appointment.pk for one in closed.touched}
        outcomes.add((bool(booked), bool(refused)))
    assert len(outcomes) > 1, "the race never went the other way"


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["moved", "cancelled"])
def test_a_task_ends_when_its_visit_is_moved_or_cancelled(desk, visit, at, ana, vera, now, how):
    """Whether the day opens again or not: the question where that visit may stand is answered."""
    opening.close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)
    assert len(tasks()) == 1
    if how == "moved":
        booking.move(appointment_id=visit.pk, start=at("09:00", TUESDAY), by=ana, now=now)
    else:
        booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_CLINIC, reason="Pipe", by=ana, now=now)
    assert tasks() == []


@pytest.mark.django_db
def test_a_task_stays_while_its_visit_stands_on_the_closed_day(desk, visit, chairs, at, ana, vera, now):
    """Another chair is no answer to the question of another day."""
    opening.close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)
    other = next(chair for chair in chairs if chair.pk != visit.chair_id)
    booking.move(appointment_id=visit.pk, start=visit.start, chair=other, by=ana, now=now)
    assert len(tasks()) == 1
    booking.move(appointment_id=visit.pk, start=at("09:00", TUESDAY), by=ana, now=now)
    assert tasks() == []


@pytest.mark.django_db
def test_what_is_held_on_a_day_that_was_closed_is_not_kept(desk, petrov, at, ana, vera, now):
    hour = at("09:00", TUESDAY)
    until = now + timedelta(hours=20)
    held = booking.book(patient=petrov, clinic=desk, start=hour, minutes=60, by=ana, now=now, held_until=until)
    opening.close_day(clinic=desk, day=TUESDAY, reason="Burst pipe", by=vera, now=now)
    with pytest.raises(Clash, match="closed"):
        holding.keep(appointment_id=held.pk, by=ana, now=now)
    assert len(tasks()) == 1
    holding.release(appointment_id=held.pk, by=ana, now=now)
    assert tasks() == []
