"""The course by API: wishes, holds, moves of many, scopes, repair, exceptions. Bad input leaves nothing half-saved."""

# ruff: noqa: F811  (the fixtures of the same course)

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from rest_framework.test import APIClient

from config.staff.models import User
from infusions import exceptions, fulfilment, rescheduling
from infusions.models import Order
from scheduling import booking
from scheduling.models import Appointment
from scheduling.rules import set_limits
from tests.conftest import PASSWORD
from tests.infusions.ordering import known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)

SERIES, VISITS, ORDERS = "/api/v1/series/", "/api/v1/appointments/", "/api/v1/orders/"


@pytest.fixture(autouse=True)
def stopped_clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def desk(api_as: Callable, ana: User) -> APIClient:
    return api_as(ana)


def rows() -> dict:
    return {row["id"]: row for row in Appointment.objects.values()}


class TestWishes:
    def test_preferred_kept_and_counted(self, desk: APIClient, order: Order, nils: User) -> None:
        first = desk.post(f"{SERIES}propose/", {"order": str(order.pk)}).json()["visits"]
        sent = {
            "order": str(order.pk), "count": 2, "prefer_weekdays": [4], "prefer_time": "13:00", "same_nurse": True,
            "pinned": [{"visit": 1, "start": first[0]["start"]}],
        }  # fmt: skip
        told = desk.post(f"{SERIES}propose/", sent).json()
        assert [visit["pinned"] for visit in told["visits"]] == [True, False]
        assert told["visits"][0]["start"] == first[0]["start"]
        assert told["visits"][1]["start"] == "2026-11-27T13:00:00-08:00"
        assert told["visits"][1]["nurse"] == str(nils.pk)

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"count": 0}, "count"),
            ({"count": 4}, "count"),
            ({"first_from": "2028-01-01"}, "first_from"),
            ({"latest_end": "2026-11-01"}, "latest_end"),
            ({"weekdays": [7]}, "weekdays"),
            ({"weekdays": []}, "weekdays"),
            ({"prefer_weekdays": [9]}, "prefer_weekdays"),
            ({"prefer_time": "09:02"}, "prefer_time"),
            ({"nurse": str(uuid4())}, "nurse"),
            ({"time_from": "16:00", "time_until": "09:00"}, "time_until"),
            ({"pinned": [{"visit": 9, "start": "2026-11-24T09:00:00-08:00"}]}, "pinned"),
            ({"pinned": [{"visit": 1, "start": "2026-11-24T09:00:00"}]}, "pinned"),
            ({"pinned": [{"visit": 1, "start": f"2026-11-24T{at}:00-08:00"} for at in ("09:00", "10:00")]}, "pinned"),
            ({"first_from": "2026-11-22"}, "first_from"),
            ({"prefer_time": "09:00+02:00"}, "prefer_time"),
            ({"time_from": "09:00Z"}, "time_from"),
            ({"time_until": "16:00-0800"}, "time_until"),
            ({"order": str(uuid4())}, "order"),
            ({"mood": "sunny"}, "mood"),
        ],
    )
    def test_what_makes_no_sense_is_named(self, desk: APIClient, order: Order, wish: dict, field: str) -> None:
        answer = desk.post(f"{SERIES}propose/", {"order": str(order.pk), **wish})
        assert answer.status_code == 400
        assert field in answer.json()["errors"]

    def test_somebody_who_takes_no_visits_is_no_nurse_to_wish_for(
        self, desk: APIClient, order: Order, ana: User, nils: User
    ) -> None:
        for person, status in ((ana, 400), (nils, 200)):
            sent = {"order": str(order.pk), "nurse": str(person.pk)}
            assert desk.post(f"{SERIES}propose/", sent).status_code == status


