"""What the API reads and shows of visits. The fields of a row are its model's own; unwritten is null."""

from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.audit.models import STAMPS
from config.http.api import StrictSerializer, VersionedSerializer
from infusions.api.course_serializers import AsWritten, Unwritten, Whole
from infusions.charting import note_of
from infusions.models import Addendum, NewerOrder, Visit, VisitNote
from infusions.models.entries import FlowsheetEntry
from infusions.models.flowsheet import FLOWSHEET
from infusions.notes import TEXTS, record_fingerprint
from scheduling.api.serializers import ClinicInstant, Instant

SIGNED = ("signed_at", "signed_name", "signed_meaning", "content_hash")
MOST = 32767  # what a small whole number's column holds


class EntryInput(StrictSerializer):
    """What every row may say about itself. `client_id` makes sending it twice harmless. `read_again` is the `asked` of
    a refusal with the code read-again: it says yes to those values, and to no others."""

    observed_at = Instant(required=False)
    client_id = serializers.UUIDField(required=False, allow_null=True)
    supersedes = serializers.UUIDField(required=False, allow_null=True)
    correction_reason = serializers.CharField(required=False, max_length=200)
    entered_in_error = serializers.BooleanField(required=False)
    read_again = serializers.CharField(required=False, max_length=64)


class ShownEntry(Unwritten):
    """A row as it stands. `supersedes` names the row that it corrects; a corrected row stays in the record."""


class LineInput(StrictSerializer):
    """One line of the clinic's own list: met, open (false), or not looked at (null)."""

    item = serializers.UUIDField()
    met = serializers.BooleanField(allow_null=True)


class LineSerializer(serializers.Serializer[Any]):
    """One line of the clinic's own list, in the words of that day."""

    item = serializers.UUIDField()
    wording = serializers.CharField()
    met = serializers.BooleanField(allow_null=True)


def _own(model: type[FlowsheetEntry]) -> list[Any]:
    shared = {field.name for field in FlowsheetEntry._meta.fields}
    return [field for field in model._meta.concrete_fields if field.name not in shared]


def _input_field(field: Any) -> serializers.Field[Any, Any, Any, Any]:
    optional: dict[str, Any] = {"required": False, "allow_null": True}
    if field.choices:
        return serializers.ChoiceField(choices=field.choices, **optional)
    if isinstance(field, models.BooleanField):
        return serializers.BooleanField(**optional)
    if isinstance(field, models.PositiveSmallIntegerField):
        return Whole(min_value=0, max_value=MOST)
    if isinstance(field, models.DateTimeField):
        return Instant(**optional)
    if isinstance(field, models.DateField):
        return serializers.DateField(**optional)
    if isinstance(field, models.JSONField):
        return LineInput(many=True, **optional)
    if isinstance(field, (models.ForeignKey, models.UUIDField)):
        return serializers.UUIDField(**optional)
    return AsWritten(max_length=field.max_length)


def _input(kind: str, model: type[FlowsheetEntry], **more: Any) -> type[EntryInput]:
    fields = {field.name: _input_field(field) for field in _own(model)}
    words = {"__doc__": f"One row of {kind.replace('-', ' ')}, exactly as written."}
    found: type[EntryInput] = type(f"{model.__name__}Input", (EntryInput,), words | fields | more)
    return found


def _shown(model: type[FlowsheetEntry]) -> type[ShownEntry]:
    names = [field.name for field in model._meta.concrete_fields if field.name not in STAMPS]
    meta = type("Meta", (), {"model": model, "fields": names, "read_only_fields": names})
    lines = {"clinic_items": LineSerializer(many=True, read_only=True, allow_null=True)}
    more = lines if "clinic_items" in names else {}
    found: type[ShownEntry] = type(f"{model.__name__}Serializer", (ShownEntry,), {"Meta": meta, **more})
    return found


PASSWORD = {"witness_password": serializers.CharField(required=False, write_only=True, trim_whitespace=False)}
INPUT = {kind: _input(kind, model, **(PASSWORD if kind == "quantities" else {})) for kind, model in FLOWSHEET.items()}
SHOWN = {kind: _shown(model) for kind, model in FLOWSHEET.items()}
EntriesSerializer = type(
    "EntriesSerializer",
    (serializers.Serializer,),
    {
        "__doc__": "Every row of the flowsheet by kind, in the order of time, corrected ones included.",
        **{kind.replace("-", "_"): shown(many=True, read_only=True) for kind, shown in SHOWN.items()},
    },
)


