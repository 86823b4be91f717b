"""`.venv` is made once for a lock file, and again only when that changes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.runtime.environment import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository that asks for no packages. Its path has a space."""
    clone = tmp_path / "a clone"
    (clone / "config" / "runtime").mkdir(parents=True)
    shutil.copy(ROOT / "config" / "runtime" / "install.py", clone / "config" / "runtime")
    (clone / "requirements").mkdir()
    for kind in ("app", "test"):
        (clone / "requirements" / f"{kind}.txt").write_text(f"# {kind}\n")
    return clone


def install(clone: Path, kind: str) -> str:
    """What it said."""
    command = [sys.executable, str(clone / "config" / "runtime" / "install.py"), kind]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def test_it_installs_once_and_again_when_the_lock_changes(clone: Path) -> None:
    assert "Installing requirements/test.txt" in install(clone, "test")
    assert install(clone, "test") == ""
    assert install(clone, "app") == "", "what the tests need includes what the application needs"

    (clone / "requirements" / "app.txt").write_text("# another\n")
    assert "Installing requirements/app.txt" in install(clone, "app")
    assert "Installing requirements/test.txt" in install(clone, "test")

    (clone / ".venv" / "bin" / "python").unlink()
    assert "Making the environment" in install(clone, "app")
