"""`python -m config.runtime COMMAND`; the Makefile's targets call it."""

import argparse
import os
import sys

from config.runtime import chromium
from config.runtime.commands import manage, reset, servers, token
from config.runtime.demo import Demo
from config.runtime.environment import Place
from config.runtime.interruption import Interruption
from config.runtime.refusal import Refusal, Stopped


def main(arguments: list[str]) -> int:
    """The exit code. Signals are listened to from the first moment, so that none is lost while starting."""
    interruption = Interruption()
    interruption.listen()
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen, interruption)
    except Refusal as refusal:
        sys.stderr.write(f"\n{refusal}\n")
        return 1
    except Stopped:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.runtime", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="start everything and keep it running until Ctrl-C")
    commands.add_parser("reset", help="forget the demo and everything in it")
    commands.add_parser("chromium", help="find or install the browser of the browser tests")
    commands.add_parser("token", help="print an API token").add_argument("user")
    for name, words in (
        ("manage", "run a management command of the demo"),
        ("servers", "run a command on servers made for it (without one: keep them until Ctrl-C)"),
    ):
        commands.add_parser(name, help=words).add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def _run(chosen: argparse.Namespace, interruption: Interruption) -> int:
    environ = dict(os.environ)
    place = Place.named_by(environ)
    match chosen.command:
        case "reset":
            return reset(place, environ=environ)
        case "token":
            return token(place, chosen.user, environ=environ)
        case "manage":
            return manage(place, chosen.rest, environ=environ, interruption=interruption)
        case "servers":
            return servers(chosen.rest, environ=environ, interruption=interruption)
        case "chromium":
            sys.stdout.write(f"{chromium.ensure()}\n")
        case _:
            Demo(place, environ=environ, interruption=interruption).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
