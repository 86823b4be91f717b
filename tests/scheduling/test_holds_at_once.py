"""Holds and bookings that want the same place at the same moment, each on a real connection of its own."""

from collections import Counter
from datetime import timedelta

import pytest

from bench.soak import crowd, findings
from config.refusals import Clash
from scheduling import booking, form_holds, holding
from scheduling.models import Allocation, Appointment
from scheduling.places import change_nurse
from scheduling.series import PlannedVisit, book_series
from scheduling.states import Status
from tests.scheduling.conftest import MONDAY, SET_UP, register

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
TEN = timedelta(minutes=10)


@pytest.fixture
def at_once():
    with crowd(8) as act_at_once:
        yield act_at_once


@pytest.fixture
def wish(desk, chairs, ana, nils):
    change_nurse(user=nils, watch_lanes=8, by=SET_UP)
    return {"clinic": desk, "chair": chairs[0], "minutes": 60, "by": ana}


def days():
    return [MONDAY + timedelta(days=7 * n) for n in range(ROUNDS)]


def names(results):
    return Counter(type(result).__name__ for result in results)


def lost(results):
    [clash] = [result for result in results if isinstance(result, Clash)]
    return clash


def test_a_hold_against_a_booking(at_once, wish, okafor, petrov, now, at):
    for day in days():
        start = at("09:00", day)
        results = at_once(
            [
                lambda start=start: booking.book(patient=okafor, start=start, now=now, held_until=now + TEN, **wish),
                lambda start=start: booking.book(patient=petrov, start=start, now=now, **wish),
            ]
        )
        assert names(results) == {"Appointment": 1, "Clash": 1}, results
        assert [(fact["what"], fact["name"]) for fact in lost(results).facts["taken"]] == [("chair", "Chair 1")]
        assert (
            lost(results).facts["next_free"][0]
            == (start + timedelta(hours=1)).astimezone(wish["clinic"].tz).isoformat()
        )
    assert findings() == {}


def test_a_hold_that_ran_out_is_taken_once_by_many(at_once, wish, okafor, now, at):
    others = [register(wish["clinic"], f"Client{n}") for n in range(6)]
    for day in days():
        start, later = at("09:00", day), now + TEN
        held = booking.book(patient=okafor, start=start, now=now, held_until=later, **wish)
        results = at_once(
            [
                lambda who=who, start=start, later=later: booking.book(patient=who, start=start, now=later, **wish)
                for who in others
            ]
        )
        assert names(results) == {"Appointment": 1, "Clash": 5}, results
        held.refresh_from_db()
        assert (held.status, held.held_until) == (Status.RELEASED, None)
        assert Allocation.objects.filter(appointment=held, active=True).count() == 0
    assert findings() == {}


def test_a_hold_is_kept_or_its_place_is_taken(at_once, wish, ana, okafor, petrov, now, at):
    """One clock says that it still runs, another that it ran out: whoever comes first has it, and nobody else."""
    ends = Counter()
    for day in days():
        start = at("09:00", day)
        held = booking.book(patient=okafor, start=start, now=now, held_until=now + TEN, **wish)
        results = at_once(
            [
                lambda held=held: holding.keep(appointment_id=held.pk, by=ana, now=now + TEN - timedelta(seconds=1)),
                lambda start=start: booking.book(patient=petrov, start=start, now=now + TEN, **wish),
            ]
        )
        assert names(results) == {"Appointment": 1, "Clash": 1}, results
        assert Appointment.objects.filter(start=start, status=Status.BOOKED).count() == 1
        ends[Appointment.objects.get(pk=held.pk).status] += 1
    assert sum(ends.values()) == ROUNDS
    assert findings() == {}


