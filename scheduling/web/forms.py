"""What is typed about a visit. Every refusal comes from the doors in `scheduling.booking`."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms

from config.refusals import Invalid
from config.staff.models import Clinic
from scheduling.models import Chair, VisitKind, VisitType
from scheduling.visit_types import offered
from scheduling.wall_clock import instant

LENGTHS = (15, 20, 30, 40, 45, 60, 90, 120)


class UndoForm(forms.Form):
    """Why what ended a visit is taken back."""

    reason = forms.CharField(max_length=200, label="Why", help_text="Stays in the visit’s history.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


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
    visit_type = forms.ModelChoiceField(VisitType.objects.none(), empty_label=None, label="What kind of consult")
    chair = forms.ModelChoiceField(Chair.objects.none(), required=False, empty_label="Any free chair")
    limits_reason = forms.CharField(
        label="Outside the patient’s own days and hours, because", required=False, max_length=200
    )
    overbook_reason = forms.CharField(
        label="Give this chair twice, because",
        required=False,
        max_length=200,
        help_text="Marked on the board. Leave empty to take a free chair only.",
    )

    def __init__(self, *args: Any, clinic: Clinic, may_overbook: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_overbook:
            del self.fields["overbook_reason"]
        self.zone: ZoneInfo = clinic.tz
        self._offer_types(clinic)
        chair = cast("forms.ModelChoiceField[Chair]", self.fields["chair"])
        chair.queryset = Chair.objects.filter(clinic=clinic, in_service=True)
        # Asked only on the night on which a time comes twice.
        self.asks_which = "fold" in (kwargs.get("data") or {})

    def _offer_types(self, clinic: Clinic) -> None:
        """Asked only where there is more than one; the clinic's first stands first."""
        types = offered(clinic=clinic, kind=VisitKind.CONSULT)
        self.only_type = types[0] if len(types) == 1 else None
        if len(types) < 2:
            del self.fields["visit_type"]
        else:
            cast("forms.ModelChoiceField[VisitType]", self.fields["visit_type"]).queryset = types

    def place(self) -> dict[str, Any] | None:
        """When, for how long and where, as `form_holds.hold` takes it; None until that is chosen and makes sense."""
        names = [name for name in ("day", "time", "fold", "minutes", "visit_type", "chair") if name in self.fields]
        if any(name in self.errors or name not in self.cleaned_data for name in names):
            return None
        try:
            start = self.start()
        except Invalid:
            return None
        kind = self.cleaned_data.get("visit_type") or self.only_type
        chosen = {name: self.cleaned_data[name] for name in ("minutes", "chair")}
        return {**chosen, "start": start, "visit_type": kind.pk if kind else None}

    def start(self) -> datetime:
        """The instant that is meant. Raises Invalid for a time that does not exist, or comes twice."""
        data = self.cleaned_data
        try:
            return instant(day=data["day"], at=data["time"], zone=self.zone, fold=data["fold"])
        except Invalid as refusal:
            self.asks_which = refusal.code == "which-time"
            raise

    @property
    def asks_limits(self) -> bool:
        """Whether the patient's own limits stood in the way, or are being passed over."""
        refusal = getattr(self, "refusal", None)
        return bool(self["limits_reason"].value()) or (refusal is not None and refusal.code == "outside-limits")
