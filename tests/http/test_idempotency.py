"""A key of the sender's: once done, told again; nothing secret kept, and nothing for longer than a day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from config.http.models import IdempotentAnswer
from config.http.tasks import forget_answers
from config.staff.models import User
from patients.models import Patient
from tests.conftest import PASSWORD
from tests.infusions.ordering import accepted, drafted, known_patient

pytestmark = pytest.mark.django_db
ALL = "/api/v1/patients/"
IDA = {"family_name": "Quill", "given_name": "Ida", "birth_date": "1980-02-03", "mobile": "+12135550199"}


def send(client: Any, key: str, url: str = ALL, **body: Any) -> Any:
    return client.post(url, body or IDA, headers={"Idempotency-Key": key})


def test_the_same_answer_again_tag_and_all(ana: User, api_as: Callable) -> None:
    first, again = (send(api_as(ana), "one") for _ in range(2))
    assert (first.status_code, first.json(), first["ETag"]) == (again.status_code, again.json(), again["ETag"])
    assert again["Idempotent-Replay"] == "true"
    assert Patient.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "k" * 201])
def test_a_key_of_no_use_is_refused(ana: User, api_as: Callable, key: str) -> None:
    answer = send(api_as(ana), key)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    assert not Patient.objects.exists()


def test_the_longest_keys_are_told_apart(ana: User, api_as: Callable) -> None:
    assert send(api_as(ana), "k" * 199 + "a").status_code == 201
    other = send(api_as(ana), "k" * 199 + "b", **{**IDA, "given_name": "Una", "mobile": ""})
    assert other.status_code == 201


def fingerprint(client: Any, key: str, **body: Any) -> str:
    send(client, key, **body)
    return str(IdempotentAnswer.objects.get(key=key).request_hash)


def test_what_is_kept_of_a_body_is_keyed(ana: User, api_as: Callable) -> None:
    """The same body under another key of the installation leaves another fingerprint: a copy cannot be guessed at."""
    plain = fingerprint(api_as(ana), "one")
    assert send(api_as(ana), "one").status_code == 201
    with override_settings(SECRET_KEY="another"):
        assert send(api_as(ana), "one").status_code == 422
    assert len(plain) == 64


def test_a_password_leaves_nothing_in_it(clinic: Any, mara: User, now: datetime, api_as: Callable) -> None:
    patient = known_patient(clinic, now)
    accepted(patient, mara, now)
    order = drafted(patient, mara, now)
    url = f"/api/v1/orders/{order.pk}/sign/"
    first = send(api_as(mara), "sign", url, password=PASSWORD, version=order.version)
    again = send(api_as(mara), "sign", url, password="another word", version=order.version)
    assert (first.status_code, again.status_code, again["Idempotent-Replay"]) == (200, 200, "true")
    assert send(api_as(mara), "sign", url, password=PASSWORD, version=99).status_code == 422


def aged(by: timedelta) -> None:
    IdempotentAnswer.objects.update(at=timezone.now() - by)


def test_after_a_day_it_is_forgotten(ana: User, api_as: Callable) -> None:
    send(api_as(ana), "one")
    aged(timedelta(hours=23))
    assert forget_answers() == 0
    aged(timedelta(hours=25))
    assert forget_answers() == 1
    assert not IdempotentAnswer.objects.exists()


def test_a_key_may_be_used_again_after_a_day(ana: User, api_as: Callable) -> None:
    send(api_as(ana), "one")
    aged(timedelta(hours=25))
    answer = send(api_as(ana), "one", **{**IDA, "given_name": "Una", "mobile": ""})
    assert (answer.status_code, "Idempotent-Replay" in answer) == (201, False)
