"""What is typed about somebody who waits. Every refusal comes from the doors in `infusions.waitlist`."""

from typing import Any, cast
from uuid import UUID

from django import forms

from infusions.models import WaitlistEntry
from infusions.waitlist.wishes import MOST_NOTICE, WISHES
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.stretches import WEEKDAYS
from scheduling.wall_clock import words
from scheduling.web.forms import LENGTHS

NOTICES = ((0, "None: they can come at once"), (2, "2 hours"), (4, "4 hours"), (24, "A day"), (48, "Two days"))


def _time(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class WishesForm(forms.Form):
    """When they would come, and how short a notice they can take."""

    use_required_attribute = False
    weekdays = forms.TypedMultipleChoiceField(
        label="Days on which they could come",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: any day.",
    )
    time_from = _time("Not before")
    time_until = _time("Done by")
    earliest = _day("First day")
    latest = _day("Last day")
    notice_hours = forms.TypedChoiceField(label="Notice they need", coerce=int, required=False)
    note = forms.CharField(
        max_length=200,
        label="Note",
        required=False,
        help_text="Nothing medical: everybody who books reads it.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, entry: WaitlistEntry | None = None, **kwargs: Any) -> None:
        if entry is not None:
            kwargs["initial"] = {name: getattr(entry, name) for name in (*WISHES, "version")}
        super().__init__(*args, **kwargs)
        known = dict(NOTICES)
        kept = entry.notice_hours if entry else 0
        if kept not in known and 0 <= kept <= MOST_NOTICE:
            known[kept] = f"{kept} hours"
        cast("forms.ChoiceField", self.fields["notice_hours"]).choices = sorted(known.items())


class JoinForm(WishesForm):
    """What they wait for, as well: an infusion, a consult, or a visit of theirs earlier."""

    what = forms.ChoiceField(
        label="What they wait for", widget=forms.RadioSelect, error_messages={"required": "Choose what they wait for."}
    )
    minutes = forms.TypedChoiceField(
        label="How long the consult takes",
        help_text="For a consult alone; an infusion takes what its order says.",
        choices=[("", "Choose"), *((str(n), f"{n} minutes") for n in LENGTHS)],
        coerce=int,
        required=False,
        empty_value=None,
    )
    field_order = ("what", "minutes")

    def __init__(self, *args: Any, coming: list[Appointment], left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(visit.pk), f"Earlier than {words(visit.start, visit.clinic.tz)}") for visit in coming]
        if left:
            choices.insert(0, (VisitKind.INFUSION.value, f"An infusion ({left} left to book)"))
        choices.append((VisitKind.CONSULT.value, "A consult"))
        cast("forms.ChoiceField", self.fields["what"]).choices = choices
        if len(choices) == 1:
            self.initial.setdefault("what", choices[0][0])

    @property
    def visit(self) -> UUID | None:
        """The visit that they would like earlier, if it is one."""
        chosen = self.cleaned_data.get("what", "")
        return None if chosen in set(VisitKind) else UUID(chosen)
