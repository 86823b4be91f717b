"""`make demo`: everything on one machine, with invented people."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from config.runtime import assets
from config.runtime.box import box
from config.runtime.environment import ROOT, Place, manage, python, told
from config.runtime.holding import held, publish_environment
from config.runtime.interruption import Interruption
from config.runtime.ports import LOOPBACK, taken
from config.runtime.processes import Program
from config.runtime.refusal import Refusal, Stopped
from config.runtime.servers import Servers, start_servers
from config.runtime.steps import run_steps
from config.runtime.supervisor import Supervisor

SETTINGS = "config.settings.demo"
SEED_SETTINGS = "config.settings.seed"
READY_WITHIN = 90
THINGS = (
    ("The day board: who sits where, and what is late", "/board/"),
    ("Requests that wait for an answer", "/intake/"),
    ("The clinic at a glance", "/"),
)


class Demo:
    """One run of the demo in `place`; `environ` is what it was started with."""

    def __init__(self, place: Place, *, environ: Mapping[str, str], interruption: Interruption) -> None:
        self.place = place
        self.environ = environ
        self.interruption = interruption
        self.supervisor = Supervisor(run=place.run, log=place.log, interruption=interruption, say=say)
        self.told: dict[str, str] = {}

    def run(self) -> None:
        """Until Ctrl-C, or until a part cannot be kept alive. Nothing is left running either way."""
        with ExitStack() as stack:
            left = stack.enter_context(held(self.place, purpose=f"demo at {self._address}"))
            stack.callback(self._stop)
            if left:
                say(f"Cleared up after a run that was killed: {', '.join(left)}.")
            try:
                self._start()
                self.supervisor.watch()
            except Stopped:
                say("")

    def _start(self) -> None:
        self._refuse_taken_port()
        self._build_assets()
        with progress("Database and queue"):
            servers = start_servers(self.place, self.supervisor, environ=self.environ)
        self._tell(servers)
        with progress("Tables, the demo clinic, pages' styles and scripts"):
            self._run(
                self._program("seed_demo", manage("seed_demo", "--migrate", "--settings", SEED_SETTINGS)),
                self._program("collectstatic", manage("collectstatic", "--noinput")),
            )
        with progress("Web, worker and timetable"):
            asked = self._ask_what_to_try()
            self._start_programs()
        publish_environment(self.place, self.told)
        things, notice = _to_try(asked)
        say(box(address=self._address, things=things, notice=notice))

    @property
    def _environment(self) -> dict[str, str]:
        return {**self.environ, **self.told, "PYTHONUNBUFFERED": "1"}

    @property
    def _address(self) -> str:
        return f"http://{LOOPBACK}:{self.place.port}"

    def _refuse_taken_port(self) -> None:
        if taken(self.place.port):
            raise Refusal(
                f"Port {self.place.port} is taken by another program. Stop that one, or choose another port: "
                f"make demo PORT={self.place.port + 1}"
            )

    def _build_assets(self) -> None:
        if not assets.fresh():
            with progress("Front-end assets (built once)"):
                command = python("-m", "config.runtime.assets")
                self._run(Program("assets", command, self._environment, ROOT, private=False))

    def _tell(self, servers: Servers) -> None:
        self.told = told(
            self.place,
            settings=SETTINGS,
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            environ=self.environ,
        )
        # So that the links in the demo's reminders lead to this demo.
        self.told["PUBLIC_URL"] = self.environ.get("PUBLIC_URL") or self._address

    def _run(self, *programs: Program) -> None:
        run_steps(*programs, place=self.place, interruption=self.interruption)

    def _start_programs(self) -> None:
        """In this order, so that stopping in the opposite one ends the pages before what they rely on."""
        self.supervisor.start(self._program("worker", self._celery("worker", "-Q", "default,sms,email", "-c", "2")))
        self.supervisor.start(self._program("beat", self._celery("beat", "--pidfile=", "-s", str(self._timetable()))))
        self.supervisor.start(
            self._program("web", self._gunicorn()), ready=self._ready, seconds=READY_WITHIN, every=0.5
        )

    def _program(self, name: str, command: tuple[str, ...]) -> Program:
        return Program(name=name, command=command, environment=self._environment, folder=ROOT)

    def _celery(self, *arguments: str) -> tuple[str, ...]:
        level = self.environ.get("LOG_LEVEL") or "WARNING"
        return python("-m", "celery", "-A", "config.celery", *arguments, "--loglevel", level)

    def _gunicorn(self) -> tuple[str, ...]:
        """Two workers that take one request each. Requests are logged by the desk itself, in lines nobody can forge."""
        return python(
            *("-m", "gunicorn", "config.wsgi:application", "--bind", f"{LOOPBACK}:{self.place.port}"),
            *("--workers", "2", "--worker-class", "sync", "--graceful-timeout", "5", "--no-control-socket"),
        )

    def _timetable(self) -> str:
        folder = self.place.data / "beat"
        folder.mkdir(mode=0o700, exist_ok=True)
        return str(folder / "schedule")

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.place.port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        return False

    def _ask_what_to_try(self) -> subprocess.Popen[str]:
        """While the programs start: what this demo's own people are about to do."""
        return subprocess.Popen(
            manage("demo_addresses"),
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _stop(self) -> None:
        if self.supervisor.kept:
            say("Stopping ...")
            self.supervisor.stop()
            say("Stopped; nothing is left running. `make demo` goes on where this ended, `make reset` forgets it.")


def _to_try(asked: subprocess.Popen[str]) -> tuple[list[tuple[str, str]], str]:
    """Three things, and what to know first. Without an answer: the board, the requests and the clinic at a glance."""
    answer, _ = asked.communicate()
    try:
        found = json.loads(answer)
        direct = [(str(thing["label"]), str(thing["path"])) for thing in found["things"]]
        notice = str(found["notice"])
    except (ValueError, KeyError, TypeError):
        return list(THINGS), ""
    return direct if len(direct) == len(THINGS) else list(THINGS), notice


@contextmanager
def progress(what: str) -> Iterator[None]:
    """One line: what is being done, and how long it took."""
    started = time.monotonic()
    _write(f"  {what} ... ")
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - started:.1f} s")


def say(text: str) -> None:
    """Whether or not anybody still listens: Ctrl-C ends `make demo | tee file` from its end first."""
    _write(f"{text}\n")


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  (for the rest of this process)
