"""One owner per data folder: a lock that the system releases when its holder dies, however it dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from config.runtime.environment import Place
from config.runtime.processes import clear_leftovers
from config.runtime.refusal import Refusal
from config.runtime.servers import LAST


@contextmanager
def held(place: Place, *, purpose: str) -> Iterator[list[str]]:
    """The data folder is ours for the while. Yields the names of what an earlier owner left running, now stopped."""
    place.make()
    with (place.run / "lock").open("a+") as lock:
        if not _got(lock.fileno()):
            raise Refusal(_who(lock.name, place))
        _sign(lock.fileno(), f"{purpose}, process {os.getpid()}")
        stopped = clear_leftovers(place.run, last=LAST)
        forget_environment(place)
        yield stopped
        forget_environment(place)


def in_use(place: Place) -> bool:
    """Does somebody hold this folder now?"""
    try:
        with (place.run / "lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def publish_environment(place: Place, told: Mapping[str, str]) -> None:
    """Leaves what the demo's programs were told, for `make manage` and `make token` in another window."""
    descriptor = os.open(_published(place), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(dict(told), file)


def published_environment(place: Place) -> dict[str, str] | None:
    """What the running demo's programs were told; None when no demo runs here."""
    if not in_use(place):
        return None
    try:
        told: dict[str, str] = json.loads(_published(place).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return told


def forget_environment(place: Place) -> None:
    _published(place).unlink(missing_ok=True)


def _published(place: Place) -> Path:
    return place.run / "environment.json"


def _got(lock: int) -> bool:
    """Tried for a second: somebody may only be asking whether the folder is in use."""
    for _ in range(20):
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.05)
    return False


def _who(lock: str, place: Place) -> str:
    owner = ""
    with suppress(OSError):
        owner = Path(lock).read_text().strip()
    return (
        f"{place.data} is in use already ({owner or 'by another process'}). Stop that one first (Ctrl-C in its window)."
    )


def _sign(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{text}\n".encode())
