"""A data folder for servers of a test's own. Its name has a space; for root it lies where only root can go."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.runtime.accounts import forget
from config.runtime.environment import Place
from config.runtime.interruption import Interruption
from config.runtime.processes import identity
from config.runtime.supervisor import Supervisor


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    private = tmp_path / "a private home"
    private.mkdir(mode=0o700)
    place = Place(private / "data")
    place.make()
    yield place
    forget(place.data / "postgres")


@pytest.fixture
def said() -> list[str]:
    """What the supervisor told the person."""
    return []


@pytest.fixture
def supervisor(place: Place, said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(run=place.run, log=place.log, interruption=Interruption(), say=said.append)
    yield supervisor
    supervisor.stop()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], bool]:
    """`eventually(condition)`: true as soon as it holds, false after ten seconds."""

    def wait(condition: Callable[[], bool]) -> bool:
        return Interruption().wait_for(condition, seconds=10)

    return wait


@pytest.fixture
def gone(eventually: Callable[[Callable[[], bool]], bool]) -> Callable[[int], bool]:
    """`gone(pid)`: the process has ended, or does so within ten seconds."""

    def check(pid: int) -> bool:
        return eventually(lambda: identity(pid) is None)

    return check
