"""A Chromium for the browser tests: found, or installed, or a clear failure. Never a silent skip."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.runtime.environment import python
from config.runtime.refusal import Refusal

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
DEBIAN_PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-liberation")
# As root there is no sandbox; the others keep the browser from talking to anybody but the page under test.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


def find() -> Path | None:
    """On PATH, among the applications of a Mac, or what Playwright downloaded earlier."""
    on_path = (Path(found) for name in COMMANDS if (found := shutil.which(name)))
    candidates = (*on_path, *(app for app in MAC_APPS if app.exists()))
    return next(iter(candidates), None) or _from_playwright()


def ensure() -> Path:
    """Installs one when there is none."""
    found = find()
    if found is None:
        sys.stderr.write("No Chromium found; installing one for the browser tests.\n")
        _install()
        found = find()
    if found is None:
        raise Refusal(
            "The browser tests need Chromium, and it could not be installed. Install it by the means of your system "
            f"(as one of: {', '.join(COMMANDS)}) and run the tests again."
        )
    return found


def _install() -> None:
    if _is_debian() and os.geteuid() == 0:
        wait_for_others = ("-o", "DPkg::Lock::Timeout=120")
        _run(("apt-get", *wait_for_others, "update"))
        _run(("apt-get", *wait_for_others, "install", "-y", "--no-install-recommends", *DEBIAN_PACKAGES))
        if find() is not None:
            return
    libraries = ("--with-deps",) if sys.platform.startswith("linux") and os.geteuid() == 0 else ()
    _run(python("-m", "playwright", "install", *libraries, "chromium"))


def _run(command: tuple[str, ...]) -> None:
    """Its output is for the person; whether it helped is seen by looking for the browser again."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)


def _is_debian() -> bool:
    """Debian itself: on its descendants the package may be an empty shell that points to another store."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except FileNotFoundError:
        return False
    return "ID=debian" in lines and shutil.which("apt-get") is not None


def _from_playwright() -> Path | None:
    answer = subprocess.run(python("-c", ASK_PLAYWRIGHT), capture_output=True, text=True, check=False)
    path = Path(answer.stdout.strip() or "/nonexistent")
    return path if path.exists() else None
