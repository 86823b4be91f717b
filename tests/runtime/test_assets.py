"""The front-end assets are built when their sources say so, wherever the repository and the home folder are."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.runtime.environment import ROOT

BUILD = "const fs=require('fs');const d='config/web/static/dist';fs.mkdirSync(d,{recursive:true});"
SCRIPT = f"{BUILD}fs.copyFileSync('config/web/assets/desk.css',d+'/desk.css')"
LOCK = {"name": "desk", "lockfileVersion": 3, "requires": True, "packages": {"": {"name": "desk"}}}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with one style sheet, in a path with a space."""
    clone = tmp_path / "a clone"
    (clone / "config" / "web" / "assets").mkdir(parents=True)
    (clone / "config" / "__init__.py").touch()
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "config" / "runtime", clone / "config" / "runtime", ignore=ignore)
    (clone / "config" / "web" / "assets" / "desk.css").write_text("body{}")
    (clone / "build.cjs").write_text(SCRIPT)
    (clone / "package.json").write_text(json.dumps({"name": "desk", "scripts": {"build": "node build.cjs"}}))
    (clone / "package-lock.json").write_text(json.dumps(LOCK))
    return clone


def build(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.runtime.assets"]
    surroundings = {**os.environ, **environment}
    return subprocess.run(command, cwd=clone, env=surroundings, capture_output=True, text=True, check=False)


def test_they_are_built_once_and_again_after_a_change(clone: Path) -> None:
    built = clone / "config" / "web" / "static" / "dist" / "desk.css"
    assert "built in" in build(clone).stderr
    assert built.read_text() == "body{}"
    assert build(clone).stderr == ""

    (clone / "config" / "web" / "assets" / "desk.css").write_text("body{color:teal}")
    assert "built in" in build(clone).stderr
    assert built.read_text() == "body{color:teal}"


def test_they_are_built_without_a_home_of_ones_own(clone: Path) -> None:
    answer = build(clone, HOME="/nonexistent")
    assert answer.returncode == 0, answer.stderr


def test_a_build_that_fails_shows_why_and_leaves_no_stamp(clone: Path) -> None:
    (clone / "build.cjs").write_text("throw new Error('no such icon')")
    answer = build(clone)
    assert answer.returncode != 0
    assert "could not be built" in answer.stderr
    assert "no such icon" in answer.stderr
    assert not (clone / "config" / "web" / "static" / "dist" / ".stamp").exists()
