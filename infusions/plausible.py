"""What a row of the flowsheet can say at all, and what has to be read again before it is believed.

Nothing here knows what is usual, high or low: only what contradicts itself. Alert limits are a clinician's to set.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.refusals import Invalid
from infusions.clear_writing import unclear
from infusions.models import (
    Administration,
    AdverseEvent,
    Discharge,
    DischargeItem,
    ExceptionKind,
    IvAccess,
    OrderException,
    Preparation,
    PreVisitCheck,
    Quantity,
    Remark,
    Visit,
    VitalsSet,
)
from infusions.models.entries import CLOCK_SKEW, FlowsheetEntry
from infusions.models.flowsheet import AdministrationKind

Errors = dict[str, str]
Rule = Callable[[Any], Errors]
READ_AGAIN = "read-again"
# Stamped by the program, not typed.
STAMPED = {"entered_at", "recorded_at"}
# PostgreSQL keeps years that Python cannot read back, and an offset moves a time across the last of them.
FIRST_YEAR, LAST_YEAR = 1900, 2200
AWAY = timedelta(days=3660)
NOTHING = "Nothing was written."

# What is typed, and the field of its unit: neither stands alone.
WITH_UNIT: dict[type[FlowsheetEntry], tuple[tuple[str, str], ...]] = {
    Administration: (("rate", "rate_unit"), ("amount", "amount_unit")),
    Quantity: (("given", "given_unit"), ("wasted", "wasted_unit")),
    VitalsSet: (("rate_on_pump", "rate_on_pump_unit"), ("temperature", "temperature_unit")),
    PreVisitCheck: (("weight", "weight_unit"),),
}
# Amounts and rates that a person wrote; what a pump shows is read, not written, and may look as it likes.
WRITTEN: dict[type[FlowsheetEntry], tuple[str, ...]] = {
    Administration: ("rate", "rate_unit", "amount", "amount_unit"),
    Quantity: ("given", "given_unit", "wasted", "wasted_unit"),
}
# Far outside life, so that a slip of a finger is asked about. These are no alert limits.
BEYOND_LIFE = {"systolic": 350, "diastolic": 350, "mean_pressure": 350, "heart_rate": 400, "respiratory_rate": 150}
# What a value in doubt was held against: another pressure is another question.
BESIDE = {
    "diastolic": ("systolic",),
    "mean_pressure": ("systolic", "diastolic"),
    "rate_on_pump": ("rate_on_pump_unit",),
}
CHECKLIST = (
    "vitals_near_baseline",
    "oriented",
    "walks_safely",
    "comfortable",
    "iv_removed",
    "minimum_stay_met",
    "instructions_given",
    "emergency_number_given",
    "next_visit_known",
)


@dataclass(frozen=True)
class Doubt:
    """What of a row can hardly be, in words by field. `asked` stands for exactly the values in doubt: whoever confirms
    sends it back, and it covers no value that was typed afterwards."""

    words: Errors
    asked: str = ""
    is_confirmed: bool = False

    @property
    def is_there(self) -> bool:
        return bool(self.words)

    @property
    def is_open(self) -> bool:
        return self.is_there and not self.is_confirmed


def doubt_about(entry: FlowsheetEntry, visit: Visit, *, read_again: str = "") -> Doubt:
    """What has to be read again; confirmed where `read_again` is what stands for these values."""
    words = _before_arrival(entry, visit.appointment.arrived_at)
    if isinstance(entry, VitalsSet):
        words |= _contradictions(entry)
    if not words:
        return Doubt({})
    asked = _stands_for(entry, words)
    return Doubt(words, asked=asked, is_confirmed=read_again == asked)


def check_possible(entry: FlowsheetEntry, doubt: Doubt, wrong: Mapping[str, list[str]]) -> None:
    """Raise Invalid, with errors by field, for what no second look can make true; `wrong` is what is known of that.

    What is in doubt beside it is said at the same time, so that nobody is sent round twice.
    """
    errors = _impossible(entry)
    if wrong and NOTHING in errors.values():
        errors = {name: text for name, text in errors.items() if text != NOTHING}
    if not errors and not wrong:
        return
    found = (doubt.words if doubt.is_open else {}) | errors
    facts = {"asked": doubt.asked} if doubt.is_there else {}
    told = {name: [text] for name, text in found.items()} | dict(wrong)
    raise Invalid("Some values have to be typed again.", errors=told, **facts)


def check_believable(doubt: Doubt) -> None:
    """Raise Invalid with code "read-again", and `asked` among its facts, while something is in doubt."""
    if doubt.is_open:
        words = {name: [text] for name, text in doubt.words.items()}
        told = "Please read this again. If it is what you read, say so."
        raise Invalid(told, errors=words, code=READ_AGAIN, asked=doubt.asked)


def _impossible(entry: FlowsheetEntry) -> Errors:
    errors = _times(entry) | _pain(entry) | _units(entry) | _writing(entry)
    rule = RULES.get(type(entry))
    return errors | rule(entry) if rule is not None else errors


def _stands_for(entry: FlowsheetEntry, doubted: Iterable[str]) -> str:
    """A hash of the values in doubt, with those that they were held against."""
    beside = (BESIDE.get(name, ()) for name in doubted)
    names = sorted({*doubted, *(name for names in beside for name in names)})
    told = [[name, _plainly(getattr(entry, name))] for name in names]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _plainly(value: Any) -> str:
    # The same instant has many offsets, and one of them may lie beyond the calendar.
    return str(value.timestamp() if isinstance(value, datetime) else value)


def open_items(discharge: Discharge) -> list[str]:
    """The items of the checklist that are not met or were not looked at, the clinic's own lines by their words."""
    own = {line["wording"]: line["met"] for line in discharge.clinic_items or []}
    asked = DischargeItem.objects.filter(clinic=discharge.visit.clinic_id, retired_at__isnull=True)
    lines = dict.fromkeys(asked.order_by("position").values_list("wording", flat=True)) | own
    fixed = [name for name in CHECKLIST if getattr(discharge, name) is not True]
    return fixed + [wording for wording, met in lines.items() if met is not True]


