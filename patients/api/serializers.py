"""What the API reads and shows of patients. Particulars are checked by the doors, the same for every way in."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from phonenumber_field.phonenumber import PhoneNumber
from rest_framework import serializers

from config.http.api import StrictSerializer, VersionedSerializer
from patients.models import (
    EVERYTHING,
    AllergyState,
    Channel,
    ContactPurpose,
    NumberKind,
    Patient,
    Sex,
    choices,
)
from patients.person import FIELDS

WAYS = [("phone", "Phone"), *choices(Channel)]


@extend_schema_field(str)
class Phone(serializers.Field[Any, Any, Any, Any]):
    """E.164, or an empty text."""

    def to_representation(self, value: Any) -> str:
        return value.as_e164 if isinstance(value, PhoneNumber) else ""


class Text(serializers.CharField):
    """A text that may be left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, **kwargs)


class PersonInput(StrictSerializer):
    """The particulars that a request and a patient share; what is left out is not touched."""

    family_name = Text(max_length=120)
    given_name = Text(max_length=120)
    preferred_name = Text(max_length=120)
    birth_date = serializers.DateField(required=False, allow_null=True)
    sex = serializers.ChoiceField(choices(Sex), required=False)
    pronouns = Text(max_length=40)
    mobile = Text(max_length=40)
    email = Text(max_length=254)
    address = Text(max_length=200)
    city = Text(max_length=120)
    region = Text(max_length=120)
    postal_code = Text(max_length=20)
    language = Text(max_length=12)
    needs_interpreter = serializers.BooleanField(required=False)
    accessibility_needs = Text(max_length=2000)
    emergency_contact_name = Text(max_length=120)
    emergency_contact_phone = Text(max_length=40)
    referrer_name = Text(max_length=120)
    referrer_phone = Text(max_length=40)
    referrer_npi = Text(max_length=10)
    payer = Text(max_length=120)


class PatientFields(PersonInput):
    """And what only a patient has."""

    zone = Text(max_length=64)
    alert = Text(max_length=200)


class PatientChange(PatientFields, VersionedSerializer):
    """A change of what is known about a patient."""


class PatientInput(PatientFields):
    """A new patient. `record_number` only when the person has one already."""

    record_number = Text(max_length=20)
    not_duplicates = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=50,
        help_text="Patients who look alike and are somebody else: those that `possible` of a refusal named.",
    )


class PatientSerializer(serializers.ModelSerializer[Patient]):
    """A patient as staff see one."""

    mobile = Phone(read_only=True)
    emergency_contact_phone = Phone(read_only=True)
    referrer_phone = Phone(read_only=True)
    allergies_confirmed_by = serializers.CharField(
        source="allergies_confirmed_by.full_name", default=None, allow_null=True
    )

    class Meta:
        model = Patient
        fields = (
            "id",
            "version",
            "record_number",
            *FIELDS,
            "zone",
            "deceased",
            "deceased_on",
            "merged_into",
            "allergy_state",
            "allergies_confirmed_by",
            "allergies_confirmed_at",
            "alert",
        )
        read_only_fields = fields


class DeathInput(VersionedSerializer):
    """The day, if it is known."""

    on = serializers.DateField(required=False, allow_null=True)


class StandingSerializer(serializers.Serializer[Any]):
    """Something of a patient's that has not ended."""

    words = serializers.CharField()
    to_come = serializers.BooleanField(help_text="A visit that is still to come.")


class ReleasedSerializer(serializers.Serializer[Any]):
    """How many visits were given up, and what still stands."""

    released = serializers.IntegerField()
    standing = StandingSerializer(many=True)


class ReasonInput(VersionedSerializer):
    """Why."""

    reason = serializers.CharField(max_length=200)


class MergeInput(ReasonInput):
    """The record that stays, and how one knows that both are one person's."""

    into = serializers.UUIDField()


class FoundPatientSerializer(PatientSerializer):
    """A patient as a search finds one."""

    next_visit = serializers.DateTimeField(allow_null=True, read_only=True)

    class Meta(PatientSerializer.Meta):
        fields = (*PatientSerializer.Meta.fields, "next_visit")
        read_only_fields = fields


