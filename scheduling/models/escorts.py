"""Who takes the patient home, as they told us beforehand. Written by `scheduling.escorts`."""

from typing import ClassVar

from django.db import models
from phonenumber_field.modelfields import PhoneNumberField

from config.audit.models import AppendOnly
from patients.models import shown_phone
from scheduling.models.booking import Appointment


class NamedEscort(AppendOnly):
    """One statement about one visit; the newest counts. Nobody has seen this person yet: whoever opens the visit writes
    down whom they identified. `placing` is the appointment's when it was said: on another day it may be somebody else.
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    placing = models.PositiveIntegerField("the visit's placing")
    name = models.CharField(max_length=120)
    phone = PhoneNumberField()
    how = models.CharField(max_length=40, help_text="Link, spoken.")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["appointment", "-at", "-recorded_at"], name="named_escort_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(name__regex=r"\S"), name="named_escort_has_a_name"),
            models.CheckConstraint(condition=models.Q(phone__regex=r"^\+[0-9]"), name="named_escort_has_a_phone"),
            models.CheckConstraint(condition=models.Q(how__regex=r"\S"), name="named_escort_says_how"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {shown_phone(self.phone)}"
