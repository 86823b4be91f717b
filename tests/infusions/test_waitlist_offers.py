"""A place is offered to those who wait: held, asked, and the first yes has it."""

# ruff: noqa: F811  (the fixtures of the same story)

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound
from infusions import fulfilment, orders, waitlist
from infusions.models import WaitlistOffer
from infusions.models.waitlist import Answer, Closed, How
from infusions.waitlist import Verdict
from patients.models import Task, TaskKind
from scheduling import booking, holding
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status
from tests.infusions.ordering import known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)
from tests.infusions.test_waitlist import (  # noqa: F401  (the same line)
    MINUTE,
    another,
    cancelled,
    chair,
    closed,
    freed,
    held,
    no,
    of,
    offered,
    waits,
    yes,
)

pytestmark = pytest.mark.django_db


class TestOffering:
    def test_others_still_fit_what_is_offered_to_one(self, waits, another, freed, ana, now):
        reed = another("Reed")
        offered(waits, freed, ana, now)
        assert of(freed, now, reed).verdict == Verdict.FITS
        assert of(freed, now, waits).hinders == ("They were offered Wed 25 Nov, 13:00 and have not answered.",)

    def test_holds_the_place_for_half_an_hour(self, waits, freed, ana, now, chair):
        offer = offered(waits, freed, ana, now)
        [hold] = held()
        assert offer.expires_at == hold.held_until == now + timedelta(minutes=30)
        assert (hold.patient, hold.chair, hold.start, hold.length) == (waits.patient, chair, freed.start, 90 * MINUTE)
        assert hold.series is None
        assert fulfilment.visits_left(orders.signed_order(waits.order_id)) == 3

    def test_nobody_books_it_meanwhile(self, waits, freed, clinic, chair, ana, now):
        offered(waits, freed, ana, now)
        other = known_patient(clinic, now, "Reed")
        with pytest.raises(Clash, match="Chair 1 is taken"):
            booking.book(patient=other, clinic=clinic, start=freed.start, minutes=30, chair=chair, by=ana, now=now)

    def test_to_be_called_is_a_task_that_goes_with_the_answer(self, waits, freed, ana, now):
        offer = offered(waits, freed, ana, now, how=How.TO_CALL)
        [task] = Task.objects.open().filter(kind=TaskKind.CALL_BACK)
        assert (task.about, task.about_kind) == (offer.pk, "waitlist-offer")
        assert task.words == "Offer Wed 25 Nov, 13:00 from the waitlist by telephone; it is held until 16:00."
        no(offer, ana, now)
        assert not Task.objects.open().filter(kind=TaskKind.CALL_BACK).exists()

    def test_a_second_one_shares_the_hold_and_the_longest_end(self, waits, another, freed, ana, now):
        first = offered(waits, freed, ana, now)
        second = offered(another("Reed"), freed, ana, now + 10 * MINUTE)
        first.refresh_from_db()
        [hold] = held()
        assert first.round == second.round
        assert first.expires_at == second.expires_at == hold.held_until == now + 40 * MINUTE
        assert hold.patient == waits.patient

    def test_not_twice_to_the_same(self, waits, freed, ana, now):
        offered(waits, freed, ana, now)
        with pytest.raises(Clash, match="have not answered"):
            offered(waits, freed, ana, now)

    def test_not_to_somebody_who_does_not_fit(self, ada, booked, freed, ana, now):
        entry = waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        with pytest.raises(Clash, match="which is earlier"):
            offered(entry, freed, ana, now)
        assert held() == []

    def test_against_a_wish_it_is_offered_all_the_same(self, waits, freed, ana, now):
        waitlist.change(entry_id=waits.pk, by=ana, weekdays=[0])
        assert offered(waits, freed, ana, now).start == freed.start

    def test_not_to_somebody_who_left(self, waits, freed, ana, now):
        waitlist.leave(entry_id=waits.pk, by=ana, now=now)
        with pytest.raises(Clash, match="no longer wait"):
            offered(waits, freed, ana, now)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"how": "fax"}, "how"),
            ({"expires_at": datetime(2026, 11, 23, 20, tzinfo=UTC)}, "expires_at"),
            ({"expires_at": datetime(2026, 11, 25, 21, 5, tzinfo=UTC)}, "expires_at"),
            ({"expires_at": datetime(2026, 12, 25, tzinfo=UTC)}, "expires_at"),
        ],
    )
    def test_bad_input_is_refused(self, waits, freed, ana, now, more, field):
        with pytest.raises(Invalid) as refused:
            offered(waits, freed, ana, now, **more)
        assert refused.value.field == field
        assert (held(), WaitlistOffer.objects.count()) == ([], 0)

    def test_a_hold_is_not_booked_past_the_answer(self, waits, freed, ana, now):
        offer = offered(waits, freed, ana, now)
        with pytest.raises(Clash, match="Record the answer there"):
            holding.keep(appointment_id=offer.hold_id, by=ana, now=now)