def _times(entry: FlowsheetEntry) -> Errors:
    """No time lies years away, and none is still to come: a flowsheet says what was."""
    errors = {}
    for field in entry._meta.concrete_fields:
        moment = getattr(entry, field.attname)
        if not isinstance(moment, datetime) or field.name in STAMPED:
            continue
        if not _near(moment, entry.entered_at):
            errors[field.name] = "This time is years away. Type it again."
        elif moment > entry.entered_at + CLOCK_SKEW:
            errors[field.name] = "This time has not come yet."
    return errors


def _near(moment: datetime, now: datetime) -> bool:
    return FIRST_YEAR <= moment.year <= LAST_YEAR and abs(moment - now) <= AWAY


def _pain(entry: FlowsheetEntry) -> Errors:
    pain = getattr(entry, "pain", None)
    return {"pain": "Pain is a number from 0 to 10."} if pain is not None and pain > 10 else {}


def _units(entry: FlowsheetEntry) -> Errors:
    errors = {}
    for name, unit in WITH_UNIT.get(type(entry), ()):
        value, named = getattr(entry, name), getattr(entry, unit)
        if value is not None and named is None:
            errors[unit] = "Write the unit as well."
        if value is None and named is not None:
            errors[name] = "There is a unit and nothing before it."
    return errors


def _writing(entry: FlowsheetEntry) -> Errors:
    texts = {name: getattr(entry, name) for name in WRITTEN.get(type(entry), ())}
    found = {name: unclear(text) for name, text in texts.items() if text is not None}
    return {name: words for name, words in found.items() if words}


def said(entry: FlowsheetEntry) -> set[str]:
    """The names of the fields in which the clinician wrote something; the row's own columns do not count."""
    shared = {field.name for field in FlowsheetEntry._meta.fields}
    own = (field for field in entry._meta.concrete_fields if field.name not in shared)
    return {field.name for field in own if getattr(entry, field.attname) is not None}


def _something(first: str, *, beside: frozenset[str] = frozenset()) -> Rule:
    """A row says something. The words for an empty one stand at its `first` field."""
    return lambda entry: {} if said(entry) - beside else {first: NOTHING}


def _quantity(entry: Any) -> Errors:
    errors = {} if said(entry) else {"given": NOTHING}
    if entry.wasted is not None and entry.witness_id in (None, entry.author_id):
        errors["witness"] = "Waste needs a witness, who is somebody else."
    return errors


