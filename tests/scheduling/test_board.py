"""The day board, the drawer and booking a consult, as pages."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.audit.acting import SystemJob
from scheduling import booking, reading
from scheduling.models import Appointment
from scheduling.opening import close_day, set_hours
from scheduling.places import add_chair, change_chair, change_nurse
from scheduling.series import PlannedVisit, book_series
from scheduling.states import Status
from scheduling.wall_clock import instant
from tests.scheduling.conftest import MONDAY, register

pytestmark = pytest.mark.django_db
SET_UP = SystemJob.SET_UP
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def book(desk, ana, now):
    def booked(patient, start, minutes=120, **more):
        return booking.book(patient=patient, clinic=desk, start=start, minutes=minutes, by=ana, now=now, **more)

    return booked


@pytest.fixture
def noon(monkeypatch, at):
    """The clinic's clock stands at Monday noon, for every page."""
    moment = at("12:00")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


class TestDay:
    @pytest.mark.parametrize(
        ("clock", "first", "second", "free"),
        [
            ("06:00", ("08:00", 120), ("08:00", 60), "09:00"),
            ("08:02", ("09:00", 60), ("08:00", 600), "08:05"),
            ("08:02", ("08:30", 60), ("08:00", 600), "09:30"),
            ("17:00", ("08:00", 600), ("08:00", 575), None),
            ("17:31", ("08:00", 60), ("09:00", 60), None),
        ],
    )
    def test_the_next_chair_with_half_an_hour(self, book, desk, okafor, petrov, at, clock, first, second, free):
        for patient, (start, minutes) in ((okafor, first), (petrov, second)):
            book(patient, at(start), minutes)
        day = reading.day(clinic=desk, day=MONDAY, now=at(clock))
        assert day.next_free == (at(free) if free else None)

    def test_a_chair_that_is_something_else_now_is_still_named(self, book, desk, chairs, okafor, at, vera):
        visit = book(okafor, at("09:00"), chair=chairs[1])
        change_chair(chair_id=chairs[1].pk, purpose="recovery", by=vera, now=at("08:00"))
        [row] = reading.day(clinic=desk, day=MONDAY, now=at("08:00")).visits
        assert (row.visit.pk, row.visit.chair.name) == (visit.pk, "Chair 2")

    def test_who_is_where_and_where_there_is_room(self, book, desk, okafor, petrov, lindgren, at, ana):
        book(okafor, at("09:00"), 240)
        late = book(petrov, at("11:30"))
        gone = book(lindgren, at("15:00"))
        booking.arrive(appointment_id=Appointment.objects.get(patient=okafor).pk, by=ana, now=at("08:50"))
        booking.cancel(appointment_id=gone.pk, how=Status.CANCELLED_LATE, reason="ill", by=ana, now=at("11:00"))
        day = reading.day(clinic=desk, day=MONDAY, now=at("12:00"))
        assert [(row.visit.patient.short_name, row.state, row.late) for row in day.visits] == [
            ("P. Okafor", "arrived", False),
            ("P. Petrov", "booked", True),
            ("P. Lindgren", "cancelled-late", False),
        ]
        assert dict(day.counts) == {"here": 1, "late": 1, "cancelled": 1}
        assert (day.chairs_in_use, day.nurses, day.next_free) == (1, 1, at("13:00"))
        assert [row.visit.pk for row in day.on_board] == [row.visit.pk for row in day.visits[:2]]
        assert late.pk in {row.visit.pk for row in day.on_board}

    def test_four_queries_with_one_visit_and_with_thirty(self, desk, book, okafor, at, ana, nils):
        change_nurse(user=nils, watch_lanes=12, by=SET_UP)
        for n in range(3, 11):
            add_chair(clinic=desk, name=f"Chair {n}", position=n, by=SET_UP)
        book(okafor, at("17:00"), 60)
        with CaptureQueriesContext(connection) as one:
            reading.day(clinic=desk, day=MONDAY, now=at("12:00"))
        for n in range(29):
            book(register(desk, f"Many{n}"), at("08:00") + timedelta(hours=n // 10 * 3), 120)
        with CaptureQueriesContext(connection) as many:
            assert len(reading.day(clinic=desk, day=MONDAY, now=at("12:00")).visits) == 30
        assert len(one) == len(many) == 4

    def test_which_visit_of_the_series(self, desk, okafor, ana, now, at):
        from scheduling.series import PlannedVisit, book_series

        planned = [PlannedVisit(at("09:00", MONDAY + timedelta(days=7 * n))) for n in range(3)]
        more = {"minutes": 60, "min_gap_days": 7, "max_gap_days": 7, "by": ana, "now": now}
        book_series(clinic=desk, patient=okafor, visits=planned, **more)
        [row] = reading.day(clinic=desk, day=MONDAY + timedelta(days=7), now=now).visits
        assert (row.number, row.of, row.place) == (2, 3, "2/3")

    def test_a_past_visit_without_an_outcome_is_shown_and_not_stored(self, book, desk, okafor, at):
        visit = book(okafor, at("09:00"))
        [row] = reading.day(clinic=desk, day=MONDAY, now=at("11:01")).visits
        assert row.state == "unresolved"
        visit.refresh_from_db()
        assert visit.status == Status.BOOKED

    def test_lunch_and_the_night_are_shut(self, desk, at):
        from datetime import time

        set_hours(clinic=desk, weekday=0, spans=[(time(8, 30), time(12)), (time(13), time(17))], by=SET_UP)
        day = reading.day(clinic=desk, day=MONDAY, now=at("09:00"))
        assert [(f"{a:%H:%M}", f"{b:%H:%M}") for a, b in day.shut] == [("08:00", "08:30"), ("12:00", "13:00")]
        assert (f"{day.opens:%H:%M}", f"{day.closes:%H:%M}") == ("08:00", "17:00")


class TestPages:
    def test_at_most_eight_queries_for_the_page_whatever_is_booked(
        self, page_as, ana, desk, book, okafor, at, noon, nils
    ):
        change_nurse(user=nils, watch_lanes=12, by=SET_UP)
        for n in range(3, 11):
            add_chair(clinic=desk, name=f"Chair {n}", position=n, by=SET_UP)
        browser = page_as(ana)
        book(okafor, at("13:00"), 60)
        for url in ("/board/", f"/board/{MONDAY}/feed/"):
            with CaptureQueriesContext(connection) as one:
                assert browser.get(url).status_code == 200
            assert len(one) <= 8, [query["sql"][:90] for query in one]
        for n in range(29):
            book(register(desk, f"Many{n}"), at("12:00") + timedelta(hours=n // 10 * 2), 60)
        for url in ("/board/", f"/board/{MONDAY}/feed/"):
            with CaptureQueriesContext(connection) as many:
                assert browser.get(url).status_code == 200
            assert len(many) <= 8, [query["sql"][:90] for query in many]

    def test_visits_of_series_cost_no_query_more(self, page_as, ana, desk, okafor, petrov, chairs, at, noon):
        for patient, hour in ((okafor, "13:00"), (petrov, "15:00")):
            visits = [PlannedVisit(start=at(hour) + timedelta(weeks=week)) for week in range(3)]
            wish = {"clinic": desk, "patient": patient, "visits": visits, "minutes": 60}
            book_series(**wish, min_gap_days=5, max_gap_days=9, by=ana, now=noon)
        browser = page_as(ana)
        for url in ("/board/", f"/board/{MONDAY}/feed/"):
            browser.get(url)
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(url)
            assert len(queries) <= 8, [query["sql"][:90] for query in queries]
        assert [one["detail"] for one in answer.json()["bookings"]] == ["1/3", "1/3"]

    def test_a_closed_day_says_why_and_where_to_go(self, page_as, ana, desk, noon):
        close_day(clinic=desk, day=MONDAY, reason="Staff day", by=SET_UP)
        browser = page_as(ana)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/board/").content.decode()
        assert "The clinic is closed on Mon 30 Nov: Staff day." in page
        assert f'href="/board/{MONDAY + timedelta(days=1)}/"' in page
        assert len(queries) <= 8

    def test_an_unknown_day_is_not_found(self, page_as, ana, desk):
        assert page_as(ana).get("/board/2026-02-31/").status_code == 404

    def test_the_feed_is_on_the_clinics_wall(self, page_as, ana, desk, book, okafor, at, noon, chairs, vera):
        visit = book(okafor, at("13:00"))
        change_chair(chair_id=chairs[1].pk, in_service=False, by=vera)
        day = page_as(ana).get(f"/board/{MONDAY}/feed/").json()
        assert (day["date"], day["now"]) == ("2026-11-30", "2026-11-30T12:00:00-08:00")
        assert (day["opens"], day["closes"]) == ("08:00", "18:00")
        assert day["bookings"] == [
            {
                "id": str(visit.pk),
                "chair": str(chairs[0].pk),
                "start": "2026-11-30T13:00",
                "end": "2026-11-30T15:00",
                "times": None,
                "name": "P. Okafor",
                "state": "booked",
                "detail": "",
                "mark": "",
                "late": False,
                "due": None,
                "version": 1,
                "url": f"/appointments/{visit.pk}/",
                "move_url": f"/appointments/{visit.pk}/move/",
            }
        ]
        assert {closed["words"] for closed in day["closed"]} == {"Out of service"}
        assert [chair["note"] for chair in day["chairs"]] == ["Recliner", "Recliner"]

    @pytest.mark.parametrize(
        ("fold", "minutes", "drawn", "spoken"),
        [
            (0, 60, ("01:00", "02:00"), ["01:00 PDT", "01:00 PST"]),
            (0, 75, ("01:00", "02:15"), ["01:00 PDT", "01:15 PST"]),
            (0, 120, ("01:00", "02:00"), ["01:00 PDT", "02:00"]),
            (1, 60, ("01:00", "02:00"), ["01:00 PST", "02:00"]),
        ],
    )
    def test_in_the_hour_that_comes_twice_a_visit_is_drawn_and_says_which(
        self, page_as, ana, desk, okafor, fold, minutes, drawn, spoken, monkeypatch
    ):
        back = date(2026, 11, 1)
        set_hours(clinic=desk, weekday=6, spans=[(time(0), time(6))], by=SET_UP)
        start = instant(day=back, at=time(1), zone=desk.tz, fold=fold)
        before = start - timedelta(hours=20)
        monkeypatch.setattr(timezone, "now", lambda: before)
        booking.book(patient=okafor, clinic=desk, start=start, minutes=minutes, by=ana, now=before)
        browser = page_as(ana)
        [row] = browser.get(f"/board/{back}/feed/").json()["bookings"]
        assert (row["start"][11:], row["end"][11:], row["times"]) == (*drawn, spoken)
        table = browser.get(f"/board/{back}/list/").content.decode()
        assert f'{spoken[0]}<span class="sub">to {spoken[1]}</span>' in table

    def test_beside_the_state_stands_when_they_came_and_then_how_long_it_runs(self, book, desk, okafor, at, ana, nils):
        pk = book(okafor, at("09:00"), 240).pk

        def beside(clock: str) -> tuple[str, str]:
            [row] = reading.day(clinic=desk, day=MONDAY, now=at(clock)).visits
            return row.state, row.detail

        assert beside("08:00") == ("booked", "")
        booking.arrive(appointment_id=pk, by=ana, now=at("08:47"))
        assert beside("08:59") == ("arrived", "08:47")
        booking.apply(appointment_id=pk, to=Status.CHECKED_IN, by=nils, now=at("09:05"))
        assert beside("09:30") == ("checked-in", "09:05")
        booking.apply(appointment_id=pk, to=Status.IN_PROGRESS, by=nils, now=at("09:24"), since=at("09:20"))
        assert beside("10:02") == ("in-progress", "00:42")
        booking.date_state(appointment_id=pk, status=Status.IN_PROGRESS, since=at("09:10"), by=nils)
        booking.date_state(appointment_id=pk, status=Status.RECOVERY, since=at("09:59"), by=nils)
        assert beside("10:20") == ("in-progress", "01:10")
        booking.apply(appointment_id=pk, to=Status.RECOVERY, by=nils, now=at("10:30"))
        assert beside("10:29") == ("recovery", "00:00")
        booking.apply(appointment_id=pk, to=Status.COMPLETED, by=nils, now=at("11:00"))
        assert beside("11:30") == ("completed", "")

    def test_who_stays_past_their_time_holds_up_the_next_in_that_chair_alone(
        self, page_as, book, desk, okafor, petrov, lindgren, at, ana, noon, chairs
    ):
        first, other = chairs[0], chairs[1]
        stays = book(okafor, at("09:00"), 150, chair=first)
        waits, later = book(petrov, at("12:00"), 60, chair=first), book(lindgren, at("12:00"), 60, chair=other)
        booking.arrive(appointment_id=stays.pk, by=ana, now=at("08:50"))
        assert reading.day(clinic=desk, day=MONDAY, now=at("11:29")).held_up == {}
        assert reading.day(clinic=desk, day=MONDAY, now=at("12:00")).held_up == {waits.pk: stays}
        html = page_as(ana).get(f"/board/{MONDAY}/list/").content.decode()
        assert html.count("Chair not free yet") == 1
        told = {one["id"]: one["mark"] for one in page_as(ana).get(f"/board/{MONDAY}/feed/").json()["bookings"]}
        assert (told[str(waits.pk)], told[str(later.pk)]) == ("chair not free yet", "")

    def test_two_of_one_day_are_never_called_the_same(self, page_as, ana, desk, book, at, noon):
        def called(given_name: str, born: date, hour: str) -> str:
            return str(book(register(desk, "Quill", given_name=given_name, birth_date=born), at(hour)).pk)

        born = date(1978, 3, 14)
        ada, alma = called("Ada", born, "13:00"), called("Alma", born, "13:00")
        older, zoe = called("Ada", date(1950, 1, 2), "15:00"), called("Zoe", born, "15:00")
        told = {one["id"]: one["name"] for one in page_as(ana).get(f"/board/{MONDAY}/feed/").json()["bookings"]}
        assert (told[alma], told[zoe]) == ("Alma Quill", "Z. Quill")
        assert (told[ada], told[older]) == ("Ada Quill b. 14 Mar 1978", "Ada Quill b. 2 Jan 1950")

    def test_booked_again_it_stands_nowhere_since(self, book, okafor, at, ana):
        pk = book(okafor, at("09:00")).pk
        booking.arrive(appointment_id=pk, by=ana, now=at("08:47"))
        booking.undo(appointment_id=pk, by=ana, now=at("08:48"))
        assert Appointment.objects.get(pk=pk).state_since is None

    def test_a_nurse_moves_nothing(self, page_as, nils, desk, book, okafor, at, noon):
        book(okafor, at("13:00"))
        browser = page_as(nils)
        assert browser.get(f"/board/{MONDAY}/feed/").json()["bookings"][0]["move_url"] is None
        page = browser.get("/board/").content.decode()
        assert 'data-editable="false"' in page
        assert "Book a consult" not in page
        page = browser.get("/board/?view=list").content.decode()
        assert "Check in" in page

    def test_the_poll_counts_what_changed_since(self, page_as, ana, desk, book, okafor, petrov, at, noon):
        visit = book(okafor, at("13:00"))
        browser = page_as(ana)
        page = browser.get("/board/?view=list").content.decode()
        assert f"/board/{MONDAY}/changes/?seen=1" in page
        booking.confirm(appointment_id=visit.pk, by=ana, now=noon)
        book(petrov, at("15:00"))
        answer = browser.get(f"/board/{MONDAY}/changes/?seen=1").content.decode()
        assert "2 changes" in answer
        assert "<input" not in answer
        assert browser.get(f"/board/{MONDAY}/changes/?seen=3").content.strip() == b""
        assert browser.get(f"/board/{MONDAY}/changes/?seen=x").status_code == 200

    def test_another_clinics_board_holds_nothing_of_ours(self, page_as, zoe, book, okafor, at):
        visit = book(okafor, at("13:00"))
        browser = page_as(zoe)
        assert browser.get(f"/board/{MONDAY}/feed/").json()["bookings"] == []
        assert browser.get(f"/appointments/{visit.pk}/").status_code == 404
        assert browser.post(f"/appointments/{visit.pk}/arrive/").status_code == 404


class TestCheckIn:
    def test_one_press_and_a_way_back(self, page_as, ana, book, okafor, at, noon):
        visit = book(okafor, at("12:00"))
        browser = page_as(ana)
        row = browser.post(f"/appointments/{visit.pk}/arrive/", **HTMX, HTTP_HX_TARGET="day-list").content.decode()
        assert 'id="day-list"' in row
        assert "Arrived" in row
        assert f'hx-post="/appointments/{visit.pk}/undo/?version={visit.version + 1}"' in row
        assert "Pat Okafor checked in" in row
        back = browser.post(f"/appointments/{visit.pk}/undo/", **HTMX, HTTP_HX_TARGET="day-list").content.decode()
        assert "Booked" in back
        visit.refresh_from_db()
        assert visit.status == Status.BOOKED

    def test_without_script_it_goes_to_the_visit(self, page_as, ana, book, okafor, at, noon):
        visit = book(okafor, at("12:00"))
        answer = page_as(ana).post(f"/appointments/{visit.pk}/arrive/", follow=True)
        assert answer.redirect_chain == [(f"/appointments/{visit.pk}/", 302)]
        assert "Pat Okafor checked in." in answer.content.decode()

    def test_twice_is_refused_in_words(self, page_as, ana, book, okafor, at, noon):
        visit = book(okafor, at("12:00"))
        browser = page_as(ana)
        browser.post(f"/appointments/{visit.pk}/arrive/", **HTMX)
        again = browser.post(f"/appointments/{visit.pk}/arrive/", **HTMX)
        assert again.status_code == 409
        assert "A visit that is arrived cannot become arrived." in again.content.decode()

    def test_roles(self, page_as, nils, mara, vera, olu, book, okafor, at, noon):
        visit = book(okafor, at("12:00"))
        assert page_as(olu).get("/board/").status_code == 403
        assert page_as(vera).post(f"/appointments/{visit.pk}/arrive/").status_code == 403
        assert page_as(nils).post(f"/appointments/{visit.pk}/cancel/").status_code == 403
        assert page_as(nils).post(f"/appointments/{visit.pk}/arrive/").status_code == 302
        assert page_as(mara).post(f"/appointments/{visit.pk}/undo/").status_code == 302


class TestDrawer:
    def test_state_and_next_acts_first(self, page_as, ana, book, okafor, at, noon):
        visit = book(okafor, at("12:00"))
        drawer = page_as(ana).get(f"/appointments/{visit.pk}/", **HTMX).content.decode()
        for words in ("OKAFOR, Pat", "Check in", "Confirmed by phone", "Move…", "No-show…", "Cancel visit…", "Chair 1"):
            assert words in drawer
        assert "<html" not in drawer
        assert drawer.index("Check in") < drawer.index("Cancel visit…")

    def test_as_a_page_its_title_holds_initials_only(self, page_as, ana, book, okafor, at, noon):
        visit = book(okafor, at("12:00"))
        page = page_as(ana).get(f"/appointments/{visit.pk}/").content.decode()
        title = page[page.index("<title>") : page.index("</title>")]
        assert "PO" in title
        assert "Okafor" not in title

    def test_cancelling_keeps_what_was_typed_until_it_is_whole(self, page_as, ana, book, okafor, at, noon):
        visit = book(okafor, at("14:00"))
        browser = page_as(ana)
        url = f"/appointments/{visit.pk}/cancel/"
        assert "The patient cancels late" in browser.get(url, **HTMX).content.decode()
        wrong = browser.post(url, {"how": "cancelled-late", "reason": ""}, **HTMX)
        assert wrong.status_code == 422
        assert 'value="cancelled-late"' in wrong.content.decode()
        assert "checked" in wrong.content.decode()
        done = browser.post(url, {"how": "cancelled-late", "reason": "No car"}, **HTMX, HTTP_HX_TARGET="drawer")
        assert done.headers["HX-Trigger"] == "visit-changed"
        assert "Undo cancellation" in done.content.decode()
        visit.refresh_from_db()
        assert (visit.status, visit.status_reason) == ("cancelled-late", "No car")

    def test_a_no_show_before_the_time_is_refused_at_the_form(self, page_as, ana, book, okafor, at, noon):
        visit = book(okafor, at("14:00"))
        answer = page_as(ana).post(f"/appointments/{visit.pk}/no-show/", {"reason": "no call"}, **HTMX)
        assert answer.status_code == 422
        assert "still to come" in answer.content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_history_in_words(self, page_as, ana, book, okafor, at, noon, chairs):
        visit = book(okafor, at("12:00"))
        booking.arrive(appointment_id=visit.pk, by=ana, now=noon)
        booking.move(appointment_id=visit.pk, start=visit.start, chair=chairs[1], by=ana, now=noon)
        page = page_as(ana).get(f"/appointments/{visit.pk}/history/", **HTMX).content.decode()
        assert "Ana Ortiz" in page
        assert "<del>booked</del>" in page
        assert "<ins>arrived</ins>" in page
        assert "<del>Chair 1</del>" in page
        assert "<ins>Mon 30 Nov 2026, 12:00 PST</ins>" in page
