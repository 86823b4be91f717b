"""However `make` is asked to end, what it started ends in order; and its words when something is missing."""

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.runtime.environment import ROOT, Place, python
from config.runtime.processes import LINUX
from tests.runtime.small_house import NAMES
from tests.runtime.test_supervisor import pids

# Elsewhere GNU make keeps a SIGINT or SIGHUP that only it got to itself (config/runtime/interruption.py).
SIGNALS = (signal.SIGTERM, signal.SIGKILL, *((signal.SIGINT, signal.SIGHUP) if LINUX else ()))


def apart() -> dict[str, str]:
    """The environment of a make of its own: these tests may themselves run under `make test`."""
    return {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}


def heard() -> None:
    """A shell's background jobs are born with SIGINT ignored, and would hand that down to make."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def made(place: Place, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The small house, started by a recipe like that of `make demo`."""
    command = shlex.join(python("-m", "tests.runtime.small_house", str(place.data)))
    (tmp_path / "Makefile").write_text(f"house:\n\t@exec {command}\n")
    make = ("make", "-f", str(tmp_path / "Makefile"))
    with subprocess.Popen(
        make, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True, env=apart(), preexec_fn=heard
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_to_make_alone_stops_everything_in_order(
    place: Place, tmp_path: Path, gone: Callable[[int], bool], number: signal.Signals
) -> None:
    with made(place, tmp_path) as make:
        started = pids(place)
        make.send_signal(number)

        assert [gone(pid) for pid in started] == [True] * len(NAMES)
        assert (place.data / "ends").read_text().split() == ["pages", "queue", "database"]


@pytest.mark.parametrize(
    ("target", "words"), [("token", "Whose token.*USER=frontdesk"), ("manage", "Which command.*import_patients FILE")]
)
def test_a_target_that_lacks_its_argument_says_what_to_type(target: str, words: str) -> None:
    answer = subprocess.run(["make", target], cwd=ROOT, env=apart(), capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert answer.stdout == ""
    assert re.search(words, answer.stderr)


def test_make_alone_lists_the_commands() -> None:
    answer = subprocess.run(["make"], cwd=ROOT, env=apart(), capture_output=True, text=True, check=True)
    for target in ("demo", "test", "check", "reset", "token", "manage", "bench", "lock", "format"):
        assert f"make {target} " in answer.stdout
