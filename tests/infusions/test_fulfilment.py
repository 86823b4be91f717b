"""A signed order and its visits: proposed within what the prescriber typed, booked all or none, moved in the gaps."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import Clinic, User
from infusions import fulfilment, orders, rescheduling
from infusions.fulfilment import Wishes
from infusions.models import Fulfilment, Order
from infusions.orders import signed_order
from patients.models import Patient
from scheduling import booking
from scheduling.models import Appointment, Series
from scheduling.opening import close_day
from scheduling.series import PlannedVisit
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, NONSENSE, accepted, bookable, drafted, known_patient, opened, signed

DAY = timedelta(days=1)


@pytest.fixture
def ada(clinic: Clinic, nils: User, vera: User, now: datetime) -> Patient:
    """Ada, at a clinic that is open every weekday from 8 to 17, with two chairs and a nurse."""
    opened(clinic, nurse=nils, by=vera)
    return known_patient(clinic, now)


@pytest.fixture
def at(clinic: Clinic) -> Callable[..., datetime]:
    """`at(24, 9)`: 9:00 on 24 November on the clinic's wall."""
    return lambda day, hour, month=11: datetime(2026, month, day, hour, tzinfo=clinic.tz)


@pytest.fixture
def order(ada: Patient, mara: User, now: datetime) -> Order:
    """Three visits, two to seven days apart, 90 minutes each."""
    return bookable(ada, mara, now)


@pytest.fixture
def booked(order: Order, ana: User, now: datetime, at: Callable[..., datetime]) -> list[Appointment]:
    """The three visits of it: 24, 27 and 30 November at 9:00."""
    visits = [PlannedVisit(at(24, 9)), PlannedVisit(at(27, 9)), PlannedVisit(at(30, 9))]
    fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now)
    return fulfilment.visits_of(order)


