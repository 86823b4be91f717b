"""DATA_DIR, PORT and what a child is told; making and forgetting the data folder."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from config.runtime.environment import ROOT, Place, python, told
from config.runtime.refusal import Refusal


def test_data_dir_is_relative_to_the_repository() -> None:
    assert Place.named_by({}) == Place(ROOT / "var", 8000)
    assert Place.named_by({"DATA_DIR": "var/other", "PORT": "8123"}) == Place(ROOT / "var" / "other", 8123)
    assert Place.named_by({"DATA_DIR": "/tmp/a b"}).data == Path("/tmp/a b").resolve()


@pytest.mark.parametrize("port", ["none", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(Refusal, match=f"PORT={port} is not a port number"):
        Place.named_by({"PORT": port})


def test_a_child_is_told_everything_and_the_key_is_kept(place: Place) -> None:
    urls = {"database_url": "postgres://a", "redis_url": "redis://b"}
    first = told(place, settings="config.settings.demo", environ={}, **urls)
    second = told(place, settings="config.settings.demo", environ={}, **urls)

    assert first == second
    assert len(first["SECRET_KEY"]) >= 43
    assert first["DATABASE_URL"] == "postgres://a"
    assert first["REDIS_URL"] == "redis://b"
    assert first["DATA_DIR"] == str(place.data)
    assert first["DJANGO_SETTINGS_MODULE"] == "config.settings.demo"
    assert first["DEMO_PASSWORD"] == "infusion-demo-2026"
    assert stat.S_IMODE((place.data / "secret-key").stat().st_mode) == 0o600


def test_a_key_that_was_given_is_used(place: Place) -> None:
    given = told(place, settings="s", database_url="d", redis_url="r", environ={"SECRET_KEY": "mine"})
    assert given["SECRET_KEY"] == "mine"
    assert not (place.data / "secret-key").exists()


def test_forgetting_leaves_the_tests_folders(place: Place) -> None:
    (place.data / "outbox").mkdir()
    (place.data / "outbox" / "message").write_text("words")
    (place.data / "test-running").mkdir()

    place.forget()

    assert [path.name for path in place.data.iterdir()] == ["test-running"]
    place.make()


def test_a_folder_with_other_things_is_neither_taken_nor_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    for act in (Place(tmp_path).make, Place(tmp_path).forget):
        with pytest.raises(Refusal, match=r"holds other things|was not made by Infusion Desk"):
            act()
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match=r"Cannot write to .*DATA_DIR="):
        Place(tmp_path / "file" / "data").make()


def run(*arguments: str, place: Place, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATA_DIR": str(place.data), **extra}
    command = python("-m", "config.runtime", *arguments)
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=extra.get("TYPED", ""), capture_output=True, text=True, check=False
    )


def test_reset_forgets_the_demo_and_says_so(place: Place) -> None:
    (place.data / "outbox").mkdir()
    answer = run("reset", place=place)
    assert answer.returncode == 0
    assert "Forgotten: everything the demo kept" in answer.stderr
    assert list(place.data.iterdir()) == []


def test_reset_of_nothing_is_no_error(tmp_path: Path) -> None:
    answer = run("reset", place=Place(tmp_path / "never made"))
    assert (answer.returncode, (tmp_path / "never made").exists()) == (0, False)
    assert "nothing to forget" in answer.stderr


def test_a_token_needs_a_running_demo(place: Place) -> None:
    answer = run("token", "frontdesk", place=place)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "The demo is not running" in answer.stderr


def test_a_management_command_gets_standard_input_and_keeps_its_exit_code(place: Place) -> None:
    answer = run("manage", "shell", "-v0", place=place, TYPED="print('heard'); raise SystemExit(7)")
    assert (answer.returncode, answer.stdout) == (7, "heard\n")
