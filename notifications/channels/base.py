"""What every channel does, and how it says that it could not."""

from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.letter import Found, Letter, Sent


class DeliveryError(Exception):
    """The provider did not take the message. The words are for staff and name nobody.

    `permanent`: another try would end the same way. `unknown`: it may have been taken after all. `retry_after`: seconds
    that the provider asked us to wait. `code`: the provider's own, to look it up by.
    """

    def __init__(
        self,
        words: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        retry_after: float | None = None,
        code: str | int | None = None,
    ) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent
        self.unknown = unknown
        self.retry_after = retry_after
        self.code = str(code or "")[:40]


def asked_to_wait(retry_after: str | None) -> float | None:
    """The seconds of an answer's Retry-After header; None where it is missing or no plain number."""
    said = (retry_after or "").strip()
    return float(said) if said.isdecimal() else None


class Sender(Protocol):
    """A channel that is open for one batch."""

    def send(self, letter: Letter) -> str:
        """Hand one message over and return the provider's reference ("" when it gives none). Raises DeliveryError."""
        ...


@runtime_checkable
class Answering(Protocol):
    """An open channel whose provider can be asked what became of a message."""

    def find(self, sent: Sent) -> Found | None:
        """What the provider knows of it; None when it knows of none, or cannot tell which. Raises DeliveryError."""
        ...


def opened(channel: str) -> AbstractContextManager[Sender]:
    """The channel that the settings name for `sms` or `email`, to be used in a `with` for one batch."""
    made: AbstractContextManager[Sender] = _named(channel)()
    return made


def leaves(channel: str) -> bool:
    """Whether what this channel sends leaves the machine. A new channel does, unless it says otherwise."""
    return getattr(_named(channel), "leaves", True)


def can_be_asked(channel: str) -> bool:
    """Whether the provider of a channel can say later what became of a message."""
    return issubclass(_named(channel), Answering)


def _named(channel: str) -> Any:
    return import_string({"sms": settings.SMS_CHANNEL, "email": settings.EMAIL_CHANNEL}[channel])
