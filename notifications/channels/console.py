"""Onto the terminal, for somebody who works on the texts. Shows people's data: never for a real clinic."""

import sys
from types import TracebackType
from typing import Self

from notifications.letter import Letter


class Console:
    """Prints each message."""

    leaves = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def send(self, letter: Letter) -> str:
        """Print it; nothing leaves the machine."""
        sys.stdout.write(f"--- to {letter.to}\n{letter.subject}\n{letter.text}\n")
        sys.stdout.flush()
        return f"console-{letter.reference}"
