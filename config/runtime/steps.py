"""Commands that run once and end: migrations, the demo clinic, and whatever a person asks for."""

import subprocess
import time
from collections.abc import Mapping, Sequence

from config.runtime.environment import ROOT, Place
from config.runtime.interruption import TICK, Interruption
from config.runtime.processes import Program, spawn, tail
from config.runtime.refusal import Refusal


def run_step(program: Program, *, place: Place, interruption: Interruption) -> None:
    """Runs `program` to its end, its output in the log; refuses with its last lines when it fails."""
    child = spawn(program, run=place.run, log=place.log)
    try:
        while child.ended() is None:
            interruption.check()
            time.sleep(TICK)
    finally:
        child.stop()
    if child.popen.returncode != 0:
        log_file = place.log / f"{program.name}.log"
        raise Refusal(f"{program.name} failed. Last lines of {log_file}:\n{tail(log_file)}")


def run_for_person(command: Sequence[str], *, environment: Mapping[str, str], interruption: Interruption) -> int:
    """Runs a command with our own standard input and output; the answer is its exit code.

    It shares our process group, so Ctrl-C in the terminal reaches it directly; any other end is passed on.
    """
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    asked_to_end = False
    while process.poll() is None:
        if interruption.asked() and not asked_to_end:
            asked_to_end = True
            process.terminate()
        time.sleep(TICK)
    return process.returncode
