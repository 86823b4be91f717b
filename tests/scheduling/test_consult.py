"""Booking a consult by its form: who, when, for how long, of which kind."""

from datetime import date, time
from typing import ClassVar

import pytest
from django.utils import timezone

from config.audit.acting import SystemJob
from scheduling import booking
from scheduling.models import Appointment, VisitKind
from scheduling.models.kinds import What
from scheduling.opening import set_hours
from scheduling.spans import NeedSpec, SpanSpec
from scheduling.visit_types import add_visit_type, change_visit_type
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
