"""Ctrl-C and SIGTERM as a question that can be asked, so that stopping is never itself interrupted."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from config.runtime.refusal import Stopped

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.05


class Interruption:
    """Set by the first signal; every later one changes nothing."""

    def __init__(self) -> None:
        self.came = False
        self._make = os.getppid() if os.environ.get("MAKELEVEL") else None

    def listen(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._note)

    def asked(self) -> bool:
        return self.came or (self._make is not None and _ending(self._make))

    def check(self) -> None:
        if self.asked():
            raise Stopped

    def wait_for(self, condition: Callable[[], bool], *, seconds: float, every: float = TICK) -> bool:
        """Asks `condition` again after each `every` seconds; raises Stopped as soon as somebody wants an end."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.pause(every)
        return True

    def pause(self, seconds: float) -> None:
        """Sleeps, unless somebody wants an end."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.check()
            time.sleep(min(TICK, left))
        self.check()

    def _note(self, *_: object) -> None:
        self.came = True


def _ending(make: int) -> bool:
    """Has our `make` been killed, or been asked to end by a signal of its own?

    When it is killed, nobody passes a signal on to us. A Ctrl-C in the terminal reaches us as well, and SIGTERM it
    passes on; but a SIGINT or SIGHUP that was sent to `make` alone it keeps for itself and waits until we end. On
    Linux that can be seen: the signal that it is handling is blocked.
    """
    if os.getppid() != make:
        return True
    try:
        status = Path(f"/proc/{make}/status").read_text()
    except OSError:
        return False
    blocked = next((line.split()[1] for line in status.splitlines() if line.startswith("SigBlk:")), "0")
    return any(int(blocked, 16) >> (number - 1) & 1 for number in SIGNALS)
