"""docs/states.md shows the tables of moves as they are, all of them."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps

from config.web.management.commands.draw_states import PAGE, TABLES, page

HOUSE = ("config.", "patients", "scheduling", "infusions", "notifications")


def tables_of_moves():
    """Every module-level `...MOVES` of an app's `states.py`."""
    for config in apps.get_app_configs():
        if config.name.startswith(HOUSE) and find_spec(f"{config.name}.states"):
            for name, value in vars(import_module(f"{config.name}.states")).items():
                if name.endswith("MOVES"):
                    yield f"{config.name}.states.{name}", value


def test_the_page_is_as_the_tables_are():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make manage CMD=draw_states"


def test_no_table_is_left_out():
    left_out = [name for name, moves in tables_of_moves() if not any(moves is drawn for drawn in TABLES.values())]
    assert left_out == []
    assert len(list(tables_of_moves())) >= len(TABLES)


@pytest.mark.parametrize("title", sorted(TABLES))
def test_every_move_is_drawn(title):
    drawn = page().partition(f"## {title}\n")[2].partition("\n## ")[0]
    for before, targets in TABLES[title].items():
        for to in targets:
            assert f"    {before.replace('-', '_')} --> {to.replace('-', '_')}" in drawn