class TestProposing:
    def test_all_visits_within_the_typed_gaps(self, order: Order, now: datetime) -> None:
        found = fulfilment.propose(order=signed_order(order.pk), now=now)
        assert found.failure == ""
        assert [visit.number for visit in found.visits] == [1, 2, 3]
        assert all(2 <= visit.gap_days <= 7 for visit in found.visits[1:] if visit.gap_days is not None)
        assert {visit.end - visit.start for visit in found.visits} == {timedelta(minutes=90)}
        assert not Appointment.objects.exists()

    def test_wishes_are_kept(self, order: Order, now: datetime) -> None:
        wish = Wishes(first_from=date(2026, 12, 1), weekdays=[1, 3], time_from=time(13), time_until=time(16))
        found = fulfilment.propose(order=signed_order(order.pk), now=now, wishes=wish)
        assert found.visits[0].start.date() == date(2026, 12, 1)
        assert {visit.start.weekday() for visit in found.visits} <= {1, 3}
        assert all(visit.start.time() >= time(13) and visit.end.time() <= time(16) for visit in found.visits)

    def test_the_first_visit_lies_in_its_days(self, ada: Patient, mara: User, now: datetime) -> None:
        order = bookable(ada, mara, now, first_visit_from=date(2026, 12, 8), first_visit_until=date(2026, 12, 9))
        found = fulfilment.propose(order=signed_order(order.pk), now=now)
        assert found.visits[0].start.date() == date(2026, 12, 8)

    def test_a_course_begins_while_the_decision_on_candidacy_holds(
        self, ada: Patient, mara: User, ana: User, now: datetime, at: Callable[..., datetime]
    ) -> None:
        accepted(ada, mara, now, valid_until=date(2026, 11, 25))
        order = signed(ada, mara, now, **BOOKING)
        found = fulfilment.propose(order=signed_order(order.pk), now=now, wishes=Wishes(first_from=date(2026, 11, 25)))
        assert [visit.start.date() for visit in found.visits][:1] == [date(2026, 11, 25)]
        assert found.visits[1].start.date() > date(2026, 11, 25), "the later visits follow by the gaps"
        with pytest.raises(Invalid, match="first visit may be on Wed 25 Nov") as refused:
            fulfilment.propose(order=signed_order(order.pk), now=now, wishes=Wishes(first_from=date(2026, 11, 26)))
        assert refused.value.field == "first_from"
        with pytest.raises(Invalid, match="first visit may be on Wed 25 Nov"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(26, 9))], by=ana, now=now)
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(25, 9)), PlannedVisit(at(27, 9))], by=ana, now=now)

    def test_none_after_the_order_has_run_out(self, ada: Patient, mara: User, now: datetime) -> None:
        order = bookable(ada, mara, now, valid_until=date(2026, 11, 25))
        found = fulfilment.propose(order=signed_order(order.pk), now=now)
        assert found.visits == []
        assert "valid until" in found.failure

    @pytest.mark.parametrize("blank", sorted(BOOKING))
    def test_a_blank_limit_means_no_proposal(self, ada: Patient, mara: User, now: datetime, blank: str) -> None:
        accepted(ada, mara, now)
        order = signed(ada, mara, now, **{**BOOKING, blank: None})
        with pytest.raises(Invalid) as refused:
            fulfilment.propose(order=signed_order(order.pk), now=now)
        [missing] = refused.value.facts["missing"]
        assert missing["code"] == "no-limit"
        assert orders.BOOKING_LIMITS[blank] in missing["words"]
        assert "prescriber" in missing["words"]

    def test_a_draft_has_none(self, ada: Patient, mara: User, now: datetime) -> None:
        with pytest.raises(Clash, match="not signed"):
            fulfilment.propose(order=signed_order(drafted(ada, mara, now, **BOOKING).pk), now=now)

    def test_no_order_on_hold_stopped_or_superseded(self, order: Order, mara: User, now: datetime) -> None:
        orders.hold(order_id=order.pk, by=mara, now=now, reason="Fever.")
        with pytest.raises(Clash, match="on hold") as refused:
            fulfilment.propose(order=signed_order(order.pk), now=now)
        assert "Fever" not in refused.value.message
        orders.stop(order_id=order.pk, by=mara, now=now, reason="No use.")
        with pytest.raises(Clash, match="stopped"):
            fulfilment.propose(order=signed_order(order.pk), now=now)

    def test_no_candidacy_no_dates(self, ada: Patient, mara: User, now: datetime) -> None:
        order = signed(ada, mara, now, **BOOKING)
        with pytest.raises(Clash, match="Nobody has decided"):
            fulfilment.propose(order=signed_order(order.pk), now=now)
        accepted(ada, mara, now, outcome="deferred")
        with pytest.raises(Clash, match="deferred"):
            fulfilment.propose(order=signed_order(order.pk), now=now)
        accepted(ada, mara, now, valid_until=date(2026, 11, 24))
        assert fulfilment.propose(order=signed_order(order.pk), now=now).visits
        with pytest.raises(Clash, match="run out"):
            fulfilment.propose(order=signed_order(order.pk), now=now + 2 * DAY)

    def test_an_expired_order(self, ada: Patient, mara: User, now: datetime) -> None:
        order = bookable(ada, mara, now, valid_until=date(2026, 11, 24))
        with pytest.raises(Clash, match="valid until"):
            fulfilment.propose(order=signed_order(order.pk), now=now + 2 * DAY)


@pytest.fixture
def six(ada: Patient, mara: User, ana: User, now: datetime, at: Callable[..., datetime]) -> Order:
    """Six visits, five of them booked, five to seven days apart: 24 November, 1, 8, 15 and 22 December, at 9:00."""
    order = bookable(ada, mara, now, visits=6, min_gap_days=5, max_gap_days=7)
    days = [at(24, 9), at(1, 9, 12), at(8, 9, 12), at(15, 9, 12), at(22, 9, 12)]
    fulfilment.book(order_id=order.pk, visits=[PlannedVisit(start) for start in days], by=ana, now=now)
    return signed_order(order.pk)


