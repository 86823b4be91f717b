"""Booking, moving and cancelling one visit."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed, NotFound, Stale
from scheduling import booking
from scheduling.models import Allocation, Appointment
from scheduling.models.places import Kind
from scheduling.opening import close_day
from scheduling.places import add_chair, change_chair
from scheduling.states import Status
from tests.scheduling.conftest import MONDAY, register

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 12, 6)


@pytest.fixture
def book(desk, ana, now):
    def booked(patient, start, minutes=120, **more):
        return booking.book(patient=patient, clinic=desk, start=start, minutes=minutes, by=ana, now=now, **more)

    return booked


def active(visit):
    rows = Allocation.objects.filter(appointment=visit, active=True).select_related("resource")
    return sorted((row.resource.kind, row.lane) for row in rows)


def test_a_visit_takes_a_chair_a_lane_of_a_nurse_and_the_patient(book, okafor, at, ana, chairs, nils, now):
    visit = book(okafor, at("09:00"))
    assert active(visit) == [(Kind.CHAIR, 0), (Kind.NURSE, 1), (Kind.PATIENT, 0)]
    assert (visit.chair, visit.nurse, visit.booked_by, visit.booked_at) == (chairs[0], nils, ana, now)
    assert visit.end - visit.start == timedelta(hours=2)
    assert {row.during.lower for row in visit.allocations.all()} == {at("09:00")}
    connection.check_constraints()


def asked(queries):
    """What was asked of the database, without the beginning and the end of transactions."""
    return [query["sql"][:80] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_one_booking_costs_at_most_twelve_queries_for_somebody_new_and_ten_after(book, okafor, at):
    with CaptureQueriesContext(connection) as first:
        book(okafor, at("09:00"))
    assert len(asked(first)) <= 12, asked(first)
    with CaptureQueriesContext(connection) as second:
        book(okafor, at("13:00"))
    assert len(asked(second)) <= 10, asked(second)


def test_touching_visits_share_a_chair(book, okafor, petrov, at, chairs):
    first = book(okafor, at("09:00"), chair=chairs[0])
    second = book(petrov, at("11:00"), chair=chairs[0])
    assert first.end == second.start


def test_a_taken_chair_is_named_with_its_time_and_what_is_free_instead(book, okafor, petrov, at, chairs):
    book(okafor, at("09:00"), chair=chairs[0])
    with pytest.raises(Clash) as refused:
        book(petrov, at("10:00"), chair=chairs[0])
    clash = refused.value
    assert clash.message == "Chair 1 is taken 09:00 to 11:00. Free instead: Chair 2."
    assert clash.facts["taken"] == [
        {"what": "chair", "name": "Chair 1", "start": "2026-11-30T09:00:00-08:00", "end": "2026-11-30T11:00:00-08:00"}
    ]
    assert clash.facts["free_chairs"] == [{"id": str(chairs[1].pk), "name": "Chair 2"}]
    assert clash.facts["next_free"] == [
        "2026-11-30T11:00:00-08:00",
        "2026-11-30T11:30:00-08:00",
        "2026-11-30T12:00:00-08:00",
    ]
    assert "Okafor" not in str(clash.facts) + clash.message


def test_a_patient_is_in_one_chair_at_a_time(book, okafor, at):
    book(okafor, at("09:00"))
    with pytest.raises(Clash, match="The patient has another visit then: 09:00 to 11:00"):
        book(okafor, at("10:55"))


def test_all_chairs_taken(book, okafor, petrov, lindgren, at):
    book(okafor, at("09:00"))
    book(petrov, at("09:30"))
    with pytest.raises(Clash, match="All 2 chairs are taken"):
        book(lindgren, at("10:00"))


def test_a_nurse_watches_no_more_than_her_lanes(book, desk, okafor, petrov, lindgren, at):
    add_chair(clinic=desk, name="Chair 3", by=SystemJob.SET_UP)
    book(okafor, at("09:00"))
    assert book(petrov, at("09:30")).allocations.get(resource__kind="nurse").lane == 2
    with pytest.raises(Clash, match="Nils Berg has no room for another patient") as refused:
        book(lindgren, at("10:00"))
    assert {fact["what"] for fact in refused.value.facts["taken"]} == {"nurse"}
    assert refused.value.facts["next_free"][0] == "2026-11-30T11:00:00-08:00"


def test_a_clinic_without_nurses_says_so(clinic, chairs, okafor, ana, at, now):
    from tests.scheduling.conftest import open_week

    open_week(clinic)
    with pytest.raises(Clash, match="No nurse takes visits"):
        booking.book(patient=okafor, clinic=clinic, start=at("09:00"), minutes=60, by=ana, now=now)


@pytest.mark.parametrize("gone", [{"deceased": True}, {"merged": True}])
def test_nobody_books_for_the_dead_or_the_merged(book, desk, petrov, at, gone):
    more = {"merged_into": petrov} if "merged" in gone else gone
    patient = register(desk, "Gone", **more)
    with pytest.raises(Invalid) as refused:
        book(patient, at("09:00"))
    assert refused.value.field == "patient"
    assert Appointment.objects.count() == 0


def test_the_register_is_read_again_under_the_lock(book, okafor, at):
    from patients.models import Patient

    book(okafor, at("09:00"))
    stale = Patient.objects.get(pk=okafor.pk)
    with recorded(by=SystemJob.SET_UP):
        okafor.deceased = True
        okafor.save()
    with pytest.raises(Invalid):
        book(stale, at("13:00"))


@pytest.mark.parametrize(
    ("clock", "day", "minutes", "field", "words"),
    [
        ("09:03", MONDAY, 60, "start", "full five minutes"),
        ("07:00", MONDAY, 60, "start", "open 08:00 to 18:00"),
        ("17:30", MONDAY, 60, "start", "would take 17:30 to 18:30"),
        ("09:00", SUNDAY, 60, "start", "not open on Sundays"),
        ("09:00", date(2026, 11, 23), 60, "start", "is past"),
        ("08:00", MONDAY, 605, "minutes", "longer than the clinic is open"),
        ("08:00", MONDAY, 0, "minutes", "how many minutes"),
        ("08:00", MONDAY, 61, "minutes", "multiple of five"),
        ("08:00", MONDAY, 60 * 25, "minutes", "longer than a day"),
    ],
)
def test_a_wish_that_makes_no_sense_names_its_field(book, okafor, at, clock, day, minutes, field, words):
    with pytest.raises(Invalid) as refused:
        book(okafor, at(clock, day), minutes)
    assert refused.value.field == field
    assert words in refused.value.message


def test_a_closed_day_says_why(book, desk, okafor, at, vera):
    close_day(clinic=desk, day=MONDAY, reason="Staff day", by=vera)
    with pytest.raises(Invalid, match="closed on Mon 30 Nov: Staff day"):
        book(okafor, at("09:00"))


def test_a_chair_out_of_service_takes_nobody(book, okafor, petrov, at, chairs, vera):
    change_chair(chair_id=chairs[0].pk, in_service=False, by=vera)
    with pytest.raises(Invalid, match="Chair 1 is out of service") as refused:
        book(okafor, at("09:00"), chair=chairs[0])
    assert refused.value.field == "chair"
    assert book(okafor, at("09:00")).chair == chairs[1]
    with pytest.raises(Clash, match="Chair 2 is taken"):
        book(petrov, at("09:00"))


def test_another_clinics_chair_and_patient_are_unknown(book, other_clinic, okafor, at):
    theirs = add_chair(clinic=other_clinic, name="Chair 1", by=SystemJob.SET_UP)
    with pytest.raises(Invalid, match="no such chair"):
        book(okafor, at("09:00"), chair=theirs)
    with pytest.raises(Invalid, match="no such patient"):
        book(register(other_clinic, "Theirs"), at("09:00"))


def test_a_naive_start_is_refused(book, okafor):
    with pytest.raises(Invalid, match="offset"):
        book(okafor, datetime(2026, 11, 30, 9))  # noqa: DTZ001


class TestMove:
    @pytest.fixture
    def visit(self, book, okafor, at):
        return book(okafor, at("09:00"))

    @pytest.fixture
    def move(self, ana, now):
        def moved(visit, start, **more):
            return booking.move(appointment_id=visit.pk, start=start, by=ana, now=now, **more)

        return moved

    def test_another_time_takes_the_confirmation_away_and_is_news(self, visit, move, at, ana, now):
        booking.confirm(appointment_id=visit.pk, by=ana, now=now)
        moved = move(visit, at("10:00"))
        assert (moved.start, moved.end, moved.placing, moved.confirmed_at) == (at("10:00"), at("12:00"), 2, None)
        assert {row.during.lower for row in moved.allocations.all()} == {at("10:00")}
        assert active(moved) == [(Kind.CHAIR, 0), (Kind.NURSE, 1), (Kind.PATIENT, 0)]
        connection.check_constraints()

    def test_another_chair_is_not(self, visit, move, at, chairs, ana, now):
        booking.confirm(appointment_id=visit.pk, by=ana, now=now)
        moved = move(visit, at("09:00"), chair=chairs[1])
        assert (moved.chair_id, moved.placing) == (chairs[1].pk, 1)
        assert moved.confirmed_at == now

    def test_its_own_place_is_not_in_its_way(self, visit, move, at):
        assert move(visit, at("09:30"), minutes=60).end == at("10:30")

    def test_its_old_place_is_free_again(self, visit, move, book, petrov, at, chairs):
        move(visit, at("13:00"))
        assert book(petrov, at("09:00"), chair=chairs[0])

    def test_it_keeps_its_chair_when_that_is_free_and_takes_another_when_not(
        self, visit, move, book, petrov, at, chairs
    ):
        book(petrov, at("13:00"), chair=chairs[0])
        assert move(visit, at("15:00")).chair_id == chairs[0].pk
        assert move(visit, at("13:00")).chair_id == chairs[1].pk

    def test_onto_a_taken_chair_it_stays_where_it_was(self, visit, move, book, petrov, at, chairs):
        book(petrov, at("09:00"), chair=chairs[1])
        with pytest.raises(Clash, match="Chair 2 is taken 09:00 to 11:00") as refused:
            move(visit, at("09:00"), chair=chairs[1])
        assert "next_free" in refused.value.facts
        visit.refresh_from_db()
        assert (visit.chair_id, visit.version) == (chairs[0].pk, 1)

    def test_over_a_newer_version_it_is_refused(self, visit, move, at):
        move(visit, at("10:00"), version=1)
        with pytest.raises(Stale) as refused:
            move(visit, at("11:00"), version=1)
        assert refused.value.facts["current"] == 2

    def test_who_is_here_changes_chairs_but_not_times(self, visit, move, at, chairs, ana):
        booking.arrive(appointment_id=visit.pk, by=ana, now=at("08:55"))
        assert move(visit, at("09:00"), chair=chairs[1]).chair_id == chairs[1].pk
        with pytest.raises(Clash, match="only the chair"):
            move(visit, at("10:00"))

    def test_a_cancelled_visit_does_not_move(self, visit, move, at, ana, now):
        booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_CLINIC, reason="ill", by=ana, now=now)
        with pytest.raises(Clash, match="cancelled by clinic; it cannot be moved"):
            move(visit, at("10:00"))

    def test_an_unknown_one_is_not_found(self, visit, move, at, okafor):
        visit.pk = okafor.pk
        with pytest.raises(NotFound):
            move(visit, at("10:00"))


class TestConfirm:
    def test_twice_is_once(self, book, okafor, at, ana, now):
        visit = book(okafor, at("09:00"))
        first = booking.confirm(appointment_id=visit.pk, by=SystemJob.PATIENT_LINK, now=now)
        second = booking.confirm(appointment_id=visit.pk, by=ana, now=now + timedelta(hours=1))
        assert (first.confirmed_at, second.confirmed_at, second.version) == (now, now, 2)
        assert second.state_key == "confirmed"

    def test_asking_for_another_time_takes_it_back(self, book, okafor, at, ana, now):
        visit = book(okafor, at("09:00"))
        booking.confirm(appointment_id=visit.pk, by=ana, now=now)
        asked = booking.ask_to_move(appointment_id=visit.pk, note="after 3 pm", by=SystemJob.PATIENT_LINK, now=now)
        assert (asked.confirmed_at, asked.wants_move_note, asked.state_key) == (None, "after 3 pm", "wants-move")
        assert active(asked) != []

    def test_a_cancelled_visit_has_nothing_to_confirm(self, book, okafor, at, ana, now):
        visit = book(okafor, at("09:00"))
        booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_PATIENT, reason="x", by=ana, now=now)
        with pytest.raises(Clash, match="nothing to confirm"):
            booking.confirm(appointment_id=visit.pk, by=ana, now=now)


class TestArrive:
    def test_it_stamps_the_time_and_undo_takes_it_back(self, book, okafor, at, ana):
        visit = book(okafor, at("09:00"))
        arrived = booking.arrive(appointment_id=visit.pk, by=ana, now=at("08:47"))
        assert (arrived.status, arrived.arrived_at) == (Status.ARRIVED, at("08:47"))
        back = booking.undo(appointment_id=visit.pk, by=ana, now=at("08:48"))
        assert (back.status, back.arrived_at) == (Status.BOOKED, None)

    def test_nobody_arrives_the_day_before(self, book, okafor, at, ana):
        visit = book(okafor, at("09:00"))
        with pytest.raises(Invalid, match="later day"):
            booking.arrive(appointment_id=visit.pk, by=ana, now=at("23:00", date(2026, 11, 29)))

    def test_the_day_is_the_clinics_and_not_the_servers(self, book, okafor, at, ana):
        visit = book(okafor, at("17:00"), 60)
        # In UTC it is the day after already.
        assert visit.start.astimezone(UTC).date() != MONDAY
        assert booking.arrive(appointment_id=visit.pk, by=ana, now=at("08:00")).status == Status.ARRIVED


class TestNoShow:
    def test_only_once_the_visit_should_have_begun(self, book, okafor, at, ana):
        visit = book(okafor, at("09:00"))
        with pytest.raises(Invalid, match="still to come"):
            booking.no_show(appointment_id=visit.pk, reason="not here", by=ana, now=at("08:59"))
        gone = booking.no_show(appointment_id=visit.pk, reason="not here", by=ana, now=at("09:30"))
        assert (gone.status, active(gone)) == (Status.NO_SHOW, [])
        back = booking.undo(appointment_id=visit.pk, by=ana, now=at("09:31"))
        assert len(active(back)) == 3

    def test_no_job_ever_says_so(self, book, okafor, at):
        visit = book(okafor, at("09:00"))
        for to in (Status.NO_SHOW, Status.ARRIVED, Status.ENTERED_IN_ERROR):
            with pytest.raises(NotAllowed):
                booking.apply(appointment_id=visit.pk, to=to, by=SystemJob.REMINDERS, now=at("12:00"), reason="x")
