"""What every channel does, and how it says that it could not."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


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


class DeliveryError(Exception):
    """The provider did not take the message. The words are for staff and name nobody.

    `permanent`: another try would end the same way. `unknown`: it may have been taken after all. `retry_after`: seconds
    that the provider asked us to wait.
    """

    def __init__(
        self, words: str, *, permanent: bool = False, unknown: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent
        self.unknown = unknown
        self.retry_after = retry_after


class Sender(Protocol):
    """A channel that is open for one batch."""

    def send(self, letter: Letter) -> str:
        """Hand one message over and return the provider's reference ("" when it gives none). Raises DeliveryError."""
        ...


def opened(channel: str) -> AbstractContextManager[Sender]:
    """The channel that the settings name for `sms` or `email`, to be used in a `with` for one batch."""
    name = {"sms": settings.SMS_CHANNEL, "email": settings.EMAIL_CHANNEL}[channel]
    made: AbstractContextManager[Sender] = import_string(name)()
    return made
