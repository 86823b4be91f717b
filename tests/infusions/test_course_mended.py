"""A course that came out of step: what the order's new version says of length and number, what a signed exception
covers, what was written down wrongly, and visits of two versions."""

# ruff: noqa: F811  (the fixtures of the same course)

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine

from config.refusals import Invalid
from config.staff.models import User
from infusions import candidacy, exceptions, fulfilment, orders, repair, rescheduling
from infusions.models import ExceptionKind, Order
from infusions.orders import signed_order
from infusions.rescheduling import Scope
from patients.models import Task, TaskKind
from scheduling import booking
from scheduling.models import Appointment
from scheduling.moving import Move
from scheduling.series import PlannedVisit
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, NONSENSE, known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(order: Order, booked: list[Appointment], mara: User, now: datetime) -> Callable[..., Order]:
    """A new version of the order, signed after its three visits were booked."""

    def signed(**fields: object) -> Order:
        draft = orders.supersede(order_id=order.pk, by=mara, now=now, reason="As discussed.")
        whole = {**NONSENSE, **BOOKING, **fields}
        draft = orders.change_draft(order_id=draft.pk, by=mara, now=now, version=draft.version, **whole)
        done = orders.sign(order_id=draft.pk, by=mara, now=now, password=PASSWORD, version=draft.version)
        return signed_order(done.pk)

    return signed


def repairs() -> set[str]:
    return set(Appointment.objects.exclude(needs_repair="").values_list("needs_repair", flat=True))


class TestAnotherLength:
    def test_each_gets_it_where_it_stands(self, newer, booked, ana: User, now: datetime) -> None:
        order = newer(chair_minutes=120)
        assert repairs() == {"90 minutes long; the order says 120"}
        plan = repair.plan(order=order, now=now)
        assert [(move.start, move.minutes) for move in plan.moves] == [(visit.start, 120) for visit in booked]
        moved = rescheduling.move_all(moves=plan.moves, by=ana, now=now)
        assert ({visit.length for visit in moved}, repairs()) == ({timedelta(minutes=120)}, set())

    def test_one_without_room_goes_elsewhere_and_the_others_stay(
        self, newer, booked, ana: User, now: datetime, at: Callable
    ) -> None:
        for name in ("Reed", "Shaw"):
            other = known_patient(ana.clinic, now, name)
            place = {"clinic": ana.clinic, "start": at(27, 11), "minutes": 60, "by": ana, "now": now}
            booking.book(patient=other, **place)
        order = newer(chair_minutes=150)
        plan = repair.plan(order=order, now=now)
        starts = [visit.start for visit in plan.proposal.visits]
        assert (starts[0], starts[2]) == (booked[0].start, booked[2].start)
        assert starts[1] != booked[1].start
        rescheduling.move_all(moves=plan.moves, by=ana, now=now)
        assert repairs() == set()

    def test_no_other_length_than_the_orders(self, booked, ana: User, now: datetime) -> None:
        with pytest.raises(Invalid, match="as long as the order"):
            rescheduling.move_all(moves=[Move(booked[0].pk, booked[0].start, minutes=30)], by=ana, now=now)


class TestTooMany:
    def test_no_date_mends_it_so_it_is_named_and_not_moved(self, newer, booked, now: datetime) -> None:
        plan = repair.plan(order=newer(visits=2), now=now)
        assert (plan.moves, [visit.pk for visit, _ in plan.left]) == ([], [booked[2].pk])
        assert plan.left[0][1] == "the order has 2 visits, and this is number 3"

    def test_on_the_page(self, newer, booked, ana: User, page_as: Callable, now: datetime) -> None:
        order = newer(visits=2)
        with time_machine.travel(now, tick=False):
            html = page_as(ana).get(f"/orders/{order.pk}/repair/").content.decode()
        assert "No other date makes this visit fit" in html
        assert "the order has 2 visits, and this is number 3" in html
        assert "Every booked visit keeps the order" not in html


class TestUnderAnException:
    def test_the_visit_before_may_go_and_come_back(
        self, order: Order, booked, ana: User, mara: User, now: datetime, at: Callable
    ) -> None:
        wish = {"kind": ExceptionKind.OUTSIDE_GAPS, "reason": "Seen well.", "by": mara, "password": PASSWORD}
        exceptions.allow(order_id=order.pk, day=date(2026, 12, 10), now=now, **wish)
        rescheduling.move(appointment_id=booked[2].pk, start=at(10, 9, 12), by=ana, now=now)
        how = {"how": Status.CANCELLED_BY_PATIENT, "reason": "Ill.", "by": ana, "now": now}
        booking.cancel(appointment_id=booked[1].pk, **how)
        assert booking.undo(appointment_id=booked[1].pk, by=ana, now=now).status == Status.BOOKED
        booking.cancel(appointment_id=booked[1].pk, **how)
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(27, 9))], by=ana, now=now)
        assert repairs() == set()

    def test_whose_gap_is_too_small_is_named_rightly(
        self, order: Order, ana: User, now: datetime, at: Callable
    ) -> None:
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(25, 9))], by=ana, now=now)
        with pytest.raises(Invalid, match="Visit 1, Tue 24 Nov, is 1 day before the one on Wed 25 Nov"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=ana, now=now)


