"""What a clinic decides once about its bookings, and what a patient can manage."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from config.audit.models import Tracked
from config.staff.models import Clinic
from patients.models import Patient


class BookingRules(Tracked):
    """A clinic's own limits. A clinic without a row goes by the defaults here."""

    clinic = models.OneToOneField(Clinic, models.PROTECT, related_name="+")
    late_cancel_hours = models.PositiveSmallIntegerField(default=24)
    hold_series_hours = models.PositiveSmallIntegerField(default=24)
    hold_form_minutes = models.PositiveSmallIntegerField(default=10)

    class Meta:
        verbose_name_plural = "booking rules"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(late_cancel_hours__lte=336)
                & models.Q(hold_series_hours__range=(1, 168))
                & models.Q(hold_form_minutes__range=(1, 120)),
                name="booking_rules_sensible",
            )
        ]


class PatientLimits(Tracked):
    """The days and hours at which a patient can come, and how they travel. Kept by every proposal and booking, unless
    somebody overrides them with a reason. Empty weekdays: any day."""

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, size=7)
    time_from = models.TimeField(null=True)
    time_until = models.TimeField(null=True)
    transport = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "patient limits"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="limits_weekdays_known"
            ),
            models.CheckConstraint(
                condition=models.Q(time_from__isnull=True)
                | models.Q(time_until__isnull=True)
                | models.Q(time_from__lt=models.F("time_until")),
                name="limits_from_before_until",
            ),
        ]
