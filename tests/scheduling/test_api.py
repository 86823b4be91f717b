"""`/api/v1/appointments/`, `/chairs/` and `/staff/`."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.audit.acting import SystemJob
from scheduling import booking
from scheduling.models import Appointment, Chair
from scheduling.models.kinds import What
from scheduling.places import add_chair
from scheduling.spans import NeedSpec, SpanSpec
from scheduling.visit_types import add_visit_type, change_visit_type
from tests.scheduling.conftest import MONDAY, register

pytestmark = pytest.mark.django_db
ALL = "/api/v1/appointments/"
NINE = "2026-11-30T09:00:00-08:00"


@pytest.fixture(autouse=True)
def noon(monkeypatch, at):
    """The clinic's clock stands at Monday six in the morning."""
    moment = at("06:00")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def wish(okafor):
    return {"kind": "consult", "patient": str(okafor.pk), "start": NINE, "minutes": 60}


@pytest.fixture
def book(desk, ana, now):
    return lambda patient, start: booking.book(patient=patient, clinic=desk, start=start, minutes=60, by=ana, now=now)


@pytest.fixture
def visit(book, okafor, at):
    return book(okafor, at("09:00"))


class TestCreate:
    def test_a_consult(self, api_as, ana, desk, wish, okafor, nils, chairs):
        answer = api_as(ana).post(ALL, wish)
        assert answer.status_code == 201
        assert answer.headers["ETag"] == '"1"'
        made = answer.json()
        assert (made["start"], made["end"], made["zone"]) == (NINE, "2026-11-30T10:00:00-08:00", "America/Los_Angeles")
        assert (made["patient"], made["chair"], made["nurse"]) == (str(okafor.pk), str(chairs[0].pk), str(nils.pk))
        assert (made["chair_name"], made["status"], made["state"], made["version"]) == (
            "Chair 1",
            "booked",
            "booked",
            1,
        )

    def test_of_the_kind_of_consult_that_is_named(self, api_as, ana, desk, wish):
        span = SpanSpec("Talk", None, [NeedSpec(What.CHAIR), NeedSpec(What.HANDS)])
        watched = SpanSpec("Infusion", None, [NeedSpec(What.CHAIR), NeedSpec(What.WATCH)])
        kinds = [
            add_visit_type(
                clinic=desk,
                name=name,
                kind=kind,
                spans=[watched] if kind == "infusion" else [span],
                by=SystemJob.SET_UP,
            )
            for name, kind in (("Short", "consult"), ("Long", "consult"), ("First infusion", "infusion"))
        ]
        change_visit_type(visit_type_id=kinds[0].pk, name="Brief", by=SystemJob.SET_UP)
        made = api_as(ana).post(ALL, {**wish, "visit_type": str(kinds[1].pk)}).json()
        assert (made["visit_type"], made["visit_type_name"]) == (str(kinds[1].pk), "Long")
        later = {**wish, "start": "2026-11-30T13:00:00-08:00"}
        assert api_as(ana).post(ALL, later).json()["visit_type_name"] == "Brief"
        for unknown in (kinds[2].pk, wish["patient"]):
            answer = api_as(ana).post(ALL, {**wish, "visit_type": str(unknown)})
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["visit_type"])

    def test_an_infusion_goes_through_series(self, api_as, ana, desk, wish):
        answer = api_as(ana).post(ALL, {**wish, "kind": "infusion"})
        assert answer.status_code == 400
        assert "booked through series" in answer.json()["errors"]["kind"][0]

    def test_a_clash_says_what_has_the_place_and_what_is_free(self, api_as, ana, visit, wish, petrov, chairs):
        answer = api_as(ana).post(ALL, {**wish, "patient": str(petrov.pk), "chair": str(chairs[0].pk)})
        assert answer.status_code == 409
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["taken"] == [
            {"what": "chair", "name": "Chair 1", "start": NINE, "end": "2026-11-30T10:00:00-08:00"}
        ]
        assert problem["next_free"][0] == "2026-11-30T10:00:00-08:00"
        assert "Okafor" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"start": "2026-11-30T09:00:00"}, "start"),
            ({"start": "2026-11-30T09:03:00-08:00"}, "start"),
            ({"start": "2026-11-30T05:00:00-08:00"}, "start"),
            ({"minutes": 0}, "minutes"),
            ({"minutes": 9999}, "minutes"),
            ({"patient": "00000000-0000-4000-8000-000000000000"}, "patient"),
            ({"chair": "00000000-0000-4000-8000-000000000000"}, "chair"),
            ({"nurse": "00000000-0000-4000-8000-000000000000"}, "nurse"),
            ({"colour": "red"}, "colour"),
            ({"status": "arrived"}, "status"),
            ({"minutes": None}, "minutes"),
        ],
    )
    def test_bad_input_names_its_field(self, api_as, ana, desk, wish, more, field):
        answer = api_as(ana).post(ALL, {**wish, **more})
        assert answer.status_code == 400
        assert field in answer.json()["errors"], answer.json()
        assert Appointment.objects.count() == 0

    def test_another_clinics_things_are_unknown(self, api_as, ana, desk, wish, other_clinic):
        theirs = add_chair(clinic=other_clinic, name="Chair 1", by=SystemJob.SET_UP)
        for more in ({"chair": str(theirs.pk)}, {"patient": str(register(other_clinic, "Theirs").pk)}):
            assert api_as(ana).post(ALL, {**wish, **more}).status_code == 400

    def test_the_same_key_books_once(self, api_as, ana, desk, wish):
        client = api_as(ana)
        first, second = (client.post(ALL, wish, headers={"Idempotency-Key": "once"}) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["id"] == second.json()["id"]
        other = client.post(ALL, {**wish, "minutes": 30}, headers={"Idempotency-Key": "once"})
        assert other.status_code == 422
        assert Appointment.objects.count() == 1

    def test_a_clash_under_a_key_leaves_nothing_and_may_be_tried_again(self, api_as, ana, visit, wish, petrov, chairs):
        client = api_as(ana)
        body = {**wish, "patient": str(petrov.pk), "chair": str(chairs[0].pk)}
        for _ in range(2):
            answer = client.post(ALL, body, headers={"Idempotency-Key": "again"})
            assert answer.status_code == 409
            assert answer.json()["next_free"]

    def test_who_may(self, api_as, nils, mara, olu, vera, desk, wish):
        assert [api_as(who).post(ALL, wish).status_code for who in (nils, mara, olu)] == [403, 403, 403]
        assert api_as(vera).post(ALL, wish).status_code == 201


class TestList:
    def test_filters(self, api_as, ana, desk, visit, okafor, petrov, at, now):
        later = MONDAY + timedelta(days=1)
        other = booking.book(patient=petrov, clinic=desk, start=at("09:00", later), minutes=60, by=ana, now=now)
        booking.confirm(appointment_id=other.pk, by=ana, now=now)
        client = api_as(ana)

        def found(**query):
            return [row["id"] for row in client.get(ALL, query).json()["results"]]

        assert found() == [str(visit.pk), str(other.pk)]
        assert found(day="2026-12-01") == [str(other.pk)]
        assert found(patient=str(okafor.pk)) == [str(visit.pk)]
        assert found(**{"from": "2026-11-30T12:00:00-08:00"}) == [str(other.pk)]
        assert found(to="2026-11-30T12:00:00-08:00") == [str(visit.pk)]
        assert found(status="arrived") == []
        assert client.get(ALL, {"status": "lost"}).status_code == 400
        assert client.get(ALL, {"page_size": 1}).json()["next"]

    def test_the_worklist_of_past_visits_without_an_outcome(
        self, api_as, ana, vera, nils, mara, zoe, book, visit, okafor, petrov, lindgren, at, monkeypatch
    ):
        came, gone = book(petrov, at("09:00")), book(lindgren, at("10:00"))
        monkeypatch.setattr(timezone, "now", lambda: at("12:00"))
        booking.arrive(appointment_id=came.pk, by=ana, now=at("09:00"))
        ahead = book(petrov, at("15:00"))
        client = api_as(ana)
        past = client.get(ALL, {"unresolved": "true"}).json()["results"]
        assert [(row["id"], row["status"], row["state"]) for row in past] == [
            (str(visit.pk), "booked", "unresolved"),
            (str(gone.pk), "booked", "unresolved"),
        ]
        others = client.get(ALL, {"unresolved": "false"}).json()["results"]
        assert {row["id"] for row in others} == {str(came.pk), str(ahead.pk)}
        first = client.get(ALL, {"unresolved": "true", "page_size": 1}).json()
        assert [row["id"] for row in client.get(first["next"]).json()["results"]] == [str(gone.pk)]
        assert client.get(ALL, {"unresolved": "true", "patient": str(lindgren.pk)}).json()["results"] == past[1:]
        client.post(f"{ALL}{visit.pk}/no-show/", {"reason": "no call"})
        assert client.get(ALL, {"unresolved": "true"}).json()["results"] == past[1:]
        assert api_as(vera).get(ALL, {"unresolved": "true"}).status_code == 200
        assert [api_as(who).get(ALL, {"unresolved": "true"}).status_code for who in (nils, mara)] == [403, 403]
        assert api_as(zoe).get(ALL, {"unresolved": "true"}).json()["results"] == []

    def test_the_queries_do_not_grow(self, api_as, ana, desk, visit, at, now, django_assert_max_num_queries):
        client = api_as(ana)
        for n in range(5):
            patient = register(desk, f"More{n}")
            booking.book(
                patient=patient, clinic=desk, start=at("10:00") + timedelta(hours=n), minutes=60, by=ana, now=now
            )
        with django_assert_max_num_queries(2):
            assert len(client.get(ALL).json()["results"]) == 6

    def test_another_clinic_sees_nothing(self, api_as, zoe, visit):
        client = api_as(zoe)
        assert client.get(ALL).json()["results"] == []
        for path, method in (("", "get"), ("history/", "get"), ("arrive/", "post"), ("undo/", "post")):
            assert getattr(client, method)(f"{ALL}{visit.pk}/{path}").status_code == 404


class TestActs:
    def test_arrive_and_undo(self, api_as, ana, visit):
        client, one = api_as(ana), f"{ALL}{visit.pk}/"
        arrived = client.post(f"{one}arrive/")
        assert (arrived.status_code, arrived.json()["status"], arrived.headers["ETag"]) == (200, "arrived", '"2"')
        assert client.post(f"{one}undo/").json()["status"] == "booked"
        again = client.post(f"{one}undo/")
        assert (again.status_code, again.json()["type"]) == (409, "/problems/no-such-move")

    def test_over_a_newer_version(self, api_as, ana, visit):
        client, one = api_as(ana), f"{ALL}{visit.pk}/"
        client.post(f"{one}confirm/", {"version": 1})
        stale = client.post(f"{one}arrive/", headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["current"]) == (409, 2)
        assert client.post(f"{one}arrive/", headers={"If-Match": '"2"'}).status_code == 200

    def test_cancel_and_no_show(self, api_as, ana, visit):
        client, one = api_as(ana), f"{ALL}{visit.pk}/"
        assert client.post(f"{one}cancel/", {"how": "no-show", "reason": "x"}).status_code == 400
        assert "reason" in client.post(f"{one}cancel/", {"how": "cancelled-late"}).json()["errors"]
        early = client.post(f"{one}no-show/", {"reason": "no call"})
        assert (early.status_code, early.json()["type"]) == (400, "/problems/too-early")
        done = client.post(f"{one}cancel/", {"how": "cancelled-late", "reason": "No car"})
        assert (done.json()["status"], done.json()["status_reason"]) == ("cancelled-late", "No car")

    def test_late_only_within_the_clinics_limit(self, api_as, ana, book, okafor, at):
        far = book(okafor, at("09:00", MONDAY + timedelta(days=7)))
        client, one = api_as(ana), f"{ALL}{far.pk}/cancel/"
        late = client.post(one, {"how": "cancelled-late", "reason": "No car"})
        assert (late.status_code, late.json()["type"], list(late.json()["errors"])) == (
            400,
            "/problems/not-late",
            ["how"],
        )
        assert client.post(one, {"how": "cancelled-by-patient", "reason": "No car"}).status_code == 200

    def test_who_may(self, api_as, nils, vera, olu, visit):
        one = f"{ALL}{visit.pk}/"
        assert api_as(nils).post(f"{one}cancel/", {"how": "cancelled-late", "reason": "x"}).status_code == 403
        assert api_as(vera).post(f"{one}arrive/").status_code == 403
        assert api_as(olu).get(one).status_code == 403
        assert api_as(nils).post(f"{one}arrive/").status_code == 200
        assert api_as(vera).post(f"{one}undo/").status_code == 403

    @pytest.mark.django_db(transaction=True)
    def test_history_in_words(self, api_as, ana, olu, visit):
        api_as(ana).post(f"{ALL}{visit.pk}/arrive/")
        newest, oldest = api_as(olu).get(f"{ALL}{visit.pk}/history/").json()
        assert (newest["who"], newest["act"], oldest["act"]) == ("Ana Ortiz", "changed", "created")
        assert {"field": "status", "before": "booked", "after": "arrived"} in newest["changes"]


class TestChairs:
    @pytest.mark.django_db(transaction=True)
    def test_a_manager_adds_and_retires_one(self, api_as, vera, ana, chairs):
        client = api_as(vera)
        made = client.post("/api/v1/chairs/", {"name": "Window", "kind": "bed", "pod": "North"})
        assert made.status_code == 201
        one = f"/api/v1/chairs/{made.json()['id']}/"
        changed = client.patch(one, {"in_service": False}, headers={"If-Match": '"1"'})
        assert (changed.json()["in_service"], changed.headers["ETag"]) == (False, '"2"')
        assert client.patch(one, {"pod": "x"}, headers={"If-Match": '"1"'}).status_code == 409
        assert client.patch(one, {}).status_code == 400
        assert client.post("/api/v1/chairs/", {"name": "window"}).json()["errors"]["name"]
        assert client.delete(one).status_code == 405
        assert api_as(ana).patch(one, {"pod": "x"}).status_code == 403
        assert [row["name"] for row in api_as(ana).get("/api/v1/chairs/").json()["results"]][-1] == "Chair 2"
        assert len(client.get(f"{one}history/").json()) == 2

    def test_another_clinics_chair_is_unknown(self, api_as, zoe, chairs):
        assert api_as(zoe).get(f"/api/v1/chairs/{chairs[0].pk}/").status_code == 404
        assert Chair.objects.count() == 2


def test_staff_are_named_without_secrets(api_as, ana, nils, zoe):
    found = api_as(ana).get("/api/v1/staff/").json()["results"]
    assert [row["full_name"] for row in found] == ["Ana Ortiz", "Nils Berg"]
    assert set(found[0]) == {"id", "full_name", "role"}
    assert api_as(ana).get(f"/api/v1/staff/{zoe.pk}/").status_code == 404
