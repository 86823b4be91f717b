"""What ends the waiting without anybody saying so."""

# ruff: noqa: F811  (the fixtures of the same story)

from datetime import timedelta

import pytest

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash
from infusions import fulfilment, orders, rescheduling, waitlist
from infusions.models import WaitlistEntry
from infusions.models.waitlist import Answer, Closed
from patients import register
from scheduling import booking, holding
from scheduling.models.kinds import VisitKind
from scheduling.series import PlannedVisit
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, NONSENSE, known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)
from tests.infusions.test_waitlist import (  # noqa: F401  (the same story)
    chair,
    closed,
    freed,
    held,
    of,
    offered,
    waits,
)

pytestmark = pytest.mark.django_db


class TestWhatEndsTheWaiting:
    def test_a_series_booked_elsewhere(self, waits, order, ana, now, at):
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(26, 9))], by=ana, now=now)
        assert closed(waits) == Closed.BOOKED

    def test_a_hold_only_once_it_is_kept(self, waits, order, ana, now, at):
        fulfilment.hold(order_id=order.pk, visits=[PlannedVisit(at(26, 9))], by=ana, now=now)
        assert closed(waits) == ""
        fulfilment.keep(order_id=order.pk, by=ana, now=now)
        assert closed(waits) == Closed.BOOKED

    def test_a_consult_ends_waiting_for_a_consult_alone(self, waits, ada, clinic, ana, now, at):
        consult = waitlist.join(patient=ada, kind=VisitKind.CONSULT, minutes=30, by=ana, now=now)
        booking.book(patient=ada, clinic=clinic, start=at(26, 9), minutes=30, by=ana, now=now)
        assert (closed(waits), closed(consult)) == ("", Closed.BOOKED)

    def test_booked_elsewhere_what_is_held_for_them_is_free(self, waits, freed, order, ana, now, at):
        offer = offered(waits, freed, ana, now)
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(27, 9))], by=ana, now=now)
        offer.refresh_from_db()
        assert (offer.answer, held()) == (Answer.WITHDRAWN, [])

    def test_a_visit_moved_earlier_and_back(self, ada, booked, ana, now, at):
        entry = waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        rescheduling.move(appointment_id=booked[0].pk, start=at(24, 8), by=ana, now=now)
        assert closed(entry) == Closed.MOVED
        rescheduling.move(appointment_id=booked[0].pk, start=at(24, 9), by=ana, now=now)
        assert closed(entry) == ""

    def test_a_visit_moved_later_leaves_them_waiting(self, ada, booked, ana, now, at):
        entry = waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        rescheduling.move(appointment_id=booked[0].pk, start=at(24, 15), by=ana, now=now)
        assert closed(entry) == ""

    def test_a_visit_cancelled_and_taken_back(self, ada, booked, ana, now):
        entry = waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        booking.cancel(appointment_id=booked[0].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        assert closed(entry) == Closed.VISIT_GONE
        booking.undo(appointment_id=booked[0].pk, by=ana, now=now)
        assert closed(entry) == ""

    def test_an_order_that_is_stopped_with_what_was_offered(self, waits, freed, order, mara, ana, now):
        offer = offered(waits, freed, ana, now)
        orders.stop(order_id=order.pk, by=mara, now=now, reason="Enough.")
        offer.refresh_from_db()
        assert (closed(waits), offer.answer, held()) == (Closed.ORDER_ENDED, Answer.WITHDRAWN, [])

    def test_a_new_version_keeps_them_in_line(self, waits, order, mara, now):
        new = orders.supersede(order_id=order.pk, by=mara, now=now, reason="Further apart.")
        new = orders.change_draft(order_id=new.pk, by=mara, now=now, version=1, **{**NONSENSE, **BOOKING})
        orders.sign(order_id=new.pk, by=mara, now=now, password=PASSWORD, version=new.version)
        entry = WaitlistEntry.objects.get(pk=waits.pk)
        assert (entry.order_id, entry.closed_reason) == (new.pk, "")

    def test_a_day_passes_and_nothing_happens_by_itself(self, waits, freed, now, ana):
        offered(waits, freed, ana, now)
        waitlist.sweep(now=now + timedelta(days=3))
        holding.sweep(now=now + timedelta(days=3))
        assert closed(waits) == ""
        with recorded(by=SystemJob.HOLDS):
            assert waitlist.open_entries(waits.clinic).count() == 1


def test_a_record_is_not_merged_away_while_it_waits(waits, clinic, ana, now):
    other = known_patient(clinic, now, "Quill")
    consult = waitlist.join(patient=other, kind=VisitKind.CONSULT, minutes=30, by=ana, now=now)
    with pytest.raises(Clash, match="places on the waitlist"):
        register.merge(patient_id=other.pk, into_id=waits.patient_id, by=ana, reason="The same person.", now=now)
    waitlist.leave(entry_id=consult.pk, by=ana, now=now)
    register.merge(patient_id=other.pk, into_id=waits.patient_id, by=ana, reason="The same person.", now=now)
