"""What a manager types into the settings. What makes sense is for the doors; here only what belongs to a field."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

from django import forms

from config.refusals import Invalid
from config.staff.models import Clinic, User
from config.staff.permissions import CLINICAL_ROLES
from scheduling.hours import Stretch
from scheduling.models import Resource
from scheduling.models.places import LONGEST_TURNOVER, ChairKind, Purpose
from scheduling.places import MOST_WATCHED
from scheduling.rules import BOUNDS
from scheduling.stretches import WEEKDAYS, check_stretches

SEVERAL = 2
NURSE, CLINICIAN = "nurse", "clinician"


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def time_field(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "step": 300, "aria-label": label}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def number_field(label: str, most: int, *, step: int = 1, least: int = 0, **more: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": least, "max": most, "step": step})
    return forms.IntegerField(label=label, widget=widget, **more)


def worded(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    """The values of an enum, each with its word."""
    return [(kind.value, kind.value.capitalize()) for kind in kinds]


class VersionForm(forms.Form):
    """A change of a record that somebody else may change too."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Stretches:
    """Fields for up to two stretches of a day, under names that begin with `key`."""

    def __init__(self, key: str, name: str = "") -> None:
        self.key, self.name = key, name

    def names(self) -> Iterator[tuple[str, str]]:
        for n in range(1, SEVERAL + 1):
            yield f"{self.key}_from_{n}", f"{self.key}_until_{n}"

    def add_to(self, form: forms.Form) -> None:
        for n, (first, until) in enumerate(self.names(), 1):
            often = " again" if n > 1 else ""
            form.fields[first] = time_field(f"{self.name} from{often}".strip().capitalize())
            form.fields[until] = time_field(f"{self.name} until{often}".strip().capitalize())

    def initial(self, spans: Sequence[Stretch]) -> dict[str, Any]:
        """The fields' values for these stretches; more than fit are not shown."""
        return {
            name: at
            for names, span in zip(self.names(), spans, strict=False)
            for name, at in zip(names, span, strict=True)
        }

    def read(self, form: forms.Form) -> list[Stretch]:
        """The stretches that were typed; what is wrong lands at the day's first field."""
        found: list[Stretch] = []
        for first, until in self.names():
            begin, end = form.cleaned_data.get(first), form.cleaned_data.get(until)
            if begin and end:
                found.append((begin, end))
            elif (begin or end) and not form.errors.get(first) and not form.errors.get(until):
                form.add_error(until if begin else first, "Give both, from and until.")
        try:
            return check_stretches(found, opens="The beginning", closes="the end")
        except Invalid as refusal:
            form.add_error(next(self.names())[0], refusal.message)
            return []


