"""What the desk was typing survives the tab, is offered and never filled in by itself, and ends when it is saved."""

import re

import pytest

from patients import intake
from patients.models import IntakeRequest

pytestmark = pytest.mark.django_db
TYPED = {"source": "phone", "family_name": "Osei", "given_name": "Kofi", "mobile": "213 555 01", "birth_date": "soon"}
JSON = {"Accept": "application/json"}


def page(client, address="/intake/new/"):
    return client.get(address).content.decode()


def key_of(text):
    return re.search(r'name="draft" value="([^"]+)"', text)[1]


@pytest.fixture
def desk(page_as, ana):
    return page_as(ana)


@pytest.fixture
def asked(clinic, ana, now):
    return intake.receive(clinic=clinic, source="phone", by=ana, now=now, family_name="Abe", mobile="+12135550142")


def test_it_is_kept_as_typed_offered_and_brought_back(desk):
    key = key_of(page(desk))
    answer = desk.post("/intake/new/", TYPED | {"draft": key}, headers=JSON)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer.json()["saved_at"])
    fresh = page(desk)
    assert "a request of KO, typed at" in fresh
    assert 'value="Osei"' not in fresh, "the next caller is somebody else"
    back = page(desk, f"/intake/new/?draft={key}")
    assert 'value="Osei"' in back
    assert 'value="soon"' in back
    assert key_of(back) == key
    assert not IntakeRequest.objects.exists()


def test_saving_ends_it_even_when_the_autosave_comes_last(desk):
    key = key_of(page(desk))
    desk.post("/intake/new/", TYPED | {"draft": key}, headers=JSON)
    whole = TYPED | {"draft": key, "mobile": "213 555 0191", "birth_date": ""}
    assert desk.post("/intake/new/", whole).status_code == 302
    assert desk.post("/intake/new/", whole, headers=JSON).status_code == 200
    assert "Not saved:" not in page(desk)
    assert IntakeRequest.objects.count() == 1


def test_an_error_keeps_the_draft_and_the_key(desk):
    key = key_of(page(desk))
    answer = desk.post("/intake/new/", TYPED | {"draft": key})
    assert answer.status_code == 422
    assert key_of(answer.content.decode()) == key


def test_it_can_be_thrown_away_and_old_ones_make_room(desk):
    keys = [key_of(page(desk)) for _ in range(7)]
    for key in keys:
        desk.post("/intake/new/", TYPED | {"draft": key}, headers=JSON)
    assert page(desk).count("Go on with it") == 5
    desk.post("/intake/new/", {"forget": keys[-1]})
    assert page(desk).count("Go on with it") == 4


def test_two_people_do_not_see_each_others(desk, page_as, vera):
    desk.post("/intake/new/", TYPED | {"draft": key_of(page(desk))}, headers=JSON)
    assert "Go on with it" not in page(page_as(vera))


@pytest.mark.parametrize("wrong", [{"draft": "../x"}, {"message": "m" * 20_001}])
def test_what_is_no_draft_is_not_kept(desk, wrong):
    answer = desk.post("/intake/new/", TYPED | {"draft": key_of(page(desk))} | wrong, headers=JSON)
    assert answer.status_code == 422
    assert "Go on with it" not in page(desk)


def test_a_change_of_a_request_is_offered_again_too(desk, asked):
    at = f"/intake/{asked.pk}/edit/"
    typed = {"family_name": "Abe", "mobile": "+12135550142", "message": "Burning", "version": asked.version}
    assert desk.post(at, typed, headers=JSON).status_code == 200
    offer = page(desk, at)
    assert "Bring it back" in offer
    assert "Burning" not in offer
    assert "Burning" in page(desk, f"{at}?draft")
    asked.refresh_from_db()
    assert asked.message == "", "nothing is saved before somebody presses Save"
    assert "Go on with it" not in page(desk), "it is not a new request"
    assert desk.post(at, typed).status_code == 302
    assert "Bring it back" not in page(desk, at)
    late = desk.post(at, typed, headers=JSON)
    assert late.status_code == 409
    assert "Press Save to see both" in late.json()["detail"]
    assert "Bring it back" not in page(desk, at)


def test_a_draft_over_an_older_version_meets_the_newer_one(desk, asked, vera, now):
    at = f"/intake/{asked.pk}/edit/"
    typed = {"family_name": "Abe", "mobile": "+12135550142", "message": "Burning", "version": asked.version}
    desk.post(at, typed, headers=JSON)
    intake.amend(request_id=asked.pk, by=vera, now=now, message="Stabbing")
    assert f'name="version" value="{asked.version}"' in page(desk, f"{at}?draft")
    answer = desk.post(at, typed)
    assert answer.status_code == 409
    assert "Stabbing" in answer.content.decode()
    assert "Burning" in answer.content.decode()


def test_the_queue_counts_what_changed_since_it_was_drawn(desk, asked, clinic, vera, zoe, other_clinic, now):
    seen = desk.get("/intake/").context["seen"]
    assert desk.get(f"/intake/changes/?seen={seen}").content.strip() == b""
    intake.take(request_id=asked.pk, by=vera)
    intake.receive(clinic=clinic, source="text", by=vera, now=now, family_name="Ek", mobile="+12135550143")
    intake.receive(clinic=other_clinic, source="text", by=zoe, now=now, family_name="Ek", mobile="+12135550143")
    assert "2 changes" in desk.get(f"/intake/changes/?seen={seen}").content.decode()
