"""Many people at once, each on a real connection of their own: one wins, the others are told, nothing overlaps."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash
from scheduling import booking
from scheduling.models import Allocation, Appointment, Series
from scheduling.places import add_chair, add_nurse, change_nurse
from scheduling.series import PlannedVisit, book_series
from scheduling.states import Status
from tests.scheduling.conftest import MONDAY, open_week, register

pytestmark = pytest.mark.django_db(transaction=True)
SET_UP = SystemJob.SET_UP
CLIENTS, ROUNDS = 20, 50
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

OVERLAPS = """
    SELECT count(*) FROM scheduling_allocation a JOIN scheduling_allocation b
    ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id AND a.during && b.during
    WHERE a.active AND b.active
"""


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return cursor.fetchone()[0]


@pytest.fixture
def crowd():
    """`crowd(acts)`: all acts start at the same moment, each in a thread with its own connection; their results."""
    pool = ThreadPoolExecutor(CLIENTS)

    def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
        gate = threading.Barrier(len(acts))

        def run(act: Callable[[], Any]) -> Any:
            connection.ensure_connection()
            gate.wait(30)
            try:
                return act()
            except Exception as error:  # noqa: BLE001  (each outcome is counted)
                return error

        return list(pool.map(run, acts))

    yield at_once
    for closing in [pool.submit(connections.close_all) for _ in range(CLIENTS * 3)]:
        closing.result()
    pool.shutdown()


def outcomes(results: list[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def weekdays(count: int) -> list[date]:
    """Open days from Monday on."""
    days = (MONDAY + timedelta(days=n) for n in range(count * 2))
    return [day for day in days if day.weekday() < 6][:count]


def test_twenty_clients_at_one_slot_fifty_times(crowd, clinic, nils, ana, now, at):
    open_week(clinic)
    chair = add_chair(clinic=clinic, name="Chair 1", by=SET_UP)
    add_chair(clinic=clinic, name="Chair 2", by=SET_UP)
    add_nurse(user=nils, watch_lanes=12, by=SET_UP)
    patients = [register(clinic, f"Client{n}") for n in range(CLIENTS)]

    def client(patient, start):
        more = {"minutes": 60, "by": ana, "now": now, "chair": chair}
        return lambda: booking.book(patient=patient, clinic=clinic, start=start, **more)

    for day in weekdays(ROUNDS):
        results = crowd([client(patient, at("09:00", day)) for patient in patients])
        assert outcomes(results) == {"Appointment": 1, "Clash": CLIENTS - 1}, [str(r) for r in results]
        lost = [result for result in results if isinstance(result, Clash)]
        assert all(clash.facts["taken"][0]["name"] == "Chair 1" for clash in lost)
        assert all(clash.facts["next_free"] for clash in lost)
    assert Appointment.objects.count() == ROUNDS
    assert Allocation.objects.filter(active=True).count() == 3 * ROUNDS
    assert overlaps() == 0


def test_a_nurses_last_lane(crowd, clinic, nils, ana, now, at):
    open_week(clinic)
    for n in range(8):
        add_chair(clinic=clinic, name=f"Chair {n}", by=SET_UP)
    add_nurse(user=nils, watch_lanes=3, by=SET_UP)
    patients = [register(clinic, f"Client{n}") for n in range(8)]

    def client(patient, start):
        return lambda: booking.book(patient=patient, clinic=clinic, start=start, minutes=60, by=ana, now=now)

    for day in weekdays(8):
        results = crowd([client(patient, at("09:00", day)) for patient in patients])
        assert outcomes(results) == {"Appointment": 3, "Clash": 5}, [str(r) for r in results]
    assert overlaps() == 0


def test_one_patient_booked_for_the_first_time_from_many_desks(crowd, desk, okafor, ana, now, at, nils):
    change_nurse(user=nils, watch_lanes=12, by=SET_UP)
    starts = [at("08:00") + timedelta(hours=n) for n in range(8)]

    def client(start):
        return lambda: booking.book(patient=okafor, clinic=desk, start=start, minutes=60, by=ana, now=now)

    assert outcomes(crowd([client(start) for start in starts])) == {"Appointment": 8}
    assert Appointment.objects.filter(patient=okafor).count() == 8


def test_crossing_series_one_wins_whole(crowd, desk, chairs, okafor, petrov, ana, now, at, nils):
    change_nurse(user=nils, watch_lanes=1, by=SET_UP)
    more = {"clinic": desk, "minutes": 120, "min_gap_days": 7, "max_gap_days": 7, "by": ana, "now": now}
    for round_ in range(10):
        first, clock = MONDAY + timedelta(weeks=6 * (round_ // 3)), ("08:00", "11:00", "14:00")[round_ % 3]
        planned = [PlannedVisit(at(clock, first + timedelta(days=7 * n))) for n in range(6)]
        # The same six places, taken from the front by one and from the back by the other.
        results = crowd(
            [
                lambda planned=planned: book_series(patient=okafor, visits=planned, **more),
                lambda planned=planned: book_series(patient=petrov, visits=planned[::-1], **more),
            ]
        )
        assert outcomes(results) == {"Series": 1, "Clash": 1}, [str(r) for r in results]
        [clash] = [result for result in results if isinstance(result, Clash)]
        assert [conflict["visit"] for conflict in clash.facts["conflicts"]] == [1, 2, 3, 4, 5, 6]
    assert Series.objects.count() == 10
    assert Appointment.objects.count() == 60
    assert overlaps() == 0


def test_series_that_share_one_day_leave_no_half(crowd, desk, chairs, ana, now, at, nils):
    change_nurse(user=nils, watch_lanes=1, by=SET_UP)
    more = {"clinic": desk, "minutes": 60, "min_gap_days": 7, "max_gap_days": 28, "by": ana, "now": now}

    def client(n):
        # Each takes days of its own, and one that all want.
        days = [MONDAY + timedelta(days=7 * n), MONDAY + timedelta(days=7 * 20)]
        planned = [PlannedVisit(at("09:00", day)) for day in days]
        patient = register(desk, f"Client{n}")
        return lambda: book_series(patient=patient, visits=planned, **{**more, "max_gap_days": 200})

    results = crowd([client(n) for n in range(8)])
    assert outcomes(results) == {"Series": 1, "Clash": 7}, [str(r) for r in results]
    assert (Series.objects.count(), Appointment.objects.count(), Allocation.objects.count()) == (1, 2, 6)


def test_moving_against_cancelling(crowd, desk, okafor, ana, now, at):
    for n, day in enumerate(weekdays(10)):
        visit = booking.book(patient=okafor, clinic=desk, start=at("09:00", day), minutes=60, by=ana, now=now)
        who = {"appointment_id": visit.pk, "by": ana, "now": now, "version": 1}
        how = {"how": Status.CANCELLED_BY_CLINIC, "reason": "x", **who}
        results = crowd(
            [
                lambda who=who, day=day: booking.move(start=at("11:00", day), **who),
                lambda how=how: booking.cancel(**how),
            ]
        )
        assert outcomes(results) == {"Appointment": 1, "Stale": 1}, (n, [str(r) for r in results])
        visit.refresh_from_db()
        active = visit.allocations.filter(active=True)
        assert active.count() == (3 if visit.status == Status.BOOKED else 0)
        assert all(row.during.lower == visit.start for row in active)


def test_the_place_of_a_cancelled_visit_is_taken_once(crowd, desk, chairs, okafor, petrov, ana, now, at):
    for day in weekdays(10):
        visit = booking.book(
            patient=okafor, clinic=desk, start=at("09:00", day), minutes=60, chair=chairs[0], by=ana, now=now
        )
        booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_PATIENT, reason="x", by=ana, now=now)
        wish = {"patient": petrov, "clinic": desk, "start": at("09:00", day), "chair": chairs[0]}
        results = crowd(
            [
                lambda visit=visit: booking.undo(appointment_id=visit.pk, by=ana, now=now),
                lambda wish=wish: booking.book(minutes=60, by=ana, now=now, **wish),
            ]
        )
        assert outcomes(results) == {"Appointment": 1, "Clash": 1}, [str(r) for r in results]
    assert overlaps() == 0


@pytest.mark.parametrize("shift", [timedelta(0), timedelta(minutes=55), timedelta(minutes=-55)])
def test_the_constraint_has_the_last_word_around_the_doors(desk, okafor, ana, now, at, shift):
    visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    taken = visit.allocations.get(resource__kind="chair")
    with pytest.raises(IntegrityError) as refused, recorded(by=ana), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scheduling_allocation (id, version, appointment_id, resource_id, lane, during, active)"
            " VALUES (gen_random_uuid(), 1, %s, %s, 0, %s, true)",
            [visit.pk, taken.resource_id, DateTimeTZRange(visit.start + shift, visit.end + shift, "[)")],
        )
    assert sqlstate(refused.value) == "23P01"
    assert "allocation_no_overlap" in str(refused.value)


def test_touching_is_not_overlapping_and_what_is_not_active_does_not_count(desk, okafor, ana, now, at):
    visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    taken = visit.allocations.get(resource__kind="chair")
    hour = timedelta(hours=1)
    with transaction.atomic(), recorded(by=ana):
        for start, is_active in ((visit.end, True), (visit.end + hour, True), (visit.start, False)):
            during = DateTimeTZRange(start, start + hour, "[)")
            row = {"appointment": visit, "resource_id": taken.resource_id, "during": during, "active": is_active}
            Allocation(**row).save()
    assert overlaps() == 0


@pytest.mark.parametrize(
    "during",
    [DateTimeTZRange(empty=True), DateTimeTZRange(None, None), DateTimeTZRange(LONG_AGO, None)],
)
def test_no_allocation_is_empty_or_endless(desk, okafor, ana, now, at, during):
    visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    taken = visit.allocations.get(resource__kind="chair")
    with pytest.raises(IntegrityError, match="allocation_within_a_day"), recorded(by=ana):
        Allocation(appointment=visit, resource_id=taken.resource_id, during=during).save()


@pytest.mark.parametrize(("kind", "lane"), [("chair", 1), ("nurse", 3), ("patient", 1)])
def test_no_lane_beside_those_that_there_are(desk, okafor, ana, now, at, kind, lane):
    visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    taken = visit.allocations.get(resource__kind=kind)
    with pytest.raises(IntegrityError, match=f"has no lane {lane}|taken in another lane"), recorded(by=ana):
        Allocation(appointment=visit, resource_id=taken.resource_id, lane=lane, during=taken.during).save()


def test_the_constraint_in_words(crowd, desk, chairs, okafor, petrov, ana, now, at):
    """Somebody writes past the lock and has not committed yet: nothing is seen under it, and the constraint decides."""
    visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    chair = visit.allocations.get(resource__kind="chair").resource_id
    written = threading.Event()

    def past_the_lock():
        during = DateTimeTZRange(at("10:00"), at("11:00"), "[)")
        with recorded(by=ana):
            Allocation(appointment=visit, resource_id=chair, during=during).save()
            written.set()
            wait_until_somebody_waits()

    def by_the_door():
        written.wait(30)
        wish = {"patient": petrov, "clinic": desk, "start": at("10:00"), "chair": chairs[0]}
        booking.book(minutes=60, by=ana, now=now, **wish)

    first, second = crowd([past_the_lock, by_the_door])
    assert first is None
    assert isinstance(second, Clash), second
    assert second.message == "That place was taken a moment ago. Nothing was changed."
    assert second.facts["next_free"][0] == at("11:00").astimezone(desk.tz).isoformat()
    assert Appointment.objects.count() == 1


def wait_until_somebody_waits() -> None:
    """Until another session waits for a lock; ten seconds at most."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def saved(row: Any, by: Any, **change: Any) -> None:
    """Written around the doors and checked as at commit."""
    with recorded(by=by):
        for name, value in change.items():
            setattr(row, name, value)
        row.save()