class NoteSerializer(Unwritten):
    """The note: a draft of its author's until `signed_at`."""

    class Meta:
        model = VisitNote
        fields = ("id", "visit", "version", "author", "entered_at", *TEXTS, *SIGNED)
        read_only_fields = fields


class AddendumSerializer(Unwritten):
    """Added below a signed note."""

    class Meta:
        model = Addendum
        fields = ("id", "visit", "author", "entered_at", "text", "reason", "signed_name", "signed_meaning",
                  "content_hash")  # fmt: skip
        read_only_fields = fields


class NewerOrderSerializer(Unwritten):
    """The visit went on under a newer version of its order, before anything was given."""

    class Meta:
        model = NewerOrder
        fields = ("id", "author", "entered_at", "before", "order")
        read_only_fields = fields


class VisitSerializer(Unwritten):
    """A visit in a list. Its `status` is its appointment's; `signed_at` closes it."""

    status = serializers.CharField(source="appointment.status", read_only=True)
    kind = serializers.CharField(source="appointment.kind", read_only=True)
    appointment_version = serializers.IntegerField(source="appointment.version", read_only=True)
    start = ClinicInstant(source="appointment.start", read_only=True)
    arrived_at = ClinicInstant(source="appointment.arrived_at", read_only=True, allow_null=True)
    signed_at = ClinicInstant(source="note.signed_at", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Visit
        fields: ClassVar[tuple[str, ...]] = (
            "id", "patient", "appointment", "order", "kind", "status", "start", "arrived_at", "opened_at", "opened_by",
            "signed_at", "version", "appointment_version",
        )  # fmt: skip
        read_only_fields = fields


class VisitRecordSerializer(VisitSerializer):
    """The whole record of one visit. While its note is a draft, `fingerprint` stands for all that a signature would
    cover now; null before there is a note, and once it is signed."""

    note = serializers.SerializerMethodField()
    addenda = AddendumSerializer(many=True, read_only=True)
    newer_orders = NewerOrderSerializer(many=True, read_only=True)
    entries = serializers.SerializerMethodField()
    fingerprint = serializers.SerializerMethodField()

    class Meta(VisitSerializer.Meta):
        fields = (*VisitSerializer.Meta.fields, "fingerprint", "newer_orders", "note", "addenda", "entries")
        read_only_fields = fields

    @extend_schema_field(NoteSerializer(allow_null=True))
    def get_note(self, visit: Visit) -> Any:
        note = note_of(visit)
        return NoteSerializer(note, context=self.context).data if note is not None else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_fingerprint(self, visit: Visit) -> Any:
        note = note_of(visit)
        return None if note is None or note.is_signed else record_fingerprint(note)

    @extend_schema_field(EntriesSerializer)
    def get_entries(self, visit: Visit) -> Any:
        rows = {
            kind.replace("-", "_"): model._default_manager.filter(visit=visit).order_by("observed_at", "entered_at")
            for kind, model in FLOWSHEET.items()
        }
        return EntriesSerializer(rows, context=self.context).data


class OpenSerializer(StrictSerializer):
    """Which appointment's record is opened."""

    appointment = serializers.UUIDField()


class ClosePress(VersionedSerializer):
    """A press of a button; what was read of the record and its appointment may come along."""

    appointment_version = serializers.IntegerField(required=False, min_value=1)


class ReasonSerializer(ClosePress):
    """Why the visit ends as it does."""

    reason = serializers.CharField(max_length=200)


class TakeOverInput(VersionedSerializer):
    """Why a colleague's note is taken over."""

    reason = serializers.CharField(max_length=200)


class NoteInput(VersionedSerializer):
    """Texts that are not sent stay as they are; null or an empty text is not written."""

    response = AsWritten()
    complications = AsWritten()
    plan = AsWritten()
    text = AsWritten()


class SignInput(VersionedSerializer):
    """The signer's own password, at the moment of signing. `reviewed` is the `fingerprint` of the visit as it was read:
    what was charted since is read first."""

    reviewed = serializers.CharField(max_length=64)
    password = serializers.CharField(write_only=True, trim_whitespace=False)


class AddendumInput(StrictSerializer):
    """What is added, why, and the signer's own password."""

    text = serializers.CharField(trim_whitespace=False)
    reason = serializers.CharField(max_length=200)
    password = serializers.CharField(write_only=True, trim_whitespace=False)
