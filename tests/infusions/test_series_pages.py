"""The series planner and the move: proposed within the order, booked all or none, and said in words when not."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import reverse

from config.staff.models import User
from config.staff.permissions import Role
from infusions import exceptions, fulfilment, orders
from infusions.models import ExceptionKind, Order
from patients.models import Patient, Task
from scheduling import booking
from scheduling.models import Appointment, Chair
from scheduling.opening import close_day
from scheduling.rules import set_limits
from scheduling.series import PlannedVisit
from tests.conftest import PASSWORD
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
        r'<input type="hidden"\s+name="((?:visit|pinned|(?:other|lost|why)-\d+))"\s+value="([^"]*)"', html
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
        wishes = {"first_from": "2026-12-01", "weekdays": ["1", "4"], "time_from": "13:00", "time_until": "16:00"}
        answer = page_as(ana).get(plan_url(order), wishes, headers={"hx-request": "true"})
        html = answer.content.decode()
        assert "<html" not in html
        assert days_of(answer) == [date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 8)]
        assert all(row["visit"].chosen.start.hour >= 13 for row in answer.context["rows"])

    def test_wishes_that_make_no_sense_are_named(self, order: Order, ana: User, page_as: Callable) -> None:
        answer = page_as(ana).get(plan_url(order), {"time_from": "16:00", "time_until": "13:00"})
        assert "Over by: This is not after" in answer.content.decode()
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


class TestWishes:
    def send(self, client, order: Order, page: HttpResponse, **more: object) -> HttpResponse:
        sent = {**sent_back(page.content.decode()), **more}
        return client.post(plan_url(order), sent, headers={"hx-request": "true"})

    def test_what_is_pinned_stays_when_the_wishes_change(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        first = client.get(plan_url(order))
        pinned = self.send(client, order, first, pin="1")
        assert [row["visit"].is_pinned for row in pinned.context["rows"]] == [True, False, False]
        later = self.send(client, order, pinned, at="13:00", weekdays=["4"])
        chosen = [row["visit"].chosen.start for row in later.context["rows"]]
        assert chosen[0] == first.context["rows"][0]["visit"].chosen.start
        assert chosen[1].hour == 13
        assert [row["visit"].is_changed for row in later.context["rows"]] == [False, True, True]
        assert later.content.decode().count(">changed<") == 2

    def test_a_pick_leaves_the_others_alone(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        shown = client.get(plan_url(order), {"at": "09:00"})
        after = self.send(client, order, shown, pick="3:0", at="09:00")
        assert [row["visit"].is_changed for row in after.context["rows"]] == [False, False, True]
        assert after.context["rows"][2]["visit"].is_pinned
        assert len(after.context["rows"][1]["others"]) == 3

    def test_some_now_and_the_rest_later(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        shown = client.get(plan_url(order), {"count": "2"})
        assert "Book 2 visits" in shown.content.decode()
        self.send(client, order, shown, book="1", count="2")
        assert (len(fulfilment.visits_of(order)), fulfilment.visits_left(order)) == (2, 1)

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"count": "4"}, "count"),
            ({"count": "0"}, "count"),
            ({"first_from": "2026-11-20"}, "first_from"),
            ({"first_from": "2028-01-01"}, "first_from"),
            ({"at": "09:03"}, "at"),
            ({"latest_end": "2026-11-01"}, "latest_end"),
            ({"time_from": "noon"}, "time_from"),
        ],
    )
    def test_a_wish_that_makes_no_sense_is_said_at_its_field(
        self, order: Order, ana: User, page_as: Callable, wish: dict, field: str
    ) -> None:
        answer = page_as(ana).get(plan_url(order), wish)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert f'href="#id_{field}"' in answer.content.decode()

    def test_the_patients_own_days_and_a_reason_to_pass_over_them(
        self, order: Order, ana: User, page_as: Callable
    ) -> None:
        set_limits(patient=order.patient, weekdays=[2], time_from=None, time_until=None, transport="bus", by=ana)
        client = page_as(ana)
        shown = client.get(plan_url(order))
        assert "The patient can come Wed; bus" in shown.content.decode()
        assert {day.weekday() for day in days_of(shown)} == {2}
        reason = {"limits_reason": "Her daughter drives.", "weekdays": ["1"]}
        wider = self.send(client, order, shown, **reason)
        assert {day.weekday() for day in days_of(wider)} == {1}
        self.send(client, order, wider, book="1", **reason)
        assert {visit.limits_reason for visit in fulfilment.visits_of(order)} == {"Her daughter drives."}

    def test_the_months_say_how_much_room_there_is(self, order: Order, ana: User, page_as: Callable) -> None:
        html = page_as(ana).get(plan_url(order)).content.decode()
        assert "18 chair-hours free" in html
        assert "visit 1 of this plan" in html
        assert 'class="is-closed"' in html


class TestADayOfOnesOwn:
    def test_within_the_gaps_it_is_planned(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        shown = client.get(plan_url(order))
        sent = {**sent_back(shown.content.decode()), "day": "2:x", "other_day": "2026-11-30"}
        answer = client.post(plan_url(order), sent)
        assert days_of(answer)[1] == date(2026, 11, 30)
        assert answer.context["can_be_booked"]

    def test_outside_of_them_the_prescriber_is_asked(
        self, order: Order, ana: User, mara: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        sent = sent_back(client.get(plan_url(order)).content.decode())
        pinned = {**sent, "pinned": ["1"], "day": "2", "other_day": "2026-12-08"}
        answer = client.post(plan_url(order), pinned)
        html = answer.content.decode()
        assert "Tue 8 Dec is free, but not within the order" in html
        assert f"Ask {order.signed_name} about Tue 8 Dec" in html
        assert not Appointment.objects.exists()
        client.post(plan_url(order), {**sent, "ask": "2:2026-12-08"})
        [task] = Task.objects.open().filter(for_role=Role.PRESCRIBER)
        assert "May visit 2 be on Tue 8 Dec?" in task.words
        assert (task.about, task.about_kind) == (order.pk, "order")

    @pytest.mark.parametrize(
        ("day", "words"),
        [("2026-11-20", "past"), ("", "Choose"), ("2026-11-28", "Nothing is free"), ("9999-12-31", "Give a day")],
    )
    def test_a_day_that_cannot_be(self, order: Order, ana: User, page_as: Callable, day: str, words: str) -> None:
        client = page_as(ana)
        sent = sent_back(client.get(plan_url(order)).content.decode())
        answer = client.post(plan_url(order), {**sent, "day": "2", "other_day": day})
        assert words in answer.content.decode()
        assert len(answer.context["rows"]) == 3

    def test_what_is_allowed_is_booked_by_one_press(
        self, order: Order, ana: User, mara: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(24, 9))], by=ana, now=now)
        exceptions.allow(
            order_id=order.pk, kind=ExceptionKind.OUTSIDE_GAPS, day=date(2026, 11, 25), reason="Seen well.", by=mara,
            now=now, password=PASSWORD,
        )  # fmt: skip
        client = page_as(ana)
        html = client.get(plan_url(order)).content.decode()
        assert "Allowed by the prescriber" in html
        found = re.search(r'name="take" value="([^"]+)"', html)
        assert found
        client.post(plan_url(order), {"take": found[1]})
        days = [visit.start.astimezone(order.clinic.tz).day for visit in fulfilment.visits_of(order)]
        assert days == [24, 25]
        assert "Allowed by the prescriber" not in client.get(plan_url(order)).content.decode()


class TestHolding:
    def hold(self, client, order: Order) -> str:
        sent = sent_back(client.get(plan_url(order)).content.decode())
        return client.post(plan_url(order), {**sent, "hold": "1"}, follow=True).content.decode()

    def test_held_until_and_kept(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        html = self.hold(client, order)
        assert "3 visits held until Tue 24 Nov, 12:00" in html
        assert "Keep 3 visits" in html
        assert {visit.status for visit in fulfilment.visits_of(order)} == {"held"}
        client.post(reverse("series-keep", args=[order.pk]))
        assert {visit.status for visit in fulfilment.visits_of(order)} == {"booked"}
        assert client.post(reverse("series-keep", args=[order.pk])).status_code == 409

    def test_released(self, order: Order, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        self.hold(client, order)
        client.post(reverse("series-release", args=[order.pk]))
        assert fulfilment.visits_left(order) == 3
        assert client.post(reverse("series-release", args=[order.pk])).status_code == 409

    def test_a_second_browser_books_what_is_left_or_is_told(self, order: Order, ana: User, page_as: Callable) -> None:
        first, second = page_as(ana), page_as(ana)
        sent = sent_back(second.get(plan_url(order)).content.decode())
        self.hold(first, order)
        answer = second.post(plan_url(order), {**sent, "book": "1"}, headers={"hx-request": "true"})
        assert answer.status_code == 409
        assert "0 left to book" in answer.content.decode()
        assert len(fulfilment.visits_of(order)) == 3

    def test_on_paper(self, booked: list[Appointment], order: Order, nils: User, page_as: Callable) -> None:
        html = page_as(nils).post(reverse("series-print", args=[order.pk])).content.decode()
        assert "Tuesday 24 November 2026" in html
        assert "Los Angeles time" in html
        assert "Examplamine" not in html


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
