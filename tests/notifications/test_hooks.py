"""What the provider calls us with: signed over our public address, once, and never backwards."""

from datetime import timedelta
from itertools import permutations
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from twilio.request_validator import RequestValidator

from notifications.handing_over import hand_over
from notifications.inbound import receive
from notifications.letter import Receipt
from notifications.models import InboundText, Message
from notifications.outbox import Outcome, Settling, send_batch, settle
from notifications.planner import plan
from notifications.receipts import take
from notifications.states import MessageState
from patients.contact import may_reach
from patients.models import NumberStatement, Task
from tests.notifications.story import claimed, one, send_texts, text_of

pytestmark = pytest.mark.django_db
TOKEN = "an invented token"
PUBLIC = "https://desk.example.com"
ANSWER = "/hooks/twilio/answer/"
ROSAS = "+12135550142"
S = MessageState


@pytest.fixture(autouse=True)
def account(settings, monkeypatch):
    settings.PUBLIC_URL = PUBLIC
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)


def signature(path, form, *, token=TOKEN, at=PUBLIC):
    return RequestValidator(token).compute_signature(f"{at}{path}", form)


def call(path, form, *, signed=None, **more):
    signed = signature(path, form) if signed is None else signed
    return Client().post(path, form, headers={"X-Twilio-Signature": signed}, **more)


def receipt_path(message):
    return f"/hooks/twilio/status/{message.pk}/"


def an_answer(text="STOP", sid="SM1", **more):
    return {"MessageSid": sid, "From": ROSAS, "To": "+12135550100", "Body": text, **more}


@pytest.fixture
def sent(friday, thursday) -> Message:
    send_texts(thursday)
    return text_of(friday)


# --- answers ---


def test_a_signed_answer_is_heard_and_answered_in_the_same_call(sent):
    answer = call(ANSWER, an_answer("Stop, thanks"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")
    body = answer.content.decode()
    assert body.startswith('<?xml version="1.0" encoding="UTF-8"?><Response><Message>Harbour Clinic: no more texts')
    assert may_reach(patient_id=sent.patient_id, channel="sms") == "This number has opted out of text messages."


def test_the_second_time_it_is_answered_with_nothing(sent):
    call(ANSWER, an_answer())
    again = call(ANSWER, an_answer())
    assert (again.status_code, again.content) == (
        200,
        b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    )
    assert InboundText.objects.count() == NumberStatement.objects.count() == 1


def test_what_the_provider_answered_itself_gets_no_second_answer(sent):
    answer = call(ANSWER, an_answer(OptOutType="STOP"))
    assert b"<Message>" not in answer.content
    assert NumberStatement.objects.get().holds


def test_a_name_with_signs_of_its_own_breaks_nothing(sent, clinic, vera):
    from config.audit.acting import recorded

    with recorded(by=vera):
        clinic.refresh_from_db()
        clinic.sender_name = "Lee & <Sons>"
        clinic.save()
    assert "Lee &amp; &lt;Sons&gt;: for help" in call(ANSWER, an_answer("HELP")).content.decode()


@pytest.mark.parametrize(
    "forged",
    [
        {"signed": ""},
        {"signed": "x" * 28},
        {"signed": signature(ANSWER, an_answer(), token="another token")},
        {"signed": signature(ANSWER, an_answer(), at="https://elsewhere.example.com")},
        {"signed": signature("/hooks/twilio/other/", an_answer())},
        {"signed": signature(ANSWER, an_answer("STOP "))},
        {"signed": signature(ANSWER, an_answer(More="field"))},
        {"signed": signature(ANSWER, {"MessageSid": "SM1", "From": ROSAS})},
        {"signed": signature(ANSWER, an_answer()), "content_type": "application/json"},
        {"signed": signature(ANSWER, {}), "content_type": "text/plain"},
    ],
)
def test_what_is_forged_is_refused_and_changes_nothing(sent, forged):
    form = an_answer()
    if "content_type" in forged:
        form = '{"MessageSid": "SM1", "From": "+12135550142", "Body": "STOP"}'
    answer = Client().post(
        ANSWER,
        form,
        headers={"X-Twilio-Signature": forged["signed"]},
        **({"content_type": forged["content_type"]} if "content_type" in forged else {}),
    )
    # A form that is signed but empty says nothing: it is refused as such.
    assert answer.status_code in {400, 403}
    assert not InboundText.objects.exists()
    assert not NumberStatement.objects.exists()


def test_the_host_header_decides_nothing(sent, settings):
    settings.ALLOWED_HOSTS = ["*"]
    form = an_answer()
    forged = signature(ANSWER, form, at="http://evil.example.com")
    assert call(ANSWER, form, signed=forged, HTTP_HOST="evil.example.com").status_code == 403
    assert call(ANSWER, form, HTTP_HOST="inside.example.com").status_code == 200


@pytest.mark.parametrize("missing", ["address", "token"])
def test_without_an_address_or_a_token_nothing_is_heard(sent, settings, monkeypatch, missing):
    signed = signature(ANSWER, an_answer())
    if missing == "address":
        settings.PUBLIC_URL = ""
    else:
        monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    assert call(ANSWER, an_answer(), signed=signed).status_code == 403


def test_a_sign_that_no_column_takes_is_left_out(sent):
    assert call(ANSWER, an_answer("ST\x00OP")).status_code == 200
    assert InboundText.objects.get().text == "STOP"


def test_a_signed_form_that_lacks_its_name_is_refused(sent):
    assert call(ANSWER, {"From": ROSAS, "Body": "STOP"}).status_code == 400
    assert call(ANSWER, an_answer(sid="x" * 121)).status_code == 400


@pytest.mark.parametrize("path", [ANSWER, f"/hooks/twilio/status/{uuid4()}/"])
def test_opening_the_address_does_nothing(path):
    assert Client().get(path).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_replayed_fifty_times_in_parallel_it_is_one_answer(friday, thursday):
    plan(now=thursday)
    send_texts(thursday)
    codes: list[int] = []

    def again() -> None:
        codes.extend(call(ANSWER, an_answer()).status_code for _ in range(5))
        connection.close()

    threads = [Thread(target=again) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 50
    assert InboundText.objects.count() == NumberStatement.objects.count() == 1


# --- receipts ---


def handed_over(now) -> Message:
    """The reminder of the day before, as it left a sender's hand."""
    [stamped] = hand_over(claims=claimed(now, hours=24), now=now)
    return stamped.row


def test_a_receipt_says_that_it_arrived(sent):
    answer = call(receipt_path(sent), {"MessageSid": sent.provider_id, "MessageStatus": "delivered"})
    assert answer.status_code == 204
    sent.refresh_from_db()
    assert (sent.state, sent.receipt_at is not None) == ("delivered", True)


def test_a_forged_receipt_changes_nothing(sent):
    form = {"MessageSid": sent.provider_id, "MessageStatus": "failed"}
    assert call(receipt_path(sent), form, signed="nonsense").status_code == 403
    sent.refresh_from_db()
    assert sent.state == "accepted"


@pytest.mark.parametrize("word", ["queued", "sending", "scheduled", "canceled", "", "nonsense"])
def test_a_word_that_says_nothing_changes_nothing(sent, word):
    before = sent.version
    assert call(receipt_path(sent), {"MessageSid": sent.provider_id, "MessageStatus": word}).status_code == 204
    sent.refresh_from_db()
    assert sent.version == before


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "undelivered"])))
def test_out_of_order_it_never_goes_backwards(sent, order):
    final = next(word for word in order if word != "sent")
    for word in [*order, *order]:
        call(receipt_path(sent), {"MessageSid": sent.provider_id, "MessageStatus": word})
    sent.refresh_from_db()
    assert sent.state == final
    states = list(sent.history.order_by("history_id").values_list("state", flat=True))
    assert states == ["planned", "submitted", "accepted", final]


