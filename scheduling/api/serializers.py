"""What the API reads and shows of visits and staff. What makes sense is for the doors to say."""

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers

from config.http.api import StrictSerializer, VersionedSerializer
from config.staff.models import User
from scheduling import reading
from scheduling.models import Appointment, NamedEscort, VisitAnswer
from scheduling.models.kinds import VisitKind
from scheduling.states import CANCELLED, Status
from scheduling.wall_clock import FIRST_YEAR, LAST_YEAR


class Instant(serializers.DateTimeField):
    """ISO 8601 with its offset: a time without one could mean two instants, or none."""

    default_error_messages: ClassVar = {
        "naive": "Give the time with its offset, such as 2026-11-30T09:00:00-08:00.",
        "year": f"Give a time from {FIRST_YEAR} to {LAST_YEAR}.",
    }

    def enforce_timezone(self, value: Any) -> Any:
        if value.tzinfo is None:
            self.fail("naive")
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.fail("year")
        return value

    def to_representation(self, value: Any) -> str:
        return str(value.isoformat())


class ClinicInstant(Instant):
    """An instant as the clinic's clock shows it, with its offset."""

    def to_representation(self, value: Any) -> str:
        return str(value.astimezone(self.context["request"].user.clinic.tz).isoformat())


class VisitAnswerSerializer(serializers.ModelSerializer[VisitAnswer]):
    """What the patient answered to one question before the visit, letter by letter; the newest of a question counts."""

    asked = serializers.SerializerMethodField(help_text="The question as the patient read it.")
    at = ClinicInstant()
    language = serializers.CharField(help_text="In which the question was read: en or es.")

    class Meta:
        model = VisitAnswer
        fields = ("id", "appointment", "placing", "question", "asked", "said", "language", "how", "at")
        read_only_fields = fields

    def get_asked(self, answer: VisitAnswer) -> str:
        return answer.question.in_language(answer.language)


class NamedEscortSerializer(serializers.ModelSerializer[NamedEscort]):
    """Who takes the patient home, as they said; at another `placing` than the visit's it was said of another time."""

    phone = serializers.CharField(source="phone.as_e164", help_text="In E.164.")
    at = ClinicInstant()

    class Meta:
        model = NamedEscort
        fields = ("id", "appointment", "placing", "name", "phone", "how", "at")
        read_only_fields = fields


class AppointmentSerializer(serializers.ModelSerializer[Appointment]):
    """A visit. `state` is its status refined: confirmed, wants-move, unresolved."""

    start = ClinicInstant()
    end = ClinicInstant()
    held_until = ClinicInstant(allow_null=True)
    confirmed_at = ClinicInstant(allow_null=True)
    wants_move_at = ClinicInstant(allow_null=True)
    arrived_at = ClinicInstant(allow_null=True)
    booked_at = ClinicInstant()
    zone = serializers.CharField(source="clinic.zone")
    chair_name = serializers.CharField(source="chair.name")
    nurse_name = serializers.CharField(source="nurse.full_name", default=None, allow_null=True)
    kind = serializers.ChoiceField([kind.value for kind in VisitKind])
    visit_type_name = serializers.CharField(source="visit_type.name", default=None, allow_null=True)
    status = serializers.ChoiceField([status.value for status in Status])
    state = serializers.SerializerMethodField()

    class Meta:
        model = Appointment
        fields = (
            "id",
            "version",
            "patient",
            "series",
            "kind",
            "visit_type",
            "visit_type_name",
            "start",
            "end",
            "zone",
            "chair",
            "chair_name",
            "nurse",
            "nurse_name",
            "placing",
            "held_until",
            "needs_repair",
            "limits_reason",
            "overbook_reason",
            "status",
            "status_reason",
            "state",
            "confirmed_at",
            "wants_move_at",
            "wants_move_note",
            "arrived_at",
            "booked_at",
            "booked_by",
        )

    def get_state(self, visit: Appointment) -> str:
        return reading.state(visit, timezone.now())


class AppointmentInput(StrictSerializer):
    """A consult. A nurse or chair that is not named is chosen; a `visit_type` that is not is the clinic's first."""

    kind = serializers.ChoiceField([kind.value for kind in VisitKind])
    patient = serializers.UUIDField()
    start = Instant()
    minutes = serializers.IntegerField()
    visit_type = serializers.UUIDField(required=False, allow_null=True)
    chair = serializers.UUIDField(required=False, allow_null=True)
    nurse = serializers.UUIDField(required=False, allow_null=True)
    limits_reason = serializers.CharField(required=False, allow_blank=True, max_length=200)
    overbook_reason = serializers.CharField(required=False, allow_blank=True, max_length=200)

    def validate_kind(self, kind: str) -> str:
        if kind == VisitKind.INFUSION:
            raise serializers.ValidationError("Infusions are booked through series, from a signed order.")
        return kind


class VersionInput(VersionedSerializer):
    """A press of a button; the version may come along."""


class UndoInput(VersionedSerializer):
    """Why it is taken back; what ended a visit asks for it."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


class CancelInput(VersionedSerializer):
    """Who cancels, and why.

    `cancelled-late` is accepted from the clinic's own limit on (`booking-rules`). Until then it is
    `cancelled-by-patient`, which it may be after that too: a person decides.
    """

    how = serializers.ChoiceField(sorted(how.value for how in CANCELLED))
    reason = serializers.CharField(max_length=200)


class NoShowInput(VersionedSerializer):
    """Why."""

    reason = serializers.CharField(max_length=200)


class StaffSerializer(serializers.ModelSerializer[User]):
    """Somebody who works here. No sign-in name, address or secret."""

    class Meta:
        model = User
        fields = ("id", "full_name", "role")
