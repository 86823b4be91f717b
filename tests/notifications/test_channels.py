"""The ways out, against real servers on this machine: a mail server, and one that answers as Twilio does."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from notifications.channels.base import DeliveryError, opened
from notifications.channels.console import Console
from notifications.channels.file import FileEmail, FileSms
from notifications.channels.smtp import SmtpEmail
from tests.notifications.providers import sent_to
from tests.notifications.story import a_letter


class Mailbox:
    """What the mail server took, and how it treats whom."""

    def __init__(self) -> None:
        self.letters: list = []
        self.on_the_wire: list[bytes] = []
        self.recipients: list[str] = []
        self.connections: set = set()

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        envelope.mail_from = address
        self.connections.add(session.peer)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.startswith("gone"):
            return "550 No such person"
        if address.startswith("full"):
            return "452 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 Not wanted"
        self.recipients.append(envelope.rcpt_tos[0])
        self.on_the_wire.append(envelope.content)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        if envelope.rcpt_tos[0].startswith("silent"):
            server.transport.close()
        return "250 Taken"


class Server(Controller):
    """aiosmtpd, with or without SMTPUTF8."""

    utf8 = True

    def factory(self) -> SMTP:
        return SMTP(self.handler, enable_SMTPUTF8=self.utf8)


class OldServer(Server):
    utf8 = False


@contextmanager
def listening(settings, server_class: type[Server]) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = server_class(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    try:
        yield mailbox
    finally:
        server.stop()


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    with listening(settings, Server) as found:
        yield found


def test_an_email_arrives_as_written(mailbox):
    letter = a_letter()
    with SmtpEmail() as sender:
        assert sender.send(letter) == f"<{letter.reference}@example.com>"
    [arrived] = mailbox.letters
    assert arrived["Subject"] == letter.subject
    assert arrived["From"] == "Clínica del Puerto <clinic@example.com>"
    assert arrived["Reply-To"] == "desk@example.com"
    assert arrived["Message-ID"] == f"<{letter.reference}@example.com>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content().splitlines() == letter.text.splitlines()


def test_the_same_message_has_the_same_id_at_every_try(mailbox):
    letter = a_letter()
    with SmtpEmail() as sender:
        sender.send(letter)
        sender.send(letter)
    assert len({arrived["Message-ID"] for arrived in mailbox.letters}) == 1


@pytest.mark.parametrize("address", ["rosa.núñez@example.com", "björk@example.com", "张伟@example.com"])
def test_an_address_with_letters_outside_ascii(mailbox, address):
    with SmtpEmail() as sender:
        sender.send(a_letter(address))
    assert mailbox.recipients == [address]
    assert mailbox.letters[0]["To"] == address


def test_a_domain_with_letters_outside_ascii_needs_no_special_server(settings):
    with listening(settings, OldServer) as mailbox, SmtpEmail() as sender:
        sender.send(a_letter("rosa@clínica.example"))
    assert mailbox.recipients == ["rosa@xn--clnica-4va.example"]
    assert mailbox.on_the_wire[0].isascii()


def test_a_server_that_knows_no_such_letters(settings):
    with listening(settings, OldServer) as mailbox, SmtpEmail() as sender:
        with pytest.raises(DeliveryError) as refusal:
            sender.send(a_letter("björk@example.com"))
        sender.send(a_letter("plain@example.com"))
    assert refusal.value.permanent
    assert mailbox.recipients == ["plain@example.com"]


@pytest.mark.parametrize(
    ("address", "permanent", "unknown"),
    [
        ("gone@example.com", True, False),
        ("full@example.com", False, False),
        ("spam@example.com", True, False),
        ("silent@example.com", False, True),
    ],
)
def test_a_refusal_is_told_apart_and_stops_no_other(mailbox, address, permanent, unknown):
    with SmtpEmail() as sender:
        with pytest.raises(DeliveryError) as refusal:
            sender.send(a_letter(address))
        sender.send(a_letter("next@example.com"))
    assert (refusal.value.permanent, refusal.value.unknown) == (permanent, unknown)
    assert address not in refusal.value.words
    assert mailbox.recipients[-1] == "next@example.com"


@pytest.mark.parametrize(
    "address", ["nobody", "a b@example.com", "rosa@example.com\nBcc: all@x.example", "@x", "a@b@c"]
)
def test_an_address_that_is_none(mailbox, address):
    with SmtpEmail() as sender, pytest.raises(DeliveryError) as refusal:
        sender.send(a_letter(address))
    assert refusal.value.permanent
    assert mailbox.letters == []


def test_a_batch_goes_over_one_connection(mailbox):
    with SmtpEmail() as sender:
        for number in range(5):
            sender.send(a_letter(f"guest{number}@example.com"))
    assert len(mailbox.letters) == 5
    assert len(mailbox.connections) == 1


def test_nobody_listens(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", taken.getsockname()[1], 1
        with SmtpEmail() as sender, pytest.raises(DeliveryError) as refusal:
            sender.send(a_letter())
    assert (refusal.value.permanent, refusal.value.unknown) == (False, False)


def test_a_server_that_says_nothing(settings):
    """It takes the connection and keeps silent: nothing was handed over, so another try is safe."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", silent.getsockname()[1], 0.3
        with SmtpEmail() as sender, pytest.raises(DeliveryError) as refusal:
            sender.send(a_letter())
    assert (refusal.value.permanent, refusal.value.unknown) == (False, False)


# --- files ---


def test_a_repeat_writes_over_its_file_and_shows_in_the_log(outbox_dir):
    letter = a_letter()
    with FileEmail() as sender:
        sender.send(letter)
        sender.send(letter)
    assert sorted(path.name for path in outbox_dir.iterdir()) == [f"{letter.reference}.eml", "log.jsonl"]
    assert sent_to(outbox_dir) == [str(letter.reference)] * 2
    assert "rosa" not in (outbox_dir / "log.jsonl").read_text()


def test_an_email_file_opens_in_a_mail_program(outbox_dir):
    letter = a_letter("björk@example.com")
    with FileEmail() as sender:
        sender.send(letter)
    found = message_from_bytes((outbox_dir / f"{letter.reference}.eml").read_bytes(), policy=default)
    assert found.get_content().splitlines() == letter.text.splitlines()


def test_a_text_message_file(outbox_dir):
    letter = a_letter("+12135550142")
    with FileSms() as sender:
        sender.send(letter)
    found = json.loads((outbox_dir / f"{letter.reference}.json").read_text())
    assert found == {"to": "+12135550142", "text": letter.text, "message": str(letter.reference)}


def test_the_console_shows_it(capsys):
    with Console() as sender:
        sender.send(a_letter())
    assert "Llámenos." in capsys.readouterr().out


def test_the_settings_name_the_channels(settings):
    settings.SMS_CHANNEL = "notifications.channels.console.Console"
    with opened("sms") as sender:
        assert isinstance(sender, Console)
    with opened("email") as sender:
        assert isinstance(sender, FileEmail)
