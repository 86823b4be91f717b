"""What holds for every page: an ended session loses nothing that was typed, and a button's address is no dead end."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.http import keeping
from patients import intake
from patients.models import IntakeRequest, Source
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
TYPED = {"family_name": "Quill", "given_name": "Ida", "message": "Burning feet, asks for a Tuesday.", "password": "pw"}
NEW = "/intake/new/"
LOST = "Burning feet, asks for a Tuesday."


@pytest.fixture
def ended(page_as, ana) -> Client:
    """Ana's browser: she had the form open, and her session has ended."""
    browser = page_as(ana)
    browser.get(NEW)
    Session.objects.all().delete()
    return browser


def sign_in(browser: Client, username: str, page: str) -> str:
    answer = browser.post("/accounts/login/", {"login": username, "password": PASSWORD, "next": page})
    assert answer.status_code == 302
    return browser.get(answer.headers["Location"]).content.decode()


def test_what_was_typed_is_shown_again_to_the_person_who_typed_it(ended):
    answer = ended.post(NEW, TYPED)
    assert answer.headers["Location"] == f"/accounts/login/?next={NEW}"
    page = sign_in(ended, "ana", NEW)
    assert "You were signed out before this was sent" in page
    assert LOST in page
    assert IntakeRequest.objects.count() == 0


def test_it_is_shown_once(ended):
    ended.post(NEW, TYPED)
    sign_in(ended, "ana", NEW)
    assert LOST not in ended.get(NEW).content.decode()


def test_it_waits_for_its_page(ended):
    ended.post(NEW, TYPED)
    assert LOST not in sign_in(ended, "ana", "/")
    assert LOST in ended.get(NEW).content.decode()


def test_nobody_else_sees_it(ended, vera, ana):
    ended.post(NEW, TYPED)
    assert LOST not in sign_in(ended, "vera", NEW)
    ended.post("/accounts/logout/")
    assert LOST not in sign_in(ended, "ana", NEW)


def test_a_stranger_can_keep_nothing_here(client, ana):
    client.post(NEW, TYPED)
    assert Session.objects.count() == 0
    assert LOST not in sign_in(client, "ana", NEW)


def test_a_cookie_of_ones_own_making_opens_nothing(client, ana):
    client.cookies[keeping.WHOSE] = str(ana.pk)
    client.post(NEW, TYPED)
    assert LOST not in sign_in(client, "ana", NEW)


def test_a_password_is_never_kept_and_nothing_is_in_address_or_cookie(ended):
    answer = ended.post(NEW, TYPED)
    kept = dict(ended.session[keeping.KEPT]["fields"])
    assert set(kept) == {"family_name", "given_name", "message"}
    assert "Quill" not in answer.headers["Location"]
    assert not any("Quill" in cookie.value for cookie in ended.cookies.values())


def test_it_is_not_kept_for_long(ended):
    ended.post(NEW, TYPED)
    session = ended.session
    kept = session[keeping.KEPT]
    kept["at"] = (parse_datetime(kept["at"]) - timedelta(hours=1, seconds=1)).isoformat()
    session[keeping.KEPT] = kept
    session.save()
    assert LOST not in sign_in(ended, "ana", NEW)


def test_a_flood_is_not_kept(ended):
    ended.post(NEW, TYPED | {"message": "x" * (keeping.LONGEST + 1)})
    assert keeping.KEPT not in ended.session


def test_ids_and_versions_are_not_read_out():
    hidden = [("version", ["3"]), ("patient", ["00000000-0000-4000-8000-000000000000"])]
    form = keeping.KeptForm("/", [*hidden, ("why", ["so"])])
    assert form.typed == [("Why", "so")]


@pytest.fixture
def waiting(clinic, ana):
    return intake.receive(
        clinic=clinic, source=Source.PHONE, by=ana, now=timezone.now(), family_name="Quill", mobile="+12135550177"
    )


def test_after_sign_in_a_button_leads_back_to_the_page_it_stood_on(ended, waiting):
    list_of_day = f"{reverse('board')}?view=list"
    url = reverse("intake-take", args=[waiting.pk])
    answer = ended.post(url, headers={"Referer": f"http://testserver{list_of_day}"})
    assert answer.headers["Location"] == f"/accounts/login/?next={list_of_day}".replace("?view=list", "%3Fview%3Dlist")
    assert "This address shows no page" not in sign_in(ended, "ana", list_of_day)


def test_without_a_page_to_go_back_to_it_is_the_thing_itself(ended, waiting):
    url, thing = reverse("intake-take", args=[waiting.pk]), reverse("intake-request", args=[waiting.pk])
    for said in ("", "https://elsewhere.example/intake/"):
        answer = ended.post(url, headers={"Referer": said})
        assert answer.headers["Location"] == f"/accounts/login/?next={thing}"


def test_the_address_of_a_button_says_so_and_leads_to_its_page(page_as, ana, waiting):
    answer = page_as(ana).get(reverse("intake-take", args=[waiting.pk]))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "This address shows no page" in page
    assert f'href="{reverse("intake-request", args=[waiting.pk])}"' in page


def test_who_may_not_press_it_is_told_that_first(page_as, olu, waiting):
    assert page_as(olu).get(reverse("intake-take", args=[waiting.pk])).status_code == 403
