"""The readiness strip: of everything that is recorded before an infusion starts, what is there and what is missing.

It reports and judges nothing: no answer is good or bad here, and nothing is held back for what is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from config.staff.models import Clinic
from infusions.beforehand import Beforehand, beforehand
from infusions.flowsheet import Sheet
from infusions.models import PreVisitCheck, Visit, VitalsSet
from infusions.states import OrderStatus, Outcome
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status

# Until the patient is here only what was agreed and ordered beforehand can be recorded.
TO_COME = frozenset({Status.BOOKED, Status.ARRIVED})
# What somebody who sees no clinical records needs in order to help: whether it is there, and nothing of what it says.
WITHOUT_CONTENT = frozenset({"order", "visits", "candidacy", "consent", "escort"})
ESCORT = (("escort_name", "name"), ("escort_phone", "phone"), ("escort_relation", "relation"))
IDENTIFIERS = (("identity_name_checked", "name"), ("identity_birth_date_checked", "birth date"))


class Found(StrEnum):
    """Recorded; not recorded; or recorded as a no."""

    RECORDED = "recorded"
    MISSING = "missing"
    NO = "no"


@dataclass(frozen=True)
class Point:
    """One thing that is recorded before a start. `detail` is what was written, as written, or what is wanting."""

    name: str
    label: str
    found: Found
    detail: str = ""


@dataclass(frozen=True)
class Strip:
    """The points that a visit can have by now, in the order in which they come up. `number`: as `Beforehand` has it."""

    points: tuple[Point, ...]
    number: int | None = None

    @property
    def missing(self) -> list[Point]:
        return [point for point in self.points if point.found == Found.MISSING]

    @property
    def without_content(self) -> "Strip":
        """What of it those see who see no clinical records."""
        seen = (replace(point, detail="") for point in self.points if point.name in WITHOUT_CONTENT)
        return Strip(tuple(seen))


def of_visit(visit: Visit, rows: Sheet) -> Strip | None:
    """The whole strip of a record that is open. None for a consult, at which nothing is given. One query."""
    if visit.order_id is None:
        return None
    known = beforehand([visit.appointment], clinic=visit.clinic)[visit.appointment_id]
    before = [one for one in rows.standing(VitalsSet) if rows.started_at is None or one.observed_at <= rows.started_at]
    return _strip(known, visit.clinic, rows.standing(PreVisitCheck), before)


def strips(appointments: Iterable[Appointment], *, clinic: Clinic) -> dict[UUID, Strip]:
    """The strip of each infusion that is still to start, as far as it can be recorded by now. Three queries."""
    wanted = {visit.pk: visit for visit in appointments if _is_to_start(visit)}
    if not wanted:
        return {}
    known = beforehand(wanted.values(), clinic=clinic)
    checks, vitals = _rows(PreVisitCheck, wanted), _rows(VitalsSet, wanted)
    return {
        pk: Strip(_ahead(known[pk]), known[pk].number)
        if visit.status in TO_COME
        else _strip(known[pk], clinic, checks.get(pk, []), vitals.get(pk, []))
        for pk, visit in wanted.items()
    }


def _is_to_start(visit: Appointment) -> bool:
    return visit.kind == VisitKind.INFUSION and visit.status in {*TO_COME, Status.CHECKED_IN}


def _rows(model: Any, wanted: Iterable[UUID]) -> dict[UUID, list[Any]]:
    """The rows that count, by appointment, newest first."""
    found: dict[UUID, list[Any]] = {}
    rows = model.objects.standing().filter(visit__appointment__in=list(wanted)).select_related("visit")
    for row in rows.order_by("-observed_at", "-entered_at", "-recorded_at"):
        found.setdefault(row.visit.appointment_id, []).append(row)
    return found


def _strip(known: Beforehand, clinic: Clinic, checks: list[Any], vitals: list[Any]) -> Strip:
    said = _last_said(checks)
    return Strip((*_ahead(known), *_on_the_day(known, said, clinic), _vitals(vitals, clinic)), known.number)


def _last_said(checks: Iterable[PreVisitCheck]) -> dict[str, Any]:
    """Of each question the answer that was written last: a second check adds to the first and empties nothing."""
    found: dict[str, Any] = {}
    for check in checks:
        for field in PreVisitCheck._meta.concrete_fields:
            value = getattr(check, field.attname)
            if value is not None:
                found.setdefault(field.name, value)
    return found


def _ahead(known: Beforehand) -> tuple[Point, ...]:
    consent = [_consent(known)] if known.asked else []
    return (_order(known), _visits(known), _candidacy(known), *consent)


def _order(known: Beforehand) -> Point:
    order, label = known.order, "Order in force"
    if order is None:
        return Point("order", label, Found.MISSING, "none is signed")
    if order.status != OrderStatus.ACTIVE:
        return Point("order", label, Found.MISSING, order.status.replace("-", " "))
    if order.valid_until is not None and order.valid_until < known.day:
        return Point("order", label, Found.MISSING, f"valid until {order.valid_until:%-d %b %Y}")
    if order.valid_from is not None and order.valid_from > known.day:
        return Point("order", label, Found.MISSING, f"valid from {order.valid_from:%-d %b %Y}")
    return Point("order", label, Found.RECORDED, f"signed by {order.signed_name}")


def _visits(known: Beforehand) -> Point:
    order, number, label = known.order, known.number, "Visits left"
    if order is None or number is None:
        return Point("visits", label, Found.MISSING, "not booked under an order")
    if order.visits is None:
        return Point("visits", label, Found.MISSING, "the order does not say how many")
    if number > order.visits:
        return Point("visits", label, Found.NO, f"visit {number}, the order says {order.visits}")
    return Point("visits", label, Found.RECORDED, f"visit {number} of {order.visits}")


def _candidacy(known: Beforehand) -> Point:
    label, until = "Candidacy in date", known.decided_until
    if not known.outcome:
        return Point("candidacy", label, Found.MISSING, "nobody has decided")
    if until is not None and until < known.day:
        return Point("candidacy", label, Found.MISSING, f"ran out {until:%-d %b %Y}")
    if known.outcome != Outcome.CANDIDATE:
        return Point("candidacy", label, Found.NO, known.outcome.replace("-", " "))
    return Point("candidacy", label, Found.RECORDED, f"until {until:%-d %b %Y}" if until else "")


def _consent(known: Beforehand) -> Point:
    agreed = {kind.casefold(): words for kind, words in (known.agreed or {}).items()}
    missing = [kind for kind in known.asked if kind.casefold() not in agreed]
    if missing:
        return Point("consent", "Consent in date", Found.MISSING, ", ".join(missing))
    words = "; ".join(agreed[kind.casefold()] for kind in known.asked)
    return Point("consent", "Consent in date", Found.RECORDED, words)


def _on_the_day(known: Beforehand, said: Mapping[str, Any], clinic: Clinic) -> list[Point]:
    on_file = [] if known.asked else [_answered("consent", "Consent on file", said.get("consent_on_file"))]
    return [
        _identity(said),
        *on_file,
        _fasting(said, clinic),
        _escort(said, known),
        _written("changes", "Changes since the last visit", said.get("changes_since_last")),
        _written("drugs", "Drugs today", said.get("drugs_today")),
        _written("pain", "Pain before", said.get("pain")),
        _written("mood", "Mood before", said.get("mood")),
        _written("weight", "Weight today", _with_unit(said)),
        _answered("allergies", "Allergies reviewed", said.get("allergies_reviewed")),
    ]


def _identity(said: Mapping[str, Any]) -> Point:
    answers = {words: said.get(name) for name, words in IDENTIFIERS}
    refuted = [words for words, answer in answers.items() if answer is False]
    missing = [words for words, answer in answers.items() if answer is None]
    found = Found.NO if refuted else Found.MISSING if missing else Found.RECORDED
    return Point("identity", "Two identifiers", found, ", ".join(refuted or missing or answers))


def _fasting(said: Mapping[str, Any], clinic: Clinic) -> Point:
    since = said.get("fasting_from")
    parts = [said.get("fasting_answer"), f"nothing since {since.astimezone(clinic.tz):%H:%M}" if since else None]
    return _written("fasting", "Fasting answered", ", ".join(filter(None, parts)) or None)


def _escort(said: Mapping[str, Any], known: Beforehand) -> Point:
    """Whom the staff wrote down. What the patient said beforehand stands beside it and counts for nothing."""
    written = [str(said[name]) for name, _ in ESCORT if said.get(name)]
    wanting = [words for name, words in ESCORT if not said.get(name)]
    if not wanting:
        return Point("escort", "Escort named", Found.RECORDED, ", ".join(written))
    if known.no_escort_by and not written:
        return Point("escort", "Escort named", Found.RECORDED, f"may come without: signed by {known.no_escort_by}")
    beside = f" ({', '.join(written)})" if written else ""
    told = f"; the patient said: {known.escort_said}" if known.escort_said else ""
    return Point("escort", "Escort named", Found.MISSING, f"{', '.join(wanting)}{beside}{told}")


def _with_unit(said: Mapping[str, Any]) -> str | None:
    weight, unit = said.get("weight"), said.get("weight_unit")
    return None if weight is None else " ".join(filter(None, [weight, unit]))


def _vitals(vitals: list[Any], clinic: Clinic) -> Point:
    at = f"{vitals[0].observed_at.astimezone(clinic.tz):%H:%M}" if vitals else None
    return _written("vitals", "Vital signs before", at)


def _written(name: str, label: str, value: Any) -> Point:
    if value is None:
        return Point(name, label, Found.MISSING)
    return Point(name, label, Found.RECORDED, str(value))


def _answered(name: str, label: str, answer: bool | None) -> Point:  # noqa: FBT001  (an answer of three)
    if answer is None:
        return Point(name, label, Found.MISSING)
    return Point(name, label, Found.RECORDED if answer else Found.NO, "yes" if answer else "no")
