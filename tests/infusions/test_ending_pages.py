"""Cancelling by scope, taking back, settling what is past, and what stands beside a visit in the drawer."""

# ruff: noqa: F811  (the fixtures of the same course)

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from config.staff.models import User
from infusions.models import Order
from scheduling import booking, holding
from scheduling.models import Appointment, Chair
from scheduling.states import Status
from tests.infusions.ordering import known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)

HTMX = {"hx-request": "true", "hx-target": "drawer"}


@pytest.fixture(autouse=True)
def stopped_clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def cancel_url(visit: Appointment) -> str:
    return reverse("appointment-cancel", args=[visit.pk])


def undo_url(visit: Appointment) -> str:
    return reverse("appointment-undo", args=[visit.pk])


def statuses(visits: list[Appointment]) -> list[str]:
    return [Appointment.objects.get(pk=visit.pk).status for visit in visits]


class TestCancelling:
    sent = {"how": "cancelled-by-patient", "reason": "Ill."}  # noqa: RUF012  (read only)

    def test_the_form_offers_the_scopes_that_there_are(
        self, booked: list[Appointment], ana: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        middle, last = (client.get(cancel_url(visit)).content.decode() for visit in booked[1:])
        assert "This and the 1 later one" in middle
        assert "All 3 that are still to come" in middle
        assert "later one" not in last

    @pytest.mark.parametrize(("scope", "gone"), [("one", [1]), ("later", [1, 2]), ("rest", [0, 1, 2])])
    def test_only_what_was_chosen(
        self, booked: list[Appointment], ana: User, page_as: Callable, scope: str, gone: list[int]
    ) -> None:
        page_as(ana).post(cancel_url(booked[1]), {**self.sent, "scope": scope})
        expected = ["cancelled-by-patient" if nth in gone else "booked" for nth in range(3)]
        assert statuses(booked) == expected

    def test_it_says_what_counts_as_late_and_lets_the_desk_choose(
        self, booked: list[Appointment], ana: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        assert "by the clinic’s rule this counts as late" in client.get(cancel_url(booked[0])).content.decode()
        assert "not late" in client.get(cancel_url(booked[2])).content.decode()
        client.post(cancel_url(booked[0]), {**self.sent, "scope": "one"})
        assert statuses(booked)[0] == "cancelled-by-patient"

    def test_late_is_offered_first_within_the_limit_and_not_before(
        self, booked: list[Appointment], ana: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        near, far = (client.get(cancel_url(booked[nth])).content.decode() for nth in (0, 2))
        assert near.index('value="cancelled-late"') < near.index('value="cancelled-by-patient"')
        assert 'value="cancelled-late"' not in far
        assert 'value="cancelled-by-patient"' in far
        client.post(cancel_url(booked[0]), {"how": "cancelled-late", "scope": "one", "reason": "No car."})
        assert statuses(booked) == ["cancelled-late", "booked", "booked"]

    def test_later_ones_that_go_with_it_are_not_late(
        self, booked: list[Appointment], ana: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        assert (
            "Later visits that go with it are cancelled by the patient."
            in client.get(cancel_url(booked[0])).content.decode()
        )
        client.post(cancel_url(booked[0]), {"how": "cancelled-late", "scope": "later", "reason": "No car."})
        assert statuses(booked) == ["cancelled-late", "cancelled-by-patient", "cancelled-by-patient"]

    def test_all_that_went_together_comes_back_together(
        self, booked: list[Appointment], ana: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        client.post(cancel_url(booked[0]), {**self.sent, "scope": "later"})
        assert set(statuses(booked)) == {"cancelled-by-patient"}
        bar = re.search(r'action="([^"]*bring-back[^"]*)"', client.get(reverse("home")).content.decode())
        assert bar
        address = bar[1].replace("&amp;", "&")
        assert client.post(address).status_code == 302
        assert statuses(booked) == ["booked"] * 3
        assert client.post(address).status_code == 409, "they have changed since"
        assert Appointment.objects.exclude(needs_repair="").count() == 0

    @pytest.mark.parametrize(("nth", "scope"), [(2, "one"), (1, "later")])
    def test_far_ahead_it_is_refused_at_its_field_and_loses_nothing(
        self, booked: list[Appointment], ana: User, page_as: Callable, nth: int, scope: str
    ) -> None:
        answer = page_as(ana).post(
            cancel_url(booked[nth]), {"how": "cancelled-late", "scope": scope, "reason": "No car today."}
        )
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "not late. It is cancelled by the patient." in html
        assert 'value="No car today."' in html
        assert statuses(booked) == ["booked"] * 3

    def test_a_mistake_is_one_visit(self, booked: list[Appointment], ana: User, page_as: Callable) -> None:
        answer = page_as(ana).post(cancel_url(booked[1]), {"how": "entered-in-error", "reason": "x", "scope": "rest"})
        assert answer.status_code == 422
        assert statuses(booked) == ["booked"] * 3
        page_as(ana).post(cancel_url(booked[1]), {"how": "entered-in-error", "reason": "Wrong one."})
        assert statuses(booked)[1] == "entered-in-error"

    def test_an_old_version_cancels_nothing(self, booked: list[Appointment], ana: User, page_as: Callable) -> None:
        booking.confirm(appointment_id=booked[1].pk, by=ana, now=timezone.now())
        answer = page_as(ana).post(cancel_url(booked[1]), {**self.sent, "scope": "rest", "version": "1"})
        assert answer.status_code in (409, 422)
        assert statuses(booked) == ["booked"] * 3


class TestTakingBack:
    def test_the_bar_of_the_act_needs_no_words(self, booked: list[Appointment], ana: User, page_as: Callable) -> None:
        client = page_as(ana)
        html = client.post(
            cancel_url(booked[1]), {**TestCancelling.sent, "scope": "one"}, headers=HTMX
        ).content.decode()
        found = re.search(r'action="([^"]*undo/\?version=\d+)"', html)
        assert found
        client.post(found[1], headers=HTMX)
        assert statuses(booked)[1] == "booked"

    def test_a_stale_bar_takes_back_nothing(
        self, booked: list[Appointment], ana: User, now: datetime, page_as: Callable
    ) -> None:
        with time_machine.travel(booked[0].start, tick=False):
            client = page_as(ana)
            client.post(reverse("appointment-arrive", args=[booked[0].pk]))
            old = f"{undo_url(booked[0])}?version={Appointment.objects.get(pk=booked[0].pk).version}"
            booking.apply(appointment_id=booked[0].pk, to=Status.CHECKED_IN, by=ana, now=booked[0].start)
            assert client.post(old, headers=HTMX).status_code == 409
        assert statuses(booked)[0] == "checked-in"

    def test_later_it_asks_why(self, booked: list[Appointment], ana: User, page_as: Callable) -> None:
        booking.cancel(
            appointment_id=booked[1].pk, how=Status.CANCELLED_BY_PATIENT, reason="x", by=ana, now=timezone.now()
        )
        client = page_as(ana)
        assert "Undo cancellation" in client.get(undo_url(booked[1])).content.decode()
        assert client.post(undo_url(booked[1]), {"reason": " "}).status_code == 422
        assert statuses(booked)[1] == "cancelled-by-patient"
        client.post(undo_url(booked[1]), {"reason": "It was Mr Reed who called."})
        assert statuses(booked)[1] == "booked"
        told = client.get(reverse("appointment-history", args=[booked[1].pk])).content.decode()
        assert "It was Mr Reed who called." in told

    def test_a_hold_is_kept_or_released_in_the_drawer(
        self, order: Order, ana: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        visits = [
            booking.book(
                patient=order.patient, clinic=order.clinic, start=at(day, 9), minutes=30, by=ana, now=now,
                held_until=now + timedelta(hours=1),
            )
            for day in (24, 25)
        ]  # fmt: skip
        client = page_as(ana)
        assert "Held until" in client.get(reverse("appointment", args=[visits[0].pk])).content.decode()
        client.post(reverse("appointment-keep", args=[visits[0].pk]))
        client.post(reverse("appointment-release", args=[visits[1].pk]))
        assert statuses(visits) == ["booked", "released"]
        assert holding.sweep(now=now) == 0


class TestUnresolved:
    @pytest.fixture
    def past(self, booked: list[Appointment], at: Callable) -> Iterator[list[Appointment]]:
        with time_machine.travel(at(28, 9), tick=False):
            yield booked

    def test_the_oldest_first_and_only_what_is_past(self, past, ana: User, page_as: Callable) -> None:
        answer = page_as(ana).get(reverse("unresolved"))
        assert [visit.pk for visit in answer.context["page"].rows] == [past[0].pk, past[1].pk]
        assert "2 to settle" in answer.content.decode()
        assert reverse("unresolved") in page_as(ana).get(reverse("home")).content.decode()

    @pytest.mark.parametrize(
        ("to", "typed", "reason"),
        [
            ("no-show", "Not reached.", "Not reached."),
            ("cancelled-by-patient", "She called.", "She called."),
            ("cancelled-by-clinic", "Flood.", "Flood."),
            ("arrived", "", ""),
        ],
    )
    def test_one_press_each(self, past, ana: User, page_as: Callable, to: str, typed: str, reason: str) -> None:
        url = reverse("appointment-settle", args=[past[0].pk])
        page_as(ana).post(url, {"to": to, "reason": typed, "version": past[0].version})
        past[0].refresh_from_db()
        assert (past[0].status, past[0].status_reason) == (to, reason)
        assert past[1].pk in [v.pk for v in page_as(ana).get(reverse("unresolved")).context["page"].rows]

    @pytest.mark.parametrize("to", ["no-show", "cancelled-late", "cancelled-by-clinic"])
    def test_why_is_what_a_person_says_and_nothing_else(self, past, ana: User, page_as: Callable, to: str) -> None:
        url = reverse("appointment-settle", args=[past[0].pk])
        answer = page_as(ana).post(url, {"to": to, "reason": " ", "version": past[0].version})
        assert answer.status_code == 422
        html = answer.content.decode()
        assert (html.count("Say why; it stays with the visit."), html.count('aria-invalid="true"')) == (1, 1)
        long = "x" * 201
        again = page_as(ana).post(url, {"to": to, "reason": long, "version": past[0].version})
        assert (again.status_code, long in again.content.decode()) == (422, True), "what was typed is kept"
        assert statuses(past)[0] == "booked"

    @pytest.mark.parametrize("to", ["", "completed", "in-progress", "held"])
    def test_nothing_else(self, past, ana: User, page_as: Callable, to: str) -> None:
        assert page_as(ana).post(reverse("appointment-settle", args=[past[0].pk]), {"to": to}).status_code == 400
        assert statuses(past)[0] == "booked"

    def test_somebody_else_was_quicker(self, past, ana: User, page_as: Callable) -> None:
        url = reverse("appointment-settle", args=[past[0].pk])
        page_as(ana).post(url, {"to": "no-show", "reason": "Not reached.", "version": past[0].version})
        answer = page_as(ana).post(url, {"to": "arrived", "version": past[0].version})
        assert answer.status_code == 409

    def test_no_periodic_task_settles_anything(self, past, ana: User, nils: User, at: Callable) -> None:
        """Everything that beat sends is run, twice, on past visits in each state that a person has to end."""
        with time_machine.travel(at(24, 9), tick=False):
            booking.arrive(appointment_id=past[0].pk, by=ana, now=at(24, 9))
        before = {row.pk: (row.status, row.version) for row in Appointment.objects.all()}
        app.loader.import_default_modules()
        assert len(app.conf.beat_schedule) >= 5
        for entry in [*app.conf.beat_schedule.values()] * 2:
            app.tasks[entry["task"]].apply(throw=True)
        assert {row.pk: (row.status, row.version) for row in Appointment.objects.all()} == before


class TestOverbooking:
    def test_a_consult_beside_another_only_by_a_manager_and_marked(
        self, ada, ana: User, vera: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        chairs = list(Chair.objects.order_by("position"))
        there = booking.book(
            patient=ada, clinic=ada.clinic, start=at(24, 9), minutes=60, chair=chairs[0], by=ana, now=now
        )
        other = known_patient(ada.clinic, now, "Reed")
        sent = {
            "patient": str(other.pk), "day": "2026-11-24", "time": "09:30", "minutes": "30",
            "chair": str(there.chair_id), "overbook_reason": "Five minutes only.",
        }  # fmt: skip
        assert "overbook_reason" not in page_as(ana).get(reverse("appointment-new")).content.decode()
        assert page_as(ana).post(reverse("appointment-new"), sent).status_code == 409
        assert page_as(vera).post(reverse("appointment-new"), sent).status_code == 302
        booked = Appointment.objects.get(patient=other)
        assert booked.overbook_reason == "Five minutes only."
        client = page_as(ana)
        rows = client.get(reverse("board-feed", args=[at(24, 9).date()])).json()["bookings"]
        assert ["2 in this chair" in row["mark"] for row in rows] == [True, True]
        assert client.get(reverse("board-list", args=[at(24, 9).date()])).content.decode().count("2 in this chair") == 2
        drawer = client.get(reverse("appointment", args=[booked.pk])).content.decode()
        assert "Five minutes only." in drawer
        assert "2 in this chair" in client.get(reverse("appointment-beside", args=[there.pk])).content.decode()


class TestBeside:
    def test_order_contact_messages_and_the_last_changes(
        self, booked: list[Appointment], order: Order, ana: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        drawer = client.get(reverse("appointment", args=[booked[0].pk]), headers=HTMX).content.decode()
        assert f'hx-get="{reverse("appointment-beside", args=[booked[0].pk])}"' in drawer
        html = re.sub(
            r"\s+", " ", client.get(reverse("appointment-beside", args=[booked[0].pk]), headers=HTMX).content.decode()
        )
        assert "3 visits, 2 to 7 days apart" in html
        assert "None about this visit yet." in html
        assert "Examplamine" not in html

    def test_another_clinic_sees_nothing(self, booked: list[Appointment], zoe: User, page_as: Callable) -> None:
        assert page_as(zoe).get(reverse("appointment-beside", args=[booked[0].pk])).status_code == 404
