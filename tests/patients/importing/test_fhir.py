"""People from FHIR R4: bundles, single resources, lines."""

import copy
import json

import pytest

from patients.models import Allergy, Patient

MRN = {"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}, "value": "4195"}
ADA = {
    "resourceType": "Patient",
    "id": "1a18",
    "identifier": [{"system": "urn:elsewhere", "value": "x"}, MRN],
    "name": [
        {"use": "maiden", "family": "Sanford", "given": ["Ada"]},
        {"use": "official", "family": "Peña", "given": ["Ada", "Luz"]},
    ],
    "gender": "female",
    "birthDate": "2002-04-08",
    "telecom": [
        {"system": "phone", "value": "213-555-0100", "use": "old"},
        {"system": "phone", "value": "213-555-0142", "use": "home"},
        {"system": "email", "value": "ada.peña@example.com"},
    ],
    "address": [
        {"line": ["4724 Grant Crossroad", "Suite 9"], "city": "Los Angeles", "state": "CA", "postalCode": "90003"}
    ],
    "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "es"}]}}],
}
LATEX = {
    "resourceType": "AllergyIntolerance",
    "id": "5186",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"coding": [{"code": "111088007", "display": "Latex (substance)"}]},
    "patient": {"reference": "urn:uuid:1a18"},
    "reaction": [{"manifestation": [{"text": "Hives"}]}],
}


