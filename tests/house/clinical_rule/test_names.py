"""Only the rooms that may say a dosing name say one."""

import ast
import re
from pathlib import Path

from infusions.models import CandidacyDecision
from tests.house.dosing import (
    HANDED_OVER,
    dosing_names,
    written,
)
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)

HOUSE = Path(__file__).parents[3]
ROOMS = ("config", "patients", "scheduling", "notifications")
# Rooms outside infusions that may say the names: the demo's invented orders, and the list of what an import refuses.
MAY_SAY = ("config/demo/seed/", "patients/importing/clinical_names.py")


def said(source: str) -> set[str]:
    """Every identifier, keyword, attribute and whole text of a module."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        for kind in ("id", "attr", "arg", "name"):
            word = getattr(node, kind, None)
            found |= {word} if isinstance(word, str) else set()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def test_no_other_room_says_a_dosing_name() -> None:
    names = dosing_names() - HANDED_OVER
    assert {"dose", "rate", "bolus", "amount_unit", "rate_on_pump", "titration"} <= names
    found = {}
    for room in ROOMS:
        for file in (HOUSE / room).rglob("*.py"):
            path = str(file.relative_to(HOUSE))
            words = names & said(file.read_text())
            if words and not path.startswith(MAY_SAY):
                found[path] = sorted(words)
    assert found == {}


def test_no_template_of_another_room_says_one() -> None:
    # A decision has a last day too, which the patient page shows.
    names = dosing_names() - HANDED_OVER - {field.name for field in written(CandidacyDecision)}
    found = []
    for room in ROOMS:
        for file in (HOUSE / room).rglob("templates/**/*.html"):
            words = set(re.findall(r"\.([a-z_]+)", file.read_text()))
            found += [f"{file.name}: {name}" for name in names & words]
    assert found == []


def test_s5_no_template_renders_a_dosing_input_of_its_own() -> None:
    """A placeholder or a list in any template of the app would be a hint."""
    for file in (HOUSE / "infusions" / "templates").rglob("*.html"):
        text = file.read_text()
        assert "placeholder" not in text, file.name
        assert "datalist" not in text, file.name
