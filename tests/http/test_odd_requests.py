"""What no client of ours sends: each is refused in a form that the sender can read, and none is a fault of the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import path
from django.utils import timezone
from rest_framework.test import APIClient

from config.audit.acting import SystemJob
from config.staff.models import User
from config.urls import handler400, handler404, handler500  # noqa: F401  (Django looks for them beside urlpatterns)
from config.urls import urlpatterns as real_addresses
from scheduling.places import add_chair

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded; charset=utf-16"


def broken(request: Any) -> None:
    raise ZeroDivisionError


urlpatterns = [path("api/broken/", broken), path("broken/", broken), *real_addresses]


def refused(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


@pytest.fixture
def caller(vera: User, api_as: Callable) -> APIClient:
    client: APIClient = api_as(vera)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("method", ["options", "put", "delete"])
@pytest.mark.parametrize("resource", ["chairs", "patients", "appointments", "orders", "visits", "messages", "staff"])
def test_a_method_that_is_not_offered(caller: APIClient, resource: str, method: str) -> None:
    refused(getattr(caller, method)(f"/api/v1/{resource}/"), 405)
    refused(getattr(APIClient(), method)(f"/api/v1/{resource}/"), 401)


def test_json_nested_without_end(caller: APIClient) -> None:
    for body in ("[" * 100_000, '{"a":' * 100_000):
        refused(caller.post("/api/v1/patients/", body, content_type="application/json"), 400)


def test_a_body_beyond_all_measure(caller: APIClient) -> None:
    body = b'{"given_name": "' + b"x" * 3_000_000 + b'"}'
    refused(caller.post("/api/v1/patients/", body, content_type="application/json"), 413)


def test_an_api_address_that_is_not_there(caller: APIClient) -> None:
    for address in ("nothing/", "patients/not-an-id/"):
        assert refused(caller.get(f"/api/v1/{address}"), 404)["type"] == "/problems/not-found"
    assert Client().get("/nothing/")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("resource", ["patients", "chairs", "appointments", "orders", "tasks"])
def test_an_unknown_record_is_not_found_in_the_same_words(caller: APIClient, resource: str) -> None:
    told = refused(caller.get(f"/api/v1/{resource}/{UUID(int=0)}/"), 404)
    assert (told["type"], told["detail"]) == ("/problems/not-found", "There is no such record.")


def test_a_fault_is_told_without_its_values(caller: APIClient, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    told = refused(caller.get("/api/broken/"), 500)
    assert "ZeroDivision" not in str(told)
    page = Client(raise_request_exception=False).get("/broken/")
    assert (page.status_code, page["Content-Type"].split(";")[0]) == (500, "text/html")


@pytest.mark.parametrize("address", ["/accounts/login/", "/request/", "/intake/", "/api/v1/patients/"])
@pytest.mark.parametrize("strict", [True, False])
def test_a_form_that_is_not_utf_8(clinic: Any, address: str, strict: bool) -> None:
    client = Client(enforce_csrf_checks=strict, raise_request_exception=False)
    answer = client.post(address, "login=ana", content_type=FORM)
    assert answer.status_code == 400
    if address.startswith("/api/"):
        refused(answer, 400)


LISTS = ["chairs", "patients", "appointments", "orders", "visits", "messages", "staff", "intake-requests", "closures"]


@pytest.mark.parametrize("resource", LISTS)
def test_a_parameter_that_nothing_reads(caller: APIClient, mara: User, api_as: Callable, resource: str) -> None:
    """A misspelt filter is told, and does not quietly answer with everything."""
    client = api_as(mara) if resource in {"orders", "visits"} else caller
    told = refused(client.get(f"/api/v1/{resource}/?page_sise=3"), 400)
    assert told["errors"] == {"page_sise": ["There is no such parameter here."]}
    assert client.get(f"/api/v1/{resource}/").status_code == 200


@pytest.mark.parametrize("size", ["0", "-1", "201", "many", "", "1.5", "³"])
def test_a_page_of_no_possible_size(caller: APIClient, size: str) -> None:
    told = refused(caller.get("/api/v1/chairs/", {"page_size": size}), 400)
    assert list(told["errors"]) == ["page_size"]


def test_an_answer_that_is_neither_yes_nor_no(caller: APIClient) -> None:
    told = refused(caller.get("/api/v1/appointments/?unresolved=maybe"), 400)
    assert told["errors"] == {"unresolved": ["Say true or false."]}
    assert caller.get("/api/v1/appointments/?unresolved=True").status_code == 200


def test_a_parameter_given_twice(caller: APIClient) -> None:
    told = refused(caller.get("/api/v1/chairs/?page_size=3&page_size=4"), 400)
    assert told["errors"] == {"page_size": ["Give it once."]}


def test_a_parameter_of_another_page(caller: APIClient, clinic: Any) -> None:
    """A history goes on by `before`; a list by `cursor`."""
    chair = add_chair(clinic=clinic, name="Chair 1", by=SystemJob.SET_UP)
    address = f"/api/v1/chairs/{chair.pk}/history/"
    assert caller.get(address).status_code == 200
    assert list(refused(caller.get(f"{address}?cursor=1"), 400)["errors"]) == ["cursor"]
    assert list(refused(caller.post("/api/v1/chairs/?dry_run=true"), 400)["errors"]) == ["dry_run"]


def test_a_version_that_a_removal_would_not_read(caller: APIClient, clinic: Any) -> None:
    day = clinic.today(timezone.now()) + timedelta(days=30)
    closed = caller.post("/api/v1/closures/", {"day": day.isoformat(), "reason": "Training"}).json()
    address = f"/api/v1/closures/{closed['id']}/"
    assert list(refused(caller.delete(address, headers={"If-Match": '"1"'}), 400)["errors"]) == ["If-Match"]
    assert caller.delete(address, headers={"If-Match": "*"}).status_code == 200
