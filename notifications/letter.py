"""A message on its way from the ledger to a channel."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Letter:
    """One message as it leaves. `reference` is the ledger's id, the same at every try, so that a repeat can be told."""

    reference: UUID
    to: str
    sender_name: str
    reply_to: str
    subject: str
    text: str
    language: str
