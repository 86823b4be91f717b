"""What providers of emails call us with, read by django-anymail and put into the words of this house.

django-anymail checks the provider's signature or the secret of its call. A provider that has neither is not heard.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.urls import urlpatterns
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils.timezone import is_aware

from config.refusals import Invalid, NotAllowed
from notifications.letter import MailEvent, Receipt

SUFFIX = "_tracking_webhook"
JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
# How a provider writes, where it is not JSON.
WRITES = {"mandrill": {FORM}, "mailgun": {JSON, FORM, PARTS}, "amazon_ses": {JSON, "text/plain"}}
# What a body that is no such event raises in the reading of it.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, SuspiciousOperation)

E = EventType
RECEIPTS = {
    E.QUEUED: Receipt.TAKEN,
    E.SENT: Receipt.TAKEN,
    E.DELIVERED: Receipt.ARRIVED,
    E.BOUNCED: Receipt.LOST,
    E.REJECTED: Receipt.LOST,
    E.FAILED: Receipt.LOST,
}
UNWANTED = {E.COMPLAINED, E.UNSUBSCRIBED}
UNWANTED_BEFORE = {RejectReason.SPAM, RejectReason.UNSUBSCRIBED}
# Where a provider says in its own words that an address takes no mail for good, and how.
HARD: dict[str, tuple[tuple[str, ...], set[Any]]] = {
    "Amazon SES": (("bounce", "bounceType"), {"Permanent"}),
    "Brevo": (("event",), {"hard_bounce", "invalid_email"}),
    "MailerSend": (("data", "type"), {"hard_bounced"}),
    "Mailjet": (("hard_bounce",), {True}),
    "Mandrill": (("event",), {"hard_bounce"}),
    "Postmark": (("Type",), {"HardBounce"}),
    "Unisender Go": (("delivery_info", "delivery_status"), {"err_user_unknown"}),
}
# The codes of RFC 3463 for a mailbox or a domain that is not there, and for one that has moved.
NO_SUCH_ADDRESS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
CODE = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)")


class _Heard:
    """What of a call is not proven is refused, whatever it is; and what is no event of this provider as well."""

    def run_validators(self: Any, request: HttpRequest) -> None:
        if not self.basic_auth and self.warn_if_no_basic_auth:
            raise NotAllowed("Nothing is set up by which a call of this provider could be told from a forged one.")
        try:
            super().run_validators(request)  # type: ignore[misc]
        except (ImproperlyConfigured, AnymailWebhookValidationFailure, *UNREADABLE) as problem:
            raise NotAllowed("This does not come from the provider.") from problem

    def parse_events(self: Any, request: HttpRequest) -> list[Any]:
        try:
            return list(super().parse_events(request))  # type: ignore[misc]
        except (ImproperlyConfigured, *UNREADABLE) as problem:
            raise Invalid("This is no event of this provider.") from problem


HEARERS: dict[str, Callable[[], Any]] = {
    address.name.removesuffix(SUFFIX): type("Heard", (_Heard, address.callback.view_class), {})
    for address in urlpatterns
    if address.name.endswith(SUFFIX)
}


def hear(provider: str, request: HttpRequest) -> HttpResponseBase:
    """Send each event of a provider's call as the signal `anymail.signals.tracking`. Raises NotAllowed and Invalid."""
    hearer = HEARERS.get(provider)
    if hearer is None:
        raise NotAllowed("There is no such provider of emails.")
    if request.method == "POST" and request.content_type not in WRITES.get(provider, {JSON}):
        raise Invalid("This provider does not write so.")
    try:
        view = hearer()
    except ImproperlyConfigured as problem:
        raise NotAllowed("The keys of this provider are not set up.") from problem
    view.setup(request)
    answer: HttpResponseBase = view.dispatch(request)
    return answer


def told(event: AnymailTrackingEvent, esp_name: str) -> MailEvent:
    """An event in the words of this house. Addresses and the provider's sentences stay out."""
    code = _code(event)
    lost = RECEIPTS.get(event.event_type) == Receipt.LOST
    return MailEvent(
        provider_id=str(event.message_id or "")[:120],
        reference=_reference(event.metadata),
        receipt=RECEIPTS.get(event.event_type),
        code=code if lost else "",
        no_such_address=lost and _is_hard(event, esp_name, code),
        unwanted=event.event_type in UNWANTED or (lost and event.reject_reason in UNWANTED_BEFORE),
        at=_at(event.timestamp),
    )


def _reference(metadata: Any) -> UUID | None:
    """Our own id of the message, which most providers say back."""
    try:
        return UUID(str(metadata["reference"]))
    except (ValueError, LookupError, TypeError):
        return None


def _code(event: AnymailTrackingEvent) -> str:
    """The mail server's code, such as 5.1.1; without one, the kind of failure in django-anymail's words."""
    found = CODE.search(f"{event.mta_response or ''} {event.description or ''}")
    return found[0] if found else str(event.reject_reason or event.event_type)[:40]


def _is_hard(event: AnymailTrackingEvent, esp_name: str, code: str) -> bool:
    if event.reject_reason == RejectReason.INVALID or code in NO_SUCH_ADDRESS:
        return True
    path, words = HARD.get(esp_name, ((), set()))
    word: Any = event.esp_event
    for key in path:
        word = word.get(key) if isinstance(word, dict) else None
    return isinstance(word, str | bool) and word in words


def _at(timestamp: datetime | None) -> datetime | None:
    return timestamp if timestamp is not None and is_aware(timestamp) else None