class TestAnswering:
    def test_yes_books_on_the_order(self, waits, freed, order, ana, now):
        offer = yes(offered(waits, freed, ana, now), ana, now + MINUTE)
        [visit] = fulfilment.visits_of(orders.signed_order(order.pk))
        assert offer.visit == visit
        assert (visit.status, visit.start, visit.chair) == (Status.BOOKED, freed.start, freed.chair)
        assert (closed(waits), held()) == (Closed.BOOKED, [])

    def test_yes_moves_the_visit(self, ada, booked, clinic, chair, ana, now, at):
        entry = waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        place = cancelled(clinic, chair, ana, now, at(24, 8), minutes=60)
        booking.move(appointment_id=booked[0].pk, start=at(24, 13), by=ana, now=now)
        offer = yes(offered(entry, place, ana, now), ana, now)
        assert offer.visit == booked[0]
        assert Appointment.objects.get(pk=booked[0].pk).start == at(24, 8)
        assert (closed(entry), held()) == (Closed.MOVED, [])

    def test_yes_books_a_consult(self, clinic, ada, freed, ana, now):
        entry = waitlist.join(patient=ada, kind=VisitKind.CONSULT, minutes=30, by=ana, now=now)
        visit = yes(offered(entry, freed, ana, now), ana, now).visit
        assert (visit.kind, visit.length, visit.status) == (VisitKind.CONSULT, 30 * MINUTE, Status.BOOKED)

    def test_the_first_yes_has_it_whosever_it_is(self, waits, another, freed, ana, now):
        first, reed = offered(waits, freed, ana, now), another("Reed")
        second = offered(reed, freed, ana, now)
        third = offered(another("Stone"), freed, ana, now)
        no(third, ana, now)
        assert yes(second, ana, now).visit.patient == reed.patient
        first.refresh_from_db()
        third.refresh_from_db()
        assert (first.answer, third.answer) == (Answer.TAKEN, Answer.NO)
        assert (closed(waits), closed(reed), held()) == ("", Closed.BOOKED, [])
        with pytest.raises(Clash, match="Somebody else said yes first"):
            yes(first, ana, now)

    def test_no_passes_the_hold_on(self, waits, another, freed, ana, now):
        first, reed = offered(waits, freed, ana, now), another("Reed")
        offered(reed, freed, ana, now)
        no(first, ana, now)
        [hold] = held()
        assert (hold.patient, hold.held_until) == (reed.patient, now + 30 * MINUTE)
        assert closed(waits) == ""

    def test_no_of_the_last_frees_the_place(self, waits, freed, ana, now):
        no(offered(waits, freed, ana, now), ana, now)
        assert held() == []
        assert offered(waits, freed, ana, now).answer == ""

    def test_taken_back_is_not_an_answer(self, waits, freed, ana, now):
        offer = waitlist.take_back(offer_id=offered(waits, freed, ana, now).pk, by=ana, now=now)
        assert (offer.answer, held()) == (Answer.WITHDRAWN, [])

    def test_run_out_is_said_whether_or_not_it_was_swept(self, waits, freed, ana, now):
        offer = offered(waits, freed, ana, now)
        late = offer.expires_at
        with pytest.raises(Clash, match="run out"):
            yes(offer, ana, late)
        assert waitlist.sweep(now=late) == 1
        assert holding.sweep(now=late) == 1
        assert waitlist.sweep(now=late) == 0
        offer.refresh_from_db()
        assert (offer.answer, offer.answered_at, closed(waits)) == (Answer.EXPIRED, late, "")
        with pytest.raises(Clash, match="run out"):
            yes(offer, ana, late)
        assert offered(waits, freed, ana, late).round != offer.round

    def test_what_runs_out_books_and_closes_nothing(self, waits, freed, ana, now):
        offered(waits, freed, ana, now, how=How.TO_CALL)
        waitlist.sweep(now=now + timedelta(hours=5))
        assert not Appointment.objects.filter(patient=waits.patient, status=Status.BOOKED).exists()
        assert not Task.objects.open().filter(kind=TaskKind.CALL_BACK).exists()

    def test_a_hold_given_back_by_hand_still_books_if_the_place_is_free(self, waits, freed, ana, now):
        offer = offered(waits, freed, ana, now)
        holding.release(appointment_id=offer.hold_id, by=ana, now=now)
        assert yes(offer, ana, now).visit.status == Status.BOOKED

    def test_and_is_told_when_it_is_not(self, waits, freed, clinic, chair, ana, now):
        offer = offered(waits, freed, ana, now)
        holding.release(appointment_id=offer.hold_id, by=ana, now=now)
        other = known_patient(clinic, now, "Reed")
        booking.book(patient=other, clinic=clinic, start=freed.start, minutes=30, chair=chair, by=ana, now=now)
        with pytest.raises(Clash, match="Chair 1 is taken"):
            yes(offer, ana, now)
        offer.refresh_from_db()
        assert (offer.answer, closed(waits)) == ("", "")

    def test_a_refused_yes_keeps_the_hold(self, waits, freed, order, mara, ana, now):
        offer = offered(waits, freed, ana, now)
        orders.hold(order_id=order.pk, by=mara, now=now, reason="Wait.")
        with pytest.raises(Clash, match="on hold"):
            yes(offer, ana, now)
        assert [hold.pk for hold in held()] == [offer.hold_id]

    def test_one_yes_in_a_round_by_the_database_too(self, waits, another, freed, ana, now):
        first, second = offered(waits, freed, ana, now), offered(another("Reed"), freed, ana, now)
        done = yes(first, ana, now)
        second.refresh_from_db()
        second.entry, second.answer, second.visit = done.entry, Answer.YES, done.visit
        with pytest.raises(IntegrityError, match="offer_one_yes_in_a_round"), recorded(by=ana):
            second.save()

    def test_another_clinics_offer_is_unknown(self, waits, freed, ana, zoe, now):
        with pytest.raises(NotFound):
            yes(offered(waits, freed, ana, now), zoe, now)
