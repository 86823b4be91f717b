"""What the forms of the flowsheet are made of. Each input starts empty: no hint, nothing remembered by the browser."""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.forms.widgets import Input

from config.refusals import Invalid
from config.staff.models import User
from config.staff.permissions import CLINICAL_ROLES
from infusions.models import OrderException, Visit
from scheduling.wall_clock import instant

CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h ]?([0-5]\d)")
QUIET = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "false", "data-lpignore": "true"}
ANSWERS = [("yes", "Yes"), ("no", "No")]
TOO_LARGE = "Three digits at most."
MET = [("yes", "Met"), ("no", "Open")]


def whole_number(label: str, **more: Any) -> forms.IntegerField:
    """A number read off a device or said by the patient: the number keypad, three digits at most."""
    widget = forms.TextInput(attrs={**QUIET, "inputmode": "numeric", "maxlength": 3})
    words = {"invalid": "Type a whole number.", "min_value": "A number below zero cannot be.", "max_value": TOO_LARGE}
    options: dict[str, Any] = {
        "min_value": 0,
        "max_value": 999,
        "required": False,
        "localize": False,
        "error_messages": words,
    }
    return forms.IntegerField(label=label, widget=widget, **options, **more)


def text(label: str, longest: int, *, mode: str = "text", **more: Any) -> forms.CharField:
    """A line of text, kept to the letter."""
    widget = forms.TextInput(attrs={**QUIET, "inputmode": mode})
    return forms.CharField(label=label, max_length=longest, required=False, strip=False, widget=widget, **more)


def prose(label: str, rows: int = 2, **more: Any) -> forms.CharField:
    """Several lines of text, kept to the letter."""
    widget = forms.Textarea(attrs={**QUIET, "rows": rows})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **more)


def answer(label: str, words: list[tuple[str, str]] = ANSWERS) -> forms.TypedChoiceField:
    """Yes, no, or not answered: two buttons of which none is pressed at first."""
    return forms.TypedChoiceField(
        label=label,
        choices=words,
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect(attrs={"autocomplete": "off"}),
    )


def one_of(label: str, options: list[tuple[str, str]], **more: Any) -> forms.TypedChoiceField:
    """One of a list of words; the first line of the list is empty."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", ""), *options],
        required=False,
        empty_value=None,
        widget=forms.Select(attrs={"autocomplete": "off"}),
        **more,
    )


class ClockField(forms.CharField):
    """A time of day as it is typed in a hurry: 10:42, 1042, 9.05. Gives a `time`, or None.

    With `overnight` a time that is still to come today is that of last evening.
    """

    widget = forms.TextInput(attrs={**QUIET, "inputmode": "numeric", "maxlength": 5})

    def __init__(self, label: str, *, overnight: bool = False, **more: Any) -> None:
        super().__init__(label=label, required=False, **more)
        self.overnight = overnight

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return None
        found = CLOCK.fullmatch(typed)
        if found is None:
            raise forms.ValidationError("Type a time of day, hours and minutes.")
        return time(int(found[1]), int(found[2]))


class ClinicianField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A clinician of the clinic, by name."""

    def __init__(self, label: str) -> None:
        super().__init__(
            User.objects.none(),
            label=label,
            required=False,
            empty_label="",
            widget=forms.Select(attrs={"autocomplete": "off"}),
        )