class WeekForm(VersionForm):
    """A week of stretches, Monday first. `seen`: the week as it stood when the form was drawn."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, week: Mapping[int, Sequence[Stretch]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = [Stretches(f"d{weekday}", name) for weekday, name in enumerate(WEEKDAYS)]
        for weekday, day in enumerate(self.days):
            day.add_to(self)
            self.initial = {**self.initial, **day.initial((week or {}).get(weekday, []))}
        self.initial.setdefault("seen", week_text(week or {}))

    def rows(self) -> list[dict[str, Any]]:
        """Each weekday with its pairs of fields."""
        return [
            {"name": day.name, "pairs": [(self[first], self[until]) for first, until in day.names()]}
            for day in self.days
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return {**data, "week": {weekday: day.read(self) for weekday, day in enumerate(self.days)}}


def week_text(week: Mapping[int, Sequence[Stretch]]) -> str:
    """A week as one line, to tell whether it is still the one that was shown."""
    days = ([f"{begin:%H:%M}-{end:%H:%M}" for begin, end in week.get(weekday, [])] for weekday in range(7))
    return " ".join(",".join(day) or "-" for day in days)


class CloseDayForm(forms.Form):
    """A day on which nothing can be booked."""

    day = day_field("Day")
    reason = forms.CharField(max_length=120, label="Why", help_text="The board and the planner show it.")


class OneDayForm(forms.Form):
    """A day with hours of its own."""

    day = day_field("Day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stretches = Stretches("day")
        self.stretches.add_to(self)

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[first], self[until]) for first, until in self.stretches.names()]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return {**data, "spans": self.stretches.read(self)}


class ChairForm(VersionForm):
    """A treatment or recovery place."""

    name = forms.CharField(max_length=40)
    kind = forms.ChoiceField(choices=worded(ChairKind))
    purpose = forms.ChoiceField(label="For", choices=worded(Purpose))
    pod = forms.CharField(max_length=40, required=False, label="Room or pod")
    position = number_field("Place on the board", 32767, initial=0, help_text="From the top.")
    turnover_minutes = number_field(
        "Turnover, minutes", LONGEST_TURNOVER, step=5, initial=0, help_text="To make it ready after each visit."
    )
    in_service = forms.BooleanField(required=False, label="In service", initial=True)


class AddPersonForm(forms.Form):
    """Somebody who is to look after visits, and how."""

    user = forms.ModelChoiceField(User.objects.none(), label="Who", empty_label="Choose")
    as_what = forms.ChoiceField(
        label="As", choices=[(NURSE, "Nurse: watches patients"), (CLINICIAN, "Clinician: at start and sign-off")]
    )
    watch_lanes = number_field(
        "Patients watched at once", MOST_WATCHED, least=1, required=False, help_text="Of a nurse."
    )

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = Resource.objects.filter(clinic=clinic, staff__isnull=False).values("staff")
        people = User.objects.filter(clinic=clinic, is_active=True, role__in=CLINICAL_ROLES).exclude(pk__in=taken)
        cast("forms.ModelChoiceField[User]", self.fields["user"]).queryset = people.order_by("full_name")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("as_what") == NURSE and not data.get("watch_lanes") and "watch_lanes" not in self.errors:
            self.add_error("watch_lanes", "Say how many patients this nurse watches at once.")
        return data


class WhoForm(forms.Form):
    """Somebody who takes visits."""

    user = forms.ModelChoiceField(User.objects.none(), label="Who", empty_label="Choose")

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taking = Resource.objects.filter(clinic=clinic, staff__isnull=False).values("staff")
        people = cast("forms.ModelChoiceField[User]", self.fields["user"])
        people.queryset = User.objects.filter(pk__in=taking, is_active=True).order_by("full_name")


class TimeOffForm(WhoForm):
    """Whole days on which somebody does not work."""

    first = day_field("First day")
    last = day_field("Last day", required=False, help_text="Left empty: that one day.")
    reason = forms.CharField(
        max_length=120, required=False, label="Why", help_text="Managers see it here; the board does not show it."
    )


class RotaForm(WeekForm):
    """A weekly pattern from a day on. Nothing typed on a weekday: off."""

    first_day = day_field("From")


class RotaDayForm(OneDayForm):
    """What somebody works on one day. Nothing typed: off."""

    reason = forms.CharField(max_length=120, required=False, label="Why")


class LanesForm(VersionForm):
    """How many patients a nurse watches at once."""

    watch_lanes = number_field("Patients watched at once", MOST_WATCHED, least=1)


class LeaveForm(forms.Form):
    """From when on somebody takes no more visits."""

    from_day = day_field("From")


class RulesForm(VersionForm):
    """What a clinic decides about its bookings."""

    late_cancel_hours = number_field(
        "A cancellation is late from, hours before the visit",
        BOUNDS["late_cancel_hours"].most,
        help_text="0: none is late before the visit should begin.",
    )
    hold_series_hours = number_field("A proposed series is held for, hours", BOUNDS["hold_series_hours"].most, least=1)
    hold_form_minutes = number_field(
        "An open booking form holds its place for, minutes", BOUNDS["hold_form_minutes"].most, least=1
    )


class LimitsForm(VersionForm):
    """When a patient can come."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Days on which they can come",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: any day.",
    )
    time_from = time_field("Not before")
    time_until = time_field("Home by")
    transport = forms.CharField(
        max_length=200, required=False, label="Transport", help_text="For example: brought by a daughter, bus line 4."
    )
