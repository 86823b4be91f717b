"""What is asked on a blank sheet: the questions of the chairside's own forms, in their words, with room for a hand."""

from collections.abc import Iterable
from typing import Any

from django import forms

from config.staff.models import Clinic
from infusions import listing
from infusions.models import DischargeItem
from infusions.plausible import CHECKLIST
from infusions.web.visit_fields import EntryForm
from infusions.web.visit_forms import DischargeForm, IvAccessForm, PreparationForm, PreVisitForm, QuantityForm

GOING_HOME = (
    "escort_identified", "escort_name", "escort_at", "pain", "no_driving_until", "instructions_language", "scale_name",
    "scale_value",
)  # fmt: skip
BEFORE = (
    "identity_name_checked", "identity_birth_date_checked", "consent_on_file", "allergies_reviewed", "fasting_answer",
    "fasting_from", "escort_name", "escort_phone", "escort_relation", "pregnancy_answer", "pain", "mood", "weight",
    "changes_since_last", "drugs_today",
)  # fmt: skip
ACCESS = ("site", "gauge")
PREPARED = ("drug", "lot", "expiry", "prepared_by", "checked_by")
AMOUNTS = ("given", "wasted", "witness")
# The columns of the flowsheet, and its rows; a longer visit takes a second sheet.
COLUMNS = ("Time", "BP", "Pulse", "SpO₂", "Resp", "Sedation", "Pain", "Rate as read", "Remark", "Initials")
STEPS = ("Time", "Start, change, bolus, pause, resume, end", "Rate or amount, with unit", "Reason", "Initials")
SHEET_ROWS, CONSULT_ROWS, STEP_ROWS = 13, 8, 5


def boxes(clinic: Clinic) -> dict[str, Any]:
    """All that a blank sheet asks, the clinic's own discharge list included. One query."""
    lines = [{"label": line.wording, "ticks": _words(DischargeForm, CHECKLIST[0])} for line in _own_list(clinic)]
    return {
        "before": _asked(PreVisitForm, BEFORE),
        "prepared": [*_asked(IvAccessForm, ACCESS), *_asked(PreparationForm, PREPARED)],
        "amounts": _asked(QuantityForm, AMOUNTS),
        "checklist": [*_asked(DischargeForm, CHECKLIST), *lines],
        "going_home": _asked(DischargeForm, GOING_HOME),
        "columns": COLUMNS,
        "steps": STEPS,
        "sheet_rows": range(SHEET_ROWS),
        "consult_rows": range(CONSULT_ROWS),
        "step_rows": range(STEP_ROWS),
    }


def _own_list(clinic: Clinic) -> list[DischargeItem]:
    return listing.items(DischargeItem, clinic=clinic)


def _asked(form: type[EntryForm], names: Iterable[str]) -> list[dict[str, Any]]:
    return [_box(form, name) for name in names]


def _box(form: type[EntryForm], name: str) -> dict[str, Any]:
    field = form.base_fields[name]
    return {"label": field.label, "ticks": _words(form, name), "is_long": isinstance(field.widget, forms.Textarea)}


def _words(form: type[EntryForm], name: str) -> list[str]:
    """The words that can be ticked; none where something is written."""
    field = form.base_fields[name]
    choices = field.choices if isinstance(field.widget, forms.RadioSelect) else []  # type: ignore[attr-defined]
    return [str(word) for _, word in choices]
