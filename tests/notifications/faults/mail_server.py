"""A mail server on loopback that does to each recipient what a test says."""

import re
import socketserver
import struct
import time
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from tests.notifications.faults.provider import How, Provider

ID = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.MULTILINE | re.IGNORECASE)
TO = re.compile(rb"TO:<([^>]*)>", re.IGNORECASE)


class Talk(socketserver.StreamRequestHandler):
    """One connection: as little of RFC 5321 as `smtplib` needs."""

    server: Any

    def handle(self) -> None:
        self.say(b"220 mail.example.com")
        self.to = ""
        while line := self.rfile.readline():
            if not self.answer(line.split(b" ")[0].strip().upper(), line):
                return

    def answer(self, verb: bytes, line: bytes) -> bool:
        """Whether the conversation goes on."""
        if verb == b"RCPT":
            return self.recipient(TO.search(line)[1].decode())
        if verb == b"DATA":
            self.say(b"354 go on")
            return self.message()
        self.say(
            b"221 bye" if verb == b"QUIT" else b"250-mail.example.com\r\n250 SMTPUTF8" if verb == b"EHLO" else b"250 ok"
        )
        return verb != b"QUIT"

    def recipient(self, to: str) -> bool:
        self.to = to
        match self.how():
            case How.REFUSES:
                self.say(b"550 no such mailbox")
            case How.BUSY:
                self.say(b"451 later")
            case How.RESETS:
                self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return False
            case How.SILENT_BEFORE:
                self.provider.stand()
                return False
            case _:
                self.say(b"250 ok")
        return True

    def message(self) -> bool:
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line
        if not line:
            return False  # cut off before its end: nothing was taken
        how = self.how()
        if how == How.HOLDS_BEFORE and not self.provider.hold():
            return False
        if how == How.FAILS:
            self.say(b"554 transaction failed")
            return True
        self.provider.take(ID.search(text)[1].decode(), self.to)
        if how == How.HOLDS_AFTER:
            self.provider.hold()
        if how in {How.SILENT, How.DROPS}:
            if how == How.SILENT:
                self.provider.stand()
            return False
        self.say(b"250 taken", slowly=how == How.DRIPS, forever=how == How.DRIPS_ON)
        return True

    def how(self) -> How:
        return self.provider.how(self.to)

    @property
    def provider(self) -> Provider:
        return self.server.provider

    def say(self, words: bytes, *, slowly: bool = False, forever: bool = False) -> None:
        if not slowly and not forever:
            self.wfile.write(words + b"\r\n")
            return
        for letter in words:
            self.wfile.write(bytes([letter]))
            time.sleep(0.1)
        while forever and self.provider.running:
            self.wfile.write(b".")
            time.sleep(0.1)
        self.wfile.write(b"\r\n")


class Listening(socketserver.ThreadingTCPServer):
    """A thread for each connection, so that one that stands still keeps nobody else waiting."""

    allow_reuse_address, daemon_threads = True, True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that was killed leaves broken connections: that is what these tests are about."""


class MailServer(Provider):
    """`with MailServer() as server`: listens on `server.port`."""

    def listening(self) -> socketserver.BaseServer:
        return Listening(("127.0.0.1", 0), Talk)
