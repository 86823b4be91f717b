"""Ctrl-C and SIGTERM as a question that can be asked, so that stopping is never itself interrupted."""

import os
import signal
import time
from collections.abc import Callable

from config.runtime.refusal import Stopped

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.05


class Interruption:
    """Set by the first signal; every later one changes nothing."""

    def __init__(self) -> None:
        self.came = False
        # When `make` is killed, nobody is left to pass a signal on to us.
        self._parent = os.getppid() if os.environ.get("MAKELEVEL") else None

    def listen(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._note)

    def asked(self) -> bool:
        orphaned = self._parent is not None and os.getppid() != self._parent
        return self.came or orphaned

    def check(self) -> None:
        if self.asked():
            raise Stopped

    def wait_for(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Asks `condition` again and again; raises Stopped as soon as somebody wants an end."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                return False
            time.sleep(TICK)
        return True

    def _note(self, *_: object) -> None:
        self.came = True
