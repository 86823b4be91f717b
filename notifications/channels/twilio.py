"""Text messages by Twilio. The environment names the account.

TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, and TWILIO_SENDER: a number, or the id of a messaging service (MG...).
"""

from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import environ
from django.conf import settings
from django.urls import reverse
from requests import exceptions as http  # noqa: TID251  (this is the room from which HTTP goes out)
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from config.http.masking import masked
from notifications.channels.base import DeliveryError, asked_to_wait
from notifications.letter import Found, Letter, Receipt, Sent

TIMEOUT_SECONDS = 10
# A text that is asked for is among the newest to its number, made within this time of our stamp, by whichever clock.
LOOKED_THROUGH = 50
NEAR = timedelta(minutes=10)
# The provider's words for how far a text came, as it calls us with them.
RECEIPTS = {
    "sent": Receipt.TAKEN,
    "delivered": Receipt.ARRIVED,
    "read": Receipt.ARRIVED,
    "undelivered": Receipt.LOST,
    "failed": Receipt.LOST,
}
# More of them, when it is asked.
STAGES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending"), Receipt.TAKEN),
    "canceled": Receipt.LOST,
    **RECEIPTS,
}
OPTED_OUT = 21610
# Answers that another try does not change, whatever their HTTP status: codes of the provider's own list.
PERMANENT = {
    OPTED_OUT: "The recipient has opted out at the provider.",
    21211: "The provider takes this for no phone number.",
    21614: "This number cannot get text messages.",
    21408: "The provider does not send to this country.",
}


class TwilioSms:
    """Sends through the account that the environment names."""

    def __init__(self, http_client: TwilioHttpClient | None = None) -> None:
        env = environ.Env()
        self.sender = env("TWILIO_SENDER", default="")
        client = http_client or TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        # The SDK's exceptions leave the headers of an answer out.
        self._wait: float | None = None
        client.request_hooks = {"response": self._hear}
        sid, token = env("TWILIO_ACCOUNT_SID", default=""), env("TWILIO_AUTH_TOKEN", default="")
        self.client = Client(sid, token, http_client=client) if sid and token else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def send(self, letter: Letter) -> str:
        """Hand one text message over and return Twilio's id of it. Raises DeliveryError."""
        if self.client is None or not self.sender:
            raise DeliveryError("No account for text messages is set up.")
        self._wait = None
        by = "messaging_service_sid" if self.sender.startswith("MG") else "from_"
        try:
            sent = self.client.messages.create(
                to=letter.to, body=letter.text, **{by: self.sender}, **_receipts_to(letter)
            )
        except TwilioRestException as problem:
            raise refusal(problem, retry_after=self._wait) from problem
        except (http.RequestException, TwilioException) as problem:
            raise broken_off(problem) from problem
        return str(sent.sid)

    def _hear(self, answer: Any, **_: Any) -> None:
        self._wait = asked_to_wait(answer.headers.get("Retry-After"))

    def find(self, sent: Sent) -> Found | None:
        """Look for a text by its number, its words and its time. Twilio keeps no reference of ours with it.

        The words are compared as the ledger keeps them, links masked. The time is compared here: Twilio's own filter
        goes by when a text was sent, and one in its queue was not yet.
        """
        if self.client is None:
            return None
        try:
            newest = self.client.messages.list(to=sent.to, limit=LOOKED_THROUGH, page_size=LOOKED_THROUGH)
        except TwilioRestException as problem:
            raise refusal(problem) from problem
        except (http.RequestException, TwilioException) as problem:
            raise broken_off(problem) from problem
        found = [text for text in newest if _is_it(text, sent)]
        stage = STAGES.get(str(found[0].status)) if len(found) == 1 else None
        return Found(str(found[0].sid), stage, str(found[0].error_code or "")) if stage else None


def _is_it(text: Any, sent: Sent) -> bool:
    near = text.date_created is not None and abs(text.date_created - sent.at) <= NEAR
    return near and masked(str(text.body)).strip() == sent.text.strip() and text.sid not in sent.others


def signed(url: str, form: Mapping[str, Any], signature: str) -> bool:
    """Whether the account signed this form for this address."""
    token = environ.Env()("TWILIO_AUTH_TOKEN", default="")
    return bool(token and signature) and bool(RequestValidator(token).validate(url, form, signature))


def _receipts_to(letter: Letter) -> dict[str, str]:
    """Where the provider says what became of this message. Without a public address it says nothing."""
    if not settings.PUBLIC_URL:
        return {}
    path = reverse("twilio-status", args=[letter.reference])
    return {"status_callback": f"{settings.PUBLIC_URL.rstrip('/')}{path}"}


def broken_off(problem: Exception) -> DeliveryError:
    """No answer: harmless when there was never a connection, unknown otherwise."""
    cause = getattr(problem.args[0] if problem.args else None, "reason", None)
    if isinstance(problem, http.ConnectTimeout | http.SSLError) or isinstance(cause, NewConnectionError):
        return DeliveryError("The provider of text messages could not be reached.")
    return DeliveryError("The provider of text messages gave no answer.", unknown=True)


def refusal(problem: TwilioRestException, *, retry_after: float | None = None) -> DeliveryError:
    """The provider's answer as ours. Its own words may hold the number and stay out."""
    code = problem.code or problem.status
    if problem.code in PERMANENT:
        return DeliveryError(PERMANENT[problem.code], permanent=True, code=code)
    if problem.status in {429, 503}:
        words = f"The provider of text messages is busy (answer {problem.status})."
        return DeliveryError(words, retry_after=retry_after, code=code)
    if problem.status >= 500:
        # It may have failed before or after it took the message.
        return DeliveryError(
            f"The provider of text messages failed (answer {problem.status}).", unknown=True, code=code
        )
    words = f"The provider refused the text message (answer {problem.status})."
    return DeliveryError(words, permanent=True, code=code)
