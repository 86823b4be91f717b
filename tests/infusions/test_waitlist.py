"""Who waits, who could take a freed place and why, offers of it, and what ends the waiting."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotAllowed, NotFound, Stale
from config.staff.models import User
from infusions import orders, rescheduling, waitlist
from infusions.models import WaitlistEntry, WaitlistOffer
from infusions.models.waitlist import Answer, Closed, How
from infusions.waitlist import Verdict
from patients import register
from scheduling import booking
from scheduling.models import Appointment, Chair
from scheduling.models.kinds import VisitKind
from scheduling.rotas import time_off
from scheduling.rules import set_limits
from scheduling.states import Status
from tests.infusions.ordering import NONSENSE, bookable, known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def chair(ada) -> Chair:  # noqa: F811
    return Chair.objects.get(name="Chair 1")


@pytest.fixture
def freed(clinic, ada, chair, ana, now, at) -> Appointment:  # noqa: F811
    """Wednesday 25 November, 13:00 to 14:30 in Chair 1: Bo cancelled."""
    return cancelled(clinic, chair, ana, now, at(25, 13))


def cancelled(clinic, chair, by, now, start, minutes=90) -> Appointment:
    bo = known_patient(clinic, now, f"Bo{Appointment.objects.count()}")
    visit = booking.book(patient=bo, clinic=clinic, start=start, minutes=minutes, chair=chair, by=by, now=now)
    return booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=by, now=now)


@pytest.fixture
def waits(ada, order, ana, now) -> WaitlistEntry:  # noqa: F811
    """Ada waits for the first infusion of her order."""
    return waitlist.join(patient=ada, by=ana, now=now)


@pytest.fixture
def another(clinic, mara, ana, now) -> Callable[..., WaitlistEntry]:
    """`another("Reed", hours=2)`: somebody else with an order, who joined that many hours later."""

    def joined(family: str, hours: int = 1, **wishes: object) -> WaitlistEntry:
        patient = known_patient(clinic, now, family)
        bookable(patient, mara, now)
        return waitlist.join(patient=patient, by=ana, now=now + timedelta(hours=hours), **wishes)

    return joined


def of(freed: Appointment, now: datetime, entry: WaitlistEntry) -> waitlist.Fit:
    place = waitlist.freed_place(freed, now=now)
    return next(fit for fit in waitlist.fits(place=place, now=now) if fit.entry == entry)


def offered(entry, freed, by, now, **more) -> WaitlistOffer:
    place = waitlist.freed_place(freed, now=now)
    return waitlist.offer(
        **{"entry_id": entry.pk, "place": place, "start": place.start, "how": How.CALL, "by": by, "now": now, **more}
    )


def yes(offer: WaitlistOffer, by: User, now: datetime) -> WaitlistOffer:
    return waitlist.answer(offer_id=offer.pk, answer=Answer.YES, by=by, now=now)


def no(offer: WaitlistOffer, by: User, now: datetime) -> WaitlistOffer:
    return waitlist.answer(offer_id=offer.pk, answer=Answer.NO, by=by, now=now)


def closed(entry: WaitlistEntry) -> str:
    return WaitlistEntry.objects.get(pk=entry.pk).closed_reason


def held() -> list[Appointment]:
    return list(Appointment.objects.filter(status=Status.HELD))


class TestJoining:
    def test_for_an_infusion_of_the_order_in_force(self, waits, order, ana, now):  # noqa: F811
        assert (waits.order, waits.kind, waits.since, waits.added_by) == (order, VisitKind.INFUSION, now, ana)

    def test_not_without_an_order(self, clinic, ada, ana, now):  # noqa: F811
        with pytest.raises(Clash, match="No order is in force"):
            waitlist.join(patient=ada, by=ana, now=now)

    def test_not_with_no_visit_left_but_for_an_earlier_one(self, ada, booked, ana, now):  # noqa: F811
        with pytest.raises(Clash, match="All 3 visits"):
            waitlist.join(patient=ada, by=ana, now=now)
        entry = waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        assert entry.visit_start == booked[0].start

    def test_a_consult_needs_no_order_and_says_how_long(self, ada, ana, now):  # noqa: F811
        entry = waitlist.join(patient=ada, kind=VisitKind.CONSULT, minutes=30, by=ana, now=now)
        assert (entry.order, entry.minutes) == (None, 30)
        with pytest.raises(Invalid) as refused:
            waitlist.join(patient=ada, kind=VisitKind.CONSULT, by=ana, now=now)
        assert refused.value.field == "minutes"

    def test_once_for_the_same(self, waits, ada, ana, now):  # noqa: F811
        with pytest.raises(Clash, match="already, since Mon 23 Nov"):
            waitlist.join(patient=ada, by=ana, now=now)

    def test_once_by_the_database_too(self, waits, ada, order, ana, now):  # noqa: F811
        with pytest.raises(IntegrityError, match="waitlist_once_for_an_infusion"), recorded(by=ana):
            WaitlistEntry(clinic=ada.clinic, patient=ada, order=order, since=now, added_by=ana).save()

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"weekdays": [7]}, "weekdays"),
            ({"time_from": time(9, 3)}, "time_from"),
            ({"time_from": time(9), "time_until": time(9)}, "time_until"),
            ({"earliest": date(2026, 12, 2), "latest": date(2026, 12, 1)}, "latest"),
            ({"earliest": date(9999, 1, 1)}, "earliest"),
            ({"notice_hours": -1}, "notice_hours"),
            ({"notice_hours": 337}, "notice_hours"),
            ({"note": "x" * 201}, "note"),
            ({"dose": "3"}, "dose"),
        ],
    )
    def test_wishes_make_sense(self, ada, order, ana, now, wish, field):  # noqa: F811
        with pytest.raises(Invalid) as refused:
            waitlist.join(patient=ada, by=ana, now=now, **wish)
        assert refused.value.field == field
        assert not WaitlistEntry.objects.exists()

    def test_another_clinics_patient_is_unknown(self, ada, order, zoe, now):  # noqa: F811
        with pytest.raises(NotFound):
            waitlist.join(patient=ada, by=zoe, now=now)

    def test_nurses_and_prescribers_do_not_keep_the_list(self, ada, order, nils, mara, now):  # noqa: F811
        for person in (nils, mara):
            with pytest.raises(NotAllowed):
                waitlist.join(patient=ada, by=person, now=now)

    def test_an_unsigned_order_is_refused_by_the_database(self, ada, mara, ana, now):  # noqa: F811
        draft = orders.draft(patient=ada, by=mara, now=now, **NONSENSE)
        with pytest.raises(IntegrityError, match="not signed"), recorded(by=ana):
            WaitlistEntry(clinic=ada.clinic, patient=ada, order=draft, since=now, added_by=ana).save()

    def test_another_patients_order_is_refused_by_the_database(self, clinic, ada, order, ana, now):  # noqa: F811
        other = known_patient(clinic, now, "Reed")
        with pytest.raises(IntegrityError, match="another patient"), recorded(by=ana):
            WaitlistEntry(clinic=clinic, patient=other, order=order, since=now, added_by=ana).save()

    def test_another_clinics_entry_is_refused_by_the_database(self, other_clinic, ada, order, ana, now):  # noqa: F811
        with pytest.raises(IntegrityError, match="another clinic"), recorded(by=ana):
            WaitlistEntry(clinic=other_clinic, patient=ada, order=order, since=now, added_by=ana).save()


class TestLeaving:
    def test_and_back_to_their_place_in_the_line(self, waits, another, ana, now, clinic):
        another("Reed")
        gone = waitlist.leave(entry_id=waits.pk, by=ana, now=now)
        assert (gone.closed_reason, gone.closed_at) == (Closed.WITHDRAWN, now)
        back = waitlist.reopen(entry_id=waits.pk, by=ana, now=now + timedelta(hours=5))
        assert (back.closed_at, back.since) == (None, now)
        assert waitlist.open_entries(clinic).first() == waits

    def test_twice_is_said(self, waits, ana, now):
        waitlist.leave(entry_id=waits.pk, by=ana, now=now)
        with pytest.raises(Clash, match="taken off the waitlist"):
            waitlist.leave(entry_id=waits.pk, by=ana, now=now)

    def test_a_stale_change_is_refused(self, waits, ana, now):
        waitlist.change(entry_id=waits.pk, by=ana, version=1, note="After lunch.")
        with pytest.raises(Stale):
            waitlist.change(entry_id=waits.pk, by=ana, version=1, note="Before lunch.")

    def test_a_change_keeps_what_it_does_not_name(self, waits, ana, now):
        waitlist.change(entry_id=waits.pk, by=ana, weekdays=[2, 0, 2], notice_hours=24)
        entry = waitlist.change(entry_id=waits.pk, by=ana, note=" By  bus. ")
        assert (entry.weekdays, entry.notice_hours, entry.note, entry.since) == ([0, 2], 24, "By bus.", now)

    def test_another_clinics_entry_is_unknown(self, waits, zoe, now):
        for door in (waitlist.leave, waitlist.reopen):
            with pytest.raises(NotFound):
                door(entry_id=waits.pk, by=zoe, now=now)


class TestFreedPlace:
    def test_is_the_cancelled_visits(self, freed, chair, now, at):  # noqa: F811
        place = waitlist.freed_place(freed, now=now)
        assert (place.chair, place.start, place.end) == (chair, at(25, 13), at(25, 14) + 30 * MINUTE)

    def test_begins_now_once_its_time_has_come(self, freed, at):  # noqa: F811
        place = waitlist.freed_place(freed, now=at(25, 13) + 31 * MINUTE)
        assert place.start == at(25, 13) + 35 * MINUTE

    def test_is_none_when_past_or_when_the_visit_stands(self, freed, booked, now, at):  # noqa: F811
        with pytest.raises(Clash, match="past"):
            waitlist.freed_place(freed, now=at(25, 15))
        with pytest.raises(Clash, match="stands"):
            waitlist.freed_place(booked[0], now=now)

    def test_is_the_place_from_which_a_visit_was_moved(self, booked, ana, now, at):  # noqa: F811
        was = booked[2]
        moved = rescheduling.move(appointment_id=was.pk, start=at(1, 9, 12), by=ana, now=now)
        place = waitlist.freed_place(moved, now=now)
        assert (place.chair, place.start, place.end) == (was.chair, was.start, was.end)
        again = rescheduling.move(appointment_id=was.pk, start=at(2, 9, 12), by=ana, now=now)
        assert waitlist.freed_place(again, now=now).start == at(1, 9, 12)
        with pytest.raises(Clash, match="past"):
            waitlist.freed_place(again, now=at(3, 9, 12))
        gone = rescheduling.cancel(
            appointment_id=was.pk,
            scope=rescheduling.Scope.ONE,
            how=Status.CANCELLED_BY_PATIENT,
            reason="Ill.",
            by=ana,
            now=now,
        )
        assert waitlist.freed_place(gone[0], now=now).start == at(2, 9, 12)


class TestFits:
    def test_by_waiting_time(self, waits, another, freed, now):
        first, second = another("Reed", hours=-2), another("Stone", hours=4)
        found = waitlist.fits(place=waitlist.freed_place(freed, now=now), now=now)
        assert [fit.entry for fit in found] == [first, waits, second]
        assert {fit.verdict for fit in found} == {Verdict.FITS}
        assert found[1].why == ("3 of 3 visits left",)

    def test_only_within_the_gaps(self, ada, booked, freed, ana, now):  # noqa: F811
        # Booked are 24, 27 and 30 November, 2 to 7 days apart: on the 25th there is a visit the day before.
        booking.cancel(appointment_id=booked[2].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        fit = of(freed, now, waitlist.join(patient=ada, by=ana, now=now))
        assert fit.verdict == Verdict.NO
        assert fit.hinders == ("1 day after Tue 24 Nov; the order says 2 to 7.",)

    def test_a_move_keeps_the_gaps_to_both_neighbours(self, ada, booked, clinic, chair, ana, now, at):  # noqa: F811
        last = waitlist.join(patient=ada, appointment=booked[2], by=ana, now=now)
        fit = of(cancelled(clinic, chair, ana, now, at(26, 13)), now, last)
        assert fit.verdict == Verdict.NO
        assert fit.hinders == ("1 day before Fri 27 Nov; the order says 2 to 7.",)

    def test_a_visit_that_may_move_says_where_it_stands(self, ada, booked, clinic, chair, ana, now, at):  # noqa: F811
        last = waitlist.join(patient=ada, appointment=booked[2], by=ana, now=now)
        booking.cancel(appointment_id=booked[1].pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        fit = of(cancelled(clinic, chair, ana, now, at(26, 13)), now, last)
        assert fit.verdict == Verdict.FITS
        assert fit.why == ("has Mon 30 Nov, 09:00", "2 days after Tue 24 Nov, the order says 2 to 7")

    def test_never_later_than_it_is(self, ada, booked, clinic, chair, ana, now, at):  # noqa: F811
        first = waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        assert of(cancelled(clinic, chair, ana, now, at(25, 13)), now, first).hinders == (
            "Has Tue 24 Nov, 09:00, which is earlier.",
        )

    def test_a_later_start_in_the_place_is_nearly_a_fit(self, ada, order, clinic, chair, ana, now, at):  # noqa: F811
        entry = waitlist.join(patient=ada, by=ana, now=now, time_from=time(13, 30))
        fit = of(cancelled(clinic, chair, ana, now, at(25, 13), minutes=120), now, entry)
        assert (fit.verdict, fit.start, fit.missed) == (Verdict.NEARLY, at(25, 13) + 30 * MINUTE, ())

    @pytest.mark.parametrize(
        ("wish", "missed"),
        [
            ({"weekdays": [0]}, "wishes Mon"),
            ({"time_until": time(12)}, "wishes to be done by 12:00"),
            ({"earliest": date(2026, 11, 26)}, "not before Thu 26 Nov"),
            ({"latest": date(2026, 11, 24)}, "only until Tue 24 Nov"),
            ({"notice_hours": 72}, "wants 72 h notice"),
        ],
    )
    def test_a_wish_that_it_misses_is_said_and_forbids_nothing(self, waits, freed, ana, now, wish, missed):
        waitlist.change(entry_id=waits.pk, by=ana, **wish)
        fit = of(freed, now, waits)
        assert (fit.verdict, fit.missed) == (Verdict.NEARLY, (missed,))

    def test_the_patients_own_days_forbid(self, waits, freed, ana, now):
        set_limits(patient=waits.patient, weekdays=[0], time_from=None, time_until=None, transport="", by=ana)
        assert of(freed, now, waits).verdict == Verdict.NO

    def test_another_visit_of_theirs_forbids(self, waits, freed, clinic, ana, now, at):  # noqa: F811
        booking.book(patient=waits.patient, clinic=clinic, start=at(25, 14), minutes=30, by=ana, now=now)
        fit = of(freed, now, waits)
        # 90 minutes would still end at 14:00 if they began half an hour before the place.
        assert (fit.verdict, fit.start) == (Verdict.NEARLY, at(25, 12) + 30 * MINUTE)

    def test_a_place_too_short_says_how_long_it_is(self, waits, clinic, chair, ana, now, at):  # noqa: F811
        for start in (at(25, 12), at(25, 14)):
            other = known_patient(clinic, now, f"Next{start:%H}")
            booking.book(patient=other, clinic=clinic, start=start, minutes=60, chair=chair, by=ana, now=now)
        fit = of(cancelled(clinic, chair, ana, now, at(25, 13), minutes=60), now, waits)
        assert fit.hinders == ("Needs 90 minutes; 60 are free.",)

    def test_no_nurse_no_fit(self, waits, freed, nils, ana, vera, now):
        time_off(user=nils, first=date(2026, 11, 25), last=date(2026, 11, 25), reason="Course.", by=vera)
        assert of(freed, now, waits).hinders == ("No nurse has room then.",)

    def test_an_order_on_hold_forbids_in_words(self, waits, freed, order, mara, now):  # noqa: F811
        orders.hold(order_id=order.pk, by=mara, now=now, reason="Wait for results.")
        assert of(freed, now, waits).hinders == ("The order is on hold. A prescriber can resume it.",)

    def test_the_dead_are_not_in_line(self, waits, freed, now, ana):
        register.record_death(patient_id=waits.patient_id, on=None, by=ana, now=now)
        assert waitlist.fits(place=waitlist.freed_place(freed, now=now), now=now) == []

    def test_queries_do_not_grow_with_those_for_whom_there_is_no_room(self, waits, another, freed, now, ana):
        place = waitlist.freed_place(freed, now=now)
        for family in ("Reed", "Stone"):
            patient = another(family).patient
            set_limits(patient=patient, weekdays=[0], time_from=None, time_until=None, transport="", by=ana)
        with CaptureQueriesContext(connection) as few:
            waitlist.fits(place=place, now=now)
        for family in ("Thorn", "Umber", "Vale"):
            patient = another(family).patient
            set_limits(patient=patient, weekdays=[0], time_from=None, time_until=None, transport="", by=ana)
        with CaptureQueriesContext(connection) as more:
            waitlist.fits(place=place, now=now)
        assert len(more) == len(few)
