"""What the fake providers share: how they treat each recipient, what they took, and where they make a sender wait."""

import socketserver
import time
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from threading import Event, Lock, Thread
from typing import Any, NamedTuple, Self

PATIENCE = 60


class How(StrEnum):
    """What a provider does to a message."""

    TAKES = "takes it"
    REFUSES = "refuses the recipient for good"
    FAILS = "answers 500"
    BUSY = "is busy and says when to come again, if its protocol can"
    RESETS = "resets the connection before it took anything"
    SILENT_BEFORE = "says nothing more before it took anything"
    SILENT = "takes it and says nothing more"
    DROPS = "takes it and closes the connection without an answer"
    DRIPS = "takes it and answers letter by letter"
    DRIPS_ON = "takes it and never comes to the end of its answer"
    HOLDS_BEFORE = "stands still before it takes it"
    HOLDS_AFTER = "takes it and stands still before it answers"


class Taken(NamedTuple):
    """A message that a provider took: from then on the patient gets it, whatever became of the answer."""

    message: str
    to: str
    at: float


class Provider:
    """Listens on `port` for the length of a `with`. `usually` and `how_to` say what it does, `taken` what it took."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.how_to: dict[str, How] = {}
        self.usually = How.TAKES
        self.chooses: Callable[[], How] | None = None
        self.asked: Counter[str] = Counter()
        self.running = True
        self._stands, self._go, self._lock = Event(), Event(), Lock()

    def __enter__(self) -> Self:
        self._server: Any = self.listening()
        self._server.provider = self
        self.port: int = self._server.server_address[1]
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.running = False
        self.let_go()
        self._server.shutdown()
        self._server.server_close()

    def listening(self) -> socketserver.BaseServer:
        """The server that listens."""
        raise NotImplementedError

    def forget(self) -> None:
        """As new, for the next test."""
        self.taken, self.how_to, self.usually, self.chooses, self.asked = [], {}, How.TAKES, None, Counter()
        self.forget_barrier()

    def forget_barrier(self) -> None:
        """Whoever comes next stands still again."""
        self.let_go()
        self._stands, self._go = Event(), Event()

    def how(self, to: str) -> How:
        """What happens to a message to this address now."""
        with self._lock:
            self.asked[to] += 1
            return self.how_to.get(to) or (self.chooses() if self.chooses else self.usually)

    def take(self, message: str, to: str) -> None:
        with self._lock:
            self.taken.append(Taken(message, to, time.time()))

    def ids(self) -> list[str]:
        """The messages that it took, each as often as it took it."""
        with self._lock:
            return sorted(taken.message for taken in self.taken)

    # --- a barrier ---

    def hold(self) -> bool:
        """Stand still until the test lets go; whether it did, and this provider goes on."""
        self._stands.set()
        return self._go.wait(PATIENCE) and self.running

    def stand(self) -> None:
        """Stand still for longer than any sender waits."""
        self._go.wait(PATIENCE)

    def wait_for_sender(self) -> None:
        """Until a sender stands at the barrier."""
        assert self._stands.wait(PATIENCE), "No sender came to the barrier."

    def let_go(self) -> None:
        """Whoever stands at the barrier goes on; whoever comes later does not stop there."""
        self._go.set()