def test_the_sweep_against_a_keeping(at_once, wish, ana, okafor, now, at):
    for day in days():
        held = booking.book(patient=okafor, start=at("09:00", day), now=now, held_until=now + TEN, **wish)
        swept, kept = at_once(
            [
                lambda: holding.sweep(now=now + TEN),
                lambda held=held: holding.keep(appointment_id=held.pk, by=ana, now=now),
            ]
        )
        held.refresh_from_db()
        if isinstance(kept, Clash):
            assert (swept, held.status) == (1, Status.RELEASED)
        else:
            assert (swept, held.status) == (0, Status.BOOKED)
    assert findings() == {}


def test_a_series_that_is_held_crosses_one_that_is_booked(at_once, wish, okafor, petrov, now, at):
    more = {"clinic": wish["clinic"], "minutes": 60, "min_gap_days": 7, "max_gap_days": 7, "by": wish["by"], "now": now}
    chair = wish["chair"].pk
    for round_ in range(4):
        first = MONDAY + timedelta(days=42 * round_)  # four rounds within the 26 weeks ahead
        planned = [PlannedVisit(at("09:00", first + timedelta(days=7 * n)), chair) for n in range(6)]
        results = at_once(
            [
                lambda planned=planned: book_series(patient=okafor, visits=planned, held_until=now + TEN, **more),
                lambda planned=planned: book_series(patient=petrov, visits=planned[::-1], **more),
            ]
        )
        assert names(results) == {"Series": 1, "Clash": 1}, results
        assert {fact["name"] for fact in lost(results).facts["taken"]} == {"Chair 1"}
        assert lost(results).facts["next_free"]
    assert Appointment.objects.count() == 24
    assert findings() == {}


def test_moving_against_cancelling_and_booking_the_place_left(at_once, wish, ana, okafor, petrov, now, at):
    for day in days():
        start = at("09:00", day)
        visit = booking.book(patient=okafor, start=start, now=now, **wish)
        who = {"appointment_id": visit.pk, "by": ana, "now": now, "version": visit.version}
        why = {"how": Status.CANCELLED_BY_CLINIC, "reason": "x"}
        results = at_once(
            [
                lambda who=who, day=day: booking.move(start=at("13:00", day), **who),
                lambda who=who, why=why: booking.cancel(**why, **who),
                lambda start=start: booking.book(patient=petrov, start=start, now=now, **wish),
            ]
        )
        changed = names(results[:2])
        assert changed == {"Appointment": 1, "Stale": 1}, results
        assert isinstance(results[2], (Appointment, Clash)), results
    assert findings() == {}


def test_two_forms_and_a_booking_at_one_place(at_once, wish, okafor, now, at):
    more = {**wish, "now": now}
    for day in days():
        start = at("09:00", day)
        results = at_once(
            [
                lambda start=start: form_holds.hold(start=start, **more),
                lambda start=start: form_holds.hold(start=start, **more),
                lambda start=start: booking.book(patient=okafor, start=start, **more),
            ]
        )
        assert names(results)["Clash"] == 2, results
    assert findings() == {}


def test_whoever_holds_it_books_it_though_others_try(at_once, wish, okafor, petrov, lindgren, now, at):
    more = {**wish, "now": now}
    for day in days():
        start = at("09:00", day)
        held = form_holds.hold(start=start, **more)
        kept, *others = at_once(
            [
                lambda start=start, held=held: booking.book(patient=okafor, start=start, form_hold=held.pk, **more),
                lambda start=start: booking.book(patient=petrov, start=start, **more),
                lambda start=start: booking.book(patient=lindgren, start=start, **more),
            ]
        )
        assert isinstance(kept, Appointment), kept
        assert names(others) == {"Clash": 2}
    assert findings() == {}


def test_it_is_let_go_once_however_often_the_form_is_left(at_once, wish, now, at):
    for day in days():
        held = form_holds.hold(start=at("09:00", day), now=now, **wish)
        late = held.held_until
        told = at_once(
            [
                *[lambda held=held: form_holds.let_go(hold_id=held.pk, by=held.held_by, now=now)] * 3,
                lambda late=late: holding.sweep(now=late),
            ]
        )
        assert sum(map(int, told)) == 1, told
    assert findings() == {}
