"""What makes no sense is refused with its field, by the doors and by the API, and nothing is half saved."""

from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as offset

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.audit.acting import SystemJob
from config.refusals import Invalid
from scheduling import booking
from scheduling.availability import free_starts
from scheduling.models import Allocation, Appointment, Resource, Series
from scheduling.places import add_chair
from scheduling.proposing import propose
from scheduling.series import PlannedVisit, book_series
from scheduling.shape import plain
from scheduling.wall_clock import check_day, day_period, day_start, instant
from scheduling.wish import Bounds, Preferences
from tests.infusions.ordering import bookable, known_patient, opened
from tests.scheduling.conftest import MONDAY

pytestmark = pytest.mark.django_db
ORDER = {"count": 3, "min_gap_days": 7, "max_gap_days": 9, "minutes": 60}
FAR_EAST = offset(timedelta(hours=14))
YEAR_1, YEAR_9999 = datetime(1, 1, 1, 0, 30, tzinfo=UTC), datetime(9999, 12, 31, 23, 55, tzinfo=UTC)
FAR = datetime(2027, 5, 25, 16, tzinfo=UTC)
SUNDAY, NEVER_MIND = frozenset({6}), frozenset({7})
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def proposed(desk, okafor, now):
    def asked(**more):
        return propose(**{"clinic": desk, "patient": okafor, "now": now, "first_from": MONDAY, **ORDER, **more})

    return asked


def stored():
    return [model.objects.count() for model in (Series, Appointment, Allocation, Resource)]


class TestPropose:
    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"count": True}, "count"),
            ({"count": -1}, "count"),
            ({"count": 10**12}, "count"),
            ({"min_gap_days": 10**12, "max_gap_days": 10**12}, "max_gap_days"),
            ({"count": 2, "min_gap_days": 183, "max_gap_days": 200}, "count"),
            ({"minutes": 10**12}, "minutes"),
            ({"minutes": 605}, "minutes"),
            ({"minutes": "60"}, "minutes"),
            ({"first_from": date.max}, "first_from"),
            ({"first_from": date.min}, "first_from"),
            ({"first_until": date.max}, "first_until"),
            ({"first_until": date.min}, "first_until"),
            ({"first_until": date(2026, 11, 22)}, "first_until"),
            ({"bounds": Bounds(weekdays=frozenset())}, "weekdays"),
            ({"bounds": Bounds(weekdays=NEVER_MIND)}, "weekdays"),
            ({"bounds": Bounds(time_from=time(12, 32))}, "time_from"),
            ({"bounds": Bounds(time_until=time(12, 0, 1))}, "time_until"),
            ({"bounds": Bounds(time_from=time(12), time_until=time(12))}, "time_until"),
            ({"bounds": Bounds(latest_end=date.max)}, "latest_end"),
            ({"bounds": Bounds(latest_end=date(2026, 11, 22))}, "latest_end"),
            ({"bounds": Bounds(latest_end=MONDAY - timedelta(days=1))}, "latest_end"),
            ({"bounds": Bounds(after=date.max)}, "after"),
            ({"bounds": Bounds(before=date.min)}, "before"),
            ({"prefer": Preferences(weekdays=NEVER_MIND)}, "weekdays"),
            ({"prefer": Preferences(at=time(9, 1))}, "at"),
            ({"pinned": {0: YEAR_1}}, "pinned"),
            ({"pinned": {4: YEAR_1}}, "pinned"),
            ({"pinned": {1: YEAR_1}}, "pinned"),
            ({"pinned": {1: YEAR_9999}}, "pinned"),
            ({"pinned": {1: datetime(2026, 11, 30, 9, 3, tzinfo=UTC)}}, "pinned"),
            ({"pinned": {1: datetime(2026, 11, 30, 9)}}, "pinned"),  # noqa: DTZ001  (without a zone on purpose)
            ({"visit_type": NOBODY}, "visit_type"),
        ],
    )
    def test_it_names_the_field(self, proposed, more, field):
        with pytest.raises(Invalid) as refused:
            proposed(**more)
        assert refused.value.field == field

    def test_the_largest_gap_that_an_order_can_say(self, proposed):
        assert len(proposed(max_gap_days=32767).visits) == 3
        assert "needs the prescriber" in proposed(max_gap_days=32767, bounds=Bounds(weekdays=SUNDAY)).failure

    def test_limits_are_looked_at_before_anything_is_read(self, proposed):
        with CaptureQueriesContext(connection) as queries, pytest.raises(Invalid):
            proposed(count=0)
        assert len(queries) == 0


