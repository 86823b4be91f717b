"""The series planner and the move: proposed within the order, booked all or none, and said in words when not."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import reverse

from config.staff.models import User
from infusions import fulfilment, orders
from infusions.models import Order
from patients.models import Patient
from scheduling import booking
from scheduling.models import Appointment, Chair
from scheduling.opening import close_day
from scheduling.series import PlannedVisit
from tests.infusions.ordering import BOOKING, accepted, bookable, drafted, known_patient, opened, signed


@pytest.fixture(autouse=True)
def stopped_clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def ada(clinic, nils: User, vera: User, now: datetime) -> Patient:
    opened(clinic, nurse=nils, by=vera)
    return known_patient(clinic, now)


@pytest.fixture
def order(ada: Patient, mara: User, now: datetime) -> Order:
    return bookable(ada, mara, now)


@pytest.fixture
def at(clinic) -> Callable[..., datetime]:
    return lambda day, hour: datetime(2026, 11, day, hour, tzinfo=clinic.tz)


@pytest.fixture
def booked(order: Order, ana: User, now: datetime, at: Callable) -> list[Appointment]:
    visits = [PlannedVisit(at(day, 9)) for day in (24, 27, 30)]
    fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now)
    return fulfilment.visits_of(order)


def plan_url(order: Order) -> str:
    return reverse("series-plan", args=[order.pk])


def sent_back(html: str) -> dict[str, list[str]]:
    """The hidden fields of the plan, as the browser would post them."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden"\s+name="((?:visit|other-\d+|lost-\d+))"\s+value="([^"]*)"', html
    ):
        found.setdefault(name, []).append(value)
    return found


def days_of(answer: HttpResponse) -> list[date]:
    return [row["visit"].chosen.start.date() for row in answer.context["rows"]]


