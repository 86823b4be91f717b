"""What makes a file refused: columns and resources with values that only clinicians type, dosing and protocol first.

This room sits below the one that owns those fields and cannot import it; a test compares the two.
"""

import re
import unicodedata
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
    mg mgs mcg mcgs ug ml mgkg units amount quantity strength concentration conc volume flow pump
    session sessions treatment treatments cycle cycles every between spacing vital bp pulse
    wasted lot fasting hold stop discharge labs
    """.split()
)
# Parts of words, for names that were written as one: `DOSEMG`, `ketamineml`, `Dosierung`.
STEMS = ("dose", "dosi", "posolog", "ketamin", "infus", "titrat", "bolus", "diluen", "millig", "microg", "prescri")
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
    """`dose1` and `d0se` are doses as well; `spo2` is not `spo`."""
    alike = {*name, *(word.rstrip("0123456789") for word in name), *(word.replace("0", "o") for word in name)}
    glued = any(stem in word for stem in STEMS for word in alike)
    return glued or bool(WORDS.intersection(alike)) or "_".join(name) in NAMES


def words(name: str) -> list[str]:
    """`minGapDays`, `min_gap_days` and `Min gap (days)` are the same three words, in whatever width they were typed."""
    plain = unicodedata.normalize("NFKC", name)
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
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
