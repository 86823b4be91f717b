"""Pages of the API: every row once, and an address that tells nothing about anybody."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

import pytest

from config.staff.models import User
from tests.infusions.ordering import known_patient

pytestmark = pytest.mark.django_db
FAMILIES = ["Abel", "Quill", "Quill", "Quill", "Zorn"]


@pytest.fixture
def patients(clinic: Any, now: datetime) -> list[str]:
    return [known_patient(clinic, now, family).family_name for family in FAMILIES]


def walked(client: Any, link: str | None, side: str) -> tuple[list[list[str]], list[str]]:
    """The family names page by page, and the addresses that led there."""
    pages, links = [], []
    while link:
        links.append(link)
        answer = client.get(link).json()
        pages.append([row["id"] for row in answer["results"]])
        link = answer[side]
    return pages, links


def test_every_row_once_there_and_back(patients: list[str], ana: User, api_as: Callable) -> None:
    client = api_as(ana)
    everyone = [row["id"] for row in client.get("/api/v1/patients/").json()["results"]]
    there, links = walked(client, "/api/v1/patients/?page_size=2", "next")
    assert there == [everyone[:2], everyone[2:4], everyone[4:]]
    back, _ = walked(client, client.get(links[-1]).json()["previous"], "previous")
    assert back == [everyone[2:4], everyone[:2]]


def test_an_address_names_nobody(patients: list[str], ana: User, api_as: Callable) -> None:
    _, links = walked(api_as(ana), "/api/v1/patients/?page_size=1", "next")
    assert len(links) == len(FAMILIES)
    for link in links:
        for name in set(FAMILIES):
            assert name not in told_by(link)


def told_by(link: str) -> str:
    """What can be read in the address, plain or in base64."""
    found = [unquote(link)]
    for value in parse_qs(urlparse(link).query).get("cursor", []):
        with suppress(ValueError):
            found.append(b64decode(value + "=" * (-len(value) % 4)).decode("latin-1"))
    return " ".join(found)


def test_a_row_that_changes_between_two_pages_still_leads_on(
    ana: User, clinic: Any, now: Any, api_as: Callable
) -> None:
    for family in FAMILIES:
        known_patient(clinic, now, family)
    first = api_as(ana).get("/api/v1/patients/?page_size=3").json()
    assert len(api_as(ana).get(first["next"]).json()["results"]) == 2


NOWHERE = [
    "",
    "abc",
    "%00",
    "a%00",
    "a" + "0" * 32,
    "c" + "0" * 32,
    b64encode(b"p=abc").decode(),
    b64encode(b"p=%00").decode(),
    b64encode(b"o=99999999999999").decode(),
]


@pytest.mark.parametrize("cursor", NOWHERE)
@pytest.mark.parametrize("resource", ["chairs", "staff", "patients", "appointments"])
def test_a_cursor_that_leads_nowhere_is_not_found(vera: User, api_as: Callable, resource: str, cursor: str) -> None:
    answer = api_as(vera).get(f"/api/v1/{resource}/?cursor={cursor}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_another_clinic_s_row_leads_nowhere(ana: User, other_clinic: Any, now: datetime, api_as: Callable) -> None:
    theirs = known_patient(other_clinic, now)
    assert api_as(ana).get(f"/api/v1/patients/?cursor=a{theirs.pk.hex}").status_code == 404
