"""The order form. Every field is empty unless the author typed it into this very draft; nothing is offered."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from config.refusals import Invalid
from infusions.clear_writing import whole
from infusions.models import Order
from infusions.protocol import LABELS, SECTIONS, Item, checked, items
from infusions.read_back import in_words
from infusions.web.candidacy_forms import day_input, own_words


class WholeNumber(forms.CharField):
    """Digits as typed; anything else is sent back, nothing is converted."""

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        try:
            return whole(typed) if typed.strip() else None
        except ValueError as refused:
            raise forms.ValidationError(str(refused)) from refused


def _field(item: Item) -> forms.Field:
    options: dict[str, Any] = {"label": item.label, "required": False}
    if item.kind == "date":
        return forms.DateField(widget=day_input(), **options)
    if item.kind == "whole":
        return WholeNumber(**options)
    return forms.CharField(strip=False, **options)


def _differs(stands: Any, typed: Any) -> bool:
    return stands != typed and not (stands in (None, "") and typed in (None, ""))


class OrderForm(forms.Form):
    """One's own draft of an order. `version` is that of the draft as it was shown, empty before there is one."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Order | None = None, **kwargs: Any) -> None:
        if draft is not None:
            kwargs["initial"] = {name: getattr(draft, name) for name in LABELS} | {"version": draft.version}
        super().__init__(*args, **kwargs)
        self.before: Order | None = None
        self.overtaken = False
        for item in items():
            self.fields[item.name] = _field(item)
            if item.unit:
                self.fields[item.unit] = forms.CharField(label=LABELS[item.unit], required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        """All that must be typed again is said at once."""
        typed = dict(super().clean() or {})
        try:
            checked({name: value for name, value in typed.items() if name in LABELS})
        except Invalid as refused:
            for name, texts in refused.errors.items():
                self.add_error(name, texts)
        return typed

    def values(self) -> dict[str, Any]:
        """What was typed, by the order's field names."""
        return {name: value for name, value in self.cleaned_data.items() if name in LABELS}

    def show_both(self, stands: Order) -> None:
        """Another save came first: where it says something else, that is shown beside this text and named above.
        Saving again takes this text."""
        self.before = stands
        typed = self.values()
        self.errors.clear()
        for item in items():
            names = [item.name, item.unit] if item.unit else [item.name]
            if any(_differs(getattr(stands, name), typed.get(name)) for name in names):
                self.add_error(item.name, "The other save says something else, or nothing.")
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(stands.version)
        self.data = data

    def sections(self) -> Iterator[dict[str, Any]]:
        """Headings with their items, for the template."""
        for section in SECTIONS:
            rows = [self._row(item) for item in section.items]
            yield {"title": section.title, "rows": rows, "is_key": any(row["unit"] for row in rows)}

    def _row(self, item: Item) -> dict[str, Any]:
        unit: BoundField | str = self[item.unit] if item.unit else ""
        return {
            "field": self[item.name],
            "unit": unit,
            "unit_text": item.unit_text,
            "is_long": item.kind == "long",
            "is_whole": item.kind == "whole",
            "is_date": item.kind == "date",
            "before": self._before(item),
        }

    def _before(self, item: Item) -> str:
        """What is shown beside a field to read: of another save only what differs."""
        if self.before is None or (self.overtaken and item.name not in self.errors):
            return ""
        return in_words(self.before, item)


class SignForm(forms.Form):
    """The signature under the order that was read back: its version and the password, nothing else."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Your password is your signature. Type it to sign."},
    )


class ReasonForm(forms.Form):
    """Why an order's standing changes."""

    reason = forms.CharField(
        label="Reason", max_length=2000, widget=own_words(3), error_messages={"required": "Say why."}
    )
