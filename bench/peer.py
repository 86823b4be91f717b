"""django-appointment on the same bookings, in a throw-away environment of its own: `python -m bench.peer` measures it.

The package is installed from its index by pip. Where that is not possible there is no figure, and the row says so.
"""

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql

PACKAGES = ("django-appointment==3.12.0", "psycopg[binary]")
SCRIPT = Path(__file__).with_name("peer_script.py")
DATABASE = "bench_peer"


@dataclass(frozen=True)
class Peer:
    """What the peer took for all starts of a 60-minute visit, every 15 minutes, on all days and chairs."""

    milliseconds: float
    queries: int
    results: int


def measure(*, chairs: int, first: date, days: int, searched: int) -> Peer | str:
    """The peer's figures, or why there are none."""
    with TemporaryDirectory(prefix="bench-peer-") as place:
        python = Path(place) / "bin" / "python"
        try:
            venv.create(place, with_pip=True)
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
            subprocess.run(install, check=True, capture_output=True, timeout=600)
        except (subprocess.SubprocessError, OSError) as error:
            return f"django-appointment could not be installed here ({type(error).__name__})"
        url = _fresh_database()
        wish = {"chairs": chairs, "first": first.isoformat(), "days": days, "searched": searched}
        told = subprocess.run(
            [str(python), str(SCRIPT), json.dumps(wish)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SCRIPT.parent), "PEER_DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    if told.returncode:
        return f"django-appointment failed: {told.stderr.strip().splitlines()[-1]}"
    return Peer(**json.loads(told.stdout.strip().splitlines()[-1]))


def _fresh_database() -> str:
    """An empty database beside the bench's own, on the same server."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(DATABASE)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return f"{url.rpartition('/')[0]}/{DATABASE}"


if __name__ == "__main__":
    sys.stdout.write(f"{measure(chairs=10, first=date(2026, 11, 23), days=90, searched=84)}\n")
