"""A PostgreSQL and a Valkey of one test's own, to be killed and started again, and the desk's process moved to them."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import connection, connections

from config.runtime.accounts import forget
from config.runtime.ports import free_port
from config.runtime.postgres import Postgres
from config.runtime.processes import Child, spawn
from config.runtime.valkey import Valkey

PATIENCE = 30


@dataclass
class Own:
    """One server. `kill` is `kill -9` of its process; `start` starts it on what it left behind, on the same port."""

    server: Postgres | Valkey
    folder: Path
    child: Child | None = None

    def start(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._came_up():
            # What a killed one held (its memory, its port) is let go a moment late.
            assert time.monotonic() < deadline, "The server does not start again."
            time.sleep(0.2)

    def kill(self) -> None:
        assert self.child is not None
        with suppress(ProcessLookupError):
            self.child.popen.kill()
        self.child.popen.wait()
        self.child.ended()

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def _came_up(self) -> bool:
        self.server.prepare()
        self.child = spawn(self._program(), run=self.folder / "run", log=self.folder / "log")
        while self.child.ended() is None:
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def _program(self):
        return self.server.program()

    def _answers(self) -> bool:
        if isinstance(self.server, Postgres):
            return self.server.ask("SELECT 1;") == "1"
        return self.server.ready()


@contextmanager
def own_valkey() -> Iterator[Own]:
    """A broker on a port of its own."""
    with _folder() as folder:
        yield from _while(Own(Valkey(folder / "valkey", port=free_port()), folder))


@contextmanager
def own_postgres() -> Iterator[Own]:
    """A durable server, in which commits have a time."""
    with _folder() as folder:
        yield from _while(Durable(Postgres(folder / "postgres", port=free_port()), folder))


@dataclass
class Durable(Own):
    """Tells when each transaction was committed: what came first is then no guess."""

    def _program(self):
        program = self.server.program()
        return program.__class__(
            **{**program.__dict__, "command": (*program.command, "-c", "track_commit_timestamp=on")}
        )


def _while(own: Own) -> Iterator[Own]:
    own.start()
    try:
        yield own
    finally:
        own.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o711)  # a database server runs as another account where we are root
    try:
        yield folder
    finally:
        forget(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def copy_into(own: Own) -> None:
    """The schema of the database that this process is connected to, without its rows."""
    assert isinstance(own.server, Postgres)
    of = connection.settings_dict
    binaries, password = own.server.binaries, {"PGPASSWORD": of["PASSWORD"]}
    place = ("-h", of["HOST"], "-p", str(of["PORT"]), "-U", of["USER"])
    dump = subprocess.run(
        [binaries.command("pg_dump"), *place, "--schema-only", "--no-owner", "--no-privileges", of["NAME"]],
        env={"PATH": os.defpath, **password},
        capture_output=True,
        check=True,
    )
    there = urlsplit(own.server.url)
    subprocess.run(
        [
            *(binaries.command("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", there.hostname or ""),
            *("-p", str(there.port), "-U", there.username or "", there.path[1:]),
        ],
        input=dump.stdout,
        env={"PATH": os.defpath, "PGPASSWORD": unquote(there.password or "")},
        capture_output=True,
        check=True,
    )


@contextmanager
def moved_to(own: Own) -> Iterator[None]:
    """Every connection of this process goes to that server meanwhile."""
    assert isinstance(own.server, Postgres)
    there, of = urlsplit(own.server.url), connections.settings["default"]
    before = {name: of[name] for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    connection.close()
    of.update(
        HOST=there.hostname,
        PORT=str(there.port),
        NAME=there.path[1:],
        USER=there.username,
        PASSWORD=unquote(there.password or ""),
    )
    try:
        yield
    finally:
        connection.close()
        of.update(before)
