"""The form that gives a visit another time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from config.refusals import Invalid
from infusions.rescheduling import Scope
from scheduling.models import Chair
from scheduling.wall_clock import instant


class OutsideLimitsForm(forms.Form):
    """Why a visit is placed where the patient said they cannot come."""

    limits_reason = forms.CharField(label="Outside the patient’s own days and hours, because", max_length=200)


class MoveForm(forms.Form):
    """Day and time on the clinic's wall, and the chair if it matters. `fold` tells two equal times apart."""

    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day."},
    )
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"),
        error_messages={"required": "Choose a time."},
    )
    chair = forms.ModelChoiceField(queryset=Chair.objects.none(), label="Chair", required=False, empty_label="Any free")
    fold = forms.TypedChoiceField(choices=[("0", "0"), ("1", "1")], coerce=int, required=False, empty_value=None)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    scope = forms.ChoiceField(label="Which visits", widget=forms.RadioSelect, required=False)
    limits_reason = forms.CharField(
        label=OutsideLimitsForm.base_fields["limits_reason"].label, required=False, max_length=200
    )
    overbook_reason = forms.CharField(
        label="Give this chair twice, because",
        required=False,
        max_length=200,
        help_text="Marked on the board. Leave empty to take a free chair only.",
    )
    # Pressed under the words that say which later visits it breaks.
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, chairs: Any, later: int, may_overbook: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.later = zone, later
        self.fields["chair"].queryset = chairs  # type: ignore[attr-defined]
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (Scope.ONE.value, "This visit"),
            (Scope.LATER.value, f"This and the {later} later one{'s' * (later != 1)}: see the dates first"),
        ][: 2 if later else 1]
        if not may_overbook:
            del self.fields["overbook_reason"]
        self.choices: list[dict[str, Any]] = []
        self.breaks: list[str] = []

    @property
    def asks_limits(self) -> bool:
        """Whether the patient's own limits stood in the way, or are being passed over."""
        refusal = getattr(self, "refusal", None)
        return bool(self["limits_reason"].value()) or (refusal is not None and refusal.code == "outside-limits")

    def clean(self) -> dict[str, Any]:
        """The wall time as an instant. A time that comes twice leaves its two readings in `choices`."""
        typed = dict(super().clean() or {})
        if typed.get("day") and typed.get("time"):
            try:
                typed["start"] = instant(day=typed["day"], at=typed["time"], zone=self.zone, fold=typed.get("fold"))
            except Invalid as refused:
                self.choices = refused.facts.get("choices", [])
                self.add_error("time", refused.message)
        return typed


def wall_start(text: str, zone: ZoneInfo) -> datetime:
    """A start as the board sends it: clinic wall time without a zone; or an instant with its offset.

    Raises Invalid for anything else, and for a wall time that does not exist or comes twice.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("That is not a time.", field="start") from None
    if moment.tzinfo is not None:
        return moment
    return instant(day=moment.date(), at=moment.time(), zone=zone)
