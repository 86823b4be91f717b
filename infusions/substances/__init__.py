"""The controlled-substance log of a clinic. All its doors.

Managers keep the registered locations; clinicians describe what is kept there and write down what becomes of it, row by
row. A row is never changed: it is corrected by another, or struck by one. No balance is computed anywhere, and nothing
is copied between this log and the record of a visit: a row may name the visit, and that is all (ADR 12).
"""

from infusions.substances.descriptions import describe, describe_anew, line_of, listed, retire
from infusions.substances.inspection import Inspection, inspected
from infusions.substances.locations import add_location, change_location
from infusions.substances.reading import Line, counts, lines_of, log, of_visit
from infusions.substances.writing import correct, strike, write

__all__ = [
    "Inspection",
    "Line",
    "add_location",
    "change_location",
    "correct",
    "counts",
    "describe",
    "describe_anew",
    "inspected",
    "line_of",
    "lines_of",
    "listed",
    "log",
    "of_visit",
    "retire",
    "strike",
    "write",
]