class TestBook:
    @pytest.mark.parametrize(
        ("start", "minutes", "field"),
        [
            (YEAR_1, 60, "start"),
            (YEAR_9999, 60, "start"),
            (YEAR_1.replace(tzinfo=FAR_EAST), 60, "start"),
            (datetime(2026, 11, 30, 17, 3, tzinfo=UTC), 60, "start"),
            (datetime(2026, 11, 22, 17, tzinfo=UTC), 60, "start"),
            (datetime(2026, 11, 29, 17, tzinfo=UTC), 60, "start"),
            (datetime(2027, 5, 25, 16, tzinfo=UTC), 60, "start"),
            (datetime(2150, 2, 3, 17, tzinfo=UTC), 60, "start"),
            (datetime(2026, 11, 30, 17, tzinfo=UTC), 605, "minutes"),
            (datetime(2026, 11, 30, 17, tzinfo=UTC), 7, "minutes"),
            (datetime(2026, 11, 30, 17, tzinfo=UTC), 10**10, "minutes"),
        ],
    )
    def test_one(self, desk, okafor, ana, now, start, minutes, field):
        before = stored()
        with pytest.raises(Invalid) as refused:
            booking.book(patient=okafor, clinic=desk, start=start, minutes=minutes, by=ana, now=now)
        assert refused.value.field == field
        assert stored() == before

    @pytest.mark.parametrize("bad", [YEAR_1, YEAR_9999, datetime(2026, 12, 14, 17, 3, tzinfo=UTC), FAR])
    def test_a_series_is_not_half_booked(self, desk, okafor, ana, now, at, bad):
        before = stored()
        with pytest.raises(Invalid) as refused:
            book_series(
                clinic=desk,
                patient=okafor,
                visits=[PlannedVisit(at("09:00")), PlannedVisit(bad)],
                minutes=60,
                min_gap_days=1,
                max_gap_days=32767,
                by=ana,
                now=now,
            )
        assert refused.value.field in {"start", "visits"}
        assert stored() == before

    @pytest.mark.parametrize(("start"), [YEAR_1, YEAR_9999])
    def test_a_move(self, desk, okafor, ana, now, at, start):
        visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
        with pytest.raises(Invalid) as refused:
            booking.move(appointment_id=visit.pk, start=start, by=ana, now=now)
        assert refused.value.field == "start"


class TestDays:
    @pytest.mark.parametrize("day", [date.min, date.max, date(1899, 12, 31), date(2200, 1, 1)])
    def test_no_day_of_a_clinic(self, desk, now, day):
        for ask in (
            lambda: check_day(day),
            lambda: day_start(day, desk.tz),
            lambda: day_period(day, desk.tz),
            lambda: instant(day=day, at=time(9), zone=desk.tz),
            lambda: free_starts(clinic=desk, shape=plain(60), first=day, last=day, now=now),
        ):
            with pytest.raises(Invalid, match="from 1900 to 2199"):
                ask()

    def test_the_last_day_has_an_end(self, desk):
        begins, ends = day_period(date(2199, 12, 31), desk.tz)
        assert ends - begins == timedelta(days=1)


