"""Where things lie and what the children are told: DATA_DIR, PORT, DATABASE_URL, REDIS_URL, SECRET_KEY and the like."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.runtime.accounts import forget
from config.runtime.refusal import Refusal
from config.runtime.secret import kept

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8000
# Documented in the README: the people of the demo are invented and nothing leaves the machine.
DEMO_PASSWORD = "infusion-demo-2026"  # noqa: S105  (not a secret)
MARKER = ".infusion-desk"
TEST_FOLDERS = "test-"


@dataclass(frozen=True)
class Place:
    """The folder that holds everything one demo keeps, and the port of its pages."""

    data: Path
    port: int = DEFAULT_PORT

    @classmethod
    def named_by(cls, environ: Mapping[str, str]) -> "Place":
        """DATA_DIR (relative to the repository; default var/) and PORT."""
        given = Path(environ.get("DATA_DIR") or "var").expanduser()
        return cls(data=(ROOT / given).resolve(), port=_port(environ.get("PORT") or str(DEFAULT_PORT)))

    @property
    def run(self) -> Path:
        """Records of running processes, and what they were told."""
        return self.data / "run"

    @property
    def log(self) -> Path:
        return self.data / "log"

    def make(self) -> None:
        """Makes the folder ours, which is what allows `forget` to empty it later."""
        self._make_data()
        for folder in (self.run, self.log):
            folder.mkdir(mode=0o700, exist_ok=True)

    def forget(self) -> None:
        """Empties the folder, tests' own folders excepted. Refuses one that is not ours."""
        if not self.data.exists():
            return
        if not (self.data / MARKER).exists():
            raise Refusal(f"{self.data} was not made by Infusion Desk, so it is left as it is.")
        forget(self.data / "postgres")
        # The marker goes last: a removal that breaks off can be done again.
        kept_names = (MARKER, "run")
        for path in self._contents():
            if path.name not in kept_names:
                _remove(path)
        _remove(self.run)
        (self.data / MARKER).unlink()

    def _make_data(self) -> None:
        try:
            # Root's database runs as another account, which has to pass through.
            self.data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            if not (self.data / MARKER).exists() and self._contents():
                raise Refusal(f"DATA_DIR={self.data} holds other things already. Name a new or an empty folder.")
            (self.data / MARKER).touch()
        except OSError as problem:
            raise Refusal(
                f"Cannot write to {self.data} ({problem.strerror}). Give a folder of your own: DATA_DIR=..."
            ) from problem

    def _contents(self) -> list[Path]:
        return [path for path in self.data.iterdir() if not path.name.startswith(TEST_FOLDERS)]


def told(
    place: Place, *, settings: str, database_url: str, redis_url: str, environ: Mapping[str, str]
) -> dict[str, str]:
    """What a child's environment holds on top of the caller's."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": environ.get("SECRET_KEY") or kept(place.data / "secret-key"),
        "DATA_DIR": str(place.data),
        "PORT": str(place.port),
        "DJANGO_SETTINGS_MODULE": settings,
        "DEMO_PASSWORD": DEMO_PASSWORD,
    }


def python(*arguments: str) -> tuple[str, ...]:
    """A command that runs with the interpreter we run with."""
    return (sys.executable, *arguments)


def manage(*arguments: str) -> tuple[str, ...]:
    return python(str(ROOT / "manage.py"), *arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT={text} is not a port number (1 to 65535).")
    return int(text)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
