"""What the API reads and shows of decisions, orders and series. Unwritten is null: never an empty text, never zero."""

from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.api import StrictSerializer, VersionedSerializer
from infusions.models import CandidacyDecision, Order
from infusions.protocol import DATES, LABELS, NUMBERS, longest_of
from infusions.states import OrderStatus, Outcome
from scheduling.api.serializers import ClinicInstant, Instant

SIGNATURE = ("signed_name", "signed_meaning", "content_hash")
STATUSES = ["draft", *(status.value for status in OrderStatus)]


class AsWritten(serializers.CharField):
    """Text exactly as it is sent. A number is refused: to turn it into text would be to rewrite it."""

    default_error_messages: ClassVar = {"not_text": "Send this as text, exactly as it was written."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, allow_blank=True, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A JSON integer; text and fractions are refused, nothing is converted."""

    default_error_messages: ClassVar = {"not_whole": "Send a whole number."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("not_whole")
        return data


class OnTheClinicsClock(serializers.ModelSerializer[Any]):
    """Tells every time as the clinic's clock showed it, with its offset."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: ClinicInstant,
    }


class Unwritten(OnTheClinicsClock):
    """Shows what was not written as null, and says so in the schema."""

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for column in self.Meta.model._meta.concrete_fields:  # type: ignore[attr-defined]
            if column.blank and column.name in fields:
                fields[column.name].allow_null = True
        return fields

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {name: None if value == "" else value for name, value in shown.items()}


# Candidacy


class DecisionSerializer(Unwritten):
    """A decision, for those who see clinical records."""

    decided_at = ClinicInstant(source="entered_at", read_only=True)

    class Meta:
        model = CandidacyDecision
        fields = (
            "id", "patient", "request", "outcome", "reason", "conditions", "valid_until", "ask_for",
            "information_due", "supersedes", "author",
            "decided_at", *SIGNATURE,
        )  # fmt: skip
        read_only_fields = fields


class DeskDecisionSerializer(serializers.ModelSerializer[Any]):
    """A decision's outcome, for everybody else."""

    decided_at = ClinicInstant(source="entered_at", read_only=True)

    class Meta:
        model = CandidacyDecision
        fields = (
            "id", "patient", "outcome", "valid_until", "ask_for", "information_due", "decided_at", "signed_name",
        )  # fmt: skip
        read_only_fields = fields


class DecisionInput(StrictSerializer):
    """A decision to sign."""

    patient = serializers.UUIDField()
    request = serializers.UUIDField(required=False, allow_null=True)
    outcome = serializers.ChoiceField([outcome.value for outcome in Outcome])
    reason = serializers.CharField(trim_whitespace=False)
    conditions = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    valid_until = serializers.DateField(required=False, allow_null=True)
    ask_for = serializers.CharField(required=False, allow_blank=True, max_length=200)
    information_due = serializers.DateField(required=False, allow_null=True)
    password = serializers.CharField(trim_whitespace=False, write_only=True)


# Orders


class OrderSerializer(Unwritten):
    """An order, for those who see clinical records."""

    status = serializers.SerializerMethodField()
    standing_reason = serializers.SerializerMethodField()
    standing_version = serializers.SerializerMethodField()
    author_name = serializers.CharField(source="author.full_name", read_only=True)

    class Meta:
        model = Order
        fields = (
            "id", "version", "patient", "status", "standing_reason", "standing_version", "author", "author_name",
            "entered_at", "candidacy", "supersedes", "supersedes_reason", "signed_at", *SIGNATURE, *LABELS,
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(STATUSES))
    def get_status(self, order: Order) -> str:
        return str(order.standing.status) if order.is_signed else "draft"

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_standing_reason(self, order: Order) -> str | None:
        return order.standing.reason or None if order.is_signed else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_standing_version(self, order: Order) -> int | None:
        return order.standing.version if order.is_signed else None


class DeskOrderSerializer(serializers.Serializer[Any]):
    """What booking needs of a signed order: `infusions.orders.DeskView`."""

    id = serializers.UUIDField()
    patient = serializers.UUIDField(source="patient_id")
    status = serializers.ChoiceField([status.value for status in OrderStatus])
    signed_at = ClinicInstant()
    signed_name = serializers.CharField()
    visits = serializers.IntegerField(allow_null=True)
    min_gap_days = serializers.IntegerField(allow_null=True)
    max_gap_days = serializers.IntegerField(allow_null=True)
    chair_minutes = serializers.IntegerField(allow_null=True)


class OrderChange(VersionedSerializer):
    """What the author typed. A field that is left out stays as it is; null takes it back."""

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{name: _field(name) for name in LABELS}}


class OrderInput(OrderChange):
    """A new draft."""

    patient = serializers.UUIDField()
    version = None  # type: ignore[assignment]  # nothing was read yet