class TestHolding:
    def visits(self, desk: APIClient, order: Order) -> list[dict[str, Any]]:
        found = desk.post(f"{SERIES}propose/", {"order": str(order.pk)}).json()["visits"]
        return [{"start": visit["start"], "chair": visit["chair"]} for visit in found]

    def test_held_kept_and_released(self, desk: APIClient, order: Order) -> None:
        sent = {"order": str(order.pk), "visits": self.visits(desk, order)[:2]}
        held = desk.post(f"{SERIES}hold/", sent)
        assert held.status_code == 201
        assert {visit["status"] for visit in held.json()["visits"]} == {"held"}
        assert held.json()["visits"][0]["held_until"] == "2026-11-24T12:00:00-08:00"
        one = f"{SERIES}{held.json()['id']}/"
        assert {visit["status"] for visit in desk.post(f"{one}keep/").json()["visits"]} == {"booked"}
        assert desk.post(f"{one}keep/").status_code == 409
        assert desk.post(f"{one}release/").status_code == 409
        assert fulfilment.visits_left(order) == 1

    def test_given_back(self, desk: APIClient, order: Order) -> None:
        sent = {"order": str(order.pk), "visits": self.visits(desk, order)}
        one = f"{SERIES}{desk.post(f'{SERIES}hold/', sent).json()['id']}/"
        assert desk.post(f"{one}release/", {"version": 99}).status_code == 409
        assert {visit["status"] for visit in desk.post(f"{one}release/").json()["visits"]} == {"released"}
        assert fulfilment.visits_left(order) == 3

    def test_the_same_key_holds_once(self, desk: APIClient, order: Order) -> None:
        sent = {"order": str(order.pk), "visits": self.visits(desk, order)}
        key = {"Idempotency-Key": str(uuid4())}
        both = [desk.post(f"{SERIES}hold/", sent, headers=key).json()["id"] for _ in range(2)]
        assert both[0] == both[1]
        assert Appointment.objects.count() == 3

    @pytest.mark.parametrize(
        ("visits", "field"),
        [
            ([], "visits"),
            ([{"start": "2026-11-24T09:02:00-08:00"}], "visits"),
            ([{"start": "2026-11-20T09:00:00-08:00"}], "visits"),
            ([{"start": "2026-11-24T09:00:00-08:00", "chair": str(uuid4())}], "chair"),
            ([{"start": "2026-11-24T09:00:00-08:00", "nurse": str(uuid4())}], "nurse"),
            ([{"start": "2026-11-24T09:00:00-08:00"}, {"start": "2026-11-25T09:00:00-08:00"}], "visits"),
            ([{"start": f"2026-12-{day:02}T09:00:00-08:00"} for day in (1, 3, 7, 9)], "visits"),
        ],
    )
    def test_nothing_half_saved(self, desk: APIClient, order: Order, visits: list, field: str) -> None:
        answer = desk.post(f"{SERIES}hold/", {"order": str(order.pk), "visits": visits})
        assert answer.status_code == 400
        assert field in answer.json()["errors"]
        assert not Appointment.objects.exists()