class TestTheHole:
    """A visit in the middle was cancelled: the next one to plan is that one, not one more at the end."""

    def cancel(self, order: Order, nth: int, by: User, now: datetime) -> None:
        how = {"how": Status.CANCELLED_BY_PATIENT, "reason": "Ill.", "by": by, "now": now}
        booking.cancel(appointment_id=fulfilment.visits_of(order)[nth].pk, **how)

    def test_it_is_filled_first_and_the_course_goes_on(self, six: Order, ana: User, now: datetime) -> None:
        self.cancel(six, 1, ana, now)
        found = fulfilment.propose(order=six, now=now)
        [one] = found.visits
        assert (one.start.date(), one.gap_days) == (date(2026, 12, 1), 7)
        assert {other.start.date() for other in one.alternatives} == {one.start.date()}, "both gaps are kept"
        fulfilment.book(order_id=six.pk, visits=[PlannedVisit(one.start)], by=ana, now=now)
        [last] = fulfilment.propose(order=six, now=now).visits
        assert last.start.date() > date(2026, 12, 22)

    def test_two_in_a_row(self, six: Order, ana: User, now: datetime) -> None:
        self.cancel(six, 1, ana, now)
        self.cancel(six, 1, ana, now)
        assert [visit.start.date().day for visit in fulfilment.propose(order=six, now=now).visits] == [1, 8]
        with pytest.raises(Invalid, match="24 Nov and Tue 15 Dec 2 visits are missing: plan 2 now") as refused:
            fulfilment.propose(order=six, now=now, wishes=Wishes(count=1))
        assert refused.value.field == "count"

    def test_a_full_day_is_said_and_nothing_is_put_at_the_end(
        self, six: Order, ana: User, vera: User, now: datetime
    ) -> None:
        self.cancel(six, 1, ana, now)
        close_day(clinic=six.clinic, day=date(2026, 12, 1), reason="Burst pipe", by=vera)
        found = fulfilment.propose(order=six, now=now)
        assert (found.visits, found.failed) == ([], 1)
        assert "Tue 1 Dec: the clinic is closed then" in found.failure

    def test_what_is_too_late_to_fill_is_left(self, six: Order, ana: User, now: datetime, at: Callable) -> None:
        self.cancel(six, 1, ana, now)
        later = at(4, 9, 12)
        found = fulfilment.propose(order=six, now=later)
        assert [visit.start.date() > date(2026, 12, 22) for visit in found.visits] == [True, True]

    def test_a_gap_that_the_order_allows_is_no_hole(self, booked: list, order: Order, ana: User, now: datetime) -> None:
        self.cancel(order, 1, ana, now)
        [one] = fulfilment.propose(order=signed_order(order.pk), now=now).visits
        assert one.start.date() > date(2026, 11, 30), "six days of at most seven"


