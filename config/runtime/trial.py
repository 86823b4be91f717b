"""A data folder of one run of tests or checks: made for it, gone after it, apart from any demo and any other run."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.runtime.environment import ROOT, TEST_FOLDERS, Place, told
from config.runtime.holding import held, in_use
from config.runtime.interruption import Interruption
from config.runtime.servers import start_servers
from config.runtime.supervisor import Supervisor

SETTINGS = "config.settings.test"
# Younger folders may belong to a run that has not yet locked its own.
STALE_AFTER = 120


@contextmanager
def trial(environ: Mapping[str, str], *, interruption: Interruption, quick: bool = True) -> Iterator[dict[str, str]]:
    """Servers for the while. Yields what goes on top of `environ` for what runs on them."""
    parent = ROOT / "var"
    parent.mkdir(mode=0o711, exist_ok=True)
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=TEST_FOLDERS, dir=parent))
    folder.chmod(0o711)
    place = Place(folder.resolve())
    with ExitStack() as stack:
        stack.callback(_discard, place)
        stack.enter_context(held(place, purpose="tests"))
        supervisor = Supervisor(run=place.run, log=place.log, interruption=interruption, say=print)
        stack.callback(supervisor.stop)
        servers = start_servers(place, supervisor, environ=environ, quick=quick)
        yield told(
            place,
            settings=SETTINGS,
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            environ=environ,
        )


def _sweep(parent: Path) -> None:
    """Clears up after runs that were killed: whatever they left running, and their folders."""
    for folder in parent.glob(f"{TEST_FOLDERS}*"):
        place = Place(folder.resolve())
        if time.time() - folder.stat().st_mtime > STALE_AFTER and not in_use(place):
            with held(place, purpose="sweeping"):
                pass
            _discard(place)


def _discard(place: Place) -> None:
    place.forget()
    shutil.rmtree(place.data, ignore_errors=True)
