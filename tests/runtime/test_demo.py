"""What the demo refuses before it starts anything, and what its box says."""

import re
import socket
import subprocess

import pytest

from config.runtime.box import box
from config.runtime.commands import manage
from config.runtime.demo import Demo
from config.runtime.environment import ROOT, Place, python
from config.runtime.holding import in_use, publish_environment, published_environment
from config.runtime.interruption import Interruption
from config.runtime.refusal import Refusal


def test_a_taken_port_is_told_with_another_one(place: Place) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        demo = Demo(Place(place.data, port), environ={}, interruption=Interruption())

        with pytest.raises(Refusal, match=f"Port {port} is taken by another program.*make demo PORT={port + 1}"):
            demo.run()

    assert not (place.data / "postgres").exists()
    assert not in_use(place)


def test_the_box_says_everything_a_newcomer_needs() -> None:
    text = box(address="http://127.0.0.1:8000", things=[("The day board", "/board/"), ("Requests", "/intake/")])

    lines = text.splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
    for role in ("frontdesk", "nurse", "prescriber", "manager"):
        assert re.search(rf"\b{role}\b +password infusion-demo-2026", text)
    assert "http://127.0.0.1:8000/board/" in text
    assert "http://127.0.0.1:8000/intake/" in text
    assert "Demo: nothing is sent, all people are invented. Not for patient data." in text
    assert "Ctrl-C" in text
    assert "make reset" in text
    assert text.isascii()


def test_what_was_published_is_valid_only_while_the_demo_runs(place: Place) -> None:
    publish_environment(place, {"DATABASE_URL": "postgres://gone"})
    assert (place.run / "environment.json").stat().st_mode & 0o077 == 0
    assert published_environment(place) is None


def test_it_tells_a_person_who_no_longer_listens() -> None:
    """`make demo | tee file`: Ctrl-C ends `tee` at once, and the orderly stop goes on."""
    code = "import time; from config.runtime.demo import say; say('one'); time.sleep(1); say('two'); say('three')"
    with subprocess.Popen(
        python("-c", code), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "one\n"
        process.stdout.close()
        assert process.wait() == 0
        assert process.stderr.read() == ""


def test_a_management_command_before_the_first_demo_says_what_to_do(place: Place) -> None:
    with pytest.raises(Refusal, match="make demo"):
        manage(place, ["check"], environ={}, interruption=Interruption())
    assert not (place.data / "postgres").exists()
