"""Who may open what: every role tries every route, and a route that nobody wrote down fails."""

import pytest
from django.test import Client

from config.staff.permissions import Role
from tests.conftest import hired
from tests.house.matrix import ALLOWED, PUBLIC
from tests.house.routes import Route, routes

pytestmark = pytest.mark.django_db
LETTERS = {
    "D": Role.FRONT_DESK,
    "N": Role.NURSE,
    "P": Role.PRESCRIBER,
    "M": Role.MANAGER,
    "A": Role.AUDITOR,
}


@pytest.fixture
def clients(clinic) -> dict[str, Client]:
    found = {}
    for letter, role in LETTERS.items():
        found[letter] = Client(raise_request_exception=False)
        licence = "RN" if letter in "NP" else ""
        found[letter].force_login(hired(clinic, f"user-{letter}", f"Somebody {letter}", role, licence))
    return found


def status(client: Client, route: Route) -> int:
    if route.method == "GET":
        return client.get(route.path).status_code
    body = {} if route.path.startswith("/api/") else None
    sent = {"content_type": "application/json"} if body is not None else {}
    return client.generic(route.method, route.path, "{}" if body is not None else "", **sent).status_code


def test_every_route_is_written_down():
    found = {route.key for route in routes()}
    written = set(ALLOWED) | set(PUBLIC)
    assert found - written == set(), "routes without an entry in tests/house/matrix.py"
    assert written - found == set(), "entries of routes that are gone"


def test_each_role_opens_what_it_may_and_nothing_else(clients):
    wrong = []
    for route in routes():
        for letter, client in clients.items():
            got = status(client, route)
            if got >= 500 and route.pattern != "readyz":  # it says 503 while no worker runs
                wrong.append(f"{route.key} as {letter}: {got}")
            elif route.key in ALLOWED and got != 405 and (got == 403) == (letter in ALLOWED[route.key]):
                wrong.append(f"{route.key} as {letter}: {got}, written down: {ALLOWED[route.key] or 'nobody'}")
    assert wrong == []


def test_nobody_gets_in_without_signing_in():
    stranger = Client(raise_request_exception=False)
    wrong = [
        f"{route.key}: {got}"
        for route in routes()
        if route.key in ALLOWED and (got := status(stranger, route)) not in {302, 401, 403, 405}
    ]
    assert wrong == []


def test_public_routes_are_public_on_purpose():
    """A page without a guard must be marked with `@public`; the rest carry their permission."""
    unmarked = [
        route.key
        for route in routes()
        if not route.path.startswith("/api/")
        and not route.path.startswith("/styleguide/")
        and not hasattr(route.view, "is_public")
    ]
    assert unmarked == []
