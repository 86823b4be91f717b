"""What lets messages out: the purposes that a clinic sends, its switch, its registration with the networks."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from notifications.models.ledger import Purpose
from patients.models import choices
from scheduling.models import VisitType

# How long before a visit its questions may be sent: the answers have to be read, and who is asked has to remember.
HOURS_BEFORE = (4, 336)


class PurposeSwitch(Tracked):
    """Whether messages of one purpose go to the patients of a clinic, or of one type of visit there.

    Written by `notifications.purposes`. Without a row, or with `on` empty for a type, what is above it counts.
    `hours_before`: how long before a visit its questions are sent, for all visits of the clinic.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    on = models.BooleanField(null=True)
    hours_before = models.PositiveSmallIntegerField(null=True)
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
            models.CheckConstraint(
                condition=Q(hours_before__isnull=True)
                | Q(purpose="pre-visit-questions", visit_type__isnull=True, hours_before__range=HOURS_BEFORE),
                name="purpose_switch_hours_of_questions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} messages"


class ReminderTime(Tracked):
    """So many hours before a visit a clinic reminds of it. Without any row it does so at the usual times.

    Written by `notifications.reminder_times`.
    """

    LEAST, MOST = 2, 336

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    hours = models.PositiveSmallIntegerField("hours before the visit")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-hours"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "hours"], name="reminder_time_once"),
            models.CheckConstraint(condition=Q(hours__range=(2, 336)), name="reminder_time_within_two_weeks"),
        ]

    def __str__(self) -> str:
        return f"{self.hours} hours before"


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
