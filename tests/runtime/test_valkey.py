"""The embedded Valkey: behind a password, and keeping what it was told."""

import os
import signal
import stat
import time
from collections.abc import Callable, Iterator

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.runtime.environment import Place
from config.runtime.ports import free_port
from config.runtime.supervisor import Supervisor
from config.runtime.valkey import Valkey


@pytest.fixture
def server(place: Place, supervisor: Supervisor) -> Valkey:
    server = Valkey(place.data / "valkey", port=free_port())
    server.prepare()
    supervisor.start(server.program(), ready=server.ready)
    return server


@pytest.fixture
def client(server: Valkey) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server.url) as client:
        yield client


def test_what_was_told_outlives_sigkill(
    server: Valkey, client: redis.Redis, supervisor: Supervisor, eventually: Callable[[Callable[[], bool]], bool]
) -> None:
    client.rpush("queue", "a", "b")
    time.sleep(1.2)  # it writes to disk once a second
    child = supervisor.kept[0].child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.popen.wait()

    assert eventually(lambda: supervisor.tend() is None and server.ready())

    assert client.lrange("queue", 0, -1) == [b"a", b"b"]


def test_what_was_told_outlives_a_stop(
    server: Valkey, client: redis.Redis, supervisor: Supervisor, place: Place
) -> None:
    client.set("word", "kept")
    supervisor.stop()
    again = Valkey(place.data / "valkey", port=free_port())
    again.prepare()
    supervisor.start(again.program(), ready=again.ready)

    with redis.Redis.from_url(again.url) as later:
        assert later.get("word") == b"kept"


def test_nobody_gets_in_without_the_password(server: Valkey) -> None:
    once = Retry(NoBackoff(), 0)
    stranger = redis.Redis(host="127.0.0.1", port=server.port, retry=once)
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_password_is_in_no_argument_and_no_readable_file(server: Valkey, client: redis.Redis) -> None:
    password = (server.folder / "password").read_text()
    assert password not in " ".join(server.program().command)
    for name in ("password", "valkey.conf"):
        assert stat.S_IMODE((server.folder / name).stat().st_mode) == 0o600
    assert client.config_get("bind")["bind"] == "127.0.0.1"
