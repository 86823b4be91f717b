"""What can be asked of a demo from another window. Only the asked-for answer goes to standard output."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from config.runtime import demo
from config.runtime.environment import Place, told
from config.runtime.environment import manage as manage_command
from config.runtime.holding import held, published_environment
from config.runtime.interruption import Interruption
from config.runtime.refusal import Refusal
from config.runtime.servers import start_servers
from config.runtime.steps import run_for_person
from config.runtime.supervisor import Supervisor
from config.runtime.trial import trial


def token(place: Place, user: str, *, environ: Mapping[str, str]) -> int:
    """Becomes `manage.py token USER` with the running demo's environment: prints the token and nothing else."""
    published = published_environment(place)
    if published is None:
        raise Refusal("The demo is not running, so there is nothing to hold a token for. Start it: make demo")
    return _become(manage_command("token", user), {**environ, **published})


def manage(place: Place, arguments: Sequence[str], *, environ: Mapping[str, str], interruption: Interruption) -> int:
    """Any management command with the demo's database; its servers are started for the while when no demo runs."""
    published = published_environment(place)
    if published is not None:
        return _become(manage_command(*arguments), {**environ, **published})
    if not environ.get("DATABASE_URL") and not (place.data / "postgres").exists():
        raise Refusal(f"There is no demo in {place.data} yet. Make it first: make demo")
    _say("The demo is not running; starting its database and queue for this command.")
    with ExitStack() as stack:
        stack.enter_context(held(place, purpose="a management command"))
        supervisor = Supervisor(run=place.run, log=place.log, interruption=interruption, say=_say)
        stack.callback(supervisor.stop)
        started = start_servers(place, supervisor, environ=environ)
        ours = told(
            place,
            settings=demo.SETTINGS,
            database_url=started.database_url,
            redis_url=started.redis_url,
            environ=environ,
        )
        command = manage_command(*arguments)
        return run_for_person(command, environment={**environ, **ours}, interruption=interruption)


def servers(command: Sequence[str], *, environ: Mapping[str, str], interruption: Interruption) -> int:
    """A command on empty servers that were made for it, its exit code kept; without a command, until Ctrl-C."""
    durable = environ.get("DURABLE") == "1"
    with trial(environ, interruption=interruption, quick=not durable) as ours:
        if command:
            return run_for_person(command, environment={**environ, **ours}, interruption=interruption)
        for name, value in ours.items():
            sys.stdout.write(f"export {name}={value}\n")
        sys.stdout.flush()
        interruption.pause(float("inf"))
    return 0


def reset(place: Place, *, environ: Mapping[str, str]) -> int:
    """Forgets everything that the demo keeps."""
    if not place.data.exists():
        _say(f"There is nothing to forget: {place.data} is not there.")
        return 0
    with held(place, purpose="a reset"):
        place.forget()
    _say(f"Forgotten: everything the demo kept in {place.data}.")
    if environ.get("DATABASE_URL"):
        _say("The database that DATABASE_URL names is left as it is.")
    return 0


def _become(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """This process goes on as that one: standard input, Ctrl-C and the exit code are its own."""
    os.execve(command[0], [*command], dict(environment))  # noqa: S606  (no shell is wanted)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
