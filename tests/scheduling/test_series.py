"""Proposing and booking many visits that belong together."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.audit.acting import SystemJob
from config.refusals import Clash, Invalid
from scheduling import booking
from scheduling.availability import free_starts
from scheduling.models import Allocation, Appointment, Resource, Series
from scheduling.opening import close_day, set_hours
from scheduling.places import add_chair, add_nurse, change_chair
from scheduling.rotas import time_off
from scheduling.rules import set_limits
from scheduling.series import Bounds, PlannedVisit, Preferences, book_series, check_gaps, propose
from scheduling.shape import plain
from tests.scheduling.conftest import MONDAY, open_week

pytestmark = pytest.mark.django_db
ORDER = {"count": 6, "min_gap_days": 12, "max_gap_days": 16, "minutes": 180}
GAPS = {"min_gap_days": 12, "max_gap_days": 16}


@pytest.fixture
def proposed(desk, okafor, now):
    def asked(**more):
        return propose(**{"clinic": desk, "patient": okafor, "now": now, "first_from": MONDAY, **ORDER, **more})

    return asked


@pytest.fixture
def book_all(desk, okafor, ana, now):
    def booked(starts, **more):
        visits = [start if isinstance(start, PlannedVisit) else PlannedVisit(start) for start in starts]
        wish = {"clinic": desk, "patient": okafor, "visits": visits, "minutes": 180, "by": ana, "now": now, **GAPS}
        return book_series(**{**wish, **more})

    return booked


@pytest.fixture
def six(at):
    return [at("09:00", MONDAY + timedelta(days=14 * n)) for n in range(6)]


def days_of(proposal):
    return [visit.start.date() for visit in proposal.visits]


class TestPropose:
    def test_the_earliest_series_that_keeps_every_gap(self, proposed):
        proposal = proposed()
        assert proposal.failure == ""
        # Twelve days each, but for the Sundays on which the clinic is closed.
        assert [visit.gap_days for visit in proposal.visits] == [None, 12, 12, 12, 13, 12]
        assert days_of(proposal)[0] == MONDAY
        assert {f"{v.start:%H:%M} {v.end:%H:%M}" for v in proposal.visits} == {"08:00 11:00"}
        assert [visit.number for visit in proposal.visits] == [1, 2, 3, 4, 5, 6]

    def test_every_visit_and_alternative_is_free_and_keeps_the_gaps(
        self, proposed, desk, okafor, now, book_all, petrov
    ):
        book_all([proposed().visits[1].start], patient=petrov)
        visits = proposed().visits
        for nth, visit in enumerate(visits):
            assert 2 <= len(visit.alternatives) <= 3
            for choice in visit.alternatives:
                day = choice.start.date()
                assert (
                    choice.start
                    in free_starts(clinic=desk, shape=plain(180), first=day, last=day, now=now, patient=okafor)[day]
                )
                before = [visits[nth - 1].start.date(), day] if nth else [day]
                after = [visits[nth + 1].start.date()] if nth < 5 else []
                check_gaps(days=before + after, **GAPS)

    def test_what_is_proposed_can_be_booked(self, proposed, book_all):
        series = book_all([PlannedVisit(visit.start, visit.chair_id) for visit in proposed().visits])
        assert series.appointments.count() == 6
        connection.check_constraints()

    def test_preferences(self, proposed):
        proposal = proposed(bounds=Bounds(weekdays=frozenset({1, 3}), time_from=time(12, 30), time_until=time(17)))
        assert {day.weekday() for day in days_of(proposal)} <= {1, 3}
        assert all(time(12, 30) <= v.start.time() and v.end.time() <= time(17) for v in proposal.visits)

    def test_the_same_time_of_day_is_kept_where_it_is_free(self, proposed, desk, ana, now, petrov, lindgren, at):
        for patient in (petrov, lindgren):
            booking.book(patient=patient, clinic=desk, start=at("08:00"), minutes=120, by=ana, now=now)
        assert {f"{visit.start:%H:%M}" for visit in proposed().visits} == {"10:00"}

    def test_wall_time_is_kept_across_the_clock_change(self, proposed):
        visits = proposed(first_from=date(2027, 2, 22)).visits
        assert {f"{visit.start:%H:%M}" for visit in visits} == {"08:00"}
        assert {f"{visit.start:%z}" for visit in visits} == {"-0800", "-0700"}

    def test_nothing_is_proposed_that_is_too_far_ahead_to_be_booked(self, proposed, book_all, now):
        late = {"first_from": MONDAY + timedelta(weeks=20)}
        proposal = proposed(**late)
        assert (proposal.visits, proposal.failed) == ([], 4)
        assert proposal.failure == ("Visit 4 would lie beyond the 26 weeks that can be planned. Plan fewer visits now.")
        fewer = proposed(count=3, **late).visits
        assert book_all([PlannedVisit(visit.start) for visit in fewer]).appointments.count() == 3
        assert all(other.start < now + timedelta(weeks=26, days=1) for visit in fewer for other in visit.alternatives)

    def test_after_an_earlier_visit_the_gap_counts_from_there(self, proposed):
        before = MONDAY + timedelta(days=3)
        proposal = proposed(count=2, bounds=Bounds(after=before))
        assert 12 <= (days_of(proposal)[0] - before).days <= 16

    def test_too_long_after_an_earlier_visit_only_the_prescriber_can_help(self, proposed):
        proposal = proposed(bounds=Bounds(after=date(2026, 10, 1)))
        assert proposal.visits == []
        assert "had to be by Sat 17 Oct" in proposal.failure
        assert "needs the prescriber" in proposal.failure

    def test_the_patients_own_visits_are_in_the_way(self, proposed, desk, okafor, ana, now, at):
        booking.book(patient=okafor, clinic=desk, start=at("08:00"), minutes=240, by=ana, now=now)
        assert f"{proposed().visits[0].start:%H:%M}" == "12:00"

    def test_the_queries_are_few_also_when_nothing_is_found(self, proposed):
        with CaptureQueriesContext(connection) as found:
            proposed()
        with CaptureQueriesContext(connection) as none:
            assert proposed(bounds=Bounds(time_until=time(9))).failure
        assert (len(found), len(none)) == (4, 5)

    def test_a_series_that_can_only_begin_later_is_found(self, proposed, desk):
        for n in range(60):
            close_day(clinic=desk, day=MONDAY + timedelta(days=n), reason="Rebuilding", by=SystemJob.SET_UP)
        assert days_of(proposed(count=2))[0] >= MONDAY + timedelta(days=60)


class TestVerdict:
    """What stood in the way of the wish, in words."""

    @pytest.fixture
    def one(self, proposed):
        def asked(at=None, weekdays=(), **more):
            prefer = Preferences(at=at, weekdays=frozenset(weekdays))
            wish = {"count": 1, "minutes": 60, "first_until": MONDAY, "prefer": prefer}
            [visit] = proposed(**{**wish, **more}).visits
            return f"{visit.start:%a %H:%M}", visit.verdict

        return asked

    @pytest.fixture
    def full(self, desk, petrov, lindgren, ana, now, at):
        """Two visits side by side: both chairs, and both patients that the nurse can watch."""

        def filled(clock, minutes):
            for patient in (petrov, lindgren):
                booking.book(patient=patient, clinic=desk, start=at(clock), minutes=minutes, by=ana, now=now)

        return filled

    def test_as_wished(self, one):
        assert one(at=time(9)) == ("Mon 09:00", "")

    def test_no_chair_until(self, one, full):
        full("08:00", 150)
        assert one(at=time(9)) == ("Mon 10:30", "no chair until 10:30")

    def test_no_nurse_lane_after(self, one, full, desk):
        add_chair(clinic=desk, name="Chair 3", by=SystemJob.SET_UP)
        full("15:00", 180)
        assert one(at=time(15)) == ("Mon 14:00", "no nurse lane after 14:00")

    def test_clinic_closed(self, one, desk):
        close_day(clinic=desk, day=MONDAY, reason="Staff day", by=SystemJob.SET_UP)
        tuesday = MONDAY + timedelta(days=1)
        assert one(weekdays=[0], first_until=tuesday) == ("Tue 08:00", "Mon 30 Nov: clinic closed")

    def test_outside_opening_and_limits(self, one):
        assert one(at=time(7)) == ("Mon 08:00", "no opening long enough until 08:00")
        told = one(at=time(9), bounds=Bounds(time_from=time(13)))
        assert told == ("Mon 13:00", "no time within the hours asked for until 13:00")

    def test_the_patient_has_another_visit(self, one, desk, okafor, ana, now, at):
        booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
        assert one(at=time(9, 5)) == ("Mon 10:00", "the patient has another visit at 09:05")

    def test_another_nurse(self, proposed, desk, mara, nils, now):
        add_nurse(user=mara, watch_lanes=2, by=SystemJob.SET_UP)
        time_off(user=nils, first=MONDAY, last=MONDAY, by=SystemJob.SET_UP, now=now)
        first, second = proposed(count=2, first_until=MONDAY, prefer=Preferences(nurse=nils.pk)).visits
        assert (first.verdict, first.nurse_id) == ("another nurse", None)
        assert (second.nurse_id, second.verdict) == (nils.pk, "")


class TestBounds:
    def test_pinned_visits_stay_and_the_rest_is_found_about_them(self, proposed, at):
        pinned = {2: at("13:00", MONDAY + timedelta(days=15)), 5: at("09:30", MONDAY + timedelta(days=58))}
        visits = proposed(pinned=pinned).visits
        assert {n: visits[n - 1].start for n in pinned} == pinned
        assert [visit.pinned for visit in visits] == [False, True, False, False, True, False]
        assert all(12 <= visit.gap_days <= 16 for visit in visits[1:])

    def test_a_pin_that_breaks_every_gap(self, proposed, at):
        found = proposed(pinned={1: at("09:00"), 2: at("09:00", MONDAY + timedelta(days=2))})
        told = (
            "Visit 2, kept at Wed 2 Dec, 09:00, does not keep the gaps to the visits beside it. Let it go or move it."
        )
        assert (found.failed, found.failure.startswith(told)) == (2, True)
        assert "without what is kept there is one" in found.failure

    def test_a_full_fortnight_before_a_pin_names_the_visit_that_has_no_place(self, proposed, desk, at):
        for n in range(16):
            close_day(clinic=desk, day=MONDAY + timedelta(days=1 + n), reason="Holidays", by=SystemJob.SET_UP)
        found = proposed(pinned={1: at("09:00"), 3: at("09:00", MONDAY + timedelta(days=28))})
        assert found.failed == 2
        assert "the clinic is closed then" in found.failure

    def test_a_pin_that_is_taken_and_one_that_was_not_asked_for(self, proposed, desk, okafor, ana, now, at):
        early = proposed(pinned={1: at("08:00")}, bounds=Bounds(time_from=time(12)))
        assert "outside the days and hours asked for" in early.failure
        booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
        taken = proposed(pinned={1: at("09:00")})
        assert (taken.failed, "has no place there any more" in taken.failure) == (1, True)

    def test_the_last_day_of_all(self, proposed):
        latest = MONDAY + timedelta(days=61)
        assert days_of(proposed(bounds=Bounds(latest_end=latest)))[-1] <= latest
        failure = proposed(bounds=Bounds(latest_end=MONDAY + timedelta(days=50))).failure
        assert "would lie after Tue 19 Jan, the last day asked for" in failure
        assert "with a later last day there is one" in failure

    def test_a_pin_after_the_last_day_tells_how_late_it_is(self, proposed, at):
        late = MONDAY + timedelta(days=14)
        found = proposed(pinned={2: at("09:00", late)}, bounds=Bounds(latest_end=late - timedelta(days=1)), count=2)
        assert (found.failed, found.late) == (2, (2, late))
        assert "outside the days and hours asked for" in found.failure

    def test_the_visit_that_stands_after_the_last(self, proposed):
        before = MONDAY + timedelta(days=80)
        for visit in proposed(count=3, bounds=Bounds(before=before)).visits[-1:]:
            choices = [visit.start, *(choice.start for choice in visit.alternatives)]
            assert all(12 <= (before - start.date()).days <= 16 for start in choices)
        assert "to the visits that stand" in proposed(bounds=Bounds(before=MONDAY + timedelta(days=30))).failure


class TestFailure:
    def test_a_closed_fortnight_names_the_visit_and_the_days(self, proposed, desk):
        for n in range(10, 40):
            close_day(clinic=desk, day=MONDAY + timedelta(days=n), reason="Holidays", by=SystemJob.SET_UP)
        failure = proposed(first_until=MONDAY).failure
        assert failure.startswith("Visit 2 of 6 has no place from Sat 12 Dec to Wed 16 Dec: the clinic is closed then.")

    def test_hours_too_short(self, proposed):
        assert "not open for 180 minutes" in proposed(bounds=Bounds(time_from=time(16))).failure

    def test_the_patients_own_days_are_named(self, proposed, okafor, ana):
        set_limits(patient=okafor, weekdays=[], time_from=time(17), time_until=None, transport="", by=ana)
        failure = proposed().failure
        assert "the patient can come only from 17:00" in failure
        assert "outside the patient’s own days and hours there is one" in failure

    def test_no_chair(self, proposed, desk, chairs, vera):
        for chair in chairs:
            change_chair(chair_id=chair.pk, in_service=False, by=vera)
        assert "no chair is free for 180 minutes" in proposed().failure

    def test_no_nurse(self, clinic, chairs, okafor, now):
        open_week(clinic)
        proposal = propose(clinic=clinic, patient=okafor, now=now, first_from=MONDAY, **ORDER)
        assert "no nurse takes visits at this clinic yet; a manager adds them." in proposal.failure

    def test_the_patient(self, proposed, desk, okafor, ana, now, at):
        booking.book(patient=okafor, clinic=desk, start=at("08:00"), minutes=600, by=ana, now=now)
        assert "the patient has other visits" in proposed(first_until=MONDAY).failure


class TestLimits:
    @pytest.mark.parametrize("missing", sorted(ORDER))
    def test_a_blank_limit_is_never_filled_in(self, proposed, missing):
        with pytest.raises(Invalid, match="not given") as refused:
            proposed(**{missing: None})
        assert refused.value.field == missing
        with pytest.raises(Invalid):
            proposed(**{missing: 0})

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"min_gap_days": 17}, "min_gap_days"),
            ({"minutes": 61}, "minutes"),
            ({"count": 61, "min_gap_days": 1}, "count"),
            ({"count": 20}, "count"),
            ({"first_until": date(2026, 11, 1)}, "first_until"),
            ({"first_until": MONDAY - timedelta(days=1)}, "first_until"),
            ({"first_until": MONDAY + timedelta(weeks=27)}, "first_until"),
            ({"first_from": MONDAY + timedelta(weeks=27)}, "first_from"),
        ],
    )
    def test_a_limit_that_makes_no_sense_names_its_field(self, proposed, more, field):
        with pytest.raises(Invalid) as refused:
            proposed(**more)
        assert refused.value.field == field


class TestBook:
    def test_all_of_them_in_one(self, book_all, six, okafor):
        series = book_all(six)
        visits = list(series.appointments.order_by("start"))
        assert [visit.start for visit in visits] == six
        assert {(visit.kind, visit.patient_id, visit.status) for visit in visits} == {("infusion", okafor.pk, "booked")}
        assert Allocation.objects.filter(active=True).count() == 18
        connection.check_constraints()

    def test_when_the_last_clashes_nothing_is_written(self, book_all, six, desk, petrov, lindgren, ana, now):
        for patient in (petrov, lindgren):
            booking.book(patient=patient, clinic=desk, start=six[-1], minutes=60, by=ana, now=now)
        before = [model.objects.count() for model in (Series, Appointment, Allocation, Resource)]
        traces = [model.history.count() for model in (Series, Appointment, Allocation, Resource)]
        with pytest.raises(
            Clash, match=r"Nothing was booked: visit 6 has no place\. All 2 chairs are taken"
        ) as refused:
            book_all(six)
        assert [model.objects.count() for model in (Series, Appointment, Allocation, Resource)] == before
        assert [model.history.count() for model in (Series, Appointment, Allocation, Resource)] == traces
        [conflict] = refused.value.facts["conflicts"]
        assert (conflict["visit"], conflict["start"]) == (6, six[-1].astimezone(desk.tz).isoformat())
        assert conflict["next_free"][0] == (six[-1] + timedelta(hours=1)).astimezone(desk.tz).isoformat()
        assert refused.value.facts["taken"] == conflict["taken"]

    def test_every_conflict_is_listed(self, book_all, six, desk):
        close_day(clinic=desk, day=six[1].astimezone(desk.tz).date(), reason="Holiday", by=SystemJob.SET_UP)
        set_hours(clinic=desk, weekday=0, spans=[(time(8), time(11))], by=SystemJob.SET_UP)
        with pytest.raises(Clash) as refused:
            book_all(six)
        told = [(conflict["visit"], conflict["words"][:22]) for conflict in refused.value.facts["conflicts"]]
        assert told[1] == (2, "The clinic is closed o")
        assert [visit for visit, _ in told] == [1, 2, 3, 4, 5, 6]

    def test_a_chair_that_is_named_is_kept(self, book_all, six, chairs):
        series = book_all([PlannedVisit(start, chairs[1].pk) for start in six])
        assert {visit.chair_id for visit in series.appointments.all()} == {chairs[1].pk}

    @pytest.mark.parametrize("days", [11, 17])
    def test_a_gap_outside_the_order_is_refused(self, book_all, six, days):
        six[3] = six[2] + timedelta(days=days)
        six[4:] = [six[3] + timedelta(days=14), six[3] + timedelta(days=28)]
        with pytest.raises(Invalid, match=rf"Visit 4, .*, is {days} days after") as refused:
            book_all(six)
        assert refused.value.field == "visits"

    def test_gaps_are_days_of_the_calendar_not_hours(self, book_all, at):
        # 12 days on the calendar, though less than 12 times 24 hours.
        book_all([at("13:00"), at("08:00", MONDAY + timedelta(days=12))])

    def test_the_rest_is_added_to_the_same_series(self, book_all, six):
        series = book_all(six[:3])
        again = book_all(six[3:], series=series, others=[MONDAY + timedelta(days=14 * n) for n in range(3)])
        assert again.pk == series.pk
        assert series.appointments.count() == 6
        with pytest.raises(Invalid, match="Visit 1"):
            book_all([six[5] + timedelta(days=14)], series=series, others=[MONDAY])

    def test_a_visit_in_the_past_is_named(self, book_all, six, at):
        six[0] = at("09:00", date(2026, 11, 17))
        with pytest.raises(Invalid, match="Visit 1: Tue 17 Nov, 09:00 is past"):
            book_all([six[0], six[0] + timedelta(days=13)])

    def test_six_cost_the_queries_of_one(self, book_all, six, desk, okafor, ana, now, at):
        booking.book(
            patient=okafor, clinic=desk, start=at("08:00", MONDAY - timedelta(days=2)), minutes=60, by=ana, now=now
        )
        with CaptureQueriesContext(connection) as one:
            booking.book(patient=okafor, clinic=desk, start=six[0] - timedelta(days=3), minutes=60, by=ana, now=now)
        with CaptureQueriesContext(connection) as all_six:
            book_all(six)
        # Two more: the series itself and its history.
        assert len(all_six) == len(one) + 2

    def test_nothing_is_booked_without_visits(self, book_all):
        with pytest.raises(Invalid) as refused:
            book_all([])
        assert refused.value.field == "count"

    def test_two_nurses_share_the_patients(self, book_all, six, desk, mara, petrov):
        add_nurse(user=mara, watch_lanes=2, by=SystemJob.SET_UP)
        first, second = book_all(six[:1]), book_all(six[:1], patient=petrov)
        assert {s.appointments.get().nurse_id for s in (first, second)} == set(
            Resource.objects.filter(kind="nurse").values_list("staff_id", flat=True)
        )
