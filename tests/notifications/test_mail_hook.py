"""What the provider of emails calls us with: proven to be its own, once, never backwards, and without addresses."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from itertools import permutations
from threading import Thread
from uuid import uuid4

import pytest
from anymail.signals import AnymailTrackingEvent
from django.db import connection
from django.test import Client

from notifications.channels.mail_events import HEARERS, told
from notifications.handing_over import hand_over
from notifications.mail_receipts import hear
from notifications.models import Message
from notifications.outbox import send_batch
from notifications.planner import plan
from notifications.states import MessageState
from patients.addresses import say_it_bounced
from patients.contact import may_reach, record_consent, refuse_channel
from patients.models import BouncedAddress, ContactConsent, Task
from patients.register import amend, merge
from tests.notifications.story import SET_UP, claimed, one, send_texts, taken_on

pytestmark = pytest.mark.django_db
SECRET = "provider:an invented secret"
HOOK = "/hooks/anymail/postmark/"
S = MessageState
COMES_BACK = "Email to this address comes back. Ask for another one."
NO_MORE = "The patient does not want messages by this channel."


@pytest.fixture(autouse=True)
def account(settings):
    settings.ANYMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def as_provider(secret=SECRET):
    return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


def call(event, *, headers=None, path=HOOK, content_type="application/json"):
    body = event if isinstance(event, str) else json.dumps(event)
    return Client().post(path, body, content_type=content_type, headers=as_provider() if headers is None else headers)


def an_event(message, kind="Delivery", **more):
    return {
        "RecordType": kind,
        "MessageID": message.provider_id,
        "Recipient": "rosa@example.com",
        "Email": "rosa@example.com",
        "Metadata": {"reference": str(message.pk)},
        **more,
    }


def a_bounce(message, of="HardBounce", details="smtp;550 5.1.1 <rosa@example.com> unknown", **more):
    return an_event(message, "Bounce", Type=of, Details=details, BouncedAt="2026-11-26T20:05:00Z", **more)


def a_complaint(message, at="2026-11-26T20:05:00Z"):
    return an_event(message, "SpamComplaint", Type="SpamComplaint", BouncedAt=at)


@pytest.fixture
def sent(friday, thursday) -> Message:
    send_batch(channel="email", now=thursday)
    row = one(friday, "email")
    assert row.state == S.ACCEPTED
    return row


def state_of(message):
    message.refresh_from_db()
    return str(message.state)


def by_email(message, purpose="visits"):
    return may_reach(patient_id=message.patient_id, channel="email", purpose=purpose)


def nothing_changed(message):
    return (
        state_of(message) == "accepted"
        and not BouncedAddress.objects.exists()
        and not ContactConsent.objects.filter(granted=False).exists()
    )


# --- who is heard ---


def test_it_says_that_it_arrived(sent):
    assert call(an_event(sent)).status_code == 200
    assert (state_of(sent), sent.receipt_at is not None) == ("delivered", True)


def wrong_calls(message):
    event = a_bounce(message)
    return [
        call(event, headers={}),
        call(event, headers=as_provider("provider:a guess")),
        call(event, headers={"Authorization": "Basic ###"}),
        call(event, headers={"Authorization": f"Bearer {SECRET}"}),
        call(event, path="/hooks/anymail/sendgrid/"),
        call(event, path="/hooks/anymail/nobody/"),
        call(event, content_type="text/plain"),
        call(event, content_type="application/x-www-form-urlencoded"),
        call(event, content_type="multipart/form-data; boundary=x"),
        call("not json"),
        call("[]"),
        call('"a word"'),
        call("[" * 100_000),
        call(b"\xff\xfe".decode("latin-1")),
    ]


def test_what_is_forged_or_no_event_is_refused_and_changes_nothing(sent):
    codes = [answer.status_code for answer in wrong_calls(sent)]
    assert codes == [403] * 6 + [400] * 8
    assert nothing_changed(sent)


@pytest.mark.filterwarnings("ignore:Your Anymail webhooks are insecure")
@pytest.mark.parametrize(
    ("provider", "keys"), [("postmark", {}), ("", {"WEBHOOK_SECRET": SECRET}), ("postmark", {"WEBHOOK_SECRET": ""})]
)
def test_without_a_provider_or_a_secret_nothing_is_heard(sent, settings, provider, keys):
    settings.ANYMAIL_PROVIDER, settings.ANYMAIL = provider, keys
    assert call(a_bounce(sent)).status_code == 403
    assert call(a_bounce(sent), headers={}).status_code == 403
    assert nothing_changed(sent)


@pytest.mark.filterwarnings("ignore:Your Anymail webhooks are insecure")
@pytest.mark.parametrize("provider", sorted(HEARERS))
def test_no_provider_is_heard_without_its_keys(sent, settings, provider):
    settings.ANYMAIL_PROVIDER, settings.ANYMAIL = provider, {}
    path = f"/hooks/anymail/{provider}/"
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        assert call("{}", path=path, content_type=kind, headers={}).status_code in {400, 403}
    assert nothing_changed(sent)


def test_a_provider_that_signs_is_heard_by_its_signature(friday, thursday, settings):
    [stamped] = hand_over(claims=claimed(thursday, hours=24, channel="email"), now=thursday)
    settings.ANYMAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": "an invented key"}

    def signed(key):
        mark = hmac.new(key.encode(), b"1764187500token", hashlib.sha256).hexdigest()
        return {
            "signature": {"token": "token", "timestamp": "1764187500", "signature": mark},
            "event-data": {
                "event": "delivered",
                "timestamp": 1764187500.5,
                "message": {"headers": {"message-id": "mail-7@example.com"}},
                "user-variables": {"reference": str(stamped.row.pk)},
            },
        }

    path = "/hooks/anymail/mailgun/"
    assert call(signed("a guess"), path=path, headers={}).status_code == 403
    assert state_of(stamped.row) == "submitted"
    assert call(signed("an invented key"), path=path, headers={}).status_code == 200
    assert (state_of(stamped.row), stamped.row.provider_id) == ("delivered", "<mail-7@example.com>")


def test_opening_the_address_changes_nothing(sent):
    assert (Client().get(HOOK).status_code, Client().head(HOOK, headers=as_provider()).status_code) == (405, 200)
    assert nothing_changed(sent)


# --- which email it is about ---


@pytest.mark.parametrize(
    "stranger",
    [
        {"MessageID": "another-id"},
        {"MessageID": "another-id", "Metadata": {"reference": str(uuid4())}},
        {"MessageID": "another-id", "Metadata": {"reference": "nonsense"}},
        {"MessageID": None},
        {"MessageID": ""},
    ],
)
@pytest.mark.parametrize("of", [a_bounce, a_complaint])
def test_of_an_unknown_email_or_another_handing_over_nothing_is_kept(sent, of, stranger):
    assert call({**of(sent), **stranger}).status_code == 200
    assert nothing_changed(sent)


def test_the_id_of_a_text_message_is_no_email(sent, friday, thursday):
    send_texts(thursday)
    text = one(friday, "sms")
    assert call(a_bounce(text)).status_code == 200
    assert (state_of(text), nothing_changed(sent)) == ("accepted", True)


def test_a_receipt_that_is_quicker_than_the_sender(friday, thursday):
    [stamped] = hand_over(claims=claimed(thursday, hours=24, channel="email"), now=thursday)
    event = an_event(stamped.row, MessageID="mail-7")
    assert call({**event, "Metadata": {}}).status_code == 200
    assert state_of(stamped.row) == "submitted"
    assert call(event).status_code == 200
    assert (state_of(stamped.row), stamped.row.provider_id) == ("delivered", "mail-7")


# --- once, and never backwards ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("of", "state"), [(a_bounce, "undelivered"), (a_complaint, "accepted")])
def test_replayed_fifty_times_in_parallel_it_is_one_event(friday, thursday, of, state):
    plan(now=thursday)
    send_batch(channel="email", now=thursday)
    message = one(friday, "email")
    codes: list[int] = []

    def again() -> None:
        codes.extend(call(of(message)).status_code for _ in range(5))
        connection.close()

    threads = [Thread(target=again) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 50
    assert state_of(message) == state
    assert BouncedAddress.objects.count() == (of is a_bounce)
    nos = ContactConsent.objects.filter(granted=False).values_list("purpose", flat=True)
    assert sorted(nos) == (["offers", "surveys", "visits"] if of is a_complaint else [])


@pytest.mark.parametrize("order", list(permutations(["Delivery", "HardBounce", "Transient"])))
def test_out_of_order_it_never_goes_backwards(sent, order):
    final = next({"Delivery": "delivered", "HardBounce": "undelivered"}[kind] for kind in order if kind != "Transient")
    for kind in [*order, *order]:
        event = an_event(sent) if kind == "Delivery" else a_bounce(sent, kind, details="")
        assert call(event).status_code == 200
    assert state_of(sent) == final
    states = list(sent.history.order_by("history_id").values_list("state", flat=True))
    assert states == ["planned", "submitted", "accepted", final]
    assert by_email(sent) == COMES_BACK, "what is true of the address is kept whenever it is told"


@pytest.mark.parametrize("kind", ["Open", "Click", "Inbound", "Nonsense"])
def test_what_says_nothing_changes_nothing(sent, kind):
    before = sent.version
    assert call(an_event(sent, kind)).status_code in {200, 400}
    assert nothing_changed(sent)
    assert sent.version == before


# --- what did not arrive ---


@pytest.mark.parametrize(
    ("of", "details", "code", "hard"),
    [
        ("HardBounce", "smtp;550 5.1.1 <rosa@example.com> unknown", "5.1.1", True),
        ("HardBounce", "", "bounced", True),
        ("BadEmailAddress", "", "invalid", True),
        ("SoftBounce", "smtp;552 5.2.2 <rosa@example.com> mailbox full", "5.2.2", False),
        ("SoftBounce", "from 5.1.1.25 rosa@example.com", "bounced", False),
        ("SoftBounce", "550 5.1.1 no such user", "5.1.1", True),
        ("Blocked", "", "blocked", False),
        ("SMTPApiError", "", "failed", False),
    ],
)
def test_what_did_not_arrive_says_why(sent, of, details, code, hard):
    assert call(a_bounce(sent, of, details)).status_code == 200
    assert (state_of(sent), sent.error_code) == ("undelivered", code)
    assert sent.reason == "The provider says that it did not arrive."
    assert (by_email(sent) == COMES_BACK) == hard
    assert BouncedAddress.objects.count() == hard


def test_an_address_that_bounced_is_written_to_again_only_when_it_is_changed(sent, thursday, settings):
    call(a_bounce(sent))
    patient = sent.patient
    record_consent(patient=patient, channel="email", granted=True, how="Spoken", by=SET_UP, at=thursday)
    assert by_email(sent) == COMES_BACK
    patient.refresh_from_db()
    amend(patient_id=patient.pk, version=None, by=SET_UP, email="rosa.imbert@example.com")
    assert by_email(sent).address == "rosa.imbert@example.com"
    amend(patient_id=patient.pk, version=None, by=SET_UP, email="ROSA@example.com")
    assert by_email(sent) == COMES_BACK


def test_nothing_more_is_sent_to_it(friday, thursday, outbox_dir):
    """Planned before it was known, it is stopped at the handing over."""
    plan(now=thursday)
    message = one(friday, "email")
    say_it_bounced(address="Rosa@Example.com", code="5.1.1", by=SET_UP, at=thursday)
    send_batch(channel="email", now=thursday)
    assert (state_of(message), message.reason) == ("suppressed", COMES_BACK)
    assert not list(outbox_dir.glob("*.eml"))


def test_where_the_text_goes_nobody_has_to_call(sent):
    call(a_bounce(sent))
    assert not Task.objects.exists()


def test_where_no_other_way_is_left_the_desk_calls(sent, friday, thursday, settings):
    settings.SMS_CHANNEL = "tests.notifications.providers.Refusing"
    send_texts(thursday)
    assert not Task.objects.exists(), "the email went"
    for _ in range(2):
        call(a_bounce(sent))
    [task] = Task.objects.all()
    assert (task.about, task.about_kind) == (friday.pk, "appointment")


# --- who wants no more ---


@pytest.mark.parametrize(
    "event",
    [
        {"RecordType": "SpamComplaint", "Type": "SpamComplaint"},
        {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "ManualSuppression"},
    ],
)
def test_a_complaint_is_the_patients_no_to_email(sent, event):
    call(an_event(sent))
    assert call({**an_event(sent), **event, "BouncedAt": "2026-11-26T20:05:00Z"}).status_code == 200
    assert state_of(sent) == "delivered"
    assert {by_email(sent, purpose) for purpose in ("visits", "offers", "surveys")} == {NO_MORE}
    nos = ContactConsent.objects.filter(granted=False)
    assert {(no.channel, no.how, no.actor) for no in nos} == {("email", "provider", "job:reminders")}
    assert may_reach(patient_id=sent.patient_id, channel="sms").address == "+12135550142"


def test_what_is_agreed_to_after_it_stands_when_it_comes_again(sent):
    call(a_complaint(sent))
    later = datetime(2026, 11, 26, 21, tzinfo=UTC)
    record_consent(patient=sent.patient, channel="email", granted=True, how="Spoken", by=SET_UP, at=later)
    call(a_complaint(sent))
    assert by_email(sent).address == "rosa@example.com"
    call(a_complaint(sent, at="2026-11-26T22:00:00Z"))
    assert by_email(sent) == NO_MORE


def test_a_clock_that_is_ahead_says_no_from_now_on_and_not_later(sent, thursday):
    event = told(
        AnymailTrackingEvent(
            event_type="complained", message_id=sent.provider_id, timestamp=thursday + timedelta(days=900), esp_event={}
        ),
        "Postmark",
    )
    hear(event, now=thursday)
    assert {no.at for no in ContactConsent.objects.filter(granted=False)} == {thursday}


def test_of_a_record_that_was_merged_it_is_said_on_the_one_that_stays(harbour, now):
    gone = taken_on(harbour, now=now)
    stays = taken_on(harbour, now=now, given_name="Rosana", not_duplicates=[gone.pk])
    merge(patient_id=gone.pk, into_id=stays.pk, by=SET_UP, now=now, reason="One person")
    made = refuse_channel(patient_id=gone.pk, channel="email", how="provider", by=SET_UP, at=now)
    assert {no.patient_id for no in made} == {stays.pk}


# --- nothing of a person gets out ---


def test_no_address_stands_in_a_log(sent, caplog):
    with caplog.at_level(logging.DEBUG):
        for event in (a_bounce(sent), a_complaint(sent), an_event(sent, MessageID="another")):
            call(event)
        wrong_calls(sent)
    assert "rosa" not in caplog.text.lower()


@pytest.mark.parametrize(
    ("esp_name", "esp_event"),
    [
        ("Amazon SES", {"bounce": {"bounceType": "Permanent"}}),
        ("Brevo", {"event": "hard_bounce"}),
        ("MailerSend", {"data": {"type": "hard_bounced"}}),
        ("Mailjet", {"hard_bounce": True}),
        ("Mandrill", {"event": "hard_bounce"}),
        ("Unisender Go", {"delivery_info": {"delivery_status": "err_user_unknown"}}),
    ],
)
def test_each_provider_has_its_own_word_for_good(esp_name, esp_event):
    def says(raw):
        return told(AnymailTrackingEvent(event_type="bounced", message_id="1", esp_event=raw), esp_name)

    assert says(esp_event).no_such_address
    assert not says(dict.fromkeys(esp_event, "other")).no_such_address
    assert not says(None).no_such_address
