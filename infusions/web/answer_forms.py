"""The forms in which a patient's answers are entered. Nothing is chosen at first; an item may stay unanswered."""

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField

from config.refusals import Invalid
from config.staff.models import Clinic
from infusions.models import Questionnaire, QuestionnaireItem, QuestionnaireResponse
from infusions.web.visit_fields import QUIET, ClockField
from scheduling.wall_clock import instant

NONE = "none"
# From this many answers on they stand in one narrow row of numbers.
MANY = 8


class _ItemsForm(forms.Form):
    """A group of radio buttons for each item."""

    use_required_attribute = False
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, asked: Questionnaire) -> None:
        super().__init__(data, initial={"client_id": uuid.uuid4()})
        self.asked = asked
        self.items: list[QuestionnaireItem] = list(asked.items.all())
        for item in self.items:
            self.fields[_name(item)] = _radio(item)

    def chosen(self) -> dict[UUID, UUID | None]:
        """The option of each item that somebody touched; None where they chose "no answer"."""
        given = {item.pk: self.cleaned_data.get(_name(item)) for item in self.items}
        return {item: None if value == NONE else UUID(value) for item, value in given.items() if value}

    def parts(self) -> list[dict[str, Any]]:
        """Each item with its field and how its answers are laid out."""
        return [
            {"item": item, "field": self[_name(item)], "many": len(item.options.all()) >= MANY} for item in self.items
        ]


class AnswersForm(_ItemsForm):
    """One set of answers. `left_open` is asked for when something is not answered, so that it is on purpose."""

    on_day = forms.DateField(
        label="Day, if not now", required=False, widget=forms.DateInput(attrs={**QUIET, "type": "date"})
    )
    at = ClockField("Time, if not now")
    left_open = forms.BooleanField(label="Unanswered", required=False)

    def __init__(self, data: Any = None, *, asked: Questionnaire, clinic: Clinic, now: datetime) -> None:
        super().__init__(data, asked=asked)
        self.clinic, self.now = clinic, now
        self.missing: set[UUID] = set()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = self.chosen()
        if not self.errors and any(chosen.values()) and not values.get("left_open"):
            self._ask_again([item for item in self.items if chosen.get(item.pk) is None])
        return {"answers": chosen, "client_id": values.get("client_id"), "authored_at": self._authored(values)}

    def parts(self) -> list[dict[str, Any]]:
        """Each says too whether it is asked for again."""
        return [{**part, "missing": part["item"].pk in self.missing} for part in super().parts()]

    @property
    def times(self) -> list[BoundField]:
        return [self["on_day"], self["at"]]

    @property
    def times_open(self) -> bool:
        return any(field.value() or field.errors for field in self.times)

    def _ask_again(self, missing: list[QuestionnaireItem]) -> None:
        self.missing = {item.pk for item in missing}
        places = [str(item.position) for item in missing]
        if places:
            which = f"Item {places[0]} has" if len(places) == 1 else f"Items {', '.join(places)} have"
            self.add_error("left_open", f"{which} no answer. Ask again, or say that it stays so.")

    def _authored(self, values: dict[str, Any]) -> datetime | None:
        day, at = values.get("on_day"), values.get("at")
        if day is None and at is None:
            return None
        if at is None:
            self.add_error("at", "About what time?")
            return None
        try:
            return instant(day=day or self.clinic.today(self.now), at=at, zone=self.clinic.tz)
        except Invalid as refusal:
            self.add_error("at", refusal.message)
            return None


class CorrectionForm(_ItemsForm):
    """What was answered instead. An item that nobody touches stays as it was."""

    correction_reason = forms.CharField(
        label="Why it is corrected", max_length=200, widget=forms.TextInput(attrs=QUIET)
    )

    def __init__(self, data: Any = None, *, asked: Questionnaire, response: QuestionnaireResponse) -> None:
        super().__init__(data, asked=asked)
        self.was = {answer.item_id: answer.option for answer in response.answers.all()}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        return {
            "answers": self.chosen(),
            "reason": values.get("correction_reason", ""),
            "client_id": values.get("client_id"),
        }

    def parts(self) -> list[dict[str, Any]]:
        found = super().parts()
        for part in found:
            option = self.was.get(part["item"].pk)
            part["was"] = option.label if option else "no answer"
        return found


class StrikeForm(forms.Form):
    """Why these answers never were this patient's."""

    use_required_attribute = False
    correction_reason = forms.CharField(
        label="Why they do not count", max_length=200, widget=forms.TextInput(attrs=QUIET)
    )


def _name(item: QuestionnaireItem) -> str:
    return f"item_{item.pk}"


def _radio(item: QuestionnaireItem) -> forms.ChoiceField:
    offered = [(str(option.pk), option.label) for option in item.options.all()]
    return forms.ChoiceField(
        label=f"{item.position}. {item.wording}",
        choices=[*offered, (NONE, "No answer")],
        required=False,
        widget=forms.RadioSelect(attrs={"autocomplete": "off"}),
    )
