"""What the patient and the desk wish for a series; and a plan as it travels through the page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from config.refusals import Invalid
from infusions.fulfilment import Wishes
from infusions.models import Order
from infusions.planning import Choice, Plan, Row
from scheduling.models import Appointment, VisitKind, VisitType
from scheduling.rules import limits_of
from scheduling.series import Preferences
from scheduling.visit_types import offered
from scheduling.wall_clock import check_day

WEEKDAYS = [("0", "Mon"), ("1", "Tue"), ("2", "Wed"), ("3", "Thu"), ("4", "Fri"), ("5", "Sat"), ("6", "Sun")]
MOST_ROWS = 60


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages={"invalid": "This is no day."})


def _time(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, error_messages={"invalid": "This is no time."})


class WishForm(forms.Form):
    """Days and times of day; all may stay empty. The names are those of the domain, so that a refusal finds its field.

    What is best orders what is possible; earliest, latest and the last day bind.
    """

    first_from = _day("First visit from")
    at = _time("Best time")
    weekdays = forms.MultipleChoiceField(
        label="Best days",
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    visit_type = forms.ModelChoiceField(
        VisitType.objects.none(),
        required=False,
        empty_label=None,
        label="Type of visit",
        error_messages={"invalid_choice": "The clinic does not offer this type any more."},
    )
    same_nurse = forms.BooleanField(label="The same nurse", required=False)
    count = forms.IntegerField(
        label="How many now",
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "1"}),
        error_messages={"invalid": "Write a whole number."},
    )
    time_from = _time("Not before")
    time_until = _time("Over by")
    latest_end = _day("Last visit by")
    limits_reason = forms.CharField(
        label="Outside the patient’s own days and hours, because",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, sent: QueryDict, *, order: Order, stands: Sequence[Appointment], today: date) -> None:
        types = offered(clinic=order.clinic, kind=VisitKind.INFUSION)
        super().__init__(_with_usual(sent, types, stands[-1].visit_type_id if stands else None))
        self.today, limits = today, limits_of(order.patient)
        self._offer(types)
        if limits._state.adding or not (limits.weekdays or limits.time_from or limits.time_until):
            del self.fields["limits_reason"]
        if order.visits is not None and order.visits > len(stands):
            self.fields["count"].widget.attrs["max"] = str(order.visits - len(stands))

    def _offer(self, types: QuerySet[VisitType]) -> None:
        """Asked only where there is more than one; the clinic's first stands first."""
        self.only_type = types[0] if len(types) == 1 else None
        if len(types) < 2:
            del self.fields["visit_type"]
        else:
            cast("forms.ModelChoiceField[VisitType]", self.fields["visit_type"]).queryset = types

    @property
    def chosen_type(self) -> UUID | None:
        """The type that is chosen; None where the clinic's first will do, or what was sent makes no sense."""
        chosen: VisitType | None = self.cleaned_data.get("visit_type") if self.is_valid() else None
        return chosen.pk if chosen else None

    def clean(self) -> dict[str, Any]:
        typed = dict(super().clean() or {})
        earliest, latest = typed.get("time_from"), typed.get("time_until")
        if earliest and latest and latest <= earliest:
            self.add_error("time_until", "This is not after “Not before”.")
        for name in ("first_from", "latest_end"):
            if typed.get(name) and typed[name] < self.today:
                self.add_error(name, "This day is past.")
        if typed.get("first_from") and typed.get("latest_end") and typed["latest_end"] < typed["first_from"]:
            self.add_error("latest_end", "This is before the first visit.")
        return typed

    def wishes(self, plan: Plan, *, all_stay: bool = False) -> Wishes:
        """As `fulfilment` takes them. Of the plan its pins stay, or all that stands."""
        chosen = self.cleaned_data
        stay = plan.standing if all_stay else plan.pinned
        count = len(plan.rows) if all_stay else chosen["count"]
        nurse = next((row.chosen.nurse_id for row in plan.rows if row.chosen.nurse_id), None) if all_stay else None
        return Wishes(
            first_from=chosen["first_from"],
            count=count,
            time_from=chosen["time_from"],
            time_until=chosen["time_until"],
            latest_end=chosen["latest_end"],
            prefer=Preferences(
                weekdays=frozenset(int(day) for day in chosen["weekdays"]),
                same_nurse=chosen["same_nurse"],
                nurse=nurse if chosen["same_nurse"] else None,
                at=chosen["at"],
            ),
            pinned={number: start for number, start in stay.items() if count is None or number <= count},
            beyond_limits=bool(self.why_beyond),
            visit_type=self.chosen_type,
        )

    @property
    def why_beyond(self) -> str:
        """Why the patient's own days and hours are passed over; empty: they are kept."""
        return str(self.cleaned_data.get("limits_reason", ""))


def _with_usual(sent: QueryDict, types: QuerySet[VisitType], usual: UUID | None) -> QueryDict:
    """Until a type is chosen it is that of the visits before, while the clinic offers it."""
    if "visit_type" in sent or usual not in {one.pk for one in types}:
        return sent
    chosen = sent.copy()
    chosen["visit_type"] = str(usual)
    return chosen


def token(choice: Choice) -> str:
    """One start, chair and nurse as the page carries it."""
    return f"{choice.start.isoformat()}|{choice.chair_id or ''}|{choice.nurse_id or ''}"


def choice_of(text: str, zone: ZoneInfo) -> Choice:
    """Back from `token`. Raises Invalid for anything else."""
    start, *ids = text.split("|")
    chair, nurse = (*ids, "", "")[:2]
    try:
        moment = datetime.fromisoformat(start)
        local = moment.astimezone(zone)
        found = Choice(local, UUID(chair) if chair else None, UUID(nurse) if nurse else None)
    except (ValueError, OverflowError):
        raise Invalid("This page was not sent whole. Load it again.", field="visits") from None
    if moment.tzinfo is None:
        raise Invalid("A start needs its offset from UTC.", field="visits")
    check_day(local.date(), field="visits")
    return found


def posted_plan(data: QueryDict, zone: ZoneInfo) -> Plan:
    """The plan that the page sent: `visit` in order, and of each by its number `other`, `lost`, `why` and `pinned`."""
    rows = []
    pinned = set(data.getlist("pinned"))
    for number, text in enumerate(data.getlist("visit")[:MOST_ROWS], start=1):
        others = tuple(choice_of(other, zone) for other in data.getlist(f"other-{number}")[:4])
        row = Row(
            number,
            choice_of(text, zone),
            others,
            lost=data.get(f"lost-{number}", ""),
            verdict=data.get(f"why-{number}", ""),
            is_pinned=str(number) in pinned,
        )
        rows.append(row)
    return Plan(tuple(rows))
