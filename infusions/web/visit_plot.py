"""What the chart of a visit is drawn from: the numbers of the rows that count, and the steps with their rates as typed.

Nothing is worked out here. A reading is the number that was read; a rate is text, written beside the time from which
it was typed, and after a pause there is none until somebody types one again.
"""

import json
from datetime import datetime
from typing import Any

from infusions.flowsheet import Sheet
from infusions.models import Administration, Discharge, PreVisitCheck, VitalsSet
from infusions.models.flowsheet import AdministrationKind

K = AdministrationKind
MEASURES = ("systolic", "diastolic", "heart_rate", "spo2")


def plotted(rows: Sheet) -> str:
    """The chart as JSON: `vitals` and `pain`, each a list of readings in the order of time, and `steps` likewise.

    Times are seconds since 1970; a value that was not read is null.
    """
    drawn = {"vitals": _vitals(rows), "pain": _pain(rows), "steps": _steps(rows)}
    return json.dumps(drawn, separators=(",", ":"), ensure_ascii=False)


def _vitals(rows: Sheet) -> list[dict[str, Any]]:
    sets = ([read.observed_at, *(getattr(read, name) for name in MEASURES)] for read in rows.standing(VitalsSet))
    told = [one for one in sets if any(value is not None for value in one[1:])]
    return [{"at": _seconds(at), **dict(zip(MEASURES, read, strict=True))} for at, *read in _in_order(told)]


def _pain(rows: Sheet) -> list[dict[str, Any]]:
    """Wherever a pain was said: before the infusion, with the vital signs, at the discharge."""
    said = [
        [entry.observed_at, entry.pain]
        for kind in (PreVisitCheck, VitalsSet, Discharge)
        for entry in rows.standing(kind)
        if entry.pain is not None
    ]
    return [{"at": _seconds(at), "pain": pain} for at, pain in _in_order(said)]


def _steps(rows: Sheet) -> list[dict[str, Any]]:
    done = ([step.observed_at, step.kind, step] for step in reversed(rows.standing(Administration)))
    return [{"at": _seconds(at), "kind": kind, "text": _as_typed(step)} for at, kind, step in done]


def _as_typed(step: Any) -> str:
    value, unit = (step.amount, step.amount_unit) if step.kind == K.BOLUS else (step.rate, step.rate_unit)
    return " ".join(part for part in (value, unit) if part is not None)


def _in_order(rows: list[list[Any]]) -> list[list[Any]]:
    return sorted(rows, key=lambda row: row[0])


def _seconds(at: datetime) -> float:
    return at.timestamp()