class TestAWrongNoShow:
    @pytest.fixture
    def absent(self, booked, ana: User, at: Callable) -> Appointment:
        return booking.no_show(appointment_id=booked[0].pk, reason="Not here.", by=ana, now=at(24, 10))

    def undone(self, visit: Appointment, by: User, at: Callable) -> Status:
        undo = {"by": by, "now": at(24, 10) + timedelta(minutes=5), "reason": "She was in the corridor."}
        return booking.undo(appointment_id=visit.pk, **undo).status

    def test_after_the_visit_was_booked_anew(self, absent, order: Order, ana: User, at: Callable) -> None:
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(2, 9, 12))], by=ana, now=at(24, 10))
        assert self.undone(absent, ana, at) == Status.BOOKED
        assert repairs() == {"the order has 3 visits, and this is number 4"}

    def test_after_the_order_was_stopped(self, absent, order: Order, mara: User, ana: User, at: Callable) -> None:
        orders.stop(order_id=order.pk, reason="No longer.", by=mara, now=at(24, 10))
        assert self.undone(absent, ana, at) == Status.BOOKED

    def test_after_the_next_visit_was_moved_near(self, absent, booked, ana: User, at: Callable) -> None:
        rescheduling.move(appointment_id=booked[1].pk, start=at(25, 9), by=ana, now=at(24, 10))
        assert self.undone(absent, ana, at) == Status.BOOKED
        assert repairs() == {"1 day after Tue 24 Nov; the order says 2 to 7"}


def test_the_rest_is_all_of_the_course_also_once_its_order_is_stopped(
    newer, booked, ana: User, mara: User, now: datetime, at: Callable
) -> None:
    order = newer(visits=4)
    fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(3, 9, 12))], by=ana, now=now)
    orders.stop(order_id=order.pk, reason="No longer.", by=mara, now=now)
    how = {"how": Status.CANCELLED_BY_CLINIC, "reason": "The order is stopped.", "by": ana, "now": now}
    assert len(rescheduling.cancel(appointment_id=booked[0].pk, scope=Scope.REST, **how)) == 4


@pytest.mark.parametrize(("outcome", "many"), [("not-a-candidate", 3), ("deferred", 3), ("candidate", 0)])
def test_who_is_no_candidate_any_more_has_visits_that_the_desk_asks_about(
    order: Order, booked, mara: User, now: datetime, outcome: str, many: int
) -> None:
    wish = {"outcome": outcome, "reason": "As discussed.", "by": mara, "now": now, "password": PASSWORD}
    candidacy.decide(patient=order.patient, **wish)
    asked = Task.objects.open().filter(kind=TaskKind.ORDER_CHANGED, about__in=[visit.pk for visit in booked])
    assert asked.count() == many
    assert {visit.status for visit in fulfilment.visits_of(order)} == {"booked"}, "none is cancelled by itself"


def test_nothing_is_held_beyond_the_first_visit(order: Order, ana: User, now: datetime, at: Callable) -> None:
    fulfilment.hold(order_id=order.pk, visits=[PlannedVisit(at(24, 9)), PlannedVisit(at(27, 9))], by=ana, now=now)
    assert set(Appointment.objects.values_list("held_until", flat=True)) == {at(24, 9)}


class TestWhatIsSaidOnTheMovePage:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            ("2026-11-28", "not open on Saturdays"),
            ("2026-11-25", "It may be from Thu 26 Nov to Tue 1 Dec"),
        ],
    )
    @pytest.mark.parametrize("scope", ["one", "later"])
    def test_the_same_for_one_and_for_the_later_ones(
        self, booked, ana: User, page_as: Callable, now: datetime, day: str, words: str, scope: str
    ) -> None:
        with time_machine.travel(now, tick=False):
            sent = {"day": day, "time": "10:00", "scope": scope, "version": booked[1].version}
            answer = page_as(ana).post(f"/appointments/{booked[1].pk}/move/", sent)
        html = answer.content.decode()
        assert (answer.status_code, words in html, f'value="{day}"' in html) == (422, True, True)
        assert "first visit" not in html
