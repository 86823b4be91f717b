"""Starting in order, restarting what dies, stopping in the opposite order, recovering after SIGKILL."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from config.runtime.environment import ROOT, Place, python
from config.runtime.holding import held
from config.runtime.processes import LINUX, MARK, Program, identity, spawn
from config.runtime.refusal import Refusal
from config.runtime.supervisor import Supervisor
from tests.runtime.small_house import NAMES

Gone = Callable[[int], bool]
Eventually = Callable[[Callable[[], bool]], bool]


@pytest.fixture
def open_house(place: Place) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the small house and waits for its `ready`; `.cleared` holds what it cleared up first."""
    with ExitStack() as stack:

        def start(*manners: str) -> subprocess.Popen[str]:
            command = python("-m", "tests.runtime.small_house", str(place.data), *manners)
            house = stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            stack.callback(house.kill)
            assert house.stdout is not None
            house.cleared = house.stdout.readline().split()[1:]  # type: ignore[attr-defined]
            return house

        yield start


def pids(place: Place) -> list[int]:
    """The programs' process numbers, as the supervisor recorded them."""
    return [json.loads((place.run / f"{name}.pid").read_text())["pid"] for name in NAMES]


def ends(place: Place) -> list[str]:
    return (place.data / "ends").read_text().split()


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGINT] * 2, [signal.SIGHUP]])
def test_it_stops_the_last_started_first_and_leaves_nothing(
    open_house: Callable[..., subprocess.Popen[str]], place: Place, gone: Gone, signals: list[signal.Signals]
) -> None:
    house = open_house()
    started = pids(place)
    assert all(identity(pid) for pid in started)

    for number in signals:
        house.send_signal(number)

    assert house.wait(10) == 0
    assert [gone(pid) for pid in started] == [True] * 3
    assert ends(place) == ["pages", "queue", "database"]
    assert list(place.run.glob("*.pid")) == []


def test_after_sigkill_the_next_start_leaves_exactly_one_set(
    open_house: Callable[..., subprocess.Popen[str]], place: Place, gone: Gone
) -> None:
    first = open_house("deaf")
    before = pids(place)
    first.kill()
    first.wait()
    assert all(identity(pid) for pid in before), "the deaf ones outlive their parent"

    second = open_house()

    assert second.cleared == ["database", "pages", "queue"]  # type: ignore[attr-defined]
    assert [gone(pid) for pid in before] == [True] * 3
    assert all(identity(pid) for pid in pids(place))


def test_a_program_that_listens_ends_with_its_killed_parent(
    open_house: Callable[..., subprocess.Popen[str]], place: Place, gone: Gone
) -> None:
    house = open_house()
    started = pids(place)

    house.kill()
    house.wait()

    if not LINUX:  # Only there the kernel tells the children; elsewhere the next start stops them.
        open_house()
    assert [gone(pid) for pid in started] == [True] * 3


def test_only_one_at_a_time(open_house: Callable[..., subprocess.Popen[str]], place: Place) -> None:
    house = open_house()

    with (
        pytest.raises(Refusal, match=f"in use already .a small house, process {house.pid}.*Stop that one"),
        held(place, purpose="another"),
    ):
        pass


def test_a_number_that_now_belongs_to_another_program_is_not_signalled(place: Place) -> None:
    with subprocess.Popen(python("-c", "import time; time.sleep(600)")) as innocent:
        how = {"signal": signal.SIGTERM, "patience": 1}
        record = {"pid": innocent.pid, "identity": "an earlier one", **how}
        (place.run / "web.pid").write_text(json.dumps(record))

        with held(place, purpose="a test") as stopped:
            assert stopped == []

        assert innocent.poll() is None
        assert not (place.run / "web.pid").exists()
        innocent.kill()


def test_half_a_record_is_no_obstacle(place: Place) -> None:
    (place.run / "web.pid").write_text('{"pid": 12')

    with held(place, purpose="a test") as stopped:
        assert stopped == []


if LINUX:

    def test_what_a_killed_program_left_is_cleared_up(place: Place) -> None:
        command = python("-c", "import time; print('up', flush=True); time.sleep(600)")
        environment = {MARK: str(place.run)}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, start_new_session=True) as orphan:
            assert orphan.stdout is not None
            assert orphan.stdout.readline() == b"up\n"

            with held(place, purpose="a test") as stopped:
                assert stopped == [f"process {orphan.pid}"]

            assert orphan.wait(10) == -signal.SIGKILL


def sleeper(name: str, code: str = "import time; time.sleep(600)") -> Program:
    return Program(name=name, command=python("-c", code), environment={}, folder=ROOT)


def test_a_program_that_dies_is_started_again(
    supervisor: Supervisor, said: list[str], place: Place, eventually: Eventually
) -> None:
    supervisor.start(sleeper("web"))
    first = supervisor.kept[0].child
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)

    def another_runs() -> bool:
        supervisor.tend()
        child = supervisor.kept[0].child
        return child is not None and child.pid != first.pid

    assert eventually(another_runs)
    assert said == ["web ended (-9); starting it again"]


def test_a_program_that_keeps_dying_ends_the_whole_with_its_last_words(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.pauses = [0.1]
    supervisor.start(sleeper("web", "import time; time.sleep(0.1); raise SystemExit('no chair free')"))

    with pytest.raises(Refusal, match=r"(?s)web keeps ending \(1\).*no chair free"):
        supervisor.watch()
    assert said == ["web ended (1); starting it again"] * 4


def test_a_program_that_never_starts_is_told_with_its_last_words(supervisor: Supervisor) -> None:
    with pytest.raises(Refusal, match=r"(?s)web does not start.*no such room"):
        supervisor.start(sleeper("web", "raise SystemExit('no such room')"), ready=lambda: False)


def test_a_program_that_never_gets_ready_is_told(supervisor: Supervisor) -> None:
    with pytest.raises(Refusal, match="web did not become ready in 0 s"):
        supervisor.start(sleeper("web"), ready=lambda: False, seconds=0.2)


def test_what_a_dead_program_started_goes_with_it(place: Place, gone: Gone, eventually: Eventually) -> None:
    code = (
        "import subprocess, sys, pathlib, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(place.data / 'grandchild')!r}).write_text(str(child.pid))\n"
        "time.sleep(600)"
    )
    child = spawn(sleeper("worker", code), run=place.run, log=place.log)
    assert eventually(lambda: (place.data / "grandchild").exists() and bool((place.data / "grandchild").read_text()))
    grandchild = int((place.data / "grandchild").read_text())

    os.kill(child.pid, signal.SIGKILL)

    assert eventually(lambda: child.ended() is not None)
    assert gone(grandchild)


def test_a_program_that_will_not_end_is_killed(place: Place, gone: Gone, eventually: Eventually) -> None:
    deaf = f"import signal, pathlib, time\nsignal.signal(15, signal.SIG_IGN)\npathlib.Path({str(place.data / 'up')!r})"
    program = Program("deaf", python("-c", f"{deaf}.touch()\ntime.sleep(600)"), {}, ROOT, patience=0.2)
    child = spawn(program, run=place.run, log=place.log)
    assert eventually((place.data / "up").exists)

    child.stop()

    assert gone(child.pid)
