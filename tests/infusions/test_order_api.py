"""Decisions, orders, series and the move as API: shaped by role, null where nothing is written, strict about input."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions import fulfilment, orders
from infusions.models import CandidacyDecision, Order
from infusions.protocol import LABELS
from patients.models import Patient
from scheduling.models import Appointment
from scheduling.series import PlannedVisit
from tests.conftest import PASSWORD, hired
from tests.infusions.ordering import BOOKING, NONSENSE, accepted, bookable, drafted, known_patient, opened, signed

DECISIONS, ORDERS, SERIES = "/api/v1/candidacy-decisions/", "/api/v1/orders/", "/api/v1/series/"
VISITS = "/api/v1/appointments/"


@pytest.fixture(autouse=True)
def stopped_clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def ada(clinic: Clinic, nils: User, vera: User, now: datetime) -> Patient:
    opened(clinic, nurse=nils, by=vera)
    return known_patient(clinic, now)


@pytest.fixture
def as_mara(mara: User, api_as: Callable) -> APIClient:
    return api_as(mara)


@pytest.fixture
def as_ana(ana: User, api_as: Callable) -> APIClient:
    return api_as(ana)


def one(order: Order, act: str = "") -> str:
    return f"{ORDERS}{order.pk}/{act}"


class TestDecisions:
    def decision(self, patient: Patient, **more: Any) -> dict[str, Any]:
        given = {"patient": str(patient.pk), "outcome": "candidate", "reason": "As said.", "password": PASSWORD}
        return {**given, **more}

    def test_decided(self, ada: Patient, as_mara: APIClient) -> None:
        answer = as_mara.post(DECISIONS, self.decision(ada))
        assert answer.status_code == 201
        told = answer.json()
        assert (told["outcome"], told["signed_name"]) == ("candidate", "Mara Santos, MD")
        assert (told["conditions"], told["valid_until"], told["supersedes"]) == (None, None, None)
        assert "password" not in told

    def test_the_desk_gets_the_outcome_alone(self, ada: Patient, mara: User, as_ana: APIClient, now: datetime) -> None:
        made = accepted(ada, mara, now, reason="Secret.")
        [told] = as_ana.get(DECISIONS, {"patient": str(ada.pk)}).json()["results"]
        told_to_desk = {"id", "patient", "outcome", "valid_until", "decided_at", "signed_name"}
        assert set(told) == told_to_desk | {"ask_for", "information_due"}
        assert as_ana.get(f"{DECISIONS}{made.pk}/").json() == told
        assert as_ana.post(DECISIONS, self.decision(ada)).status_code == 403

    # A wrong password is counted beside the request, so the people have to be there for good.
    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize(
        ("more", "field"),
        [({"reason": " "}, "reason"), ({"outcome": "maybe"}, "outcome"), ({"password": "no"}, "password"),
         ({"score": 7}, "score"), ({"valid_until": "2026-11-01"}, "valid_until")],
    )  # fmt: skip
    def test_what_is_wrong_is_named(self, ada: Patient, as_mara: APIClient, more: dict, field: str) -> None:
        answer = as_mara.post(DECISIONS, self.decision(ada, **more))
        assert answer.status_code == 400
        assert field in answer.json()["errors"]
        assert not CandidacyDecision.objects.exists()

    def test_another_clinics_patient_is_unknown(self, other_clinic: Clinic, as_mara: APIClient, now: datetime) -> None:
        answer = as_mara.post(DECISIONS, self.decision(known_patient(other_clinic, now)))
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["patient"])


class TestOrders:
    def test_a_new_draft_is_null_all_over(self, ada: Patient, as_mara: APIClient) -> None:
        answer = as_mara.post(ORDERS, {"patient": str(ada.pk)})
        told = answer.json()
        assert answer.status_code == 201
        assert {name: told[name] for name in LABELS} == dict.fromkeys(LABELS)
        assert (told["status"], told["signed_at"], told["signed_name"], told["content_hash"]) == (
            "draft", None, None, None,
        )  # fmt: skip
        assert as_mara.get(f"{ORDERS}{told['id']}/").json() == told

    def test_what_is_absent_is_not_touched_and_null_takes_back(
        self, ada: Patient, mara: User, as_mara: APIClient, now: datetime
    ) -> None:
        order = drafted(ada, mara, now, route="by post")
        answer = as_mara.patch(one(order), {"version": 1, "route": None, "visits": 4})
        told = answer.json()
        assert answer.status_code == 200
        assert {name: told[name] for name in LABELS if told[name] is not None} == {**NONSENSE, "visits": 4}

    @pytest.mark.parametrize(
        ("field", "value"),
        [("dose", 3), ("dose", 3.5), ("dose", ".5"), ("dose", "5.0"), ("dose_unit", "U"), ("rate_unit", "μg/min"),
         ("visits", "3"), ("visits", 3.0), ("visits", True), ("visits", 0), ("valid_until", "soon"),
         ("strength", "3"), ("signed_at", "2026-11-23T12:00:00Z"), ("content_hash", "x"), ("author", "x")],
    )  # fmt: skip
    def test_nothing_is_converted(self, ada: Patient, as_mara: APIClient, field: str, value: object) -> None:
        answer = as_mara.post(ORDERS, {"patient": str(ada.pk), field: value})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [field]
        assert not Order.objects.exists()

    # A wrong password is counted beside the request, so the people have to be there for good.
    @pytest.mark.django_db(transaction=True)
    def test_signed_with_password_and_version(
        self, ada: Patient, mara: User, as_mara: APIClient, now: datetime
    ) -> None:
        order = drafted(ada, mara, now)
        assert as_mara.post(one(order, "sign/"), {"password": PASSWORD}).status_code == 400
        assert as_mara.post(one(order, "sign/"), {"version": 1}).status_code == 400
        assert as_mara.post(one(order, "sign/"), {"password": "no", "version": 1}).status_code == 400
        assert as_mara.post(one(order, "sign/"), {"password": PASSWORD, "version": 7}).status_code == 409
        answer = as_mara.post(one(order, "sign/"), {"password": PASSWORD}, headers={"if-match": '"1"'})
        assert (answer.status_code, answer.json()["status"]) == (200, "active")
        assert as_mara.patch(one(order), {"version": 2, "dose": "4"}).status_code == 409

    def test_superseded_held_resumed_stopped(self, ada: Patient, mara: User, as_mara: APIClient, now: datetime) -> None:
        order = signed(ada, mara, now, **BOOKING)
        for act, status in (("hold/", "on-hold"), ("resume/", "active")):
            told = as_mara.post(one(order, act), {"reason": "So."}).json()
            assert (told["status"], told["standing_reason"]) == (status, "So.")
        new = as_mara.post(one(order, "supersede/"), {"reason": "Less."})
        told = new.json()
        assert (new.status_code, told["supersedes"], told["supersedes_reason"]) == (201, str(order.pk), "Less.")
        assert {name: told[name] for name in LABELS} == dict.fromkeys(LABELS)
        assert as_mara.post(f"{ORDERS}{told['id']}/discard/").status_code == 204
        assert as_mara.post(one(order, "stop/"), {"reason": ""}).status_code == 400
        assert as_mara.post(one(order, "stop/"), {"reason": "Enough."}).json()["status"] == "stopped"
        assert as_mara.post(one(order, "resume/"), {"reason": "Oh."}).status_code == 409

    def test_completed_and_entered_in_error(self, ada: Patient, mara: User, as_mara: APIClient, now: datetime) -> None:
        order = signed(ada, mara, now, **BOOKING)
        assert as_mara.post(one(order, "complete/"), {"reason": "All given."}).json()["status"] == "completed"
        told = as_mara.post(one(order, "enter-in-error/"), {"reason": "Another patient's."}).json()
        assert told["status"] == "entered-in-error"
        assert as_mara.post(one(order, "complete/"), {"reason": "Oh."}).status_code == 409

    def test_the_desk_gets_the_desk_view(
        self, ada: Patient, mara: User, vera: User, as_ana: APIClient, api_as: Callable, now: datetime
    ) -> None:
        order = signed(ada, mara, now, **BOOKING, titration="stir")
        told = as_ana.get(one(order)).json()
        assert told == {
            "id": str(order.pk), "patient": str(ada.pk), "status": "active", "signed_at": "2026-11-23T12:00:00-08:00",
            "signed_name": "Mara Santos, MD", **BOOKING,
        }  # fmt: skip
        assert as_ana.get(ORDERS, {"patient": str(ada.pk)}).json()["results"] == [told]
        assert api_as(vera).get(one(order)).json() == told
        assert as_ana.get(one(order, "history/")).status_code == 403

    def test_drafts_are_their_authors(
        self, ada: Patient, clinic: Clinic, mara: User, nils: User, as_ana: APIClient, api_as: Callable, now: datetime
    ) -> None:
        order = drafted(ada, mara, now)
        omar = hired(clinic, "omar", "Omar Haddad", Role.PRESCRIBER, "NP")
        for client in (as_ana, api_as(nils), api_as(omar)):
            assert client.get(one(order)).status_code == 404
            assert client.get(ORDERS).json()["results"] == []
        assert api_as(omar).patch(one(order), {"version": 1, "dose": "4"}).status_code == 404

    def test_only_prescribers_write(
        self, ada: Patient, mara: User, nils: User, vera: User, olu: User, as_ana: APIClient, api_as: Callable,
        now: datetime,
    ) -> None:  # fmt: skip
        order = signed(ada, mara, now)
        for client in (as_ana, api_as(nils), api_as(vera), api_as(olu)):
            assert client.post(ORDERS, {"patient": str(ada.pk), **NONSENSE}).status_code == 403
            assert client.patch(one(order), {"version": 1, "dose": "4"}).status_code == 403
            for act in ("sign/", "supersede/", "hold/", "resume/", "stop/", "discard/"):
                assert client.post(one(order, act), {"reason": "x", "password": PASSWORD}).status_code == 403
        assert Order.objects.count() == 1

    def test_the_list_costs_the_same_for_one_and_three(
        self, ada: Patient, mara: User, as_mara: APIClient, now: datetime, django_assert_num_queries: Callable
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        signed(ada, mara, now)
        with CaptureQueriesContext(
            connection,
        ) as single:
            as_mara.get(ORDERS)
        for name in ("Reed", "Vale"):
            signed(known_patient(mara.clinic, now, name), mara, now)
        with django_assert_num_queries(len(single)):
            assert len(as_mara.get(ORDERS).json()["results"]) == 3

    def test_a_repeated_create_answers_the_same(self, ada: Patient, as_mara: APIClient) -> None:
        sent = {"patient": str(ada.pk), **NONSENSE}
        first = as_mara.post(ORDERS, sent, headers={"idempotency-key": "one"})
        again = as_mara.post(ORDERS, sent, headers={"idempotency-key": "one"})
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert Order.objects.count() == 1


class TestSeries:
    def test_proposed_and_booked(self, ada: Patient, mara: User, as_ana: APIClient, now: datetime) -> None:
        order = bookable(ada, mara, now)
        asked = {"order": str(order.pk), "weekdays": [1, 4], "time_from": "13:00"}
        proposal = as_ana.post(f"{SERIES}propose/", asked).json()
        assert [visit["number"] for visit in proposal["visits"]] == [1, 2, 3]
        assert proposal["visits"][0]["start"].endswith("-08:00")
        chosen = [{"start": visit["start"], "chair": visit["chair"]} for visit in proposal["visits"]]
        booked = as_ana.post(SERIES, {"order": str(order.pk), "visits": chosen})
        told = booked.json()
        assert booked.status_code == 201
        assert (told["order"], told["patient"]) == (str(order.pk), str(ada.pk))
        assert [visit["start"] for visit in told["visits"]] == [visit["start"] for visit in proposal["visits"]]
        assert as_ana.get(f"{SERIES}{told['id']}/").json() == told
        assert as_ana.get(SERIES, {"order": str(order.pk)}).json()["results"] == [told]

    def test_no_proposal_without_the_limits(self, ada: Patient, mara: User, as_ana: APIClient, now: datetime) -> None:
        accepted(ada, mara, now)
        order = signed(ada, mara, now, **{**BOOKING, "max_gap_days": None})
        answer = as_ana.post(f"{SERIES}propose/", {"order": str(order.pk)})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["order"])
        assert "largest gap" in answer.json()["detail"]
        assert answer.json()["missing"][0]["code"] == "no-limit"

    def test_not_outside_the_order(self, ada: Patient, mara: User, as_ana: APIClient, now: datetime) -> None:
        order = bookable(ada, mara, now)
        visits = [{"start": f"2026-11-{day}T09:00:00-08:00"} for day in (24, 25)]
        answer = as_ana.post(SERIES, {"order": str(order.pk), "visits": visits})
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/outside-gaps")
        assert not Appointment.objects.exists()

    def test_a_naive_time_and_a_draft_are_refused(
        self, ada: Patient, mara: User, as_ana: APIClient, now: datetime
    ) -> None:
        order = bookable(ada, mara, now)
        naive = as_ana.post(SERIES, {"order": str(order.pk), "visits": [{"start": "2026-11-24T09:00:00"}]})
        assert naive.status_code == 400
        draft = orders.supersede(order_id=order.pk, by=mara, now=now, reason="x")
        answer = as_ana.post(f"{SERIES}propose/", {"order": str(draft.pk)})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["order"])

    def test_the_desk_books_and_nobody_else(
        self, ada: Patient, mara: User, nils: User, as_mara: APIClient, api_as: Callable, now: datetime
    ) -> None:
        order = bookable(ada, mara, now)
        for client in (as_mara, api_as(nils)):
            assert client.post(f"{SERIES}propose/", {"order": str(order.pk)}).status_code == 403
            assert client.post(SERIES, {"order": str(order.pk), "visits": []}).status_code == 403


class TestMoving:
    @pytest.fixture
    def visit(self, ada: Patient, mara: User, ana: User, clinic: Clinic, now: datetime) -> Appointment:
        """The second of three: 27 November at 9:00, between the 24th and the 30th."""
        order = bookable(ada, mara, now)
        starts = [datetime(2026, 11, day, 9, tzinfo=clinic.tz) for day in (24, 27, 30)]
        fulfilment.book(order_id=order.pk, visits=[PlannedVisit(start) for start in starts], by=ana, now=now)
        return fulfilment.visits_of(order)[1]

    def test_moved(self, visit: Appointment, as_ana: APIClient) -> None:
        sent = {"start": "2026-11-26T10:00:00-08:00", "version": visit.version}
        answer = as_ana.post(f"{VISITS}{visit.pk}/move/", sent)
        assert (answer.status_code, answer.json()["start"]) == (200, "2026-11-26T10:00:00-08:00")
        assert as_ana.post(f"{VISITS}{visit.pk}/move/", sent).status_code == 409

    def test_not_out_of_the_gaps(self, visit: Appointment, as_ana: APIClient) -> None:
        answer = as_ana.post(f"{VISITS}{visit.pk}/move/", {"start": "2026-11-25T10:00:00-08:00"})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["start"])

    def test_by_the_desk_of_this_clinic(
        self, visit: Appointment, as_mara: APIClient, zoe: User, api_as: Callable
    ) -> None:
        sent = {"start": "2026-11-26T10:00:00-08:00"}
        assert as_mara.post(f"{VISITS}{visit.pk}/move/", sent).status_code == 403
        assert api_as(zoe).post(f"{VISITS}{visit.pk}/move/", sent).status_code == 404


def test_the_schema_says_that_nothing_has_a_default(as_mara: APIClient) -> None:
    schema = as_mara.get("/api/schema/?format=json").json()["components"]["schemas"]
    shown = [*schema["Order"]["properties"].items(), *schema["OrderInputRequest"]["properties"].items()]
    told = {name: facts for name, facts in shown if name in LABELS}
    assert set(told) == set(LABELS)
    assert not [name for name, facts in shown if name in LABELS and {"default", "example", "enum"} & set(facts)]
