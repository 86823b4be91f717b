"""What the patient and the desk wish for a series; and a plan as it travels through the page."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from config.refusals import Invalid
from infusions.fulfilment import Wishes
from infusions.planning import Choice, Plan, Row

WEEKDAYS = [("0", "Mon"), ("1", "Tue"), ("2", "Wed"), ("3", "Thu"), ("4", "Fri"), ("5", "Sat"), ("6", "Sun")]


class WishForm(forms.Form):
    """Days and times of day; all may stay empty."""

    first = forms.DateField(
        label="First visit from", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    weekday = forms.MultipleChoiceField(
        label="Days that suit", choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    earliest = forms.TimeField(
        label="Not before", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    latest = forms.TimeField(
        label="Over by", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        typed = dict(super().clean() or {})
        earliest, latest = typed.get("earliest"), typed.get("latest")
        if earliest and latest and latest <= earliest:
            self.add_error("latest", "This is not after the time above.")
        return typed

    def preferences(self) -> Wishes:
        """As `fulfilment` takes them."""
        chosen = self.cleaned_data
        return Wishes(
            first_from=chosen["first"],
            weekdays=[int(day) for day in chosen["weekday"]] or None,
            time_from=chosen["earliest"],
            time_until=chosen["latest"],
        )


def token(choice: Choice) -> str:
    """One start and chair as the page carries it."""
    return f"{choice.start.isoformat()}|{choice.chair_id or ''}"


def choice_of(text: str, zone: ZoneInfo) -> Choice:
    """Back from `token`. Raises Invalid for anything else."""
    start, _, chair = text.partition("|")
    try:
        moment = datetime.fromisoformat(start)
        found = Choice(moment.astimezone(zone), UUID(chair) if chair else None)
    except ValueError:
        raise Invalid("This page was not sent whole. Load it again.", field="visits") from None
    if moment.tzinfo is None:
        raise Invalid("A start needs its offset from UTC.", field="visits")
    return found


def posted_plan(data: QueryDict, zone: ZoneInfo) -> Plan:
    """The plan that the page sent: `visit` in order, and each one's `other-<number>` alternatives."""
    rows = []
    for number, text in enumerate(data.getlist("visit")[:60], start=1):
        others = tuple(choice_of(other, zone) for other in data.getlist(f"other-{number}")[:4])
        rows.append(Row(number, choice_of(text, zone), others, lost=data.get(f"lost-{number}", "")))
    return Plan(tuple(rows))