def _field(name: str) -> Any:
    if name in NUMBERS:
        return Whole()
    if name in DATES:
        return serializers.DateField(required=False, allow_null=True)
    return AsWritten(max_length=longest_of(name))


class OrderSignInput(VersionedSerializer):
    """The signature under the version that was read."""

    password = serializers.CharField(trim_whitespace=False, write_only=True)


class OrderPress(VersionedSerializer):
    """A press of a button; the version may come along."""


class OrderReasonInput(VersionedSerializer):
    """Why; and which standing was read, which changes while a signed order never does."""

    reason = serializers.CharField(max_length=2000)
    standing_version = serializers.IntegerField(required=False, min_value=1)


# Series


class PinnedInput(StrictSerializer):
    """A visit that stays where it is."""

    visit = serializers.IntegerField(min_value=1)
    start = Instant()


class WallTime(serializers.TimeField):
    """A time of day on the clinic's wall. One with an offset from UTC would be another time: it is refused."""

    default_error_messages: ClassVar = {"has_offset": "Send the clinic's own time of day, without an offset."}

    def to_internal_value(self, value: Any) -> Any:
        told = super().to_internal_value(value)
        if told.tzinfo is not None or (isinstance(value, str) and set("+-Zz") & set(value)):
            self.fail("has_offset")
        return told


class WishesInput(StrictSerializer):
    """Whose visits to propose, and what is wished. What is preferred orders what is possible; the rest binds.

    A `visit_type` that is not named is the clinic's first for infusions. How long a visit is, the order alone says.
    """

    order = serializers.UUIDField()
    first_from = serializers.DateField(required=False, allow_null=True)
    latest_end = serializers.DateField(required=False, allow_null=True)
    count = serializers.IntegerField(required=False, allow_null=True)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, allow_null=True
    )
    time_from = WallTime(required=False, allow_null=True)
    time_until = WallTime(required=False, allow_null=True)
    prefer_weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, allow_null=True
    )
    prefer_time = WallTime(required=False, allow_null=True)
    same_nurse = serializers.BooleanField(required=False)
    nurse = serializers.UUIDField(required=False, allow_null=True)
    pinned = PinnedInput(many=True, required=False, max_length=60)  # type: ignore[call-arg]  # many takes it
    beyond_limits = serializers.BooleanField(required=False)
    visit_type = serializers.UUIDField(required=False, allow_null=True)

    def validate_pinned(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({one["visit"] for one in value}) != len(value):
            raise serializers.ValidationError("Pin each visit once.")
        return value


class AlternativeSerializer(serializers.Serializer[Any]):
    start = ClinicInstant()
    end = ClinicInstant()
    chair = serializers.UUIDField(source="chair_id")
    chair_name = serializers.CharField(source="chair")


class ProposedVisitSerializer(AlternativeSerializer):
    number = serializers.IntegerField()
    gap_days = serializers.IntegerField(allow_null=True)
    verdict = serializers.CharField(allow_blank=True)
    nurse = serializers.UUIDField(source="nurse_id", allow_null=True)
    nurse_name = serializers.CharField(source="nurse", allow_blank=True)
    pinned = serializers.BooleanField()
    alternatives = AlternativeSerializer(many=True)


class ProposalSerializer(serializers.Serializer[Any]):
    """All visits, or none and the reason."""

    visits = ProposedVisitSerializer(many=True)
    failure = serializers.CharField(allow_blank=True)
    failed = serializers.IntegerField(allow_null=True)
    visit_type = serializers.UUIDField(allow_null=True)


class PlannedVisitInput(StrictSerializer):
    start = Instant()
    chair = serializers.UUIDField(required=False, allow_null=True)
    nurse = serializers.UUIDField(required=False, allow_null=True)


class SeriesInput(StrictSerializer):
    """The visits to book on an order, all or none; as the type that they were proposed as."""

    order = serializers.UUIDField()
    visits = PlannedVisitInput(many=True, allow_empty=False, max_length=60)  # type: ignore[call-arg]  # many takes it
    limits_reason = serializers.CharField(required=False, allow_blank=True, max_length=200)
    visit_type = serializers.UUIDField(required=False, allow_null=True)


class SeriesVisitSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    start = ClinicInstant()
    end = ClinicInstant()
    chair = serializers.UUIDField(source="chair_id")
    visit_type = serializers.UUIDField(source="visit_type_id", allow_null=True)
    status = serializers.CharField()
    held_until = ClinicInstant(allow_null=True)
    needs_repair = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class SeriesSerializer(serializers.Serializer[Any]):
    """A series, the order that it fulfils, and its visits by time, cancelled ones too."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    patient = serializers.UUIDField(source="patient_id")
    order = serializers.UUIDField(source="order_id", allow_null=True)
    state = serializers.CharField()
    visits = SeriesVisitSerializer(source="by_time", many=True)
