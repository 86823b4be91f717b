"""The ledger of messages: one row per visit, placing, purpose, channel and offset. Written through `ledger.py`."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from config.audit.models import Passing, Tracked
from config.staff.models import Clinic, User
from notifications.states import HANDED_OVER, NEEDS_REASON, TROUBLED, WAITING, MessageState
from patients.models import Channel, ContactPurpose, Patient, choices
from scheduling.models import Appointment

STATES = [state.value for state in MessageState]
SAYS_WHY, LEFT, WAITS = (sorted(state.value for state in states) for states in (NEEDS_REASON, HANDED_OVER, WAITING))
TAKEN = ["accepted", "delivered", "undelivered"]
CHANNELS = [channel.value for channel in Channel]


class Purpose(StrEnum):
    """What a message is for."""

    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    MOVED = "moved"
    CANCELLED = "cancelled"
    QUESTIONS = "pre-visit-questions"
    QUESTIONNAIRE = "questionnaire"
    OFFER = "waitlist-offer"


# What the desk did and the patient has to know; a reminder goes by the clock.
NEWS = frozenset({Purpose.CONFIRMATION, Purpose.MOVED, Purpose.CANCELLED})
# What patients are asked: it is of use only with the link to the page on which they answer.
ASKS = frozenset({Purpose.QUESTIONS, Purpose.QUESTIONNAIRE, Purpose.OFFER})
LINKED = ASKS | {Purpose.REMINDER}
# What a patient has to have agreed to; where nothing stands here, messages about visits.
AGREED = {Purpose.OFFER: ContactPurpose.OFFERS, Purpose.QUESTIONNAIRE: ContactPurpose.SURVEYS}


def consent_for(purpose: str) -> ContactPurpose:
    """What a patient has to have agreed to before a message of this purpose goes to them."""
    return AGREED.get(Purpose(purpose), ContactPurpose.VISITS)


class Message(Tracked):
    """One message to one patient about one visit. `placing` is the appointment's when it was planned.

    `planned_for` is when it ought to go by the clinic's clock, `due_at` when it is tried next (later at night and after
    a failure). `submitted_at` is committed just before the provider is called: a sender that died with it set may have
    sent the message, one without it cannot have. `sent_at` is when the provider took it, `receipt_at` when it said what
    became of it. `to`, `subject` and `text` are exactly what was handed over, but for the secret part of a link.

    News of what the desk did (`notifications.news`) has a number in `nth`, from 1 for each visit and channel, tells the
    start in `told_start`, and may be told together with that of another visit (`told_with`).

    `offset_hours` counts back from the visit; for a questionnaire, which comes after it, on from it.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    placing = models.PositiveIntegerField("the visit's placing")
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    channel = models.CharField(max_length=8, choices=[("sms", "Text"), ("email", "Email")])
    offset_hours = models.PositiveSmallIntegerField(
        help_text="How long before the visit, a questionnaire after it, by the clinic's clock."
    )
    nth = models.PositiveSmallIntegerField("which news of the visit", default=0)
    told_start = models.DateTimeField("the time that it tells", null=True)
    told_with = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    planned_for = models.DateTimeField()
    due_at = models.DateTimeField("goes out at")
    useful_until = models.DateTimeField(help_text="From then on it is not worth sending.")
    state = models.CharField(max_length=20, choices=choices(MessageState), default=MessageState.PLANNED.value)
    reason = models.CharField(max_length=200, blank=True)
    to = models.CharField("address or number", max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    wording_version = models.CharField("wording", max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField("tries", default=0)
    submitted_at = models.DateTimeField("handed over at", null=True)
    sent_at = models.DateTimeField("accepted at", null=True)
    receipt_at = models.DateTimeField("known to be delivered or not since", null=True)
    error_code = models.CharField("provider's code", max_length=40, blank=True)
    provider_id = models.CharField("provider's reference", max_length=120, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appointment", "placing", "purpose", "channel", "offset_hours", "nth"],
                name="message_planned_once",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["reminder", *sorted(ASKS)], nth=0, told_with__isnull=True)
                | Q(purpose__in=sorted(NEWS), nth__gt=0, told_start__isnull=False),
                name="message_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(told_with__isnull=True) | Q(state="suppressed"), name="message_told_once"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="message_state_known"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="message_channel_known"),
            models.CheckConstraint(condition=~Q(state__in=SAYS_WHY) | ~Q(reason=""), name="message_not_sent_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=TAKEN) | (Q(sent_at__isnull=False) & ~Q(text="")),
                name="message_sent_shows_what",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(state__in=[*LEFT, "failed-permanent"]),
                name="message_handed_over_stays_so",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False) | ~Q(state__in=LEFT), name="message_handed_over_is_stamped"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["delivered", "undelivered"], receipt_at__isnull=False)
                | (~Q(state__in=["delivered", "undelivered"]) & Q(receipt_at__isnull=True)),
                name="message_receipt_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | Q(state="voided"), name="message_withdrawn_is_voided"
            ),
            models.CheckConstraint(condition=Q(useful_until__gte=F("planned_for")), name="message_useful_when_planned"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "due_at"], condition=Q(state__in=WAITS), name="message_due"),
            models.Index(fields=["submitted_at"], condition=Q(state="submitted"), name="message_submitted"),
            models.Index(fields=["submitted_at"], condition=Q(state="unknown"), name="message_unknown"),
            models.Index(fields=["clinic", "state", "-due_at", "-id"], name="message_by_state"),
            models.Index(fields=["appointment"], name="message_by_appointment"),
            models.Index(fields=["patient", "-due_at"], name="message_by_patient"),
            models.Index(
                fields=["to", "-submitted_at"],
                condition=Q(channel="sms", submitted_at__isnull=False),
                name="message_by_number",
            ),
            models.Index(
                fields=["provider_id"], condition=Q(channel="email") & ~Q(provider_id=""), name="message_by_mail_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.get_channel_display().lower()}"

    @property
    def is_waiting(self) -> bool:
        """Whether it has not left yet: it waits, or a sender has it in hand."""
        return self.state in WAITING or self.state == MessageState.SUBMITTED

    @property
    def is_troubled(self) -> bool:
        """Whether somebody has to act: it did not arrive, or nobody knows."""
        return self.state in TROUBLED

    @property
    def shown_state(self) -> str:
        """The state as staff read it. `reading` says by the database's clock which are due and which are claimed."""
        if getattr(self, "is_claimed", False):
            return "claimed"
        return "due" if getattr(self, "is_due", False) else self.state


class Lease(Passing):
    """A sender has this message in hand until then. A table of its own, as a claim would otherwise write all indexes of
    the ledger anew; without a foreign key, as nothing is ever removed from the ledger."""

    message = models.OneToOneField(Message, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return "a claim"
