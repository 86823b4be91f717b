"""Cancelling a visit and taking that back: whose place it is, and what is said when it is gone."""

# ruff: noqa: F811  (the fixtures of the same story)

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed
from scheduling import booking
from scheduling.models import Appointment
from scheduling.models.places import Kind
from scheduling.opening import close_day, set_hours
from scheduling.places import change_chair
from scheduling.rules import change_rules
from scheduling.states import Status
from tests.scheduling.conftest import MONDAY
from tests.scheduling.test_booking import active, book  # noqa: F401  (the same story)

pytestmark = pytest.mark.django_db


class TestCancel:
    @pytest.fixture
    def visit(self, book, okafor, at, chairs):
        return book(okafor, at("09:00"), chair=chairs[0])

    @pytest.fixture
    def cancelled(self, visit, ana, now):
        return booking.cancel(
            appointment_id=visit.pk, how=Status.CANCELLED_BY_PATIENT, reason="Has a cold", by=ana, now=now
        )

    def test_it_frees_the_place_and_keeps_the_reason(self, cancelled, book, petrov, at, chairs):
        assert (cancelled.status, cancelled.status_reason) == (Status.CANCELLED_BY_PATIENT, "Has a cold")
        assert active(cancelled) == []
        assert book(petrov, at("09:00"), chair=chairs[0])
        connection.check_constraints()

    def test_undone_it_takes_its_place_again(self, cancelled, ana, now):
        back = booking.undo(appointment_id=cancelled.pk, by=ana, now=now)
        assert (back.status, back.status_reason) == (Status.BOOKED, "")
        assert active(back) == [(Kind.CHAIR, 0), (Kind.NURSE, 1), (Kind.PATIENT, 0)]
        connection.check_constraints()

    def test_undone_too_late_it_says_what_has_the_place(self, cancelled, book, petrov, at, chairs, ana, now):
        book(petrov, at("10:00"), chair=chairs[0])
        with pytest.raises(Clash, match="Chair 1 is taken 10:00 to 12:00") as refused:
            booking.undo(appointment_id=cancelled.pk, by=ana, now=now)
        assert refused.value.facts["next_free"]
        cancelled.refresh_from_db()
        assert cancelled.status == Status.CANCELLED_BY_PATIENT

    def test_undone_on_a_day_that_was_closed_meanwhile_it_says_so(self, cancelled, desk, ana, vera, now):
        close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)
        with pytest.raises(Clash, match=r"The clinic is closed on Mon 30 Nov: Burst pipe\.") as refused:
            booking.undo(appointment_id=cancelled.pk, by=ana, now=now, reason="She can come")
        assert (refused.value.code, refused.value.facts["next_free"][0]) == ("closed", "2026-12-01T08:00:00-08:00")
        cancelled.refresh_from_db()
        assert cancelled.status == Status.CANCELLED_BY_PATIENT

    def test_undone_outside_the_hours_as_they_are_now_it_says_so(self, cancelled, desk, ana, vera, now):
        set_hours(clinic=desk, weekday=0, spans=[(time(10), time(18))], by=vera, now=now)
        with pytest.raises(Clash, match="open 10:00 to 18:00 on Mon 30 Nov; this visit would take 09:00 to 11:00"):
            booking.undo(appointment_id=cancelled.pk, by=ana, now=now)

    def test_undone_in_a_chair_that_is_out_of_service_now_it_says_so(self, cancelled, chairs, ana, vera, now):
        change_chair(chair_id=chairs[0].pk, in_service=False, by=vera, now=now)
        with pytest.raises(Clash, match=r"Chair 1 is out of service\."):
            booking.undo(appointment_id=cancelled.pk, by=ana, now=now)

    def test_what_has_begun_or_is_past_is_undone_whatever_the_hours_are_now(self, cancelled, desk, at, ana, vera, now):
        close_day(clinic=desk, day=MONDAY, reason="Burst pipe", by=vera, now=now)
        assert booking.undo(appointment_id=cancelled.pk, by=ana, now=at("09:01")).status == Status.BOOKED

    def test_nobody_takes_the_place_of_somebody_who_died(self, cancelled, okafor, ana, now):
        from config.audit.acting import recorded

        with recorded(by=SystemJob.SET_UP):
            okafor.deceased = True
            okafor.save()
        with pytest.raises(Invalid, match="died"):
            booking.undo(appointment_id=cancelled.pk, by=ana, now=now)

    def test_it_needs_a_reason_and_a_kind(self, visit, ana, now):
        with pytest.raises(Invalid, match="Say why") as refused:
            booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_LATE, reason=" ", by=ana, now=now)
        assert refused.value.field == "reason"
        with pytest.raises(Invalid, match="Say whether"):
            booking.cancel(appointment_id=visit.pk, how=Status.NO_SHOW, reason="x", by=ana, now=now)

    def test_a_nurse_does_not_cancel(self, visit, nils, now):
        with pytest.raises(NotAllowed):
            booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_LATE, reason="x", by=nils, now=now)

    @pytest.mark.parametrize("hours", [None, 0, 48])
    def test_late_only_from_the_clinics_own_limit_on(self, book, okafor, desk, at, ana, vera, hours):
        if hours is not None:
            change_rules(clinic=desk, late_cancel_hours=hours, by=vera)
        visit = book(okafor, at("09:00"))
        late_from = visit.start - timedelta(hours=24 if hours is None else hours)
        late = {"appointment_id": visit.pk, "how": Status.CANCELLED_LATE, "reason": "No car", "by": ana}
        with pytest.raises(Invalid, match="not late") as refused:
            booking.cancel(now=late_from - timedelta(minutes=1), **late)
        assert (refused.value.field, refused.value.code) == ("how", "not-late")
        assert Appointment.objects.get(pk=visit.pk).status == Status.BOOKED
        assert booking.cancel(now=late_from, **late).status == Status.CANCELLED_LATE

    def test_within_it_a_person_still_decides(self, book, okafor, at, ana):
        visit = book(okafor, at("09:00"))
        how = Status.CANCELLED_BY_PATIENT
        done = booking.cancel(appointment_id=visit.pk, how=how, reason="Snow", by=ana, now=at("08:00"))
        assert done.status == how

    @pytest.mark.parametrize("hours", [None, 48])
    def test_the_database_has_the_same_limit(self, book, okafor, desk, at, ana, vera, hours):
        if hours is not None:
            change_rules(clinic=desk, late_cancel_hours=hours, by=vera)
        visit = book(okafor, at("09:00"))
        late_from = visit.start - timedelta(hours=hours or 24)
        for since in (None, late_from - timedelta(seconds=1)):
            visit.status, visit.state_since, visit.status_reason = Status.CANCELLED_LATE, since, "x"
            with pytest.raises(IntegrityError, match="not late"), recorded(by=ana):
                visit.save()

    def test_a_new_limit_changes_no_fact(self, book, okafor, desk, at, ana, vera):
        visit = book(okafor, at("09:00"))
        late = booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_LATE, reason="x", by=ana, now=at("08:00"))
        change_rules(clinic=desk, late_cancel_hours=0, by=vera)
        with recorded(by=ana):
            late.save()
        assert Appointment.objects.get(pk=visit.pk).status == Status.CANCELLED_LATE
