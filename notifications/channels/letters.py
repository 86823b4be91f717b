"""A message as an email: headers that a mail server needs, and a Message-ID that is the same at every try."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from notifications.channels.base import DeliveryError, Letter


def message_id(letter: Letter) -> str:
    """The same for the same row of the ledger, so that a mailbox can drop a repeat."""
    return f"<{letter.reference}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"


def mailbox(address: str) -> str:
    """The address, its domain in the form that every mail server takes. Raises DeliveryError for one that is none."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode() if not domain.isascii() else domain}"
    except UnicodeError:
        raise DeliveryError("The email address is not valid.", permanent=True) from None


def as_email(letter: Letter) -> EmailMessage:
    """The whole email, in UTF-8. Raises DeliveryError when the address cannot stand in a header."""
    email = EmailMessage(policy=SMTPUTF8)
    try:
        email["From"] = Address(letter.sender_name, addr_spec=settings.DEFAULT_FROM_EMAIL)
        email["To"] = Address(addr_spec=mailbox(letter.to))
        if letter.reply_to:
            email["Reply-To"] = letter.reply_to
        email["Subject"] = letter.subject
    except (ValueError, IndexError) as problem:
        raise DeliveryError("The email address is not valid.", permanent=True) from problem
    email["Message-ID"] = message_id(letter)
    email["Date"] = format_datetime(timezone.now())
    email["Auto-Submitted"] = "auto-generated"
    email["Content-Language"] = letter.language
    email.set_content(letter.text)
    return email
