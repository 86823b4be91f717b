"""A supervisor with three small programs, run as a process of its own by tests that kill it.

`python -m tests.runtime.small_house DATA_FOLDER [deaf]`: writes `ready` and the names of cleared leftovers, then
watches. A program appends its name to `ends` when it is asked to end; a deaf one does not listen.
"""

import sys
from pathlib import Path

from config.runtime.environment import ROOT, Place, python
from config.runtime.holding import held
from config.runtime.interruption import Interruption
from config.runtime.processes import Program
from config.runtime.supervisor import Supervisor

NAMES = ("database", "queue", "pages")
OBEDIENT = """
import pathlib, signal, sys, time
def end(*_):
    with pathlib.Path(sys.argv[1]).open("a") as ends:
        ends.write(sys.argv[2] + "\\n")
    sys.exit()
signal.signal(signal.SIGTERM, end)
pathlib.Path(sys.argv[3]).touch()
time.sleep(600)
"""
DEAF = OBEDIENT.replace("signal.SIGTERM, end", "signal.SIGTERM, signal.SIG_IGN")


def program(place: Place, name: str, *, deaf: bool) -> Program:
    command = python("-c", DEAF if deaf else OBEDIENT, str(place.data / "ends"), name, str(listening(place, name)))
    return Program(name=name, command=command, environment={}, folder=ROOT, patience=0.5)


def listening(place: Place, name: str) -> Path:
    """Appears when the program has set up its handler."""
    return place.run / f"{name}.listening"


def main(folder: str, deaf: bool) -> None:
    interruption = Interruption()
    interruption.listen()
    place = Place(Path(folder))
    with held(place, purpose="a small house") as left:
        supervisor = Supervisor(run=place.run, log=place.log, interruption=interruption, say=print)
        for name in NAMES:
            listening(place, name).unlink(missing_ok=True)
            supervisor.start(program(place, name, deaf=deaf), ready=listening(place, name).exists)
        print("ready", *left, flush=True)
        supervisor.watch()
        supervisor.stop()


if __name__ == "__main__":
    main(sys.argv[1], deaf="deaf" in sys.argv[2:])