class TestThePlan:
    def test_the_order_in_a_sentence_and_all_visits(self, order: Order, ana: User, page_as: Callable) -> None:
        answer = page_as(ana).get(plan_url(order))
        html = re.sub(r"\s+", " ", answer.content.decode())
        assert "3 visits, 2 to 7 days apart, 90 minutes in the chair; 3 left to book" in html
        assert "Book 3 visits" in html
        assert len(sent_back(answer.content.decode())["visit"]) == 3
        assert not Appointment.objects.exists()

    def test_it_is_booked_as_shown(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        shown = client.get(plan_url(order))
        answer = client.post(plan_url(order), {**sent_back(shown.content.decode()), "book": ""}, follow=True)
        assert "3 visits booked." in answer.content.decode()
        visits = fulfilment.visits_of(order)
        assert [visit.start.astimezone(order.clinic.tz).date() for visit in visits] == days_of(shown)

    def test_wishes_propose_anew(self, order: Order, ana: User, page_as: Callable) -> None:
        wishes = {"first": "2026-12-01", "weekday": ["1", "4"], "earliest": "13:00", "latest": "16:00"}
        answer = page_as(ana).get(plan_url(order), wishes, headers={"hx-request": "true"})
        html = answer.content.decode()
        assert "<html" not in html
        assert days_of(answer) == [date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 8)]
        assert all(row["visit"].chosen.start.hour >= 13 for row in answer.context["rows"])

    def test_wishes_that_make_no_sense_are_named(self, order: Order, ana: User, page_as: Callable) -> None:
        answer = page_as(ana).get(plan_url(order), {"earliest": "16:00", "latest": "13:00"})
        assert "This is not after the time above." in answer.content.decode()
        assert answer.context["rows"] == []

    def test_an_alternative_is_one_press_and_the_rest_stays(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        shown = client.get(plan_url(order))
        wanted = shown.context["rows"][1]["others"][0]["choice"]
        answer = client.post(plan_url(order), {**sent_back(shown.content.decode()), "pick": "2:0"})
        before, after = [[row["visit"].chosen for row in page.context["rows"]] for page in (shown, answer)]
        assert after == [before[0], wanted, before[2]]
        assert before[1] in answer.context["rows"][1]["visit"].alternatives or not answer.context["can_be_booked"]
        assert not Appointment.objects.exists()

    def test_a_lost_place_books_nothing_and_offers_others(
        self, order: Order, ana: User, vera: User, now: datetime, page_as: Callable
    ) -> None:
        client = page_as(ana)
        sent = sent_back(client.get(plan_url(order)).content.decode())
        gone = datetime.fromisoformat(sent["visit"][1].partition("|")[0])
        for chair, name in zip(Chair.objects.all(), ("Reed", "Vale"), strict=True):
            booking.book(
                patient=known_patient(order.clinic, now, name), clinic=order.clinic, start=gone, minutes=90, by=vera,
                now=now, chair=chair,
            )  # fmt: skip
        answer = client.post(plan_url(order), {**sent, "book": ""})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Nothing was booked" in html
        assert [bool(row["visit"].lost) for row in answer.context["rows"]] == [False, True, False]
        assert answer.context["rows"][1]["others"]
        assert not answer.context["can_be_booked"]
        assert not Appointment.objects.filter(patient=order.patient).exists()
        mended = client.post(plan_url(order), {**sent_back(html), "pick": "2:0"})
        assert mended.context["can_be_booked"]
        client.post(plan_url(order), {**sent_back(mended.content.decode()), "book": ""})
        assert len(fulfilment.visits_of(order)) == 3

    def test_a_day_that_was_closed_meanwhile(self, order: Order, ana: User, vera: User, page_as: Callable) -> None:
        client = page_as(ana)
        shown = client.get(plan_url(order))
        close_day(clinic=order.clinic, day=days_of(shown)[2], reason="Burst pipe", by=vera)
        answer = client.post(plan_url(order), {**sent_back(shown.content.decode()), "book": ""})
        assert answer.status_code == 409
        assert "Burst pipe" in answer.context["rows"][2]["visit"].lost
        assert not Appointment.objects.exists()

    def test_days_outside_the_gaps_are_not_booked(
        self, order: Order, ana: User, page_as: Callable, at: Callable
    ) -> None:
        visits = [f"{at(day, 9).isoformat()}|" for day in (24, 25, 30)]
        answer = page_as(ana).post(plan_url(order), {"visit": visits, "book": ""})
        assert answer.status_code == 422
        assert "the order says 2 to 7" in answer.content.decode()
        assert not Appointment.objects.exists()

    def test_a_page_that_was_not_sent_whole(self, order: Order, ana: User, page_as: Callable) -> None:
        for sent in ("nonsense", "2026-11-24T09:00:00|", "|"):
            answer = page_as(ana).post(plan_url(order), {"visit": [sent], "book": ""})
            assert answer.status_code == 400, sent

    def test_when_all_are_booked_it_lists_them(self, booked: list, order: Order, ana: User, page_as: Callable) -> None:
        html = page_as(ana).get(plan_url(order)).content.decode()
        assert "All 3 visits are booked or given" in html
        assert "Book " not in html


class TestWhyNot:
    @pytest.mark.parametrize("blank", sorted(BOOKING))
    def test_a_blank_limit(
        self, ada: Patient, mara: User, ana: User, now: datetime, page_as: Callable, blank: str
    ) -> None:
        accepted(ada, mara, now)
        order = signed(ada, mara, now, **{**BOOKING, blank: None})
        html = page_as(ana).get(plan_url(order)).content.decode()
        assert f"The order does not say the {orders.BOOKING_LIMITS[blank]}" in html
        assert "Only a prescriber can add it" in html
        assert 'name="visit"' not in html

    def test_no_candidacy(self, ada: Patient, mara: User, ana: User, now: datetime, page_as: Callable) -> None:
        order = signed(ada, mara, now, **BOOKING)
        assert "Nobody has decided on candidacy yet" in page_as(ana).get(plan_url(order)).content.decode()

    def test_a_held_order_keeps_its_reason_to_clinicians(
        self, order: Order, mara: User, ana: User, now: datetime, page_as: Callable
    ) -> None:
        orders.hold(order_id=order.pk, by=mara, now=now, reason="Fever.")
        html = page_as(ana).get(plan_url(order)).content.decode()
        assert "on hold" in html
        assert "Fever" not in html

    def test_a_draft_is_nobodys_business(
        self, ada: Patient, mara: User, ana: User, now: datetime, page_as: Callable
    ) -> None:
        assert page_as(ana).get(plan_url(drafted(ada, mara, now))).status_code == 404

    def test_clinicians_do_not_book(self, order: Order, nils: User, mara: User, page_as: Callable) -> None:
        for person in (nils, mara):
            assert page_as(person).get(plan_url(order)).status_code == 403


class TestMoving:
    def move_url(self, visit: Appointment) -> str:
        return reverse("appointment-move", args=[visit.pk])

    def test_the_board_drags(self, booked: list[Appointment], ana: User, page_as: Callable, at: Callable) -> None:
        sent = {"start": "2026-11-27T14:00", "version": booked[1].version}
        answer = page_as(ana).post(self.move_url(booked[1]), sent, headers={"hx-request": "true"})
        html = answer.content.decode()
        booked[1].refresh_from_db()
        assert answer.status_code == 200
        assert booked[1].start == at(27, 14)
        assert "Moved to Fri 27 Nov" in html

    def test_the_undo_bar_brings_it_back(
        self, booked: list[Appointment], ana: User, page_as: Callable, at: Callable
    ) -> None:
        client = page_as(ana)
        sent = {"start": "2026-11-27T14:00", "version": booked[1].version}
        html = client.post(self.move_url(booked[1]), sent, headers={"hx-request": "true"}).content.decode()
        found = re.search(r'action="([^"]+)"', html)
        assert found
        answer = client.post(found[1].replace("&amp;", "&"), headers={"hx-request": "true"})
        booked[1].refresh_from_db()
        assert (answer.status_code, booked[1].start) == (200, at(27, 9))

    def test_outside_the_gaps_goes_back_with_words(
        self, booked: list[Appointment], ana: User, page_as: Callable, at: Callable
    ) -> None:
        answer = page_as(ana).post(
            self.move_url(booked[1]), {"start": "2026-11-25T09:00"}, headers={"hx-request": "true"}
        )
        assert answer.status_code == 400
        assert "The order asks for 2 to 7 days between visits" in answer.content.decode()
        booked[1].refresh_from_db()
        assert booked[1].start == at(27, 9)

    def test_a_taken_place_and_an_old_version_are_409(
        self, booked: list[Appointment], ana: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        other = known_patient(booked[0].clinic, now, "Reed")
        taken = booking.book(patient=other, clinic=other.clinic, start=at(27, 13), minutes=60, by=ana, now=now)
        client, url = page_as(ana), self.move_url(booked[1])
        sent = {"start": "2026-11-27T13:00", "chair": str(taken.chair_id), "version": booked[1].version}
        clash = client.post(url, sent, headers={"hx-request": "true"})
        assert clash.status_code == 409
        assert "data-refusal" in clash.content.decode()
        client.post(url, {"start": "2026-11-27T14:00"}, headers={"hx-request": "true"})
        stale = client.post(url, {"start": "2026-11-27T15:00", "version": "1"}, headers={"hx-request": "true"})
        assert stale.status_code == 409

    def test_a_free_start_is_one_press(self, booked: list[Appointment], ana: User, page_as: Callable) -> None:
        client, url = page_as(ana), self.move_url(booked[1])
        answer = client.get(url)
        assert "from Thu 26 Nov" in answer.content.decode()
        days = dict(answer.context["days"])
        assert set(days) == {date(2026, 11, 26), date(2026, 11, 27)}
        wanted = days[date(2026, 11, 26)][0]
        moved = client.post(url, {"start": wanted.isoformat(), "version": booked[1].version})
        booked[1].refresh_from_db()
        assert (moved.status_code, booked[1].start) == (302, wanted)

    def test_the_form_keeps_what_was_typed(self, booked: list[Appointment], ana: User, page_as: Callable) -> None:
        answer = page_as(ana).post(self.move_url(booked[1]), {"day": "2026-11-25", "time": "09:00"})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="2026-11-25"' in html
        assert "days between visits" in html

    def test_by_the_form_a_taken_chair_is_409_and_a_move_can_be_undone(
        self, booked: list[Appointment], ana: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        other = known_patient(booked[0].clinic, now, "Reed")
        taken = booking.book(patient=other, clinic=other.clinic, start=at(27, 13), minutes=60, by=ana, now=now)
        client, url = page_as(ana), self.move_url(booked[1])
        typed = {"day": "2026-11-27", "time": "13:00", "chair": str(taken.chair_id), "version": booked[1].version}
        clash = client.post(url, typed)
        assert clash.status_code == 409
        assert 'value="2026-11-27"' in clash.content.decode()
        moved = client.post(url, typed | {"time": "15:00"}, follow=True).content.decode()
        found = re.search(r'data-undo-seconds.*?action="([^"]+)"', moved, re.DOTALL)
        assert found
        client.post(found[1].replace("&amp;", "&"), headers={"hx-request": "true"})
        booked[1].refresh_from_db()
        assert booked[1].start == at(27, 9)
        assert "data-undo-seconds" not in client.get("/").content.decode(), "the bar is shown once"

    def test_a_consult_by_the_form(
        self, ada: Patient, ana: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        visit = booking.book(patient=ada, clinic=ada.clinic, start=at(24, 9), minutes=30, by=ana, now=now)
        page_as(ana).post(self.move_url(visit), {"day": "2026-11-25", "time": "10:30", "version": visit.version})
        visit.refresh_from_db()
        assert visit.start == at(25, 10).replace(minute=30)

    def test_a_strange_start_or_chair_is_refused(self, booked: list[Appointment], ana: User, page_as: Callable) -> None:
        client, url = page_as(ana), self.move_url(booked[1])
        for sent in ({"start": "soon"}, {}, {"start": "2026-11-27T14:00", "chair": "couch"}):
            assert client.post(url, sent).status_code == 400

    def test_who_may(self, booked: list[Appointment], nils: User, zoe: User, page_as: Callable) -> None:
        url = self.move_url(booked[1])
        assert page_as(nils).get(url).status_code == 403
        assert page_as(zoe).get(url).status_code == 404
        assert page_as(zoe).post(url, {"start": "2026-11-27T14:00"}).status_code == 404


def test_a_released_order_frees_its_places(
    booked: list[Appointment], order: Order, ana: User, mara: User, now: datetime, page_as: Callable
) -> None:
    orders.stop(order_id=order.pk, by=mara, now=now, reason="No use.")
    client = page_as(ana)
    assert "Cancel 3 coming visits" in client.get(reverse("order", args=[order.pk])).content.decode()
    client.post(reverse("order-release", args=[order.pk]))
    assert fulfilment.visits_of(order) == []
