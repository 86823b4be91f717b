"""The two servers that everything needs, PostgreSQL and Valkey: those that were named, else embedded ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.runtime.environment import Place
from config.runtime.ports import free_port
from config.runtime.postgres import Postgres
from config.runtime.supervisor import Supervisor
from config.runtime.valkey import Valkey

# What the rest connects to is stopped after the rest.
LAST = ("valkey", "postgres")


@dataclass(frozen=True)
class Servers:
    """Addresses to connect to, passwords included."""

    database_url: str
    redis_url: str


def start_servers(place: Place, supervisor: Supervisor, *, environ: Mapping[str, str], quick: bool = False) -> Servers:
    """Starts what DATABASE_URL and REDIS_URL in `environ` do not name. `quick` is for data that may be lost."""
    database_url = environ.get("DATABASE_URL") or _start_postgres(place, supervisor, quick=quick)
    redis_url = environ.get("REDIS_URL") or _start_valkey(place, supervisor)
    return Servers(database_url, redis_url)


def _start_postgres(place: Place, supervisor: Supervisor, *, quick: bool) -> str:
    server = Postgres(place.data / "postgres", port=free_port(), quick=quick)
    server.prepare()
    supervisor.start(server.program(), ready=server.ready)
    return server.url


def _start_valkey(place: Place, supervisor: Supervisor) -> str:
    server = Valkey(place.data / "valkey", port=free_port())
    server.prepare()
    supervisor.start(server.program(), ready=server.ready)
    return server.url
