"""A provider of text messages on loopback, with Twilio's addresses and answers."""

import json
import re
import struct
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.notifications.faults.provider import How, Provider

RETRY_AFTER = 1800


class Api(BaseHTTPRequestHandler):
    """One call of the API."""

    server: Any
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        form = {name: found[0] for name, found in parse_qs(self._body().decode()).items()}
        how = self.server.provider.how(form["To"])
        if how == How.RESETS:
            self._break_off()
        elif how == How.SILENT_BEFORE:
            self._stand()
        elif how == How.REFUSES:
            self._answer(400, {"code": 21614, "message": "not a mobile number", "status": 400})
        elif how == How.FAILS:
            self._answer(500, {"code": 20500, "message": "Server error", "status": 500})
        elif how == How.BUSY:
            self._answer(429, {"code": 20429, "message": "Too many requests", "status": 429}, wait=RETRY_AFTER)
        elif how != How.HOLDS_BEFORE or self.server.provider.hold():
            self._take(form, how)

    def _take(self, form: dict[str, str], how: How) -> None:
        text = self.server.provider.keep(form)
        if how == How.HOLDS_AFTER:
            self.server.provider.hold()
        if how == How.SILENT:
            self._stand()
        elif how == How.DROPS:
            self.close_connection = True
        else:
            self._answer(201, text, slowly=how == How.DRIPS, forever=how == How.DRIPS_ON)

    def do_GET(self) -> None:
        """The list of texts to a number, the newest first."""
        to = parse_qs(urlsplit(self.path).query)["To"][0]
        self._answer(200, {"messages": self.server.provider.kept(to), "next_page_uri": None})

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _break_off(self) -> None:
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _stand(self) -> None:
        self.server.provider.stand()
        self.close_connection = True

    def _answer(
        self, status: int, answer: dict[str, Any], *, wait: int = 0, slowly: bool = False, forever: bool = False
    ) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) + (1_000_000 if forever else 0)))
        if wait:
            self.send_header("Retry-After", str(wait))
        self.end_headers()
        if not slowly and not forever:
            self.wfile.write(body)
            return
        for letter in body:
            self.wfile.write(bytes([letter]))
            time.sleep(0.01 if slowly else 0.1)
        while self.server.provider.running:
            self.wfile.write(b" ")
            time.sleep(0.3)

    def log_message(self, *args: object) -> None:
        """Nothing: a failing test shows what the provider took."""


class Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that was killed leaves broken connections: that is what these tests are about."""


class SmsProvider(Provider):
    """`with SmsProvider() as provider`: listens on `provider.port`. Our id of a text stands in its status callback."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[dict[str, Any]] = []

    def listening(self) -> ThreadingHTTPServer:
        return Listening(("127.0.0.1", 0), Api)

    def forget(self) -> None:
        super().forget()
        self._texts = []

    def keep(self, form: dict[str, str]) -> dict[str, Any]:
        """Take a text; how the API shows it."""
        made = formatdate(usegmt=True)
        sid = f"SM{len(self._texts):06d}"
        shown = {"sid": sid, "status": "sent", "to": form["To"], "body": form["Body"], "error_code": None}
        self._texts.append({**shown, "date_created": made, "date_sent": made})
        self.take(re.search(r"[0-9a-f-]{36}", form["StatusCallback"])[0], form["To"])
        return self._texts[-1]

    def kept(self, to: str) -> list[dict[str, Any]]:
        """What its list shows of a number."""
        return [text for text in reversed(self._texts) if text["to"] == to]
