"""A message as an email: headers that a mail server needs, and a Message-ID that is the same at every try."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from notifications.channels.base import DeliveryError
from notifications.letter import Letter

PLAUSIBLE = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")


def message_id(letter: Letter) -> str:
    """The same for the same row of the ledger, so that a mailbox can drop a repeat."""
    return f"<{letter.reference}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"


def mailbox(address: str) -> Address:
    """The address, its domain in the form that every mail server takes. Raises DeliveryError for one that is none."""
    try:
        if not PLAUSIBLE.fullmatch(address):
            raise ValueError
        local, _, domain = address.rpartition("@")
        return Address(username=local, domain=domain if domain.isascii() else domain.encode("idna").decode())
    except (ValueError, IndexError):
        raise DeliveryError("The email address is not valid.", permanent=True) from None


def as_email(letter: Letter) -> EmailMessage:
    """The whole email; on the wire it is ASCII unless its address is not. Raises DeliveryError for a wrong address."""
    email = EmailMessage(policy=SMTP)
    email["From"] = Address(letter.sender_name, addr_spec=settings.DEFAULT_FROM_EMAIL)
    email["To"] = mailbox(letter.to)
    if letter.reply_to:
        email["Reply-To"] = mailbox(letter.reply_to)
    email["Subject"] = letter.subject
    email["Message-ID"] = message_id(letter)
    email["Date"] = format_datetime(timezone.now())
    email["Auto-Submitted"] = "auto-generated"
    email["Content-Language"] = letter.language
    email.set_content(letter.text, cte="quoted-printable")
    if letter.calendar:
        email.add_attachment(letter.calendar, subtype="calendar", filename="visit.ics", cte="base64")
    return email
