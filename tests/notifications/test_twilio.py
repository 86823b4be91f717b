"""Texts by Twilio, against a server on this machine that answers as Twilio does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import UUID

import pytest
from twilio.http.http_client import TwilioHttpClient

from notifications.channels.base import DeliveryError, can_be_asked
from notifications.channels.twilio import TwilioSms
from notifications.letter import Found, Receipt, Sent
from tests.notifications.story import a_letter


class Provider(BaseHTTPRequestHandler):
    """Answers as Twilio's API does; the number says how."""

    asked: list[dict] = []  # noqa: RUF012  (one test, one list)
    ANSWERS = {  # noqa: RUF012
        "%2B12135550142": (201, {"sid": "SM1", "status": "queued"}),
        "%2B12135550143": (400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400}),
        "%2B12135550144": (429, {"code": 20429, "message": "Too many requests", "status": 429}),
        "%2B12135550145": (500, {"code": 20500, "message": "Server error", "status": 500}),
        "%2B12135550146": (400, {"code": 21602, "message": "Body is required: +12135550146", "status": 400}),
    }

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = dict(pair.split("=", 1) for pair in body.split("&"))
        self.asked.append({**fields, "path": self.path})
        if fields["To"] not in self.ANSWERS:
            self.connection.close()
            return
        status, answer = self.ANSWERS[fields["To"]]
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status == 429:
            self.send_header("Retry-After", "90")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    texts: list[dict] = []  # noqa: RUF012  (what it kept, as its list shows it)

    def do_GET(self) -> None:
        self.asked.append({"path": self.path})
        if "12135550199" in self.path:
            self.connection.close()
            return
        self.send_response(503 if "12135550144" in self.path else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({"messages": self.texts, "next_page_uri": None}).encode())

    def log_message(self, *args) -> None:
        return None


class Loopback(TwilioHttpClient):
    """The SDK's own client, sent to this machine instead."""

    def __init__(self, port: int) -> None:
        super().__init__(timeout=2)
        self.port = port

    def request(self, method, url, *args, **kwargs):
        return super().request(
            method, url.replace("https://api.twilio.com", f"http://127.0.0.1:{self.port}"), *args, **kwargs
        )


@pytest.fixture
def twilio(monkeypatch) -> Iterator[TwilioSms]:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC0")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "token")
    monkeypatch.setenv("TWILIO_SENDER", "+12135550100")
    Provider.asked, Provider.texts = [], []
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield TwilioSms(http_client=Loopback(server.server_port))
    server.shutdown()
    server.server_close()


def test_a_text_message_by_twilio(twilio):
    with twilio as sender:
        assert sender.send(a_letter("+12135550142", text="Hi")) == "SM1"
    [asked] = Provider.asked
    assert (asked["To"], asked["Body"], asked["From"]) == ("%2B12135550142", "Hi", "%2B12135550100")
    assert asked["path"] == "/2010-04-01/Accounts/AC0/Messages.json"


@pytest.mark.parametrize(
    ("number", "permanent", "unknown"),
    [
        ("+12135550143", True, False),
        ("+12135550144", False, False),
        ("+12135550145", False, True),
        ("+12135550146", True, False),
        ("+12135550199", False, True),
    ],
)
def test_what_twilio_may_answer(twilio, number, permanent, unknown):
    with twilio as sender, pytest.raises(DeliveryError) as refusal:
        sender.send(a_letter(number))
    assert (refusal.value.permanent, refusal.value.unknown) == (permanent, unknown)
    assert number not in refusal.value.words


def test_twilio_says_when_to_come_again(twilio):
    """And what it said of one message says nothing of the next."""
    with twilio as sender:
        waits = []
        for number in ("+12135550144", "+12135550145"):
            with pytest.raises(DeliveryError) as refusal:
                sender.send(a_letter(number))
            waits.append(refusal.value.retry_after)
    assert waits == [90, None]


def test_twilio_out_of_reach(twilio):
    twilio.client.http_client.port = 9
    with twilio as sender, pytest.raises(DeliveryError) as refusal:
        sender.send(a_letter("+12135550142"))
    assert (refusal.value.permanent, refusal.value.unknown) == (False, False)


def test_no_account_is_set_up():
    with TwilioSms() as sender, pytest.raises(DeliveryError, match="No account"):
        sender.send(a_letter("+12135550142", reference=UUID(int=1)))


AT = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
ASKED_FOR = Sent(UUID(int=1), "+12135550142", "Hi", AT, frozenset({"SM9"}))


def kept(sid="SM1", *, status="queued", body="Hi", minutes=0, code=None) -> dict:
    """A text as Twilio's list shows it."""
    made = format_datetime(AT + timedelta(minutes=minutes))
    return {"sid": sid, "status": status, "body": body, "date_created": made, "date_sent": None, "error_code": code}


@pytest.mark.parametrize(
    ("status", "receipt"),
    [
        ("queued", Receipt.TAKEN),
        ("sent", Receipt.TAKEN),
        ("delivered", Receipt.ARRIVED),
        ("undelivered", Receipt.LOST),
        ("failed", Receipt.LOST),
    ],
)
def test_twilio_is_asked_by_number_words_and_time(twilio, status, receipt):
    Provider.texts = [
        kept("SM2", body="Another"),
        kept("SM1", status=status, minutes=1, code=30005 if receipt == Receipt.LOST else None),
        kept("SM9"),
        kept("SM3", minutes=11),
        kept("SM4", minutes=-11),
    ]
    with twilio as sender:
        found = sender.find(ASKED_FOR)
    assert found == Found("SM1", receipt, "30005" if receipt == Receipt.LOST else "")
    [asked] = Provider.asked
    assert asked["path"] == "/2010-04-01/Accounts/AC0/Messages.json?To=%2B12135550142&PageSize=50"


@pytest.mark.parametrize("texts", [[], [kept("SM9")], [kept("SM1"), kept("SM2")], [kept(status="a new word")]])
def test_twilio_knows_none_or_not_which(twilio, texts):
    Provider.texts = texts
    with twilio as sender:
        assert sender.find(ASKED_FOR) is None


@pytest.mark.parametrize("number", ["+12135550144", "+12135550199"])
def test_twilio_cannot_be_asked_just_now(twilio, number):
    with twilio as sender, pytest.raises(DeliveryError) as refusal:
        sender.find(replace(ASKED_FOR, to=number))
    assert number not in refusal.value.words


def test_without_an_account_nobody_is_asked():
    with TwilioSms() as sender:
        assert sender.find(ASKED_FOR) is None


def test_who_can_be_asked(settings):
    settings.SMS_CHANNEL = "notifications.channels.twilio.TwilioSms"
    settings.EMAIL_CHANNEL = "notifications.channels.smtp.SmtpEmail"
    assert [can_be_asked("sms"), can_be_asked("email")] == [True, False]
