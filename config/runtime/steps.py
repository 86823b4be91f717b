"""Commands that run once and end: migrations, the demo clinic, and whatever a person asks for."""

import subprocess
import time
from collections.abc import Mapping, Sequence

from config.runtime.environment import ROOT, Place
from config.runtime.interruption import TICK, Interruption
from config.runtime.processes import Program, spawn, tail
from config.runtime.refusal import Refusal


def run_steps(*programs: Program, place: Place, interruption: Interruption) -> None:
    """Runs programs beside each other to their ends, their output in logs of their own; refuses with the last lines of
    one that fails."""
    for program in programs:
        (place.log / f"{program.name}.log").unlink(missing_ok=True)
    children = [spawn(program, run=place.run, log=place.log) for program in programs]
    try:
        while any(child.ended() is None for child in children):
            interruption.check()
            time.sleep(TICK)
    finally:
        for child in children:
            child.stop()
    for child in children:
        if child.popen.returncode != 0:
            raise Refusal(f"{child.program.name} failed. Last lines of {child.log}:\n{tail(child.log)}")


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
