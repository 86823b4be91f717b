"""What patients answer by text message. Written by `notifications.inbound`."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from notifications.replies import Reply
from patients.models import Patient, choices, shown_phone
from scheduling.models import Appointment


class InboundText(Tracked):
    """An answer by text message, as it came, and what became of it. Written by `notifications.inbound`.

    `number` is whom it came from in E.164, `meant` what `replies.classify` made of it, `answer` what was sent back.
    While `needs_reading` and nobody has read it, nothing is sent to its number.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    provider_id = models.CharField("provider's reference", max_length=120, unique=True)
    number = models.CharField("from", max_length=40)
    text = models.TextField()
    received_at = models.DateTimeField()
    meant = models.CharField(max_length=8, choices=choices(Reply))
    answer = models.TextField("sent back", blank=True)
    needs_reading = models.BooleanField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    read_note = models.CharField("what came of it", max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(meant__in=list(Reply)), name="inbound_meaning_known"),
            models.CheckConstraint(condition=~Q(meant="human") | Q(needs_reading=True), name="inbound_unclear_is_read"),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True, read_note="")
                | Q(read_at__isnull=False, read_by__isnull=False, needs_reading=True),
                name="inbound_read_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["number"], condition=Q(needs_reading=True, read_at__isnull=True), name="inbound_holds_number"
            ),
            models.Index(fields=["clinic", "-received_at", "-id"], name="inbound_newest"),
        ]

    def __str__(self) -> str:
        return "an answer by text message"

    @property
    def number_shown(self) -> str:
        """The number as people write it; what is none, as it came."""
        try:
            return shown_phone(PhoneNumber.from_string(self.number))
        except NumberParseException:
            return self.number

    @property
    def is_open(self) -> bool:
        return self.needs_reading and self.read_at is None
