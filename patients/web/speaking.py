"""What a form says when a value is not right: in the words of the desk, the same on all pages of this app."""

from collections.abc import Callable
from typing import Any

from django import forms

from config.refusals import Invalid

Values = dict[str, Any]


class SpeakingForm(forms.Form):
    """A form that says what is wrong in plain words, and all of it at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, **_words(field)}

    def judge(self, door: Callable[[Values], Any], values: Values) -> None:
        """Let a door say what it would refuse, beside what the fields refuse: nobody corrects a form twice."""
        try:
            door(values)
        except Invalid as refusal:
            for name, texts in refusal.errors.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, texts)  # type: ignore[arg-type]


def _words(field: forms.Field) -> dict[str, str]:
    said = {
        "required": "This is needed.",
        "max_length": "Write at most %(limit_value)d characters; this has %(show_value)d.",
        "null_characters_not_allowed": "This holds a sign that cannot be kept.",
    }
    if isinstance(field, forms.ChoiceField):
        said |= dict.fromkeys(("required", "invalid_choice"), "Choose one of these.")
    if isinstance(field, forms.IntegerField):
        bounds = f"Write a whole number from {field.min_value} to {field.max_value}."
        said |= dict.fromkeys(("invalid", "min_value", "max_value"), bounds)
    return said