def _preparation(entry: Any) -> Errors:
    return {} if entry.drug is not None else {"drug": "Name what was made ready."}


def _administration(entry: Any) -> Errors:
    if entry.kind == AdministrationKind.RATE and entry.rate is None:
        return {"rate": "Write the rate as it was set."}
    if entry.kind == AdministrationKind.BOLUS and entry.amount is None:
        return {"amount": "Write the amount as it was given."}
    return {} if entry.kind in list(AdministrationKind) else {"kind": "Say what was done."}


def _adverse_event(entry: Any) -> Errors:
    onset = AdverseEvent.objects.filter(visit=entry.visit_id, event=entry.event).order_by("observed_at").first()
    began = onset.observed_at if onset is not None else entry.observed_at
    if entry.ended_at is not None and entry.ended_at < began:
        return {"ended_at": "The event cannot end before it began."}
    return {}


def _discharge(entry: Any) -> Errors:
    errors = {}
    without = (entry.exception_reason, entry.escort_exception_id)
    if entry.escort_identified is not True and without == (None, None):
        errors["exception_reason"] = "No escort was identified. Write why the patient may go without one."
    if entry.escort_exception is not None and not _allows(entry.escort_exception, entry.visit):
        errors["escort_exception"] = "This exception is for another visit."
    if entry.escort_identified is True and entry.escort_name is None and not _escort_named(entry.visit_id):
        errors["escort_name"] = "Write the name of the escort whom you identified."
    if open_items(entry) and entry.open_items_reason is None:
        errors["open_items_reason"] = "Write why the patient goes although an item is open."
    return errors


def _allows(exception: OrderException, visit: Visit) -> bool:
    """Whether it was signed for this patient's visit of this day, and no other visit has used it."""
    day = visit.appointment.start.astimezone(visit.clinic.tz).date()
    signed_for = (exception.kind, exception.patient_id, exception.day)
    used = exception.uses.exclude(appointment=visit.appointment_id).exists()
    return signed_for == (ExceptionKind.NO_ESCORT, visit.patient_id, day) and not used


def _escort_named(visit_id: Any) -> bool:
    return PreVisitCheck.objects.standing().filter(visit=visit_id, escort_name__isnull=False).exists()


def _contradictions(entry: VitalsSet) -> Errors:
    measured = ("systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate")
    doubts = {name: "This says 0. Read it again." for name in measured if getattr(entry, name) == 0}
    if entry.spo2 is not None and entry.spo2 > 100:
        doubts["spo2"] = f"A saturation of {entry.spo2} % cannot be. Read it again."
    doubts |= {
        name: f"{value} is more than a body can have. Read it again."
        for name, most in BEYOND_LIFE.items()
        if (value := getattr(entry, name)) is not None and value > most
    }
    if entry.systolic is not None and entry.diastolic is not None:
        doubts |= _pressure(entry.systolic, entry.diastolic, entry.mean_pressure)
    if entry.rate_on_pump is not None and unclear(entry.rate_on_pump):
        doubts["rate_on_pump"] = "This is easily misread. Look at the pump again."
    return doubts


def _pressure(systolic: int, diastolic: int, mean: int | None) -> Errors:
    if systolic <= diastolic:
        return {"diastolic": f"{systolic} over {diastolic} cannot be. Read it again."}
    if mean is not None and not diastolic <= mean <= systolic:
        return {"mean_pressure": f"A mean of {mean} lies outside {systolic} over {diastolic}. Read it again."}
    return {}


def _before_arrival(entry: FlowsheetEntry, arrived_at: datetime | None) -> Errors:
    # A typed time has no seconds, so the minute of arrival is not before it.
    if (
        arrived_at is None
        or entry.observed_at is None
        or entry.observed_at >= arrived_at.replace(second=0, microsecond=0)
    ):
        return {}
    return {"observed_at": "This is before the patient arrived."}


RULES: dict[type[FlowsheetEntry], Rule] = {
    VitalsSet: _something("systolic", beside=frozenset({"phase"})),
    PreVisitCheck: _something("identity_name_checked"),
    IvAccess: _something("site"),
    Quantity: _quantity,
    Preparation: _preparation,
    Administration: _administration,
    AdverseEvent: _adverse_event,
    Discharge: _discharge,
    Remark: _something("text"),
}
