"""What the API reads and shows of rooms, hours, people's working times and rules. What makes sense is for the doors."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.api import StrictSerializer
from config.refusals import Invalid
from scheduling.api.serializers import ClinicInstant
from scheduling.hours import Stretch
from scheduling.models import (
    BookingRules,
    Chair,
    Closure,
    OpenDay,
    PatientLimits,
    RotaDay,
    RotaShift,
    TimeOff,
    VisitKind,
    VisitType,
)
from scheduling.models.kinds import Part, What
from scheduling.models.places import ChairKind, Purpose
from scheduling.spans import NeedSpec, SpanSpec

CHAIR_KINDS = [kind.value for kind in ChairKind]
# Hours and minutes; what is sent may say seconds too.
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
PURPOSES = [purpose.value for purpose in Purpose]


@extend_schema_field({"type": "string", "pattern": CLOCK, "example": "08:30"})
class Clock(serializers.TimeField):
    """A time on the clinic's wall: `08:30`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


class DryRun(StrictSerializer):
    """`dry_run`: answer with the visits that would be touched, and change nothing."""

    dry_run = serializers.BooleanField(required=False, default=False)


class DryRunChange(DryRun):
    """A change of one record; the version may come in `If-Match` instead."""

    version = serializers.IntegerField(required=False, min_value=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not set(attrs) - {"version", "dry_run"}:
            raise Invalid("Nothing to change was given.")
        return attrs


class TouchedSerializer(serializers.Serializer[Any]):
    """A visit that fitted before and does not now; on a real change each has become a task for the desk."""

    appointment = serializers.UUIDField(source="appointment.pk")
    patient = serializers.UUIDField(source="appointment.patient_id")
    start = ClinicInstant(source="appointment.start")
    end = ClinicInstant(source="appointment.end")
    chair = serializers.UUIDField(source="appointment.chair_id")
    why = serializers.CharField()


class TouchingAnswer(serializers.Serializer[Any]):
    """What every change of rooms, hours and people answers beside its record, or its `records`."""

    dry_run = serializers.BooleanField()
    touched = TouchedSerializer(many=True)


class StretchSerializer(StrictSerializer):
    """From one time on the clinic's wall to another."""

    begins = Clock()
    ends = Clock()


def stretches(rows: list[dict[str, Any]]) -> list[Stretch]:
    return [(row["begins"], row["ends"]) for row in rows]


def shown_stretches(spans: list[Stretch]) -> list[dict[str, str]]:
    return [{"begins": f"{begin:%H:%M}", "ends": f"{end:%H:%M}"} for begin, end in spans]


class WeekdaySerializer(StrictSerializer):
    """One weekday, Monday 0; no spans: closed, or off."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    spans = StretchSerializer(many=True)


def week(rows: list[dict[str, Any]]) -> dict[int, list[Stretch]]:
    """Weekday to its stretches. Raises Invalid when one is named twice."""
    found = {row["weekday"]: stretches(row["spans"]) for row in rows}
    if len(found) != len(rows):
        raise Invalid("A weekday is named twice.", field="week")
    return found


class HoursInput(DryRun):
    """The weekdays that are named take these hours; the others stay."""

    week = WeekdaySerializer(many=True, allow_empty=False)


class ClosureSerializer(serializers.ModelSerializer[Closure]):
    """A day on which nothing can be booked."""

    class Meta:
        model = Closure
        fields = ("id", "version", "day", "reason")


class ClosureInput(DryRun):
    """A day to close, and why."""

    day = serializers.DateField()
    reason = serializers.CharField(max_length=120)


class OpenDaySerializer(serializers.ModelSerializer[OpenDay]):
    """One stretch of a day that has hours of its own."""

    opens = Clock()
    closes = Clock()

    class Meta:
        model = OpenDay
        fields = ("id", "version", "day", "opens", "closes")


class OpenDayInput(DryRun):
    """All the hours of that day, in place of the weekday's."""

    day = serializers.DateField()
    spans = StretchSerializer(many=True)


class ChairSerializer(serializers.ModelSerializer[Chair]):
    """A treatment or recovery place."""

    class Meta:
        model = Chair
        fields = ("id", "version", "name", "kind", "purpose", "pod", "position", "turnover_minutes", "in_service")


class ChairInput(StrictSerializer):
    """A new chair."""

    name = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(CHAIR_KINDS, required=False)
    purpose = serializers.ChoiceField(PURPOSES, required=False)
    pod = serializers.CharField(max_length=40, required=False, allow_blank=True)
    position = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    turnover_minutes = serializers.IntegerField(min_value=0, required=False)


class ChairChange(DryRunChange):
    """What is left out is not touched. Out of service: nothing new is booked there."""

    name = serializers.CharField(max_length=40, required=False)
    kind = serializers.ChoiceField(CHAIR_KINDS, required=False)
    purpose = serializers.ChoiceField(PURPOSES, required=False)
    pod = serializers.CharField(max_length=40, required=False, allow_blank=True)
    position = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    turnover_minutes = serializers.IntegerField(min_value=0, required=False)
    in_service = serializers.BooleanField(required=False)


class ChairChanged(TouchingAnswer, ChairSerializer):
    """The chair, and the visits that the change touches."""

    class Meta(ChairSerializer.Meta):
        fields: tuple[str, ...] = (*ChairSerializer.Meta.fields, "dry_run", "touched")  # type: ignore[assignment]


class StaffOf(serializers.ModelSerializer[Any]):
    """A record about somebody's working times; `staff` is who."""

    staff = serializers.UUIDField(source="resource.staff_id")


class RotaShiftSerializer(StaffOf):
    """One stretch of a weekday that somebody works from one day until another, or for ever."""

    starts = Clock()
    ends = Clock()

    class Meta:
        model = RotaShift
        fields = ("id", "version", "staff", "weekday", "starts", "ends", "first_day", "last_day")


class RotaInput(DryRun):
    """A weekly pattern from a day on; weekdays that are not named are off."""

    staff = serializers.UUIDField()
    first_day = serializers.DateField()
    week = WeekdaySerializer(many=True)


class StaffInput(DryRun):
    """Who."""

    staff = serializers.UUIDField()


class LeaveInput(StaffInput):
    """From when on nobody is booked there; left out: today."""

    from_day = serializers.DateField(required=False)


class RotaDaySerializer(StaffOf):
    """One stretch that somebody works on one day; without times, they are off."""

    starts = Clock(allow_null=True)
    ends = Clock(allow_null=True)

    class Meta:
        model = RotaDay
        fields = ("id", "version", "staff", "day", "starts", "ends", "reason")


class RotaDayInput(StaffInput):
    """All that somebody works on that day; no spans: off."""

    day = serializers.DateField()
    spans = StretchSerializer(many=True)
    reason = serializers.CharField(max_length=120, required=False, allow_blank=True)


class TimeOffSerializer(StaffOf):
    """Whole days off, both included."""

    class Meta:
        model = TimeOff
        fields = ("id", "version", "staff", "first", "last", "reason")


class TimeOffInput(StaffInput):
    """Whole days off; without `last`, one day."""

    first = serializers.DateField()
    last = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=120, required=False, allow_blank=True)


