"""Email by SMTP: one connection a batch, UTF-8 addresses (RFC 6531), each failure told apart by when it happened.

Not Django's mail backend: it writes a non-ASCII address in a form that no mail server delivers to.
"""

import smtplib
import ssl
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from notifications.channels.base import DeliveryError
from notifications.channels.letters import as_email, mailbox, message_id
from notifications.letter import Letter

BUSY = "The mail server could not take it just now"


class Conversation(smtplib.SMTP):
    """Knows whether the text was on its way: from then on a lost connection does not mean that nothing arrived."""

    handing_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handing_over = True
        answer = super().data(msg)
        self.handing_over = False
        return answer


class SmtpEmail:
    """Sends through the server that the settings name. A connection that failed is opened anew for the next message."""

    def __init__(self) -> None:
        self._open: Conversation | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, letter: Letter) -> str:
        """Hand one email over. Raises DeliveryError."""
        email = as_email(letter)
        server = self._connected()
        try:
            server.send_message(email, settings.DEFAULT_FROM_EMAIL, [mailbox(letter.to).addr_spec])
        except smtplib.SMTPNotSupportedError as problem:
            words = "The mail server takes no address with letters outside A to Z."
            raise DeliveryError(words, permanent=True) from problem
        except smtplib.SMTPRecipientsRefused as problem:
            raise _refused(next(iter(problem.recipients.values()))[0]) from problem
        except smtplib.SMTPResponseException as problem:
            raise _refused(problem.smtp_code) from problem
        except (OSError, smtplib.SMTPException) as problem:
            raise self._broken_off(server) from problem
        except ValueError as problem:
            self._hang_up()
            raise DeliveryError("The email could not be written.", permanent=True) from problem
        except BaseException:
            # Stopped while the server spoke (a time limit): its answer must not be taken for that to the next message.
            self._cut_off()
            raise
        return message_id(letter)

    def _connected(self) -> Conversation:
        if self._open is None or self._open.sock is None:
            self._hang_up()
            try:
                self._open = _connect()
            except (OSError, smtplib.SMTPException) as problem:
                raise DeliveryError(f"{BUSY}: no connection.") from problem
        return self._open

    def _broken_off(self, server: Conversation) -> DeliveryError:
        handing_over = server.handing_over
        self._hang_up()
        if handing_over:
            return DeliveryError("The mail server gave no answer after it got the text.", unknown=True)
        return DeliveryError(f"{BUSY}: the connection broke off.")

    def _cut_off(self) -> None:
        server, self._open = self._open, None
        if server is not None:
            server.close()

    def _hang_up(self) -> None:
        server, self._open = self._open, None
        if server is None:
            return
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def _connect() -> Conversation:
    server = Conversation(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
    try:
        if settings.EMAIL_USE_TLS:
            server.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _refused(code: int) -> DeliveryError:
    """4xx is for later, 5xx for good (RFC 5321, 4.2.1). The server's own words may name the patient and stay out."""
    if code >= 500:
        return DeliveryError(f"The mail server refused it for good (answer {code}).", permanent=True, code=code)
    return DeliveryError(f"{BUSY} (answer {code}).", code=code)
