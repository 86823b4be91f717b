"""Under every resource that changes over time stands who changed what, in the clinic's own time."""

from typing import Any

import pytest

from patients import allergies
from scheduling import opening
from scheduling.models import RotaShift
from tests.api.world import World, api_routes, world  # noqa: F401
from tests.infusions.visiting import later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
# A tracked record that is a list under another: no view set has it as its own.
WITHIN = {"patients/<patient>/allergies"}


def histories() -> dict[str, Any]:
    """The resources that have `history/`, each with its route."""
    found = {}
    for route in api_routes("GET"):
        above, _, last = route.pattern.removeprefix("api/v1/").rstrip("/").rpartition("/")
        if last == "history":
            found[above.removesuffix("/<pk>")] = route
    return found


def test_every_resource_that_is_tracked_has_its_history() -> None:
    tracked = {
        route.pattern.removeprefix("api/v1/").rstrip("/")
        for route in api_routes("GET")
        if hasattr(route.view.cls.queryset.model, "history") and route.view.actions.get("get") == "list"
    }
    assert {"opening-hours", "staff", "rotas", "patients/<patient>/limits"} <= tracked
    assert (tracked | WITHIN) - histories().keys() == set()


def test_each_history_tells_who_and_when_by_the_clinic_s_clock(world: World) -> None:  # noqa: F811
    wrong = []
    for resource, route in histories().items():
        told = world.client(world.who_may(route)).get(world.path(route))
        if told.status_code != 200 or not told.json() or " UTC" in told.content.decode():
            wrong.append(f"{resource}: {told.status_code} {told.content.decode()[:400]}")
    assert wrong == []


def acts(world: World, person: str, path: str) -> list[dict[str, Any]]:  # noqa: F811
    answer = world.client(world.people[person]).get(f"/api/v1/{path}history/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def values(acts: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(change["before"], change["after"]) for act in acts for change in act["changes"]}


@pytest.mark.django_db(transaction=True)  # acts of one transaction are one entry
def test_hours_that_were_replaced_are_told_with_those_in_their_place(world: World) -> None:  # noqa: F811
    from datetime import time

    vera = world.people["M"]
    opening.set_hours(clinic=vera.clinic, weekday=2, spans=[(time(9), time(15))], by=vera)
    newest = acts(world, "D", "opening-hours/")[:1]
    assert {record["act"] for record in newest[0]["records"]} == {"created", "removed"}
    assert {("", "09:00"), ("00:05", "")} <= values(newest)


@pytest.mark.django_db(transaction=True)  # acts of one transaction are one entry
def test_an_allergy_that_was_taken_off_stays_in_the_history(world: World, now) -> None:  # noqa: F811
    ada, nils = world.records["patients"], world.people["N"]
    [latex] = allergies.listed(ada)
    allergies.remove(allergy_id=latex.pk, reason="Tested.", by=nils, now=now)
    told = acts(world, "A", f"patients/{ada.pk}/allergies/")
    assert [act["act"] for act in told] == ["changed", "created"]
    assert {("", "Latex"), ("", "Tested.")} <= values(told)


def test_what_the_others_cannot_see_of_somebody_is_not_in_their_history_either(world: World) -> None:  # noqa: F811
    told = acts(world, "D", f"staff/{world.people['N'].pk}/")
    assert {change["field"] for act in told for change in act["changes"]} == {"full name", "role", "licence", "active"}


def test_another_clinic_s_history_is_not_there(world: World, zoe) -> None:  # noqa: F811
    found = {
        resource: world.client(zoe).get(world.path(route)).status_code
        for resource, route in histories().items()
        if "<" in route.pattern
    }
    assert set(found.values()) <= {403, 404}, found


def test_a_rota_s_stretch_has_its_own(world: World) -> None:  # noqa: F811
    shift = RotaShift.objects.get(pk=world.records["rotas"].pk)
    assert [act["who"] for act in acts(world, "A", f"rotas/{shift.pk}/")] == ["Vera Lind"]