class NeedSerializer(StrictSerializer):
    """What a span needs: all through (`all`), or for the first or last `minutes`."""

    what = serializers.ChoiceField([what.value for what in What])
    part = serializers.ChoiceField([part.value for part in Part], required=False, default=Part.ALL.value)
    minutes = serializers.IntegerField(required=False, allow_null=True, default=None)


class SpanSerializer(StrictSerializer):
    """One stretch of a visit; one span of each type has no minutes and takes what the others leave."""

    name = serializers.CharField(max_length=40)
    minutes = serializers.IntegerField(required=False, allow_null=True, default=None)
    needs = NeedSerializer(many=True)


def specs(rows: list[dict[str, Any]]) -> list[SpanSpec]:
    """Spans as the door takes them."""
    return [
        SpanSpec(
            row["name"],
            row["minutes"],
            [NeedSpec(What(need["what"]), Part(need["part"]), need["minutes"]) for need in row["needs"]],
        )
        for row in rows
    ]


class VisitTypeSerializer(serializers.ModelSerializer[VisitType]):
    """A kind of visit as this clinic runs it, with its spans in order."""

    spans = SpanSerializer(many=True)

    class Meta:
        model = VisitType
        fields = ("id", "version", "name", "kind", "chair_kind", "position", "in_use", "spans")

    def to_representation(self, instance: VisitType) -> Any:
        shown = super().to_representation(instance)
        for span in shown["spans"]:
            span["needs"] = sorted(span["needs"], key=lambda need: (list(What).index(need["what"]), need["part"]))
        return shown


class VisitTypeChanged(TouchingAnswer, VisitTypeSerializer):
    """The type, and the visits that the change touches."""

    class Meta(VisitTypeSerializer.Meta):
        fields: tuple[str, ...] = (*VisitTypeSerializer.Meta.fields, "dry_run", "touched")  # type: ignore[assignment]


class VisitTypeInput(StrictSerializer):
    """A new type, last in order."""

    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField([kind.value for kind in VisitKind])
    chair_kind = serializers.ChoiceField(CHAIR_KINDS, required=False, allow_blank=True)
    spans = SpanSerializer(many=True)


class VisitTypeChange(DryRunChange):
    """What is left out is not touched; spans are replaced whole."""

    name = serializers.CharField(max_length=60, required=False)
    chair_kind = serializers.ChoiceField(CHAIR_KINDS, required=False, allow_blank=True)
    position = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    in_use = serializers.BooleanField(required=False)
    spans = SpanSerializer(many=True, required=False)


class BookingRulesSerializer(serializers.ModelSerializer[BookingRules]):
    """What a clinic decides about its bookings."""

    class Meta:
        model = BookingRules
        fields = ("version", "late_cancel_hours", "hold_series_hours", "hold_form_minutes")


class BookingRulesInput(StrictSerializer):
    """What is left out is not touched."""

    version = serializers.IntegerField(required=False, min_value=1)
    late_cancel_hours = serializers.IntegerField(required=False)
    hold_series_hours = serializers.IntegerField(required=False)
    hold_form_minutes = serializers.IntegerField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not set(attrs) - {"version"}:
            raise Invalid("Nothing to change was given.")
        return attrs


class LimitsSerializer(serializers.ModelSerializer[PatientLimits]):
    """When a patient can come, in clinic wall time; no weekdays: any day."""

    time_from = Clock(allow_null=True)
    time_until = Clock(allow_null=True)

    class Meta:
        model = PatientLimits
        fields = ("version", "weekdays", "time_from", "time_until", "transport")


class LimitsInput(StrictSerializer):
    """All of them, in place of those before."""

    version = serializers.IntegerField(required=False, min_value=1)
    weekdays = serializers.ListField(child=serializers.IntegerField(), max_length=7)
    time_from = Clock(required=False, allow_null=True, default=None)
    time_until = Clock(required=False, allow_null=True, default=None)
    transport = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
