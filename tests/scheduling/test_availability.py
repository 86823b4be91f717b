"""The search for free starts agrees with plain loops and with what can be booked, in any zone and on the days on which
clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings

from config.audit.acting import SystemJob
from config.refusals import Invalid
from scheduling import booking, hours, taking
from scheduling.availability import free_starts, load, next_free
from scheduling.hours import Hours
from scheduling.models.kinds import What
from scheduling.opening import close_day, set_hours
from scheduling.places import add_chair, change_chair
from scheduling.resources import Limits, Place, Resources
from scheduling.shape import plain
from scheduling.states import Status
from scheduling.taking import Seat, Wanted
from scheduling.window import Window
from tests.scheduling.conftest import MONDAY
from tests.scheduling.inventing import clinics
from tests.scheduling.plainly import PLAIN, SmallClinic


@settings(max_examples=150, deadline=None)
@given(clinics() | clinics(is_roomy=True))
def test_every_start_is_found_and_no_other(clinic):
    assert clinic.found() == clinic.plainly()


@settings(max_examples=120, deadline=None)
@given(clinics(most_days=2, is_roomy=True) | clinics(most_days=2))
def test_every_start_that_is_found_has_a_seat_and_no_other(clinic):
    assert clinic.found() == [start for start, _ in seated(clinic)]


@settings(max_examples=80, deadline=None)
@given(clinics(most_days=2, is_roomy=True))
def test_a_seat_takes_what_the_visit_needs_and_nothing_that_is_taken(clinic):
    for start, seat in list(seated(clinic))[:20]:
        steps = {
            (take.number, take.lane, step) for take in seat.takes for step in range(five(take.start), five(take.end))
        }
        assert not {(number, lane, n) for number, lane, n in steps if n in clinic.busy[number, lane]}
        needed = clinic.needed
        assert {n for number, lane, n in steps if number == clinic.places.patient} == whole(clinic, start)
        assert {n for number, lane, n in steps if seat.nurse and (number, lane) == (seat.nurse.number, 0)} == {
            five(start) + n for n in needed[What.HANDS]
        }
        assert {n for number, lane, n in steps if seat.nurse and number == seat.nurse.number and lane} == {
            five(start) + n for n in needed[What.WATCH]
        }


@settings(max_examples=40, deadline=None)
@given(clinics())
def test_the_chair_of_a_start_is_free_for_all_of_its_part(clinic):
    window = clinic.window()
    for start in clinic.found()[:20]:
        chair = window.chair_at(start, clinic.shape)
        assert chair is not None
        assert clinic.is_right(chair)
        assert clinic.takes(chair, start, What.CHAIR)


def seated(clinic: SmallClinic) -> Iterator[tuple[datetime, Seat]]:
    """Every start that a booking would accept, with its seat: the checks of `booking.book`, in its order."""
    taken, limits, zone = clinic.taken(), clinic.places.limits, clinic.hours.zone
    for start in clinic.grid():
        wanted = Wanted(start, clinic.shape)
        try:
            hours.check_visit(hours=clinic.hours, start=start, minutes=clinic.minutes, now=clinic.now)
        except Invalid:
            continue
        if limits is not None and not limits.allow(start.astimezone(zone), wanted.end.astimezone(zone)):
            continue
        [seat] = taking.seats(resources=clinic.places, wanted=[wanted], taken=taken, hours=clinic.hours)
        if isinstance(seat, Seat):
            yield start, seat


def test_a_chair_is_made_ready_before_the_next_visit_and_after_this_one():
    """Half an hour of it: between two that are booked until ten and from two on, there is room from ten to half past
    one; nothing that is booked there may run into what was booked already."""
    day, zone = date(2026, 11, 30), ZoneInfo("America/Phoenix")
    ten = five(datetime(2026, 11, 30, 10, tzinfo=zone))
    places = Resources(
        chairs=[Place(1, UUID(int=1), "Chair", usable=True, turnover=30)],
        nurses=[Place(2, UUID(int=2), "Nurse", usable=True, lanes=range(1, 2))],
        patient=3,
    )
    open_hours = Hours(zone, {0: [(time(8), time(18))]}, {})
    rows = [(1, 0, ten - 24, ten), (1, 0, ten + 48, ten + 96)]
    clinic = SmallClinic(open_hours, [day], places, rows, datetime(2026, 11, 29, tzinfo=UTC), 60, PLAIN)
    starts = [start.astimezone(zone).time() for start in clinic.found()]
    assert (starts[0], starts[-1]) == (time(10), time(12, 30))
    assert clinic.found() == clinic.plainly() == [start for start, _ in seated(clinic)]
    [(start, seat), *_] = seated(clinic)
    assert seat.takes[0].end - start == timedelta(minutes=90)


@pytest.mark.parametrize(("start", "fits"), [("2026-11-01T00:30-07:00", True), ("2026-11-01T01:10-07:00", False)])
def test_limits_hold_for_all_of_a_visit_also_where_the_clock_shows_a_time_twice(start, fits):
    """From 01:10 to 01:10 an hour later both ends lie before half past one, and what lies between does not."""
    los_angeles = ZoneInfo("America/Los_Angeles")
    begin = datetime.fromisoformat(start).astimezone(los_angeles)
    end = (begin.astimezone(UTC) + timedelta(minutes=60)).astimezone(los_angeles)
    assert Limits(frozenset(), None, time(1, 30)).allow(begin, end) == fits


def five(moment: datetime) -> int:
    return int(moment.timestamp()) // 300


def whole(clinic: SmallClinic, start: datetime) -> set[int]:
    return set(range(five(start), five(start) + clinic.minutes // 5))


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 11, 1), 300), (date(2027, 3, 14), 276), (date(2026, 11, 2), 288)]
)
def test_a_day_of_a_clock_change_has_its_real_length(day, count):
    los_angeles = ZoneInfo("America/Los_Angeles")
    whole = Hours(los_angeles, {n: [(time(0), time(23, 55))] for n in range(7)}, {})
    window = Window(open_hours=whole, days=[day], places=Resources(), rows=[])
    assert window.size == count
    # Five minutes before midnight are outside the hours; all the rest is open.
    assert window.open.bit_count() == count - 1


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC"])
def test_a_visit_across_the_clock_change_lasts_its_real_hours(zone):
    start = datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(ZoneInfo(zone))
    wanted = Wanted(start, plain(120))
    assert wanted.end.timestamp() - start.timestamp() == 7200
    assert wanted.during(wanted.shape.needs[0])[1].timestamp() - start.timestamp() == 7200


pytestmark = pytest.mark.django_db
SET_UP = SystemJob.SET_UP


def starts_of(clinic, now, minutes=120, day=MONDAY, **more):
    found = free_starts(clinic=clinic, shape=plain(minutes), first=day, last=day, now=now, **more)
    return [f"{start:%H:%M}" for start in found[day]]


def test_an_empty_day_is_free_from_opening_until_the_visit_must_end(desk, now):
    found = starts_of(desk, now)
    assert (found[0], found[1], found[-1], len(found)) == ("08:00", "08:05", "16:00", 97)


def test_what_is_booked_is_not_free_and_what_was_cancelled_is(desk, now, okafor, petrov, ana, at):
    def books(patient, start):
        return booking.book(patient=patient, clinic=desk, start=start, minutes=120, by=ana, now=now)

    first = books(okafor, at("09:00"))
    books(petrov, at("09:00"))
    assert starts_of(desk, now)[0] == "11:00"
    booking.cancel(appointment_id=first.pk, how=Status.CANCELLED_BY_PATIENT, reason="x", by=ana, now=now)
    assert starts_of(desk, now)[0] == "08:00"
    assert starts_of(desk, now, patient=petrov)[0] == "11:00"


def test_named_chairs_and_chairs_out_of_service(desk, chairs, now, okafor, ana, at, vera):
    booking.book(patient=okafor, clinic=desk, start=at("08:00"), minutes=120, chair=chairs[0], by=ana, now=now)
    assert starts_of(desk, now, only=[chairs[0].pk])[0] == "10:00"
    change_chair(chair_id=chairs[1].pk, in_service=False, by=vera)
    assert starts_of(desk, now)[0] == "10:00"


def test_nothing_is_free_on_a_closed_day_or_before_now(desk, at, now, vera):
    assert starts_of(desk, at("10:02"))[0] == "10:05"
    close_day(clinic=desk, day=MONDAY, reason="Staff day", by=vera)
    assert starts_of(desk, now) == []


def test_another_clinics_bookings_do_not_matter(desk, other_clinic, now):
    add_chair(clinic=other_clinic, name="Chair 1", by=SET_UP)
    set_hours(clinic=other_clinic, weekday=0, spans=[(time(9), time(12))], by=SET_UP)
    assert len(starts_of(desk, now)) == 97


def test_a_lunch_break_is_not_spanned(desk, now):
    set_hours(clinic=desk, weekday=0, spans=[(time(8), time(12)), (time(13), time(15))], by=SET_UP)
    found = starts_of(desk, now)
    assert (found[0], found[-1]) == ("08:00", "13:00")
    assert "10:05" not in found


def test_the_queries_do_not_grow_with_days_or_chairs(desk, now, okafor, ana, at):
    booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    with CaptureQueriesContext(connection) as few:
        starts_of(desk, now)
    for n in range(3, 9):
        add_chair(clinic=desk, name=f"Chair {n}", by=SET_UP)
    with CaptureQueriesContext(connection) as many:
        free_starts(
            clinic=desk, shape=plain(60), first=MONDAY, last=MONDAY + timedelta(weeks=12), now=now, patient=okafor
        )
    assert len(few) == len(many) == 3


def test_more_than_half_a_year_is_refused(desk, now):
    with pytest.raises(Invalid, match="26 weeks") as refused:
        load(clinic=desk, first=MONDAY, last=MONDAY + timedelta(weeks=27), now=now)
    assert refused.value.field == "last"
    with pytest.raises(Invalid, match="before the first"):
        load(clinic=desk, first=MONDAY, last=MONDAY - timedelta(days=1), now=now)


def test_the_next_free_starts_are_some_apart_and_go_on_to_the_next_day(desk, now, at):
    found = next_free(clinic=desk, shape=plain(120), after=at("15:45"), now=now)
    assert found == ["2026-11-30T15:45:00-08:00", "2026-12-01T08:00:00-08:00", "2026-12-01T08:30:00-08:00"]
