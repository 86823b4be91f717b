"""What is typed about a visit. Every refusal comes from the doors in `scheduling.booking`."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms

from config.refusals import Invalid
from config.staff.models import Clinic
from scheduling.models import Appointment, Chair
from scheduling.states import MOVES, Status
from scheduling.wall_clock import instant

HOW = {
    Status.CANCELLED_BY_PATIENT: "The patient cancels",
    Status.CANCELLED_LATE: "The patient cancels late",
    Status.CANCELLED_BY_CLINIC: "The clinic cancels",
    Status.ENTERED_IN_ERROR: "It was booked by mistake",
}
LENGTHS = (15, 20, 30, 40, 45, 60, 90, 120)


class CancelForm(forms.Form):
    """Who cancels, and why."""

    how = forms.ChoiceField(label="What happened", widget=forms.RadioSelect)
    reason = forms.CharField(max_length=200, label="Why", help_text="Stays with the visit; the patient is not told.")

    def __init__(self, *args: Any, visit: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moves = MOVES[Status(visit.status)]
        choices = [(how.value, words) for how, words in HOW.items() if how in moves]
        how = cast("forms.ChoiceField", self.fields["how"])
        how.choices = choices
        # Once somebody has come only the clinic can cancel: nothing to choose.
        self.initial["how"] = choices[0][0] if len(choices) == 1 else None


class NoShowForm(forms.Form):
    """Why nobody came, as far as it is known."""

    reason = forms.CharField(
        max_length=200, label="What is known", help_text="For example: no call, reached on the phone, came too late."
    )


class ConsultForm(forms.Form):
    """A visit that needs no order. Day and time are the clinic's."""

    patient = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Choose who comes."})
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"))
    fold = forms.TypedChoiceField(
        choices=[("", "Choose"), ("0", "The first"), ("1", "The second")],
        coerce=int,
        empty_value=None,
        required=False,
        label="Which of the two",
    )
    minutes = forms.TypedChoiceField(
        choices=[("", "Choose"), *((str(n), f"{n} minutes") for n in LENGTHS)], coerce=int, label="How long"
    )
    chair = forms.ModelChoiceField(Chair.objects.none(), required=False, empty_label="Any free chair")

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone: ZoneInfo = clinic.tz
        chair = cast("forms.ModelChoiceField[Chair]", self.fields["chair"])
        chair.queryset = Chair.objects.filter(clinic=clinic, in_service=True)
        # Asked only on the night on which a time comes twice.
        self.asks_which = "fold" in (args[0] if args and args[0] else {})

    def start(self) -> datetime:
        """The instant that is meant. Raises Invalid for a time that does not exist, or comes twice."""
        data = self.cleaned_data
        try:
            return instant(day=data["day"], at=data["time"], zone=self.zone, fold=data["fold"])
        except Invalid as refusal:
            self.asks_which = refusal.code == "which-time"
            raise
