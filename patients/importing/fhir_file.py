"""People from FHIR R4: a bundle, one resource, or one resource a line. Patient and AllergyIntolerance are read."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fhir.resources.R4B.allergyintolerance import AllergyIntolerance
from fhir.resources.R4B.patient import Patient
from pydantic import ValidationError

from patients.importing.clinical_names import clinical_content, resource_type
from patients.importing.rows import BadRow, File, Row, Unreadable
from patients.models import Sex

SHAPES: dict[str, Any] = {"Patient": Patient, "AllergyIntolerance": AllergyIntolerance}
PAST = {"old", "maiden", "temp"}
RECORD_NUMBER = "MR"
WHOLE_DATE = len("1978-03-14")
NOT_NOW = {"inactive", "resolved", "refuted", "entered-in-error"}
Resource = dict[str, Any]


def read(text: str, *, zone: ZoneInfo) -> File:
    """Raises Unreadable for what is no FHIR, and for a bundle with clinical resources in it."""
    try:
        return _read(text, zone=zone)
    except RecursionError:
        raise Unreadable("The file's parts lie too deep inside each other to be FHIR.") from None


def _read(text: str, *, zone: ZoneInfo) -> File:
    entries = _entries(text)
    clinical = sorted(set().union(*(clinical_content(entry.content) for entry in entries)))
    if clinical:
        raise Unreadable(
            f"The file holds what only a clinician writes: {', '.join(clinical)}. Nothing was imported. "
            "Take these resources out; a prescriber types the order anew."
        )
    placed = [(entry.place, *_unpacked(entry.content)) for entry in entries if not entry.problem]
    people: dict[str, Row] = {}
    rows = [Row(entry.place, problem=entry.problem) for entry in entries if entry.problem]
    for place, names, resource in placed:
        if resource_type(resource) == "Patient":
            row = _patient(place, resource, zone)
            rows.append(row)
            people |= dict.fromkeys(names, row)
    rows += [row for row in (_allergy(*one, people) for one in placed if _is_allergy(one[2])) if row]
    return File(rows, _aside(resource for _, _, resource in placed))


@dataclass(frozen=True)
class _Entry:
    """One part of the file, where it stands, or why it cannot be read."""

    place: str
    content: Any = None
    problem: str = ""


def _entries(text: str) -> list[_Entry]:
    """The entries of a bundle, or the resources of the lines."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        lines = [_line(*one) for one in enumerate(text.splitlines(), start=1) if one[1].strip()]
        # What is meant as one resource a line begins with one; else the whole is one broken text.
        if not lines[0].problem and resource_type(lines[0].content):
            return lines
        raise Unreadable(f"Line {error.lineno} is not JSON: {error.msg}.") from error
    if not resource_type(whole):
        raise Unreadable("This is JSON, but no FHIR resource.")
    if resource_type(whole) != "Bundle":
        return [_Entry("entry 1", whole)]
    entries = whole.get("entry", [])
    if not isinstance(entries, list):
        raise Unreadable("The bundle's entries are no list.")
    return [_Entry(f"entry {number}", entry) for number, entry in enumerate(entries, start=1)]


def _line(number: int, text: str) -> _Entry:
    try:
        return _Entry(f"line {number}", json.loads(text))
    except json.JSONDecodeError as error:
        return _Entry(f"line {number}", problem=f"is not JSON: {error.msg}")


def _unpacked(entry: Any) -> tuple[list[str], Resource]:
    """The names by which other entries may point here, and the resource."""
    if not isinstance(entry, dict):
        return [], {}
    resource = entry.get("resource", entry)
    if not isinstance(resource, dict):
        return [], {}
    resource = _without_nulls(resource)
    key = str(resource.get("id", ""))
    names = [f"{resource_type(resource)}/{key}", f"urn:uuid:{key}"] if key else []
    url = entry.get("fullUrl")
    return [*names, url] if isinstance(url, str) else names, resource


def _without_nulls(part: Any) -> Any:
    """As the standard wants it: what is not there is not written. Some systems write null."""
    if isinstance(part, dict):
        return {name: _without_nulls(value) for name, value in part.items() if value is not None}
    return [_without_nulls(value) for value in part if value is not None] if isinstance(part, list) else part


def _aside(resources: Any) -> list[str]:
    kinds = Counter(resource_type(resource) or "nothing known" for resource in resources)
    return [f"{count} × {kind} is not read" for kind, count in sorted(kinds.items()) if kind not in SHAPES]


def _checked(resource: Resource) -> Resource:
    try:
        SHAPES[resource_type(resource)].model_validate(resource)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadRow(f"{where or 'resource'} is not as FHIR R4 wants it") from error
    return resource


def _patient(place: str, resource: Resource, zone: ZoneInfo) -> Row:
    row = Row(place)
    try:
        _fill(row, _checked(resource), zone)
    except BadRow as problem:
        row.problem = str(problem)
    return row