def test_a_receipt_for_an_earlier_try_says_nothing_about_this_one(sent, thursday):
    assert take(message_id=sent.pk, provider_id="SM-before", receipt=Receipt.LOST, now=thursday) is None
    assert take(message_id=uuid4(), provider_id="SM1", receipt=Receipt.LOST, now=thursday) is None


def test_a_receipt_that_is_quicker_than_the_sender(friday, thursday):
    """Delivered, says the provider, before our sender has written down that it was taken at all."""
    message = handed_over(thursday)
    take(message_id=message.pk, provider_id="SM7", receipt=Receipt.ARRIVED, now=thursday)
    settle([Settling(message, Outcome(S.ACCEPTED, thursday, provider_id="SM7"))])
    row = text_of(friday)
    assert (row.state, row.provider_id, row.sent_at) == ("delivered", "SM7", thursday)


def test_a_receipt_settles_what_was_unknown(friday, thursday, settings):
    settings.SMS_CHANNEL = "tests.notifications.providers.Silent"
    send_texts(thursday)
    assert text_of(friday).state == "unknown"
    take(message_id=text_of(friday).pk, provider_id="SM8", receipt=Receipt.TAKEN, now=thursday)
    assert (text_of(friday).state, text_of(friday).reason) == ("accepted", "")


# --- what failed for good ---


def lost(message, now, code=""):
    return take(message_id=message.pk, provider_id=message.provider_id, receipt=Receipt.LOST, code=code, now=now)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("21610", "This number has opted out of text messages."),
        ("21614", "This number cannot get text messages."),
        ("30006", "This number cannot get text messages."),
    ],
)
def test_what_the_provider_says_of_the_number_is_kept(sent, friday, thursday, code, why):
    lost(sent, thursday, code)
    assert may_reach(patient_id=sent.patient_id, channel="sms") == why
    assert NumberStatement.objects.get().how == "provider"
    row = text_of(friday)
    assert (row.state, row.error_code, row.reason) == ("undelivered", code, "The provider says that it did not arrive.")


def test_another_fault_says_nothing_of_the_number(sent, thursday):
    lost(sent, thursday, "30008")
    assert not NumberStatement.objects.exists()


def test_a_refusal_at_sending_is_kept_too(friday, thursday):
    message = handed_over(thursday)
    settle([Settling(message, Outcome(S.FAILED_PERMANENT, thursday, "Opted out.", code="21610"))])
    assert NumberStatement.objects.get().kind == "opt-out"
    send_texts(thursday + timedelta(hours=1))
    assert text_of(friday).attempts == 1


def test_where_the_email_goes_nobody_has_to_call(sent, thursday):
    lost(sent, thursday)
    assert not Task.objects.exists()


def test_where_no_other_way_is_left_the_desk_calls(sent, friday, thursday, settings):
    settings.EMAIL_CHANNEL = "tests.notifications.providers.Refusing"
    send_batch(channel="email", now=thursday)
    assert one(friday, "email").state == "failed-permanent"
    assert not Task.objects.exists(), "the text went"
    lost(sent, thursday)
    [task] = Task.objects.all()
    assert task.words == "Call about the visit: the reminder did not arrive and there is no other way."
    assert (task.about, task.about_kind) == (friday.pk, "appointment")


def test_a_stop_that_comes_while_a_text_is_queued_stops_it(friday, thursday, outbox_dir):
    receive(provider_id="SM1", number=ROSAS, text="STOP", now=thursday)
    send_texts(thursday)
    assert (text_of(friday).state, list(outbox_dir.glob("*.json"))) == ("suppressed", [])
