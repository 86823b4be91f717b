"""What a form holds while somebody still types: theirs alone, for some minutes, kept by the booking."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid, NotAllowed
from config.staff.permissions import Role
from scheduling import booking, form_holds, holding
from scheduling.availability import free_starts
from scheduling.models import Allocation, Appointment, FormHold
from scheduling.opening import close_day
from scheduling.rules import change_rules
from scheduling.shape import plain
from tests.conftest import hired
from tests.scheduling.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(clinic):
    """Ben works at the other desk."""
    return hired(clinic, "ben", "Ben Reyes", Role.FRONT_DESK)


@pytest.fixture
def hold(desk, ana, now, chairs):
    def held(start, **more):
        wish = {"clinic": desk, "start": start, "minutes": 60, "chair": chairs[0], "by": ana, "now": now}
        return form_holds.hold(**{**wish, **more})

    return held


@pytest.fixture
def book(desk, okafor, ana, now, chairs):
    def booked(start, **more):
        wish = {"patient": okafor, "clinic": desk, "start": start, "minutes": 60, "chair": chairs[0]}
        return booking.book(**{**wish, "by": ana, "now": now, **more})

    return booked


def taken(held):
    return sorted(
        (row.resource.kind, row.lane) for row in held.allocations.filter(active=True).select_related("resource")
    )


def test_it_takes_what_the_visit_will_take_but_nobody(hold, at, now, ana, chairs):
    held = hold(at("09:00"))
    assert (held.held_by, held.chair, held.held_until) == (ana, chairs[0], now + timedelta(minutes=10))
    assert taken(held) == [("chair", 0), ("nurse", 1)]
    assert Appointment.objects.count() == 0
    connection.check_constraints()


def test_for_as_long_as_the_clinic_says(hold, at, now, desk, vera):
    change_rules(clinic=desk, hold_form_minutes=3, by=vera)
    assert hold(at("09:00")).held_until == now + timedelta(minutes=3)


def test_the_other_desk_sees_it_taken(hold, book, at, ben, petrov, desk, now, chairs):
    hold(at("09:00"))
    with pytest.raises(Clash, match=r"Chair 1 is taken 09:00 to 10:00\. Free instead: Chair 2\.") as refused:
        book(at("09:30"), by=ben, patient=petrov)
    assert refused.value.facts["next_free"][0] == "2026-11-30T10:00:00-08:00"
    with pytest.raises(Clash, match="Chair 1 is taken"):
        hold(at("09:30"), by=ben)
    free = free_starts(clinic=desk, shape=plain(60), first=MONDAY, last=MONDAY, now=now, only=[chairs[0].pk])
    assert at("09:00") not in free[MONDAY]


def test_it_is_kept_by_the_booking(hold, book, at, ana):
    held = hold(at("09:00"))
    visit = book(at("09:00"), form_hold=held.pk)
    held.refresh_from_db()
    assert (visit.status, held.ended_at is not None, taken(held)) == ("booked", True, [])
    connection.check_constraints()


def test_any_chair_will_be_the_one_that_is_held(hold, book, at, chairs, petrov):
    book(at("09:00"), patient=petrov, chair=chairs[0])
    held = hold(at("09:00"), chair=None)
    assert held.chair == chairs[1]
    booking_elsewhere = book(at("13:00"), chair=None, form_hold=held.pk)
    assert booking_elsewhere.chair == chairs[1]


def test_a_booking_that_is_refused_leaves_it(hold, book, at, desk, vera, now, okafor):
    held = hold(at("09:00"))
    book(at("09:30"), minutes=30, chair=None)
    with pytest.raises(Clash, match="The patient has another visit then"):
        book(at("09:00"), form_hold=held.pk)
    held.refresh_from_db()
    assert (held.ended_at, taken(held)) == (None, [("chair", 0), ("nurse", 1)])


def test_nobody_elses_helps_and_one_that_ran_out_is_no_obstacle(hold, book, at, ben, now, petrov):
    held = hold(at("09:00"))
    with pytest.raises(Clash, match="Chair 1 is taken"):
        book(at("09:00"), by=ben, form_hold=held.pk)
    later = held.held_until
    assert form_holds.running(hold_id=held.pk, by=held.held_by, now=later) is None
    assert book(at("09:00"), by=ben, now=later).status == "booked"
    with pytest.raises(Clash, match="Chair 1 is taken"):
        book(at("09:00"), now=later, form_hold=held.pk, patient=petrov)
    connection.check_constraints()


def test_it_runs_out_on_its_own(hold, at, desk, chairs):
    held = hold(at("09:00"))
    assert holding.sweep(now=held.held_until - timedelta(seconds=1)) == 0
    shape, until = plain(60), held.held_until
    free = free_starts(clinic=desk, shape=shape, first=MONDAY, last=MONDAY, now=until, only=[chairs[0].pk])
    assert at("09:00") in free[MONDAY]
    assert holding.sweep(now=until) == 1
    assert taken(held) == []
    assert holding.sweep(now=until) == 0
    held.refresh_from_db()
    assert held.history.latest().history_change_reason == "the hold ran out"
    connection.check_constraints()


def test_whoever_holds_it_lets_it_go(hold, book, at, ana, ben, now, petrov):
    held = hold(at("09:00"))
    assert not form_holds.let_go(hold_id=held.pk, by=ben, now=now)
    assert form_holds.let_go(hold_id=held.pk, by=ana, now=now)
    assert not form_holds.let_go(hold_id=held.pk, by=ana, now=now)
    assert book(at("09:00"), by=ben, patient=petrov)
    connection.check_constraints()


@pytest.mark.parametrize(
    ("more", "field"),
    [({"minutes": 61}, "minutes"), ({"start": "past"}, "start"), ({"start": "closed"}, "start")],
)
def test_what_could_not_be_booked_is_not_held(hold, at, desk, vera, now, more, field):
    close_day(clinic=desk, day=MONDAY + timedelta(days=1), reason="Staff day", by=vera, now=now)
    starts = {"past": at("09:00", MONDAY - timedelta(days=7)), "closed": at("09:00", MONDAY + timedelta(days=1))}
    start = starts.get(more.pop("start", ""), at("09:00"))
    with pytest.raises(Invalid) as refused:
        hold(start, **more)
    assert refused.value.field == field
    assert FormHold.objects.count() == 0


def test_only_who_books_at_that_clinic_holds(hold, at, nils, zoe):
    for person in (nils, zoe):
        with pytest.raises(NotAllowed):
            hold(at("09:00"), by=person)


class TestTheDatabase:
    def checked(self, act):
        act()
        connection.check_constraints()

    def refuses(self, act, constraint):
        with pytest.raises(IntegrityError) as refused, transaction.atomic(), recorded(by=SystemJob.SET_UP):
            self.checked(act)
        assert sqlstate(refused.value) == "23514"
        assert refused.value.__cause__.diag.constraint_name == constraint

    def test_what_ended_takes_nothing_and_what_has_not_has_its_chair(self, hold, at, now):
        held = hold(at("09:00"))
        ended = FormHold.objects.filter(pk=held.pk)
        self.refuses(lambda: ended.update(ended_at=now), "form_hold_has_its_places")
        self.refuses(lambda: held.allocations.update(active=False), "form_hold_has_its_places")
        self.refuses(lambda: held.allocations.update(held_until=now), "form_hold_has_its_places")

    def test_a_lane_is_taken_by_one_of_them(self, hold, book, at):
        held, visit = hold(at("09:00")), book(at("11:00"))
        rows = Allocation.objects.filter(appointment=visit)
        self.refuses(lambda: rows.update(form_hold=held), "allocation_for_one")
        self.refuses(lambda: rows.update(appointment=None), "allocation_for_one")
        self.refuses(lambda: held.allocations.update(held_until=None), "allocation_for_one")
