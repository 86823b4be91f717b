"""What providers call us with, in their own words, and the doors that it goes through.

Of texts only what bears the provider's signature over our configured public address is heard: behind a proxy the Host
header may be anybody's. Calls about emails are checked by django-anymail, see `channels.mail_events`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, tracking
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from config.refusals import Invalid, NotAllowed
from notifications import inbound, mail_receipts, receipts
from notifications.channels import mail_events, twilio


def check(*, path: str, form: Mapping[str, Any], signature: str) -> None:
    """Raise NotAllowed unless the provider signed this form for this path of our public address."""
    if not settings.PUBLIC_URL or not twilio.signed(f"{settings.PUBLIC_URL.rstrip('/')}{path}", form, signature):
        raise NotAllowed("This was not signed by the provider.")


def status(*, message_id: UUID, form: Mapping[str, Any], now: datetime) -> None:
    """A receipt for one of our messages. One that says nothing new, or a word that we do not know, changes nothing."""
    sid = _needed(form, "MessageSid")
    receipt = twilio.RECEIPTS.get(str(form.get("MessageStatus", "")))
    if receipt is not None:
        code = str(form.get("ErrorCode", ""))
        receipts.take(message_id=message_id, provider_id=sid, receipt=receipt, code=code, now=now)


def answer(*, form: Mapping[str, Any], now: datetime) -> str:
    """An answer by text. Returns what to send back, or "": to one that came before, nothing.

    With `OptOutType` the provider has understood and answered a STOP, START or HELP itself.
    """
    sid, number = _needed(form, "MessageSid"), _needed(form, "From")
    said, new = inbound.receive(
        provider_id=sid,
        number=number,
        text=str(form.get("Body", "")).replace("\x00", ""),  # which no text column takes
        now=now,
        provider_answered=bool(form.get("OptOutType")),
    )
    return said.answer if new else ""


def mail(*, provider: str, request: HttpRequest) -> None:
    """Hear what the configured provider of emails calls us with.

    Raises NotAllowed for another provider and for a call that it did not make, Invalid for one that says nothing.
    """
    if not settings.ANYMAIL_PROVIDER or provider != settings.ANYMAIL_PROVIDER:
        raise NotAllowed("Emails do not go by this provider.")
    mail_events.hear(provider, request)


def mail_told(event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """One event of a call that was found to be the provider's own."""
    mail_receipts.hear(mail_events.told(event, esp_name), now=timezone.now())


# How django-anymail hands over what it has read; this is the only hearer.
tracking.connect(mail_told, dispatch_uid="notifications.callbacks.mail_told")


def _needed(form: Mapping[str, Any], name: str) -> str:
    value = str(form.get(name, "")).strip()
    if not value or len(value) > 120:
        raise Invalid("The provider's form lacks a field.", field=name)
    return value
