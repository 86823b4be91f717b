"""Makes `.venv` from a hashed lock file: `python3 config/runtime/install.py app` (or `test`).

Run as a plain script by whatever python3 there is, so it says what is wrong even on one that is too old.
It does nothing when `.venv` already holds what the lock file asks for.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMP = VENV / ".installed.json"
OLDEST = (3, 11)
# The locks that are installed as well when the one in front is.
INCLUDES = {"app": ("app",), "test": ("test", "app")}


def main(kind: str) -> "int | str":
    """`kind` names a file of requirements/ without its ending."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        return (
            f"Python 3.11 or later is needed; {sys.executable} is {found}. Name another: make PYTHON=/path/to/python3"
        )
    with lock_file("app").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # A demo and a test run may start at the same moment.
        if installed().get(kind) != fingerprint(kind):
            return make(kind)
    return 0


def make(kind: str) -> "int | str":
    """0, or what went wrong in words."""
    problem = "" if works() else create()
    if problem:
        return problem
    sys.stderr.write(f"Installing requirements/{kind}.txt into .venv (about a minute the first time) ...\n")
    STAMP.unlink(missing_ok=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    code = subprocess.call([*pip, "--require-hashes", "--no-deps", "--requirement", str(lock_file(kind))])
    if code != 0:
        return "The packages could not be installed (see above). Nothing else was changed; try again."
    STAMP.write_text(json.dumps({name: fingerprint(name) for name in INCLUDES[kind]}))
    return 0


def create() -> str:
    """Empty words when it worked."""
    sys.stderr.write("Making the environment in .venv ...\n")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]) == 0:
        return ""
    return "Python's venv module does not work here. On Debian and Ubuntu: apt-get install python3-venv"


def works() -> bool:
    """Is there an environment whose interpreter and pip still run (it may have been moved or upgraded away)?"""
    interpreter = VENV / "bin" / "python"
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return interpreter.exists() and subprocess.call([str(interpreter), "-c", check], stderr=subprocess.DEVNULL) == 0


def installed() -> "dict[str, str]":
    """What the stamp says, if the environment still works."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return dict(stamp) if works() else {}


def fingerprint(kind: str) -> str:
    """Changes with the lock file."""
    return hashlib.sha256(lock_file(kind).read_bytes()).hexdigest()


def lock_file(kind: str) -> Path:
    """The hashed list of exact versions."""
    return ROOT / "requirements" / f"{kind}.txt"


if __name__ == "__main__":
    os.chdir(str(ROOT))
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
