"""Booking a consult by its form: who, when, for how long, of which kind."""

from datetime import date, time
from typing import ClassVar

import pytest
from django.utils import timezone

from config.audit.acting import SystemJob
from config.staff.permissions import Role
from scheduling import booking
from scheduling.models import Appointment, FormHold, VisitKind
from scheduling.models.kinds import What
from scheduling.opening import set_hours
from scheduling.rules import set_limits
from scheduling.spans import NeedSpec, SpanSpec
from scheduling.visit_types import add_visit_type, change_visit_type
from tests.conftest import hired
from tests.scheduling.conftest import register

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


def consult_type(clinic, name):
    span = SpanSpec("Talk", None, [NeedSpec(What.CHAIR), NeedSpec(What.HANDS)])
    return add_visit_type(clinic=clinic, name=name, kind=VisitKind.CONSULT, spans=[span], by=SET_UP)


class TestConsult:
    WISH: ClassVar = {"day": "2026-11-30", "time": "13:00", "minutes": "60", "chair": "", "fold": ""}

    def test_book(self, page_as, ana, desk, okafor, noon, at):
        browser = page_as(ana)
        found = browser.post("/appointments/who/", {"who": "okafor"}, **HTMX).content.decode()
        assert f'value="{okafor.pk}"' in found
        answer = browser.post("/appointments/new/", {**self.WISH, "patient": okafor.pk})
        visit = Appointment.objects.get()
        assert answer.headers["Location"] == f"/appointments/{visit.pk}/"
        assert (visit.start, visit.kind, visit.patient) == (at("13:00"), "consult", okafor)

    def test_nothing_is_filled_in_but_where_somebody_pressed(self, page_as, ana, desk, chairs, noon):
        url = f"/appointments/new/?chair={chairs[1].pk}&start=2026-11-30T13:15"
        page = page_as(ana).get(url, **HTMX).content.decode()
        assert 'value="2026-11-30"' in page
        assert 'value="13:15"' in page
        assert f'value="{chairs[1].pk}" selected' in page

    def test_on_a_clash_all_is_kept_and_free_starts_are_offered(
        self, page_as, ana, desk, book, okafor, petrov, at, noon, chairs
    ):
        book(petrov, at("13:00"), 120, chair=chairs[0])
        browser = page_as(ana)
        wish = {**self.WISH, "patient": okafor.pk, "chair": chairs[0].pk}
        answer = browser.post("/appointments/new/", wish, **HTMX)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Chair 1 is taken 13:00 to 15:00. Free instead: Chair 2." in page
        assert 'value="13:00"' in page
        assert 'name="take" value="2026-11-30T15:00:00-08:00"' in page
        browser.post("/appointments/new/", {**wish, "take": "2026-11-30T15:00:00-08:00"}, **HTMX)
        assert Appointment.objects.get(patient=okafor).start == at("15:00")

    def test_the_kind_of_consult_is_asked_where_there_is_more_than_one(self, page_as, ana, desk, okafor, noon):
        browser, wish = page_as(ana), {**self.WISH, "patient": okafor.pk}
        assert 'name="visit_type"' not in browser.get("/appointments/new/").content.decode()
        _, long, gone = (consult_type(desk, name) for name in ("Short consult", "Long consult", "Old consult"))
        change_visit_type(visit_type_id=gone.pk, in_use=False, by=SET_UP)
        page = browser.get("/appointments/new/").content.decode()
        assert page.index("Short consult") < page.index("Long consult")
        assert "Old consult" not in page
        for sent in ({}, {"visit_type": gone.pk}, {"visit_type": okafor.pk}):
            answer = browser.post("/appointments/new/", {**wish, **sent})
            assert (answer.status_code, Appointment.objects.count()) == (422, 0)
        browser.post("/appointments/new/", {**wish, "visit_type": long.pk})
        visit = Appointment.objects.get()
        assert visit.visit_type == long
        assert "Consult, Long consult" in browser.get(f"/appointments/{visit.pk}/").content.decode()

    def test_nobody_chosen(self, page_as, ana, desk, noon):
        answer = page_as(ana).post("/appointments/new/", self.WISH)
        assert answer.status_code == 422
        assert "Choose who comes" in answer.content.decode()

    def test_a_time_that_does_not_exist_and_one_that_comes_twice(
        self, page_as, ana, desk, okafor, noon, at, monkeypatch
    ):
        set_hours(clinic=desk, weekday=6, spans=[(time(0), time(6))], by=SET_UP)
        browser = page_as(ana)
        gap = {**self.WISH, "patient": okafor.pk, "day": "2027-03-14", "time": "02:30"}
        answer = browser.post("/appointments/new/", gap)
        assert answer.status_code == 400
        assert "02:30 does not exist on Sun 14 Mar 2027:" in answer.content.decode()
        monkeypatch.setattr(timezone, "now", lambda: at("12:00", date(2027, 9, 1)))
        browser = page_as(ana)
        twice = {**self.WISH, "patient": okafor.pk, "day": "2027-11-07", "time": "01:30"}
        answer = browser.post("/appointments/new/", twice)
        assert "comes twice" in answer.content.decode()
        assert "The second" in answer.content.decode()
        browser.post("/appointments/new/", {**twice, "fold": "1"})
        visit = Appointment.objects.get()
        assert visit.start.astimezone(desk.tz).isoformat() == "2027-11-07T01:30:00-08:00"
        assert visit.start.astimezone(desk.tz).date() == date(2027, 11, 7)

    def test_no_further_ahead_than_26_weeks_and_another_year_is_named(self, page_as, ana, desk, okafor, noon):
        browser = page_as(ana)
        for day in ("2027-06-01", "2029-02-05", "2150-02-03"):
            answer = browser.post("/appointments/new/", {**self.WISH, "patient": okafor.pk, "day": day})
            assert answer.status_code == 400
            assert "At most 26 weeks ahead can be booked: until Mon 31 May 2027." in answer.content.decode()
        assert Appointment.objects.count() == 0
        wish = {**self.WISH, "patient": okafor.pk, "day": "2027-05-31"}
        page = browser.post("/appointments/new/", wish, **HTMX).content.decode()
        assert "Booked for Mon 31 May 2027, 13:00" in page
        page = browser.post("/appointments/new/", {**wish, "day": "2026-12-01"}, **HTMX).content.decode()
        assert "Booked for Tue 1 Dec, 13:00" in page

    def test_another_clinics_patient_is_nobody(self, page_as, ana, desk, other_clinic, noon):
        theirs = register(other_clinic, "Theirs")
        answer = page_as(ana).post("/appointments/new/", {**self.WISH, "patient": theirs.pk})
        assert answer.status_code == 422
        assert Appointment.objects.count() == 0

    def test_without_script_people_are_found_by_a_button(self, page_as, ana, desk, okafor, noon):
        page = page_as(ana).post("/appointments/new/", {**self.WISH, "who": "okafor", "find": "1"}).content.decode()
        assert f'value="{okafor.pk}"' in page
        assert 'value="13:00"' in page


