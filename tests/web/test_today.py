"""Home and the patient page: each role finds its own work, and a page costs the same however much there is."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.web.tasks import HEARTBEAT, beat_heart
from infusions import orders
from patients import contact, intake
from patients.models import Source
from patients.register import register
from tests.conftest import PASSWORD
from tests.infusions.ordering import bookable, known_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(clinic, ana):
    def received(name: str, minutes: int = 5):
        return intake.receive(
            clinic=clinic,
            source=Source.PHONE,
            by=ana,
            now=timezone.now() - timedelta(minutes=minutes),
            family_name=name,
            given_name="Ida",
            mobile="+12135550177",
        )

    return received


def shown(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("ana", ["Requests waiting", "Unconfirmed for tomorrow"], ["Candidacy to decide", "My notes unsigned"]),
        ("nils", ["In the clinic now", "My notes unsigned"], ["Requests waiting", "Candidacy to decide"]),
        ("mara", ["Candidacy to decide", "My orders unsigned"], ["Requests waiting"]),
        ("vera", ["No-shows yesterday", "Messages that failed"], ["My notes unsigned"]),
        ("olu", ["Your role reads who changed what"], ["Requests waiting", "My notes unsigned", "finder-input"]),
    ],
)
def test_each_role_has_its_own_home(request, page_as, who, seen, unseen):
    page = shown(page_as(request.getfixturevalue(who)))
    assert [words for words in seen if words not in page] == []
    assert [words for words in unseen if words in page] == []


def test_the_oldest_request_stands_first_with_its_age(page_as, ana, request_of):
    request_of("Young", minutes=5)
    request_of("Elder", minutes=180)
    page = shown(page_as(ana))
    assert page.index("ELDER") < page.index("YOUNG")
    assert "oldest waits 3 h" in page


def test_home_costs_the_same_with_one_request_and_with_three(page_as, ana, request_of):
    client = page_as(ana)
    request_of("One")
    with CaptureQueriesContext(connection) as one:
        shown(client)
    for name in ("Two", "Three"):
        request_of(name)
    with CaptureQueriesContext(connection) as three:
        shown(client)
    assert len(one) == len(three)


def test_the_desk_sees_of_an_order_what_it_needs_to_book(page_as, ana, mara, now, clinic):
    patient = known_patient(clinic, now)
    order = bookable(patient, mara, now)
    page = shown(page_as(ana), f"/patients/{patient.pk}/")
    assert "left to book" in page
    assert str(order.dose_unit) not in page
    assert "Pain, before and after" not in page


def test_an_order_on_hold_is_told_and_no_visit_is_planned_on_it(page_as, ana, mara, now, clinic):
    patient = known_patient(clinic, now)
    order = bookable(patient, mara, now)
    assert "Plan visits" in shown(page_as(ana), f"/patients/{patient.pk}/")
    orders.hold(order_id=order.pk, by=mara, now=now, reason="Ask first.")
    page = shown(page_as(ana), f"/patients/{patient.pk}/")
    assert f'href="/orders/{order.pk}/">Signed order' in page
    assert "On hold" in page
    assert ("Plan visits" in page, "No order in force" in page) == (False, False)


def test_a_clinician_sees_pain_before_and_after(page_as, nils, now, clinic):
    patient = known_patient(clinic, now)
    assert "Pain, before and after" in shown(page_as(nils), f"/patients/{patient.pk}/")


def test_a_channel_that_may_not_be_used_says_why(page_as, ana, now, clinic):
    patient = register(clinic=clinic, by=ana, now=now, family_name="Quill", given_name="Ida", mobile="213 555 0142")
    contact.record_consent(patient=patient, channel="email", granted=True, how="spoken", by=ana, at=now)
    page = shown(page_as(ana), f"/patients/{patient.pk}/")
    assert "No consent to this channel is recorded." in page
    assert "No address for this channel is recorded." in page


def test_the_words_after_sign_in_are_the_clinics(client, ana):
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert "Signed in as Ana Ortiz." in shown(client)


def test_another_clinics_patient_is_not_there(page_as, zoe, now, clinic):
    patient = known_patient(clinic, now)
    assert page_as(zoe).get(f"/patients/{patient.pk}/").status_code == 404


def test_a_title_carries_initials_only(page_as, ana, now, clinic):
    patient = known_patient(clinic, now)
    page = shown(page_as(ana), f"/patients/{patient.pk}/")
    title = page[page.index("<title>") : page.index("</title>")]
    assert patient.family_name not in title
    assert patient.initials in title


def test_a_theme_is_kept_on_the_account(page_as, ana):
    assert page_as(ana).post("/me/theme/", {"theme": "dark"}).status_code == 204
    ana.refresh_from_db()
    assert ana.theme == "dark"
    assert page_as(ana).post("/me/theme/", {"theme": "pink"}).status_code == 400


def test_ready_says_what_is_missing(client):
    cache.delete(HEARTBEAT)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json()["reasons"]) == ["worker"]
    beat_heart()
    assert client.get("/readyz").json() == {"status": "ready", "reasons": {}}


def test_ready_says_that_the_broker_is_gone(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "broker" in answer.json()["reasons"]


def test_the_process_lives(client):
    assert client.get("/healthz").json() == {"status": "alive"}