def _is_true(name: str, resource: Resource) -> bool:
    """A yes or no as JSON has it. A text is neither: nobody is taken for dead because of a "false"."""
    said = resource.get(name, False)
    if not isinstance(said, bool):
        raise BadRow(f"{name} is neither true nor false")
    return said


def _sex(said: Any) -> str:
    if not said:
        return ""
    if said not in set(Sex):
        raise BadRow("gender is none of female, male, other, unknown")
    return Sex(said)


def _fill(row: Row, resource: Resource, zone: ZoneInfo) -> None:
    row.record_number = _record_number(resource)
    row.deceased_on = _day("deceasedDateTime", resource.get("deceasedDateTime", ""), zone)
    row.deceased = _is_true("deceasedBoolean", resource) or bool(resource.get("deceasedDateTime"))
    name = _current(resource.get("name", []), ["official", "usual"])
    where = _current(resource.get("address", []), ["home"])
    said = {
        "family_name": name.get("family", ""),
        "given_name": " ".join(name.get("given", [])),
        "sex": _sex(resource.get("gender")),
        "mobile": _telecom(resource, "phone", ["mobile", "home"]),
        "email": _telecom(resource, "email", ["home"]),
        "address": ", ".join(where.get("line", [])),
        "city": where.get("city", ""),
        "region": where.get("state", ""),
        "postal_code": where.get("postalCode", ""),
        "language": _language(resource),
    }
    row.person = {field: value for field, value in said.items() if value}
    born = str(resource.get("birthDate", ""))
    if len(born) == WHOLE_DATE:
        row.person["birth_date"] = _day("birthDate", born, zone)
    elif born:
        row.notes.append("birth_date is not a whole date and was left out")


def _record_number(resource: Resource) -> str:
    for identifier in resource.get("identifier", []):
        codings = identifier.get("type", {}).get("coding", [])
        if any(coding.get("code") == RECORD_NUMBER for coding in codings):
            return str(identifier.get("value", ""))
    untyped = [one for one in resource.get("identifier", []) if "type" not in one]
    return str(untyped[0].get("value", "")) if len(untyped) == 1 else ""


def _current(parts: list[Resource], wanted: list[str]) -> Resource:
    """The one in use now: by the uses wanted, in that order, never an old one."""
    now = [part for part in parts if part.get("use") not in PAST and "end" not in part.get("period", {})]
    rank = {use: number for number, use in enumerate(wanted)}
    return min(now or parts, key=lambda part: rank.get(part.get("use", ""), len(rank)), default={})


def _telecom(resource: Resource, system: str, wanted: list[str]) -> str:
    parts = [part for part in resource.get("telecom", []) if part.get("system") == system]
    return str(_current(parts, wanted).get("value", ""))


def _language(resource: Resource) -> str:
    spoken = sorted(resource.get("communication", []), key=lambda one: not one.get("preferred", False))
    codings = spoken[0].get("language", {}).get("coding", []) if spoken else []
    return str(codings[0].get("code", "")) if codings else ""


def _day(element: str, text: str, zone: ZoneInfo) -> date | None:
    """The day in the clinic's zone; None for a month or a year alone."""
    if len(text) < WHOLE_DATE:
        return None
    try:
        if len(text) == WHOLE_DATE:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).astimezone(zone).date()
    except (ValueError, OverflowError):
        raise BadRow(f"{element} is no day that a calendar has") from None


def _is_allergy(resource: Resource) -> bool:
    return resource_type(resource) == "AllergyIntolerance"


def _allergy(place: str, names: list[str], resource: Resource, people: dict[str, Row]) -> Row | None:  # noqa: ARG001
    """Put it on its patient's row. Returns a row of its own only to say what is wrong with it."""
    try:
        _checked(resource)
        patient = people.get(str(resource["patient"].get("reference", "")))
        if patient is None:
            raise BadRow("the allergy's patient is not in this file")
        if not NOT_NOW.intersection(_codes(resource, "clinicalStatus") + _codes(resource, "verificationStatus")):
            patient.add_allergy(_substance(resource).split(" (situation)")[0], _reaction(resource))
    except BadRow as problem:
        return Row(place, problem=str(problem))
    return None


def _codes(resource: Resource, element: str) -> list[str]:
    return [str(coding.get("code")) for coding in resource.get(element, {}).get("coding", [])]


def _words(concept: Resource) -> str:
    displays = [coding.get("display", "") for coding in concept.get("coding", [])]
    return str(concept.get("text") or next(filter(None, displays), ""))


def _substance(resource: Resource) -> str:
    found = _words(resource.get("code", {}))
    if not found:
        raise BadRow("the allergy names no substance")
    return found


def _reaction(resource: Resource) -> str:
    signs = [_words(sign) for reaction in resource.get("reaction", []) for sign in reaction.get("manifestation", [])]
    return ", ".join(filter(None, signs))[:200]