class TestBooking:
    def test_all_visits_are_tied_to_the_order(self, order: Order, booked: list[Appointment]) -> None:
        assert [visit.status for visit in booked] == ["booked"] * 3
        assert Fulfilment.objects.get().order == order
        assert fulfilment.visits_left(order) == 0

    def test_not_more_than_ordered(self, order: Order, booked: list, ana: User, now: datetime, at: Callable) -> None:
        with pytest.raises(Clash, match="All 3 visits"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(3, 9, 12))], by=ana, now=now)

    def test_four_of_three(self, order: Order, ana: User, now: datetime, at: Callable) -> None:
        visits = [PlannedVisit(at(day, 9)) for day in (24, 26)] + [PlannedVisit(at(day, 9, 12)) for day in (1, 3)]
        with pytest.raises(Invalid, match="3 visits left, not 4"):
            fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now)

    def test_a_clash_of_the_last_leaves_nothing(
        self, order: Order, ana: User, vera: User, now: datetime, at: Callable
    ) -> None:
        for name in ("Reed", "Vale"):
            booking.book(
                patient=known_patient(order.clinic, now, name), clinic=order.clinic, start=at(30, 9), minutes=60,
                by=ana, now=now,
            )  # fmt: skip
        visits = [PlannedVisit(at(24, 9)), PlannedVisit(at(27, 9)), PlannedVisit(at(30, 9))]
        with pytest.raises(Clash) as refused:
            fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now)
        assert [conflict["visit"] for conflict in refused.value.facts["conflicts"]] == [3]
        assert not Series.objects.exists()
        assert not Fulfilment.objects.exists()
        assert Appointment.objects.filter(patient=order.patient).count() == 0

    def test_outside_the_gaps_nothing_is_booked(self, order: Order, ana: User, now: datetime, at: Callable) -> None:
        with pytest.raises(Invalid) as refused:
            fulfilment.book(
                order_id=order.pk, visits=[PlannedVisit(at(24, 9)), PlannedVisit(at(25, 9))], by=ana, now=now
            )
        assert refused.value.code == "outside-gaps"
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize("day", [24, 27])
    def test_the_first_visit_lies_in_its_days(
        self, ada: Patient, mara: User, ana: User, now: datetime, at: Callable, day: int
    ) -> None:
        window = {"first_visit_from": date(2026, 11, 25), "first_visit_until": date(2026, 11, 26)}
        order = bookable(ada, mara, now, **window)
        with pytest.raises(Invalid, match="first visit may be"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(day, 9))], by=ana, now=now)

    def test_a_day_after_the_order_has_run_out(
        self, ada: Patient, mara: User, ana: User, now: datetime, at: Callable
    ) -> None:
        order = bookable(ada, mara, now, valid_until=date(2026, 11, 25))
        with pytest.raises(Invalid, match="outside the days"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(26, 9))], by=ana, now=now)

    def test_a_cancelled_visit_is_left_to_give(
        self, order: Order, booked: list[Appointment], ana: User, now: datetime, at: Callable
    ) -> None:
        how = Status.CANCELLED_BY_PATIENT
        booking.cancel(appointment_id=booked[2].pk, how=how, reason="Ill.", by=ana, now=now)
        assert fulfilment.visits_left(order) == 1
        found = fulfilment.propose(order=signed_order(order.pk), now=now)
        assert [2 <= (visit.start.date() - date(2026, 11, 27)).days <= 7 for visit in found.visits] == [True]
        series = fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(1, 9, 12))], by=ana, now=now)
        assert series == booked[0].series
        with pytest.raises(Clash, match="All 3 visits"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(3, 9, 12))], by=ana, now=now)

    def test_a_new_visit_keeps_the_gap_to_the_booked_ones(
        self, order: Order, ana: User, now: datetime, at: Callable
    ) -> None:
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=ana, now=now)
        with pytest.raises(Invalid, match="1 day after"):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(25, 9))], by=ana, now=now)

    def test_the_rest_is_at_the_time_of_day_of_those_before(
        self, order: Order, ana: User, now: datetime, at: Callable
    ) -> None:
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 14))], by=ana, now=now)
        found = fulfilment.propose(order=signed_order(order.pk), now=now)
        assert [visit.start.hour for visit in found.visits] == [14, 14]

    def test_a_new_version_begins_after_the_old_ones_visits(
        self, order: Order, booked: list, mara: User, ana: User, now: datetime, at: Callable
    ) -> None:
        new = orders.supersede(order_id=order.pk, by=mara, now=now, reason="More.")
        more = {**NONSENSE, **BOOKING, "visits": 5}
        new = orders.change_draft(order_id=new.pk, by=mara, now=now, version=1, **more)
        orders.sign(order_id=new.pk, by=mara, now=now, password=PASSWORD, version=new.version)
        # The three that are booked will take place under the new version.
        assert fulfilment.visits_left(new) == 2
        found = fulfilment.propose(order=signed_order(new.pk), now=now)
        assert found.visits[0].start.date() >= date(2026, 12, 2)
        with pytest.raises(Invalid, match="1 day after the one before"):
            fulfilment.book(order_id=new.pk, visits=[PlannedVisit(at(1, 9, 12))], by=ana, now=now)
        fulfilment.release(order_id=order.pk, reason="A new version.", by=ana, now=now)
        assert fulfilment.visits_left(new) == 5

    def test_only_the_desk_books(self, order: Order, nils: User, mara: User, now: datetime, at: Callable) -> None:
        for person in (nils, mara):
            with pytest.raises(NotAllowed):
                fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=person, now=now)

    def test_not_from_another_clinic(self, order: Order, zoe: User, now: datetime, at: Callable) -> None:
        with pytest.raises(NotFound):
            fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=zoe, now=now)


