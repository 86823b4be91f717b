"""Into a folder instead of out into the world: the demo's and the tests' channels. `settings.OUTBOX_DIR` names it.

A repeat of the same message writes over its own file. Every try adds a line to `log.jsonl`, so that it can be seen.
"""

import json
import os
from email.policy import SMTPUTF8
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.utils import timezone

from notifications.channels.letters import as_email
from notifications.letter import Letter

LOG = "log.jsonl"


class FileChannel:
    """Writes one file a message, whole or not at all."""

    kind = ""
    leaves = False

    def __enter__(self) -> Self:
        self.folder = Path(settings.OUTBOX_DIR)
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def send(self, letter: Letter) -> str:
        """Write the file, then its line in the log."""
        self._replace(f"{letter.reference}.{self.kind}", self.content(letter))
        line = json.dumps({"at": timezone.now().isoformat(), "kind": self.kind, "message": str(letter.reference)})
        with (self.folder / LOG).open("a") as log:
            log.write(f"{line}\n")
        return f"file-{letter.reference}"

    def content(self, letter: Letter) -> bytes:
        """What the file of this message holds."""
        raise NotImplementedError

    def _replace(self, name: str, content: bytes) -> None:
        unfinished = self.folder / f".{name}.{os.getpid()}"
        unfinished.write_bytes(content)
        unfinished.replace(self.folder / name)


class FileEmail(FileChannel):
    """An email as a file that any mail program opens."""

    kind = "eml"

    def content(self, letter: Letter) -> bytes:
        return as_email(letter).as_bytes(policy=SMTPUTF8)


class FileSms(FileChannel):
    """A text message as JSON."""

    kind = "json"

    def content(self, letter: Letter) -> bytes:
        shown = {"to": letter.to, "text": letter.text, "message": str(letter.reference)}
        return json.dumps(shown, ensure_ascii=False, indent=2).encode()
