"""The API's description: valid, without a guess, and the same about refusals everywhere."""

from typing import Any

import pytest
from django.conf import settings

from tests.house.dosing import dosing_names
from tests.infusions.ordering import accepted, drafted, known_patient

pytestmark = pytest.mark.django_db

METHODS = {"get", "post", "patch", "put", "delete"}


def acts(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    found = [(path, name, act) for path, item in schema["paths"].items() for name, act in item.items()]
    return [one for one in found if one[1] in METHODS]


def body(schema: dict[str, Any], act: dict[str, Any]) -> dict[str, Any]:
    """The fields that the act takes."""
    shape = act.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return schema["components"]["schemas"].get(shape.get("$ref", "").rpartition("/")[2], {}).get("properties", {})


def test_it_is_valid_and_nothing_in_it_is_guessed(schema):
    assert len(acts(schema)) > 90


def test_each_set_of_values_has_one_name_and_it_is_ours(schema):
    """One that the generator named is called after a field, and something else once another resource has that field."""
    named = {name: tuple(found["enum"]) for name, found in schema["components"]["schemas"].items() if "enum" in found}
    assert len(set(named.values())) == len(named)
    assert set(named) - {"BlankEnum", "NullEnum"} == set(settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"])
    assert not any("x-spec-enum-id" in str(found) for found in schema["components"]["schemas"].values())


def test_every_act_says_how_it_refuses(schema):
    for path, method, act in acts(schema):
        assert "application/problem+json" in act["responses"]["4XX"]["content"], (method, path)
        assert any(status.startswith("2") for status in act["responses"]), (method, path)


def test_every_write_takes_the_headers_of_a_careful_client(schema):
    """`If-Match` wherever the body takes a version: the same words in two places."""
    for path, method, act in acts(schema):
        names = {parameter["name"] for parameter in act.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method == "post"), (method, path)
        assert ("If-Match" in names) == ("version" in body(schema, act)), (method, path)
        assert "If-Match" in names or method != "patch", (method, path)


def test_every_dosing_field_may_be_left_out_and_has_no_default(schema):
    """Nothing in the description suggests a value for what only clinicians write."""
    dosing = dosing_names()
    seen = set()
    for name, found in schema["components"]["schemas"].items():
        for field, kind in found.get("properties", {}).items():
            if field in dosing:
                seen.add(field)
                assert "default" not in kind, (name, field)
    assert {"dose", "rate", "bolus", "chair_minutes"} <= seen


def unannounced(schema: dict[str, Any], name: str, record: dict[str, Any]) -> list[str]:
    """The fields of an answer that are null or empty although the description says they never are."""
    components = schema["components"]["schemas"]
    kinds = components[name]["properties"]
    choices = [f"schemas/{one}'" for one, found in components.items() if "enum" in found]
    null = [field for field, value in record.items() if value is None and not kinds[field].get("nullable")]
    blank = [
        field
        for field, value in record.items()
        if value == "" and "BlankEnum" not in str(kinds[field]) and any(one in str(kinds[field]) for one in choices)
    ]
    return null + blank


def test_what_nobody_wrote_may_be_null_or_empty(schema, clinic, mara, ana, now, api_as):
    patient = known_patient(clinic, now)
    accepted(patient, mara, now)
    drafted(patient, mara, now)
    asked = {"source": "phone", "family_name": "Quill", "given_name": "Ada", "mobile": "+12135550111"}
    api_as(ana).post("/api/v1/intake-requests/", asked)
    for path, name, person in (
        ("patients", "Patient", ana),
        ("orders", "Order", mara),
        ("candidacy-decisions", "Decision", mara),
        ("intake-requests", "Request", ana),
    ):
        [record] = api_as(person).get(f"/api/v1/{path}/").json()["results"]
        assert unannounced(schema, name, record) == [], name