class AllowedField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A prescriber's exception, in the prescriber's words; none is chosen at first."""

    def __init__(self, label: str) -> None:
        super().__init__(
            OrderException.objects.none(),
            label=label,
            required=False,
            empty_label="",
            widget=forms.Select(attrs={"autocomplete": "off"}),
        )


class ReadAgain(forms.CheckboxInput):
    """A box that says yes to one question: its value stands for the values that were asked about (`asked`), so that a
    tick from before another value was typed is no tick."""

    asked = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]  # noqa: ARG002
        return str(data.get(name, ""))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = Input.get_context(self, name, self.asked, attrs)
        if value and value == self.asked:
            context["widget"]["attrs"]["checked"] = True
        return context

    def format_value(self, value: Any) -> str:
        return str(value)


class EntryForm(forms.Form):
    """What all rows share. `clean()` gives the values for `records.chart`, `observed_at` among them.

    `stamp` is the instant at which the first key was pressed, `at` a time typed instead; without both it is now. A
    form that waited on a tablet comes later than that: a time typed into it is one of the stamp's day.
    """

    use_required_attribute = False
    title: str = ""
    press: str = "Save"  # the words of its button
    # Whether a tablet without a network may keep what was typed until it can be sent.
    may_wait: bool = True
    # Whether other work lies between its first tick and its last: what was ticked is kept on the device meanwhile.
    takes_a_while: bool = False
    # Fields that hold a drug, an amount or a rate, each with the field of its unit.
    dosing: ClassVar[Mapping[str, str]] = {}
    folded: ClassVar[tuple[str, ...]] = ()
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    read_again = forms.CharField(
        label="I have read it again: this is what it says", required=False, widget=ReadAgain, max_length=64
    )
    at = ClockField("Time, if not now")
    correction_reason = forms.CharField(label="Why it is corrected", max_length=200, required=False, strip=True)

    def __init__(self, data: Any = None, *, visit: Visit, now: datetime, corrects: Any = None) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s", initial={"client_id": uuid.uuid4()})
        self.visit, self.now, self.corrects = visit, now, corrects
        self.typed_at = now
        if corrects is None:
            del self.fields["correction_reason"]
        for field in self.fields.values():
            if isinstance(field, ClinicianField):
                field.queryset = User.objects.filter(
                    clinic=visit.clinic_id, role__in=CLINICAL_ROLES, is_active=True
                ).order_by("full_name")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        pressed, typed = stamped(values.pop("stamp", "")), values.pop("at", None)
        if pressed is not None and self.corrects is None:
            self.typed_at = min(pressed, self.now)
        for name in [name for name, field in self.fields.items() if isinstance(field, ClockField) and name != "at"]:
            values[name] = self._instant(name, values.get(name))
        # A correction is of the same moment unless another time is typed.
        seen = pressed if self.corrects is None else self.corrects.observed_at
        values["observed_at"] = self._instant("at", typed) if typed is not None else seen
        return {name: value for name, value in values.items() if value not in ("", None)}

    def ask_again(self, asked: str) -> None:
        """Show the box that confirms the values for which `asked` stands."""
        self.fields["read_again"].widget.asked = asked  # type: ignore[attr-defined]

    @property
    def asks_again(self) -> bool:
        return bool(self.fields["read_again"].widget.asked)  # type: ignore[attr-defined]

    def parts(self) -> Iterator[dict[str, Any]]:
        """The inputs in order: each a dict of `field`, its `unit` (a BoundField or None), and its `look`."""
        units = set(self.dosing.values())
        for field in self.visible_fields():
            if field.name not in units | {"at", "correction_reason", "read_again", "without_consent_reason"}:
                yield self._part(field)

    @property
    def first_parts(self) -> list[dict[str, Any]]:
        return [part for part in self.parts() if part["field"].name not in self.folded]

    @property
    def folded_parts(self) -> list[dict[str, Any]]:
        return [part for part in self.parts() if part["field"].name in self.folded]

    @property
    def folded_open(self) -> bool:
        """Whether something in the folded part was typed or is wrong, so that it must be seen."""
        return self.is_bound and any(part["field"].value() or part["field"].errors for part in self.folded_parts)

    def _part(self, field: BoundField) -> dict[str, Any]:
        if field.name in self.dosing:
            unit = self.dosing[field.name]
            return {"look": "dosing", "field": field, "unit": self[unit] if unit else None}
        look = "pick" if isinstance(field.field.widget, forms.RadioSelect) else "line"
        return {"look": look, "field": field, "unit": None}

    def _instant(self, name: str, typed: time | None) -> datetime | None:
        if typed is None:
            return None
        try:
            return instant(day=self._day(name, typed), at=typed, zone=self.visit.clinic.tz)
        except Invalid as refusal:
            self.add_error(name, refusal.message)
            return None

    def _day(self, name: str, typed: time) -> date:
        """The day of typing; a late evening that is written down after midnight is the day's before."""
        local = self.typed_at.astimezone(self.visit.clinic.tz)
        opened = self.visit.opened_at.astimezone(self.visit.clinic.tz).date()
        overnight = getattr(self.fields[name], "overnight", False) or (local.hour < 6 and opened < local.date())
        over_midnight = overnight and typed > local.time()
        return local.date() - timedelta(days=1) if over_midnight else local.date()


def stamped(stamp: str) -> datetime | None:
    """The instant that a tablet stamped, or None when it stamped none."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


class ReasonForm(forms.Form):
    """Why the visit ends as it does."""

    use_required_attribute = False
    reason = forms.CharField(label="Reason", max_length=200, widget=forms.TextInput(attrs=QUIET))
