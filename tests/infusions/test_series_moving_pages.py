"""Moving the visits of a series on their pages, and giving them back."""

# ruff: noqa: F811  (the fixtures of the same story)

import re
from collections.abc import Callable
from datetime import date, datetime

from django.urls import reverse

from config.staff.models import User
from infusions import fulfilment, orders
from infusions.models import Order
from patients.models import Patient
from scheduling import booking
from scheduling.models import Appointment
from tests.infusions.ordering import known_patient
from tests.infusions.test_series_pages import ada, at, booked, order, stopped_clock  # noqa: F401  (the same story)


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
