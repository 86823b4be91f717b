"""Whoever says which version they read is never ignored: where `If-Match` is described, a stale tag is refused."""

from typing import Any
from uuid import UUID

import pytest

from infusions import orders
from infusions.models import Order
from tests.api.world import World, api_routes, described, world  # noqa: F401
from tests.conftest import PASSWORD
from tests.house.routes import Route
from tests.infusions.ordering import drafted
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
WRITES = ("POST", "PATCH", "DELETE")
SOMEBODY = str(UUID(int=1))
# What has to stand in a body besides the version, by the name of the field.
FILLED: dict[str, Any] = {
    "reason": "As agreed.",
    "password": PASSWORD,
    "how": "cancelled-by-patient",
    "answer": "no",
    "status": "contacted",
    "start": "2026-12-03T10:00:00-08:00",
    "late_cancel_hours": 12,
    "weekdays": [0],
    "name": "Window",
    "city": "Burbank",
    "note": "Called.",
    "text": "Slept.",
    "agent": "Examplamine",
    "notice_hours": 2,
    "role": "nurse",
    "due": "same-day",
    "words": "Read the letter.",
    "channel": "email",
    "granted": True,
    "reached": True,
    "substance": "Wool",
    "reviewed": "read",
    "kind": "emails",
    "registered_on": "2026-11-01",
}
# Acts of somebody else than whoever did the thing before.
ANOTHER = {"take-over": "P"}
# Which patient, record or order another act names.
NAMED = {"patient": "patients", "allergy": "allergy", "into": "other-patient", "request": "other-request"}


def takes_a_tag(schema: dict[str, Any], route: Route) -> bool:
    act = schema["paths"][described(route)][route.method.lower()]
    return any(parameter["name"] == "If-Match" for parameter in act.get("parameters", []))


def body(schema: dict[str, Any], world: World, route: Route) -> dict[str, Any]:  # noqa: F811
    """What the act asks for; of what it does not ask for, one thing."""
    act = schema["paths"][described(route)][route.method.lower()]
    shape = act.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields = schema["components"]["schemas"].get(shape.get("$ref", "").rpartition("/")[2], {})
    asked = fields.get("required", [])
    free = [name for name in FILLED if name in fields.get("properties", {}) and name != "reason"]
    wanted = asked or free[:1]
    named = {name: str(getattr(world.records[NAMED[name]], "pk", SOMEBODY)) for name in wanted if name in NAMED}
    return {name: FILLED[name] for name in wanted if name in FILLED} | named


@pytest.fixture
def draft(world: World, day: Day) -> Order:  # noqa: F811
    return drafted(day.patient("Fox"), day.prescriber, day.now())


def send(world: World, route: Route, tag: str, sent: dict[str, Any], path: str = "") -> Any:  # noqa: F811
    letter = ANOTHER.get(route.pattern.rstrip("/").rpartition("/")[2])
    client = world.client(world.people[letter] if letter else world.who_may(route))
    return getattr(client, route.method.lower())(path or world.path(route), sent, headers={"If-Match": tag})


ON_A_DRAFT = {"sign", "discard"}


def path_of(world: World, route: Route, draft: Order) -> str:  # noqa: F811
    """A draft's, where the act is about drafts."""
    is_draft_s = route.pattern.startswith("api/v1/orders/") and (
        route.method == "PATCH" or route.pattern.rstrip("/").rpartition("/")[2] in ON_A_DRAFT
    )
    return world.path(route).replace(str(world.records["orders"].pk), str(draft.pk)) if is_draft_s else ""


def test_a_stale_tag_is_refused_wherever_one_is_taken(schema, world: World, draft: Order) -> None:  # noqa: F811
    wrong, tried = [], 0
    for route in [route for method in WRITES for route in api_routes(method)]:
        if takes_a_tag(schema, route):
            sent, tried = body(schema, world, route), tried + 1
            answer = send(world, route, '"777"', sent, path_of(world, route, draft))
            if (answer.status_code, answer.json().get("type")) != (409, "/problems/stale-version"):
                wrong.append(f"{route.key} {sent}: {answer.status_code} {answer.json()}")
    assert wrong == []
    assert tried > 40


def test_where_none_is_taken_it_is_refused_and_not_ignored(schema, world: World) -> None:  # noqa: F811
    wrong = []
    for route in [route for method in ("POST", "PATCH") for route in api_routes(method)]:
        if not takes_a_tag(schema, route):
            answer = send(world, route, '"777"', {})
            if answer.status_code != 400 or "If-Match" not in answer.json().get("errors", {}):
                wrong.append(f"{route.key}: {answer.status_code} {answer.json()}")
    assert wrong == []


def order_acts(world: World) -> tuple[Any, str]:  # noqa: F811
    return world.client(world.people["P"]), f"/api/v1/orders/{world.records['orders'].pk}/"


def test_the_tag_of_an_order_says_its_standing_too(world: World) -> None:  # noqa: F811
    client, one = order_acts(world)
    read = client.get(one)
    assert (read["ETag"], read.json()["standing_version"]) == ('"2-1"', 1)
    held = client.post(f"{one}hold/", {"reason": "A cold."}, headers={"If-Match": read["ETag"]})
    assert (held.status_code, held["ETag"], held.json()["standing_version"]) == (200, '"2-2"', 2)
    again = client.post(f"{one}resume/", {"reason": "Well again."}, headers={"If-Match": read["ETag"]})
    assert (again.status_code, again.json()["current"]) == (409, 2)
    assert client.post(f"{one}resume/", {"reason": "Well again.", "standing_version": 1}).status_code == 409
    resumed = client.post(f"{one}resume/", {"reason": "Well again."}, headers={"If-Match": held["ETag"]})
    assert (resumed.status_code, resumed["ETag"]) == (200, '"2-3"')


@pytest.mark.parametrize("act", ["supersede", "stop", "complete", "enter-in-error"])
def test_a_standing_that_changed_since_is_told_before_an_order_ends(world: World, now, act: str) -> None:  # noqa: F811
    client, one = order_acts(world)
    tag = client.get(one)["ETag"]
    orders.hold(order_id=world.records["orders"].pk, by=world.people["P"], now=now, reason="A cold.")
    answer = client.post(f"{one}{act}/", {"reason": "As agreed."}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale-version")
    fresh = client.post(f"{one}{act}/", {"reason": "As agreed."}, headers={"If-Match": client.get(one)["ETag"]})
    assert fresh.json().get("type") != "/problems/stale-version"


def test_the_tag_of_a_visit_says_where_it_stands(day: Day, api_as) -> None:
    visit = day.opened(day.consult(day.patient()))
    client, one = api_as(day.nurse), f"/api/v1/visits/{visit.pk}/"
    read = client.get(one)
    assert read["ETag"] == f'"1-{read.json()["appointment_version"]}"'
    assert client.post(f"{one}finish/", {}, headers={"If-Match": '"1-1"'}).status_code == 409
    done = client.post(f"{one}finish/", {}, headers={"If-Match": read["ETag"]})
    assert done.status_code == 200
    assert done["ETag"] != read["ETag"]


def test_a_tag_of_two_is_not_taken_for_a_record_that_has_one(world: World) -> None:  # noqa: F811
    chair = f"/api/v1/chairs/{world.records['chairs'].pk}/"
    answer = world.client(world.people["M"]).patch(chair, {"name": "Window"}, headers={"If-Match": '"1-1"'})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["If-Match"])
