"""A birth date as it is typed: read in any common form, said back in words, asked about where it may be several."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from config.refusals import Invalid
from patients.dates import date_words, read_birth_date, readings


class BirthDateInput(forms.TextInput):
    """One box. Below it stands what was read, or a choice between the days that 3/4/78 may be."""

    template_name = "patients/birth_date.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        meant = data.get(f"{name}_meant")
        # A choice counts only for the text that it was offered for.
        return meant if meant in _meanings(typed) else typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        found = _meanings(value)
        context["widget"]["meanings"] = found if len(found) > 1 else []
        context["widget"]["read_as"] = found[0] if len(found) == 1 and found[0] != value else ""
        return context


class BirthDate(forms.CharField):
    """A date in any common form. One that may be several is asked about, never guessed."""

    widget = BirthDateInput(attrs={"autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return read_birth_date(text or "", today=timezone.localdate())
        except Invalid as refusal:
            raise ValidationError(refusal.message) from refusal

    def prepare_value(self, value: Any) -> Any:
        return date_words(value) if isinstance(value, date) else value


def _meanings(typed: Any) -> list[str]:
    return [date_words(day) for day in readings(str(typed or ""), today=timezone.localdate())]
