"""Email by a provider's own interface, through django-anymail. One connection a batch.

`ANYMAIL_PROVIDER` in the environment names the provider as django-anymail does (`postmark`, `mailgun`, `brevo` ...);
its keys are read from the environment as well, each as `ANYMAIL_` and the name that django-anymail gives it.
"""

from types import TracebackType
from typing import Any, Self

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string
from requests import exceptions as http  # noqa: TID251  (this is the room from which HTTP goes out)
from urllib3.exceptions import NewConnectionError

from notifications.channels.base import DeliveryError, asked_to_wait
from notifications.channels.letters import mailbox, message_id
from notifications.letter import Letter

TIMEOUT_SECONDS = 10
TAKEN = {"sent", "queued"}
# With these django-anymail has no way to send our own reference along.
SAYS_NOTHING_BACK = {"mailersend", "postal"}


class AnymailEmail:
    """Sends through the provider that the environment names."""

    def __init__(self) -> None:
        self._backend: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._backend is not None:
            self._backend.close()

    def send(self, letter: Letter) -> str:
        """Hand one email over and return the provider's id of it. Raises DeliveryError."""
        email = _email(letter)
        try:
            self._opened().send_messages([email])
        except AnymailRecipientsRefused as problem:
            raise DeliveryError("The provider refused this address.", permanent=True) from problem
        except AnymailAPIError as problem:
            raise _failed(problem) from problem
        except (AnymailError, ValueError) as problem:
            raise DeliveryError("The email could not be written for this provider.", permanent=True) from problem
        return _taken(email) or message_id(letter)

    def _opened(self) -> Any:
        if self._backend is None:
            if not settings.ANYMAIL_PROVIDER:
                raise DeliveryError("No provider of emails is set up.")
            made = import_string(f"anymail.backends.{settings.ANYMAIL_PROVIDER}.EmailBackend")
            self._backend = made(timeout=TIMEOUT_SECONDS)
            self._backend.open()
        return self._backend


def _email(letter: Letter) -> EmailMessage:
    to = mailbox(letter.to).addr_spec
    sender = letter.sender_name.replace("\n", " ").replace('"', "'")
    email = EmailMessage(
        subject=letter.subject,
        body=letter.text,
        from_email=f'"{sender}" <{settings.DEFAULT_FROM_EMAIL}>',
        to=[to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )
    if settings.ANYMAIL_PROVIDER not in SAYS_NOTHING_BACK:
        email.metadata = {"reference": str(letter.reference)}  # type: ignore[attr-defined]
    if letter.calendar:
        email.attach("visit.ics", letter.calendar, "text/calendar")
    return email


def _taken(email: Any) -> str:
    """The provider's id of an email that it says it took. An answer that says neither yes nor no leaves it open."""
    status = email.anymail_status
    if status.status is None or not status.status <= TAKEN:
        raise DeliveryError("The provider of emails did not say that it took it.", unknown=True)
    return str(status.message_id or "")


def _failed(problem: AnymailAPIError) -> DeliveryError:
    """The provider's answer as ours; without one, harmless only when there never was a connection.

    Its own words may hold the address and stay out.
    """
    status = getattr(problem, "status_code", None)
    if status is None:
        return _broken_off(problem)
    if status in {429, 503}:
        words = f"The provider of emails is busy (answer {status})."
        return DeliveryError(words, retry_after=_wait(problem), code=status)
    if status >= 500:
        # It may have failed before or after it took the message.
        return DeliveryError(f"The provider of emails failed (answer {status}).", unknown=True, code=status)
    if status in {401, 403}:
        return DeliveryError(f"The provider of emails does not know this account (answer {status}).", code=status)
    return DeliveryError(f"The provider refused the email (answer {status}).", permanent=True, code=status)


def _broken_off(problem: AnymailAPIError) -> DeliveryError:
    cause = problem.__cause__
    reason = getattr(cause.args[0] if cause and cause.args else None, "reason", None)
    if isinstance(cause, http.ConnectTimeout | http.SSLError) or isinstance(reason, NewConnectionError):
        return DeliveryError("The provider of emails could not be reached.")
    return DeliveryError("The provider of emails gave no answer.", unknown=True)


def _wait(problem: AnymailAPIError) -> float | None:
    """Seconds from the answer's Retry-After, if it gives seconds."""
    if not isinstance(problem, AnymailRequestsAPIError) or problem.response is None:
        return None
    return asked_to_wait(problem.response.headers.get("Retry-After"))