class TestMoves:
    def test_many_at_once(self, desk: APIClient, booked: list[Appointment], at: Callable) -> None:
        moves = [
            {"id": str(booked[1].pk), "start": "2026-11-30T09:00:00-08:00", "version": 1},
            {"id": str(booked[2].pk), "start": "2026-12-03T09:00:00-08:00", "version": 1},
        ]
        answer = desk.post(f"{VISITS}{booked[1].pk}/move/", {"moves": moves})
        assert answer.status_code == 200
        assert [visit["start"][:10] for visit in answer.json()["visits"]] == ["2026-11-30", "2026-12-03"]
        assert desk.post(f"{VISITS}{booked[1].pk}/move/", {"moves": moves}).status_code == 409

    def test_planned_first(self, desk: APIClient, booked: list[Appointment]) -> None:
        before = rows()
        answer = desk.post(f"{VISITS}{booked[1].pk}/plan-later/", {"start": "2026-12-01T10:00:00-08:00"})
        told = answer.json()
        assert [visit["id"] for visit in told["visits"]] == [str(booked[1].pk), str(booked[2].pk)]
        assert told["visits"][0]["to"]["start"] == "2026-12-01T10:00:00-08:00"
        assert rows() == before

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({}, "start"),
            ({"moves": []}, "moves"),
            ({"moves": [{"id": str(uuid4()), "start": "2026-11-30T09:00:00-08:00"}]}, "moves"),
            ({"start": "2026-11-30T09:00:00-08:00", "moves": []}, "moves"),
            ({"start": "soon"}, "start"),
            ({"start": "2026-11-26T09:00:00-08:00", "overbook_reason": "x" * 201}, "overbook_reason"),
        ],
    )
    def test_what_makes_no_sense_moves_nothing(
        self, desk: APIClient, booked: list[Appointment], sent: dict, field: str
    ) -> None:
        before = rows()
        answer = desk.post(f"{VISITS}{booked[1].pk}/move/", sent)
        assert answer.status_code == 400
        assert field in answer.json()["errors"]
        assert rows() == before

    @pytest.mark.parametrize(
        "start",
        ["2026-12-01T10:02:00-08:00", "2026-11-20T10:00:00-08:00", "2027-12-01T10:00:00-08:00", "2026-12-01T10:00:00"],
    )
    def test_what_makes_no_sense_plans_nothing(self, desk: APIClient, booked: list[Appointment], start: str) -> None:
        answer = desk.post(f"{VISITS}{booked[1].pk}/plan-later/", {"start": start})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["start"])

    def test_many_outside_the_patients_own_hours_with_a_reason(
        self, desk: APIClient, order: Order, booked: list[Appointment], ana: User
    ) -> None:
        set_limits(patient=order.patient, weekdays=[], time_from=None, time_until=time(12), transport="", by=ana)
        moves = [{"id": str(visit.pk), "start": visit.start.isoformat().replace("T17", "T21")} for visit in booked[1:]]
        own = f"{VISITS}{booked[1].pk}/move/"
        refused = desk.post(own, {"moves": moves})
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/outside-limits")
        told = desk.post(own, {"moves": [{**move, "limits_reason": "Her sister drives."} for move in moves]})
        assert (told.status_code, {visit["limits_reason"] for visit in told.json()["visits"]}) == (
            200,
            {"Her sister drives."},
        )

    def test_overbooking_is_a_managers(
        self, desk: APIClient, api_as: Callable, vera: User, ana: User, booked: list[Appointment], now: datetime,
        at: Callable,
    ) -> None:  # fmt: skip
        other = known_patient(ana.clinic, now, "Reed")
        there = booking.book(patient=other, clinic=ana.clinic, start=at(24, 13), minutes=60, by=ana, now=now)
        sent = {
            "start": there.start.isoformat(), "chair": str(there.chair_id), "version": 1, "overbook_reason": "Short.",
        }  # fmt: skip
        assert desk.post(f"{VISITS}{booked[0].pk}/move/", sent).status_code == 403
        assert api_as(vera).post(f"{VISITS}{booked[0].pk}/move/", sent).json()["overbook_reason"] == "Short."


