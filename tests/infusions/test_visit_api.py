"""Visits by API: the same doors, the same refusals, null for what was not written."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.refusals import NotAllowed
from infusions.models import Administration, VitalsSet
from infusions.models.flowsheet import FLOWSHEET
from tests.conftest import PASSWORD, hired
from tests.infusions.test_notes import LEAST
from tests.infusions.visiting import FIT_TO_GO, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
ROOT = "/api/v1/visits/"


@pytest.fixture
def nurse(api_as, day: Day):
    return api_as(day.nurse)


@pytest.mark.django_db(transaction=True)
def test_the_whole_road(nurse, day: Day) -> None:
    appointment = day.arrived(day.booked(day.order(day.patient())))
    made = nurse.post(ROOT, {"appointment": str(appointment.pk)})
    assert (made.status_code, made.data["status"]) == (201, "checked-in")
    assert nurse.post(ROOT, {"appointment": str(appointment.pk)}).data["id"] == made.data["id"]
    at = f"{ROOT}{made.data['id']}/"
    assert nurse.post(f"{at}pre-visit-checks/", {"identity_name_checked": True, "pain": 7}).status_code == 201
    assert nurse.post(f"{at}vitals/", {"systolic": 128, "diastolic": 80, "phase": "baseline"}).status_code == 201
    start = nurse.post(f"{at}administrations/", {"kind": "start", "rate": " 2", "rate_unit": "spoons an hour"})
    assert (start.status_code, start.data["rate"], start.data["amount"]) == (201, " 2", None)
    assert nurse.post(f"{at}administrations/", {"kind": "end"}).status_code == 201
    assert nurse.post(f"{at}discharge/", FIT_TO_GO).status_code == 201
    note = nurse.post(f"{at}note/", {"text": "Well."})
    assert (note.status_code, note.data["plan"]) == (201, None)
    sign = {"password": PASSWORD, "version": 1, "reviewed": nurse.get(at).data["fingerprint"]}
    signed = nurse.post(f"{at}sign/", sign)
    assert (signed.status_code, signed.data["signed_name"]) == (200, "Nils Berg, RN")
    added = nurse.post(f"{at}addenda/", {"password": PASSWORD, "text": "Called.", "reason": "Follow-up"})
    assert added.status_code == 201
    whole = nurse.get(at).data
    assert whole["status"] == "completed"
    assert [len(rows) for rows in whole["entries"].values()] == [1, 0, 0, 1, 2, 0, 0, 1, 0]
    assert whole["entries"]["vitals"][0]["spo2"] is None
    told = [entry["records"][0]["what"] for entry in nurse.get(f"{at}history/").data]
    assert told[:4] == ["Addendum", "Note", "Note", "Discharge"]
    assert told[-2:] == ["Booking", "Booking"], "booked, then checked in"


def test_every_time_is_told_by_the_clinics_clock(nurse, day: Day) -> None:
    visit = day.signed().visit
    at = f"{ROOT}{visit.pk}/"
    nurse.post(f"{at}addenda/", {"password": PASSWORD, "text": "Called.", "reason": "Follow-up"})
    whole = nurse.get(at).json()
    [added] = whole["addenda"]
    listed = nurse.get(ROOT).json()["results"][0]
    times = [
        *(whole[name] for name in ("start", "arrived_at", "opened_at", "signed_at")),
        *(whole["note"][name] for name in ("entered_at", "signed_at")),
        *(added["entered_at"], listed["signed_at"], whole["entries"]["vitals"]),
        *(row[name] for row in whole["entries"]["administrations"] for name in ("observed_at", "entered_at")),
    ]
    assert {moment[-6:] for moment in times if moment} == {"-08:00"}
    assert whole["signed_at"] == whole["note"]["signed_at"]


def test_a_row_sent_twice_is_stored_once(nurse, day: Day) -> None:
    visit = day.opened()
    row = {"pain": 3, "client_id": str(uuid.uuid4())}
    first = nurse.post(f"{ROOT}{visit.pk}/vitals/", row)
    again = nurse.post(f"{ROOT}{visit.pk}/vitals/", row)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data["id"] == again.data["id"]
    assert VitalsSet.objects.count() == 1
    other = nurse.post(f"{ROOT}{visit.pk}/vitals/", {**row, "pain": 4})
    assert (other.status_code, other.data["type"]) == (409, "/problems/sent-otherwise")


def test_the_same_key_gives_the_same_answer(nurse, day: Day) -> None:
    visit = day.opened()
    send = {"data": {"pain": 3}, "HTTP_IDEMPOTENCY_KEY": "one"}
    first, again = (nurse.post(f"{ROOT}{visit.pk}/vitals/", **send) for _ in range(2))
    assert first.data["id"] == again.json()["id"]
    other = nurse.post(f"{ROOT}{visit.pk}/vitals/", {"pain": 4}, HTTP_IDEMPOTENCY_KEY="one")
    assert (other.status_code, VitalsSet.objects.count()) == (422, 1)


def test_a_correction_names_its_row_and_its_reason(nurse, day: Day) -> None:
    visit = day.opened()
    wrong = day.vitals(visit, spo2=79)
    at = f"{ROOT}{visit.pk}/vitals/"
    assert "correction_reason" in nurse.post(at, {"spo2": 97, "supersedes": str(wrong.pk)}).data["errors"]
    right = nurse.post(at, {"spo2": 97, "supersedes": str(wrong.pk), "correction_reason": "Turned round"})
    assert (right.status_code, str(right.data["supersedes"])) == (201, str(wrong.pk))
    assert VitalsSet.objects.get(pk=wrong.pk).spo2 == 79
    twice = nurse.post(at, {"spo2": 98, "supersedes": str(wrong.pk), "correction_reason": "No"})
    assert (twice.status_code, twice.data["type"]) == (409, "/problems/corrected-already")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"spo2": "97"}, "spo2"),
        ({"pain": 11}, "pain"),
        ({"systolic": -1}, "systolic"),
        ({"dose": "3"}, "dose"),
        ({"entered_at": "2026-11-23T12:00:00Z"}, "entered_at"),
        ({"pain": 3, "observed_at": "2026-11-23T12:00:00"}, "observed_at"),
        ({"phase": "sleeping"}, "phase"),
        ({"rate_on_pump": 3}, "rate_on_pump"),
        ({}, "systolic"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(nurse, day: Day, body: dict, field: str) -> None:
    refused = nurse.post(f"{ROOT}{day.opened().pk}/vitals/", body)
    assert (refused.status_code, list(refused.data["errors"])) == (400, [field])
    assert VitalsSet.objects.count() == 0


def test_what_can_hardly_be_needs_a_second_look(nurse, day: Day) -> None:
    at = f"{ROOT}{day.opened().pk}/vitals/"
    asked = nurse.post(at, {"spo2": 130})
    assert (asked.status_code, asked.data["type"]) == (400, "/problems/read-again")
    assert nurse.post(at, {"spo2": 131, "read_again": asked.data["asked"]}).status_code == 400, "another value"
    assert nurse.post(at, {"spo2": 130, "confirmed_unusual": True}).status_code == 400, "a plain yes to anything"
    sure = nurse.post(at, {"spo2": 130, "read_again": asked.data["asked"]})
    assert (sure.status_code, sure.data["confirmed_unusual"]) == (201, True)


# A wrong password is counted beside the request, so the people have to be there for good.
@pytest.mark.django_db(transaction=True)
def test_waste_needs_the_witness_themselves(nurse, day: Day, mara) -> None:
    at = f"{ROOT}{day.ended().pk}/quantities/"
    waste = {"given": "3", "given_unit": "spoons", "wasted": "1", "wasted_unit": "spoon", "witness": str(mara.pk)}
    assert "witness" in nurse.post(at, {**waste, "witness": str(day.nurse.pk)}).data["errors"]
    assert "witness_password" in nurse.post(at, {**waste, "witness_password": "guessed"}).data["errors"]
    stored = nurse.post(at, {**waste, "witness_password": PASSWORD})
    assert (stored.status_code, stored.data["witness"]) == (201, mara.pk)
    assert "witness_password" not in stored.data


@pytest.mark.parametrize("kind", FLOWSHEET)
def test_nothing_is_added_to_a_signed_visit(nurse, day: Day, kind: str) -> None:
    visit = day.signed().visit
    body = {name: value for name, value in LEAST[kind].items() if value is not None}
    refused = nurse.post(f"{ROOT}{visit.pk}/{kind}/", body)
    assert (refused.status_code, refused.data["type"]) == (409, "/problems/signed")


def test_nothing_else_happens_to_a_signed_visit(nurse, day: Day) -> None:
    visit = day.signed().visit
    for name, body in (
        ("note", {"text": "Other.", "version": 2}),
        ("sign", {"password": PASSWORD, "version": 2, "reviewed": "read"}),
        ("not-treated", {"reason": "x"}),
        ("stop-early", {"reason": "x"}),
    ):
        assert nurse.post(f"{ROOT}{visit.pk}/{name}/", body).status_code == 409, name


def test_what_is_signed_is_what_was_read(nurse, day: Day) -> None:
    note = day.noted()
    at = f"{ROOT}{note.visit_id}/"
    read = nurse.get(at).data["fingerprint"]
    sign = {"password": PASSWORD, "version": note.version}
    assert list(nurse.post(f"{at}sign/", sign).data["errors"]) == ["reviewed"]
    day.vitals(note.visit, pain=2)
    late = nurse.post(f"{at}sign/", {**sign, "reviewed": read})
    assert (late.status_code, late.data["type"]) == (409, "/problems/stale-version")
    assert "Something was charted since you read this" in late.data["detail"]
    again = nurse.get(at).data["fingerprint"]
    assert again != read
    assert nurse.post(f"{at}sign/", {**sign, "reviewed": again}).status_code == 200
    assert nurse.get(at).data["fingerprint"] is None


def test_a_stale_note_is_409_with_both_texts(nurse, day: Day) -> None:
    at = f"{ROOT}{day.opened().pk}/note/"
    nurse.post(at, {"text": "One."})
    nurse.post(at, {"text": "Two.", "version": 1})
    stale = nurse.post(at, {"text": "Three."}, HTTP_IF_MATCH='"1"')
    assert (stale.status_code, stale.data["theirs"]["text"], stale.data["current"]) == (409, "Two.", 2)


def test_lists_by_day_patient_and_open(nurse, day: Day) -> None:
    one, other = day.opened(), day.opened(day.booked(day.order(day.patient("Marsh"))))
    day.signed(day.discharged(day.ended(day.started(one))))
    today = day.clinic.today(day.clock)
    listed = nurse.get(ROOT, {"day": today.isoformat()}).data["results"]
    assert [row["id"] for row in listed] == [str(other.pk), str(one.pk)]
    assert [row["id"] for row in nurse.get(ROOT, {"open": "true"}).data["results"]] == [str(other.pk)]
    assert [row["id"] for row in nurse.get(ROOT, {"patient": one.patient_id}).data["results"]] == [str(one.pk)]
    assert nurse.get(ROOT, {"day": "2020-01-01"}).data["results"] == []


@pytest.mark.parametrize("who", ["ana", "vera", "olu"])
def test_those_without_clinical_records_get_nothing_and_write_nothing(request, api_as, day: Day, who: str) -> None:
    visit = day.started()
    client = api_as(request.getfixturevalue(who))
    assert client.get(ROOT).status_code == 403
    assert client.get(f"{ROOT}{visit.pk}/").status_code == 403
    assert client.post(ROOT, {"appointment": str(visit.appointment_id)}).status_code == 403
    rows = Administration.objects.count()
    for name in (*FLOWSHEET, "note", "sign", "addenda", "not-treated", "stop-early", "finish"):
        assert client.post(f"{ROOT}{visit.pk}/{name}/", {"kind": "end"}).status_code == 403, name
    assert Administration.objects.count() == rows


def test_another_clinic_sees_nothing(api_as, day: Day, other_clinic) -> None:
    visit = day.opened()
    stranger = api_as(hired(other_clinic, "ned", "Ned Hall", "nurse", "RN"))
    assert stranger.get(ROOT).data["results"] == []
    assert stranger.get(f"{ROOT}{visit.pk}/").status_code == 404
    assert stranger.post(f"{ROOT}{visit.pk}/vitals/", {"pain": 3}).status_code == 404
    assert stranger.post(ROOT, {"appointment": str(visit.appointment_id)}).status_code == 400
    with pytest.raises(Exception, match="no such visit") as refused:
        day.vitals(visit, by=stranger.handler._force_user, pain=3)
    assert not isinstance(refused.value, NotAllowed)


def test_one_row_and_thirty_cost_the_same(nurse, day: Day) -> None:
    visit = day.started()

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert nurse.get(f"{ROOT}{visit.pk}/").status_code == 200
        return len(seen)

    day.vitals(visit)
    few = cost()
    for _ in range(30):
        day.vitals(visit)
    assert cost() == few


def test_the_schema_names_every_field_of_a_row(nurse) -> None:
    schema = nurse.get("/api/schema/", {"format": "json"}).json()["components"]["schemas"]
    assert {"systolic", "client_id", "supersedes", "read_again"} <= set(schema["VitalsSetInputRequest"]["properties"])
    assert "rate_unit" in schema["AdministrationInputRequest"]["properties"]
