"""Draw every table of moves into docs/states.md. A test compares, so that the picture is never older than the code."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from infusions.states import ORDER_MOVES
from notifications.states import MESSAGE_MOVES
from patients.states import REQUEST_MOVES
from scheduling.states import MOVES

Moves = Mapping[Any, Iterable[Any]]
PAGE = Path(__file__).parents[4] / "docs" / "states.md"
TABLES: dict[str, Moves] = {
    "Intake request": REQUEST_MOVES,
    "Order": ORDER_MOVES,
    "Appointment": MOVES,
    "Message": MESSAGE_MOVES,
}
HEAD = """# States and moves

Drawn from the tables in each app's `states.py` by `make manage CMD=draw_states`; do not edit by hand.
A move that is not drawn does not exist. Where a move needs a permission, its arrow says which.
"""


def page() -> str:
    """The whole of docs/states.md."""
    return "\n".join([HEAD, *(section(title, moves) for title, moves in TABLES.items())])


def section(title: str, moves: Moves) -> str:
    """One table of moves as a Mermaid diagram. A mapping from -> to -> permission, or from -> set of to."""
    first = next(iter(moves))
    lines = ["```mermaid", "stateDiagram-v2", *_names(moves), f"    [*] --> {_key(first)}", *_arrows(moves), "```"]
    return "\n".join([f"## {title}", "", (type(first).__doc__ or "").split("\n\n")[0].strip(), "", *lines, ""])


def _names(moves: Moves) -> Iterator[str]:
    for state in moves:
        yield f"    {_key(state)} : {state.replace('-', ' ')}"


def _arrows(moves: Moves) -> Iterator[str]:
    for before, targets in moves.items():
        order = list(moves)
        for to in sorted(targets, key=order.index):
            permission = targets[to] if isinstance(targets, Mapping) else None
            yield f"    {_key(before)} --> {_key(to)}" + (f" : {permission}" if permission else "")
        if not targets:
            yield f"    {_key(before)} --> [*]"


def _key(state: StrEnum) -> str:
    return state.value.replace("-", "_")


class Command(BaseCommand):
    """`manage.py draw_states`"""

    help = "Draw the states and moves of all apps into docs/states.md."
    requires_system_checks: list[str] = []  # noqa: RUF012  (as Django declares it)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        PAGE.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{PAGE.relative_to(Path.cwd()) if PAGE.is_relative_to(Path.cwd()) else PAGE} is drawn.")
