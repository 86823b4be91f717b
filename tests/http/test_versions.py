"""`If-Match`: the version that the sender read."""

from collections.abc import Callable
from typing import Any

import pytest

from config.staff.models import User
from scheduling.places import add_chair

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(clinic: Any, vera: User, api_as: Callable) -> Callable:
    chair = add_chair(clinic=clinic, name="Chair 1", by=vera)

    def sent(tag: str | None, **body: Any) -> Any:
        headers = {} if tag is None else {"If-Match": tag}
        return api_as(vera).patch(f"/api/v1/chairs/{chair.pk}/", {"name": "Window", **body}, headers=headers)

    return sent


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', "1", "*", None])
def test_the_version_that_was_read_or_any(change: Callable, tag: str | None) -> None:
    assert change(tag).status_code == 200


@pytest.mark.parametrize("tag", ['"2"', 'W/"777"'])
def test_another_is_stale(change: Callable, tag: str) -> None:
    assert (change(tag).status_code, change(tag).json()["type"]) == (409, "/problems/stale-version")


@pytest.mark.parametrize("tag", ["", '""', '"', "one", '"1', '"1", "2"', "W/", "-1", "9" * 5000, "\xb2"])
def test_what_names_no_version_is_refused(change: Callable, tag: str) -> None:
    answer = change(tag)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["If-Match"])


def test_any_version_leaves_the_body_s_word(change: Callable) -> None:
    assert change("*", version=7).status_code == 409
