"""Which operating-system account the database runs as: PostgreSQL refuses to run as root, and rightly so."""

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

# Where root keeps the database when DATA_DIR lies below a private folder such as /root, which `nobody` cannot enter.
# Opening those parents to everybody would be the other way; it would change folders that are not ours.
SHELTER = Path("/var/lib/infusion-desk")


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    name: str


def unprivileged() -> Account | None:
    """`nobody` when this process is root, else None: stay who you are."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)


def reachable(folder: Path) -> bool:
    """May an account that owns none of them pass through this folder and all its parents?"""
    resolved = folder.resolve()
    return all(part.stat().st_mode & stat.S_IXOTH for part in (resolved, *resolved.parents))


def folder_for(link: Path, account: Account | None) -> Path:
    """The folder that `link` stands for, made when it is not there yet.

    Usually `link` itself. For an account that cannot get there it becomes a symbolic link into SHELTER.
    """
    if not link.exists() and account is not None and not reachable(link.parent):
        link.unlink(missing_ok=True)
        link.symlink_to(_shelter())
    link.mkdir(mode=0o700, exist_ok=True)
    folder = link.resolve()
    if account is not None:
        folder.chmod(0o711)
    return folder


def forget(link: Path) -> None:
    """Removes the folder that `link` stands for, wherever it is."""
    if link.is_symlink():
        target = link.resolve()
        link.unlink()
        if target.parent == SHELTER.resolve():
            shutil.rmtree(target, ignore_errors=True)
    elif link.exists():
        shutil.rmtree(link)


def _shelter() -> Path:
    SHELTER.mkdir(mode=0o711, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="data-", dir=SHELTER))
