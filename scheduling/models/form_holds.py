"""What a form holds while somebody still types into it."""

from typing import ClassVar

from django.db import models

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from scheduling.models.kinds import VisitType
from scheduling.models.locks import form_hold_has_its_places
from scheduling.models.places import Chair


class FormHold(Tracked):
    """A place that one person holds for some minutes, for somebody whom they have not named yet: no visit. What it
    takes are allocations like any other. `ended_at`: booked, let go or run out. Written by `scheduling.form_holds`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    held_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chair = models.ForeignKey(Chair, models.PROTECT, related_name="+")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    held_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = [form_hold_has_its_places("COALESCE(NEW.id, OLD.id)")]
        indexes: ClassVar = [
            models.Index(
                fields=["clinic", "start"], name="form_hold_running", condition=models.Q(ended_at__isnull=True)
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="form_hold_ends_after_start"),
        ]
