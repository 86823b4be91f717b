"""A chair given twice on purpose: by a manager, where they say why, and never by what is left of it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash
from scheduling import booking
from scheduling.availability import free_starts
from scheduling.models import Allocation, Appointment, Resource
from scheduling.models.kinds import VisitKind
from scheduling.models.places import Kind
from scheduling.places import add_chair, change_chair, change_nurse
from scheduling.shape import plain
from scheduling.spans import NeedSpec, SpanSpec
from scheduling.states import Status
from scheduling.visit_types import What, add_visit_type
from tests.scheduling.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(desk, nils):
    """The one that is given twice. There is a nurse for everybody."""
    change_nurse(user=nils, watch_lanes=9, by=SystemJob.SET_UP)
    return add_chair(clinic=desk, name="Chair 3", position=3, by=SystemJob.SET_UP)


@pytest.fixture
def book(desk, ana, now, chair):
    def booked(patient, start, minutes=60, **more):
        return booking.book(
            **{"patient": patient, "clinic": desk, "start": start, "minutes": minutes, "chair": chair}
            | {"by": ana, "now": now}
            | more
        )

    return booked


@pytest.fixture
def first(book, okafor, at):
    """Okafor has the chair from ten to eleven."""
    return book(okafor, at("10:00"))


@pytest.fixture
def beside(book, first, petrov, vera, at):
    """A manager put Petrov beside her, from half past ten to half past eleven."""
    return book(petrov, at("10:30"), overbook_reason="Fifteen minutes only.", by=vera)


@pytest.fixture
def cancel(ana, now):
    def cancelled(visit):
        how = Status.CANCELLED_BY_PATIENT
        return booking.cancel(appointment_id=visit.pk, how=how, reason="Has a cold", by=ana, now=now)

    return cancelled


@pytest.fixture
def undo(now):
    return lambda visit, by: booking.undo(appointment_id=visit.pk, by=by, now=now)


def lanes(visit):
    return [row.lane for row in visit.allocations.filter(active=True, resource__kind=Kind.CHAIR)]


def test_whoever_was_put_beside_keeps_the_chair_taken(book, beside, lindgren, at):
    with pytest.raises(Clash, match=r"Chair 3 is taken 10:30 to 11:30\. Free instead: Chair 1, Chair 2\.") as refused:
        book(lindgren, at("11:00"))
    assert [(fact["name"], fact["start"][11:16]) for fact in refused.value.facts["taken"]] == [("Chair 3", "10:30")]
    assert refused.value.facts["next_free"][0] == "2026-11-30T11:30:00-08:00"


def test_also_once_the_one_beside_whom_they_were_put_is_gone(book, first, beside, cancel, lindgren, at, desk, now):
    cancel(first)
    with pytest.raises(Clash, match="Chair 3 is taken 10:30 to 11:30"):
        book(lindgren, at("10:00"))
    found = free_starts(clinic=desk, shape=plain(60), first=MONDAY, last=MONDAY, now=now, only=[first.chair_id])
    assert [f"{start:%H:%M}" for start in found[MONDAY] if at("09:00") <= start <= at("12:00")][:3] == [
        "09:00",
        "09:05",
        "09:10",
    ]
    assert not [start for start in found[MONDAY] if at("09:30") < start < at("11:30")]


def test_without_a_named_chair_another_one_is_chosen(book, beside, lindgren, at, chairs):
    assert book(lindgren, at("11:00"), chair=None).chair == chairs[0]


def test_a_manager_may_put_a_third_one_there(book, beside, first, lindgren, at, vera, cancel):
    third = book(lindgren, at("10:15"), overbook_reason="Just a flush.", by=vera)
    assert [lanes(visit) for visit in (first, beside, third)] == [[0], [1], [2]]
    connection.check_constraints()


def test_the_chairs_own_lane_is_taken_first_once_it_is_empty(book, beside, first, lindgren, at, vera, cancel):
    cancel(first)
    assert lanes(book(lindgren, at("10:15"), overbook_reason="Just a flush.", by=vera)) == [0]
    connection.check_constraints()


def test_nobody_moves_in_beside_them(book, beside, lindgren, at, ana, now, chair):
    visit = book(lindgren, at("14:00"))
    move = {"appointment_id": visit.pk, "start": at("11:15"), "by": ana, "now": now}
    with pytest.raises(Clash, match="Chair 3 is taken 10:30 to 11:30"):
        booking.move(chair=chair, **move)
    assert booking.move(**move).chair != chair


def test_who_had_the_chair_first_does_not_move_within_it(first, beside, at, ana, now, chair):
    with pytest.raises(Clash, match="Chair 3 is taken 10:30 to 11:30"):
        booking.move(appointment_id=first.pk, start=at("10:15"), chair=chair, by=ana, now=now)


def test_who_had_the_chair_first_does_not_come_back_beside_the_other(first, beside, cancel, undo, ana, vera, at):
    cancel(first)
    for person in (ana, vera):
        with pytest.raises(Clash, match="Chair 3 is taken 10:30 to 11:30"):
            undo(first, person)
    first.refresh_from_db()
    assert first.status == Status.CANCELLED_BY_PATIENT


def test_who_was_put_beside_comes_back_there_only_by_a_manager(first, beside, cancel, undo, ana, vera):
    cancel(beside)
    with pytest.raises(Clash, match="Chair 3 is taken 10:00 to 11:00"):
        undo(beside, ana)
    assert lanes(undo(beside, vera)) == [1]
    connection.check_constraints()


def test_and_by_anybody_once_the_chair_is_free(first, beside, cancel, undo, ana):
    cancel(beside)
    cancel(first)
    assert lanes(undo(beside, ana)) == [0]


def test_a_chair_that_became_a_recovery_place_is_still_taken_in_every_lane(
    desk, chair, first, beside, cancel, book, lindgren, at, vera
):
    """Who was put beside another takes a lane of it that no recovery place has."""
    cancel(first)
    change_chair(chair_id=chair.pk, purpose="recovery", by=vera)
    main = SpanSpec("Visit", None, [NeedSpec(What.CHAIR), NeedSpec(What.WATCH)])
    rest = SpanSpec("Rest", 30, [NeedSpec(What.RECOVERY), NeedSpec(What.WATCH)])
    add_visit_type(clinic=desk, name="With rest", kind=VisitKind.CONSULT, spans=[main, rest], by=vera)
    with pytest.raises(Clash, match="No recovery place is free"):
        book(lindgren, at("10:00"), 90, chair=None)


class TestTheDatabase:
    """Around every door of ours."""

    @pytest.fixture
    def slip_in(self, chair, lindgren, book, at):
        """Somebody elsewhere at eleven has their chair changed behind our back."""
        visit = book(lindgren, at("11:00"), 30, chair=None)
        number = Resource.objects.get(chair=chair).number

        def slipped(lane):
            row = visit.allocations.get(resource__kind=Kind.CHAIR)
            Allocation.objects.filter(pk=row.pk).update(resource_id=number, lane=lane)

        slipped.visit = visit
        return slipped

    def refuses(self, act):
        with pytest.raises(IntegrityError) as refused, transaction.atomic(), recorded(by=SystemJob.SET_UP):
            act()
        assert sqlstate(refused.value) == "23P01"
        assert refused.value.__cause__.diag.constraint_name == "allocation_chair_shared_on_purpose"

    @pytest.mark.parametrize("lane", [0, 2])
    def test_it_refuses_somebody_beside_another_in_any_lane(self, beside, slip_in, lane):
        self.refuses(lambda: slip_in(lane))

    def test_it_refuses_a_new_row_and_one_that_counts_again(self, beside, slip_in, chair, at, cancel, first):
        during = DateTimeTZRange(at("11:00"), at("11:30"), "[)")
        number = Resource.objects.get(chair=chair).number
        new = Allocation(appointment=slip_in.visit, resource_id=number, lane=0, during=during)
        self.refuses(new.save)
        cancel(first)
        self.refuses(lambda: first.allocations.update(active=True))

    def test_what_is_said_of_another_chair_lets_nobody_in(self, beside, slip_in):
        def act():
            Appointment.objects.filter(pk=slip_in.visit.pk).update(overbook_reason="Of another chair.")
            slip_in(2)

        self.refuses(act)

    def test_it_lets_those_in_who_say_why(self, beside, first, book, at, lindgren, vera):
        assert lanes(beside) == [1]
        assert lanes(first) == [0]
