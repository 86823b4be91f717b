"""What the API reads and shows of the controlled-substance log. What was not written is null."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.api import StrictSerializer, VersionedSerializer
from infusions.api.course_serializers import AsWritten, Unwritten
from infusions.models import StorageLocation, Substance, SubstanceLogEntry
from infusions.models.substances import BESIDES, DESCRIBES, OF_STOCK, CountMoment, LogKind
from scheduling.api.serializers import Instant


class StorageLocationSerializer(serializers.ModelSerializer[Any]):
    """A registered location. One that is not `in_use` takes no new rows."""

    class Meta:
        model = StorageLocation
        fields = ("id", "version", "name", "address", "registration_number", "in_use")
        read_only_fields = fields


class StorageLocationInput(StrictSerializer):
    """One more registered location."""

    name = serializers.CharField(max_length=80)
    address = serializers.CharField(max_length=200)
    registration_number = serializers.CharField(max_length=40)


class StorageLocationChange(VersionedSerializer):
    """What is not sent stays as it is."""

    name = serializers.CharField(max_length=80, required=False)
    address = serializers.CharField(max_length=200, required=False)
    registration_number = serializers.CharField(max_length=40, required=False)
    in_use = serializers.BooleanField(required=False)


class SubstanceSerializer(Unwritten):
    """What is kept, as labelled. `supersedes` names the description whose place it took; a `retired` row says only that
    something is kept no more."""

    author_name = serializers.CharField(source="author.full_name", read_only=True)

    class Meta:
        model = Substance
        fields = (
            "id", *DESCRIBES, "author", "author_name", "entered_at", "supersedes", "correction_reason", "retired",
        )  # fmt: skip
        read_only_fields = fields


class SubstanceInput(StrictSerializer):
    """What stands on the label, exactly as written."""

    name = AsWritten(max_length=120)
    form = AsWritten(max_length=60)
    strength = AsWritten(max_length=60)
    strength_unit = AsWritten(max_length=40)
    package = AsWritten(max_length=120)


class SubstanceAnew(SubstanceInput):
    """The right words, and why the old ones are not."""

    correction_reason = serializers.CharField(max_length=200)


class RetireInput(StrictSerializer):
    """Why."""

    correction_reason = serializers.CharField(max_length=200)


class LogEntrySerializer(Unwritten):
    """One row as it stands. A row that counts is neither `entered_in_error` nor `corrected_by` another. Whose visit it
    is of is told by record number."""

    kind = serializers.ChoiceField([kind.value for kind in LogKind])
    count_moment = serializers.ChoiceField([moment.value for moment in CountMoment], allow_null=True)
    author_name = serializers.CharField(source="author.full_name", read_only=True)
    witness_name = serializers.CharField(source="witness.full_name", default=None, allow_null=True, read_only=True)
    record_number = serializers.SerializerMethodField()
    corrected_by = serializers.UUIDField(read_only=True, allow_null=True)

    class Meta:
        model = SubstanceLogEntry
        fields = (
            "id", "location", "kind", "observed_at", "entered_at", "author", "author_name", *OF_STOCK, *BESIDES,
            "witness_name", "record_number", "client_id", "supersedes", "correction_reason", "entered_in_error",
            "corrected_by",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_record_number(self, row: SubstanceLogEntry) -> str | None:
        return row.visit.patient.record_number if row.visit else None


class Said(StrictSerializer):
    """What a row says, exactly as written; each kind says its own, and what it does not say is refused."""

    observed_at = Instant(required=False)
    client_id = serializers.UUIDField(required=False, allow_null=True)
    substance = serializers.UUIDField(required=False, allow_null=True)
    quantity = AsWritten(max_length=60)
    quantity_unit = AsWritten(max_length=40)
    lot = AsWritten(max_length=60)
    expiry = AsWritten(max_length=40)
    visit = serializers.UUIDField(required=False, allow_null=True)
    supplier = AsWritten(max_length=160)
    supplier_address = AsWritten(max_length=200)
    supplier_registration = AsWritten(max_length=40)
    invoice = AsWritten(max_length=60)
    recipient = AsWritten(max_length=200)
    form_number = AsWritten(max_length=60)
    reason = AsWritten(max_length=300)
    count_moment = serializers.ChoiceField([moment.value for moment in CountMoment], required=False, allow_null=True)
    remark = AsWritten(max_length=300)
    witness = serializers.UUIDField(required=False, allow_null=True)
    witness_password = serializers.CharField(required=False, write_only=True, trim_whitespace=False)


class LogEntryInput(Said):
    """What happened at a location. The same `client_id` again gives the first row, with 200."""

    location = serializers.UUIDField()
    kind = serializers.ChoiceField([kind.value for kind in LogKind])


class LogCorrectionInput(Said):
    """All that the right row says, and why the old one is wrong; or, `entered_in_error`, only why it never was."""

    correction_reason = serializers.CharField(max_length=200)
    entered_in_error = serializers.BooleanField(required=False)

    STRIKES: ClassVar = ("witness", "witness_password", "client_id")
