"""Emails through django-anymail, against a server on this machine that answers as Postmark does."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from notifications.channels import anymail
from notifications.channels.anymail import AnymailEmail
from notifications.channels.base import DeliveryError, leaves, opened
from tests.notifications.story import a_letter


class Provider(BaseHTTPRequestHandler):
    """Takes emails; treats some addresses in its own way."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[dict[str, Any]]] = []
    clients: ClassVar[set[Any]] = set()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({**body, "token": self.headers["X-Postmark-Server-Token"]})
        self.clients.add(self.client_address)
        who = body["To"].partition("@")[0]
        if who == "silent":
            time.sleep(2)
        if who == "dropped":
            self.connection.close()
            return
        status = {"busy": 429, "away": 503, "broken": 500, "wrong": 422, "stranger": 401}.get(who, 200)
        answer = {"To": body["To"], "ErrorCode": 0, "Message": "OK", "MessageID": "abc-1"}
        if status != 200:
            answer = {"ErrorCode": 300 if status == 422 else 1, "Message": f"no {body['To']}"}
        if who in {"inactive", "unclear"}:
            told = f"Found inactive addresses: {body['To']}. Inactive recipients are" if who == "inactive" else "?"
            status, answer = 422, {"ErrorCode": 406, "Message": told}
        sent = json.dumps(answer).encode()
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "120")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture(autouse=True)
def provider(settings, monkeypatch) -> Iterator[None]:
    Provider.asked, Provider.clients = [], set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.ANYMAIL_PROVIDER = "postmark"
    url = f"http://127.0.0.1:{server.server_port}/"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "secret", "POSTMARK_API_URL": url}
    settings.EMAIL_CHANNEL = "notifications.channels.anymail.AnymailEmail"
    monkeypatch.setattr(anymail, "TIMEOUT_SECONDS", 1)
    yield
    server.shutdown()
    server.server_close()


def test_an_email_with_its_calendar(settings):
    with opened("email") as sender:
        assert sender.send(a_letter(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")) == "abc-1"
    [asked] = Provider.asked
    assert (asked["token"], asked["To"]) == ("secret", "rosa@example.com")
    assert (asked["From"], asked["ReplyTo"]) == (
        f"Clínica del Puerto <{settings.DEFAULT_FROM_EMAIL}>",
        "desk@example.com",
    )
    assert asked["TextBody"] == "Este es un recordatorio de su visita.\nLlámenos.\n"
    assert [part["Name"] for part in asked["Attachments"]] == ["visit.ics"]
    assert leaves("email")


def test_the_same_letter_has_the_same_message_id():
    letter = a_letter()
    with opened("email") as sender:
        sender.send(letter)
        sender.send(letter)
    first, second = ({one["Name"]: one["Value"] for one in asked["Headers"]} for asked in Provider.asked)
    assert first["Message-ID"] == second["Message-ID"]
    assert str(letter.reference) in first["Message-ID"]
    assert [asked["Metadata"] for asked in Provider.asked] == [{"reference": str(letter.reference)}] * 2


@pytest.mark.parametrize("provider", ["mailersend", "postal"])
def test_our_reference_stays_out_where_the_provider_has_no_place_for_it(settings, provider):
    settings.ANYMAIL_PROVIDER = provider
    assert not hasattr(anymail._email(a_letter()), "metadata")


def test_one_connection_a_batch():
    with opened("email") as sender:
        for number in range(5):
            sender.send(a_letter(f"rosa{number}@example.com"))
    assert (len(Provider.asked), len(Provider.clients)) == (5, 1)


@pytest.mark.parametrize(
    ("who", "permanent", "unknown"),
    [
        ("busy", False, False),
        ("away", False, False),
        ("broken", False, True),
        ("wrong", True, False),
        ("inactive", True, False),
        ("unclear", False, True),
        ("stranger", False, False),
        ("silent", False, True),
        ("dropped", False, True),
    ],
)
def test_what_a_provider_may_answer(who, permanent, unknown):
    with opened("email") as sender, pytest.raises(DeliveryError) as refusal:
        sender.send(a_letter(f"{who}@example.com"))
    assert (refusal.value.permanent, refusal.value.unknown) == (permanent, unknown)
    assert "@" not in refusal.value.words
    assert (refusal.value.retry_after == 120) == (who == "busy")


def test_one_bad_recipient_stops_nobody():
    with opened("email") as sender:
        with pytest.raises(DeliveryError):
            sender.send(a_letter("wrong@example.com"))
        assert sender.send(a_letter()) == "abc-1"


def test_out_of_reach(settings):
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": "http://127.0.0.1:9/"}
    with opened("email") as sender, pytest.raises(DeliveryError) as refusal:
        sender.send(a_letter())
    assert (refusal.value.permanent, refusal.value.unknown) == (False, False)


def test_no_provider_is_set_up(settings):
    settings.ANYMAIL_PROVIDER = ""
    with AnymailEmail() as sender, pytest.raises(DeliveryError, match="No provider"):
        sender.send(a_letter())


def test_a_wrong_address_never_leaves():
    with opened("email") as sender, pytest.raises(DeliveryError) as refusal:
        sender.send(a_letter("rosa at example"))
    assert (refusal.value.permanent, Provider.asked) == (True, [])
