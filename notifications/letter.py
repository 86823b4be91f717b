"""A message on its way from the ledger to a channel, and what the provider says of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True)
class Letter:
    """One message as it leaves, with a file for calendars (RFC 5545) if there is one.

    `reference` is the ledger's id, the same at every try, so that a repeat can be told.
    """

    reference: UUID
    to: str
    sender_name: str
    reply_to: str
    subject: str
    text: str
    language: str
    calendar: str = ""


class Receipt(StrEnum):
    """How far a message came, in the words of this house."""

    TAKEN = "taken"
    ARRIVED = "arrived"
    LOST = "lost"


@dataclass(frozen=True)
class Sent:
    """What was handed over at `at` (the database's clock), to ask the provider for it.

    `text` is as the ledger keeps it, a link in it masked. `others` are the provider's references of messages that say
    the same to the same address: none of them is this one.
    """

    reference: UUID
    to: str
    text: str
    at: datetime
    others: frozenset[str]


@dataclass(frozen=True)
class Found:
    """The provider's reference of a message that it was asked for, how far it came, and the provider's code."""

    provider_id: str
    receipt: Receipt
    code: str = ""


@dataclass(frozen=True)
class MailEvent:
    """What a provider of emails says of one email, without any address.

    `reference` is the ledger's id, where the provider says it back; `code` says why it did not arrive;
    `no_such_address` that the address takes no mail for good; `unwanted` that whoever reads it wants no more; `at` is
    the provider's clock.
    """

    provider_id: str
    reference: UUID | None
    receipt: Receipt | None
    code: str
    no_such_address: bool
    unwanted: bool
    at: datetime | None
