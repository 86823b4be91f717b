"""The folder and the servers of one run of tests: apart from all others, gone afterwards however it ends."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from config.runtime.environment import ROOT, TEST_FOLDERS, Place, python
from config.runtime.holding import held
from config.runtime.interruption import Interruption
from config.runtime.trial import trial

Eventually = Callable[[Callable[[], bool]], bool]


@contextmanager
def servers() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """`python -m config.runtime servers`, and what it told."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    command = python("-m", "config.runtime", "servers")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = (process.stdout.readline().removeprefix("export ").strip() for _ in range(7))
        yield process, dict(line.split("=", 1) for line in lines)
        process.kill()


def connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def age(folder: Path) -> None:
    old = time.time() - 1000
    os.utime(folder, (old, old))


def test_two_runs_at_a_time_share_nothing_and_a_stopped_one_leaves_nothing(eventually: Eventually) -> None:
    with servers() as (one, told_one), servers() as (two, told_two):
        assert told_one["DATABASE_URL"] != told_two["DATABASE_URL"]
        assert told_one["DATA_DIR"] != told_two["DATA_DIR"]
        assert os.environ["DATA_DIR"] not in (told_one["DATA_DIR"], told_two["DATA_DIR"])

        one.send_signal(signal.SIGTERM)
        one.wait(20)

        assert not Path(told_one["DATA_DIR"]).exists()
        assert not connects(told_one["DATABASE_URL"])
        assert connects(told_two["DATABASE_URL"])
        two.send_signal(signal.SIGINT)
        two.wait(20)


def test_what_a_killed_run_left_is_swept_by_a_later_one(eventually: Eventually) -> None:
    with servers() as (process, told):
        process.kill()
        process.wait()
    folder = Path(told["DATA_DIR"])
    assert folder.exists()
    age(folder)

    with trial(os.environ.copy(), interruption=Interruption()):
        assert not folder.exists()
    assert eventually(lambda: not connects(told["DATABASE_URL"]))


def test_a_run_that_still_goes_on_is_not_swept() -> None:
    folder = Path(tempfile.mkdtemp(prefix=TEST_FOLDERS, dir=ROOT / "var"))
    with held(Place(folder), purpose="a long run"):
        age(folder)
        with trial(os.environ.copy(), interruption=Interruption()):
            assert folder.exists()
    Place(folder).forget()
    folder.rmdir()


def test_servers_that_were_named_are_used_as_they_are() -> None:
    named = {"DATABASE_URL": "postgres://mine@db.example/desk", "REDIS_URL": "redis://mq.example/0"}
    with trial(named, interruption=Interruption()) as told:
        assert {name: told[name] for name in named} == named
        assert not (Path(told["DATA_DIR"]) / "postgres").exists()
        assert not (Path(told["DATA_DIR"]) / "valkey").exists()


@pytest.mark.parametrize("code", [0, 7])
def test_a_command_keeps_its_exit_code(code: int) -> None:
    command = python("-m", "config.runtime", "servers", "sh", "-c", f"exit {code}")
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == code
