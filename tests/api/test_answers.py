"""What the API answers is what its description says, field by field, for every role that may read."""

from typing import Any

import jsonschema
import pytest

from tests.api.world import World, api_routes, described, world  # noqa: F401
from tests.house.matrix import ALLOWED
from tests.infusions.visiting import later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


def is_json(answer: Any) -> bool:
    """Whether it is data; a paper that is sent as it is has no shape to compare."""
    return "json" in answer.headers["Content-Type"]


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema says it; names lead to `components` of the same document."""
    if isinstance(node, list):
        return [as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: as_json_schema(one) for name, one in node.items() if name not in {"nullable", "example"}}
    return {"anyOf": [found, {"type": "null"}]} if node.get("nullable") is True else found


@pytest.fixture
def misfits(schema: dict[str, Any]):
    document = as_json_schema(schema)

    def told(path: str, method: str, answer: Any) -> list[str]:
        """In which ways an answer is not as described."""
        responses = schema["paths"][path][method]["responses"]
        if str(answer.status_code) not in responses:
            return [f"{answer.status_code} is not described: {answer.content[:200]}"]
        if not is_json(answer):
            return [] if answer.status_code == 200 else [f"{answer.status_code}: {answer.content[:200]}"]
        content = responses[str(answer.status_code)].get("content", {}).get("application/json", {"schema": {}})
        wanted = {**as_json_schema(content["schema"]), "components": document["components"]}
        checker = jsonschema.Draft202012Validator(wanted, format_checker=jsonschema.FormatChecker())
        return [
            f"{'/'.join(map(str, one.absolute_path))}: {one.message[:160]}"
            for one in checker.iter_errors(answer.json())
        ]

    return told


def test_every_address_that_can_be_read(world: World, misfits) -> None:  # noqa: F811
    wrong = []
    for route in api_routes("GET"):
        for letter in ALLOWED[route.key]:
            answer = world.client(world.people[letter]).get(world.path(route))
            if answer.status_code == 404 and route.pattern.startswith("api/v1/tasks/<pk>"):
                continue  # another role's task
            wrong += [f"{route.key} as {letter}: {told}" for told in misfits(described(route), "get", answer)]
    assert wrong == []


def test_every_list_has_something_to_show(world: World) -> None:  # noqa: F811
    empty = []
    for route in api_routes("GET"):
        got = world.client(world.who_may(route)).get(world.path(route))
        answer = got.json() if is_json(got) else {}
        rows = answer.get("results") if isinstance(answer, dict) else answer
        if rows == []:
            empty.append(route.key)
    assert empty == []
