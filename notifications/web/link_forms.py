"""What patients type on the page behind a link. The words come in their language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from notifications.link_answers import LONGEST_WISH
from notifications.link_words import Words
from scheduling.models import VisitQuestion
from scheduling.models.questions import LONGEST_ANSWER

# In the order in which people of that language write a date.
ORDER = {"en": ("month", "day", "year"), "es": ("day", "month", "year")}
BOXES = {"day": 2, "month": 2, "year": 4}


class LinkForm(forms.Form):
    """Its labels and what it says of a mistake are the page's words."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, words: Words, tongue: str) -> None:
        super().__init__(data, auto_id="%s")
        self.words, self.tongue = words, tongue
        self.name_fields()

    def name_fields(self) -> None:
        """Give each field its label."""


class BirthForm(LinkForm):
    """Three boxes for numbers. `cleaned_data["born"]` is the date."""

    day = forms.CharField(required=False, max_length=4)
    month = forms.CharField(required=False, max_length=4)
    year = forms.CharField(required=False, max_length=6)

    def name_fields(self) -> None:
        for name, longest in BOXES.items():
            more = {"inputmode": "numeric", "autocomplete": f"bday-{name}", "maxlength": longest, "size": longest}
            self.fields[name].widget = forms.TextInput(attrs=more)
            self.fields[name].label = self.words[name]
        self.order_fields(ORDER[self.tongue])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        try:
            year, month, day = (int(values[name]) for name in ("year", "month", "day"))
            if year < 1000:  # two digits may be of either century
                raise ValueError
            values["born"] = date(year, month, day)
        except (KeyError, ValueError):
            raise ValidationError(self.words["born_no_date"]) from None
        return values

    @property
    def boxes(self) -> list[BoundField]:
        return list(self)


class OtherTimeForm(LinkForm):
    """Days and times in the patient's own words."""

    wishes = forms.CharField(required=False, max_length=LONGEST_WISH, widget=forms.Textarea(attrs={"rows": 4}))

    def name_fields(self) -> None:
        self.fields["wishes"].label = f"{self.words['wishes']} ({self.words['optional']})"
        self.fields["wishes"].help_text = self.words["wishes_help"]


class EscortForm(LinkForm):
    """Who takes the patient home."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))

    def name_fields(self) -> None:
        for name in ("name", "phone"):
            self.fields[name].label = self.words[f"escort_{name}"]
            self.fields[name].error_messages["required"] = self.words[f"no_{name}"]


class QuestionsForm(LinkForm):
    """The clinic's questions before a visit, a box each. `said` is what was answered before, by question."""

    def __init__(
        self,
        data: Any = None,
        *,
        words: Words,
        tongue: str,
        asked: Sequence[VisitQuestion] = (),
        said: Mapping[UUID, str] | None = None,
    ) -> None:
        self.asked, self.said = asked, said or {}
        super().__init__(data, words=words, tongue=tongue)

    def name_fields(self) -> None:
        too_long = self.words["too_long"].format(most=LONGEST_ANSWER)
        for question in self.asked:
            self.fields[f"q-{question.pk}"] = forms.CharField(
                required=False,
                strip=False,
                max_length=LONGEST_ANSWER,
                label=question.in_language(self.tongue),
                initial=self.said.get(question.pk, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"max_length": too_long},
            )

    @property
    def answers(self) -> dict[UUID, str]:
        """What a valid form says, by question. What its page did not ask is not answered."""
        return {
            question.pk: self.cleaned_data[f"q-{question.pk}"]
            for question in self.asked
            if f"q-{question.pk}" in self.data
        }
