"""Moving this and later visits, repairing a series, and exceptions: on their pages."""

# ruff: noqa: F811  (the fixtures of the same course)

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import ClassVar

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import reverse

from config.staff.models import User
from infusions import exceptions, fulfilment, rescheduling
from infusions.models import ExceptionKind, Order
from patients.models import Task, TaskKind
from scheduling import booking
from scheduling.models import Appointment
from scheduling.opening import close_day
from scheduling.rules import set_limits
from tests.conftest import PASSWORD
from tests.infusions.ordering import known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)


@pytest.fixture(autouse=True)
def stopped_clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def move_url(visit: Appointment) -> str:
    return reverse("appointment-move", args=[visit.pk])


def all_url(visit: Appointment) -> str:
    return reverse("appointment-move-all", args=[visit.pk])


def moves_in(html: str) -> list[str]:
    return re.findall(r'name="move" value="([^"]+)"', html)


def starts(visits: list[Appointment]) -> list[datetime]:
    return [Appointment.objects.get(pk=visit.pk).start for visit in visits]


class TestThisAndLater:
    def ask(self, client, visit: Appointment) -> HttpResponse:
        sent = {"day": "2026-11-30", "time": "10:00", "scope": "later", "version": visit.version}
        return client.post(move_url(visit), sent)

    def test_the_form_says_how_many_there_are(self, booked, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        assert "This and the 1 later one" in client.get(move_url(booked[1])).content.decode()
        assert "later one" not in client.get(move_url(booked[2])).content.decode()

    def test_first_shown_then_moved_by_one_press_then_taken_back(
        self,
        booked,
        ana: User,
        page_as: Callable,
        at: Callable,
    ) -> None:
        client, before = page_as(ana), starts(booked)
        shown = self.ask(client, booked[1])
        assert starts(booked) == before
        html = shown.content.decode()
        assert "Move 2 visits" in html
        answer = client.post(all_url(booked[1]), {"move": moves_in(html)})
        assert answer.status_code == 302
        assert starts(booked)[0] == before[0]
        assert starts(booked)[1] == at(30, 10)
        assert starts(booked)[2] > at(30, 10)
        undo = re.search(r'action="([^"]*move-back[^"]*)"', client.get(reverse("home")).content.decode())
        assert undo
        client.post(undo[1].replace("&amp;", "&"))
        assert starts(booked) == before

    def test_taken_meanwhile_nothing_moves_and_others_are_shown(
        self,
        booked,
        ana: User,
        now: datetime,
        page_as: Callable,
    ) -> None:
        client, before = page_as(ana), starts(booked)
        sent = moves_in(self.ask(client, booked[1]).content.decode())
        gone = datetime.fromisoformat(sent[1].split("|")[1])
        close_day(clinic=ana.clinic, day=gone.date(), reason="Burst pipe", by=User.objects.get(username="vera"))
        answer = client.post(all_url(booked[1]), {"move": sent})
        assert answer.status_code in (400, 409)
        assert starts(booked) == before

    def test_outside_the_patients_limits_it_asks_why_and_forgets_nothing(
        self, booked, ana: User, page_as: Callable, at: Callable
    ) -> None:
        set_limits(patient=booked[0].patient, weekdays=[1, 3, 4], time_from=None, time_until=None, transport="", by=ana)
        client, before = page_as(ana), starts(booked)
        html = self.ask(client, booked[1]).content.decode()
        assert 'name="limits_reason"' in html, "a Monday"
        again = client.post(all_url(booked[1]), {"move": moves_in(html)})
        assert (again.status_code, starts(booked)) == (422, before)
        html = again.content.decode()
        assert "The patient can come only on Tue, Thu, Fri" in html
        assert 'name="limits_reason"' in html
        sent = {"move": moves_in(html), "limits_reason": "Her son drives."}
        assert client.post(all_url(booked[1]), sent).status_code == 302
        assert starts(booked)[1] == at(30, 10)
        reasons = [Appointment.objects.get(pk=visit.pk).limits_reason for visit in booked]
        assert reasons == ["", "Her son drives.", ""], "the later one was found within the limits"

    def test_the_reason_given_with_the_wish_goes_on_to_the_plan(self, booked, ana: User, page_as: Callable) -> None:
        set_limits(patient=booked[0].patient, weekdays=[1, 3, 4], time_from=None, time_until=None, transport="", by=ana)
        sent = {"day": "2026-11-30", "time": "10:00", "scope": "later", "version": booked[1].version}
        shown = page_as(ana).post(move_url(booked[1]), {**sent, "limits_reason": "Her son drives."})
        assert re.search(
            r'name="limits_reason"[^>]*value="Her son drives\."|value="Her son drives\."[^>]*name="limits_reason"',
            shown.content.decode(),
        )

    def test_an_old_version_moves_none(self, booked, ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        sent = moves_in(self.ask(client, booked[1]).content.decode())
        booking.confirm(appointment_id=booked[2].pk, by=ana, now=datetime.now(ana.clinic.tz))
        before = starts(booked)
        assert client.post(all_url(booked[1]), {"move": sent}).status_code == 409
        assert starts(booked) == before

    @pytest.mark.parametrize(
        "sent", [[], ["nonsense"], ["a|b|c|d"], ["00000000-0000-0000-0000-000000000001|2026-11-30T09:00:00||"]]
    )
    def test_what_was_not_sent_whole(self, booked, ana: User, page_as: Callable, sent: list) -> None:
        assert page_as(ana).post(all_url(booked[1]), {"move": sent}).status_code == 400


class TestSaidBeforehand:
    def test_which_later_visit_it_would_break(self, booked, ana: User, page_as: Callable, at: Callable) -> None:
        client = page_as(ana)
        sent = {"day": "2026-11-26", "time": "09:00", "scope": "one", "version": booked[0].version}
        asked = client.post(move_url(booked[0]), sent)
        html = asked.content.decode()
        assert asked.status_code == 422
        assert "This leaves 1 later visit outside the order’s gaps" in html
        assert "Fri 27 Nov, 09:00" in html
        assert starts(booked)[0] == at(24, 9)
        client.post(move_url(booked[0]), {**sent, "sure": "1"})
        assert starts(booked)[0] == at(26, 9)
        assert "1 visit of this course needs repair" in client.get(reverse("home")).content.decode()

    def test_outside_the_patients_limits_it_asks_why(self, booked, ana: User, page_as: Callable, at: Callable) -> None:
        set_limits(patient=booked[0].patient, weekdays=[1], time_from=None, time_until=None, transport="", by=ana)
        client = page_as(ana)
        sent = {"day": "2026-11-25", "time": "09:00", "scope": "one", "version": booked[0].version}
        asked = client.post(move_url(booked[0]), sent)
        assert 'name="limits_reason"' in asked.content.decode()
        client.post(move_url(booked[0]), {**sent, "limits_reason": "Her son drives."})
        assert starts(booked)[0] == at(25, 9)

    def test_only_a_manager_overbooks(
        self,
        booked,
        ana: User,
        vera: User,
        now: datetime,
        page_as: Callable,
        at: Callable,
    ) -> None:
        other = known_patient(ana.clinic, now, "Reed")
        there = booking.book(patient=other, clinic=ana.clinic, start=at(24, 13), minutes=60, by=ana, now=now)
        sent = {"day": "2026-11-24", "time": "13:00", "chair": str(there.chair_id), "version": booked[0].version}
        assert 'name="overbook_reason"' not in page_as(ana).get(move_url(booked[0])).content.decode()
        assert page_as(ana).post(move_url(booked[0]), {**sent, "overbook_reason": "Please."}).status_code == 409
        assert page_as(vera).post(move_url(booked[0]), {**sent, "overbook_reason": "Both short."}).status_code == 302
        booked[0].refresh_from_db()
        assert (booked[0].chair_id, booked[0].overbook_reason) == (there.chair_id, "Both short.")


class TestRepair:
    @pytest.fixture
    def broken(self, booked, ana: User, now: datetime, at: Callable) -> list[Appointment]:
        rescheduling.move(appointment_id=booked[2].pk, start=at(2, 9, 12), by=ana, now=now)
        rescheduling.move(appointment_id=booked[0].pk, start=at(26, 9), by=ana, now=now)
        return booked

    def test_it_is_said_on_the_order_and_at_the_visit(
        self,
        broken,
        order: Order,
        ana: User,
        page_as: Callable,
    ) -> None:
        client = page_as(ana)
        html = client.get(reverse("order", args=[order.pk])).content.decode()
        assert "1 visit needs repair" in html
        assert "data-needs-repair" in html
        assert "day after Thu 26 Nov" in client.get(reverse("appointment", args=[broken[1].pk])).content.decode()
        assert "Visits need repair" in client.get(reverse("patient", args=[order.patient_id])).content.decode()
        day = date(2026, 11, 27)
        assert "Needs repair" in client.get(reverse("board-list", args=[day])).content.decode()
        [row] = client.get(reverse("board-feed", args=[day])).json()["bookings"]
        assert "needs repair" in row["mark"]
        tiles = {tile.label: tile for tile in client.get(reverse("home")).context["tiles"]}
        assert tiles["Visits that need repair"].value == 1
        assert "no longer keeps the order" in client.get(tiles["Visits that need repair"].url).content.decode()

    def test_one_press_accepts_all(self, broken, order: Order, ana: User, page_as: Callable, at: Callable) -> None:
        client, url = page_as(ana), reverse("order-repair", args=[order.pk])
        html = client.get(url).content.decode()
        assert "Repair 1 visit" in html
        assert client.post(url, {"move": moves_in(html)}).status_code == 302
        assert starts(broken)[1] == at(30, 9)
        assert not Appointment.objects.exclude(needs_repair="").exists()
        assert not Task.objects.open().filter(kind=TaskKind.NEEDS_REPAIR).exists()
        assert "Nothing to repair" in client.get(url).content.decode()
        assert "No visit needs" not in html

    def test_taken_meanwhile(
        self,
        broken,
        order: Order,
        ana: User,
        now: datetime,
        page_as: Callable,
        at: Callable,
    ) -> None:
        client, url = page_as(ana), reverse("order-repair", args=[order.pk])
        sent = moves_in(client.get(url).content.decode())
        for name in ("Reed", "Vale"):
            other = known_patient(ana.clinic, now, name)
            booking.book(patient=other, clinic=ana.clinic, start=at(30, 9), minutes=90, by=ana, now=now)
        answer = client.post(url, {"move": sent})
        assert answer.status_code == 409
        html = answer.content.decode()
        assert "Nothing was moved" in html
        assert moves_in(html) != sent

    def test_when_nothing_would_do_it_says_so(
        self,
        broken,
        order: Order,
        ana: User,
        vera: User,
        page_as: Callable,
    ) -> None:
        for day in (27, 30):
            close_day(clinic=ana.clinic, day=date(2026, 11, day), reason="Flood", by=vera)
        for day in range(1, 12):
            close_day(clinic=ana.clinic, day=date(2026, 12, day), reason="Flood", by=vera)
        html = page_as(ana).get(reverse("order-repair", args=[order.pk])).content.decode()
        assert "No dates for all of them" in html
        assert "prescriber" in html

    def test_who_may(self, broken, order: Order, nils: User, zoe: User, page_as: Callable) -> None:
        url = reverse("order-repair", args=[order.pk])
        assert page_as(nils).get(url).status_code == 403
        assert page_as(zoe).get(url).status_code == 404


class TestExceptions:
    sent: ClassVar = {"kind": "outside-gaps", "day": "2026-11-25", "reason": "Seen well.", "password": PASSWORD}

    def test_signed_used_and_shown(
        self,
        order: Order,
        ana: User,
        mara: User,
        now: datetime,
        page_as: Callable,
        at: Callable,
        booked,
    ) -> None:
        url = reverse("order-exceptions", args=[order.pk])
        assert page_as(mara).post(url, self.sent).status_code == 302
        rescheduling.move(appointment_id=booked[1].pk, start=at(25, 9), by=ana, now=now)
        html = page_as(mara).get(reverse("order", args=[order.pk])).content.decode()
        assert "One visit outside the gaps" in html
        assert "Seen well." in html
        assert "Used by" in html
        assert "Wed 25 Nov, 09:00" in html

    def test_the_desk_reads_that_and_not_why(
        self,
        order: Order,
        ana: User,
        mara: User,
        page_as: Callable,
    ) -> None:
        page_as(mara).post(reverse("order-exceptions", args=[order.pk]), self.sent)
        html = page_as(ana).get(reverse("order", args=[order.pk])).content.decode()
        assert "One visit outside the gaps" in html
        assert "Seen well." not in html

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"kind": ""}, "kind"), ({"day": ""}, "day"), ({"day": "2026-11-20"}, "day"), ({"reason": " "}, "reason"),
         ({"password": ""}, "password")],
    )  # fmt: skip
    def test_what_is_missing_is_said_at_its_field(
        self,
        order: Order,
        mara: User,
        page_as: Callable,
        change: dict,
        field: str,
    ) -> None:
        answer = page_as(mara).post(reverse("order-exceptions", args=[order.pk]), {**self.sent, **change})
        assert answer.status_code in (409, 422)
        assert list(answer.context["form"].errors) == [field]
        assert PASSWORD not in answer.content.decode()
        assert exceptions.of_order(order) == []

    # A wrong password is counted beside the request, so the people have to be there for good.
    @pytest.mark.django_db(transaction=True)
    def test_a_wrong_password_signs_nothing(self, order: Order, mara: User, page_as: Callable) -> None:
        answer = page_as(mara).post(reverse("order-exceptions", args=[order.pk]), {**self.sent, "password": "wrong"})
        assert list(answer.context["form"].errors) == ["password"]
        assert exceptions.of_order(order) == []

    def test_nobody_else_signs(self, order: Order, ana: User, nils: User, vera: User, page_as: Callable) -> None:
        for person in (ana, nils, vera):
            assert page_as(person).post(reverse("order-exceptions", args=[order.pk]), self.sent).status_code == 403

    def test_the_form_is_empty(self, order: Order, mara: User, page_as: Callable) -> None:
        html = page_as(mara).get(reverse("order-exceptions", args=[order.pk])).content.decode()
        assert re.search(r'name="day"[^>]*value=', html) is None
        assert re.search(r'name="kind"[^>]*checked', html) is None
        assert ExceptionKind.NO_ESCORT in html
        assert fulfilment.visits_left(order) == 3
