"""One person asks twice, by phone and by the form: the desk is shown, says so with one press, and can take it back."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotFound, Stale
from patients import asked_twice, intake
from patients.duplicates import alike_requests
from patients.models import IntakeRequest
from patients.register import register

pytestmark = pytest.mark.django_db
BORN = date(1978, 3, 14)
ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}


@pytest.fixture
def asks(clinic, ana, now):
    def ask(source="phone", minutes=0, **person):
        return intake.receive(
            clinic=clinic, source=source, by=ana, now=now + timedelta(minutes=minutes), **(person or ADA)
        )

    return ask


@pytest.fixture
def first(asks):
    return asks()


@pytest.fixture
def second(clinic, first, now):
    typed = ADA | {"given_name": "A.", "email": "ada@example.com"}
    return intake.receive_form(clinic=clinic, submission=uuid4(), now=now + timedelta(hours=2), **typed)


def closed_as(one, other, by, **more):
    asked_twice.same_as(request_id=one.pk, other_id=other.pk, by=by, **more)
    one.refresh_from_db()
    return one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADA, {"given_name": "Rosa", "mobile": "(213) 555-0142"}),
        ({"given_name": "Ada", "email": "ADA@example.com"}, {"given_name": "Rosa", "email": "ada@example.com"}),
        (
            {"given_name": "José", "family_name": "Smith-Jones", "birth_date": BORN, "email": "a@example.com"},
            {"given_name": "Rosa", "family_name": "Jones", "birth_date": BORN, "email": "b@example.com"},
        ),
        (
            {"given_name": "José", "family_name": "Páez", "birth_date": BORN, "email": "a@example.com"},
            {"family_name": "JOSE", "birth_date": BORN, "email": "b@example.com"},
        ),
    ],
)
def test_who_asks_again_is_pointed_out_on_both(asks, one, other):
    one, other = asks(**one), asks(**other)
    assert (alike_requests(one), alike_requests(other)) == ([other], [one])


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Ada", "family_name": "Okafor", "mobile": "213 555 0199"},
        {"given_name": "Rosa", "family_name": "Lind", "birth_date": BORN, "mobile": "213 555 0199"},
        {"given_name": "Ada", "birth_date": date(1991, 7, 2), "email": "other@example.com"},
    ],
)
def test_who_is_somebody_else_is_not(asks, other):
    asks(**other)
    assert alike_requests(asks(**ADA, birth_date=BORN)) == []


def test_only_open_ones_of_the_clinic_and_never_anothers(asks, first, ana, clinic, other_clinic, zoe, now):
    closed = asks()
    intake.move_request(request_id=closed.pk, to="closed", by=ana, reason="spam")
    intake.receive(clinic=other_clinic, source="phone", by=zoe, now=now, **ADA)
    assert alike_requests(first) == []
    sister, her = asks(), register(clinic=clinic, by=ana, now=now, **ADA | {"given_name": "Rosa"})
    intake.link(request_id=sister.pk, patient_id=her.pk, by=ana)
    assert alike_requests(first) == [sister]
    intake.register_from(request_id=first.pk, by=ana, now=now)
    first.refresh_from_db()
    assert alike_requests(first) == [], "each is known to be another patient's"


def test_the_second_is_closed_leads_to_the_first_and_comes_back_whole(ana, first, second):
    closed_as(second, first, ana)
    assert (second.status, second.duplicate_of) == ("closed", first)
    assert second.closed_reason == "Same as the phone request of Mon 23 Nov 2026, 12:00."
    assert alike_requests(first) == []
    intake.move_request(request_id=second.pk, to="new", by=ana)
    second.refresh_from_db()
    assert (second.status, second.duplicate_of, second.closed_reason) == ("new", None, "")


def test_what_was_the_same_as_the_second_is_the_same_as_the_first(ana, asks, first, second):
    third = asks()
    closed_as(third, second, ana)
    closed_as(second, first, ana)
    third.refresh_from_db()
    assert third.duplicate_of == first


def test_what_cannot_be_the_same(ana, zoe, other_clinic, now, asks, first, second):
    with pytest.raises(Invalid, match="itself"):
        closed_as(first, first, ana)
    foreign = intake.receive(clinic=other_clinic, source="phone", by=zoe, now=now, **ADA)
    for unknown in (foreign.pk, uuid4()):
        with pytest.raises(NotFound):
            asked_twice.same_as(request_id=first.pk, other_id=unknown, by=ana)
    with pytest.raises(Stale):
        closed_as(second, first, ana, version=9)
    closed_as(second, first, ana)
    for one, other in ((second, first), (first, second)):
        with pytest.raises(Clash, match="closed"):
            closed_as(one, other, ana)


def test_of_two_patients_or_away_from_the_one_that_has_its_patient_it_is_not(ana, clinic, now, asks, first, second):
    intake.register_from(request_id=first.pk, by=ana, now=now)
    with pytest.raises(Clash, match="other way round"):
        closed_as(first, second, ana)
    sister = register(clinic=clinic, by=ana, now=now, **ADA | {"given_name": "Rosa"})
    third = asks()
    intake.link(request_id=third.pk, patient_id=sister.pk, by=ana)
    with pytest.raises(Clash, match="two patients"):
        closed_as(third, first, ana)
    assert closed_as(second, first, ana).duplicate_of == first


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_both_closes_with_one_press_and_takes_it_back(page_as, ana, nils, first, second):
    client, at = page_as(ana), f"/intake/{second.pk}/"
    page = text_of(client, at)
    assert "Has this person asked already?" in page
    assert f'action="{at}same-as/"' in page
    assert "same-as" not in text_of(page_as(nils), at), "a nurse may look"
    answer = client.post(f"{at}same-as/", {"other": first.pk})
    assert answer.url == f"/intake/{first.pk}/?ended={second.pk}&was=new"
    page = text_of(client, answer.url)
    assert "They asked more than once" in page
    assert f'href="{at}"' in page
    ended = text_of(client, at)
    assert "Same as the phone request of" in ended
    assert f'href="/intake/{first.pk}/"' in ended
    way_back = re.search(r'action="(/intake/[^"]+/move/\?to=new)"', page)[1]
    client.post(way_back)
    assert "They asked more than once" not in text_of(client, f"/intake/{first.pk}/")
    second.refresh_from_db()
    assert second.is_open


def test_the_page_says_what_stands_in_the_way(page_as, ana, first, second):
    client = page_as(ana)
    intake.move_request(request_id=first.pk, to="closed", by=ana, reason="not for us")
    answer = client.post(f"/intake/{second.pk}/same-as/", {"other": first.pk})
    assert answer.status_code == 409
    assert "is closed" in answer.content.decode()
    assert client.post(f"/intake/{second.pk}/same-as/", {"other": "x"}).status_code == 404


def test_by_api(api_as, ana, nils, clinic, zoe, now, first, second):
    desk, at = api_as(ana), f"/api/v1/intake-requests/{second.pk}/"
    patient = register(clinic=clinic, by=ana, now=now, **ADA)
    alike = desk.get(f"{at}possible-duplicates/").json()
    assert [[row["id"] for row in alike[kind]] for kind in ("patients", "requests")] == [
        [str(patient.pk)],
        [str(first.pk)],
    ]
    assert api_as(zoe).get(f"{at}possible-duplicates/").status_code == 404
    assert api_as(nils).post(f"{at}same-as/", {"request": str(first.pk)}).status_code == 403
    assert desk.post(f"{at}same-as/", {"request": str(uuid4())}).json()["errors"] == {
        "request": ["There is no such record."]
    }
    stale = desk.post(f"{at}same-as/", {"request": str(first.pk)}, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/stale-version")
    ended = desk.post(f"{at}same-as/", {"request": str(first.pk), "version": 1}).json()
    assert (ended["status"], ended["duplicate_of"]) == ("closed", str(first.pk))
    listed = desk.get("/api/v1/intake-requests/", {"duplicate_of": str(first.pk)}).json()["results"]
    assert [row["id"] for row in listed] == [str(second.pk)]
    back = desk.patch(at, {"status": "new"}).json()
    assert (back["status"], back["duplicate_of"]) == ("new", None)


BAD_ROWS = {
    "request_duplicate_is_closed": lambda one, other: {"duplicate_of": other},
    "request_not_duplicate_of_itself": lambda one, other: {
        "duplicate_of": one,
        "status": "closed",
        "closed_reason": "Same.",
    },
    "request_received_by_somebody": lambda one, other: {"received_by": None},
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_the_database_says_no_behind_the_door(ana, first, second, name):
    with pytest.raises(IntegrityError, match=name), recorded(by=ana):
        IntakeRequest.objects.filter(pk=first.pk).update(**BAD_ROWS[name](first, second))


def test_a_request_says_who_took_it_down(page_as, api_as, ana, vera, first, second):
    assert (first.received_by, first.received_job) == (ana, "")
    assert (second.received_by, second.received_job) == (None, SystemJob.WEB_FORM)
    intake.take(request_id=first.pk, by=vera)
    assert "<dd>Ana Ortiz</dd>" in text_of(page_as(vera), f"/intake/{first.pk}/")
    assert "<dd>the web form</dd>" in text_of(page_as(vera), f"/intake/{second.pk}/")
    rows = api_as(vera).get("/api/v1/intake-requests/").json()["results"]
    assert [row["received_by"] for row in rows] == ["the web form", "Ana Ortiz"]
