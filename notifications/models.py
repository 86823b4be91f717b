"""The ledger of messages, what comes back, the switch, and the links of patients.

Written through `ledger.py`, `inbound.py`, `sending.py`, `links.py` and `link_answers.py`.

The ledger has one row per visit, placing, purpose, channel and offset.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from notifications.link_locks import link_stays
from notifications.replies import Reply
from notifications.states import HANDED_OVER, IN_HAND, NEEDS_REASON, TROUBLED, WAITING, MessageState
from patients.models import Channel, Patient, choices, shown_phone
from scheduling.models import Appointment, VisitType

STATES = [state.value for state in MessageState]
SAYS_WHY, LEASED, LEFT, WAITS = (
    sorted(state.value for state in states) for states in (NEEDS_REASON, IN_HAND, HANDED_OVER, WAITING)
)
TAKEN = ["accepted", "delivered", "undelivered"]
CHANNELS = [channel.value for channel in Channel]
SHA256 = r"^[0-9a-f]{64}$"


class Purpose(StrEnum):
    """What a message is for."""

    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    MOVED = "moved"
    CANCELLED = "cancelled"


# What the desk did and the patient has to know; a reminder goes by the clock.
NEWS = frozenset({Purpose.CONFIRMATION, Purpose.MOVED, Purpose.CANCELLED})


class LinkAnswer(StrEnum):
    """What a patient said about the visit on the page behind a link."""

    COMES = "comes"
    OTHER_TIME = "other-time"


class Message(Tracked):
    """One message to one patient about one visit. `placing` is the appointment's when it was planned.

    `planned_for` is when it ought to go by the clinic's clock, `due_at` when it is tried next (later at night and after
    a failure). `submitted_at` is committed just before the provider is called: a sender that died with it set may have
    sent the message, one without it cannot have. `sent_at` is when the provider took it, `receipt_at` when it said what
    became of it. `to`, `subject` and `text` are exactly what was handed over, but for the secret part of a link.

    News of what the desk did (`notifications.news`) has a number in `nth`, from 1 for each visit and channel, tells the
    start in `told_start`, and may be told together with that of another visit (`told_with`).
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    placing = models.PositiveIntegerField("the visit's placing")
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    channel = models.CharField(max_length=8, choices=[("sms", "Text"), ("email", "Email")])
    offset_hours = models.PositiveSmallIntegerField(help_text="How long before the visit, by the clinic's clock.")
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
    lease_until = models.DateTimeField("claimed until", null=True)
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
                condition=Q(purpose="reminder", nth=0, told_with__isnull=True)
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
                condition=Q(state__in=LEASED, lease_until__isnull=False)
                | (~Q(state__in=LEASED) & Q(lease_until__isnull=True)),
                name="message_leased_while_in_hand",
            ),
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
            models.Index(fields=["lease_until"], condition=Q(state__in=LEASED), name="message_leased"),
            models.Index(fields=["submitted_at"], condition=Q(state="unknown"), name="message_unknown"),
            models.Index(fields=["clinic", "state", "-due_at", "-id"], name="message_by_state"),
            models.Index(fields=["appointment"], name="message_by_appointment"),
            models.Index(fields=["patient", "-due_at"], name="message_by_patient"),
            models.Index(
                fields=["to", "-submitted_at"],
                condition=Q(channel="sms", submitted_at__isnull=False),
                name="message_by_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.get_channel_display().lower()}"

    def lease_ended(self, now: datetime) -> bool:
        """Whether the claim has run out, so that somebody else may have taken the message over."""
        return self.lease_until is None or self.lease_until <= now

    @property
    def is_waiting(self) -> bool:
        """Whether it has not left yet: it waits, or a sender has it in hand."""
        return self.state in WAITING | IN_HAND

    @property
    def is_troubled(self) -> bool:
        """Whether somebody has to act: it did not arrive, or nobody knows."""
        return self.state in TROUBLED

    @property
    def shown_state(self) -> str:
        """The state as staff read it. `reading` says by the database's clock which of the waiting are due."""
        return "due" if getattr(self, "is_due", False) else self.state


class PurposeSwitch(Tracked):
    """Whether messages of one purpose go to the patients of a clinic, or of one type of visit there.

    Written by `notifications.purposes`. Without a row, or with `on` empty for a type, what is above it counts.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    on = models.BooleanField(null=True)
    since = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "purpose switches"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "visit_type", "purpose"], name="purpose_switch_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=[purpose.value for purpose in Purpose]), name="purpose_switch_known"
            ),
            models.CheckConstraint(
                condition=Q(visit_type__isnull=False) | Q(on__isnull=False), name="purpose_switch_of_clinic_says"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} messages"


class SendingSwitch(Tracked):
    """Whether a clinic's messages go out at all. Without a row they do. Written by `notifications.sending`."""

    clinic = models.OneToOneField(Clinic, models.PROTECT, related_name="+")
    on = models.BooleanField()
    reason = models.CharField("why it is off", max_length=200, blank=True)
    since = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(on=True, reason="") | Q(on=False, reason__regex=r"\S"), name="switch_off_says_why"
            )
        ]

    def __str__(self) -> str:
        return "sending is on" if self.on else "sending is off"