class SearchInput(StrictSerializer):
    """What somebody said: names, a birth date, the end of a phone number, a record number."""

    q = serializers.CharField(max_length=100, allow_blank=True)


class FoundSerializer(serializers.Serializer[Any]):
    """Who fits, and a warning when two of them have the same name."""

    results = FoundPatientSerializer(many=True)
    warning = serializers.CharField(allow_blank=True)


class AllergySerializer(serializers.Serializer[Any]):
    """One entry of the list that counts now."""

    id = serializers.UUIDField()
    substance = serializers.CharField()
    reaction = serializers.CharField()
    from_record = serializers.UUIDField(
        source="from_record_id", allow_null=True, help_text="The merged record that it was brought over from."
    )
    version = serializers.IntegerField()


class AllergyListSerializer(serializers.Serializer[Any]):
    """What is known about a patient's allergies; `version` is that of the patient's record: each change raises it."""

    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices(AllergyState), source="allergy_state")
    confirmed_by = serializers.CharField(source="allergies_confirmed_by.full_name", default=None, allow_null=True)
    confirmed_at = serializers.DateTimeField(source="allergies_confirmed_at", allow_null=True)
    allergies = AllergySerializer(many=True, source="listed")


class AllergyReviewSerializer(serializers.Serializer[Any]):
    """One review: what stood then, in the words of the list; `visit` is where it was done, if at one."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.full_name")
    state = serializers.ChoiceField(choices(AllergyState))
    listed = serializers.CharField(allow_blank=True)
    visit = serializers.UUIDField(source="about", allow_null=True)


class AllergyInput(VersionedSerializer):
    """One more allergy, or `none_known: true` when the patient was asked and knows of none."""

    substance = Text(max_length=200)
    reaction = Text(max_length=200)
    none_known = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("none_known")) == bool(attrs.get("substance", "").strip()):
            raise serializers.ValidationError({"substance": ["Name a substance, or say none_known, not both."]})
        return attrs


class AllergyRemoval(VersionedSerializer):
    """Which entry, and why it is taken off."""

    allergy = serializers.UUIDField()
    reason = serializers.CharField(max_length=200)


class ConsentSerializer(serializers.Serializer[Any]):
    """One statement about one channel."""

    id = serializers.UUIDField()
    channel = serializers.ChoiceField(choices(Channel))
    purpose = serializers.CharField()
    granted = serializers.BooleanField()
    wording_version = serializers.CharField()
    how = serializers.CharField()
    by = serializers.CharField(source="by.full_name", default=None, allow_null=True)
    at = serializers.DateTimeField()
    carried_from = serializers.UUIDField(
        source="carried_from_id", allow_null=True, help_text="The no on a merged record that this one repeats."
    )


class ConsentInput(VersionedSerializer):
    """What the patient said about one channel, and how: spoken, on paper, reply."""

    channel = serializers.ChoiceField(choices(Channel))
    purpose = serializers.ChoiceField(choices(ContactPurpose), default=ContactPurpose.VISITS.value)
    granted = serializers.BooleanField()
    how = serializers.CharField(max_length=40)


class NumberStatementSerializer(serializers.Serializer[Any]):
    """One statement about a mobile number, which counts for everybody who shares it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices(NumberKind))
    scope = serializers.CharField(help_text="What was opted out of: all, or one purpose.")
    holds = serializers.BooleanField()
    how = serializers.CharField()
    by = serializers.CharField(source="by.full_name", default=None, allow_null=True)
    at = serializers.DateTimeField()


class NumberStatementInput(serializers.Serializer[Any]):
    """What is known about the patient's mobile number, and how."""

    kind = serializers.ChoiceField(choices(NumberKind))
    holds = serializers.BooleanField()
    scope = serializers.ChoiceField([(EVERYTHING, "Everything"), *choices(ContactPurpose)], default=EVERYTHING)
    how = serializers.CharField(max_length=40)


class VersionOnly(VersionedSerializer):
    """Nothing, or the version that was read."""
