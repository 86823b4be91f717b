"""The ledger of messages: one row per visit, placing, purpose, channel and offset. Written by `planner` and `outbox`."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from config.audit.models import Tracked
from config.staff.models import Clinic
from notifications.states import MessageState
from patients.models import Channel, Patient, choices
from scheduling.models import Appointment


class Purpose(StrEnum):
    """What a message is for."""

    REMINDER = "reminder"


class Message(Tracked):
    """One message to one patient about one visit. `placing` is the appointment's when it was planned."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    placing = models.PositiveIntegerField()
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    channel = models.CharField(max_length=8, choices=choices(Channel))
    offset_hours = models.PositiveSmallIntegerField(help_text="How long before the visit, by the clinic's clock.")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=choices(MessageState), default=MessageState.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    to = models.CharField("address or number", max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    wording_version = models.CharField(max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appointment", "placing", "purpose", "channel", "offset_hours"], name="message_planned_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(MessageState)), name="message_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["suppressed", "voided", "failed", "unknown"]) | ~models.Q(reason=""),
                name="message_not_sent_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="planned"), name="message_due"),
            models.Index(fields=["lease_until"], condition=models.Q(state="sending"), name="message_leased"),
            models.Index(fields=["clinic", "state", "-due_at"], name="message_by_state"),
            models.Index(fields=["appointment"], name="message_by_appointment"),
        ]
