"""Providers that misbehave, each in its own way. The settings of a test name them by their dotted path."""

import json
import os
import time
from pathlib import Path
from typing import ClassVar

from notifications.channels.base import DeliveryError
from notifications.channels.file import LOG, FileEmail, FileSms
from notifications.letter import Found, Letter, Sent


class Busy(FileSms):
    """Takes nothing just now."""

    def send(self, letter: Letter) -> str:
        raise DeliveryError("The provider is busy.")


class BusyForAnHour(FileSms):
    """Says when to come again."""

    def send(self, letter: Letter) -> str:
        raise DeliveryError("The provider is busy.", retry_after=3600)


class Refusing(FileSms):
    """Will never take it."""

    def send(self, letter: Letter) -> str:
        raise DeliveryError("The number does not exist.", permanent=True)


class Silent(FileSms):
    """Takes it and gives no answer in time."""

    def send(self, letter: Letter) -> str:
        super().send(letter)
        raise DeliveryError("No answer within 10 seconds.", unknown=True)


class Knowing(Silent):
    """Gives no answer, and can be asked later. `knows` says what it answers then, `asked` what for."""

    knows: ClassVar[list] = []
    asked: ClassVar[list] = []

    def find(self, sent: Sent) -> Found | None:
        self.asked.append(sent)
        for found in self.knows:
            if isinstance(found, Exception):
                raise found
            if found.provider_id not in sent.others:
                return found
        return None


class Broken(FileSms):
    """Has a fault that nobody thought of."""

    def send(self, letter: Letter) -> str:
        raise ZeroDivisionError


class RefusesRosa(FileSms):
    """One bad recipient among good ones."""

    def send(self, letter: Letter) -> str:
        if letter.to == "+12135550142":
            raise DeliveryError("The number does not exist.", permanent=True)
        return super().send(letter)


class Late(FileSms):
    """Answers only after something else has happened."""

    meanwhile: ClassVar[list] = []

    def send(self, letter: Letter) -> str:
        for act in self.meanwhile:
            act()
        return super().send(letter)


class Barred(FileEmail):
    """Stops at a barrier, before or after it took the message, for as long as the file `bar` lies in its folder."""

    def send(self, letter: Letter) -> str:
        where = (self.folder / "bar").read_text() if (self.folder / "bar").exists() else ""
        if where == "before":
            self._wait()
        reference = super().send(letter)
        if where == "after":
            self._wait()
        return reference

    def _wait(self) -> None:
        (self.folder / "stands").write_text(str(os.getpid()))
        while (self.folder / "bar").exists():
            time.sleep(0.02)


def sent_to(folder: Path) -> list[str]:
    """The messages that left, in order, each as often as it left."""
    log = folder / LOG
    return [json.loads(line)["message"] for line in log.read_text().splitlines()] if log.exists() else []


class Outside(FileSms):
    """As if it left the machine."""

    leaves = True


class OutsideEmail(FileEmail):
    """As if it left the machine."""

    leaves = True
