"""What the API reads and shows of requests for an appointment."""

from typing import Any

from rest_framework import serializers

from config.http.api import VersionedSerializer
from patients.api.serializers import WAYS, PatientInput, PatientSerializer, PersonInput, Phone, Text
from patients.models import IntakeRequest, PainCondition, Source, choices
from patients.states import RequestStatus


class PatientFromRequest(PatientInput, VersionedSerializer):
    """What was said since the request; `version` is the request's."""


class RequestFields(PersonInput):
    """What may be written down about a request."""

    preferred_contact = serializers.ChoiceField(WAYS, required=False, allow_blank=True)
    preferred_times = Text(max_length=200)
    transport = Text(max_length=200)
    consents_sms = serializers.BooleanField(required=False)
    consents_email = serializers.BooleanField(required=False)
    pain_condition = serializers.ChoiceField(choices(PainCondition), required=False, allow_blank=True)
    pain_since = Text(max_length=80)
    usual_severity = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10)
    treatments_tried = Text(max_length=4000)
    message = Text(max_length=4000)


class RequestChange(RequestFields, VersionedSerializer):
    """What else was said; `status` moves the request, a closing one with its `reason`."""

    status = serializers.ChoiceField(choices(RequestStatus), required=False)
    reason = Text(max_length=200)


class RequestInput(RequestFields):
    """A request as it is taken down."""

    source = serializers.ChoiceField(choices(Source))  # type: ignore[assignment]


class RequestSerializer(serializers.ModelSerializer[IntakeRequest]):
    """A request as staff see one."""

    mobile = Phone(read_only=True)
    emergency_contact_phone = Phone(read_only=True)
    referrer_phone = Phone(read_only=True)
    owner = serializers.CharField(source="owner.full_name", default=None, allow_null=True)
    received_by = serializers.CharField(
        source="taken_down_by", help_text='Who took it down; "the web form" where nobody did.'
    )

    class Meta:
        model = IntakeRequest
        fields = (
            "id",
            "version",
            "source",
            "received_at",
            "received_by",
            "status",
            "owner",
            "patient",
            "duplicate_of",
            *RequestFields._declared_fields,
            "closed_reason",
        )
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name in ("preferred_contact", "pain_condition"):
            fields[name].allow_blank = True  # nobody asked yet
        return fields


class PossibleDuplicatesSerializer(serializers.Serializer[Any]):
    """Whom the clinic may know already, and who else asks and may be the same person. Nobody, for a linked request."""

    patients = PatientSerializer(many=True)
    requests = RequestSerializer(many=True)


class AttemptInput(VersionedSerializer):
    """One try to reach the person."""

    channel = serializers.ChoiceField(WAYS)
    reached = serializers.BooleanField()
    note = Text(max_length=300)


class AttemptSerializer(serializers.Serializer[Any]):
    """One try, as it is kept."""

    id = serializers.UUIDField()
    channel = serializers.ChoiceField(WAYS)
    reached = serializers.BooleanField()
    note = serializers.CharField()
    by = serializers.CharField(source="by.full_name")
    at = serializers.DateTimeField()


class CloseInput(VersionedSerializer):
    """Why the request is closed."""

    reason = serializers.CharField(max_length=200)


class SameAsInput(VersionedSerializer):
    """The open request that is the same person's and goes on."""

    request = serializers.UUIDField()


class LinkInput(VersionedSerializer):
    """The patient whom the request is from."""

    patient = serializers.UUIDField()
