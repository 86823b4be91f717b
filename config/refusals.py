"""The ways in which the house says no, each with words for the person who asked.

A domain function raises one of these; nothing else leaves it on purpose. `config.api.refusals` turns them into answers.
"""

from typing import Any


class Refused(Exception):
    """A request that was understood and not carried out.

    `message` is shown to the person as it stands. `field` names the input it belongs to. `facts` are plain values
    that help to go on (what took the place, the next free starts).
    """

    code = "refused"
    status = 400

    def __init__(self, message: str, *, field: str | None = None, code: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or self.code
        self.facts = facts

    @property
    def errors(self) -> dict[str, list[str]]:
        """Field name to messages, the shape that forms and serializers use."""
        return {self.field: [self.message]} if self.field else {}


class Invalid(Refused):
    """The values do not make sense: HTTP 400. `errors` may be given for several fields at once."""

    code = "invalid"
    status = 400

    def __init__(self, message: str, *, errors: dict[str, list[str]] | None = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self._errors = errors or {}

    @property
    def errors(self) -> dict[str, list[str]]:
        return self._errors or super().errors


class NotAllowed(Refused):
    """The person's role does not do this: HTTP 403."""

    code = "not-allowed"
    status = 403


class NotFound(Refused):
    """There is no such thing, or it is not yours to see: HTTP 404, the same words for both."""

    code = "not-found"
    status = 404


class Clash(Refused):
    """Somebody or something else has the place, or the state does not allow it: HTTP 409."""

    code = "clash"
    status = 409


class Stale(Clash):
    """The record changed after this copy of it was read: HTTP 409. `facts["current"]` holds its version now."""

    code = "stale-version"


class Unanswered(Refused):
    """The same idempotency key came with another body: HTTP 422."""

    code = "key-reused"
    status = 422


class SlowDown(Refused):
    """Too many tries: HTTP 429. `facts["retry_after"]` holds the seconds to wait."""

    code = "too-many-tries"
    status = 429
