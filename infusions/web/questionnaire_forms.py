"""What a manager types: a questionnaire of the clinic's own, and the path of a positive item 9.

One item a line. The answers stand once for all items, a number and its words a line; an item with answers of its own
has them behind it: `Can you drive? | 0 No | 1 Yes`.
"""

import re
from typing import Any

from django import forms

from config.refusals import Invalid
from infusions.follow_up import LONGEST
from infusions.measures import Asked, Choice, Measure
from infusions.models.questionnaires import LATEST_DAY, Due
from infusions.web.visit_fields import QUIET

NUMBERED = re.compile(r"(?P<value>[-−]?\d{1,3})(?:\s*[=:.)]\s*|\s+|$)(?P<label>.*)")
ROLES = [("prescriber", "A prescriber"), ("nurse", "A nurse")]
DUE = [(Due.SAME_DAY.value, "The same day"), (Due.NEXT_DAY.value, "By the next day")]
PLAIN_WORDS = "Read the new answers of this patient and follow the clinic's procedure."


class QuestionnaireForm(forms.Form):
    """A questionnaire as text. `clean()` gives `measure`."""

    use_required_attribute = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="Title", max_length=120)
    instruction = forms.CharField(
        label="What stands above the items",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={**QUIET, "rows": 2}),
    )
    items = forms.CharField(
        label="Items, one a line",
        help_text="An item with answers of its own has them behind it: Can you drive? | 0 No | 1 Yes",
        widget=forms.Textarea(attrs={**QUIET, "rows": 10}),
    )
    options = forms.CharField(
        label="Answers for all the other items, one a line: a whole number, then words",
        help_text="For example: 0 Never",
        required=False,
        widget=forms.Textarea(attrs={**QUIET, "rows": 5}),
    )
    plain_sum = forms.BooleanField(
        label="Its published scoring is the plain sum of all items",
        help_text="Then the sum is shown where every item is answered. Without it no number is shown.",
        required=False,
    )
    copyright = forms.CharField(
        label="Source and permission",
        help_text="Who wrote it, and by what right the clinic uses it. It stands below the form.",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=QUIET),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        shared = self._shared(values.get("options", ""))
        items = [self._item(line, shared) for line in values.get("items", "").splitlines() if line.strip()]
        if self.errors:
            return {}
        named = {name: values.get(name, "") for name in ("title", "instruction", "copyright")}
        return {
            "measure": Measure(items=tuple(items), plain_sum=values["plain_sum"], **named),
            "seen": values.get("seen", ""),
        }

    def _shared(self, text: str) -> tuple[Choice, ...]:
        try:
            return tuple(read_option(line) for line in text.splitlines() if line.strip())
        except Invalid as refusal:
            self.add_error("options", refusal.message)
            return ()

    def _item(self, line: str, shared: tuple[Choice, ...]) -> Asked:
        wording, *own = (part.strip() for part in line.split("|"))
        try:
            return Asked(wording, tuple(read_option(one) for one in own) or shared)
        except Invalid as refusal:
            self.add_error("items", refusal.message)
            return Asked(wording, shared)


class PathForm(forms.Form):
    """Who reads a positive item 9, by when, and what their task says."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    role = forms.ChoiceField(label="Who reads it", choices=ROLES, widget=forms.RadioSelect)
    due = forms.ChoiceField(label="By when", choices=DUE, widget=forms.RadioSelect)
    words = forms.CharField(
        label="What the task says",
        help_text="Other roles read the work list too: no questionnaire, no symptom, no answer.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={**QUIET, "rows": 2}),
    )


def read_option(text: str) -> Choice:
    """`0 Never`, `0 = Never` or `0: Never`; a number alone is its own words. Raises Invalid."""
    typed = " ".join(text.split())
    found = NUMBERED.fullmatch(typed)
    if found is None:
        raise Invalid(f"“{typed}” does not begin with a whole number of at most three digits.")
    value = int(found["value"].replace("−", "-"))
    return Choice(found["label"].strip() or str(value), value)


def as_text(measure: Measure) -> dict[str, Any]:
    """A questionnaire as its form shows it: the answers of most items once, the others' behind them."""
    every = [item.options for item in measure.items]
    shared = max(every, key=every.count) if every else ()
    if every.count(shared) < 2:
        shared = ()
    items = "\n".join(
        item.wording if item.options == shared else " | ".join([item.wording, *map(_option, item.options)])
        for item in measure.items
    )
    return {
        "title": measure.title,
        "instruction": measure.instruction,
        "copyright": measure.copyright,
        "plain_sum": measure.plain_sum,
        "items": items,
        "options": "\n".join(map(_option, shared)),
    }


def _option(choice: Choice) -> str:
    return str(choice.value) if choice.label == str(choice.value) else f"{choice.value} {choice.label}"


class AfterForm(forms.Form):
    """When a measure is sent by a link. Nothing typed: never."""

    use_required_attribute = False
    days = forms.IntegerField(
        label="How many days after each infusion?",
        help_text="Empty: it is not sent.",
        required=False,
        min_value=1,
        max_value=LATEST_DAY,
        widget=forms.NumberInput(attrs={**QUIET, "inputmode": "numeric"}),
    )
