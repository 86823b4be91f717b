"""What the API reads and shows of the waitlist. What makes sense is for the doors to say."""

from typing import Any

from rest_framework import serializers

from config.http.api import StrictSerializer, VersionedSerializer
from infusions.models import WaitlistEntry, WaitlistOffer
from infusions.models.waitlist import Answer, Closed, How
from infusions.waitlist import Verdict
from scheduling.api.serializers import ClinicInstant, Instant
from scheduling.models.kinds import VisitKind


class WaitlistEntrySerializer(serializers.ModelSerializer[WaitlistEntry]):
    """Somebody who waits. `closed_reason` is null while they do."""

    kind = serializers.ChoiceField([kind.value for kind in VisitKind])
    since = ClinicInstant()
    closed_at = ClinicInstant(allow_null=True)
    closed_reason = serializers.SerializerMethodField()
    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6))

    class Meta:
        model = WaitlistEntry
        fields = (
            "id", "version", "patient", "kind", "order", "appointment", "minutes", "weekdays", "time_from",
            "time_until", "earliest", "latest", "notice_hours", "note", "since", "added_by", "closed_at",
            "closed_reason",
        )  # fmt: skip
        read_only_fields = fields

    def get_closed_reason(self, entry: WaitlistEntry) -> Closed | None:
        return Closed(entry.closed_reason) if entry.closed_reason else None


class WishesInput(VersionedSerializer):
    """What they wish; what is left out stays, or is anything."""

    weekdays = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=7)
    time_from = serializers.TimeField(required=False, allow_null=True)
    time_until = serializers.TimeField(required=False, allow_null=True)
    earliest = serializers.DateField(required=False, allow_null=True)
    latest = serializers.DateField(required=False, allow_null=True)
    notice_hours = serializers.IntegerField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class JoinInput(WishesInput):
    """Who waits, and for what: earlier than `appointment`, or a new visit of the kind; without a kind, an infusion.
    `minutes` are a consult's."""

    patient = serializers.UUIDField()
    kind = serializers.ChoiceField([kind.value for kind in VisitKind], required=False)
    appointment = serializers.UUIDField(required=False, allow_null=True)
    minutes = serializers.IntegerField(required=False, allow_null=True)
    version = None  # type: ignore[assignment]  # nothing was read yet


class Press(VersionedSerializer):
    """A press of a button; the version may come along."""


class FreedInput(StrictSerializer):
    """The cancelled visit whose place is free, or the moved one whose former place is."""

    freed = serializers.UUIDField()


class OfferInput(FreedInput):
    """To whom, from when on (the place's own start), how it reaches them and until when it is held."""

    entry = serializers.UUIDField()
    start = Instant(required=False, allow_null=True)
    how = serializers.ChoiceField([how.value for how in How])
    expires_at = Instant(required=False, allow_null=True)


class OfferAnswerInput(VersionedSerializer):
    """What they said."""

    answer = serializers.ChoiceField([Answer.YES.value, Answer.NO.value])


class WaitlistOfferSerializer(serializers.ModelSerializer[WaitlistOffer]):
    """A place that was offered to somebody. `answer` is null while it waits; `visit` is what came of a yes."""

    start = ClinicInstant()
    made_at = ClinicInstant()
    expires_at = ClinicInstant()
    answered_at = ClinicInstant(allow_null=True)
    how = serializers.ChoiceField([how.value for how in How])
    said = serializers.CharField(
        help_text="By the link in a message: wants, declines, or nothing yet. It books nothing."
    )
    said_at = ClinicInstant(allow_null=True)
    answer = serializers.SerializerMethodField()
    chair_name = serializers.CharField(source="chair.name")

    class Meta:
        model = WaitlistOffer
        fields = (
            "id", "version", "entry", "round", "chair", "chair_name", "start", "minutes", "hold", "visit", "how",
            "made_at", "made_by", "expires_at", "said", "said_at", "answer", "answered_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_answer(self, offer: WaitlistOffer) -> Answer | None:
        return Answer(offer.answer) if offer.answer else None


class FitSerializer(serializers.Serializer[Any]):
    """Somebody in line and the place: `why` speaks for it, `missed` are wishes, `hinders` forbids it."""

    entry = serializers.UUIDField(source="entry.pk")
    patient = serializers.UUIDField(source="entry.patient_id")
    verdict = serializers.ChoiceField([verdict.value for verdict in Verdict])
    start = ClinicInstant(allow_null=True)
    minutes = serializers.IntegerField()
    why = serializers.ListField(child=serializers.CharField())
    missed = serializers.ListField(child=serializers.CharField())
    hinders = serializers.ListField(child=serializers.CharField())