class TestEnding:
    @pytest.mark.parametrize(("scope", "gone"), [(None, [1]), ("one", [1]), ("later", [1, 2]), ("rest", [0, 1, 2])])
    def test_only_what_was_chosen(
        self, desk: APIClient, booked: list[Appointment], scope: str | None, gone: list[int]
    ) -> None:
        before = rows()
        sent = {"how": "cancelled-by-patient", "reason": "Ill.", **({"scope": scope} if scope else {})}
        assert desk.post(f"{VISITS}{booked[1].pk}/cancel/", sent).status_code == 200
        after = rows()
        assert {pk for pk in after if after[pk] != before[pk]} == {booked[nth].pk for nth in gone}

    def test_taken_back_with_a_reason_and_the_version_that_was_read(
        self, desk: APIClient, booked: list[Appointment]
    ) -> None:
        one = f"{VISITS}{booked[1].pk}/"
        version = desk.post(f"{one}cancel/", {"how": "cancelled-by-patient", "reason": "No car."}).json()["version"]
        assert "reason" in desk.post(f"{one}undo/", {"version": version}).json()["errors"]
        assert desk.post(f"{one}undo/", {"version": version - 1, "reason": "Slip."}).status_code == 409
        assert desk.post(f"{one}undo/", {"version": version, "reason": "Slip."}).json()["status"] == "booked"

    @pytest.mark.parametrize(
        ("more", "field"), [({"scope": "all"}, "scope"), ({"how": "no-show"}, "how"), ({"reason": ""}, "reason")]
    )
    def test_what_makes_no_sense_cancels_nothing(
        self, desk: APIClient, booked: list[Appointment], more: dict, field: str
    ) -> None:
        before = rows()
        answer = desk.post(f"{VISITS}{booked[1].pk}/cancel/", {"how": "cancelled-by-patient", "reason": "x", **more})
        assert (answer.status_code, field in answer.json()["errors"]) == (400, True)
        assert rows() == before


class TestRepair:
    def test_proposed_and_accepted(
        self, desk: APIClient, order: Order, booked: list[Appointment], ana: User, now: datetime, at: Callable
    ) -> None:
        rescheduling.move(appointment_id=booked[2].pk, start=at(2, 9, 12), by=ana, now=now)
        rescheduling.move(appointment_id=booked[0].pk, start=at(26, 9), by=ana, now=now)
        told = desk.get(f"{ORDERS}{order.pk}/repair/").json()
        [moving] = [visit for visit in told["visits"] if not visit["stays"]]
        assert (moving["id"], "1 day after" in moving["needs_repair"]) == (str(booked[1].pk), True)
        sent = {"moves": [{"id": moving["id"], "start": moving["to"]["start"], "version": moving["version"]}]}
        assert desk.post(f"{ORDERS}{order.pk}/repair/", sent).status_code == 200
        assert desk.get(f"{ORDERS}{order.pk}/repair/").json() == {
            "visits": [],
            "left": [],
            "failure": "",
            "failed": None,
        }

    def test_only_this_orders_visits(self, desk: APIClient, order: Order, booked: list[Appointment]) -> None:
        sent = {"moves": [{"id": str(uuid4()), "start": "2026-11-30T09:00:00-08:00"}]}
        answer = desk.post(f"{ORDERS}{order.pk}/repair/", sent)
        assert (answer.status_code, "moves" in answer.json()["errors"]) == (400, True)


class TestExceptions:
    def test_signed_by_a_prescriber_read_by_the_desk_without_the_reason(
        self, desk: APIClient, api_as: Callable, mara: User, order: Order
    ) -> None:
        sent = {"kind": "outside-gaps", "day": "2026-11-25", "reason": "Seen well.", "password": PASSWORD}
        url = f"{ORDERS}{order.pk}/exceptions/"
        assert desk.post(url, sent).status_code == 403
        given = api_as(mara).post(url, sent)
        assert given.status_code == 201
        assert (given.json()["reason"], "password" in given.json()) == ("Seen well.", False)
        [read] = desk.get(url).json()
        assert (read["day"], read["used_by"], "reason" in read) == ("2026-11-25", [], False)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"kind": "any"}, "kind"),
            ({"day": "2026-11-20"}, "day"),
            ({"reason": " "}, "reason"),
            ({"dose": "3"}, "dose"),
        ],
    )
    def test_what_makes_no_sense_signs_nothing(
        self, api_as: Callable, mara: User, order: Order, more: dict, field: str
    ) -> None:
        sent = {"kind": "outside-gaps", "day": "2026-11-25", "reason": "Seen.", "password": PASSWORD, **more}
        answer = api_as(mara).post(f"{ORDERS}{order.pk}/exceptions/", sent)
        assert (answer.status_code, field in answer.json()["errors"]) == (400, True)
        assert exceptions.of_order(order) == []
