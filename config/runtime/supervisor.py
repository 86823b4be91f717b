"""Keeps a handful of programs running: starts them in order, restarts what dies, stops them in the opposite order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.runtime.interruption import TICK, Interruption
from config.runtime.processes import Child, Program, spawn, tail
from config.runtime.refusal import Refusal, Stopped

# A program that dies this often within WINDOW seconds will not live by being started once more.
DEATHS = 5
WINDOW = 60
PAUSES = (0.3, 1, 2, 4)
START_TRIES = 4


@dataclass
class Kept:
    """A program under care, its process, and when its processes died."""

    program: Program
    child: Child | None
    deaths: list[float] = field(default_factory=list)
    again_at: float = 0

    def note_death(self, pauses: Sequence[float]) -> None:
        now = time.monotonic()
        self.deaths = [*(death for death in self.deaths if death > now - WINDOW), now]
        self.child = None
        self.again_at = now + pauses[min(len(self.deaths), len(pauses)) - 1]

    @property
    def hopeless(self) -> bool:
        return len(self.deaths) >= DEATHS


@dataclass
class Supervisor:
    """`run` and `log` are the folders of records and of the programs' output; `say` tells the person.

    `pauses` are the seconds before the first, second, ... new start of a program that died.
    """

    run: Path
    log: Path
    interruption: Interruption
    say: Callable[[str], None]
    pauses: Sequence[float] = PAUSES
    kept: list[Kept] = field(default_factory=list)

    def start(
        self,
        program: Program,
        *,
        ready: Callable[[], bool] = lambda: True,
        seconds: float = 30,
        every: float = TICK,
    ) -> None:
        """Starts `program` and waits until `ready()`. Tried a few times: what a killed one held is let go late."""
        kept = Kept(program, None)
        self.kept.append(kept)
        for _ in range(START_TRIES):
            kept.child = self._spawn(program)
            if self._came_up(kept.child, ready, seconds=seconds, every=every):
                return
            kept.child = None
            self.interruption.pause(self.pauses[0])
        raise Refusal(f"{program.name} does not start.\n{self._last_words(program)}")

    def watch(self) -> None:
        """Until somebody asks for an end; raises Refusal when a program cannot be kept alive."""
        try:
            while True:
                self.tend()
                self.interruption.pause(0.2)
        except Stopped:
            return

    def tend(self) -> None:
        """One round: start again what died and has waited its turn."""
        for kept in self.kept:
            self._look_after(kept)

    def stop(self) -> None:
        """Last started, first stopped. Never interrupted, may be called again."""
        while self.kept:
            child = self.kept[-1].child
            if child is not None:
                child.stop()
            self.kept.pop()

    def _came_up(self, child: Child, ready: Callable[[], bool], *, seconds: float, every: float) -> bool:
        """True when it is ready, False when it ended instead."""
        if not self.interruption.wait_for(lambda: child.ended() is not None or ready(), seconds=seconds, every=every):
            name = child.program.name
            raise Refusal(f"{name} did not become ready in {seconds:.0f} s.\n{self._last_words(child.program)}")
        return child.ended() is None

    def _look_after(self, kept: Kept) -> None:
        if kept.child is not None and (code := kept.child.ended()) is not None:
            kept.note_death(self.pauses)
            if kept.hopeless:
                raise Refusal(f"{kept.program.name} keeps ending ({code}).\n{self._last_words(kept.program)}")
            self.say(f"{kept.program.name} ended ({code}); starting it again")
        if kept.child is None and time.monotonic() >= kept.again_at:
            kept.child = self._spawn(kept.program)

    def _spawn(self, program: Program) -> Child:
        return spawn(program, run=self.run, log=self.log)

    def _last_words(self, program: Program) -> str:
        log_file = self.log / f"{program.name}.log"
        return f"Last lines of {log_file}:\n{tail(log_file)}"