class RegistrationKind(StrEnum):
    """How the networks know the clinic that texts."""

    CAMPAIGN = "10dlc"
    TOLL_FREE = "toll-free"
    ELSEWHERE = "elsewhere"
    EMAILS = "emails"


class Registration(Tracked):
    """How a clinic is registered for sending, and for which database a manager armed it.

    Written by `notifications.registration`. `reference` is the networks' own number of the registration; the texts are
    those that were registered. `armed_for` is the `place` of the database: a restored copy is another one.
    """

    clinic = models.OneToOneField(Clinic, models.PROTECT, related_name="sending")
    kind = models.CharField(
        "registered as",
        max_length=12,
        choices=[
            (RegistrationKind.CAMPAIGN.value, "10DLC campaign (US long number)"),
            (RegistrationKind.TOLL_FREE.value, "Verified toll-free number"),
            (RegistrationKind.ELSEWHERE.value, "By another country’s rules"),
            (RegistrationKind.EMAILS.value, "Not for texts: emails only"),
        ],
    )
    registered_on = models.DateField()
    reference = models.CharField("number of the registration", max_length=80, blank=True)
    opt_in_text = models.TextField("how patients agree, as registered", max_length=1000, blank=True)
    stop_text = models.TextField("answer to STOP, as registered", max_length=480, blank=True)
    help_text = models.TextField("answer to HELP, as registered", max_length=480, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    armed_for = models.CharField("armed database", max_length=100, blank=True)
    armed_at = models.DateTimeField(null=True)
    armed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in RegistrationKind]), name="registration_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="emails")
                | Q(reference__regex=r"\S", opt_in_text__regex=r"\S", stop_text__regex=r"\S", help_text__regex=r"\S"),
                name="registration_of_texts_whole",
            ),
            models.CheckConstraint(
                condition=Q(armed_for="", armed_at__isnull=True, armed_by__isnull=True)
                | (Q(armed_at__isnull=False, armed_by__isnull=False) & ~Q(armed_for="")),
                name="registration_armed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return "the registration for sending"


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


class VisitLink(Tracked):
    """A patient's way to the visit that a message is about: the link in it. Written by `links` and `link_answers`.

    The link itself is kept nowhere: `token_hash` is the SHA-256 of its secret part, in hex. It is of one handing over,
    so a message that was tried again has several. `ended_at` is set by five wrong birth dates or by the staff; that the
    visit is cancelled, moved or begun is read from the visit.
    """

    TRIES: ClassVar = 5

    message = models.ForeignKey(Message, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField("works until")
    wrong_tries = models.PositiveSmallIntegerField("wrong birth dates", default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_why = models.CharField("why it ended", max_length=200, blank=True)
    answer = models.CharField(max_length=12, choices=choices(LinkAnswer), blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = [link_stays()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_hash"], name="visit_link_token_once"),
            models.CheckConstraint(condition=Q(token_hash__regex=SHA256), name="visit_link_keeps_no_token"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="visit_link_works_for_a_while"),
            models.CheckConstraint(
                condition=Q(wrong_tries__lt=5) | Q(wrong_tries=5, ended_at__isnull=False),
                name="visit_link_ends_after_five_tries",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_why__regex=r"\S"),
                name="visit_link_ended_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=list(LinkAnswer), answered_at__isnull=False),
                name="visit_link_answer_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return "link to the patient's page"

    @property
    def tries_left(self) -> int:
        return max(self.TRIES - self.wrong_tries, 0)
