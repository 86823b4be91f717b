"""The same road for programs: tokens, problem+json, one answer a key."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
import time_machine
from knox.models import AuthToken
from rest_framework.test import APIClient

from config.staff.models import User
from patients.models import IntakeRequest, Patient
from scheduling.models import Appointment
from scheduling.opening import set_hours
from scheduling.places import add_chair, add_nurse
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, NONSENSE

pytestmark = pytest.mark.django_db
API = "/api/v1"
MET = ("vitals_near_baseline", "oriented", "walks_safely", "comfortable", "iv_removed", "minimum_stay_met")
TOLD = ("instructions_given", "emergency_number_given", "next_visit_known", "escort_identified")


@pytest.fixture
def caller() -> Callable[[User], Callable[..., Any]]:
    """`caller(ana)(path, **body)`: POST as she does, with her own token; the answer must be a good one."""

    def holds_token(user: User) -> Callable[..., Any]:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(user)[1]}")

        def post(path: str, **body: Any) -> Any:
            answer = client.post(f"{API}{path}", body, format="json")
            assert answer.status_code in {200, 201}, (path, answer.json())
            return answer.json()

        return post

    return holds_token


@pytest.fixture
def house(clinic, vera, nils):
    from datetime import time

    add_chair(clinic=clinic, name="Chair 1", by=vera)
    add_nurse(user=nils, watch_lanes=2, by=vera)
    for weekday in range(7):
        set_hours(clinic=clinic, weekday=weekday, spans=[(time(8), time(18))], by=vera)
    return clinic


def test_from_the_request_to_the_signed_note(house, caller, ana, mara, nils, now: datetime):
    desk, doctor, nurse = caller(ana), caller(mara), caller(nils)
    with time_machine.travel(now, tick=False):
        person = {"family_name": "Zeller", "given_name": "Ida", "mobile": "+12135550177", "birth_date": "1980-05-03"}
        request = desk("/intake-requests/", source="phone", **person)
        patient = desk(f"/intake-requests/{request['id']}/register/")
        desk(f"/patients/{patient['id']}/consents/", channel="sms", granted=True, how="spoken")
        doctor(
            "/candidacy-decisions/", patient=patient["id"], outcome="candidate", reason="As said.", password=PASSWORD
        )
        order = doctor("/orders/", patient=patient["id"], **{**NONSENSE, **BOOKING})
        doctor(f"/orders/{order['id']}/sign/", password=PASSWORD, version=order["version"])
        proposal = desk("/series/propose/", order=order["id"])
        visits = [{"start": visit["start"], "chair": visit["chair"]} for visit in proposal["visits"]]
        series = desk("/series/", order=order["id"], visits=visits)
        assert len(series["visits"]) == BOOKING["visits"]
        assert {visit["status"] for visit in series["visits"]} == {"booked"}
    first = series["visits"][0]
    with time_machine.travel(datetime.fromisoformat(first["start"]), tick=False) as clock:
        desk(f"/appointments/{first['id']}/arrive/")
        visit = nurse("/visits/", appointment=first["id"])
        at = f"/visits/{visit['id']}"
        nurse(f"{at}/pre-visit-checks/", identity_name_checked=True, identity_birth_date_checked=True, pain=7)
        nurse(f"{at}/vitals/", phase="baseline", systolic=128, diastolic=80)
        nurse(f"{at}/administrations/", kind="start", rate="as typed", rate_unit="a unit")
        clock.shift(timedelta(minutes=40))
        nurse(f"{at}/administrations/", kind="end")
        clock.shift(timedelta(minutes=20))
        nurse(f"{at}/discharge/", escort_name="Sam Quill", pain=4, **dict.fromkeys([*MET, *TOLD], True))
        note = nurse(f"{at}/note/", text="Went as planned.")
        read = nurse("/visits/", appointment=first["id"])["fingerprint"]
        signed = nurse(f"{at}/sign/", password=PASSWORD, version=note["version"], reviewed=read)
        nurse(f"{at}/addenda/", text="All well.", reason="follow-up call", password=PASSWORD)
    assert signed["signed_at"]
    assert Appointment.objects.get(pk=first["id"]).status == "completed"


class TestOneAnswerAKey:
    BODY: ClassVar = {"source": "phone", "family_name": "Zeller", "given_name": "Ida", "mobile": "+12135550177"}

    def post(self, client: APIClient, key: str, **body: Any) -> Any:
        return client.post(
            f"{API}/intake-requests/", {**self.BODY, **body}, format="json", headers={"Idempotency-Key": key}
        )

    def test_the_same_key_and_body_get_the_same_answer(self, ana, api_as):
        first, again = (self.post(api_as(ana), "k1") for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert again["Idempotent-Replay"] == "true"
        assert IntakeRequest.objects.count() == 1

    def test_another_body_is_refused(self, ana, api_as):
        self.post(api_as(ana), "k1")
        other = self.post(api_as(ana), "k1", given_name="Ada")
        assert other.status_code == 422
        assert other["Content-Type"] == "application/problem+json"
        assert IntakeRequest.objects.count() == 1

    def test_a_refused_request_may_be_tried_again(self, ana, api_as):
        assert self.post(api_as(ana), "k1", source="pigeon").status_code == 400
        assert self.post(api_as(ana), "k2", source="phone").status_code == 201
        assert self.post(api_as(ana), "k1").status_code == 201
        assert IntakeRequest.objects.count() == 2

    def test_a_key_belongs_to_its_person(self, ana, vera, api_as):
        assert self.post(api_as(ana), "k1").status_code == 201
        assert self.post(api_as(vera), "k1", given_name="Ada").status_code == 201


class TestProblems:
    def test_an_unknown_field_is_named(self, ana, api_as):
        answer = api_as(ana).post(f"{API}/intake-requests/", {"dose": "2"}, format="json")
        assert answer.status_code == 400
        assert "dose" in answer.json()["errors"]
        assert answer["Content-Type"] == "application/problem+json"

    def test_another_clinics_patient_is_as_unknown_as_none(self, house, zoe, ana, api_as, caller, now):
        caller(ana)("/patients/", family_name="Zeller", given_name="Ida", birth_date="1980-05-03")
        theirs = api_as(zoe).get(f"{API}/patients/{Patient.objects.get().pk}/")
        nobodys = api_as(zoe).get(f"{API}/patients/00000000-0000-4000-8000-000000000000/")
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert theirs.json() == nobodys.json()

    def test_no_token_no_answer(self, db):
        answer = APIClient().get(f"{API}/patients/")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Token"

    def test_a_token_is_stored_hashed(self, ana):
        token = AuthToken.objects.create(ana)[1]
        assert not AuthToken.objects.filter(digest=token).exists()

    def test_the_schema_is_whole(self, ana, api_as, client):
        client.force_login(ana)
        answer = client.get("/api/schema/")
        assert answer.status_code == 200
        assert b"/api/v1/orders/{id}/sign/" in answer.content

    def test_the_schema_names_every_route(self, ana, client):
        from tests.house.routes import routes

        client.force_login(ana)
        told = set(client.get("/api/schema/?format=json").json()["paths"])
        ours = {"/" + route.pattern for route in routes() if route.pattern.startswith("api/v1/")}
        assert {_bare(path) for path in ours} - {_bare(path) for path in told} == set()


def _bare(path: str) -> str:
    import re

    return re.sub(r"\{\w+\}|<(\w+:)?\w+>", "{}", path)
