"""Booked visits when their order changes, ends, or was kept from a hold; and what repair leaves alone."""

from datetime import date, timedelta

import pytest

from config.refusals import Clash
from infusions import exceptions, fulfilment, orders, repair, rescheduling
from infusions.models import ExceptionKind, Order
from infusions.rescheduling import Scope
from patients import tasks
from patients.models import Task, TaskKind
from scheduling import booking, holding
from scheduling.models import Appointment
from scheduling.series import PlannedVisit
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, NONSENSE
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)

pytestmark = pytest.mark.django_db


def superseded(order: Order, mara, now, **changed) -> Order:  # noqa: F811
    new = orders.supersede(order_id=order.pk, by=mara, now=now, reason="Changed.")
    new = orders.change_draft(order_id=new.pk, by=mara, now=now, version=1, **{**NONSENSE, **BOOKING, **changed})
    return orders.sign(order_id=new.pk, by=mara, now=now, password=PASSWORD, version=new.version)


def listed() -> dict:
    """The words of the open tasks about visits, by visit."""
    kinds = [TaskKind.ORDER_CHANGED, TaskKind.NEEDS_REPAIR]
    return dict(Task.objects.open().filter(kind__in=kinds).values_list("about", "words"))


class TestSuperseding:
    def test_the_patients_page_counts_what_was_booked_for_the_version_before(
        self,
        order,  # noqa: F811
        booked,  # noqa: F811
        mara,
        ana,
        page_as,
        now,
    ):
        superseded(order, mara, now)
        page = page_as(ana).get(f"/patients/{order.patient_id}/").content.decode()
        assert f"0 given, {len(listed())} booked, 0 left to book" in page
        assert "Plan visits" not in page

    def test_lists_every_visit_to_come_and_touches_none(self, order, booked, mara, now):  # noqa: F811
        before = list(Appointment.objects.order_by("start").values_list("pk", "start", "status"))
        superseded(order, mara, now)
        assert list(Appointment.objects.order_by("start").values_list("pk", "start", "status")) == before
        assert set(listed()) == {visit.pk for visit in booked}
        assert all("still fits" in words for words in listed().values())

    def test_a_visit_too_many_is_said_to_be_one_and_gets_no_new_date(self, order, booked, mara, now):  # noqa: F811
        new = superseded(order, mara, now, visits=2, min_gap_days=8, max_gap_days=10)
        assert "this is number 3" in listed()[booked[2].pk]
        planned = repair.plan(order=new, now=now)
        assert booked[2].pk not in {visit.pk for visit in planned.visits}
        assert [move.appointment for move in planned.moves] == [booked[1].pk]

    @pytest.mark.parametrize(
        ("changed", "why", "which"),
        [
            ({"visits": 2}, "the order has 2 visits, and this is number 3", [2]),
            ({"chair_minutes": 120}, "90 minutes long; the order says 120", [0, 1, 2]),
            ({"max_gap_days": None}, "does not say the largest gap", [0, 1, 2]),
            ({"first_visit_from": date(2026, 12, 20)}, "asks for the first visit from Sun 20 Dec", [0]),
        ],
    )
    def test_says_of_each_why_it_does_not_fit(self, order, booked, mara, now, changed, why, which):  # noqa: F811
        superseded(order, mara, now, **changed)
        told = listed()
        assert set(told) == {visit.pk for visit in booked}
        assert [nth for nth, visit in enumerate(booked) if why in told[visit.pk]] == which
        lit = Appointment.objects.exclude(needs_repair="").order_by("start").values_list("pk", flat=True)
        assert list(lit) == [booked[nth].pk for nth in which]

    def test_resuming_it_later_asks_nothing_anew(self, order, booked, mara, now):  # noqa: F811
        new = superseded(order, mara, now)
        for task in Task.objects.open():
            tasks.withdraw_about(kind=task.kind, about=task.about, by=mara, now=now)
        orders.hold(order_id=new.pk, by=mara, now=now, reason="Fever.")
        orders.resume(order_id=new.pk, by=mara, now=now + timedelta(hours=1), reason="Well.")
        assert listed() == {}


def test_a_hold_is_not_kept_once_its_order_is_stopped(order, ana, mara, now, at):  # noqa: F811
    fulfilment.hold(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=ana, now=now)
    [held] = fulfilment.visits_of(order)
    orders.stop(order_id=order.pk, by=mara, now=now, reason="Enough.")
    with pytest.raises(Clash, match="No order is in force"):
        holding.keep(appointment_id=held.pk, by=ana, now=now)
    assert Appointment.objects.get().status == Status.HELD


@pytest.mark.parametrize(("scope", "gone"), [(Scope.LATER, [1, 2, 3]), (Scope.REST, [0, 1, 2, 3])])
def test_later_and_rest_go_on_under_a_newer_version(order, ana, mara, now, at, scope, gone):  # noqa: F811
    visits = [PlannedVisit(at(24, 9)), PlannedVisit(at(27, 9))]
    fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now)
    new = superseded(order, mara, now, visits=4)
    more = [PlannedVisit(at(30, 9)), PlannedVisit(at(3, 9, 12))]
    fulfilment.book(order_id=new.pk, visits=more, by=ana, now=now)
    course = fulfilment.visits_of(new)
    rescheduling.cancel(
        appointment_id=course[1].pk, scope=scope, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now
    )
    cancelled = set(Appointment.objects.filter(status=Status.CANCELLED_BY_PATIENT).values_list("pk", flat=True))
    assert cancelled == {course[nth].pk for nth in gone}


def test_repair_leaves_a_visit_under_an_exception_where_it_stands(order, ana, mara, now, at):  # noqa: F811
    allowed = {"reason": "Away.", "by": mara, "password": PASSWORD, "now": now}
    fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9)), PlannedVisit(at(27, 9))], by=ana, now=now)
    exceptions.allow(order_id=order.pk, kind=ExceptionKind.OUTSIDE_GAPS, day=date(2026, 12, 21), **allowed)
    fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(21, 9, 12))], by=ana, now=now)
    first, second, far = fulfilment.visits_of(order)
    rescheduling.move(appointment_id=first.pk, start=at(26, 9), by=ana, now=now)
    plan = repair.plan(order=orders.signed_order(order.pk), now=now)
    assert [visit.pk for visit in plan.visits] == [second.pk]
    assert [move.appointment for move in plan.moves] == [second.pk]
    assert Appointment.objects.get(pk=far.pk).needs_repair == ""


def test_moving_this_and_later_stops_before_it(order, ana, mara, now, at):  # noqa: F811
    allowed = {"reason": "Away.", "by": mara, "password": PASSWORD, "now": now}
    fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9)), PlannedVisit(at(27, 9))], by=ana, now=now)
    exceptions.allow(order_id=order.pk, kind=ExceptionKind.OUTSIDE_GAPS, day=date(2026, 12, 21), **allowed)
    fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(21, 9, 12))], by=ana, now=now)
    first, second, _ = fulfilment.visits_of(order)
    plan = rescheduling.plan_later(appointment_id=first.pk, start=at(26, 9), by=ana, now=now)
    assert [visit.pk for visit in plan.visits] == [first.pk, second.pk]


def test_a_visit_cancelled_before_the_order_changed_is_asked_about_by_nobody(order, booked, ana, mara, now):  # noqa: F811
    how = {"how": Status.CANCELLED_BY_PATIENT, "reason": "Ill."}
    booking.cancel(appointment_id=booked[2].pk, by=ana, now=now, **how)
    superseded(order, mara, now)
    assert set(listed()) == {booked[0].pk, booked[1].pk}
