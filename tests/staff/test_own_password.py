"""A person's own new password, and the pages about accounts that are not offered."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from knox.models import AuthToken

from config.audit.acting import SystemJob
from config.staff.accounts import change_password, deactivate
from config.staff.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "staple battery horse"
CHANGE = "/accounts/password/change/"


def signed_in(person: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.username, "password": password})
    return client


def is_in(client: Client) -> bool:
    return bool(client.get("/").status_code == 200)


def change(client: Client, old: str = PASSWORD, new: str = NEW) -> Any:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_it_is_changed_and_kept_in_history_without_its_hash(ana: User) -> None:
    before = ana.version
    answer = change(signed_in(ana))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    newest = ana.history.first()
    assert (newest.history_user, newest.history_change_reason) == (ana, "password changed")
    assert newest.version == before + 1
    assert not hasattr(newest, "password")
    assert is_in(signed_in(ana, NEW))
    assert not is_in(signed_in(ana))


def test_it_ends_what_was_opened_with_the_old_one(ana: User) -> None:
    here, elsewhere = signed_in(ana), signed_in(ana)
    _, token = AuthToken.objects.create(user=ana)
    change(here)
    assert is_in(here)
    assert not is_in(elsewhere)
    assert Client().get("/api/v1/chairs/", headers={"Authorization": f"Token {token}"}).status_code == 401


@pytest.mark.parametrize(("old", "new"), [("wrong horse battery", NEW), (PASSWORD, "short"), (PASSWORD, "")])
def test_a_wrong_or_weak_one_changes_nothing_and_says_so(ana: User, old: str, new: str) -> None:
    answer = change(signed_in(ana), old, new)
    assert answer.status_code == 200
    assert "That did not work" in answer.content.decode()
    assert is_in(signed_in(ana))


def test_somebody_deactivated_meanwhile_stays_so(ana: User) -> None:
    meanwhile = User.objects.get(pk=ana.pk)
    deactivate(person=meanwhile, by=SystemJob.SET_UP, reason="left")
    with pytest.raises(DatabaseError), transaction.atomic():
        change_password(person=ana, password=NEW)
    assert not User.objects.get(pk=ana.pk).is_active


@pytest.mark.parametrize(
    "page", ["signup/", "email/", "confirm-email/", "password/reset/", "password/set/", "login/code/confirm/"]
)
def test_pages_that_would_send_mail_or_open_accounts_are_not_there(ana: User, page: str) -> None:
    form = {"email": "ana@example.test", "username": "eve", "password1": NEW, "action_add": ""}
    for client in (Client(), signed_in(ana)):
        assert client.get(f"/accounts/{page}").status_code == 404
        assert client.post(f"/accounts/{page}", form).status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize("page", ["reauthenticate/", "password/change/", "2fa/", "sessions/"])
def test_pages_about_oneself_open(ana: User, page: str) -> None:
    assert signed_in(ana).get(f"/accounts/{page}").status_code == 200
    assert Client().get(f"/accounts/{page}").status_code == 302


def test_the_demo_s_mail_lands_in_its_outbox(tmp_path: Path) -> None:
    from config.settings import demo  # noqa: TID251  (the demo's own values are what is tested)

    post = mail.get_connection(demo.EMAIL_BACKEND, file_path=tmp_path)
    mail.send_mail("Hello", "A test.", "desk@example.test", ["ana@example.test"], connection=post)
    assert "A test." in next(tmp_path.iterdir()).read_text()
    assert demo.EMAIL_FILE_PATH.is_relative_to(demo.OUTBOX_DIR)