class TestApi:
    """Through `/api/v1/`: 400 with the field."""

    @pytest.fixture(autouse=True)
    def noon(self, monkeypatch, now):
        monkeypatch.setattr(timezone, "now", lambda: now)

    @pytest.mark.parametrize(
        "start",
        [
            "9999-12-31T23:59:59-12:00",
            "0001-01-01T00:00:00+14:00",
            "2026-11-30T09:01:00-08:00",
            "2026-11-30T09:00:00",
            "2026-11-22T09:00:00-08:00",
            "2027-05-25T09:00:00-07:00",
            "2029-11-30T09:00:00-08:00",
            "soon",
        ],
    )
    def test_a_start(self, api_as, ana, desk, okafor, now, at, start):
        wish = {"kind": "consult", "patient": str(okafor.pk), "start": start, "minutes": 60}
        answer = api_as(ana).post("/api/v1/appointments/", wish)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["start"])
        visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
        answer = api_as(ana).post(f"/api/v1/appointments/{visit.pk}/move/", {"start": start, "version": 1})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["start"])
        assert Appointment.objects.count() == 1

    @pytest.mark.parametrize("minutes", [0, -5, 61, 605, 100000, 10**30, "many", None, True])
    def test_a_length(self, api_as, ana, desk, okafor, minutes):
        wish = {"kind": "consult", "patient": str(okafor.pk), "start": "2026-11-30T09:00:00-08:00", "minutes": minutes}
        answer = api_as(ana).post("/api/v1/appointments/", wish)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["minutes"])

    def test_what_is_not_ours(self, api_as, ana, desk, okafor, other_clinic, zoe):
        theirs = add_chair(clinic=other_clinic, name="Chair 1", by=SystemJob.SET_UP)
        wish = {"kind": "consult", "patient": str(okafor.pk), "start": "2026-11-30T09:00:00-08:00", "minutes": 60}
        for field, value in (("chair", theirs.pk), ("nurse", zoe.pk), ("chair", NOBODY), ("nurse", "nobody")):
            answer = api_as(ana).post("/api/v1/appointments/", {**wish, field: str(value)})
            assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
        assert stored()[:3] == [0, 0, 0]

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "today"])
    def test_a_day_to_list(self, api_as, ana, desk, day):
        answer = api_as(ana).get(f"/api/v1/appointments/?day={day}")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["day"])

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "0000-00-00"])
    def test_there_is_no_page_for_such_a_day(self, page_as, ana, desk, day):
        for path in (f"/board/{day}/", f"/board/{day}/feed/", f"/board/{day}/counts/"):
            assert page_as(ana).get(path).status_code == 404

    @pytest.fixture
    def order(self, clinic, nils, mara, vera, now):
        opened(clinic, nurse=nils, by=vera)
        return bookable(known_patient(clinic, now), mara, now)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"first_from": "9999-12-31"}, "first_from"),
            ({"first_from": "2027-12-01"}, "first_from"),
            ({"weekdays": []}, "weekdays"),
            ({"weekdays": [7]}, "weekdays"),
            ({"time_from": "12:32"}, "time_from"),
            ({"time_from": "12:00", "time_until": "09:00"}, "time_until"),
            ({"order": NOBODY}, "order"),
            ({"order": "mine"}, "order"),
        ],
    )
    def test_a_proposal(self, api_as, ana, order, more, field):
        answer = api_as(ana).post("/api/v1/series/propose/", {"order": str(order.pk), **more})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field]), answer.json()

    @pytest.mark.parametrize(
        "visits",
        [
            [],
            [{"start": "9999-12-31T23:59:59-12:00"}],
            [{"start": "0001-01-01T00:00:00+14:00"}],
            [{"start": "2026-11-30T17:00:00Z"}, {"start": "2026-12-02T17:01:00Z"}],
            [{"start": "2026-11-30T17:00:00Z"}, {"start": "2027-11-30T17:00:00Z"}],
            [{"start": "2027-05-25T17:00:00Z"}],
            [{"start": "2028-11-28T17:00:00Z"}],
            [{"start": "2026-11-30T17:00:00Z", "chair": NOBODY}],
            [{"start": "2026-11-23T01:00:00Z"}],
        ],
    )
    def test_a_series(self, api_as, ana, order, visits):
        before = stored()
        answer = api_as(ana).post("/api/v1/series/", {"order": str(order.pk), "visits": visits})
        assert answer.status_code == 400, answer.json()
        assert answer.json()["errors"]
        assert stored() == before
