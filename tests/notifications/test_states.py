"""The table of moves is the only way, and the drawing in the docs shows it."""

from itertools import product
from pathlib import Path

import pytest

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash
from notifications import ledger
from notifications.models import Message
from notifications.planner import plan
from notifications.states import MESSAGE_MOVES, MessageState
from tests.notifications.story import one

DOC = Path(__file__).parents[2] / "docs" / "messages.md"


def test_every_state_is_in_the_table():
    assert set(MESSAGE_MOVES) == set(MessageState)


def test_the_drawing_shows_the_table():
    lines = DOC.read_text().split("stateDiagram-v2\n")[1].split("```")[0].split("\n")
    drawn = [line.strip() for line in lines if "-->" in line and "[*]" not in line]
    assert drawn == [f"{state} --> {to}" for state in _in_order(drawn) for to in sorted(MESSAGE_MOVES[state])]


def _in_order(drawn: list[str]) -> list[MessageState]:
    order = list(dict.fromkeys(MessageState(line.split(" ")[0]) for line in drawn))
    assert set(order) == {state for state in MessageState if MESSAGE_MOVES[state]}
    return order


@pytest.mark.django_db
def test_a_move_that_is_not_in_the_table_is_refused(friday, now):
    plan(now=now)
    row = one(friday)
    for state, to in product(MessageState, MessageState):
        if to in MESSAGE_MOVES[state]:
            continue
        row.state = state
        with pytest.raises(Clash), recorded(by=SystemJob.REMINDERS):
            ledger.move(row, to, reason="no such move")
    assert Message.objects.get(pk=row.pk).state == "planned"
