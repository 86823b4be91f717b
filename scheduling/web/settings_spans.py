"""The spans of a visit type as a form, a fieldset each: added, left out and moved up without a script."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django import forms

from scheduling.models import VisitKind
from scheduling.models.kinds import Part, What
from scheduling.models.places import ChairKind
from scheduling.spans import LONGEST_SPAN, NeedSpec, SpanSpec
from scheduling.web.settings_forms import VersionForm, number_field, worded

MORE, OUT, UP = "more", "out", "up"
PRESSES = (MORE, OUT, UP)
MOST_SPANS = 12
PLACES = [(What.CHAIR.value, "In the chair"), (What.RECOVERY.value, "In a recovery place")]
PEOPLE = ((What.HANDS, "A nurse, hands on"), (What.WATCH, "A nurse who watches"), (What.CLINICIAN, "A clinician"))
FIELD = re.compile(r"s(\d+)-([a-z_]+)")


class TypeForm(VersionForm):
    """A visit type without its spans."""

    name = forms.CharField(max_length=60, help_text="For example: First infusion.")
    kind = forms.ChoiceField(choices=worded(VisitKind))
    chair_kind = forms.ChoiceField(
        label="Where",
        required=False,
        choices=[("", "Any chair"), *worded(ChairKind)],
    )
    in_use = forms.BooleanField(required=False, label="In use", initial=True, help_text="Can be booked from now on.")

    @staticmethod
    def nothing(data: Any) -> forms.Form:
        """A press of a button."""
        return forms.Form(data)


class SpanForm(forms.Form):
    """One span. For each of the people: all through, or so many minutes at its beginning or end."""

    name = forms.CharField(max_length=40)
    minutes = number_field(
        "Minutes", LONGEST_SPAN, step=5, required=False, help_text="Left empty: what the other spans leave."
    )
    place = forms.ChoiceField(label="Place", choices=PLACES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for what, label in PEOPLE:
            self.fields[f"{what}_all"] = forms.BooleanField(
                required=False, widget=forms.CheckboxInput(attrs={"aria-label": f"{label}, all through"})
            )
            for part in (Part.FIRST, Part.LAST):
                words = f"{label}, for the {part} minutes"
                field = number_field(words, LONGEST_SPAN, step=5, required=False)
                field.widget.attrs["aria-label"] = words
                self.fields[f"{what}_{part}"] = field

    def people(self) -> list[dict[str, Any]]:
        """For each of the people the three fields."""
        return [
            {"label": label, "all": self[f"{what}_all"], "first": self[f"{what}_first"], "last": self[f"{what}_last"]}
            for what, label in PEOPLE
        ]

    def spec(self) -> SpanSpec:
        """What was typed, as the door takes it. The form is valid."""
        data = self.cleaned_data
        needs = [NeedSpec(What(data["place"]))]
        for what, _ in PEOPLE:
            if data[f"{what}_all"]:
                needs.append(NeedSpec(what))
            given = [(part, data[f"{what}_{part}"]) for part in (Part.FIRST, Part.LAST)]
            needs += [NeedSpec(what, part, minutes) for part, minutes in given if minutes is not None]
        order = list(What)
        return SpanSpec(data["name"], data["minutes"], sorted(needs, key=lambda need: order.index(need.what)))


def initial_of(spec: SpanSpec) -> dict[str, Any]:
    """A span's values in the form."""
    found: dict[str, Any] = {"name": spec.name, "minutes": spec.minutes, "place": What.CHAIR.value}
    for need in spec.needs:
        if need.what in {What.CHAIR, What.RECOVERY}:
            found["place"] = need.what.value
        elif need.part == Part.ALL:
            found[f"{need.what}_all"] = True
        else:
            found[f"{need.what}_{need.part}"] = need.minutes
    return found


@dataclass
class SpanForms:
    """All spans of a type, each with its form."""

    forms: list[SpanForm]

    @classmethod
    def of(cls, specs: Sequence[SpanSpec]) -> Self:
        return cls([SpanForm(prefix=f"s{at}", initial=initial_of(spec)) for at, spec in enumerate(specs)])

    @classmethod
    def begun(cls) -> Self:
        """Two spans as most clinics have them; no minutes are proposed."""
        chair = NeedSpec(What.CHAIR)
        return cls.of(
            [
                SpanSpec("Set-up", None, [chair, NeedSpec(What.HANDS)]),
                SpanSpec("Infusion", None, [chair, NeedSpec(What.WATCH)]),
            ]
        )

    @classmethod
    def sent(cls, data: Mapping[str, Any]) -> Self:
        """What was typed, with one span more, left out or moved up if that was pressed."""
        rows = _rows(data)
        if MORE in data and len(rows) < MOST_SPANS:
            rows.append({})
        out, up = _number(data.get(OUT)), _number(data.get(UP))
        if out is not None and out < len(rows) > 1:
            rows.pop(out)
        if up is not None and 0 < up < len(rows):
            rows[up - 1], rows[up] = rows[up], rows[up - 1]
        is_press = any(name in data for name in PRESSES)
        return cls([_form(at, row, is_press=is_press) for at, row in enumerate(rows)])

    def is_valid(self) -> bool:
        # Each is asked, so that all errors are shown at once.
        wrong = [form for form in self.forms if not form.is_valid()]
        return not wrong

    def read(self) -> list[SpanSpec]:
        return [form.spec() for form in self.forms]

    def errors(self) -> list[tuple[str, str, str]]:
        """(field's id, its label, what is wrong) of all spans, for the summary."""
        return [
            (field.auto_id, f"Span {at}, {field.label}", str(error))
            for at, form in enumerate(self.forms, 1)
            if form.is_bound
            for field in form
            for error in field.errors
        ]


def _form(at: int, row: Mapping[str, str], *, is_press: bool) -> SpanForm:
    # Bound, what is missing would be shown as an error before anybody asked to save.
    if is_press:
        return SpanForm(prefix=f"s{at}", initial=row)
    return SpanForm({f"s{at}-{name}": value for name, value in row.items()}, prefix=f"s{at}")


def _rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The typed fields of each span, in their order."""
    found: dict[int, dict[str, str]] = {}
    for name in data:
        match = FIELD.fullmatch(name)
        if match and int(match[1]) < MOST_SPANS:
            found.setdefault(int(match[1]), {})[match[2]] = data[name]
    return [found[at] for at in sorted(found)]


def _number(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isdigit() and len(text) < 3 else None


def span_words(spec: SpanSpec) -> dict[str, str]:
    """A span as a line: its name, its length, what it needs."""
    length = f"{spec.minutes} min" if spec.minutes else "the rest"
    return {"name": spec.name, "length": length, "needs": ", ".join(need.words for need in spec.needs)}