def bundle(*resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def but(resource, **changes):
    return {**copy.deepcopy(resource), **changes}


def test_a_person_comes_in_under_the_medical_record_number(clinic, importing):
    ran = importing(bundle(ADA, LATEX))
    assert (ran.code, ran.out.strip()) == (0, "1 created, 0 updated, 0 unchanged, 0 refused")
    found = Patient.objects.get()
    assert (found.record_number, found.full_name, found.sex) == ("4195", "Ada Luz Peña", "female")
    assert (found.mobile.as_e164, found.email) == ("+12135550142", "ada.peña@example.com")
    assert (found.address, found.region, found.language) == ("4724 Grant Crossroad, Suite 9", "CA", "es")
    assert str(found.allergies.get()) == "Latex (substance) (Hives)"
    assert importing(bundle(ADA, LATEX)).out.strip() == "0 created, 0 updated, 1 unchanged, 0 refused"


def test_the_same_person_by_csv_and_by_fhir_is_one(clinic, importing):
    importing("record_number,family_name,given_name\n4195,Peña,Ada Luz\n")
    assert importing(bundle(ADA)).out.strip() == "0 created, 1 updated, 0 unchanged, 0 refused"
    assert Patient.objects.count() == 1


def test_a_death_is_dated_in_the_clinics_zone(clinic, importing):
    importing(bundle(but(ADA, deceasedDateTime="2016-03-27T01:57:58.696083+00:00")))
    found = Patient.objects.get()
    assert (found.deceased, str(found.deceased_on)) == (True, "2016-03-26")
    importing(bundle(but(ADA, identifier=[{**MRN, "value": "2"}], deceasedBoolean=True)))
    assert Patient.objects.get(record_number="2").deceased


@pytest.mark.parametrize("reference", ["urn:uuid:1a18", "Patient/1a18", "https://example.com/fhir/Patient/1a18"])
def test_an_allergy_finds_its_patient_wherever_it_stands(clinic, importing, reference):
    entries = [
        {"resource": but(LATEX, patient={"reference": reference})},
        {"fullUrl": "https://example.com/fhir/Patient/1a18", "resource": ADA},
    ]
    importing({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert Allergy.objects.count() == 1


@pytest.mark.parametrize(
    "gone",
    [
        {"clinicalStatus": {"coding": [{"code": "resolved"}]}},
        {"verificationStatus": {"coding": [{"code": "refuted"}]}},
        {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
    ],
)
def test_an_allergy_that_no_longer_holds_stays_out(clinic, importing, gone):
    assert importing(bundle(ADA, but(LATEX, **gone))).code == 0
    assert not Allergy.objects.exists()


def test_no_known_allergy_is_no_allergy(clinic, importing):
    ran = importing(bundle(ADA, but(LATEX, code={"text": "No known allergy (situation)"})))
    assert "a nurse asks" in ran.err
    assert Patient.objects.get().allergy_state == "not-asked"


def test_one_bad_resource_does_not_stop_the_rest(clinic, importing):
    bad = [
        but(ADA, id="a", identifier=[]),
        but(ADA, id="b", birthDate="soon"),
        but(ADA, id="c", name="Ada"),
        but(ADA, id="d", identifier=[{**MRN, "value": "7"}], name=[{"given": ["Ada"]}]),
        but(LATEX, patient={"reference": "urn:uuid:nobody"}),
        but(LATEX, code=None),
    ]
    ran = importing(bundle(*bad, ADA))
    assert (ran.code, ran.out.strip()) == (1, "1 created, 0 updated, 0 unchanged, 6 refused")
    assert [line.split(":")[0] for line in ran.err.splitlines()] == [f"entry {n}" for n in (1, 2, 3, 4, 5, 6)]
    assert "Peña" not in ran.err


ODD = [
    None,
    3,
    "x",
    [],
    {},
    {"resource": None},
    {"resource": {"resourceType": 5}},
    {"resource": {"resourceType": ["x"]}},
]


@pytest.mark.parametrize("entry", [*ODD, {"resource": {"resourceType": "Group"}, "fullUrl": ["x"]}])
def test_an_odd_entry_does_not_stop_the_rest(clinic, importing, entry):
    ran = importing({"resourceType": "Bundle", "type": "collection", "entry": [entry, {"resource": ADA}]})
    assert (ran.code, ran.out.startswith("1 created")) == (0, True)
    assert "note: 1 × " in ran.err


def test_part_of_a_birth_date_is_left_out_and_said(clinic, importing):
    ran = importing(bundle(but(ADA, birthDate="2002-04")))
    assert (ran.code, "left out" in ran.err) == (0, True)
    assert Patient.objects.get().birth_date is None


REFUSED = ["MedicationRequest", "MedicationAdministration", "ServiceRequest", "CarePlan", "MedicationStatement"]


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bundle_with_an_order_in_it_is_refused_whole(clinic, importing, kind):
    ran = importing(bundle(ADA, {"resourceType": kind, "id": "1"}))
    assert ran.code != 0
    assert kind in ran.err
    assert not Patient.objects.exists()


def test_an_order_hidden_inside_a_patient_is_found(clinic, importing):
    for hidden in ({"contained": [{"resourceType": "MedicationRequest"}]}, {"extension": [{"dosage": [{}]}]}):
        assert importing(bundle(but(ADA, **hidden))).code != 0
    assert not Patient.objects.exists()


def test_other_resources_are_named_and_left(clinic, importing):
    ran = importing(bundle(ADA, {"resourceType": "Observation"}, {"resourceType": "Observation"}))
    assert (ran.code, ran.err.strip()) == (0, "note: 2 × Observation is not read")


def test_one_resource_and_one_a_line(clinic, importing):
    assert importing(ADA).out.startswith("1 created")
    other = but(ADA, id="2", identifier=[{**MRN, "value": "5"}])
    lines = "\n".join(json.dumps(one) for one in (ADA, other))
    assert importing(lines).out.strip() == "1 created, 0 updated, 1 unchanged, 0 refused"


def test_a_broken_line_does_not_stop_the_lines_after_it(clinic, importing):
    other = but(ADA, id="2", identifier=[{**MRN, "value": "5"}])
    ran = importing(f'{json.dumps(ADA)}\n\n{{"resourceType": "Patient", "id\n{json.dumps(other)}\n')
    assert (ran.code, ran.out.strip()) == (1, "2 created, 0 updated, 0 unchanged, 1 refused")
    assert "line 3: refused: is not JSON" in ran.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"resourceType": "Bundle",\n "entry": [}', "Line 2 is not JSON"),
        ({"people": []}, "no FHIR resource"),
        ({"resourceType": "Bundle", "entry": 3}, "no list"),
        ("[1, 2]", "no FHIR resource"),
    ],
)
def test_what_is_no_bundle_is_refused_with_the_reason(clinic, importing, content, words):
    ran = importing(content)
    assert ran.code != 0
    assert words in ran.err


def test_the_format_may_be_said(clinic, importing):
    assert "not JSON" in importing("a,b\n1,2\n", "--format", "fhir").err
    assert importing(ADA, "--format", "csv").code != 0


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_no_calendar_has_is_one_bad_row(clinic, importing, moment):
    other = but(ADA, id="2", identifier=[{**MRN, "value": "2"}], deceasedDateTime=moment)
    ran = importing(bundle(other, ADA))
    assert (ran.code, ran.out.strip()) == (1, "1 created, 0 updated, 0 unchanged, 1 refused")
    assert "entry 1: refused: " in ran.err


def test_parts_without_end_are_refused_as_a_whole(clinic, importing):
    ran = importing("[" * 100_000)
    assert ran.code != 0
    assert "too deep" in ran.err


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ({"deceasedBoolean": "false"}, "deceasedBoolean is neither true nor false"),
        ({"gender": "xx"}, "gender is none of"),
        ({"gender": "Female"}, "gender is none of"),
    ],
)
def test_an_odd_word_is_one_bad_row_and_kills_nobody(clinic, importing, odd, words):
    other = but(ADA, id="2", identifier=[{**ADA["identifier"][0], "value": "9999"}])
    ran = importing(bundle(but(ADA, **odd), other))
    assert "1 created, 0 updated, 0 unchanged, 1 refused" in ran.out
    assert words in ran.out + ran.err
    assert Patient.objects.get().deceased_on is None
