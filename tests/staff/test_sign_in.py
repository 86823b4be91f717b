"""Signing in and out, through the pages that people use."""

import pytest
from django.test import Client

from config.audit.acting import SystemJob
from config.staff.accounts import deactivate
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(username: str, password: str = PASSWORD) -> tuple[Client, int]:
    client = Client()
    answer = client.post("/accounts/login/?next=/accounts/logout/", {"login": username, "password": password})
    return client, answer.status_code


def test_in_with_the_name_in_any_letter_case(ana):
    client, status = sign_in("ANA")
    assert status == 302
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_not_with_a_wrong_password(ana):
    client, status = sign_in("ana", "wrong horse battery")
    assert status == 200
    assert "_auth_user_id" not in client.session


def test_not_when_deactivated(ana):
    deactivate(person=ana, by=SystemJob.SET_UP, reason="left")
    client, _ = sign_in("ana")
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client):
    answer = client.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD})
    assert answer.status_code == 404
    from config.staff.models import User

    assert not User.objects.filter(username="eve").exists()


def test_out_by_post_alone(ana):
    client, _ = sign_in("ana")
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_a_session_lives_in_the_database(ana):
    from django.contrib.sessions.models import Session

    sign_in("ana")
    assert Session.objects.count() == 1


def test_pages_are_not_kept_by_the_browser_and_name_no_other_host(ana):
    answer = sign_in("ana")[0].get("/accounts/password/change/")
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
