"""The search for free starts agrees with a plain triple loop, in any zone and on the days on which clocks change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from config.audit.acting import SystemJob
from config.refusals import Invalid
from scheduling import booking
from scheduling.availability import Window, free_starts, load, next_free
from scheduling.hours import Hours, local_days
from scheduling.opening import close_day, set_hours
from scheduling.places import add_chair, change_chair
from scheduling.resources import Place, Resources
from scheduling.shape import plain
from scheduling.states import Status
from scheduling.wall_clock import step_of
from tests.scheduling.conftest import MONDAY

# Days on which the clocks go forward or back; Phoenix has none, Lord Howe changes by half an hour.
CHANGES = {
    "America/Los_Angeles": [date(2026, 11, 1), date(2027, 3, 14)],
    "Europe/London": [date(2026, 10, 25), date(2027, 3, 28)],
    "Australia/Lord_Howe": [date(2026, 10, 4), date(2027, 4, 4)],
    "America/Phoenix": [date(2026, 11, 1)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "America/Santiago": [date(2026, 4, 5), date(2026, 9, 6)],
}
FIVE = timedelta(minutes=5)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class SmallClinic:
    """Some days of an invented clinic, as the search gets it and as the plain loop reads it."""

    hours: Hours
    days: list[date]
    places: Resources
    rows: list[tuple[int, int, int, int]]
    now: datetime
    minutes: int

    def window(self) -> Window:
        return Window(open_hours=self.hours, days=self.days, places=self.places, rows=self.rows)

    def found(self) -> list[datetime]:
        window = self.window()
        bits = window.starts(plain(self.minutes), now=self.now)
        return [start for nth in range(len(self.days)) for start in window.instants(bits, nth)]


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Found by walking, not by arithmetic: the first five minutes of UTC that the wall calls this day."""
    moment = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=16)
    while moment.astimezone(zone).date() < day:
        moment += FIVE
    return moment


def plainly(clinic: SmallClinic) -> list[datetime]:
    """The slow way: every five minutes, every chair, every lane of every nurse, every five minutes of the visit."""
    zone = clinic.hours.zone
    found = []
    start = first_instant(clinic.days[0], zone)
    end = first_instant(clinic.days[-1] + timedelta(days=1), zone)
    while start < end:
        if start >= clinic.now and bookable(clinic, start):
            found.append(start)
        start += FIVE
    return found


def bookable(clinic: SmallClinic, start: datetime) -> bool:
    moments = [start + FIVE * n for n in range(clinic.minutes // 5)]
    if not all(is_open(clinic.hours, moment) for moment in moments):
        return False
    chairs = [(chair.number, 0) for chair in clinic.places.chairs if chair.usable]
    lanes = [(nurse.number, lane) for nurse in clinic.places.nurses if nurse.usable for lane in nurse.lanes]
    own = [(clinic.places.patient, 0)]
    return all(any(all(free(clinic, lane, m) for m in moments) for lane in some) for some in (chairs, lanes, own))


def is_open(hours: Hours, moment: datetime) -> bool:
    local = moment.astimezone(hours.zone)
    if local.date() in hours.closures:
        return False
    return any(opens <= local.time() < closes for opens, closes in hours.week.get(local.weekday(), []))


def free(clinic: SmallClinic, lane: tuple[int | None, int], moment: datetime) -> bool:
    step = step_of(moment)
    return not any(row[:2] == lane and row[2] <= step < row[3] for row in clinic.rows)


@st.composite
def stretches(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 287), min_size=2, max_size=4, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [(time(a // 12, a % 12 * 5), time(b // 12, b % 12 * 5)) for a, b in pairs]


@st.composite
def clinics(draw):
    name = draw(st.sampled_from(sorted(CHANGES)))
    zone = ZoneInfo(name)
    first = draw(st.sampled_from(CHANGES[name])) - timedelta(days=draw(st.integers(0, 2)))
    days = local_days(first, first + timedelta(days=draw(st.integers(0, 3))))
    week = {weekday: draw(stretches()) for weekday in draw(st.sets(st.integers(0, 6), min_size=4))}
    closures = {draw(st.sampled_from(days)): "Closed"} if draw(st.integers(0, 4)) == 0 else {}
    numbers = iter(range(1, 99))
    places = Resources(
        chairs=[Place(next(numbers), uuid4(), "Chair", draw(st.booleans())) for _ in range(draw(st.integers(1, 3)))],
        nurses=[
            Place(next(numbers), uuid4(), "Nurse", draw(st.integers(0, 3)) > 0, range(1, draw(st.integers(2, 4))))
            for _ in range(draw(st.integers(1, 2)))
        ],
        patient=next(numbers),
    )
    base = step_of(first_instant(first, zone))
    lanes = [(p.number, 0) for p in places.chairs] + [(p.number, n) for p in places.nurses for n in p.lanes]
    lanes.append((places.patient, 0))
    rows = []
    for number, lane in draw(st.lists(st.sampled_from(lanes), max_size=14)):
        begins = base + draw(st.integers(-40, 288 * len(days)))
        rows.append((number, lane, begins, begins + draw(st.integers(1, 150))))
    now = datetime.fromtimestamp((base + draw(st.integers(-50, 300))) * 300 + draw(st.integers(0, 299)), tz=UTC)
    return SmallClinic(Hours(zone, week, closures), days, places, rows, now, draw(st.integers(1, 40)) * 5)


@settings(max_examples=120, deadline=None)
@given(clinics())
def test_every_start_is_found_and_no_other(clinic):
    assert [start.astimezone(UTC) for start in clinic.found()] == plainly(clinic)


@settings(max_examples=60, deadline=None)
@given(clinics())
def test_the_chair_of_a_start_is_free_for_the_whole_visit(clinic):
    window = clinic.window()
    for start in clinic.found()[:20]:
        chair = window.chair_at(start, plain(clinic.minutes))
        assert chair is not None
        assert chair.usable
        moments = [start.astimezone(UTC) + FIVE * n for n in range(clinic.minutes // 5)]
        assert all(free(clinic, (chair.number, 0), moment) for moment in moments)


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
