"""Moving, cancelling and taking back visits of an order; what lights up then; exceptions; holds."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import User
from infusions import exceptions, fulfilment, orders, repair, rescheduling
from infusions.models import ExceptionKind, ExceptionUse, Order, OrderException
from infusions.rescheduling import Scope
from infusions.signing import broken
from patients.models import Task, TaskKind
from scheduling import booking, holding
from scheduling.models import Allocation, Appointment
from scheduling.moving import Move
from scheduling.series import PlannedVisit
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, NONSENSE, known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)

pytestmark = pytest.mark.django_db


def everything(of: object = Appointment) -> dict:
    """Every appointment and allocation as stored, by id."""
    return {(model.__name__, row["id"]): row for model in (Appointment, Allocation) for row in model.objects.values()}


def changed(before: dict) -> set:
    now = everything()
    return {key for key in before | now if before.get(key) != now.get(key)}


def touched_visits(before: dict) -> set:
    rows = {row["id"]: row["appointment_id"] for row in Allocation.objects.values("id", "appointment_id")}
    return {key[1] if key[0] == "Appointment" else rows[key[1]] for key in changed(before)}


def repairs() -> set:
    return set(Appointment.objects.exclude(needs_repair="").values_list("pk", flat=True))


def open_tasks() -> set:
    return set(Task.objects.open().filter(kind=TaskKind.NEEDS_REPAIR).values_list("about", flat=True))


@pytest.fixture
def allowed(order: Order, mara: User, now: datetime) -> Callable[..., OrderException]:  # noqa: F811
    def signed(day: date, **more: object) -> OrderException:
        wish = {"kind": ExceptionKind.OUTSIDE_GAPS, "reason": "Seen well.", "by": mara, "password": PASSWORD, **more}
        return exceptions.allow(order_id=order.pk, day=day, now=now, **wish)

    return signed


class TestMovingOne:
    def test_the_later_ones_light_up_and_nothing_else_changes(self, booked, ana, now, at):  # noqa: F811
        before = everything()
        rescheduling.move(appointment_id=booked[0].pk, start=at(26, 9), by=ana, now=now)
        assert touched_visits(before) == {booked[0].pk, booked[1].pk}
        assert repairs() == open_tasks() == {booked[1].pk}
        booked[1].refresh_from_db()
        assert booked[1].needs_repair == "1 day after Thu 26 Nov; the order says 2 to 7"
        assert (booked[1].start, booked[1].placing) == (at(27, 9), 1)

    def test_back_again_the_light_goes_out(self, booked, ana, now, at):  # noqa: F811
        rescheduling.move(appointment_id=booked[0].pk, start=at(26, 9), by=ana, now=now)
        rescheduling.move(appointment_id=booked[0].pk, start=at(24, 9), by=ana, now=now)
        assert repairs() == open_tasks() == set()

    def test_the_repair_moves_as_few_as_can_be(self, order, booked, ana, now, at):  # noqa: F811
        rescheduling.move(appointment_id=booked[2].pk, start=at(2, 9, 12), by=ana, now=now)
        rescheduling.move(appointment_id=booked[0].pk, start=at(26, 9), by=ana, now=now)
        plan = repair.plan(order=orders.signed_order(order.pk), now=now)
        [one] = plan.moves
        assert (one.appointment, one.start) == (booked[1].pk, at(30, 9))
        rescheduling.move_all(moves=plan.moves, by=ana, now=now)
        assert repairs() == open_tasks() == set()


class TestThisAndLater:
    def test_planned_and_moved_at_once(self, order, booked, ana, now, at):  # noqa: F811
        plan = rescheduling.plan_later(appointment_id=booked[1].pk, start=at(1, 10, 12), by=ana, now=now)
        assert [visit.pk for visit in plan.visits] == [booked[1].pk, booked[2].pk]
        assert plan.proposal.visits[0].start == at(1, 10, 12)
        assert Appointment.objects.get(pk=booked[1].pk).start == at(27, 9)
        before = everything()
        moved = rescheduling.move_all(moves=plan.moves, by=ana, now=now)
        assert {visit.pk for visit in moved} == touched_visits(before) == {booked[1].pk, booked[2].pk}
        assert {visit.placing for visit in moved} == {2}
        assert repairs() == set()

    def test_one_may_go_where_another_stood(self, booked, ana, now, at):  # noqa: F811
        moves = [Move(booked[1].pk, at(30, 9)), Move(booked[2].pk, at(3, 9, 12))]
        moved = rescheduling.move_all(moves=moves, by=ana, now=now)
        assert [visit.start for visit in moved] == [at(30, 9), at(3, 9, 12)]

    def test_all_or_none(self, booked, ana, now, at):  # noqa: F811
        before = everything()
        moves = [Move(booked[1].pk, at(28, 9)), Move(booked[2].pk, at(28, 12))]
        with pytest.raises(Invalid, match=r"not open on Saturdays|days after"):
            rescheduling.move_all(moves=moves, by=ana, now=now)
        assert changed(before) == set()


class TestCancelling:
    def test_late_is_the_one_that_is_near(self, booked, ana, at):  # noqa: F811
        how = {"how": Status.CANCELLED_LATE, "reason": "Flu.", "by": ana, "now": at(24, 8)}
        done = rescheduling.cancel(appointment_id=booked[0].pk, scope=Scope.LATER, **how)
        assert [visit.status for visit in done] == ["cancelled-late", "cancelled-by-patient", "cancelled-by-patient"]
        with pytest.raises(Clash):
            rescheduling.cancel(appointment_id=booked[1].pk, scope=Scope.ONE, **how)

    @pytest.mark.parametrize(("scope", "gone"), [(Scope.ONE, [1]), (Scope.LATER, [1, 2]), (Scope.REST, [0, 1, 2])])
    def test_only_what_was_chosen(self, booked, ana, now, scope, gone):  # noqa: F811
        before = everything()
        rescheduling.cancel(
            appointment_id=booked[1].pk, scope=scope, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now
        )
        expected = {booked[nth].pk for nth in gone}
        cancelled = set(Appointment.objects.filter(status=Status.CANCELLED_BY_PATIENT).values_list("pk", flat=True))
        assert cancelled == touched_visits(before) == expected

    def test_a_hole_that_is_too_wide_lights_up(self, booked, ana, now, at):  # noqa: F811
        rescheduling.move(appointment_id=booked[2].pk, start=at(2, 9, 12), by=ana, now=now)
        rescheduling.cancel(
            appointment_id=booked[1].pk,
            scope=Scope.ONE,
            how=Status.CANCELLED_BY_PATIENT,
            reason="Ill.",
            by=ana,
            now=now,
        )
        assert repairs() == {booked[2].pk}

    def test_a_visit_not_given_does_not_count(self, order, booked, ana, now):  # noqa: F811
        booking.cancel(appointment_id=booked[2].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        assert fulfilment.visits_left(orders.signed_order(order.pk)) == 1


class TestTakingBack:
    def test_not_when_the_order_has_no_visit_left(self, order, booked, ana, now, at):  # noqa: F811
        booking.cancel(appointment_id=booked[2].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(1, 9, 12))], by=ana, now=now)
        with pytest.raises(Clash, match="All 3 visits"):
            booking.undo(appointment_id=booked[2].pk, by=ana, now=now)

    def test_not_on_a_stopped_order(self, order, booked, ana, mara, now):  # noqa: F811
        booking.cancel(appointment_id=booked[2].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        orders.stop(order_id=order.pk, by=mara, now=now, reason="Enough.")
        with pytest.raises(Clash, match="No order is in force"):
            booking.undo(appointment_id=booked[2].pk, by=ana, now=now)

    def test_not_against_the_gaps(self, booked, ana, now, at):  # noqa: F811
        booking.cancel(appointment_id=booked[1].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        rescheduling.move(appointment_id=booked[2].pk, start=at(26, 9), by=ana, now=now)
        with pytest.raises(Clash, match="2 to 7 days"):
            booking.undo(appointment_id=booked[1].pk, by=ana, now=now)

    def test_where_nothing_is_in_the_way_it_is(self, booked, ana, now):  # noqa: F811
        booking.cancel(appointment_id=booked[1].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        assert booking.undo(appointment_id=booked[1].pk, by=ana, now=now).status == Status.BOOKED


class TestExceptions:
    def test_one_visit_on_that_day_and_no_other(self, order, booked, allowed, ana, now, at):  # noqa: F811
        with pytest.raises(Invalid, match="needs the prescriber"):
            rescheduling.move(appointment_id=booked[2].pk, start=at(10, 9, 12), by=ana, now=now)
        one = allowed(date(2026, 12, 10))
        moved = rescheduling.move(appointment_id=booked[2].pk, start=at(10, 9, 12), by=ana, now=now)
        assert (moved.needs_repair, repairs()) == ("", set())
        assert ExceptionUse.objects.get().exception == one
        booking.cancel(appointment_id=booked[1].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        with pytest.raises(Clash, match="stands on Thu 10 Dec already"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(10, 13, 12))], by=ana, now=now)

    def test_books_a_visit_outside_the_gaps(self, order, allowed, ana, now, at):  # noqa: F811
        allowed(date(2026, 12, 10))
        visits = [PlannedVisit(at(24, 9)), PlannedVisit(at(10, 9, 12))]
        fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now)
        assert repairs() == set()

    def test_is_free_again_when_its_visit_goes(self, booked, allowed, ana, now, at):  # noqa: F811
        allowed(date(2026, 12, 10))
        rescheduling.move(appointment_id=booked[2].pk, start=at(10, 9, 12), by=ana, now=now)
        rescheduling.move(appointment_id=booked[2].pk, start=at(30, 9), by=ana, now=now)
        again = rescheduling.move(appointment_id=booked[2].pk, start=at(10, 9, 12), by=ana, now=now)
        assert (again.start, repairs()) == (at(10, 9, 12), set())

    def test_only_a_prescriber_signs_one(self, order, nils, ana, vera, now):  # noqa: F811
        for person in (nils, ana, vera):
            with pytest.raises(NotAllowed):
                exceptions.allow(
                    order_id=order.pk,
                    kind=ExceptionKind.OUTSIDE_GAPS,
                    day=date(2026, 12, 10),
                    reason="Please.",
                    by=person,
                    now=now,
                    password=PASSWORD,
                )

    def test_the_database_refuses_everybody_else(self, order, nils, now):  # noqa: F811
        with pytest.raises(Exception, match=r"clinician|role"), recorded(by=nils):
            OrderException(
                order=order,
                patient=order.patient,
                kind=ExceptionKind.NO_ESCORT,
                day=date(2026, 12, 10),
                reason="x",
                author=nils,
                entered_at=now,
                signed_name="Nils",
                signed_meaning="x",
                content_hash="x",
            ).save()
        assert not OrderException.objects.exists()

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"reason": " "}, "reason"),
            ({"day": None}, "day"),
            ({"day": date(2026, 11, 1)}, "day"),
            ({"kind": "x"}, "kind"),
        ],
    )
    def test_is_whole(self, allowed, more, field):
        with pytest.raises(Invalid) as refused:
            allowed(**{"day": date(2026, 12, 10), **more})
        assert list(refused.value.errors) == [field]

    # The count of wrong passwords is kept beside the request, so the people have to be there for good.
    @pytest.mark.django_db(transaction=True)
    def test_with_the_password(self, allowed):
        with pytest.raises(Invalid, match="not your password"):
            allowed(date(2026, 12, 10), password="guessed")

    def test_its_signature_is_verified(self, allowed):
        allowed(date(2026, 12, 10))
        assert list(broken()) == []

    def test_never_changes(self, allowed, mara):
        one = allowed(date(2026, 12, 10))
        with pytest.raises(DatabaseError, match="written once"), recorded(by=mara):
            OrderException.objects.filter(pk=one.pk).update(day=date(2026, 12, 11))


class TestHolds:
    def test_held_and_kept(self, order, ana, now, at):  # noqa: F811
        fulfilment.hold(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=ana, now=now)
        [visit] = fulfilment.visits_of(order)
        assert (visit.status, visit.held_until) == (Status.HELD, at(24, 9)), "24 hours, but no longer than to its start"
        assert fulfilment.visits_left(order) == 2
        [kept] = fulfilment.keep(order_id=order.pk, by=ana, now=now + timedelta(hours=20))
        assert (kept.status, kept.held_until) == (Status.BOOKED, None)
        assert set(Allocation.objects.values_list("active", "held_until")) == {(True, None)}

    def test_runs_out_on_its_own(self, order, ana, now, at):  # noqa: F811
        fulfilment.hold(order_id=order.pk, visits=[PlannedVisit(at(26, 9))], by=ana, now=now)
        later = now + timedelta(hours=25)
        with pytest.raises(Clash, match="Nothing of this series"):
            fulfilment.keep(order_id=order.pk, by=ana, now=later)
        assert holding.sweep(now=later) in (0, 1)
        assert [visit.status for visit in Appointment.objects.all()] == [Status.RELEASED]
        assert fulfilment.visits_left(order) == 3

    def test_whoever_takes_its_place_lights_up_what_stood_on_it(self, clinic, order, ana, now, at):  # noqa: F811
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=ana, now=now)
        fulfilment.hold(order_id=order.pk, visits=[PlannedVisit(at(30, 9))], by=ana, now=now)
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(3, 9, 12))], by=ana, now=now)
        last = fulfilment.visits_of(order)[-1]
        assert repairs() == set()
        other = known_patient(clinic, now, "Petrov")
        later = now + timedelta(hours=25)
        booking.book(patient=other, clinic=clinic, start=at(30, 9), minutes=60, by=ana, now=later)
        assert repairs() == open_tasks() == {last.pk}

    def test_fewer_now_and_the_rest_later(self, order, ana, now):  # noqa: F811
        first = fulfilment.propose(order=orders.signed_order(order.pk), now=now, wishes=fulfilment.Wishes(count=2))
        assert len(first.visits) == 2
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(v.start) for v in first.visits], by=ana, now=now)
        rest = fulfilment.propose(order=orders.signed_order(order.pk), now=now)
        assert [visit.number for visit in rest.visits] == [1]
        with pytest.raises(Invalid, match="1 visits left"):
            fulfilment.propose(order=orders.signed_order(order.pk), now=now, wishes=fulfilment.Wishes(count=2))


def test_an_order_that_is_stopped_leaves_its_visits_for_the_desk(order, booked, ana, mara, now):  # noqa: F811
    before = everything()
    orders.stop(order_id=order.pk, by=mara, now=now, reason="Enough.")
    assert changed(before) == set()
    tasks = Task.objects.open().filter(kind=TaskKind.ORDER_CHANGED)
    assert set(tasks.values_list("about", flat=True)) == {visit.pk for visit in booked}


def test_a_new_version_lights_up_what_no_longer_fits(order, booked, mara, now):  # noqa: F811
    new = orders.supersede(order_id=order.pk, by=mara, now=now, reason="Further apart.")
    wider = {**NONSENSE, **BOOKING, "min_gap_days": 5, "max_gap_days": 9}
    new = orders.change_draft(order_id=new.pk, by=mara, now=now, version=1, **wider)
    orders.sign(order_id=new.pk, by=mara, now=now, password=PASSWORD, version=new.version)
    assert repairs() == {booked[1].pk, booked[2].pk}


def test_another_clinics_visit_is_unknown(booked, zoe, now, at):  # noqa: F811
    with pytest.raises(NotFound):
        rescheduling.plan_later(appointment_id=booked[0].pk, start=at(25, 9), by=zoe, now=now)