class TestMoving:
    def test_within_the_gaps(self, booked: list[Appointment], ana: User, now: datetime, at: Callable) -> None:
        moved = rescheduling.move(appointment_id=booked[1].pk, start=at(26, 14), by=ana, now=now)
        assert moved.start == at(26, 14)
        assert moved.placing == booked[1].placing + 1

    @pytest.mark.parametrize(("visit", "day"), [(1, 25), (2, 28), (2, 24)])
    def test_not_too_near_the_visit_before(
        self, booked: list[Appointment], ana: User, now: datetime, at: Callable, visit: int, day: int
    ) -> None:
        with pytest.raises(Invalid) as refused:
            rescheduling.move(appointment_id=booked[visit].pk, start=at(day, 9), by=ana, now=now)
        assert (refused.value.code, list(refused.value.errors)) == ("outside-gaps", ["start"])
        booked[visit].refresh_from_db()
        assert booked[visit].placing == 1

    def test_the_words_name_the_days_that_would_do(
        self, booked: list[Appointment], ana: User, now: datetime, at: Callable
    ) -> None:
        with pytest.raises(Invalid, match=r"from Thu 26 Nov to Tue 1 Dec"):
            rescheduling.move(appointment_id=booked[1].pk, start=at(25, 9), by=ana, now=now)

    def test_no_move_while_the_order_is_on_hold(
        self, order: Order, booked: list[Appointment], ana: User, mara: User, now: datetime, at: Callable
    ) -> None:
        orders.hold(order_id=order.pk, by=mara, now=now, reason="Fever.")
        with pytest.raises(Clash, match="No order is in force"):
            rescheduling.move(appointment_id=booked[1].pk, start=at(26, 14), by=ana, now=now)

    def test_another_chair_at_the_same_time_needs_no_gap(
        self, order: Order, booked: list[Appointment], ana: User, mara: User, now: datetime
    ) -> None:
        orders.hold(order_id=order.pk, by=mara, now=now, reason="Fever.")
        from scheduling.models import Chair

        other = Chair.objects.exclude(pk=booked[1].chair_id).get()
        moved = rescheduling.move(appointment_id=booked[1].pk, start=booked[1].start, chair=other, by=ana, now=now)
        assert moved.chair_id == other.pk

    def test_a_consult_moves_freely(self, ada: Patient, ana: User, now: datetime, at: Callable) -> None:
        visit = booking.book(patient=ada, clinic=ada.clinic, start=at(24, 9), minutes=30, by=ana, now=now)
        assert rescheduling.move(appointment_id=visit.pk, start=at(25, 9), by=ana, now=now).start == at(25, 9)

    def test_by_the_desk_of_this_clinic(
        self, booked: list[Appointment], zoe: User, nils: User, now: datetime, at: Callable
    ) -> None:
        with pytest.raises(NotFound):
            rescheduling.move(appointment_id=booked[1].pk, start=at(26, 9), by=zoe, now=now)
        with pytest.raises(NotAllowed):
            rescheduling.move(appointment_id=booked[1].pk, start=at(26, 9), by=nils, now=now)


def test_a_release_cancels_what_is_to_come(
    order: Order, booked: list[Appointment], ana: User, now: datetime, at: Callable
) -> None:
    released = fulfilment.release(order_id=order.pk, reason="Order stopped.", by=ana, now=at(25, 9))
    assert [visit.pk for visit in released] == [booked[1].pk, booked[2].pk]
    assert [visit.pk for visit in fulfilment.visits_of(order)] == [booked[0].pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("many", "told"), [(3, "none-left"), (1, "clash")])
def test_two_desks_book_one_series(
    order: Order, ana: User, vera: User, now: datetime, at: Callable, many: int, told: str
) -> None:
    """Also a part of it: the loser is told that somebody was quicker, and what is free; not that the days are wrong."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    every = [PlannedVisit(at(24, 9)), PlannedVisit(at(27, 9)), PlannedVisit(at(30, 9))]
    visits = every[:many]

    def press(person: User) -> str:
        try:
            fulfilment.book(order_id=order.pk, visits=visits, by=person, now=now)
            return "booked"
        except Clash as clash:
            return clash.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, [ana, vera])) == sorted(["booked", told])
    assert Appointment.objects.count() == many
