"""Passwords and keys that are made on the first start and kept in files that only their owner reads."""

import os
import secrets
from pathlib import Path


def kept(path: Path) -> str:
    """The secret in `path`, made there (mode 0600) when there is none. 43 characters, safe in an address."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip() or _renew(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text()


def _renew(path: Path) -> str:
    """An empty file is what a crash between making and writing leaves."""
    path.unlink()
    return kept(path)
