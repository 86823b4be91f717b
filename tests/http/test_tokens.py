"""An API token ends by itself."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from config.staff.models import User

pytestmark = pytest.mark.django_db


def status(token: str) -> int:
    return int(Client().get("/api/v1/chairs/", headers={"Authorization": f"Token {token}"}).status_code)


def test_a_token_is_valid_for_its_days_and_no_longer(ana: User) -> None:
    made, token = AuthToken.objects.create(ana)
    assert timedelta(days=89) < made.expiry - timezone.now() <= timedelta(days=90)
    assert status(token) == 200
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert status(token) == 401
