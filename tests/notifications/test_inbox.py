"""The inbox and the switch, as pages and as API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.inbound import receive
from notifications.models import InboundText, SendingSwitch
from patients.contact import may_reach
from tests.notifications.story import send_texts

pytestmark = pytest.mark.django_db
ROSAS = "+12135550142"
INBOX = "/messages/replies/"
API = "/api/v1/text-replies/"


@pytest.fixture
def unclear(friday, thursday) -> InboundText:
    send_texts(thursday)
    return receive(provider_id="SM1", number=ROSAS, text="could I <b>come</b> at ten?", now=thursday)[0]


@pytest.fixture
def stopped(unclear, thursday) -> InboundText:
    return receive(provider_id="SM2", number=ROSAS, text="STOP", now=thursday)[0]


def test_the_inbox_shows_what_has_to_be_read_and_all_if_asked(unclear, stopped, ana, page_as):
    client = page_as(ana)
    waiting, everything = (client.get(INBOX, query).content.decode() for query in ({}, {"show": "all"}))
    assert ("could I &lt;b&gt;come&lt;/b&gt; at ten?" in waiting, "Opted out of texts" in waiting) == (True, False)
    assert "Opted out of texts" in everything
    assert "IMBERT, Rosa" in waiting


def test_the_messages_lead_to_it_and_count_what_waits(unclear, ana, page_as):
    page = page_as(ana).get("/messages/").content.decode()
    assert INBOX in page
    assert "Answers" in page


def test_the_desks_home_counts_it_and_has_its_task(unclear, ana, page_as):
    assert "Answers to read" in page_as(ana).get("/").content.decode()
    assert "Read an answer to a text message" in page_as(ana).get(reverse("tasks")).content.decode()


def test_an_answer_has_its_page(unclear, friday, ana, page_as):
    page = page_as(ana).get(reverse("reply", args=[unclear.pk])).content.decode()
    assert "RI, answer" in page
    assert "Exactly as it came" in page
    assert reverse("appointment", args=[friday.pk]) in page
    assert reverse("patient-consents", args=[friday.patient_id]) in page
    assert "Imbert" not in page.partition("</title>")[0]


def test_reading_it(unclear, ana, page_as):
    client, address = page_as(ana), reverse("reply-read", args=[unclear.pk])
    empty = client.post(address, {"note": ""})
    assert (empty.status_code, "Say what came of it." in empty.content.decode()) == (422, True)
    assert client.post(address, {"note": "Moved to ten"}).status_code == 302
    unclear.refresh_from_db()
    assert (unclear.read_by, unclear.read_note) == (ana, "Moved to ten")
    assert client.post(address, {"note": "Again"}).status_code == 409
    assert "Moved to ten" in client.get(INBOX, {"show": "all"}).content.decode()


def test_reading_an_opt_out_out_of_it(unclear, ana, page_as):
    page_as(ana).post(reverse("reply-read", args=[unclear.pk]), {"opt_out": "on"})
    assert may_reach(patient_id=unclear.patient_id, channel="sms") == "This number has opted out of text messages."


def test_its_history_tells_who_read_it(unclear, ana, page_as):
    page_as(ana).post(reverse("reply-read", args=[unclear.pk]), {"note": "Moved to ten"})
    page = page_as(ana).get(reverse("reply-history", args=[unclear.pk])).content.decode()
    assert "Moved to ten" in page


def test_nurses_read_the_inbox_and_only_the_desk_deals_with_it(unclear, nils, page_as):
    client = page_as(nils)
    assert client.get(INBOX).status_code == 200
    assert "It is dealt with" not in client.get(reverse("reply", args=[unclear.pk])).content.decode()
    assert client.post(reverse("reply-read", args=[unclear.pk]), {"note": "x"}).status_code == 403


def test_an_answer_of_nobody_we_know_has_its_page_too(harbour, ana, page_as, now):
    said, _ = receive(provider_id="SM9", number="+12135550177", text="hello?", now=now)
    page = page_as(ana).get(reverse("reply", args=[said.pk])).content.decode()
    assert "nobody we know for sure" in page
    assert page_as(ana).get(reverse("reply-history", args=[said.pk])).status_code == 200


@pytest.mark.parametrize("many", [1, 4])
def test_the_inbox_asks_no_more_however_many_there_are(unclear, thursday, ana, page_as, many):
    for number in range(many):
        receive(provider_id=f"more-{number}", number=ROSAS, text="hm?", now=thursday)
    client = page_as(ana)
    client.get(INBOX)
    with CaptureQueriesContext(connection) as found:
        client.get(INBOX)
    assert len(found) <= 16


# --- API ---


def test_the_api_lists_and_reads_them(unclear, stopped, ana, api_as):
    api = api_as(ana)
    assert [row["meant"] for row in api.get(API, {"meant": "stop"}).data["results"]] == ["stop"]
    assert len(api.get(API, {"needs_reading": "true"}).data["results"]) == 1
    done = api.post(f"{API}{unclear.pk}/read/", {"note": "Called her"})
    assert (done.status_code, done.data["read_by"], done.data["read_note"]) == (200, ana.pk, "Called her")
    assert api.post(f"{API}{unclear.pk}/read/", {"note": "Called her"}).status_code == 409
    assert api.post(f"{API}{stopped.pk}/read/", {"note": "x"}).status_code == 409


def test_the_api_wants_a_word(unclear, ana, api_as):
    assert api_as(ana).post(f"{API}{unclear.pk}/read/", {}).status_code == 400


# --- the switch ---


def test_a_manager_switches_sending_off_and_on(friday, vera, ana, page_as):
    client = page_as(vera)
    assert client.post("/messages/sending/off/", {"reason": ""}).status_code == 422
    assert client.post("/messages/sending/off/", {"reason": "Wrong texts"}).status_code == 302
    assert SendingSwitch.objects.get().on is False
    for person in (vera, ana):
        page = page_as(person).get("/messages/").content.decode()
        assert "Nothing goes out." in page
        assert "Wrong texts" in page
    assert "Let messages go out again" not in page_as(ana).get("/messages/").content.decode()
    assert page_as(ana).post("/messages/sending/on/").status_code == 403
    assert client.post("/messages/sending/on/").status_code == 302
    assert "Nothing goes out." not in client.get("/messages/").content.decode()
