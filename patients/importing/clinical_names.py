"""What makes a file refused: columns and resources with values that only clinicians type, dosing and protocol first.

This room sits below the one that owns those fields and cannot import it; a test compares the two.
"""

import re
from collections.abc import Iterable
from typing import Any

# Single words: a column is refused when one of its words is here, so that units and prefixes do not hide it.
WORDS = frozenset(
    """
    dose doses dosage dosages dosing dosis rate rates diluent diluents bolus boluses titration titrations titrate
    rx sig ketamine esketamine lidocaine magnesium
    agent drug drugs medication medications meds route infusion infusions regimen protocol order orders prescription
    premedication rescue visits gap gaps interval intervals frequency duration minutes
    indication candidacy vitals systolic diastolic pressure spo2 sedation oxygen rhythm temperature
    mg mcg ug ml mgkg units amount quantity strength wasted lot fasting hold stop discharge labs
    """.split()
)
# Whole names: made of everyday words, so that each word alone may stand in a file of people.
NAMES = frozenset(
    """
    first_visit_from first_visit_until valid_from valid_until escort_instructions minimum_stay items_to_record
    """.split()
)
RESOURCES = frozenset(
    """
    MedicationRequest MedicationAdministration MedicationDispense MedicationStatement MedicationUsage
    ServiceRequest CarePlan RequestGroup RequestOrchestration PlanDefinition ActivityDefinition
    """.split()
)
ELEMENTS = frozenset(
    "dosage dosageInstruction doseAndRate doseQuantity doseRange rateQuantity rateRatio rateRange".split()
)


def clinical_columns(names: Iterable[str]) -> list[str]:
    """Those of the names that only a clinician's own typing may fill."""
    return [name for name in names if _is_clinical(words(name))]


def _is_clinical(name: list[str]) -> bool:
    """`dose1` is a dose as well; `spo2` is not `spo`."""
    return bool(WORDS.intersection([*name, *(word.rstrip("0123456789") for word in name)])) or "_".join(name) in NAMES


def words(name: str) -> list[str]:
    """`minGapDays`, `min_gap_days` and `Min gap (days)` are the same three words."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z0-9]+", apart.lower())


def clinical_content(resource: Any) -> set[str]:
    """The refused resource types and elements anywhere inside a FHIR resource."""
    found: set[str] = set()
    waiting = [resource]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found |= RESOURCES.intersection([resource_type(part)])
            found |= ELEMENTS.intersection(part)
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found


def resource_type(resource: Any) -> str:
    """Which FHIR resource it says it is; nothing for what says none, or says it by anything but a text."""
    said = resource.get("resourceType") if isinstance(resource, dict) else None
    return said if isinstance(said, str) else ""
