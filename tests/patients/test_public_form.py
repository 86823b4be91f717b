"""The public form: no script, no account, no second request by mistake, no bots, no data in addresses."""

import re
import uuid
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from patients.models import ContactConsent, IntakeRequest
from patients.register import register
from patients.web.request_form import ticket

TYPED = {
    "given_name": "Zoë",
    "family_name": "Páez",
    "birth_date_month": "3",
    "birth_date_day": "14",
    "birth_date_year": "1978",
    "mobile": "(213) 555-0144",
    "email": "zoë.páez@example.com",
    "preferred_contact": "phone",
    "preferred_times": "weekday mornings",
    "message": "My doctor said to ask you.",
    "send": "",
}


@pytest.fixture
def visitor():
    """A browser of its own address, so that the limit counts it alone."""
    return Client(REMOTE_ADDR=f"2001:db8::{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}")


def opened(visitor, address="/request/", seconds=30):
    """The form as it was handed out some seconds ago: its hidden ticket."""
    with time_machine.travel(timezone.now().timestamp() - seconds, tick=False):
        page = visitor.get(address)
    return {"ticket": re.search(r'name="ticket" value="([^"]+)"', page.content.decode())[1]}


def test_a_request_arrives_and_the_address_says_nothing(clinic, visitor):
    sent = visitor.post("/request/", TYPED | opened(visitor))
    made = IntakeRequest.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/request/sent/{made.submission}/")
    assert (made.source, made.full_name, str(made.birth_date)) == ("web-form", "Zoë Páez", "1978-03-14")
    assert (made.email, made.mobile.as_e164) == ("zoë.páez@example.com", "+12135550144")
    assert made.history.get().actor == "job:web-form"
    thanks = visitor.get(sent["Location"]).content.decode()
    assert made.reference in thanks
    assert clinic.phone.as_national in thanks
    assert "Páez" not in thanks


def test_the_page_needs_no_script_and_no_box_is_ticked(clinic, visitor):
    page = visitor.get("/request/").content.decode()
    assert "<script" not in page
    assert "checked" not in page
    assert page.count("<legend") + page.count('<label class="p-choice"') > 0