class TestEveryVisitHasItsPlaces:
    """Around the doors: what a visit takes and what it says of itself are one thing at commit."""

    @pytest.fixture
    def visit(self, desk, okafor, ana, now, at):
        return booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)

    @pytest.mark.parametrize(
        "change",
        [
            {"active": False},
            {"during": DateTimeTZRange(LONG_AGO, LONG_AGO + timedelta(hours=1), "[)")},
            {"held_until": LONG_AGO},
        ],
    )
    @pytest.mark.parametrize("kind", ["chair", "nurse", "patient"])
    def test_no_place_is_taken_away_from_it(self, visit, ana, kind, change):
        row = visit.allocations.get(resource__kind=kind)
        with pytest.raises(IntegrityError, match="does not have its places"):
            saved(row, ana, **change)

    def test_its_state_alone_does_not_change(self, visit, ana):
        with pytest.raises(IntegrityError, match="still takes places"):
            saved(visit, ana, status="cancelled-by-patient")

    def test_it_does_not_move_alone(self, visit, ana):
        with pytest.raises(IntegrityError, match="does not have its places"):
            saved(visit, ana, start=visit.start + timedelta(minutes=5))

    def test_none_is_made_without(self, visit, ana, now):
        bare = {name: getattr(visit, name) for name in ("clinic", "patient", "start", "end", "chair")}
        with pytest.raises(IntegrityError, match="does not have its places"):
            saved(Appointment(**bare, booked_at=now), ana)
