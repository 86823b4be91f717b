"""One child process: started in a session of its own, remembered on disk, stopped and reaped.

A record on disk names a process by number and start, so that a number which the system has given to somebody else
since is never signalled.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.runtime.accounts import Account

LINUX = sys.platform.startswith("linux")
MARK = "INFUSION_DESK_RUN"
PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10_000_000


@dataclass(frozen=True)
class Program:
    """What to run and how it likes to be stopped. `patience` is in seconds, after which it is killed."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10
    account: Account | None = None
    private: bool = True  # The files it writes are for its own account only.


@dataclass
class Child:
    """A running program. `run` is the folder of records, `log` the file that takes its output."""

    program: Program
    popen: subprocess.Popen[bytes]
    record: Path
    log: Path
    started: float = field(default_factory=time.monotonic)

    @property
    def pid(self) -> int:
        return self.popen.pid

    def ended(self) -> int | None:
        """The exit code, once it has ended; asking reaps it. What it left in its process group goes with it."""
        code = self.popen.poll()
        if code is not None:
            _kill_group(self.pid)
            self.record.unlink(missing_ok=True)
        return code

    def stop(self) -> None:
        """Asks, waits, insists, reaps."""
        if self.ended() is None:
            self.popen.send_signal(self.program.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(self.program.patience)
            _kill_group(self.pid)
            self.popen.wait()
        self.ended()


def spawn(program: Program, *, run: Path, log: Path) -> Child:
    """Starts `program`; `run` and `log` are the folders of records and of log files."""
    run.mkdir(parents=True, exist_ok=True)
    log.mkdir(parents=True, exist_ok=True)
    log_file = log / f"{program.name}.log"
    _rotate(log_file)
    account = program.account
    with os.fdopen(os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        popen = subprocess.Popen(
            program.command,
            cwd=program.folder,
            env={**program.environment, MARK: str(run)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077 if program.private else -1,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=() if account else None,
            preexec_fn=_dies_with_parent(program.stop_signal),
        )
    record = run / f"{program.name}.pid"
    record.write_text(json.dumps(_described(program, popen.pid)))
    return Child(program, popen, record, log_file)


def identity(pid: int) -> str | None:
    """What tells this process from a later one with the same number. None when there is none, or only a zombie."""
    if LINUX:
        return _identity_from_proc(pid)
    # Both paths and arguments are ours.
    answer = subprocess.run(
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return None if not answer or answer.startswith("Z") else answer.split(None, 1)[1]


def clear_leftovers(run: Path, *, last: tuple[str, ...]) -> list[str]:
    """Stops what a killed parent left running, those named `last` at the end in that order. Says which they were."""
    order = {name: number for number, name in enumerate(last, start=1)}
    records = sorted(run.glob("*.pid"), key=lambda record: (order.get(record.stem, 0), record.stem))
    stopped = [record.stem for record in records if _stop_recorded(record)]
    return stopped + [f"process {pid}" for pid in _kill_strays(run)]


def end(pid: int, *, stop_signal: signal.Signals, patience: float) -> None:
    """Stops a process that is not our child, together with the process group that it leads."""
    name = identity(pid)
    _send(pid, stop_signal)
    if not _wait_until(lambda: identity(pid) != name, patience):
        _kill_group(pid)
        _wait_until(lambda: identity(pid) != name, 5)


def running(pid: int) -> bool:
    """Is there a process with that number, whoever it is?"""
    return identity(pid) is not None


def tail(log_file: Path, lines: int = 15) -> str:
    """The last lines of a log, for a person to read."""
    try:
        text = log_file.read_text(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _described(program: Program, pid: int) -> dict[str, str | int | float | None]:
    how = {"signal": int(program.stop_signal), "patience": program.patience}
    return {"pid": pid, "identity": identity(pid), **how}


def _stop_recorded(record: Path) -> bool:
    """True when the recorded process was still that process and has been stopped."""
    try:
        known = json.loads(record.read_text())
        pid, name = int(known["pid"]), known["identity"]
        alive = name is not None and identity(pid) == name
        if alive:
            end(pid, stop_signal=signal.Signals(known["signal"]), patience=known["patience"])
    except (ValueError, KeyError, TypeError):
        alive = False  # Half a record: its writer was killed while it wrote.
    record.unlink(missing_ok=True)
    return alive


def _kill_strays(run: Path) -> list[int]:
    """Kills what carries the mark of `run` though its recorded leader is gone (Linux only)."""
    strays = [pid for pid in _marked(run) if pid != os.getpid()]
    for pid in strays:
        _send(pid, signal.SIGKILL)
    return strays


def _identity_from_proc(pid: int) -> str | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, start = fields[0], fields[19]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if state in "ZX" else f"{boot} {start}"


def _dies_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel tells the child when the parent is gone, even by SIGKILL. Elsewhere the next start clears up.

    Runs after the change of account, because that change would undo it.
    """
    if not LINUX:
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def _rotate(log_file: Path) -> None:
    if log_file.exists() and log_file.stat().st_size > LOG_LIMIT:
        log_file.replace(log_file.with_suffix(".log.1"))


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _kill_group(leader: int) -> None:
    """macOS answers PermissionError for a group of zombies only."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _marked(run: Path) -> Iterator[int]:
    mark = f"{MARK}={run}".encode()
    for folder in Path("/proc").glob("[0-9]*") if LINUX else ():
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)