def test_sent_twice_is_one_request(clinic, visitor):
    hidden = opened(visitor)
    answers = [visitor.post("/request/", TYPED | hidden) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert IntakeRequest.objects.count() == 1
    again = visitor.post("/request/", TYPED | opened(visitor))
    assert again["Location"] == answers[0]["Location"], "back, and sent from a fresh page"
    another = visitor.post("/request/", TYPED | opened(visitor) | {"given_name": "Leo"})
    assert another["Location"] != answers[0]["Location"]


def test_a_form_that_came_back_may_be_sent_at_once(clinic, visitor):
    page = visitor.post("/request/", TYPED | opened(visitor, seconds=2 * 24 * 3600)).content.decode()
    assert "Ticket" not in page
    fresh = re.search(r'name="ticket" value="([^"]+)"', page)[1]
    assert visitor.post("/request/", TYPED | {"ticket": fresh}).status_code == 302


def test_a_quick_send_keeps_its_ticket_and_is_spoken_to_in_words(clinic, visitor):
    hidden = opened(visitor, seconds=1)
    page = visitor.post("/request/", TYPED | hidden).content.decode()
    assert "That was very quick" in page
    assert "Ticket" not in page
    assert hidden["ticket"] in page


def test_everything_that_is_wrong_is_said_at_once_in_words(clinic, visitor):
    wrong = {"birth_date_year": "2033", "mobile": "12", "given_name": "", "message": "x" * 1001, "email": "a b"}
    page = visitor.post("/request/", TYPED | opened(visitor) | wrong).content.decode()
    for field in ("birth_date", "mobile", "given_name", "message", "email"):
        assert f'href="#id_{field}"' in page
    for words in ("This is needed.", "at most 1000 characters; this has 1001", "not an email address"):
        assert words in page
    for words in ("This field", "Ensure this value"):
        assert words not in page


def test_a_form_that_was_open_too_long_is_sent_once_more_as_the_same(clinic, visitor):
    hidden = opened(visitor, seconds=2 * 24 * 3600)
    late = visitor.post("/request/", TYPED | hidden)
    assert late.status_code == 422
    page = late.content.decode()
    assert "open for a long time" in page
    assert 'value="Páez"' in page
    fresh = re.search(r'name="ticket" value="([^"]+)"', page)[1]
    assert fresh.partition(":")[0] == hidden["ticket"].partition(":")[0]
    assert fresh != hidden["ticket"]


@pytest.mark.parametrize(
    "bot",
    [
        {"website": "https://example.com"},
        {"ticket": ""},
        {"ticket": "forged:abc:def"},
        {"ticket": "quick"},
    ],
)
def test_a_bot_makes_no_request_and_a_person_loses_nothing(clinic, visitor, bot):
    hidden = opened(visitor, seconds=1) if bot.get("ticket") == "quick" else opened(visitor) | bot
    answer = visitor.post("/request/", TYPED | bot | hidden)
    assert answer.status_code == 422
    assert 'value="Páez"' in answer.content.decode()
    assert not IntakeRequest.objects.exists()


def test_the_ticket_of_another_page_is_not_one_of_ours(clinic, visitor):
    real = ticket()
    forged = f"{uuid.uuid4()}:{real.partition(':')[2]}"
    assert visitor.post("/request/", TYPED | {"ticket": forged}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"given_name": ""}, "given_name"),
        ({"mobile": ""}, "mobile"),
        ({"mobile": "12"}, "mobile"),
        ({"preferred_contact": "email", "email": ""}, "email"),
        ({"email": "a b@example.com"}, "email"),
        ({"birth_date_year": "2033"}, "birth_date"),
        ({"preferred_contact": ""}, "preferred_contact"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(clinic, visitor, wrong, field):
    answer = visitor.post("/request/", TYPED | opened(visitor) | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in page
    assert "My doctor said to ask you." in page
    assert not IntakeRequest.objects.exists()


def test_too_many_get_a_kind_page_with_the_phone_number(clinic, visitor):
    for _ in range(10):
        visitor.post("/request/", {})
    answer = visitor.post("/request/", TYPED | opened(visitor))
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert clinic.phone.as_national in page
    assert 'value="Páez"' in page
    assert not IntakeRequest.objects.exists()
    assert Client(REMOTE_ADDR="2001:db8::ffff:1").post("/request/", {}).status_code == 422
    spoofed = visitor.post("/request/", {}, headers={"X-Forwarded-For": "198.51.100.7"})
    assert spoofed.status_code == 429


def test_with_two_clinics_one_is_chosen_first(clinic, other_clinic, visitor):
    page = visitor.get("/request/").content.decode()
    assert f"/request/{clinic.pk}/" in page
    assert f"/request/{other_clinic.pk}/" in page
    at = f"/request/{other_clinic.pk}/"
    visitor.post(at, TYPED | {"mobile": "+44 20 7946 0123"} | opened(visitor, at))
    assert IntakeRequest.objects.get().clinic == other_clinic
    assert visitor.get(f"/request/{uuid.uuid4()}/").status_code == 404
    assert visitor.get(f"/request/sent/{uuid.uuid4()}/").status_code == 404


def test_a_ticked_box_becomes_a_consent_only_with_the_patient(clinic, visitor, ana, now):
    visitor.post("/request/", TYPED | {"consents_sms": "on"} | opened(visitor))
    asked = IntakeRequest.objects.get()
    assert (asked.consents_sms, asked.consents_email) == (True, False)
    assert not ContactConsent.objects.exists()
    patient = register(clinic=clinic, by=ana, now=now, request=asked, family_name="Páez", given_name="Zoë",
                       mobile="213 555 0144")  # fmt: skip
    said = ContactConsent.objects.get()
    assert (said.patient, said.channel, said.how, said.at) == (patient, "sms", "web form", asked.received_at)


def test_without_its_counter_the_form_stays_open(clinic, visitor, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert visitor.post("/request/", TYPED | opened(visitor)).status_code == 302


def carried(page):
    """What a browser would send from the check page, but for the button."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_the_check_page_shows_what_was_typed_and_keeps_nothing(clinic, visitor):
    typed = {name: value for name, value in TYPED.items() if name != "send"} | {"consents_sms": "on"}
    answer = visitor.post("/request/", typed | opened(visitor) | {"check": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Zoë Páez", "March 14, 1978", "(213) 555-0144", "My doctor said to ask you.", "Yes, by text"):
        assert words in page
    assert "<script" not in page
    assert not IntakeRequest.objects.exists()
    sent = visitor.post("/request/", carried(page) | {"send": ""})
    made = IntakeRequest.objects.get()
    assert sent["Location"] == f"/request/sent/{made.submission}/"
    assert (made.consents_sms, str(made.birth_date), made.message) == (True, "1978-03-14", TYPED["message"])


def test_going_back_to_change_something_loses_nothing(clinic, visitor):
    hidden = opened(visitor)
    check = visitor.post("/request/", TYPED | hidden | {"check": "", "consents_email": "on"} | {"send": ""})
    assert check.status_code == 302, "both buttons at once is a send"
    first = visitor.post(
        "/request/", {k: v for k, v in TYPED.items() if k != "send"} | hidden | {"consents_email": "on"}
    )
    back = visitor.post("/request/", carried(first.content.decode()) | {"change": ""})
    page = back.content.decode()
    assert back.status_code == 200
    for value in ("Páez", "14", "1978", "weekday mornings"):
        assert f'value="{value}"' in page
    assert re.search(r'name="consents_email"[^>]*checked', page)
    assert not re.search(r'name="consents_sms"[^>]*checked', page)
    assert "alert" not in page, "nothing is wrong yet"
    assert hidden["ticket"] in page


def test_nothing_promises_when_the_answer_comes(clinic, visitor):
    assert "working day" not in visitor.get("/request/").content.decode()
