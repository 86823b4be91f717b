"""What the API reads and shows of moves, cancellations, repairs and exceptions."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.api import StrictSerializer, VersionedSerializer
from infusions.api.course_serializers import ProposedVisitSerializer
from infusions.models import ExceptionKind, OrderException
from infusions.rescheduling import Scope
from scheduling.api.serializers import AppointmentSerializer, CancelInput, ClinicInstant, Instant

REASON = 200


class OneMoveInput(StrictSerializer):
    """Where one of several visits goes."""

    id = serializers.UUIDField()
    start = Instant()
    chair = serializers.UUIDField(required=False, allow_null=True)
    version = serializers.IntegerField(required=False, min_value=1)
    minutes = serializers.IntegerField(required=False, allow_null=True, help_text="The order's, where it is another.")
    limits_reason = serializers.CharField(required=False, allow_blank=True, max_length=REASON)


class VisitMoveInput(VersionedSerializer):
    """Where a visit goes; or, with `moves`, where it and others of its course go, all or none.

    The reasons pass over the patient's own limits, or give the named chair twice, which only a manager does.
    """

    start = Instant(required=False)
    chair = serializers.UUIDField(required=False, allow_null=True)
    limits_reason = serializers.CharField(required=False, allow_blank=True, max_length=REASON)
    overbook_reason = serializers.CharField(required=False, allow_blank=True, max_length=REASON)
    moves = OneMoveInput(many=True, required=False, allow_empty=False, max_length=60)  # type: ignore[call-arg]

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("start" in data) == ("moves" in data):
            raise serializers.ValidationError({"start": "Give the start, or the moves of several visits."})
        return data


class PlanLaterInput(VersionedSerializer):
    """Where this visit would go."""

    start = Instant()


class VisitCancelInput(CancelInput):
    """Who cancels, why, and which visits: this one (also without `scope`), this and later, or the rest."""

    scope = serializers.ChoiceField([scope.value for scope in Scope], required=False)


class VisitsSerializer(serializers.Serializer[Any]):
    """The visits that were changed at once, by time."""

    visits = AppointmentSerializer(many=True)


class MovedVisitSerializer(serializers.Serializer[Any]):
    """A visit as it stands, and what is proposed for it; `minutes` where the order asks for another length."""

    id = serializers.UUIDField(source="visit.pk")
    version = serializers.IntegerField(source="visit.version")
    start = ClinicInstant(source="visit.start")
    needs_repair = serializers.CharField(source="visit.needs_repair", allow_blank=True)
    to = ProposedVisitSerializer()
    stays = serializers.BooleanField()
    minutes = serializers.IntegerField(allow_null=True)


class LeftVisitSerializer(serializers.Serializer[Any]):
    """A visit that no other date makes fit, and what of the order it breaks."""

    id = serializers.UUIDField(source="visit.pk")
    start = ClinicInstant(source="visit.start")
    words = serializers.CharField()


class PlanSerializer(serializers.Serializer[Any]):
    """New dates for visits that are booked: all of them, or none and the reason. Nothing is moved."""

    visits = MovedVisitSerializer(many=True)
    left = LeftVisitSerializer(many=True)
    failure = serializers.CharField(allow_blank=True)
    failed = serializers.IntegerField(allow_null=True)


class RepairInput(StrictSerializer):
    """The moves to accept, as proposed or as the desk chose."""

    moves = OneMoveInput(many=True, allow_empty=False, max_length=60)  # type: ignore[call-arg]


class ExceptionInput(StrictSerializer):
    """What a prescriber allows for one visit on one day, signed with the password."""

    kind = serializers.ChoiceField([kind.value for kind in ExceptionKind])
    day = serializers.DateField()
    reason = serializers.CharField(max_length=2000)
    password = serializers.CharField(trim_whitespace=False, write_only=True)


class DeskExceptionSerializer(serializers.ModelSerializer[OrderException]):
    """An exception without its reason, and the visits that came to use it."""

    used_by = serializers.SerializerMethodField()
    signed_at = ClinicInstant(source="entered_at")

    class Meta:
        model = OrderException
        fields: ClassVar = ["id", "order", "kind", "day", "signed_name", "signed_at", "used_by"]
        read_only_fields: ClassVar = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_used_by(self, given: OrderException) -> list[str]:
        return [str(use.appointment_id) for use in given.uses.all()]


class ExceptionSerializer(DeskExceptionSerializer):
    """An exception with its reason, for those who see clinical records."""

    class Meta(DeskExceptionSerializer.Meta):
        fields: ClassVar = [*DeskExceptionSerializer.Meta.fields, "reason"]
        read_only_fields: ClassVar = fields
