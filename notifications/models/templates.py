"""A clinic's own words for its messages. Written by `notifications.message_templates`."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from config.audit.models import AppendOnly
from config.staff.models import Clinic, User
from notifications.models.ledger import CHANNELS, Purpose
from patients.models import choices


class MessageTemplate(AppendOnly):
    """A clinic's own words for one purpose, channel and language; the highest edition counts.

    Written by `notifications.message_templates`. With `shipped` the words that come with the software count again.
    `may_be_long`: somebody said that a text may go out in more than one part.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=choices(Purpose))
    channel = models.CharField(max_length=8, choices=[("sms", "Text"), ("email", "Email")])
    language = models.CharField(max_length=2, choices=[("en", "English"), ("es", "Spanish")])
    edition = models.PositiveIntegerField()
    shipped = models.BooleanField(default=False)
    subject = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=2000, blank=True)
    may_be_long = models.BooleanField("may go out in several parts", default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "purpose", "channel", "language", "edition"], name="message_template_edition_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    purpose__in=[purpose.value for purpose in Purpose],
                    channel__in=CHANNELS,
                    language__in=["en", "es"],
                    edition__gt=0,
                ),
                name="message_template_of_something",
            ),
            models.CheckConstraint(
                condition=Q(shipped=True, subject="", text="", may_be_long=False)
                | Q(shipped=False, channel="sms", subject="", text__regex=r"\S")
                | Q(shipped=False, channel="email", subject__regex=r"\S", text__regex=r"\S", may_be_long=False),
                name="message_template_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} by {self.get_channel_display().lower()}, edition {self.edition}"
