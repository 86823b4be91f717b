"""The API over patients and requests: who may, what is refused, what comes back."""

import pytest

from patients.models import IntakeRequest, Patient

PERSON = {"family_name": "Páez", "given_name": "Manuela", "birth_date": "1960-12-01", "mobile": "(213) 555-0144"}
REQUEST = {"source": "phone", "family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}


@pytest.fixture
def desk(ana, api_as):
    return api_as(ana)


@pytest.fixture
def patient(desk):
    return desk.post("/api/v1/patients/", PERSON).json()


@pytest.fixture
def asked(desk):
    return desk.post("/api/v1/intake-requests/", REQUEST).json()


def test_a_patient_is_registered_and_read(desk, patient):
    assert patient["record_number"].startswith("R-")
    assert (patient["mobile"], patient["allergy_state"], patient["version"]) == ("+12135550144", "not-asked", 1)
    read = desk.get(f"/api/v1/patients/{patient['id']}/")
    assert read.json() == patient
    assert read["ETag"] == '"1"'


def test_what_is_wrong_is_said_by_field_and_nothing_is_written(desk):
    body = {**PERSON, "mobile": "12", "email": "nobody", "birth_date": "2033-01-01", "referrer_npi": "1"}
    answer = desk.post("/api/v1/patients/", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert set(answer.json()["errors"]) == {"mobile", "email", "birth_date", "referrer_npi"}
    assert not Patient.objects.exists()


@pytest.mark.parametrize("field", ["dose", "deceased", "id", "allergy_state", "clinic"])
def test_a_field_that_is_not_to_be_written_is_refused(desk, field):
    answer = desk.post("/api/v1/patients/", {**PERSON, field: "x"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_two_of_one_record_number_are_refused(desk, patient):
    again = {**PERSON, "record_number": patient["record_number"], "not_duplicates": [patient["id"]]}
    answer = desk.post("/api/v1/patients/", again)
    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["record_number"])


def test_a_change_over_a_newer_one_is_refused(desk, patient):
    at = f"/api/v1/patients/{patient['id']}/"
    assert desk.patch(at, {"city": "Pasadena", "version": 1}).json()["version"] == 2
    for answer in (desk.patch(at, {"city": "X", "version": 1}), desk.patch(at, {"city": "X"}, HTTP_IF_MATCH='"1"')):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale-version")
        assert answer.json()["current"] == 2
    assert desk.patch(at, {"city": "Burbank"}, HTTP_IF_MATCH='"2"').json()["city"] == "Burbank"


@pytest.mark.django_db(transaction=True)
def test_a_change_leaves_the_rest_alone(desk, patient):
    changed = desk.patch(f"/api/v1/patients/{patient['id']}/", {"preferred_name": "Manu"}).json()
    assert changed == {**patient, "preferred_name": "Manu", "version": 2}
    entries = desk.get(f"/api/v1/patients/{patient['id']}/history/").json()
    assert entries[0]["changes"] == [{"field": "preferred name", "before": "", "after": "Manu"}]
    assert entries[0]["who"] == "Ana Ortiz"


def test_the_same_key_registers_once(desk):
    answers = [desk.post("/api/v1/patients/", PERSON, HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Patient.objects.count() == 1
    assert desk.post("/api/v1/patients/", {**PERSON, "city": "X"}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 422


def test_people_are_searched_by_post(desk, patient):
    found = desk.post("/api/v1/patients/search/", {"q": "paez 1 dec 1960"}).json()
    assert ([row["id"] for row in found["results"]], found["warning"]) == ([patient["id"]], "")
    desk.post("/api/v1/patients/", {**PERSON, "birth_date": "1970-01-01", "mobile": "213 555 0150"})
    assert desk.post("/api/v1/patients/search/", {"q": "paez"}).json()["warning"]


def test_the_list_is_paged_by_name_and_filtered(desk, patient):
    desk.post("/api/v1/patients/", {**PERSON, "family_name": "Abel", "not_duplicates": [patient["id"]]})
    page = desk.get("/api/v1/patients/?page_size=1").json()
    assert [row["family_name"] for row in page["results"]] == ["Abel"]
    assert [row["family_name"] for row in desk.get(page["next"]).json()["results"]] == ["Páez"]
    assert desk.get("/api/v1/patients/?deceased=true").json()["results"] == []


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_the_lists_do_not_grow(desk, many, django_assert_num_queries):
    for n in range(many):
        desk.post("/api/v1/patients/", {**PERSON, "given_name": f"M{n}", "mobile": f"213 555 015{n}"})
        row = desk.post("/api/v1/intake-requests/", REQUEST).json()
        desk.post(f"/api/v1/intake-requests/{row['id']}/take/")
    for address in ("/api/v1/patients/", "/api/v1/intake-requests/"):
        with django_assert_num_queries(1):
            assert len(desk.get(address).json()["results"]) == many


def test_another_clinic_sees_none_of_it(zoe, api_as, patient, asked):
    hill = api_as(zoe)
    for address in (f"/api/v1/patients/{patient['id']}/", f"/api/v1/intake-requests/{asked['id']}/"):
        assert hill.get(address).status_code == hill.patch(address, {"city": "X"}).status_code == 404
        assert hill.get(f"{address}history/").status_code == 404
    assert hill.get("/api/v1/patients/").json()["results"] == []
    assert hill.post("/api/v1/patients/search/", {"q": "paez"}).json()["results"] == []


def test_allergies_are_kept_by_clinicians(desk, nils, api_as, patient):
    at = f"/api/v1/patients/{patient['id']}/allergies/"
    nurse = api_as(nils)
    assert desk.post(at, {"substance": "Latex"}).status_code == 403
    asked = {"version": 1, "state": "not-asked", "confirmed_by": None, "confirmed_at": None, "allergies": []}
    assert desk.get(at).json() == asked
    assert nurse.post(at, {"none_known": True}).json()["state"] == "none-known"
    listed = nurse.post(at, {"substance": "Latex", "reaction": "rash"})
    assert (listed.status_code, listed.json()["state"], listed.json()["confirmed_by"]) == (201, "listed", "Nils Berg")
    assert nurse.post(at, {"substance": "latex"}).status_code == 409
    assert nurse.post(at, {"none_known": True}).status_code == 409
    for body in ({}, {"none_known": True, "substance": "Latex"}, {"substance": " "}):
        assert nurse.post(at, body).status_code == 400
    removal = {"allergy": listed.json()["allergies"][0]["id"], "reason": "entered for the wrong person"}
    assert desk.post(f"{at}remove/", removal).status_code == 403
    assert nurse.post(f"{at}remove/", removal).json()["state"] == "not-asked"
    assert nurse.post(f"{at}remove/", removal).status_code == 409
    assert nurse.post(f"{at}remove/", {**removal, "allergy": patient["id"]}).status_code == 400


def test_consents_are_recorded_and_listed(desk, nils, api_as, patient):
    at = f"/api/v1/patients/{patient['id']}/consents/"
    said = {"channel": "sms", "granted": True, "how": "spoken"}
    assert api_as(nils).post(at, said).status_code == 403
    assert desk.post(at, said).json()["by"] == "Ana Ortiz"
    assert desk.post(at, {**said, "channel": "pigeon"}).status_code == 400
    assert [row["granted"] for row in desk.get(at).json()] == [True]


def test_a_request_goes_from_phone_to_patient(desk, asked):
    at = f"/api/v1/intake-requests/{asked['id']}/"
    assert desk.post(f"{at}take/").json()["owner"] == "Ana Ortiz"
    tried = desk.post(f"{at}attempts/", {"channel": "phone", "reached": True, "note": "asked for the birth date"})
    assert tried.status_code == 201
    assert desk.get(at).json()["status"] == "contacted"
    assert desk.patch(at, {"status": "ready-for-review"}).status_code == 409
    patient = desk.post(f"{at}register/", {"birth_date": "1978-03-14"})
    assert (patient.status_code, patient.json()["mobile"]) == (201, "+12135550142")
    assert desk.post(f"{at}register/", {}).status_code == 409
    assert desk.get(at).json()["patient"] == patient.json()["id"]
    assert desk.patch(at, {"status": "ready-for-review"}).json()["status"] == "ready-for-review"
    assert len(desk.get(f"{at}attempts/").json()) == 1


def test_a_reason_for_no_change_is_not_swallowed(desk, asked):
    answer = desk.patch(f"/api/v1/intake-requests/{asked['id']}/", {"reason": "Called twice", "version": 99})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])


def test_closing_needs_a_reason_and_can_be_undone(desk, asked):
    at = f"/api/v1/intake-requests/{asked['id']}/"
    assert desk.post(f"{at}close/", {}).status_code == 400
    assert desk.post(f"{at}close/", {"reason": " "}).status_code == 400
    assert desk.post(f"{at}close/", {"reason": "spam"}).json()["closed_reason"] == "spam"
    assert desk.post(f"{at}take/").status_code == 409
    assert desk.get("/api/v1/intake-requests/?open=true").json()["results"] == []
    assert desk.patch(at, {"status": "new"}).json()["closed_reason"] == ""


def test_a_request_is_linked_to_a_patient_of_the_clinic(desk, zoe, api_as, asked, patient):
    at = f"/api/v1/intake-requests/{asked['id']}/link/"
    foreign = api_as(zoe).post("/api/v1/patients/", PERSON).json()
    assert desk.post(at, {"patient": foreign["id"]}).json()["errors"] == {"patient": ["There is no such record."]}
    assert desk.post(at, {"patient": patient["id"]}).json()["patient"] == patient["id"]


def test_a_request_needs_a_name_and_a_way_to_answer(desk):
    for missing in ("mobile", "source"):
        body = {name: value for name, value in REQUEST.items() if name != missing}
        answer = desk.post("/api/v1/intake-requests/", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [missing])
    assert desk.post("/api/v1/intake-requests/", {"source": "phone", "mobile": "213 555 0142"}).status_code == 400
    assert desk.post("/api/v1/intake-requests/", {**REQUEST, "usual_severity": 11}).status_code == 400
    assert not IntakeRequest.objects.exists()


READ = ["/api/v1/patients/", "/api/v1/intake-requests/"]


def test_each_role_may_what_the_table_says(request, api_as, patient, asked):
    may_write = {"ana": 201, "vera": 201, "nils": 403, "mara": 403, "olu": 403}
    for name, status in may_write.items():
        client = api_as(request.getfixturevalue(name))
        for address in READ:
            assert client.get(address).status_code == (403 if name == "olu" else 200), (name, address)
        assert client.post("/api/v1/patients/", {**PERSON, "given_name": name, "mobile": ""}).status_code == status, (
            name
        )
        assert client.post("/api/v1/intake-requests/", REQUEST).status_code == status, name
        changed = client.patch(f"/api/v1/patients/{patient['id']}/", {"city": name})
        assert changed.status_code == (200 if status == 201 else 403), name
        assert client.get(f"/api/v1/patients/{patient['id']}/history/").status_code == 200, name


def test_nobody_without_a_sign_in(db, client):
    for address in READ:
        assert client.get(address).status_code == 401


def test_the_api_asks_what_the_form_asks_and_shows_it_all():
    from patients.api.request_serializers import RequestChange, RequestInput, RequestSerializer
    from patients.api.serializers import PatientSerializer
    from patients.person import FIELDS
    from patients.web.forms import RequestEditForm, RequestForm

    asked = set(RequestForm.base_fields)
    assert set(RequestInput().fields) == asked
    assert set(RequestChange().fields) == set(RequestEditForm.base_fields) | {"status", "reason"}
    assert asked <= set(RequestSerializer.Meta.fields)
    assert set(FIELDS) <= asked & set(PatientSerializer.Meta.fields)


def test_an_act_on_a_request_over_a_newer_version_is_refused(desk, patient, asked, vera, api_as):
    at = f"/api/v1/intake-requests/{asked['id']}/"
    desk.patch(at, {"message": "Called again."})
    acts = {"take": {}, "release": {}, "link": {"patient": patient["id"]}, "register": {}}
    for act, body in acts.items():
        for stale in (
            desk.post(f"{at}{act}/", body | {"version": 1}),
            desk.post(f"{at}{act}/", body, HTTP_IF_MATCH='"1"'),
        ):
            assert (stale.status_code, stale.json()["type"]) == (409, "/problems/stale-version"), act
    assert IntakeRequest.objects.get().version == 2
    assert desk.post(f"{at}take/", {"bogus": 1}).status_code == 400
    assert desk.post(f"{at}take/", {"version": 2}).json()["version"] == 3
    assert desk.post(f"{at}release/", {}, HTTP_IF_MATCH='"3"').json()["owner"] is None
    assert desk.post(f"{at}register/", {"version": 4}).status_code == 201


def test_the_filter_by_patient_does_not_say_which_ids_others_have(desk, patient, asked, zoe, api_as):
    desk.post(f"/api/v1/intake-requests/{asked['id']}/link/", {"patient": patient["id"]})
    theirs = api_as(zoe).post("/api/v1/patients/", PERSON | {"mobile": "+44 20 7946 0123"}).json()["id"]
    listed = {
        pk: desk.get("/api/v1/intake-requests/", {"patient": pk})
        for pk in (patient["id"], theirs, "00000000-0000-4000-8000-000000000000")
    }
    assert [answer.status_code for answer in listed.values()] == [200, 200, 200]
    assert [len(answer.json()["results"]) for answer in listed.values()] == [1, 0, 0]
    assert desk.get("/api/v1/intake-requests/", {"patient": "x"}).status_code == 400