class TestHeldMeanwhile:
    """Once a time is chosen, the place is held for whoever types."""

    WISH: ClassVar = TestConsult.WISH

    @pytest.fixture
    def ben(self, clinic):
        """Ben works at the other desk."""
        return hired(clinic, "ben", "Ben Reyes", Role.FRONT_DESK)

    @pytest.fixture
    def chosen(self, page_as, ana, desk, noon, chairs):
        """Ana's browser, after she chose time, length and chair; and what is held for her then."""
        browser = page_as(ana)
        answer = browser.post("/appointments/hold/", {**self.WISH, "chair": chairs[0].pk}, **HTMX)
        assert answer.status_code == 200
        return browser, FormHold.objects.get()

    def test_as_soon_as_the_time_is_chosen(self, chosen, ana, at):
        _, held = chosen
        assert (held.held_by, held.start, held.end) == (ana, at("13:00"), at("14:00"))

    def test_the_form_says_so(self, page_as, ana, desk, noon, chairs):
        browser, wish = page_as(ana), {**self.WISH, "chair": chairs[0].pk}
        page = browser.post("/appointments/hold/", wish, **HTMX).content.decode()
        held = FormHold.objects.get()
        assert "Chair 1 is held for you until 12:10." in page
        assert f'name="hold" value="{held.pk}"' in page
        assert f'data-form-hold="/appointments/hold/{held.pk}/let-go/"' in page

    @pytest.mark.parametrize("missing", ["day", "time", "minutes"])
    def test_nothing_before_all_of_it_is_chosen(self, page_as, ana, desk, noon, missing):
        answer = page_as(ana).post("/appointments/hold/", {**self.WISH, missing: ""}, **HTMX)
        assert (answer.status_code, FormHold.objects.count()) == (200, 0)
        assert "is-invalid" not in answer.content.decode()

    def test_the_other_desk_sees_it_taken(self, chosen, page_as, ben, petrov, chairs):
        browser, wish = page_as(ben), {**self.WISH, "chair": chairs[0].pk}
        answer = browser.post("/appointments/hold/", wish, **HTMX)
        assert answer.status_code == 409
        assert "Chair 1 is taken 13:00 to 14:00. Free instead: Chair 2." in answer.content.decode()
        assert browser.post("/appointments/new/", {**wish, "patient": petrov.pk}).status_code == 409
        feed = browser.get("/board/2026-11-30/feed/").json()["bookings"]
        assert [(row["name"], row["state"], row["detail"]) for row in feed] == [
            ("Being booked", "held", "by Ana Ortiz until 12:10")
        ]
        assert (
            "Being booked: Chair 1, 13:00 to 14:00, by Ana Ortiz until 12:10."
            in browser.get("/board/").content.decode()
        )
        page = browser.get(feed[0]["url"], **HTMX).content.decode()
        assert "Ana Ortiz holds Chair 1 until 12:10" in page
        assert "Let it go" not in page

    def test_whoever_holds_it_goes_on_where_they_were(self, chosen, okafor):
        browser, held = chosen
        assert "Go on with the booking" in browser.get(f"/appointments/hold/{held.pk}/").content.decode()
        page = browser.get(f"/appointments/new/?hold={held.pk}").content.decode()
        assert f'name="hold" value="{held.pk}"' in page
        assert 'value="13:00"' in page
        assert '<option value="60" selected' in page

    def test_the_booking_keeps_it(self, chosen, okafor, chairs):
        browser, held = chosen
        browser.post("/appointments/new/", {**self.WISH, "patient": okafor.pk, "hold": held.pk})
        held.refresh_from_db()
        assert (Appointment.objects.get().chair, held.ended_at is not None) == (chairs[0], True)

    def test_another_time_lets_the_first_one_go(self, chosen, okafor, at):
        browser, held = chosen
        answer = browser.post("/appointments/hold/", {**self.WISH, "time": "15:00", "hold": held.pk}, **HTMX)
        assert "is held for you until 12:10." in answer.content.decode()
        [now_held] = FormHold.objects.filter(ended_at__isnull=True)
        assert now_held.start == at("15:00")
        browser.post("/appointments/new/", {**self.WISH, "time": "16:00", "patient": okafor.pk, "hold": now_held.pk})
        assert not FormHold.objects.filter(ended_at__isnull=True).exists()
        assert Appointment.objects.get().start == at("16:00")

    def test_the_same_again_holds_on(self, chosen, chairs):
        browser, held = chosen
        browser.post("/appointments/hold/", {**self.WISH, "chair": chairs[0].pk, "hold": held.pk}, **HTMX)
        assert FormHold.objects.get().pk == held.pk

    def test_without_script_it_is_held_while_the_person_is_looked_for(self, page_as, ana, desk, okafor, noon):
        browser = page_as(ana)
        page = browser.post("/appointments/new/", {**self.WISH, "who": "okafor", "find": "1"}).content.decode()
        held = FormHold.objects.get()
        assert "is held for you until 12:10." in page
        answer = browser.post("/appointments/new/", {**self.WISH, "patient": okafor.pk, "hold": held.pk})
        assert answer.status_code == 302

    def test_it_is_held_while_a_reason_is_typed(self, page_as, ana, desk, okafor, noon):
        set_limits(patient=okafor, weekdays=[1], time_from=None, time_until=None, transport="", by=ana)
        answer = page_as(ana).post("/appointments/new/", {**self.WISH, "patient": okafor.pk})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert 'name="limits_reason"' in page
        assert "is held for you until 12:10." in page

    def test_leaving_gives_it_back_and_twice_is_once(self, chosen, page_as, ben):
        browser, held = chosen
        page_as(ben).post(f"/appointments/hold/{held.pk}/let-go/", **HTMX)
        held.refresh_from_db()
        assert held.ended_at is None
        assert browser.post(f"/appointments/hold/{held.pk}/let-go/").headers["Location"] == "/board/"
        assert browser.post(f"/appointments/hold/{held.pk}/let-go/", **HTMX).status_code == 200
        held.refresh_from_db()
        assert held.ended_at is not None
        assert browser.get(f"/appointments/hold/{held.pk}/").status_code == 404

    def test_another_clinics_is_nobodys(self, chosen, page_as, zoe):
        _, held = chosen
        assert page_as(zoe).get(f"/appointments/hold/{held.pk}/").status_code == 404
